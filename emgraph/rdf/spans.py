"""Turtle, TriG, N-Triples and N-Quads cut into tokens, as far as finding a statement needs it.

Follows the terminals of Turtle, section 6.5. It is no parser: what it cuts wrongly is not found
again, and nothing else comes of it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?:[ \t\r\n]+ | \#[^\r\n]*)*+
    (?:(?P<string>\"\"\"(?:\\.|\"{0,2}[^\"\\])*+\"\"\" | '''(?:\\.|'{0,2}[^'\\])*+'''
             | "(?:\\.|[^"\\\r\n])*+" | '(?:\\.|[^'\\\r\n])*+')
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<blank>_:\w(?:[\w\-·]|\.(?=[\w\-·.]))*)
  | (?P<name>(?:[^\W\d_](?:[\w\-·]|\.(?=[\w\-·.]))*)?:
             (?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\.|\.(?=[\w:\-·%\\.]))*)
  | (?P<number>[+-]?(?:\d+\.\d+|\.\d+|\d+(?:\.(?=[eE]))?)(?:[eE][+-]?\d+)?)
  | (?P<word>@?[A-Za-z][A-Za-z0-9\-]*)
  | (?P<mark>\^\^|.)
  | (?P<end>\Z))
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = r"(?:[ \t\r\n]+|\#[^\r\n]*)*+"
_IRI = r"<[^<>\"{}|^`\x00-\x20]*>"
_START = re.compile(_BLANK)
_PHRASE = re.compile(
    rf"""
    (?P<directive>(?:@?prefix{_BLANK}(?P<prefix>[^\s:<>"'{{}}\#]*:){_BLANK}{_IRI}
                  | @?base{_BLANK}{_IRI}
                  | @?version{_BLANK}(?:"[^"\r\n]*"|'[^'\r\n]*'))(?:{_BLANK}\.)?){_BLANK}
  | (?:[^"'<\#.{{}}\\]++ | \\. | {_IRI} | \#[^\r\n]*
       | \"\"\"(?:\\.|\"{{0,2}}[^\"\\])*+\"\"\" | '''(?:\\.|'{{0,2}}[^'\\])*+'''
       | "(?:\\.|[^"\\\r\n])*+" | '(?:\\.|[^'\\\r\n])*+'
       | \.(?!\s|\#|\Z) | [^.{{}}])*+
    (?P<mark>[.{{}}]?){_BLANK}
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_DIRECTIVES = ("@prefix", "prefix", "@base", "base", "@version", "version")


class Span(NamedTuple):
    """A token: its kind, what it stands for, where it starts (characters from 0).

    `opens` is set for what begins a statement: a subject.
    """

    kind: str
    value: str
    start: int
    opens: bool


class Phrase(NamedTuple):
    """A part of a text that no statement goes beyond, from one character to before another.

    It can be read alone after the directives before it, if the graph that it is in is opened before
    it and closed after it. A directive has the `prefix` that it declares, with the colon, or none.
    """

    start: int
    end: int
    prefix: str | None
    opening: str
    closing: str


def phrases(text: str) -> Iterator[Phrase]:
    """A text cut after its directives, full stops and braces, and the white space after these."""
    graph = ""
    for match in _PHRASE.finditer(text, _START.match(text, 0).end()):  # type: ignore[union-attr]
        mark = match["mark"]
        is_open = mark == "{" or (graph != "" and mark != "}")
        prefix = None if match["directive"] is None else match["prefix"] or ""
        yield Phrase(match.start(), match.end(), prefix, graph, "}" if is_open else "")
        if mark in ("{", "}"):
            graph = match[0] if mark == "{" else ""


def spans(text: str, prefixes: dict[str, str] | None = None) -> Iterator[Span]:
    """Every token in order, prefixed names as the IRIs they stand for, strings without escapes.

    Prefixes that have been declared are used, and those that the text declares are added to them.
    """
    prefixes = {} if prefixes is None else prefixes
    directive: list[str] = []
    opens = True
    names: dict[str, str] = {}
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind == "end":
            return
        raw, start = match[kind], match.start(kind)
        if opens and kind == "word" and raw.lower() in _DIRECTIVES:
            directive = [raw.lower()]
            names = {}
            yield Span("directive", raw, start, False)
            continue
        value = names.get(raw)
        if value is None:
            value = _value(kind, raw, prefixes)
            if kind == "name" and not directive:
                names[raw] = value
        graph = opens and kind == "word" and raw.upper() == "GRAPH"
        begins = opens and not graph and (kind != "mark" or raw in ("[", "("))
        yield Span(kind, value, start, begins)
        if directive:
            directive.append(raw if kind == "name" else value)
            opens = _ends_directive(directive, prefixes)
            directive = [] if opens else directive
        else:
            opens = raw in (".", "{", "}") and kind == "mark"


def _ends_directive(said: list[str], prefixes: dict[str, str]) -> bool:
    """Whether a directive is whole with its last token; a whole @prefix is noted on the way."""
    kind, *rest = said
    if kind.endswith("prefix") and len(rest) == 2:
        prefixes[rest[0].removesuffix(":")] = rest[1]
    if kind.startswith("@"):
        return rest[-1] == "."
    return len(rest) == (2 if kind == "prefix" else 1)


def _value(kind: str, raw: str, prefixes: dict[str, str]) -> str:
    if kind == "iri":
        return _unescaped(raw[1:-1])
    if kind == "name":
        prefix, _, local = raw.partition(":")
        local = re.sub(r"\\(.)", r"\1", local) if "\\" in local else local
        return prefixes.get(prefix, "") + local
    if kind == "string":
        marks = 3 if raw[:3] in ('"""', "'''") else 1
        return _unescaped(raw[marks:-marks])
    return raw


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _SHORT.get(escape[3], escape[3])
