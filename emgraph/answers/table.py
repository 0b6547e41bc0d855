"""An answer as a table for a terminal: padded, wrapped to its width, or record by record."""

from collections.abc import Sequence

from emgraph.answers.view import View, footnotes
from emgraph.screen import columns, one_line, wrapped

_GAP = 2
_NARROWEST = 16


def render(shown: View, width: int) -> str:
    """Columns padded to their texts; where they do not fit, wrapped.

    Then without those that are empty, and with what is the same in every row told once above; where
    even that is too wide, each row is a record of lines.
    """
    notes = footnotes(shown)
    if not shown.rows:
        return "".join(f"{line}\n" for line in (shown.about.no_rows, *notes))
    heads = shown.heads
    columns_ = [[one_line(text) for text in column] for column in zip(*shown.texts(), strict=True)]
    lines, told = _fitted(heads, columns_, width)
    told = [part for note in (*told, *notes) for part in wrapped(note, width)]
    return "".join(f"{line.rstrip()}\n" for line in (*lines, *([""] if told else []), *told))


def _fitted(heads: list[str], columns_: list[list[str]], width: int) -> tuple[list[str], list[str]]:
    """The lines of the shortest way that fits, and what has to be told beneath."""
    if sum(_wide(heads, columns_)) + _GAP * (len(heads) - 1) <= width:
        return _grid(heads, columns_, _wide(heads, columns_)), []
    named = list(zip(heads, columns_, strict=True))
    empty = [head for head, column in named if not any(column)]
    named = [(head, column) for head, column in named if any(column)]
    told = [f"Empty in every row: {', '.join(empty)}."] if empty else []
    same = [(h, c[0]) for h, c in named if len(c) > 1 and len(set(c)) == 1]
    different = [(head, column) for head, column in named if (head, column[0]) not in same]
    ways = []
    for chosen, once in ((named, []), (different, same)):
        heads, columns_ = [head for head, _ in chosen], [column for _, column in chosen]
        widths = _widths(heads, columns_, width)
        if widths:
            above = [*_record(once, width), ""] if once else []
            ways.append([*above, *_grid(heads, columns_, widths)])
    return min(ways, key=len) if ways else _records(named, width), told


def _grid(
    heads: Sequence[str], columns_: Sequence[Sequence[str]], widths: Sequence[int]
) -> list[str]:
    rule = (" " * _GAP).join("-" * width for width in widths)
    rows = zip(*columns_, strict=True)
    return [*_lines(heads, widths), rule, *(line for row in rows for line in _lines(row, widths))]


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
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


def _records(named: Sequence[tuple[str, list[str]]], width: int) -> list[str]:
    """Each row as lines of `Head: text`, what is empty left out, an empty line between rows."""
    lines: list[str] = []
    for number in range(len(named[0][1]) if named else 0):
        lines += [""] if lines else []
        lines += _record([(head, column[number]) for head, column in named], width)
    return lines


def _record(named: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Lines of `Head: text`, the texts in line where the heads leave them half the room."""
    margin = max((columns(head) + 2 for head, _ in named), default=0)
    lines: list[str] = []
    for head, text in named:
        if text and margin <= width // 2:
            lines += wrapped(text, width, f"{head}:".ljust(margin), " " * margin)
        elif text:
            lines += [*wrapped(f"{head}:", width), *wrapped(text, width, "  ", "  ")]
    return lines


def _widths(
    heads: Sequence[str], columns_: Sequence[Sequence[str]], width: int
) -> list[int] | None:
    """A width for every column, the widest shortened until all fit; nothing if they cannot.

    A column is never narrower than its longest word, or than 16 columns if that is longer.
    """
    count = len(heads)
    wide = [min(natural, width) for natural in _wide(heads, columns_)]
    excess = sum(wide) + _GAP * (count - 1) - width
    longest = [
        max(columns(word) for text in (head, *column) for word in (text.split() or [""]))
        for head, column in zip(heads, columns_, strict=True)
    ]
    floors = [min(w, word, _NARROWEST) for w, word in zip(wide, longest, strict=True)]
    if not count or sum(floors) + _GAP * (count - 1) > width:
        return None
    while excess > 0:
        widest = max(w for w, f in zip(wide, floors, strict=True) if w > f)
        wide[next(i for i in range(count) if wide[i] == widest and wide[i] > floors[i])] -= 1
        excess -= 1
    return wide


def _wide(heads: Sequence[str], columns_: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is with its longest text on one line."""
    named = zip(heads, columns_, strict=True)
    return [max(1, *(columns(text) for text in (head, *column))) for head, column in named]
