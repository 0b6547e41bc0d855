"""The rules about files as far as they can be asked of a graph that is not in files."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.errors import Late
from emgraph.finding import Finding
from emgraph.namespaces import DATE, DCTERMS, EM, EMSH, ONTOLOGY, OWL, RDF, XSD, shrink
from emgraph.rdf.classes import superclasses
from emgraph.shacl.asked import Asked
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import STORED, respellings
from emgraph.sharing import shared
from emgraph.sparql.queries import check_query
from emgraph.terms import Term
from emgraph.validation.checks import date_fault, in_words, spelt_twice, unknown_term
from emgraph.validation.mentions import split, undescribed
from emgraph.validation.slips import slips
from emgraph.validation.survey import STATED_OF_DATES

UNASKED = ("EMG001", "EMG005")
_NODES = (NamedNode, BlankNode)
_SYSTEM = "http://www.openlinksw.com/"
_OURS = f'FILTER(?graph != <{ONTOLOGY}> && !STRSTARTS(STR(?graph), "{_SYSTEM}"))'
STATEMENTS = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }}"
_GRAPHS = f"""SELECT (COUNT(*) AS ?n) WHERE {{
  {{ SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }} }}
}}"""
_UNDECLARED = f"""SELECT ?value WHERE {{
  {{ SELECT DISTINCT ?value WHERE {{
      {{ ?a ?value ?b }} UNION {{ ?value ?c ?d }} UNION {{ ?e ?f ?value }}
      FILTER(isIRI(?value) && (STRSTARTS(STR(?value), "{EM}") || STRSTARTS(STR(?value), "{EMSH}")))
  }} }} FILTER(?value NOT IN (%s))
}}"""
_USES = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?focus ?path ?value }} {_OURS} }}
  UNION {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?focus ?value ?object }} {_OURS} }}
  UNION {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?value ?path ?object }} {_OURS} }}
}}"""
_CLASSES = f"SELECT DISTINCT ?value WHERE {{ GRAPH ?graph {{ ?s a ?value }} {_OURS} }}"
_PROPERTIES = f"SELECT DISTINCT ?value WHERE {{ GRAPH ?graph {{ ?s ?value ?o }} {_OURS} }}"
_DESCRIBED = f"""SELECT DISTINCT ?value WHERE {{
  VALUES ?value {{ %s }} GRAPH ?graph {{ ?value ?path ?object }} {_OURS}
}}"""
_LAST, _NONE = "~", "none"  # sorts after all IRIs; a node that cannot be asked about
_THINGS = f"""SELECT ?value (COUNT(DISTINCT ?focus) AS ?n) (MIN(?name) AS ?first) WHERE {{
  VALUES ?value {{ %s }} GRAPH ?graph {{ %s }} {_OURS}
  BIND(IF(isIRI(?focus), STR(?focus), "{_LAST}") AS ?name)
}} GROUP BY ?value"""
_HAVING = {True: "?focus a ?value", False: "?focus ?value ?object"}
_IS_DATE = f'FILTER(isIRI(?focus) && STRSTARTS(STR(?focus), "{DATE}"))'
_STATED = " ".join(map(str, STATED_OF_DATES))
_DATES = f"""SELECT DISTINCT ?focus WHERE {{
  {{ GRAPH ?graph {{ ?focus ?p ?o }} {_OURS} {_IS_DATE} }}
  UNION {{ GRAPH ?graph {{ ?s ?q ?focus }} {_OURS} {_IS_DATE} }}
  UNION {{ VALUES ?path {{ {_STATED} }} GRAPH ?graph {{ ?focus ?path ?value }} {_OURS} }}
}}"""
_BOUNDS = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  VALUES ?path {{ {_STATED} }} GRAPH ?graph {{ ?focus ?path ?value }} {_OURS}
}}"""
_DEPRECATED = f"""SELECT DISTINCT ?value ?detail WHERE {{
  ?value <{OWL}deprecated> true OPTIONAL {{ ?value <{DCTERMS}isReplacedBy> ?detail }}
}}"""
_BLANK = f"""SELECT DISTINCT ?focus WHERE {{
  {{ GRAPH ?graph {{ ?focus ?p ?o FILTER(isBlank(?focus)) }} {_OURS} }}
  UNION {{ GRAPH ?graph {{ ?s ?p ?focus FILTER(isBlank(?focus)) }} {_OURS} }}
}}"""
_MOST_ALIKE = 20_000
_ALIKE = f"""SELECT ?focus WHERE {{
  {{ SELECT DISTINCT ?focus WHERE {{ ?focus ?p ?o FILTER(isIRI(?focus)) }} }} FILTER(%s)
}} LIMIT {_MOST_ALIKE}"""
_ODD = Literal("007", datatype=NamedNode(XSD + "integer"))
_KEPT = f"SELECT ({_ODD} AS ?value) WHERE {{}}"
_TYPED = ", ".join(f"<{name}>" for name in sorted(STORED))
_SPELT = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  {{ SELECT ?focus ?path WHERE {{
      GRAPH ?graph {{ ?focus ?path ?any }} FILTER(isLiteral(?any) && DATATYPE(?any) IN ({_TYPED}))
    }} GROUP BY ?focus ?path HAVING(COUNT(DISTINCT ?any) > 1) }}
  GRAPH ?graph {{ ?focus ?path ?value }} {_OURS}
}}"""
_UNCITED = f"""SELECT DISTINCT ?focus WHERE {{
  {{ SELECT DISTINCT ?focus WHERE {{
      {{ SELECT DISTINCT ?focus WHERE {{ GRAPH ?focus {{ ?a ?b ?c }} }} }}
      MINUS {{ ?focus a ?class FILTER(?class IN (%s)) }} }} }}
  GRAPH ?focus {{ ?subject ?property ?value }}
  FILTER NOT EXISTS {{ ?subject <{DCTERMS}source> ?source }}
  FILTER(?focus != <{ONTOLOGY}> && !STRSTARTS(STR(?focus), "{_SYSTEM}"))
}}"""


def findings(
    place: Asked, rules: Mapping[str, Rule], terms: list[Quad]
) -> dict[str, list[Finding] | Late | None]:
    """What each of the file rules finds there, or why it was not answered; None if only files tell.

    `terms` are the statements of the ontology.
    """
    ways = {
        "EMG002": _unknown,
        "EMG003": _deprecated,
        "EMG004": _blank,
        "EMG006": _uncited,
        "EMG010": _dates,
        "EMG011": _twice,
        "EMG012": _undescribed,
        "EMG013": _slips,
    }

    def _of(code: str) -> list[Finding] | Late | None:
        try:
            if code == "EMG011" and not _keeps_spellings(place):
                return None
            return list(ways[code](place, rules[code], terms))
        except Late as late:
            return Late(str(late))

    codes = [code for code in ways if code in rules]
    found = dict(zip(codes, shared(_of, codes, place.workers), strict=True))
    return dict.fromkeys(code for code in UNASKED if code in rules) | found


def looked_at(place: Asked, rules: Collection[str], statements: int) -> dict[str, int]:
    """How many statements or graphs each of the file rules looked at that were asked."""
    counts = dict.fromkeys(("EMG002", "EMG003", "EMG004", "EMG011", "EMG012", "EMG013"), statements)
    counts["EMG006"] = place.number(_GRAPHS)
    counts["EMG010"] = place.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {_DATES} }} }}")
    return {code: count for code, count in counts.items() if code in rules}


def _unknown(place: Asked, rule: Rule, terms: list[Quad]) -> Iterator[Finding]:
    declared = _declared(terms)
    ours = sorted(iri for iri in declared if iri.startswith((EM, EMSH)))
    used = place.rows(_UNDECLARED.replace("%s", ", ".join(f"<{iri}>" for iri in ours)))
    unknown = {value.value for row in used if isinstance(value := row["value"], NamedNode)}
    known = [shrink(iri) for iri in ours]
    for focus, path, value in _uses(place, unknown):
        yield rule.finding(unknown_term(value.value, known), focus=focus, path=path, value=value)


def _declared(terms: list[Quad]) -> set[str]:
    typed = (quad.subject for quad in terms if quad.predicate.value == RDF + "type")
    return {subject.value for subject in typed if isinstance(subject, NamedNode)}


def _deprecated(place: Asked, rule: Rule, terms: list[Quad]) -> Iterator[Finding]:
    successors: dict[str, Term | None] = {}
    for row in place.rows(_DEPRECATED):
        if isinstance(row["value"], NamedNode):
            successors[row["value"].value] = row["detail"]
    for quad in terms:
        if quad.predicate.value == OWL + "deprecated" and quad.object == Literal(True):
            of = (q.object for q in terms if q.subject == quad.subject and _replaces(q))
            if isinstance(quad.subject, NamedNode):
                successors[quad.subject.value] = next(of, None)
    for focus, path, value in _uses(place, successors):
        if focus != value:
            yield rule.finding(
                in_words(successors[value.value]), focus=focus, path=path, value=value
            )


def _replaces(quad: Quad) -> bool:
    return quad.predicate.value == DCTERMS + "isReplacedBy"


def _uses(place: Asked, names: Iterable[str]) -> list[tuple[Term, NamedNode | None, NamedNode]]:
    """Where terms are used: of what, as which property or its value."""
    listed = " ".join(f"<{name}>" for name in sorted(names))
    if not listed:
        return []
    found = []
    for row in place.rows(_USES.replace("%s", listed)):
        focus, path, value = row["focus"], row["path"], row["value"]
        if isinstance(value, NamedNode):
            if path is None and focus is not None:
                path = value
            path = path if isinstance(path, NamedNode) else None
            found.append((value if focus is None else focus, path, value))
    return sorted(found, key=str)


def _blank(place: Asked, rule: Rule, _: list[Quad]) -> Iterator[Finding]:
    for focus in _foci(place, _BLANK):
        yield rule.finding(focus=focus)


def _uncited(place: Asked, rule: Rule, terms: list[Quad]) -> Iterator[Finding]:
    kinds = [name for name, above in superclasses(terms).items() if EM + "StatementSource" in above]
    listed = ", ".join(f"<{name}>" for name in sorted(kinds))
    for focus in _foci(place, _UNCITED.replace("%s", listed)):
        yield rule.finding(focus=focus)


def _dates(place: Asked, rule: Rule, _: list[Quad]) -> Iterator[Finding]:
    """The meaning of EDTF is known here alone, so the dates that are used are read, with bounds."""
    bounds = Store()
    for row in place.rows(_BOUNDS):
        focus, path, value = row["focus"], row["path"], row["value"]
        if isinstance(focus, _NODES) and isinstance(path, NamedNode) and value is not None:
            bounds.add(Quad(focus, path, value))
    used = (node for node in _foci(place, _DATES) if isinstance(node, NamedNode))
    stated = (quad.subject for quad in bounds if isinstance(quad.subject, _NODES))
    nodes: set[NamedNode | BlankNode] = {*used, *stated}
    for node in sorted(nodes, key=str):
        if words := date_fault(node, bounds):
            yield rule.finding(words, focus=node)


def _keeps_spellings(place: Asked) -> bool:
    """Whether a place gives a value back as it was spelt: our stores and Virtuoso do not."""
    return any(row["value"] == _ODD for row in place.rows(_KEPT))


def _twice(place: Asked, rule: Rule, _: list[Quad]) -> Iterator[Finding]:
    """Whatever has several values of one property is asked for, and sorted as in files."""
    found = []
    for row in place.rows(_SPELT):
        focus, path, value = row["focus"], row["path"], row["value"]
        if isinstance(focus, _NODES) and isinstance(path, NamedNode) and isinstance(value, Literal):
            found.append(Quad(focus, path, value))
    yield from spelt_twice(rule, respellings(sorted(found, key=str)).twice())


def _undescribed(place: Asked, rule: Rule, _: list[Quad]) -> Iterator[Finding]:
    missing = _foci(place, check_query("undescribed-thing"))
    nodes = [node for node in missing if isinstance(node, NamedNode)]
    yield from undescribed(rule, nodes, lambda some: _alike(place, some))


def _alike(place: Asked, missing: Sequence[NamedNode]) -> list[str]:
    """The IRIs of things there of the kinds of some, or of their names; none if too many."""
    parts = [split(node.value) for node in missing]
    kinds = (f"STRSTARTS(STR(?focus), {Literal(kind)})" for kind in sorted({k for k, _ in parts}))
    names = ", ".join(str(Literal(name)) for name in sorted({name for _, name in parts}))
    called = f'REPLACE(STR(?focus), "^.*[/#]", "") IN ({names})'
    try:
        found = _foci(place, _ALIKE.replace("%s", " || ".join((*kinds, called))))
    except Late:
        return []
    return (
        [str(t.value) for t in found if isinstance(t, NamedNode)]
        if len(found) < _MOST_ALIKE
        else []
    )


def _slips(place: Asked, rule: Rule, terms: list[Quad]) -> Iterator[Finding]:
    classes, properties = (
        {row["value"] for row in place.rows(query)} for query in (_CLASSES, _PROPERTIES)
    )
    found = list(slips(classes, properties, _declared(terms)))
    listed = " ".join(sorted({str(slip.term) for slip in found}))
    if not listed:
        return
    described = {row["value"] for row in place.rows(_DESCRIBED % listed)}
    used = {
        (row["value"], is_class): row
        for is_class, pattern in _HAVING.items()
        for row in place.rows(_THINGS % (listed, pattern))
    }
    for slip in found:
        row = used.get((slip.term, slip.is_class))
        if row is None or slip.term in described:
            continue
        first, count = row["first"], row["n"]
        if isinstance(first, Literal) and isinstance(count, Literal):
            named = first.value != _LAST
            thing = NamedNode(first.value) if named else BlankNode(_NONE)
            yield slip.finding(rule, thing, int(count.value))


def _foci(place: Asked, query: str) -> list[Term]:
    return sorted((row["focus"] for row in place.rows(query) if row["focus"] is not None), key=str)
