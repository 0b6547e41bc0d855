"""What shapes are compiled to: the queries to be asked, and what their rows are findings of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.finding import Finding, Path, Severity
from emgraph.namespaces import SH
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import Spelling
from emgraph.shacl.wording import wording
from emgraph.terms import Term

QUALIFIED = f"{SH}QualifiedMinCountConstraintComponent"
NODE = f"{SH}NodeConstraintComponent"
CLOSED = f"{SH}ClosedConstraintComponent"
_CLOSED = wording(CLOSED, None, ())
LISTS = {f"{SH}{name}ConstraintComponent": name for name in ("And", "Or", "Xone")}


class Row(Protocol):
    """A row of an answer; raises KeyError for a variable that was not asked for."""

    def __getitem__(self, name: str, /) -> Term | None: ...


class Query(NamedTuple):
    """A compiled constraint: its SPARQL, and what a row of its answer is a result of.

    `constraint` is what is written in SPARQL: a constraint, or the validator of a component of
    one's own, which was `given` its parameters by name.
    """

    text: str
    shape: Term
    component: str
    parameter: Term | None
    path: Path | None
    constraint: Term | None = None
    value_is_focus: bool = False
    given: tuple[tuple[str, Term], ...] = ()


class Target(NamedTuple):
    """A pattern that binds ?this to the focus nodes of a shape.

    If it says which `classes` and `properties` it needs, then one of them has to be in the data.
    """

    shape: Term
    pattern: str
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


class Job(NamedTuple):
    """A query, the target that it is about, and what the report says of its rows."""

    query: Query
    target: Target
    code: str
    shape: str
    severity: Severity
    message: str
    graded: str
    has_leaves: bool = False

    def finding(
        self, row: Row, focus: Term, rules: Mapping[str, Rule], spelling: Spelling
    ) -> Finding:
        """A row of the answer as a finding."""
        query, rule = self.query, rules.get(self.code)
        path = query.path
        value, said = _of(row, "value"), _of(row, "path")
        if query.component == CLOSED:
            value = _of(row, "object")
        if isinstance(said, NamedNode):
            path = said
        if value is None and query.value_is_focus:
            value = focus
        return Finding(
            rule=self.code,
            severity=self.severity,
            message=self._words(row),
            remedy=rule.remedy if rule else "",
            focus=focus,
            path=path,
            value=value if value is None else spelling.of(value, focus),
            shape=self.shape,
            component=query.component,
            source_shape=query.shape,
            graded=self.graded,
        )

    def _words(self, row: Row) -> str:
        """The message; one of SPARQL says its own, or has {?name} and {$name}, section 5.3.2.

        That a shape is closed is told with the property, where the words are ours.
        """
        if self.message == _CLOSED and isinstance(path := _of(row, "path"), NamedNode):
            return wording(self.query.component, path, ())
        if self.query.constraint is None:
            return self.message
        said = _of(row, "message")
        if isinstance(said, Literal):
            return said.value

        def _put(match: re.Match[str]) -> str:
            term = _of(row, match[1])
            if term is None and match[1] == "value" and self.query.value_is_focus:
                term = _of(row, "this")
            return term.value if isinstance(term, NamedNode | Literal | BlankNode) else match[0]

        return re.sub(r"\{[?$](\w+)\}", _put, self.message)


class Plan(NamedTuple):
    """Shapes that are compiled: what to ask, and what to count the nodes of each code by.

    `left` are the shapes that could not be, each with the reason.
    """

    jobs: list[Job]
    counted: dict[str, list[Target]]
    left: dict[Term, str]


def _of(row: Row, name: str) -> Term | None:
    """What a row has for a variable, if it was asked for."""
    try:
        return row[name]
    except KeyError:
        return None
