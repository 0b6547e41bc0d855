"""Shapes to a plan: each compiled as far as it can be, for what there is in a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from emgraph.errors import EmgraphError, Unanswered, Uncovered, WrongShapes
from emgraph.namespaces import SH
from emgraph.rdf.classes import superclasses
from emgraph.shacl import soundness
from emgraph.shacl.compiler import Compiler
from emgraph.shacl.conditions import CanMatch
from emgraph.shacl.jobs import LISTS, NODE, QUALIFIED, Job, Plan, Query, Target
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import Altered, reads
from emgraph.shacl.wording import path_text, wording
from emgraph.terms import Term


def compiler_for_all(shapes: Shapes, ontology: Iterable[Quad], can_match: CanMatch) -> Compiler:
    """A compiler for data of any class of an ontology."""
    under: dict[str, set[str]] = {}
    for class_, above in superclasses(ontology).items():
        for one in above:
            under.setdefault(one, set()).add(class_)
    return Compiler(shapes, lambda class_: under.get(class_, set()) | {class_}, can_match)


def planned(shapes: Shapes, make: Callable[[], Compiler], altered: Altered) -> Plan:
    """The plan; raises EmgraphError for shapes that cannot be run.

    A compiler that is made loses its place when a shape is not covered, so another is made.
    """
    soundness.check(shapes)
    compiler = make()
    jobs: list[Job] = []
    left: dict[Term, str] = {}
    counted: dict[str, list[Target]] = {}
    for shape in shapes.targeted():
        try:
            aim = compiler.aim(shape)
        except Uncovered as reason:
            if shapes.is_active(shape):
                left[shape] = str(reason)
            continue
        for code in shapes.codes_below(shape):
            counted.setdefault(code, []).append(aim)
        try:
            queries = compiler.queries(shape)
            if queries and altered:
                altered.check(reads(shapes, shape))
            jobs += [job(query, shapes, aim) for query in queries]
        except Uncovered as reason:
            compiler = make()
            left[shape] = str(reason)
        except (WrongShapes, Unanswered):
            raise
        except EmgraphError as fault:
            raise WrongShapes(shape, str(fault)) from fault
    return Plan(jobs, counted, left)


def job(query: Query, shapes: Shapes, aim: Target, *, is_nested: bool = False) -> Job:
    """A query with what its rows are; one within another shape speaks in its own words alone."""
    code, coded = shapes.code(query.shape)
    return Job(
        query,
        aim,
        code,
        coded.value if isinstance(coded, NamedNode | BlankNode) else str(coded),
        shapes.severity(query.shape),
        _message(query, shapes, query.shape if is_nested else coded),
        shapes.text(query.shape, SH + "severity"),
        has_leaves(query, shapes),
    )


def has_leaves(query: Query, shapes: Shapes) -> bool:
    """Whether a result is told by what failed in the shapes within.

    Not where somebody's words tell what the choice is between.
    """
    if query.component == NODE or LISTS.get(query.component) == "And":
        return True
    _, coded = shapes.code(query.shape)
    is_worded = any(shapes.messages(shape) for shape in (query.shape, coded))
    return (query.component in LISTS or query.component == QUALIFIED) and not is_worded


def _message(query: Query, shapes: Shapes, coded: Term) -> str:
    """The words of the constraint, of its shape, of the shape with the code, or else ours."""
    for node in (query.constraint, query.shape, coded):
        for message in shapes.messages(node)[:1] if node is not None else ():
            return _with_given(message.value, query)
    given = shapes.given(query.parameter)
    return wording(query.component, query.path, given, shapes.name(query.shape))


def _with_given(message: str, query: Query) -> str:
    """A message with the path and what a component was given for their names, section 5.3.2."""
    known = {n: t.value if isinstance(t, NamedNode | Literal) else str(t) for n, t in query.given}
    if query.constraint is not None and query.path is not None:
        known["PATH"] = path_text(query.path)
    for name, said in known.items():
        message = message.replace(f"{{${name}}}", said).replace(f"{{?{name}}}", said)
    return message
