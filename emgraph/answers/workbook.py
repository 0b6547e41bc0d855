"""Tables as an Excel workbook, the only door to openpyxl."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from emgraph.errors import EmgraphError

_EPOCH = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # which Excel reads as one character
_LONGEST = 32_767
_TOO_LONG = " … [cut: a cell holds no more]"
_TOP = Alignment(vertical="top", wrap_text=True)
_LEFT = Alignment(vertical="top", horizontal="left", wrap_text=True)
_BOLD = Font(name="Calibri", bold=True)
_LINK = Font(name="Calibri", color="0563C1", underline="single")
_SHADE = PatternFill("solid", fgColor="DDE3EA")
_FORMATS: dict[type, str] = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss"}
MOST_ROWS = 1_048_575


class Link(NamedTuple):
    """Text that leads to a row of a sheet of the same workbook."""

    text: str
    sheet: str
    row: int


class Pounds(NamedTuple):
    """An amount of money, shown with pence where it has some."""

    amount: Decimal


Value: TypeAlias = str | int | float | Decimal | date | Link | Pounds | None


class Sheet(NamedTuple):
    """A title (at most 31 characters), the heads, the rows, and how wide each column is.

    The marking is printed on every page. A `plain` sheet is read from top to bottom: no filter, and
    its first column is in bold.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int]
    marking: str = ""
    plain: bool = False


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of sheets with frozen headers and filters on; text is text, never a formula.

    The bytes depend on nothing but the arguments: no clock, no user. Raises EmgraphError past
    MOST_ROWS rows, which is as many as Excel holds.
    """
    book = Workbook()
    book.properties.creator = "emgraph"
    book.properties.created = _EPOCH
    for sheet in list(book.worksheets):
        book.remove(sheet)
    for sheet_ in sheets:
        made = book.create_sheet(sheet_.title)
        _fill(made, sheet_)
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _fill(made: Worksheet, sheet: Sheet) -> None:
    count = 1
    for number, row in enumerate([sheet.header, *sheet.rows], 1):
        count = number
        if number > MOST_ROWS + 1:
            raise EmgraphError(
                f"an Excel sheet holds no more than {MOST_ROWS:,} rows. Say --format csv."
            )
        for column, value in enumerate(row, 1):
            _put(made, number, column, value)
    for head in made[1]:
        head.font = _BOLD
        head.fill = _SHADE
    for number, width in enumerate(sheet.widths, 1):
        made.column_dimensions[get_column_letter(number)].width = width
    if sheet.plain:
        for head, text in zip(made["A"], made["B"], strict=True):
            head.font, text.alignment = _BOLD, _LEFT
    else:
        made.freeze_panes = "A2"
        made.auto_filter.ref = f"A1:{get_column_letter(max(1, len(sheet.header)))}{count}"
        made.print_title_rows = "1:1"
    made.page_setup.orientation = "landscape"
    made.page_setup.paperSize = made.PAPERSIZE_A4
    made.page_setup.fitToHeight = 0
    if made.sheet_properties.pageSetUpPr is not None:
        made.sheet_properties.pageSetUpPr.fitToPage = True
    if made.oddHeader is not None and made.oddFooter is not None:
        made.oddHeader.center.text = _unformatted(sheet.marking) or None
        made.oddFooter.right.text = "&P / &N"


def _unformatted(text: str) -> str:
    """Text for a page header, where & begins a code."""
    return _UNFIT.sub("\ufffd", text)[:200].replace("&", "&&")


def _put(made: Worksheet, row: int, column: int, value: Value) -> None:
    cell = made.cell(row, column)
    cell.alignment = _TOP
    if isinstance(value, Link):
        _put(made, row, column, value.text)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{value.sheet}'!A{value.row}")
        cell.font = _LINK
    elif isinstance(value, Pounds):
        cell.value = value.amount
        is_whole = value.amount == value.amount.to_integral_value()
        cell.number_format = "[$£-809]#,##0" if is_whole else "[$£-809]#,##0.00"
    elif isinstance(value, str):
        plain = _UNFIT.sub("\ufffd", value)
        if len(plain) > _LONGEST:
            plain = plain[: _LONGEST - len(_TOO_LONG)] + _TOO_LONG
        cell.value = _ESCAPE.sub("_x005F_", plain)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
        cell.number_format = _FORMATS.get(type(value), "General")


def _timeless(data: bytes) -> bytes:
    """A workbook without the times at which its parts were written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = _EPOCH.isoformat().encode() + b"Z"
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            info = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            info.external_attr = 0o644 << 16
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
