"""What makes shapes impossible to judge by, found before anything is judged, for every engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.errors import WrongShapes, nearest
from emgraph.namespaces import RDF, SH, XSD, shrink
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.sparql import projected
from emgraph.terms import Term

_SHAPES = ("property", "node", "not", "qualifiedValueShape")
_LISTS_OF_SHAPES = ("and", "or", "xone")
_LISTS = ("in", "languageIn", "ignoredProperties")
_COUNTS = ("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount")
_OF_A_PATH = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
_VALIDATORS = ("validator", "nodeValidator", "propertyValidator")
_NUMBERS = (*_COUNTS, "minLength", "maxLength")
_SWITCHES = ("closed", "uniqueLang", "deactivated", "qualifiedValueShapesDisjoint")
_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_LONGEST = 80
_MOST = 256  # shapes in shapes; pySHACL stops far earlier, and SPARQL is as deep as they are


def check(shapes: Shapes) -> None:
    """Raise WrongShapes for shapes without meaning (SHACL sections 2 to 4) or that never end."""
    for node in shapes.having(SH + "entailment"):
        what = "the shapes ask for sh:entailment, which is not made. Add what it would infer."
        raise WrongShapes(node, what)
    found = {value for node in shapes.having(SH + "property") for value in _nested(shapes, node)}
    found.update(shapes.subjects(RDF + "type", NamedNode(SH + "PropertyShape")))
    for shape in sorted(found, key=str):
        if shapes.value(shape, SH + "path") is None:
            called = "a property shape" if isinstance(shape, BlankNode) else str(shape)
            raise _wrong(shape, f"{called} has no sh:path. Add it.")
    for component in shapes.having(SH + "parameter"):
        for name in _VALIDATORS:
            for validator in shapes.objects(component, SH + name):
                _check_projection(shapes, component, validator)
    done: set[Term] = set()
    for shape in shapes.targeted():
        _walk(shapes, shape, done)


def _walk(shapes: Shapes, first: Term, done: set[Term]) -> None:
    """Check a shape and all that it refers to; those in `done` have been."""
    way: list[Term] = []
    waiting = [iter((first,))]
    while waiting:
        shape = next(waiting[-1], None)
        if shape is None:
            waiting.pop()
            if way:
                done.add(way.pop())
            continue
        if shape in way:
            raise _recursive(shape, way)
        if shape in done or not shapes.is_active(shape):
            continue
        if len(way) >= _MOST:
            raise _wrong(shape, f"they refer to one another more than {_MOST} deep. Flatten them.")
        _check_form(shapes, shape)
        _check_values(shapes, shape)
        way.append(shape)
        waiting.append(iter(_referred(shapes, shape)))


def _recursive(shape: Term, way: list[Term]) -> WrongShapes:
    """SHACL section 3.4.3 leaves open what a shape means that refers to itself."""
    named = [s for s in (shape, *way[way.index(shape) :]) if isinstance(s, NamedNode)]
    name = shrink(named[0].value) if named else "a shape"
    return _wrong(shape, f"{name} is recursive, it refers to itself. Take the reference out.")


def _nested(shapes: Shapes, node: Term) -> list[Term]:
    return shapes.objects(node, SH + "property")


def _referred(shapes: Shapes, shape: Term) -> Iterator[Term]:
    """The shapes that a shape refers to; raises WrongShapes for what can be none."""
    found = [value for name in _SHAPES for value in shapes.objects(shape, SH + name)]
    for name in _LISTS_OF_SHAPES:
        for head in shapes.objects(shape, SH + name):
            found += shapes.members(head)
    for value in found:
        if isinstance(value, Literal):
            raise _wrong(shape, f"{_shown(value)} stands where a shape should.")
        yield value


def _check_form(shapes: Shapes, shape: Term) -> None:
    """Raise WrongShapes for what a node shape cannot have, and for a SELECT without $this."""
    if shapes.path_of(shape) is None:
        for name in _OF_A_PATH:
            if shapes.objects(shape, SH + name):
                what = f"{_called(shape)} has sh:{name}, but no sh:path to say of which property."
                raise _wrong(shape, f"{what} Put it in an sh:property [ sh:path … ].")
    for constraint in shapes.objects(shape, SH + "sparql"):
        if Literal(True) not in shapes.objects(constraint, SH + "deactivated"):
            _check_projection(shapes, shape, constraint)


def _check_values(shapes: Shapes, shape: Term) -> None:
    """Raise WrongShapes for a parameter that is not of its kind."""
    for name in _LISTS:
        for head in shapes.objects(shape, SH + name):
            shapes.members(head)
    for name in _NUMBERS:
        for value in shapes.objects(shape, SH + name):
            if not (isinstance(value, Literal) and _WHOLE.fullmatch(value.value)):
                raise _wrong(shape, f"sh:{name} {_shown(value)} is not a whole number.")
    for name in _SWITCHES:
        for value in shapes.objects(shape, SH + name):
            if getattr(value, "datatype", None) != NamedNode(XSD + "boolean"):
                raise _wrong(shape, f"sh:{name} {_shown(value)} is neither true nor false.")
    for value in shapes.objects(shape, SH + "nodeKind"):
        if value not in [NamedNode(SH + kind) for kind in _KINDS]:
            raise _wrong(
                shape, f"sh:nodeKind {_shown(value)} is none of sh:{', sh:'.join(_KINDS)}."
            )


def _check_projection(shapes: Shapes, shape: Term, holder: Term) -> None:
    """Raise WrongShapes for a SELECT that does not project $this (SHACL sections 5.2.1 and 6.2)."""
    for text in shapes.objects(holder, SH + "select"):
        names = projected(text.value) if isinstance(text, Literal) else ()
        if names and "this" not in names:
            given = ", ".join(f"${name}" for name in names)
            what = f"the sh:select of {_called(shape)} selects {_shown(given)}, and not $this"
            close = nearest("this", names)
            hint = f"Did you mean $this by ${close}?" if close else "Select $this, what is judged."
            raise _wrong(shape, f"{what}. {hint}")


def _called(shape: Term) -> str:
    """What to call a shape in a sentence."""
    return shrink(shape.value) if isinstance(shape, NamedNode) else "a shape without an IRI"


def _shown(term: Term | str) -> str:
    """A term on one line, cut if it is long."""
    text = str(term)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _wrong(shape: Term, what: str) -> WrongShapes:
    return WrongShapes(shape, f"the shapes cannot be run: {what}")
