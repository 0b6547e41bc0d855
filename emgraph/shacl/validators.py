"""Constraint components of one's own: parameters, and validators that ASK or SELECT (section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from emgraph.errors import Uncovered
from emgraph.namespaces import SH, local_name
from emgraph.shacl import sparql
from emgraph.shacl.paths import text as path_text
from emgraph.shacl.shapes import Shapes
from emgraph.terms import Term


class Use(NamedTuple):
    """A component as a shape uses it: its validator, and its parameters by name."""

    component: Term
    validator: Term
    given: dict[str, Term]
    absent: tuple[str, ...]

    @property
    def name(self) -> str:
        """The IRI of the component; nothing for one without."""
        return self.component.value if isinstance(self.component, NamedNode) else ""


class Validators:
    """The constraint components that the shapes declare."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._components = shapes.having(SH + "parameter")

    def tests(self, shape: Term, this: str, value: str) -> Iterator[tuple[Use, str]]:
        """Each use of an ASK validator by a shape, and an expression that the value fails."""
        for use in self.uses(shape):
            if self._shapes.value(use.validator, SH + "ask") is None:
                continue
            values = {"this": this, "value": value}
            parts = sparql.cut(self.text(shape, use, "ask", values))
            if parts.before.strip():
                raise Uncovered("an ASK with a prologue of its own")
            yield use, f"NOT EXISTS {parts.group}"

    def selects(self, shape: Term) -> Iterator[Use]:
        """The uses whose validator is a SELECT."""
        for use in self.uses(shape):
            if self._shapes.value(use.validator, SH + "select") is not None:
                yield use

    def uses(self, shape: Term) -> Iterator[Use]:
        """The components whose parameters a shape gives, one use for each value of a parameter."""
        shapes = self._shapes
        for component in self._components:
            given: dict[str, list[Term]] = {}
            absent, complete = [], True
            for parameter in shapes.objects(component, SH + "parameter"):
                path = shapes.text(parameter, SH + "path")
                values = shapes.objects(shape, path)
                if values:
                    given[local_name(path)] = values
                elif Literal(True) in shapes.objects(parameter, SH + "optional"):
                    absent.append(local_name(path))
                else:
                    complete = False
            if not complete or not given:
                continue
            validator = self._validator(shape, component)
            if len(given) > 1 and any(len(values) > 1 for values in given.values()):
                raise Uncovered("several values of a component with several parameters")
            count = max(len(values) for values in given.values())
            for index in range(count):
                chosen = {name: values[index] for name, values in given.items()}
                yield Use(component, validator, chosen, tuple(absent))

    def _validator(self, shape: Term, component: Term) -> Term:
        """The validator that section 6.2.3 chooses."""
        own = "propertyValidator" if self._shapes.objects(shape, SH + "path") else "nodeValidator"
        for name in (own, "validator"):
            for validator in self._shapes.objects(component, SH + name):
                return validator
        raise Uncovered("a component without a validator for this kind of shape")

    def text(self, shape: Term, use: Use, form: str, values: dict[str, str]) -> str:
        """The SPARQL of a use, with its parameters and what else is bound beforehand in place."""
        shapes = self._shapes
        replaced = dict(values)
        for name, term in use.given.items():
            if not isinstance(term, NamedNode | Literal):
                raise Uncovered("a blank node as a parameter")
            replaced[name] = str(term)
        replaced |= fixed(shapes, shape)
        text = sparql.bound(shapes.text(use.validator, SH + form), replaced, use.absent)
        declared = sparql.prefixed(shapes, use.validator, text)
        return declared + text if form == "select" else sparql.expanded(text, declared)


def fixed(shapes: Shapes, shape: Term) -> dict[str, str]:
    """What is bound beforehand for a shape whatever the focus node: its path and itself."""
    found = {}
    path = shapes.path_of(shape)
    if path is not None:
        found["PATH"] = path_text(path)
    if isinstance(shape, NamedNode):
        found["currentShape"] = str(shape)
    return found
