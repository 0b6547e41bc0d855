"""How a literal was spelt: a store writes 007 as 7, a report shows what the file says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property

from pyoxigraph import Literal, Quad

from emgraph.namespaces import XSD
from emgraph.terms import Term

_WHOLE = frozenset(
    XSD + name
    for name in (
        "integer byte short int long unsignedByte unsignedShort unsignedInt unsignedLong "
        "positiveInteger negativeInteger nonPositiveInteger nonNegativeInteger"
    ).split()
)
_FLOATING = (XSD + "double", XSD + "float")


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


class Spelling:
    """Gives literals back as the statements spell them, those of the same subject first."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        self._quads = quads

    def of(self, value: Term, focus: Term) -> Term:
        """A value that a store gave, as it was spelt."""
        meaning = in_value_space(value)
        if meaning is value:
            return value
        near = self._spelt.get((focus, meaning))
        return near or self._spelt.get((None, meaning), value)

    @cached_property
    def _spelt(self) -> dict[tuple[Term | None, object], Term]:
        spelt: dict[tuple[Term | None, object], Term] = {}
        for quad in self._quads:
            if isinstance(quad.object, Literal):
                meaning = in_value_space(quad.object)
                if meaning is not quad.object:
                    spelt.setdefault((quad.subject, meaning), quad.object)
                    spelt.setdefault((None, meaning), quad.object)
        return spelt
