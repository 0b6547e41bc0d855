"""When a node violates a shape, as one SPARQL expression over a bound variable (SHACL section 4).

Shapes that shapes refer to become EXISTS inside EXISTS, one triple pattern each (see paths.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from emgraph.errors import EmgraphError, Uncovered
from emgraph.finding import Path
from emgraph.namespaces import SH, shrink
from emgraph.shacl import value_tests as tests
from emgraph.shacl.facts import NOTHING, Facts
from emgraph.shacl.paths import Fresh, is_step, reach, triple
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.validators import Validators
from emgraph.shacl.value_tests import every, negation, some
from emgraph.terms import Term

_BY_FOCUS = (
    *("hasValue", "minCount", "maxCount", "uniqueLang", "equals", "lessThan"),
    *("lessThanOrEquals", "qualifiedMinCount", "qualifiedMaxCount"),
)
_BY_VALUE = (
    *("class", "datatype", "nodeKind", "minExclusive", "minInclusive", "maxExclusive"),
    *("maxInclusive", "minLength", "maxLength", "pattern", "languageIn", "in", "not", "and"),
    *("or", "xone", "node", "disjoint"),
)
_MOST_NESTED = 3

Classes = Callable[[str], Collection[str]]
CanMatch = Callable[[str, str], bool]


class Failure(NamedTuple):
    """How a value fails one constraint: component, parameter, and the expression that says so.

    Of a component of one's own also its validator, and what it was given by name.
    """

    component: str
    parameter: Term | None
    expression: str
    validator: Term | None = None
    given: tuple[tuple[str, Term], ...] = ()


class Conditions:
    """Writes expressions about shapes; `below` gives a class with all below it.

    `can_match` says whether the engine understands a regular expression with its flags.
    """

    def __init__(
        self,
        shapes: Shapes,
        below: Classes,
        fresh: Fresh,
        can_match: CanMatch,
        facts: Facts = NOTHING,
    ) -> None:
        self.shapes = shapes
        self.fresh = fresh
        self.validators = Validators(shapes)
        self._below = below
        self._can_match = can_match
        self._facts = facts
        self._open: list[Term] = []

    def enter(self, shape: Term) -> None:
        """Begin a shape; raises EmgraphError for one that refers to itself (section 3.4.3)."""
        if isinstance(shape, Literal):
            raise EmgraphError(f"the shapes cannot be run: {shape} stands where a shape should.")
        if shape in self._open:
            named = [s for s in (shape, *self._open) if isinstance(s, NamedNode)]
            name = shrink(named[0].value) if named else "a shape"
            raise EmgraphError(
                f"the shapes cannot be run: {name} is recursive, it refers to itself. "
                "Take the reference out."
            )
        self._facts.check(self.shapes.path_of(shape))
        self._open.append(shape)

    def leave(self) -> None:
        """End the shape that was begun last."""
        self._open.pop()

    def kinds(self, class_: Term) -> Collection[str]:
        """A class and all below it; raises EmgraphError for what is no IRI."""
        if not isinstance(class_, NamedNode):
            raise Uncovered("a class without an IRI")
        return self._below(class_.value)

    def violates(self, shape: Term, value: str) -> str:
        """An expression: the value does not conform to the shape."""
        self.enter(shape)
        try:
            return some(self._violations(shape, value)) if self.shapes.is_active(shape) else "false"
        finally:
            self.leave()

    def _violations(self, shape: Term, this: str) -> Iterator[str]:
        path = self.shapes.path_of(shape)
        if self.shapes.objects(shape, SH + "sparql"):
            raise Uncovered("sh:sparql in a shape that another shape refers to")
        if path is None:
            yield from (failure.expression for failure in self.by_value(shape, this, this))
            for nested in self.shapes.objects(shape, SH + "property"):
                yield self.violates(nested, this)
        else:
            value = self.fresh()
            failing = [f.expression for f in self.by_value(shape, this, value)]
            failing += [
                self.violates(nested, value)
                for nested in self.shapes.objects(shape, SH + "property")
            ]
            yield from (reach(this, path, value, one, self.fresh) for one in failing)
        said = self.shapes.properties(shape)
        for name in _BY_FOCUS:
            for parameter in said.get(SH + name, ()):
                yield self.by_focus(shape, name, parameter, this, path)

    def by_value(self, shape: Term, this: str, value: str) -> Iterator[Failure]:
        """How a value node of a shape's focus node fails each constraint that judges it alone."""
        said = self.shapes.properties(shape)
        for name in _BY_VALUE:
            for parameter in said.get(SH + name, ()):
                expression = self._fails(shape, name, parameter, this, value)
                yield Failure(_component(name), parameter, expression)
        if Literal(True) in self.shapes.objects(shape, SH + "closed"):
            predicate, found = self.fresh(), self.fresh()
            test = (
                f"EXISTS {{ {value} {predicate} {found} FILTER({self.closing(shape, predicate)}) }}"
            )
            yield Failure(_component("closed"), None, test)
        for use, expression in self.validators.tests(shape, this, value):
            test = self._facts.written(expression)
            yield Failure(use.name, None, test, use.validator, tuple(use.given.items()))

    def _fails(self, shape: Term, name: str, given: Term, this: str, value: str) -> str:
        if name == "node":
            return self.violates(given, value)
        if name == "not":
            return negation(self.violates(given, value))
        if name == "disjoint":
            return f"EXISTS {{ {this} {_property(given)} {value} }}"
        if name in ("and", "or", "xone"):
            members = [self.violates(member, value) for member in self.shapes.members(given)]
            if name == "xone":
                counted = tests.joined(" + ", [f"IF({member}, 0, 1)" for member in members])
                return f"{counted or '0'} != 1"
            return some(members) if name == "and" else every(members)
        return negation(self._passes(shape, name, given, value))

    def _passes(self, shape: Term, name: str, given: Term, value: str) -> str:
        if name == "class":
            things = self._facts.things(given.value) if isinstance(given, NamedNode) else ()
            passes = tests.is_instance(value, self.kinds(given), self.fresh(), things)
        elif name == "datatype":
            passes = tests.is_of_datatype(value, given)
        elif name == "nodeKind":
            passes = tests.is_of_kind(value, given)
        elif name in ("minLength", "maxLength"):
            passes = tests.has_length(value, ">=" if name == "minLength" else "<=", given)
        elif name == "pattern":
            passes = self._matches(shape, given, value)
        elif name == "languageIn":
            passes = tests.is_in_language(value, self.shapes.members(given))
        elif name == "in":
            passes = tests.is_among(value, self._facts.kept(self.shapes.members(given)))
        else:
            passes = tests.compares(value, name, given)
        return passes

    def _matches(self, shape: Term, given: Term, value: str) -> str:
        flags = self.shapes.text(shape, SH + "flags")
        if isinstance(given, Literal) and not self._can_match(given.value, flags):
            raise Uncovered(f"sh:pattern {given}, which the engine does not understand")
        return tests.matches(value, given, flags)

    def by_focus(self, shape: Term, name: str, given: Term, this: str, path: Path | None) -> str:
        """An expression: a focus node fails a constraint that judges its value nodes together."""
        if name == "hasValue":
            return self._lacks(this, path, given)
        if name == "equals":
            return self._differs(this, path, given)
        if path is None:
            raise EmgraphError(f"the shapes cannot be run: sh:{name} in a shape without sh:path.")
        if name == "uniqueLang":
            return self._repeats_language(this, path) if given == Literal(True) else "false"
        if name in ("lessThan", "lessThanOrEquals"):
            value, other = self.fresh(), self.fresh()
            least = tests.is_less(value, "<" if name == "lessThan" else "<=", other)
            above = f"EXISTS {{ {this} {_property(given)} {other} FILTER(!{least}) }}"
            return reach(this, path, value, above, self.fresh)
        return self._miscounts(shape, name, given, this, path)

    def _lacks(self, this: str, path: Path | None, given: Term) -> str:
        if path is None:
            return negation(tests.is_among(this, self._facts.kept([given])))
        if not isinstance(given, NamedNode | Literal):
            raise Uncovered("a blank node as a value")
        self._facts.kept([given])
        return negation(reach(this, path, str(given), "", self.fresh))

    def _differs(self, this: str, path: Path | None, given: Term) -> str:
        other, predicate = self.fresh(), _property(given)
        unreached = self.unreached(this, path, other)
        beside = f"EXISTS {{ {this} {predicate} {other} FILTER({unreached}) }}"
        value = this if path is None else self.fresh()
        without = f"NOT EXISTS {{ {this} {predicate} {value} }}"
        within = without if path is None else reach(this, path, value, without, self.fresh)
        return some([beside, within])

    def _miscounts(self, shape: Term, name: str, given: Term, this: str, path: Path) -> str:
        number = whole(given)
        qualified = name.startswith("qualified")
        value = self.fresh()
        condition = self.qualifies(shape, value) if qualified else ""
        if name.lower().endswith("mincount"):
            return negation(self.at_least(number, this, path, value, condition, shape))
        return self.at_least(number + 1, this, path, value, condition, shape)

    def at_least(
        self, number: int, this: str, path: Path, value: str, condition: str, shape: Term
    ) -> str:
        """An expression: so many different values are reached that meet the condition."""
        if number <= 0:
            return "true"
        if number == 1:
            return reach(this, path, value, condition, self.fresh)
        if (
            is_step(path) and number > _MOST_NESTED
        ):  # Virtuoso loses the focus of a group in an EXISTS
            tested = f"{triple(this, path, value)}" + (f" FILTER({condition})" if condition else "")
            having = f"GROUP BY {this} HAVING(COUNT(DISTINCT {value}) >= {number})"
            return f"EXISTS {{ SELECT {this} WHERE {{ {tested} }} {having} }}"
        if number > _MOST_NESTED:
            raise Uncovered(f"a count of {number} along a path in a shape that another refers to")
        expression, values = "", [self.fresh() for _ in range(number)]
        for index in reversed(range(number)):
            differ = [f"!sameTerm({values[index]}, {before})" for before in values[:index]]
            met = [self.qualifies(shape, values[index])] if condition else []
            parts = [*differ, *met, *([expression] if expression else [])]
            expression = reach(this, path, values[index], every(parts) if parts else "", self.fresh)
        return expression

    def qualifies(self, shape: Term, value: str) -> str:
        """An expression: a value conforms to the qualified value shape and to no sibling's."""
        own = self.shapes.value(shape, SH + "qualifiedValueShape")
        if own is None:
            raise EmgraphError("the shapes cannot be run: sh:qualifiedValueShape is missing.")
        barred: list[Term] = []
        if Literal(True) in self.shapes.objects(shape, SH + "qualifiedValueShapesDisjoint"):
            for parent in self.shapes.subjects(SH + "property", shape):
                for beside in self.shapes.objects(parent, SH + "property"):
                    barred += self.shapes.objects(beside, SH + "qualifiedValueShape")
        siblings = [other for other in dict.fromkeys(barred) if other != own]
        return every(
            [
                negation(self.violates(own, value)),
                *(self.violates(other, value) for other in siblings),
            ]
        )

    def unreached(self, this: str, path: Path | None, value: str) -> str:
        """An expression: a value is not among the value nodes."""
        if path is None:
            return f"!sameTerm({this}, {value})"
        return negation(reach(this, path, value, "", self.fresh))

    def closing(self, shape: Term, predicate: str) -> str:
        """An expression: a predicate is none that a closed shape allows, section 4.8.1."""
        allowed = [
            value
            for nested in self.shapes.objects(shape, SH + "property")
            for value in self.shapes.objects(nested, SH + "path")
            if isinstance(value, NamedNode)
        ]
        for ignored in self.shapes.objects(shape, SH + "ignoredProperties"):
            allowed += [m for m in self.shapes.members(ignored) if isinstance(m, NamedNode)]
        names = ", ".join(str(name) for name in dict.fromkeys(allowed))
        return f"!({predicate} IN ({names}))" if names else "true"

    def _repeats_language(self, this: str, path: Path) -> str:
        one, other = self.fresh(), self.fresh()
        tagged = f"isLiteral({one}) && LANG({one}) != '' && isLiteral({other})"
        same = f"LCASE(LANG({one})) = LCASE(LANG({other})) && STR({one}) != STR({other})"
        again = reach(this, path, other, f"{tagged} && {same}", self.fresh)
        return reach(this, path, one, again, self.fresh)


def whole(term: Term) -> int:
    """The whole number that a count must be; raises EmgraphError for another term."""
    if isinstance(term, Literal):
        try:
            return int(term.value)
        except ValueError:
            pass
    raise EmgraphError(f"the shapes cannot be run: {term} is not a whole number.")


def _property(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise EmgraphError(f"the shapes cannot be run: {term} is not a property.")
    return term


def _component(name: str) -> str:
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
