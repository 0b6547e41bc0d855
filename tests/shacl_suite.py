"""The W3C's SHACL test suite as cases: data, shapes and the results that are expected.

It is not part of this project. It is read from EMGRAPH_SHACL_SUITE (the folder tests of
w3c/data-shapes' data-shapes-test-suite), or from build/, where `make suite` puts the copy that a
pySHACL brings: but for one value and for one shape that a test has as data, it is the same.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from emgraph.errors import EmgraphError
from emgraph.finding import Finding, Severity
from emgraph.namespaces import RDF, SH
from emgraph.shacl.compiled import Compiled
from emgraph.shacl.places import InMemory, read_graphs
from emgraph.shacl.reference import Reference
from emgraph.shacl.rules import SEVERITIES
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import in_value_space

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
Key = tuple[object, ...]


def folder() -> Path | None:
    """Where the suite is, if it is anywhere."""
    named = os.environ.get("EMGRAPH_SHACL_SUITE")
    fetched = Path(__file__).parents[1] / "build/suites/pyshacl/test/resources/sht_tests"
    place = Path(named) if named else fetched
    return place if (place / "manifest.ttl").is_file() else None


class Case(NamedTuple):
    """One test: its name, data, shapes, and expected results; None where it has to fail."""

    name: str
    data: list[Quad]
    shapes: list[Quad]
    expected: Counter[Key] | None
    paths: tuple[Path, Path]


def cases(place: Path) -> Iterator[Case]:
    """The tests that the manifests list."""
    for path in sorted(place.rglob("*.ttl")):
        quads = _read(path)
        graph = Shapes(quads)
        for entries in (q.object for q in quads if q.predicate.value == _MF + "entries"):
            for entry in graph.members(entries):
                action = graph.value(entry, _MF + "action")
                result = graph.value(entry, _MF + "result")
                assert action is not None
                of_data, of_shapes = (
                    Path(graph.text(action, _SHT + name).removeprefix("file://"))
                    for name in ("dataGraph", "shapesGraph")
                )
                data, shapes = _read(of_data), _read(of_shapes)
                failing = result == NamedNode(_SHT + "Failure")
                expected = None if failing or result is None else _expected(graph, result)
                name = f"{path.parent.relative_to(place)}/{path.stem}"
                yield Case(name, data, shapes, expected, (of_data, of_shapes))


def _read(path: Path) -> list[Quad]:
    """The statements of a file, with the same blank nodes at every reading."""
    names: dict[BlankNode, BlankNode] = {}

    def named(term: object) -> object:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"b{len(names)}"))
        return term

    base = f"file://{path}"
    return [
        Quad(named(q.subject), q.predicate, named(q.object))  # type: ignore[arg-type]
        for q in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=base)
    ]


def _expected(graph: Shapes, report: object) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for result in graph.objects(report, SH + "result"):  # type: ignore[arg-type]
        path = graph.value(result, SH + "resultPath")
        found[
            (
                _plain(graph.value(result, SH + "focusNode")),
                None if path is None else graph.path(path),
                _plain(graph.value(result, SH + "value")),
                graph.text(result, SH + "sourceConstraintComponent"),
                _plain(graph.value(result, SH + "sourceShape")),
                SEVERITIES.get(graph.text(result, SH + "resultSeverity"), Severity.VIOLATION),
            )
        ] += 1
    return found


def reported(turtle: str) -> tuple[Counter[Key], set[str], str]:
    """The results of a report in Turtle, the severities it gives, and its sh:conforms."""
    quads = list(parse(turtle.encode(), RdfFormat.TURTLE))
    graph = Shapes(quads)
    (report,) = graph.subjects(RDF + "type", NamedNode(SH + "ValidationReport"))
    severities = {
        graph.text(r, SH + "resultSeverity") for r in graph.objects(report, SH + "result")
    }
    return _expected(graph, report), severities, graph.text(report, SH + "conforms")


def _plain(term: object) -> object:
    """A term in value space; blank nodes of two files cannot be told apart."""
    if isinstance(term, BlankNode):
        return "_"
    if isinstance(term, NamedNode):
        return term.value
    return None if term is None else in_value_space(term)  # type: ignore[arg-type]


def keys(findings: Iterable[Finding]) -> Counter[Key]:
    """What two engines have to agree on, as often as it was found."""
    return Counter(
        (
            _plain(f.focus),
            f.path,
            _plain(f.value),
            f.component,
            f.shape if ":" in f.shape else "_",
            f.severity,
        )
        for f in findings
    )


def compiled(data: Sequence[Quad], background: Sequence[Quad], shapes: Sequence[Quad]) -> Compiled:
    """The compiled engine over statements in memory."""
    return Compiled(InMemory(data, background, read_graphs(shapes)), lambda: shapes)


def outcome(
    engine: Callable[[Sequence[Quad], Sequence[Quad], Sequence[Quad]], Compiled | Reference],
    data: Sequence[Quad],
    shapes: Sequence[Quad],
) -> tuple[Counter[Key] | None, Mapping[str, str]]:
    """What an engine finds, None where it refuses; and what it left to the other engine."""
    try:
        judge = engine(data, [], shapes)
        found = keys(judge.findings({}))
    except EmgraphError:
        return None, {}
    return found, getattr(judge, "fallen_back", {})
