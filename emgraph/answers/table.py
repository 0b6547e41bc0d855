"""An answer as a table for a terminal: padded, wrapped to its width, or record by record."""

from collections.abc import Iterator, Sequence
from operator import le

from emgraph.answers.view import View, heading, is_citation
from emgraph.screen import columns, one_line, widest, wrapped

_GAP = 2
_NARROWEST = 16
_FEW = 1000  # rows for which the shortest way is looked for
_IN_EVERY_ROW = "In every row"
_ASKED = "Asked"
_INDENT = "  "

Named = Sequence[tuple[str, Sequence[str]]]


def render(shown: View, width: int) -> str:
    """Columns padded to their texts; where they do not fit, wrapped.

    Then without those that are empty, and with what is the same in every row told once above; where
    even that is too wide, each row is a record of lines, numbered. Beneath stands what was asked.
    """
    lines = list(_rows(shown, width)) if shown.rows else wrapped(shown.about.no_rows, width)
    beneath = [shown.cut()] if shown.cut() else []
    if shown.about.facts:
        beneath += ["", _ASKED] if beneath else [_ASKED]
        for head, text, _ in shown.about.facts:
            beneath += _block([(head, one_line(text))], width)
    lines += ["", *beneath] if beneath else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _rows(shown: View, width: int) -> Iterator[str]:
    """The lines of the shortest way that fits."""
    texts = zip(*shown.texts(), strict=True)
    named = [
        (head, list(map(one_line, column))) for head, column in zip(shown.heads, texts, strict=True)
    ]
    natural = [max(1, columns(head), widest(column)) for head, column in named]
    if sum(natural) + _GAP * (len(named) - 1) <= width:
        yield from _grid(named, natural, [])
        return
    empty = [head for head, column in named if not any(column)]
    named = [(head, column) for head, column in named if any(column)]
    once = [(head, column[0]) for head, column in named if len(column) > 1 and _is_same(column)]
    told = [_IN_EVERY_ROW, *_block(once, width), ""] if once else []
    rest = [(head, column) for head, column in named if not (len(column) > 1 and _is_same(column))]
    cites = {heading(name) for name in shown.variables if is_citation(name)}
    cited = [pair for pair in rest if pair[0] in cites]
    stated = [pair for pair in rest if pair[0] not in cites]
    ways: list[list[str]] = []
    for above, chosen, below in (([], named, []), (told, rest, []), (told, stated, cited)):
        is_settled = ways and (len(shown.rows) > _FEW or chosen == named)
        widths = None if is_settled else _widths(chosen, width)
        if widths:
            ways.append([*above, *_grid(chosen, widths, _beneath(below, width))])
    yield from min(ways, key=len) if ways else (*told, *_records(rest, width))
    if empty:
        yield ""
        yield from wrapped(f"Empty in every row: {', '.join(empty)}.", width)


def _beneath(cites: Named, width: int) -> list[list[str]]:
    """Lines for beneath the head and for beneath each row: what it cites, in brackets."""
    if not cites:
        return []
    several = len(cites) > 1
    rows = zip(*(column for _, column in cites), strict=True)
    told = [
        "; ".join(
            f"{head}: {text}" if several else text
            for (head, _), text in zip(cites, row, strict=True)
            if text
        )
        for row in rows
    ]
    every = ["; ".join(head for head, _ in cites), *told]
    margin = _INDENT * 2
    return [wrapped(f"[{text}]", width, margin, f"{margin} ") if text else [] for text in every]


def _is_same(column: Sequence[str]) -> bool:
    return all(text == column[0] for text in column)


def _grid(named: Named, widths: Sequence[int], beneath: Sequence[list[str]]) -> Iterator[str]:
    """A head, a rule and the rows; an empty line between rows where most take several lines."""
    gap = " " * _GAP
    rows = [_lines(row, widths) for row in zip(*(column for _, column in named), strict=True)]
    heads = _lines([head for head, _ in named], widths)
    if beneath:
        heads += beneath[0]
        rows = [[*lines, *cited] for lines, cited in zip(rows, beneath[1:], strict=True)]
    is_airy = 2 * sum(len(lines) > 1 for lines in rows) > len(rows) > 1
    yield from heads
    yield gap.join("-" * width for width in widths)
    for number, lines in enumerate(rows):
        if is_airy and number:
            yield ""
        yield from lines


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    taken = [columns(text) for text in row]
    if all(map(le, taken, widths)):
        padded = zip(row, taken, widths, strict=True)
        return [(" " * _GAP).join(text + " " * (width - size) for text, size, width in padded)]
    cells = [wrapped(text, width) for text, width in zip(row, widths, strict=True)]
    height = max(len(lines) for lines in cells)
    return [
        (" " * _GAP).join(
            part + " " * (width - columns(part))
            for lines, width in zip(cells, widths, strict=True)
            for part in [lines[i] if i < len(lines) else ""]
        )
        for i in range(height)
    ]


def _records(named: Named, width: int) -> Iterator[str]:
    """Each row as lines of `Head: text` under its number, what is empty left out."""
    heads = [head for head, _ in named]
    rows = list(zip(*(column for _, column in named), strict=True))
    for number, row in enumerate(rows, 1):
        if number > 1:
            yield ""
        if len(rows) > 1:
            yield f"{number:,} of {len(rows):,}"
        yield from _block(list(zip(heads, row, strict=True)), width)


def _block(named: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Indented lines of `Head: text`, texts in line where the heads leave them half the room."""
    margin = max((columns(head) + 2 for head, _ in named), default=0) + len(_INDENT)
    for head, text in named:
        if text and margin <= width // 2:
            yield from wrapped(text, width, f"{_INDENT}{head}:".ljust(margin), " " * margin)
        elif text:
            yield from wrapped(f"{head}:", width, _INDENT, _INDENT)
            yield from wrapped(text, width, _INDENT * 2, _INDENT * 2)


def _widths(named: Named, width: int) -> list[int] | None:
    """A width for every column, the widest shortened until all fit; nothing if they cannot.

    A column is never narrower than its longest word, or than 16 columns if that is longer.
    """
    wide = [min(width, max(1, columns(head), widest(column))) for head, column in named]
    longest = [widest([*head.split(), *" ".join(column).split()]) for head, column in named]
    floors = [min(w, word, _NARROWEST) for w, word in zip(wide, longest, strict=True)]
    room = width - _GAP * (len(named) - 1)
    if not named or sum(floors) > room:
        return None
    while sum(wide) > room:
        most = max(w for w, floor in zip(wide, floors, strict=True) if w > floor)
        wide[next(i for i, w in enumerate(wide) if w == most and w > floors[i])] -= 1
    return wide
