"""What a query asks, part by part, with how much of the graph each part finds.

Oxigraph does not show its plan to Python. So the parts are counted as they are written: each alone,
and each together with those above it in its group, the filters last, as they stand for the whole
group. The engine may choose another order; the counts are its own.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from emgraph.errors import QueryStopped
from emgraph.screen import one_line
from emgraph.sparql.grammar import Span, spans
from emgraph.sparql.isolate import Answer, Rows
from emgraph.tokens import Token

Ask = Callable[[str, float], Answer]
_LAST = ("FILTER",)
_NOT_ALONE = ("FILTER", "OPTIONAL", "MINUS", "BIND")


class Part(NamedTuple):
    """A part of a group: its line, how deep it stands, its text, and how many rows it finds.

    `alone` and `so_far` are nothing where that makes no sense or took too long.
    """

    line: int
    depth: int
    text: str
    alone: int | None
    so_far: int | None


class Plan(NamedTuple):
    """The parts of a query, how many rows the whole answer has, and after how many seconds.

    `rows` is nothing where the query was stopped.
    """

    parts: list[Part]
    rows: int | None
    seconds: float


def plan(query: str, ask: Ask, timeout: float) -> Plan:
    """The plan of a query in the grammar of SPARQL 1.1; `ask` answers a text within seconds.

    The timeout, in seconds, is that of the query, and of all counting. Raises EmgraphError for a
    query that is wrong.
    """
    started = time.monotonic()
    rows = _size(query, ask, timeout)
    seconds = time.monotonic() - started
    found, took = spans(query)
    asked = _Counter(query, found, ask, timeout)
    groups = [span for span in took if span.rule == "Group"]
    return Plan([part for group in groups for part in asked.parts(group, took)], rows, seconds)


def _size(query: str, ask: Ask, timeout: float) -> int | None:
    """How many rows or triples an answer has; that to ASK has one."""
    try:
        answer = ask(query, timeout)
    except QueryStopped:
        return None
    if isinstance(answer, bool):
        return 1
    return len(answer.rows) if isinstance(answer, Rows) else len(answer)


class _Counter:
    """Counts what the parts of one query find, until the time is up."""

    def __init__(self, query: str, found: list[Token], ask: Ask, timeout: float) -> None:
        self._query = query
        self._found = found
        self._ask = ask
        self._each = timeout / 4
        self._deadline = time.monotonic() + timeout

    def parts(self, group: Span, took: list[Span]) -> Iterator[Part]:
        """The parts of a group in the order in which they are counted."""
        own = list(_children(group, took))
        if len(own) == 1 and own[0].rule == "SubSelect":
            return
        own.sort(key=lambda span: self._word(span) in _LAST)
        depth = sum(g.rule == "Group" and _within(group, g) for g in took) - 1
        place = self._place(group, took)
        prologue = self._text(next(span for span in took if span.rule == "Prologue"))
        for index, span in enumerate(own):
            alone = self._word(span) not in _NOT_ALONE
            texts = [self._text(one) for one in own[: index + 1]]
            counted = [
                self._count(prologue, place, texts[-1:]) if alone else None,
                self._count(prologue, place, texts) if index or not alone else None,
            ]
            line = self._query.count("\n", 0, self._found[span.first].start) + 1
            so_far = counted[1] if index or not alone else counted[0]
            yield Part(line, depth, one_line(self._text(span)), counted[0], so_far)

    def _text(self, span: Span) -> str:
        if span.first == span.last:
            return ""
        return self._query[self._found[span.first].start : self._found[span.last - 1].end]

    def _word(self, span: Span) -> str:
        return self._found[span.first].text.upper()

    def _place(self, group: Span, took: list[Span]) -> list[str]:
        """The GRAPH clauses around a group, the outermost first."""
        return [
            self._text(Span("", span.first, span.first + 2))
            for span in took
            if span.rule == "Pattern" and self._word(span) == "GRAPH" and _within(group, span)
        ]

    def _count(self, prologue: str, place: list[str], texts: list[str]) -> int | None:
        """How many rows parts find together: they are cut from the user's own query as they are."""
        inner = " . ".join(texts)
        around = "".join(f"{graph} {{ " for graph in place)
        query = (
            f"{prologue}\nSELECT (COUNT(*) AS ?emgraph_n) {{ {around}{inner}{' }' * len(place)} }}"
        )
        left = self._deadline - time.monotonic()
        if left <= 0:
            return None
        try:
            answer = self._ask(query, min(left, self._each))
        except QueryStopped:
            return None
        return int(getattr(answer.rows[0][0], "value", 0)) if isinstance(answer, Rows) else None


def _within(inner: Span, outer: Span) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _children(group: Span, took: list[Span]) -> Iterator[Span]:
    """The parts directly in a group: subjects with all that is said of them, and patterns."""
    end = group.first
    for span in took:
        inside = group.first < span.first and span.last < group.last
        if inside and span.first >= end and span.rule in ("Subject", "Pattern", "SubSelect"):
            end = span.last
            yield span


def render(found: Plan, width: int) -> str:
    """The plan as a table, the texts cut to the width (columns)."""
    counts = [(str(part.line), _number(part.alone), _number(part.so_far)) for part in found.parts]
    heads = ("Line", "Alone", "So far")
    sizes = [max(map(len, column)) for column in zip(heads, *counts, strict=True)]
    room = max(width - sum(sizes) - 8, 20)
    lines = [_row(heads, sizes, "Part")]
    lines.append("  ".join("-" * size for size in (*sizes, min(room, 40))))
    for part, count in zip(found.parts, counts, strict=True):
        text = "  " * part.depth + part.text
        lines.append(_row(count, sizes, text if len(text) <= room else f"{text[: room - 1]}…"))
    noun = "row" if found.rows == 1 else "rows"
    whole = "Stopped after" if found.rows is None else f"{found.rows:,} {noun} in"
    lines += [
        "",
        f"{whole} {found.seconds:.2f} s.",
        "Alone: rows of the part by itself. So far: with the parts above it in its group.",
        "The engine chooses its own order, which it does not tell.",
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _row(counts: tuple[str, ...], sizes: list[int], text: str) -> str:
    cells = [count.rjust(size) for count, size in zip(counts, sizes, strict=True)]
    return "  ".join([*cells, text])


def _number(count: int | None) -> str:
    return "" if count is None else f"{count:,}"
