"""SHACL by whole-graph SPARQL, asked where the data is: what the reference finds, sooner."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from emgraph.classes import closure
from emgraph.errors import EmgraphError, Unanswered, WrongShapes
from emgraph.finding import Finding
from emgraph.namespaces import DCTERMS, RDF, RDFS, SH, shrink
from emgraph.rules import Rule
from emgraph.shacl import soundness
from emgraph.shacl.compiler import Compiler, Query
from emgraph.shacl.leaves import Leaves
from emgraph.shacl.places import Place, Row
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import Spelling
from emgraph.shacl.value_tests import Uncovered
from emgraph.shacl.wording import wording
from emgraph.sharing import shared
from emgraph.stopwatch import Stopwatch
from emgraph.terms import Term

_CLASSES = f"SELECT DISTINCT ?class WHERE {{ ?any <{RDF}type> ?class }}"
_PAIRS = f"SELECT DISTINCT ?class ?above WHERE {{ ?class <{RDFS}subClassOf> ?above }}"
_CODE = NamedNode(DCTERMS + "identifier")


class Compiled:
    """A place to ask, and the shapes.

    `fallen_back` says, once findings have been asked for, which shapes were left to be judged
    otherwise, and why.
    """

    def __init__(self, place: Place, shapes: Sequence[Quad]) -> None:
        self._place, self._shape_quads = place, shapes
        self._below = _Below(place)
        self._matching: dict[tuple[str, str], bool] = {}
        self._prepared: tuple[Shapes, list[_Job], dict[Term, str]] | None = None
        self.fallen_back: dict[str, str] = {}
        self.watch = Stopwatch()

    def is_quick(self, rules: Mapping[str, Rule]) -> bool:
        """Whether no shape has to be left to a slower engine.

        Raises EmgraphError for shapes that cannot be run.
        """
        return not self._prepare(rules)[2]

    def findings(self, rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the shapes find: of the coded ones those wanted, of those without a code all.

        Raises EmgraphError for shapes that cannot be run.
        """
        shapes, jobs, left = self._prepared or self._prepare(rules)
        found: list[Finding] = []
        answers = shared(self._answer, jobs, self._place.workers)
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Uncovered):
                left.setdefault(job.shape, str(answer))
        make = partial(_finding, shapes=shapes, rules=rules, spelling=self._place.spelling)
        leaves = Leaves(
            lambda: self._compiler(shapes), self._place, shapes, partial(make, is_nested=True)
        )
        for (shape, _, query), answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Uncovered) or shape in left:
                continue
            own = [(n, r) for r in answer if (n := r["this"]) is not None and self._place.is_own(n)]
            inner = leaves.of(query, [row for _, row in own])
            for (focus, row), details in zip(own, inner, strict=True):
                finding = make(focus, query, row)
                found.append(replace(finding, details=details) if details else finding)
        self.fallen_back = {_name(shape): reason for shape, reason in left.items()}
        yield from found
        if left:
            try:
                with self.watch.of("pySHACL"):
                    yield from self._place.judged_otherwise(left, self._shape_quads, rules)
            except WrongShapes:
                raise
            except EmgraphError as fault:
                guilty = next(iter(left)) if len(left) == 1 else None
                raise WrongShapes(guilty, str(fault)) from fault

    def _prepare(self, rules: Mapping[str, Rule]) -> tuple[Shapes, list[_Job], dict[Term, str]]:
        """The shapes, the queries to be asked, and the shapes that cannot be compiled."""
        codes = {
            q.object.value
            for q in self._shape_quads
            if q.predicate == _CODE and isinstance(q.object, Literal)
        }
        shapes = Shapes(self._shape_quads, codes - set(rules))
        soundness.check(shapes)
        self._prepared = (shapes, *self._jobs(shapes))
        return self._prepared

    def _jobs(self, shapes: Shapes) -> tuple[list[_Job], dict[Term, str]]:
        """The queries to be asked, and the shapes that cannot be compiled, each with the reason."""
        compiler = self._compiler(shapes)
        jobs: list[_Job] = []
        left: dict[Term, str] = {}
        for shape in shapes.targeted():
            try:
                queries = compiler.queries(shape)
                if queries:
                    self._place.altered.check(shapes, shape)
                jobs += [_Job(shape, shapes.code(query.shape)[0], query) for query in queries]
            except Uncovered as reason:
                compiler = self._compiler(shapes)
                left[shape] = str(reason)
            except (WrongShapes, Unanswered):
                raise
            except EmgraphError as fault:
                raise WrongShapes(shape, str(fault)) from fault
        return jobs, left

    def _answer(self, job: _Job) -> list[Row] | Uncovered:
        """The rows of a query, or why it cannot be asked."""
        with self.watch.of(job.code):
            try:
                return list(self._place.rows(job.query.text))
            except Uncovered as reason:
                return reason
            except Unanswered:
                raise
            except EmgraphError as fault:
                raise WrongShapes(job.shape, str(fault)) from fault

    def looked_at(self, rules: Mapping[str, Rule]) -> dict[str, int]:
        """How many nodes each wanted rule looked at, and EMG000: the shapes without a code."""
        shapes = self._prepared[0] if self._prepared else Shapes(self._shape_quads)
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
        jobs = list(dict.fromkeys(map(tuple, patterns.values())))
        counted = dict(zip(jobs, shared(self._count, jobs, self._place.workers), strict=True))
        return {code: counted[tuple(found)] for code, found in sorted(patterns.items())}

    def _compiler(self, shapes: Shapes) -> Compiler:
        place = self._place
        return Compiler(
            shapes, self._below, self._can_match, place.is_used, place.stands, place.facts
        )

    def _count(self, patterns: Sequence[str]) -> int:
        """How many nodes of the data the patterns bind."""
        ways = [f"{{ {pattern} }}" for pattern in patterns if pattern]
        if not ways:
            return 0
        united = " UNION ".join(ways)
        return self._place.count(f"SELECT DISTINCT ?this WHERE {{ {united} }}")

    def _can_match(self, pattern: str, flags: str) -> bool:
        """Whether the engine understands a regular expression: else it gives nothing at all."""
        key = (pattern, flags)
        if key not in self._matching:
            text = (
                f"SELECT (REGEX('', {Literal(pattern)}, {Literal(flags)}) AS ?matches) WHERE {{}}"
            )
            self._matching[key] = any(row["matches"] is not None for row in self._place.rows(text))
        return self._matching[key]


class _Job(NamedTuple):
    """A query to be asked, for which shape and under which code."""

    shape: Term
    code: str
    query: Query


class _Below:
    """Gives a class with all below it, of which there are instances."""

    def __init__(self, place: Place) -> None:
        self._used = {name for row in place.rows(_CLASSES) if (name := _iri(row["class"]))}
        self._under = {class_: set(below) for class_, below in place.facts.under.items()}
        for row in place.rows(_PAIRS):
            class_, above = _iri(row["class"]), _iri(row["above"])
            if class_ and above:
                self._under.setdefault(above, set()).add(class_)

    def __call__(self, class_: str) -> Collection[str]:
        return closure(class_, self._under) & self._used


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _name(shape: Term) -> str:
    return shrink(shape.value) if isinstance(shape, NamedNode) else str(shape)


def _finding(
    focus: Term,
    query: Query,
    row: Row,
    shapes: Shapes,
    rules: Mapping[str, Rule],
    spelling: Spelling,
    *,
    is_nested: bool = False,
) -> Finding:
    """A row as a finding; one within another shape does not speak in the words of that shape."""
    code, shape = shapes.code(query.shape)
    words = query.shape if is_nested else shape
    rule = rules.get(code)
    path = query.path
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
        message=_message(query, row, shapes, words)
        or wording(query.component, path, shapes.given(query.parameter), shapes.name(query.shape)),
        remedy=rule.remedy if rule else "",
        focus=focus,
        path=path,
        value=value if value is None else spelling.of(value, focus),
        shape=shape.value if isinstance(shape, NamedNode | BlankNode) else str(shape),
        component=query.component,
        source_shape=query.shape,
        graded=shapes.text(query.shape, SH + "severity"),
    )


def _of(row: Row, name: str) -> Term | None:
    try:
        return row[name]
    except KeyError:
        return None


def _message(query: Query, row: Row, shapes: Shapes, coded: Term) -> str:
    """The words of the answer, of the constraint, of its shape, or of the shape with the code."""
    said = _of(row, "message") if query.constraint is not None else None
    if isinstance(said, Literal):
        return said.value
    for node in (query.constraint, query.shape, coded):
        for message in shapes.messages(node)[:1] if node is not None else ():
            return _filled(message.value, row) if query.constraint is not None else message.value
    return ""


def _filled(text: str, row: Row) -> str:
    """A message with {?name} or {$name} replaced by what the row says, SHACL section 5.1.2."""

    def _put(match: re.Match[str]) -> str:
        term = _of(row, match[1])
        return term.value if isinstance(term, NamedNode | Literal | BlankNode) else match[0]

    return re.sub(r"\{[?$](\w+)\}", _put, text)
