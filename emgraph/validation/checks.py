"""The rules about files themselves (EMG0xx), which no shape can express."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)

from emgraph.dates import edtf_of, meaning
from emgraph.errors import BrokenFile, EmgraphError, nearest
from emgraph.finding import Finding
from emgraph.findings.excerpts import excerpt
from emgraph.namespaces import DCTERMS, EM, EMSH, ONTOLOGY, RDF, XSD, shrink
from emgraph.rdf.classes import Classes
from emgraph.rdf.files import RdfFile
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import Respelt
from emgraph.sparql.queries import check_query
from emgraph.stopwatch import Stopwatch
from emgraph.terms import Term
from emgraph.validation.mentions import undescribed
from emgraph.validation.slips import slips
from emgraph.validation.survey import STATED_OF_DATES, Survey, Told

BROKEN, _UNKNOWN, _CLASSLESS, _DATES = "EMG001", "EMG002", "EMG005", "EMG010"
_BLANK, _UNCITED, _SPELT, _UNDESCRIBED = "EMG004", "EMG006", "EMG011", "EMG012"
_SLIP = "EMG013"
_TYPE, _SOURCE = NamedNode(RDF + "type"), NamedNode(DCTERMS + "source")
_MERGE = DefaultGraph()
_CLASSES = f"SELECT DISTINCT ?class WHERE {{ ?thing <{RDF}type> ?class }}"


def broken_files(
    broken: Sequence[BrokenFile], rule: Rule, files: Iterable[RdfFile] = ()
) -> Iterator[Finding]:
    """A finding for every file that cannot be parsed, with its line if it is one of the files."""
    by_name = {file.name: file for file in files}
    for fault in broken:
        file = by_name.get(fault.file)
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            message=fault.what,
            remedy=rule.remedy,
            shape=rule.shape,
            file=fault.file,
            line=fault.line,
            column=fault.column,
            excerpt=excerpt(file, fault.line, fault.column) if file else "",
        )


def file_findings(
    survey: Survey,
    rules: Mapping[str, Rule],
    superclasses: Mapping[str, set[str]],
    files: Iterable[RdfFile],
    watch: Stopwatch,
) -> Iterator[Finding]:
    """What the wanted file rules find; the store has the ontology too, in its own graph alone.

    `superclasses` gives each class of the ontology with all above it.
    """
    for code, rule in rules.items():
        with watch.of(code) if rule.is_file_rule else nullcontext():
            if code == BROKEN:
                yield from broken_files(survey.broken, rule, files)
            elif code == _CLASSLESS:
                yield from _classless(rule, survey, superclasses)
            elif code == _UNCITED:
                yield from _uncited(rule, survey, superclasses)
            elif code == _DATES:
                yield from _dates(rule, survey)
            elif code == _SPELT:
                yield from spelt_twice(rule, survey.respelling.twice())
            elif code == _UNDESCRIBED:
                yield from undescribed(rule, survey.undescribed, lambda _: survey.about)
            elif code == _UNKNOWN:
                yield from _unknown(rule, survey)
            elif code == _SLIP:
                yield from _slips(rule, survey)
            elif code == _BLANK:
                yield from (rule.finding(focus=node) for node in sorted(survey.blank, key=str))
            elif rule.check:
                yield from _check(rule, survey.store)


def _unknown(rule: Rule, survey: Survey) -> Iterator[Finding]:
    """Every place where a term of our namespaces is used that the ontology does not declare."""
    store = survey.store
    declared = _declared(store)
    used = survey.names.union(one.value for one in survey.properties) - declared
    missing = sorted(name for name in used if name.startswith((EM, EMSH)))
    terms = sorted(shrink(n) for n in declared if n.startswith((EM, EMSH))) if missing else []
    for name in missing:
        words, value = unknown_term(name, terms), NamedNode(name)
        places = {
            (quad.subject, quad.predicate)
            for s, p, o in ((value, None, None), (None, value, None), (None, None, value))
            for quad in store.quads_for_pattern(s, p, o, _MERGE)
        }
        for focus, path in sorted(places, key=str):
            yield rule.finding(words, focus=focus, path=path, value=value)


def _declared(store: Store) -> set[str]:
    """The terms that the ontology declares."""
    declaring = store.quads_for_pattern(None, _TYPE, None, NamedNode(ONTOLOGY))
    return {quad.subject.value for quad in declaring if isinstance(quad.subject, NamedNode)}


def _slips(rule: Rule, survey: Survey) -> Iterator[Finding]:
    """Every class and property that the data use and do not describe, and that is a slip."""
    store = survey.store
    classes = {row["class"] for row in store.query(_CLASSES)}  # type: ignore[union-attr]
    for slip in slips(classes, survey.properties, _declared(store)):
        if next(store.quads_for_pattern(slip.term, None, None, _MERGE), None) is None:
            value = slip.term if slip.is_class else None
            uses = store.quads_for_pattern(None, slip.path, value, _MERGE)
            things = {quad.subject for quad in uses}
            yield slip.finding(rule, min(things, key=str), len(things))


def _check(rule: Rule, store: Store) -> Iterator[Finding]:
    answer = store.query(check_query(rule.check))
    if not isinstance(answer, QuerySolutions):
        raise EmgraphError(f"the check {rule.check} is not a SELECT.")
    columns = {variable.value for variable in answer.variables}
    for row in answer:
        found = {name: row[name] for name in columns}
        focus, value = found.get("focus"), found.get("value")
        path, detail = found.get("path"), found.get("detail")
        words = in_words(detail)
        yield rule.finding(
            words, focus=focus, path=path if isinstance(path, NamedNode) else None, value=value
        )


def in_words(detail: Term | None) -> str:
    """What a check adds to the sentence of its rule: the successor of a term, or text."""
    if isinstance(detail, NamedNode):
        return f"Use {shrink(detail.value)}."
    return detail.value if isinstance(detail, Literal) else ""


def unknown_term(iri: str, terms: Iterable[str]) -> str:
    """That a term is unknown, and which of the terms (as prefix:name) may be meant."""
    short = shrink(iri)
    close = nearest(short, terms)
    return f"{short} is none; did you mean {close}?" if close else f"{short} is none."


def _classless(
    rule: Rule, survey: Survey, superclasses: Mapping[str, set[str]]
) -> Iterator[Finding]:
    for told in survey.told:
        if not told.is_known and not _is_about_known(told, survey.store, superclasses):
            yield rule.finding(_subjects(told), file=told.file.name)


def _is_about_known(told: Told, store: Store, superclasses: Mapping[str, set[str]]) -> bool:
    """Whether another file says of some subject that it has a class that is known."""
    return any(
        isinstance(kind, NamedNode) and kind.value in superclasses
        for subject in dict.fromkeys(subject for subject, *_ in told.parts())
        for _, _, kind, _ in store.quads_for_pattern(subject, _TYPE, None, _MERGE)
    )


def _subjects(told: Told) -> str:
    count = len({subject for subject, *_ in told.parts()})
    if not count:
        return "It says nothing."
    return f"None of its {count:,} subjects has one." if count > 1 else "Its one subject has none."


def _uncited(rule: Rule, survey: Survey, superclasses: Mapping[str, set[str]]) -> Iterator[Finding]:
    """The graphs that are no source and hold a statement about something that names no source."""
    kinds = Classes(survey.store, superclasses)
    loose = {graph for graph in survey.graphs if EM + "StatementSource" not in kinds(graph)}

    def _names_source(subject: NamedNode | BlankNode | Triple) -> bool:
        named = survey.store.quads_for_pattern(subject, _SOURCE, None, _MERGE)
        return next(named, None) is not None

    found = {graph for graph in loose if not _names_source(survey.graphs[graph].subject)}
    rest = loose - found
    for subject, _, _, graph in survey if rest else ():
        if graph in rest and not _names_source(subject):
            found.add(graph)
            rest.discard(graph)
    for graph in sorted((g for g in found if not isinstance(g, DefaultGraph)), key=str):
        yield rule.finding(focus=graph)


def _dates(rule: Rule, survey: Survey) -> Iterator[Finding]:
    for node in sorted(survey.dated, key=str):
        words = date_fault(node, survey.store)
        if words:
            yield rule.finding(words, focus=node)


def date_fault(node: NamedNode | BlankNode, store: Store) -> str:
    """What is wrong with the bounds of a date node, in a sentence; nothing if they are right.

    The form of a date: IRI is in the IRI, that of another node is stated. Without any, bounds are
    two days in order.
    """
    forms, earliest, latest = (
        {quad.object for quad in store.quads_for_pattern(node, stated, None, _MERGE)}
        for stated in STATED_OF_DATES
    )
    named = edtf_of(node.value)
    form = named if named is not None else _values(forms)
    if named is None and not forms:
        return _disorder(earliest, latest)
    try:
        _, first, last = meaning(form)
    except EmgraphError as error:
        return str(error)
    if _values(forms) not in ("", form):
        return f"em:edtf is {_values(forms)} and ought to be {form}."
    for name, found, bound in (("earliest", earliest, first), ("latest", latest, last)):
        if found != _bound(bound):
            return f"em:{name} is {_values(found) or 'none'} and ought to be {bound or 'none'}."
    return ""


def _values(terms: Iterable[Term]) -> str:
    return ", ".join(sorted(getattr(term, "value", str(term)) for term in terms))


def _disorder(earliest: set[Term], latest: set[Term]) -> str:
    """Why bounds are not at most two days in order, in a sentence; nothing if they are."""
    for name, found in (("earliest", earliest), ("latest", latest)):
        if len(found) > 1:
            return f"em:{name} is {_values(found)} and ought to be one day."
        if not all(_is_day(term) for term in found):
            return f"em:{name} is {_values(found)}, which is no day as an xsd:date."
    if earliest and latest and _values(earliest) > _values(latest):
        return f"em:earliest is {_values(earliest)}, after em:latest {_values(latest)}."
    return ""


def _is_day(term: Term) -> bool:
    try:
        return isinstance(term, Literal) and {term} == _bound(date.fromisoformat(term.value))
    except ValueError:
        return False


def _bound(bound: date | None) -> set[Term]:
    if bound is None:
        return set()
    return {Literal(bound.isoformat(), datatype=NamedNode(XSD + "date"))}


def spelt_twice(rule: Rule, found: Iterable[Respelt]) -> Iterator[Finding]:
    """The literals that are another spelling of a value which their subject has already."""
    seen: set[tuple[Term, Term, Term]] = set()
    for subject, predicate, spelt, stored in found:
        if (subject, predicate, spelt) not in seen:
            seen.add((subject, predicate, spelt))
            yield rule.finding(
                f"{spelt.value} is another spelling of {stored.value}.",
                focus=subject,
                path=predicate,
                value=spelt,
            )


def dates_used(quads: Iterable[Quad]) -> set[str]:
    """The date: IRIs anywhere in the statements."""
    return {
        term.value
        for quad in quads
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode) and edtf_of(term.value) is not None
    }
