"""How a literal was spelt: a store writes 007 as 7 and an xsd:int as an xsd:integer.

A report shows what the file says, and a shape that would judge the spelling is not compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from emgraph.errors import Uncovered
from emgraph.namespaces import SH, XSD, local_name
from emgraph.shacl.paths import predicates
from emgraph.shacl.value_tests import FOLDED, NUMERIC, as_stored
from emgraph.terms import Term
from emgraph.tokens import tokens

if TYPE_CHECKING:
    from emgraph.shacl.shapes import Shapes

_DIGITS = 18  # that a store holds in any number
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
STORED = FOLDED.union(
    _AS_STORED,
    (XSD + n for n in ("dateTime", "time", "duration", "dayTimeDuration", "yearMonthDuration")),
)
_BY_TERM = ("in", "hasValue", "equals", "disjoint")
_BY_TYPE = ("datatype", *_BY_TERM)
_BY_TEXT = ("pattern", "minLength", "maxLength", *_BY_TERM)
_ONWARD = ("property", "node", "not", "and", "or", "xone", "qualifiedValueShape", "sparql")
_WORDS = {"DATATYPE", "SAMETERM", "STR", "REGEX", "STRLEN", "CONCAT", "CONTAINS", "REPLACE"}


def in_value_space(term: Term) -> object:
    """What a term means: equal for literals of one XML Schema value, however they are spelt."""
    from decimal import Decimal, InvalidOperation

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

    subject: Term
    predicate: NamedNode
    spelt: Literal
    stored: Literal


class Respelling:
    """Sorts the statements that it is shown by how a store keeps their values.

    `odd` are those that it types or spells in another way. Of those that it could have, and keeps
    as they are, it remembers of whom and what they say by the hash. `long` are the properties of
    numbers with so many digits that a store may not take them for numbers.
    """

    def __init__(self) -> None:
        self.odd: list[Respelt] = []
        self.long: set[NamedNode] = set()
        self._kept: set[int] = set()
        self._known: dict[Literal, Literal] = {}

    def show(
        self,
        subject: NamedNode | BlankNode | Triple,
        predicate: NamedNode,
        value: Literal,
    ) -> None:
        """Sort a statement, given in its parts."""
        name = value.datatype.value
        if name not in STORED:
            return
        if len(value.value) > _DIGITS and name in NUMERIC and name not in _FLOATING:
            self.long.add(predicate)
        form, stored = _AS_STORED.get(name), value
        if form is None or not form.fullmatch(value.value):
            stored = self._known.get(value) or self._known.setdefault(value, as_stored(value))
        if stored != value:
            self.odd.append(Respelt(subject, predicate, value, stored))
        else:
            self._kept.add(hash((subject, value)))
            self._kept.add(hash((subject, predicate, value)))

    def says(self, subject: Term, value: Term) -> bool:
        """Whether some statement of a subject has a value that is kept as it is spelt."""
        return hash((subject, value)) in self._kept

    def twice(self) -> Iterator[Respelt]:
        """The odd ones whose subject has the value in another spelling too."""
        said: dict[tuple[Term, Term, Term], set[Term]] = {}
        for subject, predicate, spelt, stored in self.odd:
            forms = said.setdefault((subject, predicate, stored), set())
            forms.add(spelt)
            if hash((subject, predicate, stored)) in self._kept:
                forms.add(stored)
        for one in self.odd:
            if len(said[one.subject, one.predicate, one.stored]) > 1:
                yield one


def respellings(quads: Iterable[Quad]) -> Respelling:
    """The statements whose values a store does not keep as they are spelt."""
    found = Respelling()
    for quad in quads:
        if isinstance(value := quad.object, Literal):
            found.show(quad.subject, quad.predicate, value)
    return found


class Spelling:
    """Gives literals back as the statements spell them, those of the same subject first."""

    def __init__(self, found: Respelling) -> None:
        self._found = found
        self._near: dict[tuple[Term, Term], Literal] = {}
        self._any: dict[Term, Literal] = {}
        for one in found.odd:
            self._near.setdefault((one.subject, one.stored), one.spelt)
            self._any.setdefault(one.stored, one.spelt)

    def of(self, value: Term, focus: Term) -> Term:
        """A value that a store gave, as it was spelt."""
        if value not in self._any or self._found.says(focus, value):
            return value
        return self._near.get((focus, value), self._any[value])


class Reads(NamedTuple):
    """What shapes ask for beyond the value of a literal.

    Of which properties they read the `types` and the `texts`, and the local names of those whose
    text or type SPARQL reads. `used` are all properties of which they read anything, by IRI or, in
    SPARQL, by local name. * stands for any.
    """

    types: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


class Altered:
    """The properties whose values a store types or spells in another way.

    Of those that are `lost` it has fewer or other values than were written.
    """

    def __init__(self, odd: Iterable[Respelt], lost: Iterable[NamedNode] = ()) -> None:
        self._typed: set[str] = set()
        self._spelt: set[str] = set()
        self._lost = {predicate.value for predicate in lost}
        for _, predicate, spelt, stored in odd:
            changed = self._spelt if spelt.datatype == stored.datatype else self._typed
            changed.add(predicate.value)

    def __bool__(self) -> bool:
        return bool(self._typed or self._spelt or self._lost)

    def check(self, reads: Reads) -> None:
        """Raise Uncovered where the type or text of a value is read that is altered."""
        altered = self._typed | self._spelt
        for name in sorted((self._typed & reads.types) | (altered & reads.texts)):
            raise Uncovered(f"values of {local_name(name)} whose spelling a store changes")
        for name in sorted(self._lost):
            if not reads.used.isdisjoint((name, local_name(name), "*")):
                raise Uncovered(
                    f"values of {local_name(name)} that a store does not hold as they are written"
                )
        if reads.names & {*map(local_name, altered), *("*" for _ in altered)}:
            raise Uncovered("SPARQL about the text of a value whose spelling a store changes")


def reads(shapes: Shapes, shape: Term) -> Reads:
    """What a shape with all that it is made of reads."""
    parts = list(parts_of(shapes, shape))
    said = {name for part in parts for name in shapes.properties(part)}
    used = {p for part in parts for p in predicates(shapes.path_of(part))}
    used |= {p for part in parts for p in _named(shapes, part)}
    queries = [shapes.text(part, SH + form) for part in parts for form in ("select", "ask")]
    names = {name for query in queries for name in _texts_read(query)}
    spoken = {name for query in queries for name in _spoken(query)}
    any_value = {"*"} if SH + "closed" in said else set()
    by_text = "" in names or not said.isdisjoint(SH + name for name in _BY_TEXT)
    by_type = not said.isdisjoint(SH + name for name in _BY_TYPE)
    return Reads(
        frozenset(used if by_type else ()),
        frozenset(used if by_text else ()),
        frozenset(names - {""}),
        frozenset(used | spoken | any_value),
    )


def _spoken(query: str) -> Iterator[str]:
    """The local names in a query, and * for a variable where a property stands."""
    found = list(tokens(query[query.find("{") : query.rfind("}") + 1]))
    for before, token in pairwise(found):
        if token.kind in ("name", "iri"):
            yield re.split(r"[/#:]", token.text.rstrip(">"))[-1]
        elif token.kind == "variable" and before.kind == "variable":
            yield "*"


def _texts_read(query: str) -> set[str]:
    """The local names of properties whose values a query asks for the text or type of.

    The value of the path of its shape is the empty name; * is a value of any property.
    """
    found = list(tokens(query[query.find("{") : query.rfind("}") + 1]))
    read: set[str] = set()
    for index, token in enumerate(found):
        if token.kind == "word" and token.text.upper() in _WORDS:
            depth = 0
            for inside in found[index + 1 :]:
                depth += (inside.text == "(") - (inside.text == ")")
                if inside.kind == "variable":
                    read.add(inside.text[1:])
                if depth == 0:
                    break
    names = {""} if "value" in read else set()
    for before, token in pairwise(found):
        if token.kind == "variable" and token.text[1:] in read:
            if before.kind == "variable":
                names.add("*")
            elif before.kind in ("name", "iri"):
                names.add(re.split(r"[/#:]", before.text.rstrip(">"))[-1])
    return names


def _named(shapes: Shapes, part: Term) -> Iterator[str]:
    """The properties that targets and pair constraints of a shape name."""
    for name in ("targetObjectsOf", "equals", "disjoint"):
        for value in shapes.objects(part, SH + name):
            if isinstance(value, NamedNode):
                yield value.value


def parts_of(shapes: Shapes, shape: Term) -> Iterator[Term]:
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
