"""An answer as a table for a terminal: padded, wrapped to its width, or record by record."""

from collections.abc import Sequence

from emgraph.answers.view import View, footnotes
from emgraph.screen import columns, one_line, wrapped

_GAP = 2
_NARROWEST = 16


def render(shown: View, width: int) -> str:
    """Columns padded; where they do not fit, without the empty ones, and wrapped; else records."""
    if not shown.rows:
        return "".join(f"{line}\n" for line in (shown.about.no_rows, *footnotes(shown)))
    heads = shown.heads
    texts = [[one_line(text) for text in row] for row in shown.texts()]
    notes = footnotes(shown)
    if sum(_wide([heads, *texts])) + _GAP * (len(heads) - 1) > width:
        filled = [i for i in range(len(heads)) if any(row[i] for row in texts)]
        empty = [head for i, head in enumerate(heads) if i not in filled]
        heads = [heads[i] for i in filled]
        texts = [[row[i] for i in filled] for row in texts]
        notes = [f"Empty in every row: {', '.join(empty)}.", *notes] if empty else notes
    widths = _widths([heads, *texts], width) if heads else None
    lines = _records(heads, texts, width) if widths is None else _grid(heads, texts, widths)
    if notes:
        lines += [""] if widths is not None else []
        lines += [part for note in notes for part in wrapped(note, width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: list[int]) -> list[str]:
    rule = (" " * _GAP).join("-" * width for width in widths)
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


def _records(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Each row as lines of `Head: text`, what is empty left out."""
    margin = max(columns(head) for head in heads) + 2 if heads else 0
    beside = margin <= width // 2
    lines = []
    for row in rows:
        for head, text in zip(heads, row, strict=True):
            if text and beside:
                lines += wrapped(text, width, f"{head}:".ljust(margin), " " * margin)
            elif text:
                lines += [*wrapped(f"{head}:", width), *wrapped(text, width, "  ", "  ")]
        lines.append("")
    return lines


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """A width for every column, the widest shortened until all fit; nothing if they cannot.

    A column is never narrower than its longest word, or than 16 columns if that is longer.
    """
    count = len(rows[0])
    room = width - _GAP * (count - 1)
    wide = _wide(rows)
    longest = [
        max([1, *(columns(w) for row in rows for w in row[i].split())]) for i in range(count)
    ]
    floors = [min(w, word, _NARROWEST) for w, word in zip(wide, longest, strict=True)]
    if sum(floors) > room:
        return None
    excess = sum(wide) - room
    while excess > 0:
        widest = max(w for w, f in zip(wide, floors, strict=True) if w > f)
        i = next(i for i in range(count) if wide[i] == widest and wide[i] > floors[i])
        wide[i] -= 1
        excess -= 1
    return wide


def _wide(rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is with its longest text on one line."""
    return [max([1, *(columns(row[i]) for row in rows)]) for i in range(len(rows[0]))]
