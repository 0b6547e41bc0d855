"""Tables as an Excel workbook, the only door to openpyxl."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_EPOCH = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
MOST_ROWS = 1_048_575


def workbook(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str | int | None]],
    widths: Sequence[int],
) -> bytes:
    """A workbook of one sheet with a frozen header and filters on; text is text, never a formula.

    The bytes depend on nothing but the arguments: no clock, no user. Raises ValueError past
    MOST_ROWS rows, which is as many as Excel holds.
    """
    book = Workbook()
    book.properties.creator = "emgraph"
    book.properties.created = _EPOCH
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError(sheet)
    sheet.title = title
    count = 1 + _filled(sheet, header, rows)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{count}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE3EA")
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _filled(
    sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[str | int | None]]
) -> int:
    """Put header and rows into a sheet and tell how many rows there were."""
    count = 0
    for number, row in enumerate([header, *rows], 1):
        count = number - 1
        if count > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS:,} rows")
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, str):
                cell.value = _UNFIT.sub("\ufffd", value)[:_LONGEST]
                cell.data_type = "s"
            else:
                cell.value = value
    return count


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
