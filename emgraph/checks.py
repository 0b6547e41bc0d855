"""The rules about files themselves (EMG0xx), which no shape can express."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from emgraph.dates import edtf_of, meaning
from emgraph.errors import BrokenFile, EmgraphError, nearest
from emgraph.files import RdfFile
from emgraph.finding import Finding
from emgraph.findings.excerpts import excerpt
from emgraph.mentions import undescribed
from emgraph.namespaces import EM, EMSH, ONTOLOGY, RDF, XSD, shrink
from emgraph.queries import check_query
from emgraph.rules import Rule
from emgraph.shacl.spelling import Respelt, twice_spelt
from emgraph.store import Dataset, Reading
from emgraph.terms import Term

_BROKEN, _UNKNOWN, _CLASSLESS, _DATES = "EMG001", "EMG002", "EMG005", "EMG010"
_SPELT, _UNDESCRIBED = "EMG011", "EMG012"


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
    dataset: Dataset,
    store: Store,
    rules: Mapping[str, Rule],
    known_classes: set[str],
    odd: Sequence[Respelt],
    files: Iterable[RdfFile] = (),
) -> Iterator[Finding]:
    """What the wanted file rules find; the store holds the data, its merge and the ontology.

    `odd` are the statements whose values that store spells in another way.
    """
    if _BROKEN in rules:
        yield from broken_files(dataset.broken, rules[_BROKEN], files)
    for rule in rules.values():
        if rule.check:
            yield from _check(rule, store)
    if _CLASSLESS in rules:
        yield from _classless(rules[_CLASSLESS], dataset, known_classes)
    if _DATES in rules:
        yield from _dates(rules[_DATES], list(dataset.quads()))
    if _SPELT in rules:
        yield from _twice(rules[_SPELT], twice_spelt(dataset.quads(), odd))
    if _UNDESCRIBED in rules:
        yield from undescribed(rules[_UNDESCRIBED], store)


def _check(rule: Rule, store: Store) -> Iterator[Finding]:
    answer = store.query(check_query(rule.check))
    if not isinstance(answer, QuerySolutions):
        raise EmgraphError(f"the check {rule.check} is not a SELECT.")
    columns = {variable.value for variable in answer.variables}
    terms: list[str] = []
    of_unknown: dict[str, str] = {}
    for row in answer:
        found = {name: row[name] for name in columns}
        focus, value = found.get("focus"), found.get("value")
        path, detail = found.get("path"), found.get("detail")
        words = in_words(detail)
        if rule.code == _UNKNOWN and isinstance(value, NamedNode):
            terms = terms or _terms(store)
            if value.value not in of_unknown:
                of_unknown[value.value] = unknown_term(value.value, terms)
            words = of_unknown[value.value]
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            message=f"{rule.message} {words}".rstrip(),
            remedy=rule.remedy,
            focus=focus,
            path=path if isinstance(path, NamedNode) else None,
            value=value,
            shape=rule.shape,
        )


def in_words(detail: Term | None) -> str:
    """What a check adds to the sentence of its rule: the successor of a term, or text."""
    if isinstance(detail, NamedNode):
        return f"Use {shrink(detail.value)}."
    return detail.value if isinstance(detail, Literal) else ""


def _terms(store: Store) -> list[str]:
    """The terms of our namespaces that the ontology declares, as prefix:name."""
    kind = NamedNode(RDF + "type")
    return sorted(
        {
            shrink(quad.subject.value)
            for quad in store.quads_for_pattern(None, kind, None, NamedNode(ONTOLOGY))
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith((EM, EMSH))
        }
    )


def unknown_term(iri: str, terms: Iterable[str]) -> str:
    """That a term is unknown, and which of the terms (as prefix:name) may be meant."""
    short = shrink(iri)
    close = nearest(short, terms)
    return f"{short} is none; did you mean {close}?" if close else f"{short} is none."


def _classless(rule: Rule, dataset: Dataset, known: set[str]) -> Iterator[Finding]:
    typed = {
        quad.subject
        for quad in dataset.quads()
        if quad.predicate.value == RDF + "type"
        and isinstance(quad.object, NamedNode)
        and quad.object.value in known
    }
    for reading in dataset.readings:
        if not any(quad.subject in typed for quad in reading.quads):
            yield Finding(
                rule=rule.code,
                severity=rule.severity,
                message=f"{rule.message} {_subjects(reading)}",
                remedy=rule.remedy,
                shape=rule.shape,
                file=reading.file.name,
            )


def _subjects(reading: Reading) -> str:
    count = len({quad.subject for quad in reading.quads})
    if not count:
        return "It says nothing."
    return f"None of its {count:,} subjects has one." if count > 1 else "Its one subject has none."


def _dates(rule: Rule, quads: Sequence[Quad]) -> Iterator[Finding]:
    stated: dict[NamedNode, dict[str, set[Term]]] = {}
    used: dict[NamedNode, None] = {}
    for quad in quads:
        for term in (quad.subject, quad.object):
            if isinstance(term, NamedNode) and edtf_of(term.value) is not None:
                used[term] = None
        if isinstance(quad.subject, NamedNode) and quad.subject in used:
            of_date = stated.setdefault(quad.subject, {})
            of_date.setdefault(quad.predicate.value, set()).add(quad.object)
    for node in sorted(used, key=lambda node: node.value):
        words = _date_fault(node, stated.get(node, {}))
        if words:
            yield Finding(
                rule=rule.code,
                severity=rule.severity,
                message=f"{rule.message} {words}",
                remedy=rule.remedy,
                focus=node,
                shape=rule.shape,
            )


def _date_fault(node: NamedNode, stated: Mapping[str, set[Term]]) -> str:
    """What is wrong with the bounds of a date node, in a sentence; nothing if they are right."""
    try:
        _, earliest, latest = meaning(edtf_of(node.value) or "")
    except EmgraphError as error:
        return str(error)
    for name, bound in (("earliest", earliest), ("latest", latest)):
        found = stated.get(EM + name, set())
        if found != _bound(bound):
            said = ", ".join(sorted(getattr(t, "value", str(t)) for t in found)) or "none"
            return f"em:{name} is {said} and ought to be {bound or 'none'}."
    return ""


def _bound(bound: date | None) -> set[Term]:
    if bound is None:
        return set()
    return {Literal(bound.isoformat(), datatype=NamedNode(XSD + "date"))}


def _twice(rule: Rule, found: Iterable[Respelt]) -> Iterator[Finding]:
    """The literals that are another spelling of a value which their subject has already."""
    seen: set[tuple[Term, Term, Term]] = set()
    for (subject, predicate, *_), spelt, stored in found:
        if (subject, predicate, spelt) not in seen:
            seen.add((subject, predicate, spelt))
            yield Finding(
                rule=rule.code,
                severity=rule.severity,
                message=f"{rule.message} {spelt.value} is another spelling of {stored.value}.",
                remedy=rule.remedy,
                focus=subject,
                path=predicate,
                value=spelt,
                shape=rule.shape,
            )


def dates_used(quads: Iterable[Quad]) -> set[str]:
    """The date: IRIs anywhere in the statements."""
    return {
        term.value
        for quad in quads
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode) and edtf_of(term.value) is not None
    }


def checking_store(quads: Iterable[Quad], ontology: Iterable[Quad]) -> Store:
    """A store of the data with its merge, and the ontology in its own graph alone."""
    store = Store()
    own = list(quads)
    store.extend(own)
    store.extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in own)
    store.extend(ontology)
    return store
