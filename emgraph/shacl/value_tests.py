"""What one value must be, as SPARQL expressions that are never an error (SHACL section 4.1 to 4.4).

Each comparison stands behind a test of type and form (an ill-formed date, or a time with a zone
against one without, compares to nothing), because engines differ in what becomes of an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.errors import EmgraphError, Uncovered
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
NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "double", "float")) | FOLDED
_ZONE = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_DAYS = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP = "-?[0-9]*([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DATE = f"({_YEAR}-{_DAYS}|{_LEAP})"
_TIME = "(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?|24:00:00([.]0+)?)"
_SECONDS = "[0-9]+([.][0-9]+)?S"
_CLOCK = f"T([0-9]+H([0-9]+M)?({_SECONDS})?|[0-9]+M({_SECONDS})?|{_SECONDS})"
_MONTHS = "([0-9]+Y([0-9]+M)?|[0-9]+M)"
_FORMS = {
    XSD + name: f"^{form}$"
    for name, form in {
        "boolean": "(true|false|1|0)",
        "date": f"{_DATE}{_ZONE}?",
        "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
        "time": f"{_TIME}{_ZONE}?",
        "duration": f"-?P(({_MONTHS}([0-9]+D)?|[0-9]+D)({_CLOCK})?|{_CLOCK})",
        "dayTimeDuration": f"-?P([0-9]+D({_CLOCK})?|{_CLOCK})",
        "yearMonthDuration": f"-?P{_MONTHS}",
        "gYear": f"{_YEAR}{_ZONE}?",
        "gYearMonth": f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}?",
        "gMonth": f"--(0[1-9]|1[0-2]){_ZONE}?",
        "gMonthDay": f"--({_DAYS}|02-29){_ZONE}?",
        "gDay": f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}?",
    }.items()
}
_ZONED = f"{_ZONE}$"
NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_BOOLEANS = {text: pair for pair in (("true", "1"), ("false", "0")) for text in pair}
_MOST_IN_A_ROW = 8
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


def is_instance(value: str, classes: Iterable[str], kind: str, things: Iterable[str] = ()) -> str:
    """Whether a value is of one of the classes, a class and all below it; `kind` is a variable.

    `things` are in a class without any statement that says so.
    """
    if things:
        listed = ", ".join(f"<{name}>" for name in sorted(things))
        among = f"(isIRI({value}) && {value} IN ({listed}))"
        return f"({is_instance(value, classes, kind)} || {among})"
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
    if datatype.value in NUMERIC:
        return f"({typed} && isNumeric({value}))"
    if datatype.value in _FORMS:
        return f"({typed} && {_is_formed(value, datatype.value)})"
    return f"({typed})"


def _is_formed(value: str, datatype: str) -> str:
    return f"REGEX(STR({value}), {Literal(_FORMS[datatype])})"


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
    if bound.datatype.value in NUMERIC:
        return f"(isNumeric({value}) && {value} = {value} && {compared})"
    typed = f"isLiteral({value}) && DATATYPE({value}) = {bound.datatype}"
    if bound.datatype.value == XSD + "string":
        return f"({typed} && {compared})"
    if bound.datatype.value in _FORMS:
        zoned = f"REGEX(STR({value}), {Literal(_ZONED)})"
        zone = zoned if re.search(_ZONED, bound.value) else f"!{zoned}"
        return f"({typed} && {_is_formed(value, bound.datatype.value)} && {zone} && {compared})"
    raise Uncovered(f"sh:{name} over {bound.datatype.value}")


def is_less(value: str, operator: str, other: str) -> str:
    """Whether a value is less than another (or equal, by the operator); never if incomparable."""
    literals = f"isLiteral({value}) && isLiteral({other})"
    numbers = f"isNumeric({value}) && isNumeric({other})"
    ways = [f"DATATYPE({value}) = <{XSD}string>"]
    for datatype in _FORMS:
        formed = f"{_is_formed(value, datatype)} && {_is_formed(other, datatype)}"
        ways.append(f"DATATYPE({value}) = <{datatype}> && {formed}")
    alike = f"DATATYPE({value}) = DATATYPE({other})"
    zone = f"REGEX(STR({value}), {Literal(_ZONED)}) = REGEX(STR({other}), {Literal(_ZONED)})"
    same = f"{alike} && {zone} && ({' || '.join(f'({way})' for way in ways)})"
    return f"({literals} && (({numbers}) || ({same})) && {value} {operator} {other})"


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


def joined(operator: str, parts: Sequence[str]) -> str:
    """An expression of several in brackets, in halves of halves where there are many; or nothing.

    Engines take a row of a thousand as a thousand in each other, in quadratic time and stack.
    """
    if len(parts) <= _MOST_IN_A_ROW:
        return f"({operator.join(parts)})" if parts else ""
    middle = len(parts) // 2
    return f"({joined(operator, parts[:middle])}{operator}{joined(operator, parts[middle:])})"


def negation(expression: str) -> str:
    """The opposite of an expression."""
    if expression in ("true", "false"):
        return "false" if expression == "true" else "true"
    return f"!({expression})"


def some(expressions: Iterable[str]) -> str:
    """An expression: one at least of several is so."""
    parts = [one for one in expressions if one != "false"]
    return "true" if "true" in parts else joined(" || ", parts) or "false"


def every(expressions: Iterable[str]) -> str:
    """An expression: all of several are so."""
    parts = [one for one in expressions if one != "true"]
    return "false" if "false" in parts else joined(" && ", parts) or "true"


def is_in_language(value: str, languages: Iterable[Term]) -> str:
    """Whether a value is text in one of the languages, section 4.4.4."""
    ranges = [
        f"LANGMATCHES(LANG({value}), {Literal(language.value)})"
        for language in languages
        if isinstance(language, Literal)
    ]
    return f"(isLiteral({value}) && {joined(' || ', ranges) or '(false)'})"


def is_among(value: str, terms: Iterable[Term]) -> str:
    """Whether a value is one of the terms, the same and not just equal (section 4.8.3).

    Terms of one kind are tested at once, save what is not ASCII, which Virtuoso does not find so.
    """
    listed: dict[tuple[str, str], list[str]] = {}
    for term in terms:
        kind, text = _same(value, term)
        listed.setdefault((kind, "" if text.isascii() else text), []).append(text)
    ways = [f"({kind} IN ({', '.join(texts)}))" for (kind, _), texts in listed.items()]
    return joined(" || ", ways) or "(false)"


def leaves_out(value: str, terms: Iterable[Term]) -> str:
    """A pattern that leaves out the values that are one of the terms, in the time of one test.

    Only terms that no engine spells in another way are joined; the others are tested.
    """
    terms = list(terms)
    plain = [t for t in terms if isinstance(t, NamedNode) or _is_plain(t)]
    others = [t for t in terms if not isinstance(t, NamedNode) and not _is_plain(t)]
    without = f"MINUS {{ VALUES {value} {{ {' '.join(map(str, plain))} }} }}"
    return f"{without} FILTER(!{is_among(value, others)})" if others else without


def _is_plain(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value == XSD + "string"


def as_stored(term: Literal) -> Literal:
    """A literal as a store gives it back: 007 as 7, and an xsd:int as an xsd:integer."""
    if _is_plain(term):
        return term
    store, name = Store(), NamedNode(XSD)
    store.add(Quad(name, name, term))
    (kept,) = (quad.object for quad in store)
    return kept if isinstance(kept, Literal) else term


def _same(value: str, term: Term) -> tuple[str, str]:
    """What has to be so of a value for it to be compared with a term, and with what."""
    if isinstance(term, BlankNode):
        raise Uncovered("a blank node as a value")
    if isinstance(term, NamedNode):
        return f"isIRI({value}) && {value}", str(term)
    if not isinstance(term, Literal):
        raise Uncovered("a statement as a value")
    if term.language:
        tag = Literal(term.language.lower())
        return f"isLiteral({value}) && LCASE(LANG({value})) = {tag} && STR({value})", str(
            Literal(term.value)
        )
    term = as_stored(term)
    typed = f"isLiteral({value}) && DATATYPE({value}) = {term.datatype}"
    if term.datatype.value in NUMERIC and re.fullmatch(NUMBER, term.value):
        return f"{typed} && isNumeric({value}) && {value}", str(term)
    texts = _BOOLEANS.get(term.value, ()) if term.datatype.value == XSD + "boolean" else ()
    return f"{typed} && STR({value})", ", ".join(
        str(Literal(text)) for text in texts or (term.value,)
    )
