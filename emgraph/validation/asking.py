"""What has to be known of a graph elsewhere to word its findings, asked in batches."""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from emgraph.finding import Finding, Path, PathOf
from emgraph.namespaces import EM, ONTOLOGY, RDF
from emgraph.rdf.names import SHOWN
from emgraph.shacl.asked import Asked
from emgraph.shacl.spelling import in_value_space
from emgraph.terms import Term

_BATCH = 100
_TYPE = NamedNode(RDF + "type")
_IS_TYPE = f"FILTER(?p = {_TYPE})"
_WAIVERS = f"?s a <{EM}Waiver> . GRAPH ?g {{ ?s ?p ?o }}"
_NOT_OURS = f"FILTER(?g != <{ONTOLOGY}>)"


def waivers(place: Asked) -> list[Quad]:
    """All that is said of waivers there."""
    return list(_quads(place, _WAIVERS))


def types(place: Asked, things: Iterable[Term | None]) -> list[Quad]:
    """The classes of things, as statements."""
    return [
        quad
        for batch in _batches(thing for thing in things if isinstance(thing, NamedNode))
        for quad in _quads(place, f"{_values('?s', batch)} GRAPH ?g {{ ?s ?p ?o }} {_IS_TYPE}")
    ]


def labels(place: Asked, things: Iterable[Term | None]) -> list[Quad]:
    """What things are called, as statements."""
    listed = ", ".join(map(str, SHOWN))
    return [
        quad
        for batch in _batches(thing for thing in things if isinstance(thing, NamedNode))
        for quad in _quads(
            place, f"{_values('?s', batch)} GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({listed}))"
        )
    ]


def statements(place: Asked, findings: Sequence[Finding]) -> list[Quad]:
    """The statements that findings are about, else the classes of their things, else some other."""
    found: dict[Quad, None] = {}
    hits: set[tuple[Term, NamedNode, bool]] = set()
    findings = [f if f.used_by is None else f._replace(focus=f.used_by) for f in findings]
    along = {(f.focus, step, back) for f in findings for step, back in _steps(f.path)}
    for back in (False, True):
        pairs = sorted({(str(s), str(p)) for s, p, b in along if b is back and _is_iri(s)})
        for start in range(0, len(pairs), _BATCH):
            listed = " ".join(f"({s} {p})" for s, p in pairs[start : start + _BATCH])
            one = "?o" if back else "?s"
            group = f"VALUES ({one} ?p) {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }}"
            for quad in _quads(place, group):
                found[quad] = None
                hits.add((quad.object if back else quad.subject, quad.predicate, back))
    missing = {
        finding.focus
        for finding in findings
        if not any((finding.focus, *step) in hits for step in _steps(finding.path))
    }
    for quad in types(place, missing):
        found[quad] = None
        missing.discard(quad.subject)
    for variable in ("?s", "?o", "?g"):
        named = [m for m in missing if variable == "?o" or isinstance(m, NamedNode)]
        for batch in _batches(named):
            for quad in _quads(place, f"{_values(variable, batch)} GRAPH ?g {{ ?s ?p ?o }}"):
                found[quad] = None
                missing -= {quad.subject, quad.object, quad.graph_name}
    return list(found)


def as_found(findings: Iterable[Finding], quads: Iterable[Quad]) -> Iterator[Finding]:
    """The findings, their values spelt as the statements spell them."""
    stated = dict.fromkeys((q.subject, q.predicate, q.object) for q in quads)
    spelt = {(s, p, in_value_space(o)): o for s, p, o in stated}
    for finding in findings:
        about, value = (finding.focus, finding.path), finding.value
        if isinstance(value, Literal) and (*about, value) not in stated:
            value = spelt.get((*about, in_value_space(value)), value)  # type: ignore[arg-type]
        yield finding._replace(value=value)


def _steps(path: Path | None) -> Iterator[tuple[NamedNode, bool]]:
    """The properties that a path of one step can be, and whether they are gone backwards."""
    if isinstance(path, NamedNode):
        yield path, False
    elif isinstance(path, PathOf) and path.operator == "alternative":
        for part in path.parts:
            yield from _steps(part)
    elif isinstance(path, PathOf) and path.operator == "inverse":
        for inner, back in _steps(path.parts[0]):
            yield inner, not back


def _is_iri(term: object) -> bool:
    return isinstance(term, NamedNode)


def _batches(things: Iterable[Term | None]) -> Iterator[list[NamedNode | Literal]]:
    """IRIs and literals, each once and in order, a hundred at a time."""
    named = sorted({thing for thing in things if isinstance(thing, NamedNode | Literal)}, key=str)
    for start in range(0, len(named), _BATCH):
        yield named[start : start + _BATCH]


def _values(variable: str, things: Iterable[NamedNode | Literal]) -> str:
    return f"VALUES {variable} {{ {' '.join(map(str, things))} }}"


def _quads(place: Asked, group: str) -> Iterator[Quad]:
    """The statements that a group binds as ?s ?p ?o in ?g, in order."""
    rows = place.rows(f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ {group} {_NOT_OURS} }}")
    found = []
    for row in rows:
        subject, predicate, value, graph = (row[name] for name in ("s", "p", "o", "g"))
        if (
            isinstance(subject, NamedNode | BlankNode)
            and isinstance(predicate, NamedNode)
            and value is not None
            and isinstance(graph, NamedNode | BlankNode)
        ):
            found.append(Quad(subject, predicate, value, graph))
    yield from sorted(found, key=str)
