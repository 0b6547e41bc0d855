"""How a literal was spelt: a store writes 007 as 7 and an xsd:int as an xsd:integer.

A report shows what the file says, and a shape that would judge the spelling is not compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.namespaces import SH, XSD, local_name
from emgraph.shacl.paths import predicates
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.value_tests import FOLDED, Uncovered, as_stored
from emgraph.terms import Term
from emgraph.tokens import tokens

_WHOLE = FOLDED | {XSD + "integer"}
_FLOATING = (XSD + "double", XSD + "float")
_AS_STORED = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"(?:0|-?[1-9][0-9]*)|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "double": re.compile(r"-?[1-9](?:\.[0-9]*[1-9])?"),
    XSD + "float": re.compile(r"-?[1-9](?:\.[0-9]*[1-9])?"),
    XSD + "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}Z?"),
}
_STORED = FOLDED.union(
    _AS_STORED,
    (XSD + n for n in ("dateTime", "time", "duration", "dayTimeDuration", "yearMonthDuration")),
)
_BY_TYPE = ("datatype", "in", "hasValue", "equals", "disjoint")
_BY_TEXT = ("pattern", "minLength", "maxLength")
_ONWARD = ("property", "node", "not", "and", "or", "xone", "qualifiedValueShape", "sparql")
_WORDS = {"DATATYPE", "SAMETERM", "STR", "REGEX", "STRLEN", "CONCAT", "CONTAINS", "REPLACE"}


def in_value_space(term: Term) -> object:
    """What a term means: equal for literals of one XML Schema value, however they are spelt."""
    if not isinstance(term, Literal):
        return term
    name, text = term.datatype.value, term.value
    try:
        if name in _WHOLE or name == XSD + "decimal":
            return (XSD + "integer" if name in _WHOLE else name, Decimal(text))
        if name in _FLOATING:
            return name, repr(float(text))
    except (InvalidOperation, ValueError):
        return term
    if name == XSD + "boolean":
        return name, {"1": "true", "0": "false"}.get(text, text)
    return term


class Respelt(NamedTuple):
    """A statement whose value a store types or spells in another way, and what it makes of it."""

    quad: Quad
    spelt: Literal
    stored: Literal


class Respelling:
    """Sorts the statements that it is shown by how a store keeps their values.

    `odd` are those that it types or spells in another way. Of those that it could have, and keeps
    as they are, it remembers of whom and what they say by the hash.
    """

    def __init__(self) -> None:
        self.odd: list[Respelt] = []
        self._kept: set[int] = set()
        self._known: dict[Literal, Literal] = {}

    def show(self, quad: Quad, value: Literal) -> None:
        """Sort a statement with its value, which it is quicker to be given than to ask for."""
        name = value.datatype.value
        if name not in _STORED:
            return
        form, stored = _AS_STORED.get(name), value
        if form is None or not form.fullmatch(value.value):
            stored = self._known.get(value) or self._known.setdefault(value, as_stored(value))
        if stored != value:
            self.odd.append(Respelt(quad, value, stored))
        else:
            self._kept.add(hash((quad.subject, value)))
            self._kept.add(hash((quad.subject, quad.predicate, value)))

    def says(self, subject: Term, value: Term) -> bool:
        """Whether some statement of a subject has a value that is kept as it is spelt."""
        return hash((subject, value)) in self._kept

    def twice(self) -> Iterator[Respelt]:
        """The odd ones whose subject has the value in another spelling too."""
        said: dict[tuple[Term, Term, Term], set[Term]] = {}
        for (subject, predicate, *_), spelt, stored in self.odd:
            forms = said.setdefault((subject, predicate, stored), set())
            forms.add(spelt)
            if hash((subject, predicate, stored)) in self._kept:
                forms.add(stored)
        for one in self.odd:
            if len(said[one.quad.subject, one.quad.predicate, one.stored]) > 1:
                yield one


def respellings(quads: Iterable[Quad]) -> Respelling:
    """The statements whose values a store does not keep as they are spelt."""
    found = Respelling()
    for quad in quads:
        if isinstance(value := quad.object, Literal):
            found.show(quad, value)
    return found


class Spelling:
    """Gives literals back as the statements spell them, those of the same subject first."""

    def __init__(self, found: Respelling) -> None:
        self._found = found
        self._near: dict[tuple[Term, Term], Literal] = {}
        self._any: dict[Term, Literal] = {}
        for one in found.odd:
            self._near.setdefault((one.quad.subject, one.stored), one.spelt)
            self._any.setdefault(one.stored, one.spelt)

    def of(self, value: Term, focus: Term) -> Term:
        """A value that a store gave, as it was spelt."""
        if value not in self._any or self._found.says(focus, value):
            return value
        return self._near.get((focus, value), self._any[value])


class Altered:
    """The properties whose values a store types or spells in another way."""

    def __init__(self, odd: Iterable[Respelt]) -> None:
        self.typed: set[str] = set()
        self.spelt: set[str] = set()
        for quad, spelt, stored in odd:
            changed = self.spelt if spelt.datatype == stored.datatype else self.typed
            changed.add(quad.predicate.value)

    def check(self, shapes: Shapes, shape: Term) -> None:
        """Raise Uncovered for a shape that judges the type or text of a value that is altered."""
        if not self.typed and not self.spelt:
            return
        parts = list(_parts(shapes, shape))
        judging = {SH + name for name in (*_BY_TYPE, *_BY_TEXT, "select", "ask")}
        if not any(judging.intersection(shapes.properties(part)) for part in parts):
            return
        used = {p for part in parts for p in predicates(shapes.path_of(part))}
        used |= {p for part in parts for p in _named(shapes, part)}
        for part in parts:
            said = {name for name in (*_BY_TYPE, *_BY_TEXT) if shapes.objects(part, SH + name)}
            altered = used & (self.typed | self.spelt)
            typed = altered & self.typed if said.intersection(_BY_TYPE) else set()
            spelt = altered if said.intersection(_BY_TEXT) else set()
            for name in sorted(typed | spelt):
                raise Uncovered(f"values of {local_name(name)} whose spelling a store changes")
            for form in ("select", "ask"):
                if _reads_text(shapes.text(part, SH + form), self.typed | self.spelt, altered):
                    raise Uncovered(
                        "SPARQL about the text of a value whose spelling a store changes"
                    )


def _reads_text(text: str, altered: set[str], of_path: set[str]) -> bool:
    """Whether a query asks for the text or type of what can be a value of an altered property."""
    names = {local_name(name) for name in altered}
    found = list(tokens(text[text.find("{") : text.rfind("}") + 1]))
    values = {"value"} if of_path else set()
    read: set[str] = set()
    for before, token in pairwise(found):
        if token.kind == "variable":
            local = re.split(r"[/#:]", before.text.rstrip(">"))[-1]
            if before.kind == "variable" or (before.kind in ("name", "iri") and local in names):
                values.add(token.text[1:])
    for index, token in enumerate(found):
        if token.kind == "word" and token.text.upper() in _WORDS:
            depth = 0
            for inside in found[index + 1 :]:
                depth += (inside.text == "(") - (inside.text == ")")
                if inside.kind == "variable":
                    read.add(inside.text[1:])
                if depth == 0:
                    break
    return bool(values & read)


def _named(shapes: Shapes, part: Term) -> Iterator[str]:
    """The properties that targets and pair constraints of a shape name."""
    for name in ("targetObjectsOf", "equals", "disjoint"):
        for value in shapes.objects(part, SH + name):
            if isinstance(value, NamedNode):
                yield value.value


def _parts(shapes: Shapes, shape: Term) -> Iterator[Term]:
    """A shape, and every shape and constraint that it is made of."""
    seen: set[Term] = set()
    waiting = [shape]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        yield part
        for name in _ONWARD:
            for value in shapes.objects(part, SH + name):
                waiting += shapes.members(value) if shapes.is_list(value) else [value]
