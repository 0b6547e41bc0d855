"""A report as the W3C's sh:ValidationReport, SHACL section 3.6, in Turtle."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from emgraph.finding import Finding, Path, PathOf, Report, Severity
from emgraph.findings.plain import fit
from emgraph.namespaces import RDF, RDFS, SH, XSD
from emgraph.rdf import turtle

_OPERATORS = {
    "inverse": "inversePath",
    "alternative": "alternativePath",
    "zero or more": "zeroOrMorePath",
    "one or more": "oneOrMorePath",
    "zero or one": "zeroOrOnePath",
}
_SEVERITIES = {
    Severity.INFO: "Info",
    Severity.WARNING: "Warning",
    Severity.VIOLATION: "Violation",
}


def render(report: Report) -> str:
    """The report; a waived finding is no sh:result but an rdfs:seeAlso that gives its reason."""
    return turtle.write(_Writer().statements(report), "turtle").decode()


class _Writer:
    """Gives out blank nodes in order, so that equal reports are equal bytes."""

    def __init__(self) -> None:
        self._count = 0
        self._shapes: dict[BlankNode, BlankNode] = {}

    def statements(self, report: Report) -> Iterator[Quad]:
        """The statements of a report."""
        node = BlankNode("report")
        conforms = all(finding.waived for finding in report.findings)
        yield _quad(node, RDF + "type", NamedNode(SH + "ValidationReport"))
        yield _quad(node, SH + "conforms", _typed("true" if conforms else "false", "boolean"))
        for finding in report.findings:
            result = self._node("result")
            yield _quad(node, RDFS + "seeAlso" if finding.waived else SH + "result", result)
            yield from self._result(result, finding)

    def _shape(self, shape: BlankNode) -> BlankNode:
        """The node that stands for a shape without an IRI, of the shapes' file and not of ours."""
        if shape not in self._shapes:
            self._shapes[shape] = self._node("shape")
        return self._shapes[shape]

    def _node(self, kind: str) -> BlankNode:
        self._count += 1
        return BlankNode(f"{kind}{self._count:06}")

    def _result(self, node: BlankNode, finding: Finding) -> Iterator[Quad]:
        severity = NamedNode(finding.graded or SH + _SEVERITIES[finding.severity])
        component = finding.component or SH + "SPARQLConstraintComponent"
        yield _quad(node, RDF + "type", NamedNode(SH + "ValidationResult"))
        yield _quad(node, SH + "resultSeverity", severity)
        yield _quad(node, SH + "sourceConstraintComponent", NamedNode(component))
        yield _quad(node, SH + "resultMessage", Literal(fit(f"{finding.rule}: {finding.message}")))
        if finding.waived:
            words = fit(f"Waived: {finding.waived.reason}")
            yield _quad(node, SH + "resultMessage", Literal(words))
        focus = finding.focus or Literal(fit(finding.file or ""))
        yield _quad(node, SH + "focusNode", focus)
        if finding.value is not None:
            yield _quad(node, SH + "value", finding.value)
        if isinstance(finding.source_shape, BlankNode):
            yield _quad(node, SH + "sourceShape", self._shape(finding.source_shape))
        elif finding.source_shape is not None:
            yield _quad(node, SH + "sourceShape", finding.source_shape)
        elif finding.shape.startswith("http"):
            yield _quad(node, SH + "sourceShape", NamedNode(finding.shape))
        if finding.path is not None:
            yield from self._path(node, SH + "resultPath", finding.path)
        for detail in finding.details:
            inner = self._node("detail")
            yield _quad(node, SH + "detail", inner)
            yield from self._result(inner, detail)

    def _path(self, node: BlankNode, predicate: str, path: Path) -> Iterator[Quad]:
        if not isinstance(path, PathOf):
            yield _quad(node, predicate, path)
            return
        if path.operator == "sequence":
            yield from self._list(node, predicate, path.parts)
            return
        inner = self._node("path")
        yield _quad(node, predicate, inner)
        name = SH + _OPERATORS[path.operator]
        if path.operator == "alternative":
            yield from self._list(inner, name, path.parts)
        else:
            yield from self._path(inner, name, path.parts[0])

    def _list(self, node: BlankNode, predicate: str, parts: tuple[Path, ...]) -> Iterator[Quad]:
        for part in parts:
            cell = self._node("path")
            yield _quad(node, predicate, cell)
            yield from self._path(cell, RDF + "first", part)
            node, predicate = cell, RDF + "rest"
        yield _quad(node, predicate, NamedNode(RDF + "nil"))


def _quad(subject: BlankNode, predicate: str, value: object) -> Quad:
    return Quad(subject, NamedNode(predicate), value, DefaultGraph())  # type: ignore[arg-type]


def _typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))
