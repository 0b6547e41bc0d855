"""SHACL by whole-graph SPARQL on an Oxigraph store in memory: what the reference finds, sooner."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Store,
)

from emgraph.classes import closure
from emgraph.errors import EmgraphError
from emgraph.finding import Finding
from emgraph.namespaces import DCTERMS, ONTOLOGY, RDF, RDFS, SH, shrink
from emgraph.rules import Rule
from emgraph.shacl.compiler import Compiler, Query
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import Altered, Spelling
from emgraph.shacl.value_tests import Uncovered
from emgraph.shacl.wording import wording
from emgraph.stopwatch import Stopwatch
from emgraph.terms import Term
from emgraph.tokens import tokens

_SPARQL = tuple(SH + name for name in ("select", "ask", "construct"))
_TARGETS = tuple(
    SH + name
    for name in ("target", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_PROPERTIES = "SELECT DISTINCT ?p WHERE { ?s ?p ?o }"
_TYPE, _CODE = NamedNode(RDF + "type"), NamedNode(DCTERMS + "identifier")


class Compiled:
    """The statements with their background (ontology, run) in a store, and the shapes.

    `fallen_back` says, once findings have been asked for, which shapes were left to the reference
    engine and why. A store that is given holds the statements with their merge already; it gets
    the background as well.
    """

    def __init__(
        self,
        quads: Sequence[Quad],
        background: Sequence[Quad],
        shapes: Sequence[Quad],
        store: Store | None = None,
    ) -> None:
        self._quads, self._background, self._shape_quads = quads, background, shapes
        merge = [*quads, *background]
        if store is None:
            store = Store()
            store.extend(quads if _read_graphs(shapes) else ())
            store.extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        elif _read_graphs(shapes):
            store.remove_graph(NamedNode(ONTOLOGY))
        store.extend(Quad(q.subject, q.predicate, q.object) for q in background)
        self._store = store
        self._below = _Below(self._store)
        self._properties = {row["p"].value for row in self._rows(_PROPERTIES)}
        self._named = {q.object for q in shapes if q.predicate.value == SH + "targetNode"}
        self._matching: dict[tuple[str, str], bool] = {}
        about = {term for quad in background for term in (quad.subject, quad.object)}
        own = {t for quad in quads for t in (quad.subject, quad.object) if t in about}
        self._foreign = about - own
        self._altered = Altered(merge)
        self.fallen_back: dict[str, str] = {}
        self.watch = Stopwatch()

    def findings(self, rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the shapes find: of the coded ones those wanted, of those without a code all.

        Raises EmgraphError for shapes that cannot be run.
        """
        codes = {
            q.object.value
            for q in self._shape_quads
            if q.predicate == _CODE and isinstance(q.object, Literal)
        }
        shapes = Shapes(self._shape_quads, codes - set(rules))
        shapes.check()
        compiler = self._compiler(shapes)
        left: dict[Term, str] = {}
        found: list[Finding] = []
        spelling = Spelling(self._quads)
        for shape in shapes.targeted():
            try:
                queries = compiler.queries(shape)
                if queries:
                    self._altered.check(shapes, shape)
                rows = []
                for query in queries:
                    with self.watch.of(shapes.code(query.shape)[0]):
                        rows += [(query, row) for row in self._rows(query.text)]
            except Uncovered as reason:
                compiler = self._compiler(shapes)
                left[shape] = str(reason)
                continue
            for query, row in rows:
                if self._is_own(row["this"]):
                    found.append(_finding(query, row, shapes, rules, spelling))
        self.fallen_back = {_name(shape): reason for shape, reason in left.items()}
        yield from found
        if left:
            yield from self._by_reference(left, rules)

    def looked_at(self, rules: Mapping[str, Rule]) -> dict[str, int]:
        """How many nodes each wanted rule looked at, and EMG000: the shapes without a code."""
        shapes = Shapes(self._shape_quads)
        compiler = self._compiler(shapes)
        patterns: dict[str, list[str]] = {c: [] for c, r in rules.items() if not r.is_file_rule}
        for shape in shapes.targeted():
            try:
                pattern = compiler.target(shape)
            except Uncovered:
                continue
            for code in shapes.codes_below(shape):
                if code in patterns or code == "EMG000":
                    patterns.setdefault(code, []).append(pattern)
        counted: dict[tuple[str, ...], int] = {}
        for found in patterns.values():
            key = tuple(found)
            if key not in counted:
                counted[key] = self._count([pattern for pattern in found if pattern])
        return {code: counted[tuple(found)] for code, found in sorted(patterns.items())}

    def _compiler(self, shapes: Shapes) -> Compiler:
        return Compiler(shapes, self._below, self._can_match, self._properties.__contains__)

    def _count(self, patterns: Sequence[str]) -> int:
        """How many nodes of the data the patterns bind."""
        if not patterns:
            return 0
        united = " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
        rows = self._rows(f"SELECT DISTINCT ?this WHERE {{ {united} }}")
        return sum(self._is_own(row["this"]) for row in rows)

    def _is_own(self, node: Term) -> bool:
        """Whether a focus node is in the data, and not in their background alone."""
        if node in self._foreign:
            return False
        if (
            node not in self._named
            or next(self._store.quads_for_pattern(None, None, node), None) is not None
        ):
            return True
        if isinstance(node, Literal):
            return False
        return next(self._store.quads_for_pattern(node, None, None), None) is not None

    def _rows(self, text: str) -> Iterator[QuerySolution]:
        try:
            answer = self._store.query(text)
        except SyntaxError as error:
            raise Uncovered(f"SPARQL that is not understood: {error}") from error
        if not isinstance(answer, QuerySolutions):
            raise EmgraphError("the shapes cannot be run: a constraint is not a SELECT.")
        return answer

    def _can_match(self, pattern: str, flags: str) -> bool:
        """Whether the engine understands a regular expression: else it gives nothing at all."""
        key = (pattern, flags)
        if key not in self._matching:
            text = (
                f"SELECT (REGEX('', {Literal(pattern)}, {Literal(flags)}) AS ?matches) WHERE {{}}"
            )
            self._matching[key] = any(row["matches"] is not None for row in self._rows(text))
        return self._matching[key]

    def _by_reference(self, left: Collection[Term], rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the reference engine finds by the shapes that are left to it."""
        from emgraph.shacl.reference import Reference

        shapes = Shapes(self._shape_quads)
        narrowed = [
            quad
            for quad in self._shape_quads
            if quad.subject in left
            or not (
                quad.predicate.value in _TARGETS
                or (
                    quad.predicate == _TYPE
                    and quad.object == NamedNode(RDFS + "Class")
                    and shapes.is_class(quad.subject)
                )
            )
        ]
        yield from Reference(self._quads, self._background, narrowed).findings(rules)


class _Below:
    """Gives a class with all below it, of which there are instances."""

    def __init__(self, store: Store) -> None:
        self._used = {
            row["class"].value
            for row in store.query(f"SELECT DISTINCT ?class WHERE {{ ?s <{RDF}type> ?class }}")  # type: ignore[union-attr]
            if isinstance(row["class"], NamedNode)
        }
        self._under: dict[str, set[str]] = {}
        for quad in store.quads_for_pattern(None, NamedNode(RDFS + "subClassOf"), None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                self._under.setdefault(quad.object.value, set()).add(quad.subject.value)

    def __call__(self, class_: str) -> Collection[str]:
        return closure(class_, self._under) & self._used


def _read_graphs(shapes: Sequence[Quad]) -> bool:
    """Whether some SPARQL in the shapes reads named graphs."""
    return any(
        token.kind == "word" and token.text.upper() == "GRAPH"
        for quad in shapes
        if quad.predicate.value in _SPARQL and isinstance(quad.object, Literal)
        for token in tokens(quad.object.value)
    )


def _name(shape: Term) -> str:
    return shrink(shape.value) if isinstance(shape, NamedNode) else str(shape)


def _finding(
    query: Query, row: QuerySolution, shapes: Shapes, rules: Mapping[str, Rule], spelling: Spelling
) -> Finding:
    code, shape = shapes.code(query.shape)
    rule = rules.get(code)
    focus, path = row["this"], query.path
    value, said = _of(row, "value"), _of(row, "path")
    if query.component == f"{SH}ClosedConstraintComponent":
        value = _of(row, "object")
    if isinstance(said, NamedNode):
        path = said
    if value is None and query.value_is_focus:
        value = focus
    return Finding(
        rule=code,
        severity=shapes.severity(query.shape),
        message=_message(query, row, shapes, shape)
        or wording(query.component, path, _parameter(shapes, query.parameter)),
        remedy=rule.remedy if rule else "",
        focus=focus,
        path=path,
        value=value if value is None else spelling.of(value, focus),
        shape=shape.value if isinstance(shape, NamedNode | BlankNode) else str(shape),
        component=query.component,
    )


def _of(row: QuerySolution, name: str) -> Term | None:
    try:
        found: Term | None = row[name]
    except KeyError:
        return None
    return found


def _message(query: Query, row: QuerySolution, shapes: Shapes, coded: Term) -> str:
    """The words of the answer, of the constraint, of its shape, or of the shape with the code."""
    said = _of(row, "message") if query.constraint is not None else None
    if isinstance(said, Literal):
        return said.value
    for node in (query.constraint, query.shape, coded):
        for message in shapes.messages(node)[:1] if node is not None else ():
            return _filled(message.value, row) if query.constraint is not None else message.value
    return ""


def _filled(text: str, row: QuerySolution) -> str:
    """A message with {?name} or {$name} replaced by what the row says, SHACL section 5.1.2."""

    def _put(match: re.Match[str]) -> str:
        term = _of(row, match[1])
        return term.value if isinstance(term, NamedNode | Literal | BlankNode) else match[0]

    return re.sub(r"\{[?$](\w+)\}", _put, text)


def _parameter(shapes: Shapes, parameter: Term | None) -> str:
    """What a constraint component was given (2 for sh:minCount 2), as text."""
    if isinstance(parameter, BlankNode):
        listed = shapes.members(parameter) if shapes.is_list(parameter) else []
        return ", ".join(getattr(member, "value", "") for member in listed)
    return parameter.value if isinstance(parameter, NamedNode | Literal) else ""
