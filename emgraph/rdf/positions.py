"""On which line of its file a statement stands, and in which column its parts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.namespaces import RDF
from emgraph.rdf.files import RdfFile
from emgraph.rdf.lines import ends_of, lines, text_of
from emgraph.rdf.spans import Phrase, Span, phrases, spans
from emgraph.rdf.store import BY_LINE, Parts
from emgraph.terms import Term

_MOST_BYTES = 16_000_000
_MOST_TOKENS = 2_000  # how far back a statement is looked for, so that long lists cost little
_PREFIX = re.compile(r"(?<![^\s:<>\"'{}#;,()\[\]^])[^\s:<>\"'{}#;,()\[\]^]*+:")
_LINE_END = re.compile(r"\r\n?|\n")
_MOST_PHRASES = 1_000  # remembered at once
_EMPTY = NamedNode(RDF + "nil")  # written ()
_CLOSING = {"]": "[", ")": "("}


class Part(Enum):
    """A part of a statement."""

    SUBJECT = "subject"
    PREDICATE = "predicate"
    OBJECT = "object"


class Position(NamedTuple):
    """Line and column (in characters), both from 1, as far as they are known."""

    line: int | None
    column: int | None


class Positions:
    """Where the statements of one file stand; the file is read again, so make it only if needed."""

    def __init__(self, file: RdfFile, said: Sequence[Quad] | Sequence[Parts]) -> None:
        self._file, self._said = file, said
        self._phrases: list[Phrase] = []
        self._ends: list[int] = []
        self._tokens: dict[int, _Tokens] = {}
        self._directives: dict[str, list[int]] = {}
        data = text_of(file)
        is_read = data is not None and len(data) <= _MOST_BYTES
        self._text = data.decode() if data is not None and is_read else ""
        self._further = ends_of(file, self._cut()) if is_read else iter(())

    def _cut(self) -> Iterator[bytes]:
        """The text phrase by phrase, each noted when the parser has asked for it."""
        end = 0
        for phrase in phrases(self._text):
            if phrase.prefix is not None:
                self._directives.setdefault(phrase.prefix, []).append(len(self._phrases))
            self._phrases.append(phrase)
            yield self._text[end : phrase.end].encode()
            end = phrase.end
        yield self._text[end:].encode()

    def _reaches(self, index: int) -> bool:
        """Whether a statement can be read; what is in the same phrase is read too."""
        while len(self._ends) <= index or self._ends[-1] == self._ends[index]:
            end = next(self._further, None)
            if end is None:
                break
            self._ends.append(end)
        return index < len(self._ends)

    @cached_property
    def _starts(self) -> list[int]:
        """The characters at which lines start."""
        return [0, *(end.end() for end in _LINE_END.finditer(self._text))]

    @cached_property
    def _lines(self) -> list[int]:
        return lines(self._file)

    def of(self, index: int, part: Part) -> Position:
        """Where a part of a statement is, else a larger part, else the line; else nowhere.

        A part that is not written (the head of a list) gives way: object to property to subject.
        """
        start = self._start(index, part) if self._reaches(index) else None
        if start is None:
            return Position(self._lines[index] if index < len(self._lines) else None, None)
        row = bisect_right(self._starts, start) - 1
        return Position(row + 1, start - self._starts[row] + 1)

    def _start(self, index: int, part: Part) -> int | None:
        """The character at which a part of a statement begins."""
        number = self._ends[index] - 1
        phrase = self._phrases[number]
        if number not in self._tokens:
            text = self._text[phrase.start : phrase.end]
            declared = self._declared(number, phrase.opening + text)
            if len(self._tokens) > _MOST_PHRASES:
                self._tokens.clear()
            self._tokens[number] = _Tokens(self._file, phrase, text, declared)
        first, last = (side(self._ends, number + 1) for side in (bisect_left, bisect_right))
        found = self._tokens[number].found(
            index - first, last - first, Quad(*self._said[index]), part
        )
        return None if found is None else phrase.start + found.start

    def _declared(self, number: int, text: str) -> str:
        """The last directive before a phrase for each prefix in it, and the last base."""
        needed = []
        for prefix in {"", *_PREFIX.findall(text)} & self._directives.keys():
            declaring = self._directives[prefix]
            needed += declaring[: bisect_left(declaring, number)][-1:]
        chosen = (self._phrases[one] for one in sorted(needed))
        return "".join(f"{self._text[phrase.start : phrase.end]}\n" for phrase in chosen)


class _Tokens:
    """The tokens of a phrase, and how many of them the parser has read for each statement."""

    def __init__(self, file: RdfFile, phrase: Phrase, text: str, declared: str) -> None:
        self._is_by_line = file.format in BY_LINE
        prefixes: dict[str, str] = {}
        list(spans(declared, prefixes))
        self._spans = list(spans(text, prefixes))
        self._openings = _openings(self._spans)
        read = [0, *_ending(self._spans)]
        starts = [0, *(span.start for span in self._spans[1:]), len(text)]
        within = (text[starts[a] : starts[b]] for a, b in pairwise(read))
        pieces = (f"{declared}{phrase.opening} ", *within, phrase.closing)
        ends = ends_of(file, (piece.encode() for piece in pieces if piece))
        self._ends = [read[min(number, len(read)) - 1] for number in ends]

    def found(self, index: int, count: int, quad: Quad, part: Part) -> Span | None:
        """A part of the statement with a number, if there are as many as is thought."""
        if len(self._ends) != count:
            return None
        at = self._object(self._ends[index] - 1, quad)
        if at is None:
            return None
        before = list(self._level(at))
        first = self._spans[before[-1]] if before else None
        if first is not None and first.opens and not _is(first, quad.subject):
            return None  # the parser had read on, into a statement that says the same
        if part is Part.OBJECT:
            return self._spans[at]
        predicate = next(
            (n for n, older in pairwise(before) if self._precedes(older, before)), None
        )
        if part is Part.PREDICATE and predicate is not None:
            span = self._spans[predicate]
            if _is(span, quad.predicate):
                return span
        return first if first and _is(first, quad.subject) else None

    def _precedes(self, n: int, before: Sequence[int]) -> bool:
        """Whether the token after this one is a property: this is the subject or a semicolon."""
        return n == before[-1] or (self._spans[n].kind, self._spans[n].value) == ("mark", ";")

    def _object(self, last: int, quad: Quad) -> int | None:
        """The token that is the object, at or before the last token that the parser had read."""
        last, term = min(last, len(self._spans) - 1), quad.object
        if self._is_by_line:
            first = next((n for n in range(last, -1, -1) if self._spans[n].opens), last)
            at = min(first + 2, len(self._spans) - 1)
            return at if _is(self._spans[at], term) else None
        if not isinstance(term, NamedNode | Literal):
            return self._node(last)
        for n in range(last, max(last - 8, -1), -1):
            span = self._spans[n]
            if span.value == ")" and self._openings.get(n) == n - 1 and term == _EMPTY:
                return n - 1
            if _is(span, term):
                typed = n and self._spans[n - 1].value == "^^"
                if not (typed or span.opens):
                    return n
        return None

    def _node(self, last: int) -> int | None:
        """The token that begins a blank node, its label or its bracket."""
        for n in range(last, max(last - 4, -1), -1):
            value = self._spans[n].value
            if self._spans[n].kind == "blank" and not self._spans[n].opens:
                return n
            if self._spans[n].kind == "mark" and value in _CLOSING:
                return self._openings.get(n)
            if self._spans[n].kind == "mark" and value in ("[", "("):
                return n
        return None

    def _level(self, start: int) -> Iterator[int]:
        """The tokens before one, backwards to the one that begins what it is in, brackets left out.

        Where that is an open bracket, the bracket is the last.
        """
        n: int | None = start - 1
        while n is not None and n >= max(start - _MOST_TOKENS, 0):
            span = self._spans[n]
            if span.kind == "mark" and span.value in _CLOSING:
                n = self._openings.get(n)
                if n is None:
                    return
                yield n
                if self._spans[n].opens:
                    return
                n -= 1
                continue
            yield n
            if span.opens or (span.kind == "mark" and span.value in _CLOSING.values()):
                return
            n -= 1


def _ending(found: Sequence[Span]) -> Iterator[int]:
    """How many tokens there are up to each that may end a statement: a mark, or one in a list."""
    depth = 0
    for n, span in enumerate(found, 1):
        if span.kind == "mark":
            depth += (span.value == "(") - (span.value == ")")
        if depth > 0 or span.kind == "mark" or n == len(found):
            yield n


def _openings(found: Sequence[Span]) -> dict[int, int]:
    """The bracket that each closing bracket belongs to, both by number."""
    pairs, waiting = {}, []
    for n, span in enumerate(found):
        if span.kind == "mark" and span.value in _CLOSING.values():
            waiting.append(n)
        elif span.kind == "mark" and span.value in _CLOSING and waiting:
            pairs[n] = waiting.pop()
    return pairs


def _is(span: Span, term: Term) -> bool:
    """Whether a token can be how a term is written."""
    if isinstance(term, NamedNode):
        if span.kind == "word":
            return span.value == "a" and term.value == RDF + "type"
        relative = span.kind == "iri" and ":" not in span.value
        exact = span.kind in ("iri", "name") and span.value == term.value
        tail = span.value.rpartition("./")[2].lstrip(".")  # a base takes dots and steps up away
        return exact or (relative and term.value.endswith(tail))
    if isinstance(term, Literal):
        return span.kind in ("string", "number", "word") and span.value == term.value
    return span.kind == "blank" or (span.kind == "mark" and span.value in ("[", "("))
