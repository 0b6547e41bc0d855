"""Texts and numbers of a query that the data have, but in another language, datatype or case."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from emgraph.namespaces import RDF, XSD, prefixes, shrink
from emgraph.sparql.prologue import declared
from emgraph.tokens import Token, tokens

_MERGE = DefaultGraph()
_MANY = 100_000  # statements that are looked through for each property
_MOST = 10  # values of a query that are looked for
_PARTS = ("string", "language", "number")
_NUMBERS = (NamedNode(XSD + "integer"), NamedNode(XSD + "decimal"), NamedNode(XSD + "double"))


class Wanted(NamedTuple):
    """A value that a query asks for, and the properties that it asks it of: none means any."""

    value: Literal
    properties: tuple[NamedNode, ...]


def otherwise(text: str, store: Store) -> Iterator[str]:
    """A sentence for each value of a query that no statement has and that is there otherwise."""
    for wanted in islice(dict.fromkeys(_values(text)), _MOST):
        ways = wanted.properties or (None,)
        if any(_has(store, way, wanted.value) for way in ways):
            continue
        folded = wanted.value.value.casefold()
        alike = {
            quad.object
            for way in ways
            for quad in islice(store.quads_for_pattern(None, way, None, _MERGE), _MANY)
            if isinstance(quad.object, Literal) and quad.object.value.casefold() == folded
        }
        if alike:
            there = " or ".join(sorted(map(_shown, alike))[:3])
            yield f"nothing here has {_shown(wanted.value)}. Did you mean {there}?"


def _has(store: Store, way: NamedNode | None, value: Literal) -> bool:
    return next(store.quads_for_pattern(None, way, value, _MERGE), None) is not None


def _shown(value: Literal) -> str:
    if value.language or value.datatype.value == XSD + "string":
        return str(value)
    return f"{Literal(value.value)}^^{shrink(value.datatype.value)}"


def _values(text: str) -> Iterator[Wanted]:
    """The values in triple patterns, and those that a variable has to be: ?x = "A", IN, VALUES.

    A value with escapes is left out, as is a number that is compared, which may be spelt anyhow,
    and all that no answer has to match.
    """
    found = list(tokens(text))
    known = {**prefixes(), **declared(found)}
    for index, (token, is_matched) in enumerate(zip(found, _matched(found), strict=True)):
        value = _value(found, index, known) if "\\" not in token.text else None
        if value is None or not is_matched:
            continue
        start = index - 1
        while start >= 0 and (found[start].text == "," or found[start].kind in _PARTS):
            start -= 1
        way = _iri(found[start], known) if start >= 0 else None
        if way is not None:
            yield Wanted(value, (way,))
        elif found[start].kind == "variable" and start == index - 1:
            yield Wanted(value, ())
        elif token.kind == "string" and (name := _compared(found[: start + 1])):
            yield Wanted(value, tuple(_ways(found, name, known)))


def _matched(found: Sequence[Token]) -> Iterator[bool]:
    """Whether an answer has to match each token: none has to match a template or what is denied."""
    aside, earlier, before = [False], "", ""
    for token in found:
        word = token.text.upper()
        if word == "{":
            is_denied = before == "MINUS" or (before == "EXISTS" and earlier in ("NOT", "!"))
            aside.append(aside[-1] or is_denied or before == "CONSTRUCT")
        elif word == "}" and len(aside) > 1:
            aside.pop()
        yield not aside[-1]
        earlier, before = before, word


def _value(found: Sequence[Token], index: int, known: dict[str, str]) -> Literal | None:
    """The literal that starts there, if one does."""
    token, after = found[index], [*found[index + 1 : index + 4]]
    if token.kind == "number":
        number = token.text.removesuffix(".")  # which ends the pattern
        kind = 2 if "e" in number.lower() else int("." in number)
        return Literal(number, datatype=_NUMBERS[kind])
    if token.kind != "string":
        return None
    marks = 3 if token.text[:3] in ('"""', "'''") else 1
    bare = token.text[marks:-marks]
    if after and after[0].kind == "language":
        return Literal(bare, language=after[0].text[1:])
    if [one.text for one in after[:2]] == ["^", "^"]:
        datatype = _iri(after[2], known) if len(after) == 3 else None
        return Literal(bare, datatype=datatype) if datatype else None
    return Literal(bare)


def _iri(token: Token, known: dict[str, str]) -> NamedNode | None:
    """The IRI that a token is, if it is one without escapes."""
    prefix, _, local = token.text.partition(":")
    if token.text == "a":
        return NamedNode(RDF + "type")
    try:
        if token.kind == "name" and prefix in known:
            return NamedNode(known[prefix] + local.replace("\\", ""))
        return NamedNode(token.text[1:-1]) if token.kind == "iri" and ":" in token.text else None
    except ValueError:
        return None


def _compared(before: Sequence[Token]) -> str:
    """The variable that has to be one of the values that follow, if it is a variable."""
    words = ["", "", "", *(token.text for token in before)][-3:]
    if words[1].upper() == "IN" and words[2] == "(":
        return _variable(words[0])
    if words[2] == "{" and words[0].upper() == "VALUES":
        return _variable(words[1])
    return _variable(words[1]) if words[2] == "=" else ""


def _variable(word: str) -> str:
    return word[1:] if word[:1] in ("?", "$") and word[1:] else ""


def _ways(found: Sequence[Token], name: str, known: dict[str, str]) -> Iterator[NamedNode]:
    """The properties whose value a variable is in some pattern."""
    ways = {
        _iri(before, known)
        for before, token in pairwise(found)
        if token.kind == "variable" and token.text[1:] == name
    }
    yield from sorted((way for way in ways if way is not None), key=str)
