"""SHACL by whole-graph SPARQL, asked where the data is: what the reference finds, sooner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.errors import EmgraphError, Late, Unanswered, Uncovered, WrongShapes
from emgraph.finding import Finding
from emgraph.namespaces import DCTERMS, RDF, RDFS, shrink
from emgraph.rdf.classes import closure
from emgraph.shacl.jobs import Job, Plan, Query, Row, Target
from emgraph.shacl.places import Place, understands
from emgraph.shacl.rules import Rule
from emgraph.sharing import shared
from emgraph.stopwatch import Stopwatch
from emgraph.terms import Term

if TYPE_CHECKING:
    from emgraph.shacl.compiler import Compiler
    from emgraph.shacl.leaves import Leaves
    from emgraph.shacl.shapes import Shapes

_CLASSES = f"SELECT DISTINCT ?class WHERE {{ ?any <{RDF}type> ?class }}"
_PAIRS = f"SELECT DISTINCT ?class ?above WHERE {{ ?class <{RDFS}subClassOf> ?above }}"
COUNTING = "the counts of nodes"
_CODE = NamedNode(DCTERMS + "identifier")


class Compiled:
    """A place to ask, and the shapes.

    A `plan` is asked if it holds for all that a place can have; else the shapes are compiled.
    Once findings have been asked for, `fallen_back` says which shapes were left to be judged
    otherwise, and `unanswered` for which rules not every question was answered, and why.
    """

    def __init__(
        self, place: Place, shapes: Callable[[], Sequence[Quad]], plan: Plan | None = None
    ) -> None:
        self._place, self._shape_quads = place, shapes
        self._plan = plan
        self._wanted: Collection[str] | None = None
        self._matching: dict[tuple[str, str], bool] = {}
        self.fallen_back: dict[str, str] = {}
        self.unanswered: dict[str, str] = {}
        self.watch = Stopwatch()

    def is_quick(self, rules: Mapping[str, Rule]) -> bool:
        """Whether no shape has to be left to a slower engine.

        Raises EmgraphError for shapes that cannot be run.
        """
        return not self._planned(rules).left

    def findings(self, rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the shapes find: of the coded ones those wanted, of those without a code all.

        Raises EmgraphError for shapes that cannot be run.
        """
        plan = self._planned(rules)
        jobs = [job for job in plan.jobs if self._is_met(job.target)]
        left = plan.left
        found: list[Finding] = []
        answers = shared(self._answer, jobs, self._place.workers)
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Uncovered):
                left.setdefault(job.target.shape, str(answer))
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Late):
                self._note(job, answer)
            if isinstance(answer, Uncovered | Late) or job.target.shape in left:
                continue
            try:
                own = [
                    (n, r)
                    for r in answer
                    for n in (r["this"],)
                    if n is not None and self._place.is_own(n)
                ]
            except Late as late:
                self._note(job, late)
                continue
            nested = own and job.has_leaves
            try:
                inner = self._leaves(rules).of(job.query, [row for _, row in own]) if nested else ()
            except Late as late:
                self._note(job, late)
                inner = ()
            for number, (focus, row) in enumerate(own):
                finding = job.finding(row, focus, rules, self._place.spelling)
                details = inner[number] if inner else ()
                found.append(finding._replace(details=details) if details else finding)
        self.fallen_back = {_name(shape): reason for shape, reason in left.items()}
        yield from found
        if left:
            try:
                with self.watch.of("pySHACL"):
                    yield from self._place.judged_otherwise(left, self._shape_quads(), rules)
            except WrongShapes:
                raise
            except EmgraphError as fault:
                guilty = next(iter(left)) if len(left) == 1 else None
                raise WrongShapes(guilty, str(fault)) from fault

    def looked_at(self, rules: Mapping[str, Rule]) -> dict[str, int]:
        """How many nodes each wanted rule looked at, and EMG000: the shapes without a code."""
        counted = self._planned(rules).counted
        codes = {code for code, rule in rules.items() if not rule.is_file_rule}
        asked = {
            code: tuple(t.pattern for t in counted.get(code, ()) if t.pattern and self._is_met(t))
            for code in sorted(codes | ({*counted} & {"EMG000"}))
        }
        jobs = list(dict.fromkeys(asked.values()))
        numbers = dict(zip(jobs, shared(self._count, jobs, self._place.workers), strict=True))
        counts = {code: numbers[patterns] for code, patterns in asked.items()}
        return {code: count for code, count in counts.items() if count is not None}

    def _planned(self, rules: Mapping[str, Rule]) -> Plan:
        """The plan; shapes whose code is not among the rules judge nothing."""
        if self._plan is None:
            from emgraph.shacl.planning import planned

            self._wanted = set(rules)
            self._plan = planned(self._shapes, self._compiler, self._place.altered)
        return self._plan

    def _note(self, job: Job, late: Late) -> None:
        """Remember that a rule, or a shape without a code, was not judged."""
        name = _name(job.target.shape) if job.code == "EMG000" else job.code
        self.unanswered.setdefault(name, str(late))

    def _answer(self, job: Job) -> list[Row] | Uncovered | Late:
        """The rows of a query, or why it cannot be asked, or why there was no answer."""
        with self.watch.of(job.code):
            try:
                return list(self._place.rows(job.query.text))
            except Uncovered as reason:
                return reason
            except Late as late:
                return Late(str(late))
            except Unanswered:
                raise
            except EmgraphError as fault:
                raise WrongShapes(job.target.shape, str(fault)) from fault

    def _leaves(self, rules: Mapping[str, Rule]) -> Leaves:
        """What looks into inner shapes."""
        from emgraph.shacl.leaves import Leaves
        from emgraph.shacl.planning import job

        def _make(focus: Term, query: Query, row: Row) -> Finding:
            inner = job(query, self._shapes, Target(query.shape, ""), is_nested=True)
            return inner.finding(row, focus, rules, self._place.spelling)

        return Leaves(self._compiler, self._place, self._shapes, _make)

    @cached_property
    def _shapes(self) -> Shapes:
        """The shapes, those with a code that is not wanted switched off."""
        from emgraph.shacl.shapes import Shapes

        quads, wanted = self._shape_quads(), self._wanted
        codes = {
            q.object.value for q in quads if q.predicate == _CODE and isinstance(q.object, Literal)
        }
        return Shapes(quads, () if wanted is None else codes.difference(wanted))

    @cached_property
    def _below(self) -> _Below:
        return _Below(self._place, self._used)

    @cached_property
    def _used(self) -> set[str]:
        """The classes of which there are instances."""
        return {name for row in self._place.rows(_CLASSES) if (name := _iri(row["class"]))}

    def _is_met(self, target: Target) -> bool:
        """Whether the data can have a focus node."""
        needs = target.classes or target.properties
        return not needs or (
            not self._used.isdisjoint(target.classes)
            or any(map(self._place.is_used, target.properties))
        )

    def _compiler(self) -> Compiler:
        from emgraph.shacl.compiler import Compiler

        place = self._place
        return Compiler(
            self._shapes,
            self._below,
            self._can_match,
            place.is_used,
            place.is_own,
            place.stands,
            place.facts,
        )

    def _count(self, patterns: Sequence[str]) -> int | None:
        """How many nodes of the data the patterns bind; nothing if that is not answered."""
        if not patterns:
            return 0
        united = " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
        try:
            return self._place.count(f"SELECT DISTINCT ?this WHERE {{ {united} }}")
        except Late as late:
            self.unanswered.setdefault(COUNTING, str(late))
            return None

    def _can_match(self, pattern: str, flags: str) -> bool:
        key = (pattern, flags)
        if key not in self._matching:
            self._matching[key] = understands(self._place.rows, pattern, flags)
        return self._matching[key]


class _Below:
    """Gives a class with all below it, of which there are instances."""

    def __init__(self, place: Place, used: Collection[str]) -> None:
        self._used = used
        self._under = {class_: set(below) for class_, below in place.facts.under.items()}
        for row in place.rows(_PAIRS):
            class_, above = _iri(row["class"]), _iri(row["above"])
            if class_ and above:
                self._under.setdefault(above, set()).add(class_)

    def __call__(self, class_: str) -> Collection[str]:
        return closure(class_, self._under).intersection(self._used)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _name(shape: Term) -> str:
    return shrink(shape.value) if isinstance(shape, NamedNode) else str(shape)
