"""What one value must be, as SPARQL expressions that are never an error (SHACL section 4.1 to 4.4).

Each comparison stands behind a test of type; one that can still fail (an ill-formed date, a time
with a zone against one without) stands in an EXISTS of its own, where an error is a no.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.errors import EmgraphError
from emgraph.namespaces import SH, XSD
from emgraph.terms import Term

FOLDED = frozenset(
    XSD + name
    for name in (
        *("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt"),
        *("unsignedLong", "positiveInteger", "negativeInteger", "nonPositiveInteger"),
        "nonNegativeInteger",
    )
)
_NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "double", "float")) | FOLDED
_ORDERED = frozenset(
    XSD + name
    for name in (
        *("boolean", "date", "dateTime", "time", "duration", "dayTimeDuration"),
        *("yearMonthDuration", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
    )
)
_KINDS = {
    SH + "IRI": "isIRI({0})",
    SH + "BlankNode": "isBlank({0})",
    SH + "Literal": "isLiteral({0})",
    SH + "BlankNodeOrIRI": "(isBlank({0}) || isIRI({0}))",
    SH + "BlankNodeOrLiteral": "(isBlank({0}) || isLiteral({0}))",
    SH + "IRIOrLiteral": "(isIRI({0}) || isLiteral({0}))",
}
_COMPARISONS = {
    "minExclusive": ">",
    "minInclusive": ">=",
    "maxExclusive": "<",
    "maxInclusive": "<=",
}


class Uncovered(Exception):
    """A construct that is not compiled and is left to the reference engine: which, and why."""


def is_instance(value: str, classes: Iterable[str], kind: str) -> str:
    """Whether a value is of one of the classes, a class and all below it; `kind` is a variable."""
    names = sorted(classes)
    if not names:
        return "false"
    if len(names) == 1:
        return f"EXISTS {{ {value} a <{names[0]}> }}"
    listed = ", ".join(f"<{name}>" for name in names)
    return f"EXISTS {{ {value} a {kind} FILTER({kind} IN ({listed})) }}"


def is_of_datatype(value: str, datatype: Term) -> str:
    """Whether a value is a well-formed literal of a datatype, section 4.1.2."""
    if not isinstance(datatype, NamedNode):
        raise EmgraphError("the shapes cannot be run: sh:datatype is not an IRI.")
    if datatype.value in FOLDED:
        raise Uncovered(f"sh:datatype {datatype.value.rpartition('#')[2]}, kept as an integer")
    typed = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
    if datatype.value in _NUMERIC:
        return f"({typed} && isNumeric({value}))"
    if datatype.value == XSD + "boolean":
        return f"({typed} && STR({value}) IN ('true', 'false', '1', '0'))"
    if datatype.value in _ORDERED:
        return f"({typed} && EXISTS {{ FILTER(isLiteral({datatype}(STR({value})))) }})"
    return f"({typed})"


def is_of_kind(value: str, kind: Term) -> str:
    """Whether a value is of a node kind, section 4.1.3."""
    if not isinstance(kind, NamedNode) or kind.value not in _KINDS:
        raise EmgraphError(f"the shapes cannot be run: {kind} is no node kind.")
    return _KINDS[kind.value].format(value)


def compares(value: str, name: str, bound: Term) -> str:
    """Whether a value is on the right side of a bound, section 4.3; never if incomparable."""
    if not isinstance(bound, Literal):
        raise EmgraphError(f"the shapes cannot be run: sh:{name} is not a literal.")
    compared = f"{value} {_COMPARISONS[name]} {bound}"
    if bound.datatype.value in _NUMERIC:
        return f"(isNumeric({value}) && {value} = {value} && {compared})"
    if bound.datatype.value in _ORDERED | {XSD + "string"}:
        typed = f"isLiteral({value}) && DATATYPE({value}) = {bound.datatype}"
        return f"EXISTS {{ FILTER({typed} && {compared}) }}"
    raise Uncovered(f"sh:{name} over {bound.datatype.value}")


def is_less(value: str, operator: str, other: str) -> str:
    """Whether a value is less than another (or equal, by the operator); never if incomparable."""
    literals = f"isLiteral({value}) && isLiteral({other})"
    numbers = f"isNumeric({value}) && isNumeric({other})"
    same = f"DATATYPE({value}) = DATATYPE({other}) && LANG({value}) = '' && LANG({other}) = ''"
    comparable = f"{literals} && (({numbers}) || ({same}))"
    return f"EXISTS {{ FILTER({comparable} && {value} {operator} {other}) }}"


def has_length(value: str, operator: str, length: Term) -> str:
    """Whether the text of a value has at least or at most (by the operator) so many characters."""
    if not isinstance(length, Literal) or not length.value.isdigit():
        raise EmgraphError("the shapes cannot be run: a length in them is not a whole number.")
    return f"(!isBlank({value}) && STRLEN(STR({value})) {operator} {int(length.value)})"


def matches(value: str, pattern: Term, flags: str) -> str:
    """Whether the text of a value matches a regular expression, section 4.4.3."""
    if not isinstance(pattern, Literal):
        raise EmgraphError("the shapes cannot be run: sh:pattern is not a string.")
    given = f", {Literal(flags)}" if flags else ""
    return f"(!isBlank({value}) && REGEX(STR({value}), {Literal(pattern.value)}{given}))"


def is_in_language(value: str, languages: Iterable[Term]) -> str:
    """Whether a value is text in one of the languages, section 4.4.4."""
    ranges = [
        f"LANGMATCHES(LANG({value}), {Literal(language.value)})"
        for language in languages
        if isinstance(language, Literal)
    ]
    return f"(isLiteral({value}) && ({' || '.join(ranges) or 'false'}))"


def is_among(value: str, terms: Iterable[Term]) -> str:
    """Whether a value is one of the terms, the same and not just equal (section 4.8.3)."""
    listed = list(terms)
    iris = [str(term) for term in listed if isinstance(term, NamedNode)]
    ways = [f"(isIRI({value}) && {value} IN ({', '.join(iris)}))"] if iris else []
    ways += [is_same(value, term) for term in listed if not isinstance(term, NamedNode)]
    return f"({' || '.join(ways) or 'false'})"


def is_same(value: str, term: Term) -> str:
    """Whether a value is this very term."""
    if isinstance(term, BlankNode):
        raise Uncovered("a blank node as a value")
    if isinstance(term, NamedNode):
        return f"(isIRI({value}) && {value} = {term})"
    if isinstance(term, Literal) and term.datatype.value == XSD + "string":
        return f"(isLiteral({value}) && DATATYPE({value}) = {term.datatype} && {value} = {term})"
    return f"sameTerm({value}, {term})"
