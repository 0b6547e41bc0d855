"""SHACL by pySHACL on rdflib, the reference engine and the only door to both."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyshacl
import rdflib.plugins.sparql
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from emgraph.errors import EmgraphError, WrongShapes
from emgraph.finding import Finding, Path, PathOf, Severity, lifted
from emgraph.namespaces import DCTERMS
from emgraph.shacl import soundness
from emgraph.shacl.graphs import data_graph, from_rdflib, triples
from emgraph.shacl.rules import SEVERITIES, Rule
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.wording import wording
from emgraph.sparql import guard
from emgraph.stopwatch import Stopwatch
from emgraph.tokens import tokens

rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
logging.getLogger("rdflib").addHandler(logging.NullHandler())

_CODE = URIRef(DCTERMS + "identifier")
_OPERATORS = {
    SH.inversePath: "inverse",
    SH.alternativePath: "alternative",
    SH.zeroOrMorePath: "zero or more",
    SH.oneOrMorePath: "one or more",
    SH.zeroOrOnePath: "zero or one",
}
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SPARQL = (str(SH.select), str(SH.ask), str(SH.construct))


class Reference:
    """The statements, their background (ontology, run) and the shapes, as rdflib holds them.

    Raises EmgraphError for SPARQL in the shapes that may not run.
    """

    def __init__(
        self, quads: Iterable[Quad], background: Sequence[Quad], shapes: Sequence[Quad]
    ) -> None:
        self.fallen_back: dict[str, str] = {}
        self.watch = Stopwatch()
        self._shapes = Graph()
        for triple in triples(shapes):
            self._shapes.add(triple)
        texts = []
        for quad in shapes:
            _check_declared(quad)
            if quad.predicate.value in _SPARQL and isinstance(quad.object, Literal):
                texts.append(quad.object.value)
                try:
                    guard.check(quad.object.value, ())
                except EmgraphError as fault:
                    raise WrongShapes(quad.subject, f"the shapes cannot be run: {fault}") from fault
                if quad.predicate.value == str(SH.select) and not _selects(quad.object.value):
                    what = "the shapes cannot be run: an sh:select in them is not a SELECT."
                    raise WrongShapes(quad.subject, what)
        soundness.check(Shapes(shapes))
        self._data = data_graph(quads, background, named=any(map(_reads_graphs, texts)))
        own, beside = (
            {n for s, _, o in triples(part) for n in (s, o)} for part in (quads, background)
        )
        self._foreign = beside - own

    def is_quick(self, _rules: Mapping[str, Rule]) -> bool:
        """Never."""
        return False

    def findings(self, rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the shapes find: of the coded ones those wanted, of those without a code all.

        Raises EmgraphError for shapes that cannot be run.
        """
        with self.watch.of("pySHACL"):
            results = _run(self._data, _without(self._shapes, rules))
        for result in results.objects(None, SH.result):
            if results.value(result, SH.focusNode) not in self._foreign:
                yield _finding(results, result, self._shapes, rules)

    def looked_at(self, rules: Mapping[str, Rule]) -> dict[str, int]:
        """How many nodes each wanted rule looked at, and EMG000: the shapes without a code."""
        shapes = self._shapes
        targeted = {s for target in _TARGETS for s in shapes.subjects(target)} | _implicit(shapes)
        counted: dict[str, set[Node]] = {c: set() for c, r in rules.items() if not r.is_file_rule}
        for shape in targeted:
            focus = {*_focus(self._data, shapes, shape)} - self._foreign
            for code in _codes_below(shapes, shape):
                if code in counted or code == "EMG000":
                    counted.setdefault(code, set()).update(focus)
        return {code: len(nodes) for code, nodes in sorted(counted.items())}


def _run(data: Graph, shapes: Graph) -> Graph:
    """The validation report of pySHACL; raises EmgraphError for shapes that cannot be run."""
    try:
        _, results, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            inference="none",
            inplace=True,
            do_owl_imports=False,
            allow_infos=True,
            allow_warnings=True,
            advanced=(None, SH.target, None) in shapes,
        )
    except MemoryError:
        raise
    except Exception as error:
        raise EmgraphError(f"the shapes cannot be run: {_one_line(error)}") from error
    if not isinstance(results, Graph):
        raise EmgraphError(f"the shapes cannot be run: {_one_line(results)}")
    return results


def _check_declared(quad: Quad) -> None:
    """Raise WrongShapes for a prefix or namespace that pySHACL would paste into a query."""
    name, value = quad.predicate.value, getattr(quad.object, "value", "")
    if name == str(SH.namespace) and not re.fullmatch(r"[^\x00-\x20<>\"{}|\\^`]+", value):
        raise WrongShapes(quad.subject, "the shapes cannot be run: an sh:namespace is not an IRI.")
    if name == str(SH.prefix) and not re.fullmatch(r"(?:\w[\w.-]*)?", value):
        raise WrongShapes(quad.subject, "the shapes cannot be run: an sh:prefix is not a name.")


def _one_line(error: object) -> str:
    said = " ".join(str(error).split()).partition(" For reference, see")[0]
    return (said[:197] + "…" if len(said) > 200 else said) or type(error).__name__


def _selects(text: str) -> bool:
    return any(t.kind == "word" and t.text.upper() == "SELECT" for t in tokens(text))


def _reads_graphs(text: str) -> bool:
    return any(t.kind == "word" and t.text.upper() == "GRAPH" for t in tokens(text))


def _without(shapes: Graph, rules: Mapping[str, Rule]) -> Graph:
    """The shapes, with those switched off whose code is not wanted."""
    unwanted = [s for s, code in shapes.subject_objects(_CODE) if str(code) not in rules]
    if not unwanted:
        return shapes
    wanted = Graph()
    for triple in shapes:
        wanted.add(triple)
    for shape in unwanted:
        wanted.set((shape, SH.deactivated, RdflibLiteral(True)))
    return wanted


def _parents(shapes: Graph, shape: Node) -> Iterator[Node]:
    """The nodes that lead to a shape, the nearest first."""
    seen, waiting = {shape}, [shape]
    while waiting:
        node = waiting.pop(0)
        yield node
        above = [s for s in shapes.subjects(None, node) if s not in seen]
        seen.update(above)
        waiting += sorted(above, key=str)


def _code(shapes: Graph, shape: Node) -> tuple[str, Node]:
    """The code of a shape or of its nearest ancestor that has one, else EMG000, and that shape."""
    for node in _parents(shapes, shape):
        code = shapes.value(node, _CODE)
        if code is not None:
            return str(code), node
    return "EMG000", shape


def _codes_below(shapes: Graph, shape: Node) -> set[str]:
    """The codes that a targeted shape's nodes are judged by: its own, or those of its parts."""
    code, _ = _code(shapes, shape)
    parts = [*shapes.objects(shape, SH.property), *shapes.objects(shape, SH.node)]
    below = {str(c) for part in parts for c in shapes.objects(part, _CODE)}
    return below | {code} if code != "EMG000" or not below else below


def _implicit(shapes: Graph) -> set[Node]:
    classes = set(shapes.subjects(RDF.type, RDFS.Class))
    return {s for s in shapes.subjects(RDF.type, SH.NodeShape) if s in classes}


def _focus(data: Graph, shapes: Graph, shape: Node) -> Iterator[Node]:
    """The focus nodes of a shape, SHACL section 2.1.3."""
    yield from shapes.objects(shape, SH.targetNode)
    classes = [*shapes.objects(shape, SH.targetClass), *({shape} & _implicit(shapes))]
    for class_ in classes:
        for kind in data.transitive_subjects(RDFS.subClassOf, class_):
            yield from data.subjects(RDF.type, kind)
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate)
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, predicate)


def _finding(
    results: Graph,
    result: Node,
    shapes: Graph,
    rules: Mapping[str, Rule],
    *,
    is_nested: bool = False,
) -> Finding:
    source = results.value(result, SH.sourceShape)
    code, shape = _code(shapes, source) if source is not None else ("EMG000", source)
    rule = rules.get(code)
    component = str(results.value(result, SH.sourceConstraintComponent) or "")
    path_node = results.value(result, SH.resultPath)
    path = _path(results, path_node) if path_node is not None else None
    focus, value = results.value(result, SH.focusNode), results.value(result, SH.value)
    severity = SEVERITIES.get(str(results.value(result, SH.resultSeverity)), Severity.VIOLATION)
    words = source if is_nested else shape
    is_worded = _has_message(shapes, source, words, component)
    given = _message(results, result) if is_worded else ""
    made = Finding(
        rule=code,
        severity=severity,
        message=given
        or wording(component, path, _parameter(shapes, source, component), _name(shapes, source)),
        remedy=rule.remedy if rule else "",
        focus=None if focus is None else from_rdflib(focus),
        path=path,
        value=None if value is None else from_rdflib(value),
        shape=str(shape),
        component=component,
        source_shape=None if source is None else from_rdflib(source),
        graded=str(results.value(result, SH.resultSeverity) or ""),
    )
    if is_nested:
        return made
    inner = (lifted(leaf, made.focus, path) for leaf in _leaves(results, result, shapes, rules))
    return made._replace(details=tuple(sorted(inner, key=str)))


def _leaves(
    results: Graph, result: Node, shapes: Graph, rules: Mapping[str, Rule]
) -> Iterator[Finding]:
    """What failed within the shape of a nested result, SHACL section 3.6.2.5."""
    for detail in results.objects(result, SH.detail):
        made = _finding(results, detail, shapes, rules, is_nested=True)
        below = list(_leaves(results, detail, shapes, rules))
        yield from (lifted(leaf, made.focus, made.path) for leaf in below or [made])


def _has_message(shapes: Graph, source: Node | None, shape: Node | None, component: str) -> bool:
    """Whether the message of a result is somebody's words and not the engine's."""
    constraints = list(shapes.objects(source, SH.sparql)) if source is not None else []
    for name in (SH.validator, SH.propertyValidator, SH.nodeValidator):
        constraints += shapes.objects(URIRef(component), name)
    return any(
        shapes.value(node, SH.message) is not None for node in (source, shape, *constraints) if node
    )


def _name(shapes: Graph, source: Node | None) -> str:
    """What a property shape calls its property, English before other languages."""
    return _first(shapes.objects(source, SH.name)) if source is not None else ""


def _message(results: Graph, result: Node) -> str:
    """The message of a result, English before other languages."""
    return _first(results.objects(result, SH.resultMessage))


def _first(texts: Iterable[Node]) -> str:
    """The first of some texts, English before other languages; empty for none."""
    found = sorted(
        ((getattr(t, "language", None) or "en").partition("-")[0].lower() != "en", str(t))
        for t in texts
    )
    return found[0][1] if found else ""


def _parameter(shapes: Graph, source: Node | None, component: str) -> list[str]:
    """What a constraint component was given (2 for sh:minCount 2), as text."""
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    if source is None or not name:
        return []
    parameter = URIRef(f"{SH}{name[0].lower()}{name[1:]}") if name != "SPARQL" else SH.sparql
    value = shapes.value(source, parameter)
    if isinstance(value, BNode):
        return [str(member) for member in Collection(shapes, value)]
    return [] if value is None else [str(value)]


def _path(graph: Graph, node: Node) -> Path:
    """A property path as SHACL writes it in RDF, section 2.3.1."""
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    for predicate, operator in _OPERATORS.items():
        inner = graph.value(node, predicate)
        if inner is not None:
            parts = Collection(graph, inner) if operator == "alternative" else [inner]
            return PathOf(operator, tuple(_path(graph, part) for part in parts))
    return PathOf("sequence", tuple(_path(graph, part) for part in Collection(graph, node)))
