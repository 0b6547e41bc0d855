"""An answer as CSV for spreadsheets: a byte order mark, labels, and no cell that is a formula."""

import csv
import io
import re

from emgraph.answers.view import View, words
from emgraph.screen import visible

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def render(shown: View) -> bytes:
    """A header of words and the rows, nothing else; UTF-8 with a byte order mark, lines by CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(head) for head in shown.heads])
    writer.writerows([safe(words(cell, shown.about)) for cell in row] for row in shown.rows)
    return text.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """Text with an apostrophe before what a spreadsheet would calculate; numbers stay numbers."""
    plain = visible(text)
    is_formula = plain.lstrip().startswith(_FORMULA) and not _NUMBER.fullmatch(plain)
    return f"'{plain}" if is_formula else plain
