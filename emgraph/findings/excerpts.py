"""The line that a finding points at, as compilers show it."""

from emgraph.errors import EmgraphError
from emgraph.rdf.files import RdfFile, content

_SHOWN = 64
_BEFORE = 40


def excerpt(file: RdfFile, line: int | None, column: int | None) -> str:
    """The line with its number, the one before it, and a mark under the column (all from 1).

    A long line is cut around the column. Empty where no line is known or the file is a stream, or
    can no longer be read.
    """
    if line is None or file.path is None:
        return ""
    try:
        data = content(file)
    except EmgraphError:
        return ""
    before, found = _two_lines(data, line)
    if found is None:
        return ""
    start = max(0, (column or 1) - 1 - _BEFORE)
    margin = len(str(line))
    rows = [f"{line:>{margin}} | {_window(found, start)}"]
    if before is not None and before.strip():
        rows.insert(0, f"{line - 1:>{margin}} | {_window(before, start)}")
    if column is not None:
        rows.append(f"{'':>{margin}} | {' ' * (column - 1 - start)}^")
    return "\n".join(row.rstrip() for row in rows)


def _two_lines(data: bytes, line: int) -> tuple[str | None, str | None]:
    """A line and the one before it, as far as the text has them."""
    begin = 0
    before: str | None = None
    for number in range(1, line + 1):
        end = data.find(b"\n", begin)
        last = end < 0
        if number >= line - 1:
            text = data[begin : len(data) if last else end].removesuffix(b"\r")
            shown = text.decode(errors="replace")
            if number == line:
                return before, shown
            before = shown
        if last:
            return before, None
        begin = end + 1
    return before, None


def _window(text: str, start: int) -> str:
    """A part of a line in which nothing moves a cursor: a mark for whatever cannot be printed."""
    shown = text[start : start + _SHOWN]
    return "".join(" " if c == "\t" else c if c.isprintable() else "\ufffd" for c in shown)
