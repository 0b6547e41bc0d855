"""Targeted shapes to whole-graph SPARQL: one query or few for each constraint (SHACL section 3.4).

Every query finds all failures at once: ?this, and where the constraint has one, ?value. None is run
for one focus node. The subclasses of a class are written out, literals are compared behind type
guards, and nothing is said with UNDEF or COALESCE, so that other engines give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from emgraph.errors import Uncovered
from emgraph.finding import Path
from emgraph.namespaces import SH
from emgraph.shacl import sparql
from emgraph.shacl.conditions import CanMatch, Classes, Conditions, Failure, whole
from emgraph.shacl.facts import NOTHING, Facts
from emgraph.shacl.jobs import Query, Target
from emgraph.shacl.paths import Fresh, may_stay, triple
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import parts_of
from emgraph.shacl.validators import fixed
from emgraph.shacl.value_tests import is_less, leaves_out
from emgraph.terms import Term

_FEW = 3  # properties; more are listed, and not united: not elsewhere, Virtuoso joins few
_LONG = 10_000  # characters of a test; a longer list of values is joined instead
_FOCUS, _VALUE, _OTHER = "?this", "?value", "?other"


class Bound(NamedTuple):
    """A pattern that binds ?this, and the variables that tell apart how it was reached.

    A value node that two focus nodes share is judged once for each (SHACL section 4.8.2).
    """

    pattern: str
    keys: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What a query has to project."""
        return " ".join((*self.keys, _FOCUS))


Pattern = Callable[[str], Bound]


class Compiler:
    """Compiles the shapes; see Conditions for what `below` and `can_match` are asked.

    `is_used` says whether some statement has a property, `is_own` whether a node is not of the
    ontology alone; other targets are left out. `stands` says whether a statement is about a node:
    else no engine finds it at the end of a path of no steps. `facts` are written into the queries.
    """

    def __init__(
        self,
        shapes: Shapes,
        below: Classes,
        can_match: CanMatch,
        is_used: Callable[[str], bool] = lambda _: True,
        is_own: Callable[[Term], bool] = lambda _: True,
        stands: Callable[[Term], bool] = lambda _: True,
        facts: Facts = NOTHING,
    ) -> None:
        self.shapes = shapes
        self._fresh = Fresh()
        self._is_used, self._is_own, self._stands, self._facts = is_used, is_own, stands, facts
        self._conditions = Conditions(shapes, below, self._fresh, can_match, facts)

    def target(self, shape: Term, this: str = _FOCUS) -> str:
        """The pattern that binds a variable to the focus nodes of a shape, section 2.1.3.

        Empty if the shape has no target.
        """
        shapes = self.shapes
        if shapes.objects(shape, SH + "target"):
            raise Uncovered("sh:target")
        names = self._classes(shape)
        ways = [f"{this} a <{name}>" for name in sorted(names)]
        nodes = shapes.objects(shape, SH + "targetNode")
        if any(not isinstance(node, NamedNode | Literal) for node in nodes):
            raise Uncovered("a blank node as a target")
        nodes = [node for node in self._facts.kept(nodes) if self._is_own(node)]
        stays = any(may_stay(shapes.path_of(part)) for part in parts_of(shapes, shape))
        if stays and not all(map(self._stands, nodes)):
            raise Uncovered("a path of no steps from a node that no statement is about")
        if nodes:
            ways.append(f"VALUES {this} {{ {' '.join(map(str, nodes))} }}")
        linked = list(self._linked(shape, this))
        ways += linked
        if linked:
            united = " UNION ".join(f"{{ {way} }}" for way in ways) if ways[1:] else ways[0]
            return f"{{ SELECT DISTINCT {this} WHERE {{ {united} }} }}"
        if len(ways) == 1:
            return f"{ways[0]} ." if names else ways[0]
        return " UNION ".join(f"{{ {way} }}" for way in ways)

    def _linked(self, shape: Term, this: str) -> Iterator[str]:
        """Patterns for the focus nodes that are the subject or the value of some property."""
        for name, way in (("targetSubjectsOf", "{0} {1} {2}"), ("targetObjectsOf", "{2} {1} {0}")):
            said = self.shapes.objects(shape, SH + name)
            used = [p for p in said if not isinstance(p, NamedNode) or self._is_used(p.value)]
            if len(used) > _FEW and self._facts.day is None:
                by, listed = self._fresh(), " ".join(map(str, used))
                yield f"VALUES {by} {{ {listed} }} {way.format(this, by, self._fresh())}"
            else:
                yield from (way.format(this, predicate, self._fresh()) for predicate in used)

    def _classes(self, shape: Term) -> set[str]:
        """The classes whose members are focus nodes."""
        classes = [*self.shapes.objects(shape, SH + "targetClass")]
        classes += [shape] if self.shapes.is_class(shape) else []
        return {name for class_ in classes for name in self._conditions.kinds(class_)}

    def aim(self, shape: Term) -> Target:
        """The pattern for the focus nodes of a shape, with what it needs in the data."""
        pattern = self.target(shape)
        if self.shapes.objects(shape, SH + "targetNode"):
            return Target(shape, pattern)
        linked = tuple(
            predicate.value
            for name in ("targetSubjectsOf", "targetObjectsOf")
            for predicate in self.shapes.objects(shape, SH + name)
            if isinstance(predicate, NamedNode)
        )
        return Target(shape, pattern, tuple(sorted(self._classes(shape))), linked)

    def queries(self, shape: Term) -> list[Query]:
        """All queries of a targeted shape; raises Uncovered, or EmgraphError for a wrong shape."""
        if not self.shapes.is_active(shape) or not self.target(shape):
            return []
        return list(self._of_shape(shape, lambda this: Bound(self.target(shape, this))))

    def inside(self, shape: Term, pattern: Pattern) -> list[Query]:
        """All queries of a shape, targeted or not, about the nodes that a pattern binds."""
        return list(self._of_shape(shape, pattern))

    def _of_shape(self, shape: Term, pattern: Pattern) -> Iterator[Query]:
        """The queries of a shape whose focus nodes are bound by a pattern."""
        if not self.shapes.is_active(shape):
            return
        self._conditions.enter(shape)
        path, root = self.shapes.path_of(shape), pattern(_FOCUS)
        yield from self._by_value(shape, path, root)
        yield from self._by_focus(shape, path, root)
        yield from self._by_sparql(shape, path, root)
        for nested in self.shapes.objects(shape, SH + "property"):
            yield from self._of_shape(
                nested, pattern if path is None else self._onward(pattern, path)
            )
        self._conditions.leave()

    def _onward(self, pattern: Pattern, path: Path) -> Pattern:
        """The pattern that binds the value nodes of what another pattern binds."""

        def reached(this: str) -> Bound:
            before = self._fresh()
            above = pattern(before)
            return Bound(f"{above.pattern} {triple(before, path, this)}", (*above.keys, before))

        return reached

    def _by_value(self, shape: Term, path: Path | None, root: Bound) -> Iterator[Query]:
        value = _FOCUS if path is None else _VALUE
        reached = "" if path is None else triple(_FOCUS, path, _VALUE)
        shown = root.shown if path is None else f"{root.shown} {_VALUE}"
        for failure in self._conditions.by_value(shape, _FOCUS, value):
            if failure.component == f"{SH}ClosedConstraintComponent":
                yield self._closed(shape, root, reached, value)
                continue
            if failure.expression == "false":
                continue
            test = f"FILTER({failure.expression})"
            if self._is_long_list(failure, test):
                test = leaves_out(value, self.shapes.members(failure.parameter))
            yield Query(
                f"SELECT DISTINCT {shown} WHERE {{ {root.pattern} {reached} {test} }}",
                shape,
                failure.component,
                failure.parameter,
                path,
                failure.validator,
                value_is_focus=path is None,
                given=failure.given,
            )

    def _is_long_list(self, failure: Failure, test: str) -> bool:
        """Whether values are better joined than tested; not elsewhere: Virtuoso joins few."""
        is_list = failure.component == f"{SH}InConstraintComponent"
        return is_list and len(test) > _LONG and self._facts.day is None

    def _closed(self, shape: Term, root: Bound, reached: str, value: str) -> Query:
        """The properties that a closed shape does not allow; ?path is what a result is about."""
        listed = self._conditions.closing(shape, "?path")
        subject, found = (value, _VALUE) if not reached else (value, "?found")
        return Query(
            f"SELECT DISTINCT {root.shown} ?path ({found} AS ?object) WHERE "
            f"{{ {root.pattern} {reached} {subject} ?path {found} FILTER({listed}) }}",
            shape,
            f"{SH}ClosedConstraintComponent",
            None,
            None,
        )

    def _by_focus(self, shape: Term, path: Path | None, root: Bound) -> Iterator[Query]:
        said = self.shapes.properties(shape)
        for name in ("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount"):
            for given in said.get(SH + name, ()):
                if path is not None:
                    yield self._counting(shape, name, given, path, root)
        for name in ("hasValue", "uniqueLang", "equals", "lessThan", "lessThanOrEquals"):
            for given in said.get(SH + name, ()):
                if path is None and name not in ("hasValue", "equals"):
                    self._conditions.by_focus(shape, name, given, _FOCUS, path)
                found = root.pattern
                if name == "uniqueLang" and path is not None:
                    found = _with_several(root, path)
                for body, shown, is_focus in self._together(shape, name, given, path, root):
                    yield Query(
                        f"SELECT DISTINCT {shown} WHERE {{ {found} {body} }}",
                        shape,
                        f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent",
                        given,
                        path,
                        value_is_focus=is_focus,
                    )

    def _counting(self, shape: Term, name: str, given: Term, path: Path, root: Bound) -> Query:
        number, qualified = whole(given), name.startswith("qualified")
        condition = self._conditions.qualifies(shape, _VALUE) if qualified else ""
        reached = triple(_FOCUS, path, _VALUE) + (f" FILTER({condition})" if condition else "")
        least = name.lower().endswith("mincount")
        beyond = f"{'<' if least else '>'} {number}"
        counted = f"GROUP BY {root.shown} HAVING(COUNT(DISTINCT {_VALUE}) {beyond})"
        if least and number <= 1:
            expression = self._conditions.by_focus(shape, name, given, _FOCUS, path)
            body = f"SELECT DISTINCT {root.shown} WHERE {{ {root.pattern} FILTER({expression}) }}"
        elif least:
            found = f"{root.pattern} OPTIONAL {{ {reached} }}"
            body = f"SELECT DISTINCT {root.shown} WHERE {{ {found} }} {counted}"
        else:
            body = f"SELECT DISTINCT {root.shown} WHERE {{ {root.pattern} {reached} }} {counted}"
        component = f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
        return Query(body, shape, component, given, path)

    def _together(
        self, shape: Term, name: str, given: Term, path: Path | None, root: Bound
    ) -> Iterator[tuple[str, str, bool]]:
        """What to look for, what to show, and whether the focus node is the value."""
        conditions = self._conditions
        reached = "" if path is None else triple(_FOCUS, path, _VALUE)
        alone, pair = root.shown, f"{root.shown} {_VALUE}"
        if name == "hasValue":
            yield f"FILTER({conditions.by_focus(shape, name, given, _FOCUS, path)})", alone, False
        elif name == "equals":
            value = _FOCUS if path is None else _VALUE
            without = f"FILTER NOT EXISTS {{ {_FOCUS} {given} {value} }}"
            yield f"{reached} {without}", alone if path is None else pair, path is None
            beside = conditions.unreached(_FOCUS, path, _VALUE)
            yield f"{_FOCUS} {given} {_VALUE} FILTER({beside})", pair, False
        elif name == "uniqueLang":
            if given == Literal(True):
                again = triple(_FOCUS, path, _OTHER) if path is not None else ""
                same = f"LCASE(LANG({_VALUE})) = LCASE(LANG({_OTHER}))"
                differ = f"STR({_VALUE}) != STR({_OTHER})"
                tagged = f"isLiteral({_VALUE}) && LANG({_VALUE}) != '' && isLiteral({_OTHER})"
                tag = f"BIND(LCASE(LANG({_VALUE})) AS ?language)"
                body = f"{reached} {again} FILTER({tagged} && {same} && {differ}) {tag}"
                yield body, f"{alone} ?language", False
        else:
            least = is_less(_VALUE, "<" if name == "lessThan" else "<=", _OTHER)
            body = f"{reached} {_FOCUS} {given} {_OTHER} FILTER(!{least})"
            yield body, f"{pair} {_OTHER}", False

    def _by_sparql(self, shape: Term, path: Path | None, root: Bound) -> Iterator[Query]:
        shapes = self.shapes
        for constraint in shapes.objects(shape, SH + "sparql"):
            if Literal(True) in shapes.objects(constraint, SH + "deactivated"):
                continue
            bound = sparql.bound(shapes.text(constraint, SH + "select"), fixed(shapes, shape))
            declared = sparql.prefixed(shapes, constraint, bound)
            given = declared + bound
            if self._facts.day is not None:
                given = self._facts.written(sparql.expanded(bound, declared))
            query = sparql.select(given, root.pattern, root.keys)
            name = f"{SH}SPARQLConstraintComponent"
            yield Query(
                query, shape, name, constraint, path, constraint, value_is_focus=path is None
            )
        for use in self._conditions.validators.selects(shape):
            text = self._conditions.validators.text(shape, use, "select", {})
            if self._facts.day is not None:
                text = self._facts.written(sparql.whole(text))
            query = sparql.select(text, root.pattern, root.keys)
            terms = tuple(use.given.items())
            yield Query(
                query, shape, use.name, terms[0][1], path, use.validator, path is None, terms
            )


def _with_several(root: Bound, path: Path) -> str:
    """A pattern that binds the focus nodes with two values at least: few, and found quickly."""
    found = f"{root.pattern} {triple(_FOCUS, path, _OTHER)}"
    grouped = f"GROUP BY {root.shown} HAVING(COUNT(DISTINCT {_OTHER}) > 1)"
    return f"{{ SELECT {root.shown} WHERE {{ {found} }} {grouped} }}"
