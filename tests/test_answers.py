"""Answers for people: folded citations, tables, Markdown, HTML, spreadsheets."""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from emgraph.answers import excel_csv, html, markdown, table, xlsx
from emgraph.answers.view import About, Fact, fold, heading, limited, money, view
from emgraph.answers.workbook import MOST_ROWS, Sheet, workbook
from emgraph.errors import EmgraphError
from emgraph.namespaces import XSD
from emgraph.screen import columns
from emgraph.sparql.isolate import Rows
from emgraph.sparql.sources import Place, Source
from emgraph.terms import Term

X = "http://x/"
P1, P2, P3, A, B = (NamedNode(X + name) for name in ("p1", "p2", "p3", "a", "b"))
PLACES = {
    P1.value: Place(P1.value, "Paper ¶10", "Paper", 10),
    P2.value: Place(P2.value, "Paper ¶6", "Paper", 6),
    P3.value: Place(P3.value, "inference: so it is", "", 0),
}
LABELS = {**{iri: place.label for iri, place in PLACES.items()}, A.value: "Alpha", B.value: "=Beta"}
ABOUT = About(
    question="Who is it?",
    facts=(Fact("As of", "2025-05-14"),),
    labels=LABELS,
    places=PLACES,
    sources=(Source("Paper", "A paper", "OFFICIAL", "not stated"),),
    pounds=("amount",),
    no_rows="No rows: not evidenced.",
)


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


ROWS = Rows(
    ("thing", "citation", "amount", "day"),
    [
        (A, P1, typed("1234567.5", "decimal"), typed("2025-05-14", "date")),
        (A, P2, typed("1234567.5", "decimal"), typed("2025-05-14", "date")),
        (B, P3, typed("-12", "decimal"), None),
    ],
)


def told(text: str, width: int = 80) -> list[str]:
    """What a table shows of one cell."""
    rows = Rows(("a", "b"), [(Literal(text), Literal("x"))])
    return table.render(view(rows, About()), width).splitlines()


def test_rows_that_differ_in_their_citation_are_one() -> None:
    lines = table.render(view(ROWS, ABOUT), 80).splitlines()
    assert lines[0].split() == ["Thing", "Amount", "Day", "Citation"]
    assert lines[2].split("  ") == ["Alpha", "£1,234,567.50", "2025-05-14", "Paper ¶6, ¶10"]
    assert lines[3].startswith("=Beta  -£12")
    assert lines[-2:] == ["Asked", "  As of: 2025-05-14"]


def test_a_free_query_is_not_folded() -> None:
    assert len(view(ROWS, ABOUT._replace(question="")).rows) == 3


def test_two_columns_of_citations_fold_to_all_their_pairs_and_no_other() -> None:
    cites = ("thing", "citation", "otherCitation")
    pairs = [(P1, P2), (P1, P3), (P2, P1)]
    found = [cells[1:] for cells, _ in fold(Rows(cites, [(A, *pair) for pair in pairs]))]
    assert found == [((P1,), (P2, P3)), ((P2,), (P1,))]


@given(st.lists(st.tuples(*[st.sampled_from([A, B, None])] * 4), max_size=12))
def test_folding_keeps_every_row_and_adds_none(rows: list[tuple[Term | None, ...]]) -> None:
    names = ("one", "citation", "two", "otherCitation")
    unfolded = set()
    for cells, numbers in fold(Rows(names, rows)):
        for first in cells[1] or (None,):
            for second in cells[3] or (None,):
                unfolded.add((*(cells[0] or (None,)), first, *(cells[2] or (None,)), second))
        assert {rows[number][0] for number in numbers} == {(cells[0] or (None,))[0]}
    assert {row for row in rows if row[1] and row[3]} <= unfolded
    assert {row for row in unfolded if row[1] and row[3]} <= set(rows)


def test_a_limit_counts_what_is_shown_and_cuts_no_citation() -> None:
    kept, total = limited(ROWS, 1, folded=True)
    assert (len(kept.rows), total) == (2, 2)
    assert limited(ROWS, 1, folded=False) == (Rows(ROWS.variables, ROWS.rows[:1]), 3)
    assert limited(ROWS, None, folded=False) == (ROWS, 3)


def test_a_cut_answer_says_so_inside() -> None:
    cut = view(limited(ROWS, 1, folded=True)[0], ABOUT._replace(total=2))
    for text in (table.render(cut, 80), markdown.render(cut), html.render(cut)):
        assert "Cut: 1 of 2 rows." in text
    about = openpyxl.load_workbook(io.BytesIO(xlsx.render(cut)))["About"]
    assert "Cut: 1 of 2 rows." in [row[1].value for row in about.iter_rows()]


@pytest.mark.parametrize("width", [1, 9, 20, 40, 79, 80, 120])
def test_a_table_fits_its_width(width: int) -> None:
    words = "a few short words that can be wrapped and 日本語 " * 5
    rows = Rows(("one", "two"), [(Literal(words), Literal(words))])
    lines = table.render(view(rows, About()), width).splitlines()
    assert max(columns(line) for line in lines) <= max(width, 6)
    assert width < 20 or " ".join(" ".join(lines).split()).count("wrapped") == 10


def test_what_is_empty_makes_room_and_is_named() -> None:
    rows = Rows(("thing", "nothing", "other"), [(Literal("x " * 20), None, Literal("y " * 20))])
    lines = table.render(view(rows, About()), 70).splitlines()
    assert lines[-1] == "Empty in every row: Nothing."
    assert "Nothing" in table.render(view(rows, About()), 100).splitlines()[0]


def test_too_narrow_a_terminal_gets_records() -> None:
    names = tuple(f"column{i}" for i in range(9))
    text = table.render(view(Rows(names, [tuple([Literal("value")] * 9)]), About()), 40)
    assert text.splitlines()[:2] == ["  Column0: value", "  Column1: value"]


def test_records_are_numbered_and_what_all_have_is_told_once() -> None:
    names = tuple(f"column{i}" for i in range(8))
    rows: list[tuple[Term | None, ...]] = [
        (Literal("same"), *[Literal(f"value {number}")] * 7) for number in range(2)
    ]
    lines = table.render(view(Rows(names, rows), About()), 40).splitlines()
    assert lines[:4] == ["In every row", "  Column0: same", "", "1 of 2"]
    assert [line for line in lines if " of " in line] == ["1 of 2", "2 of 2"]


def test_citations_stand_beneath_their_row_where_they_have_no_room_beside_it() -> None:
    names = ("one", "two", "three", "roleCitation", "citation")
    words = [Literal(f"{'wide' * 5} {i}") for i in range(2)]
    rows = [(word, word, word, P1, P3) for word in words]
    about = ABOUT._replace(question="", facts=())
    lines = table.render(view(Rows(names, [*rows, (words[0], *[None] * 4)]), about), 64)
    assert lines.splitlines()[1] == "    [Role citation; Citation]"
    assert lines.count("[Role citation: Paper ¶10; Citation: inference: so it is]") == 2


def test_data_cannot_steer_a_terminal() -> None:
    lines = told("\x1b]0;title\x07 \u202egnp\u202c")
    assert lines[2] == "\ufffd]0;title\ufffd \ufffdgnp\ufffd  x"


def test_no_rows_say_what_that_means() -> None:
    empty = view(Rows(("a",), []), ABOUT)
    for text in (table.render(empty, 80), markdown.render(empty), html.render(empty)):
        assert "No rows: not evidenced." in text
        assert "2025-05-14" in text
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(empty)))
    assert "No rows: not evidenced." in [row[1].value for row in book["About"].iter_rows()]


def test_markdown_marks_nothing_up() -> None:
    hostile = "a | b \\ <script> [x](javascript:y) ![i](http://x) *b* `c` &amp; _d_ $e$"
    rows = Rows(("a",), [(Literal(hostile),)])
    line = markdown.render(view(rows, About())).splitlines()[2]
    assert re.sub(r"\\(.)", "", line).count("|") == 2
    assert "<" not in line
    assert "](" not in line.replace("\\]", "")
    assert "&amp;amp;" in line


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]
        self.ids += [v or "" for k, v in attrs if k == "id"]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_html_needs_nothing_and_runs_nothing() -> None:
    hostile = Literal("<script>alert(1)</script><img src=x onerror=y> \u202e")
    rows = Rows(("thing", "citation"), [(hostile, P1), (NamedNode("javascript:a"), P3)])
    text = html.render(view(rows, ABOUT._replace(question="A <b>bold</b> one?")))
    page = Page(text)
    assert not {"script", "img", "b", "link"} & set(page.tags)
    assert page.links == ["#p1", "#p2"]
    assert page.ids == ["p1", "p2"]
    assert "default-src 'none'" in text
    for said in ("A <b>bold</b> one?", "2025-05-14", "Paper ¶10", "OFFICIAL", "onerror=y"):
        assert said in page.words
    assert "\u202e" not in text


def test_a_spreadsheet_calculates_nothing_in_a_page() -> None:
    rows = Rows(
        ("a", "n", "b"), [(Literal("=1+1"), typed("1.5", "decimal"), typed("=2", "integer"))]
    )
    text = html.render(view(rows, About()))
    assert '<td sdnum="2057;0;@">=1+1</td>' in text
    assert '<td sdnum="2057;0;@">=2</td>' in text
    assert '<td class="number">1.5</td>' in text
    assert 'mso-number-format: "\\@"' in text


def opened(rows: Rows) -> openpyxl.Workbook:
    """A workbook as openpyxl reads it back."""
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(view(rows, ABOUT))))


def test_a_workbook_has_real_numbers_days_and_links() -> None:
    book = opened(ROWS)
    sheet, about = book["Answer"], book["About"]
    assert [cell.value for cell in sheet[1]] == ["Thing", "Amount", "Day", "Citation"]
    assert [cell.value for cell in sheet[2]] == [
        "Alpha", 1234567.5, datetime(2025, 5, 14), "Paper ¶6, ¶10",
    ]  # fmt: skip
    assert [cell.number_format for cell in sheet[2]][1:3] == ["[$£-809]#,##0.00", "yyyy-mm-dd"]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=Beta", "s")
    assert (sheet["B3"].value, sheet["B3"].number_format) == (-12, "[$£-809]#,##0")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    for cell in (sheet["D2"], sheet["D3"]):
        assert cell.hyperlink is not None
        target = str(cell.hyperlink.location).removeprefix("'About'!")
        assert about[target].value in ("Paper ¶6", "inference: so it is")
    said = {str(row[0].value): row[1].value for row in about.iter_rows()}
    assert (said["Question"], said["As of"], said["Rows"]) == ("Who is it?", "2025-05-14", 2)
    assert sheet.oddHeader is not None
    assert sheet.oddHeader.center.text == "OFFICIAL"
    assert xlsx.render(view(ROWS, ABOUT)) == xlsx.render(view(ROWS, ABOUT))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("5", "integer", 5),
        ("5.50", "decimal", Decimal("5.50")),
        ("1e3", "double", Decimal("1e3")),
        ("NaN", "double", "NaN"),
        ("1234567890123456789", "integer", "1234567890123456789"),
        ("1e999", "double", "1e999"),
        ("five", "integer", "five"),
        ("true", "boolean", True),
        ("2025-05-14", "date", date(2025, 5, 14)),
        ("1850-01-01", "date", "1850-01-01"),
        ("2025-13-14", "date", "2025-13-14"),
        ("2025-05-14Z", "date", "2025-05-14Z"),
        ("2025-05-14T10:00:00", "dateTime", datetime(2025, 5, 14, 10)),
        ("2025-05-14T10:00:00Z", "dateTime", "2025-05-14T10:00:00Z"),
        ("2019", "gYear", "2019"),
    ],
)
def test_a_cell_is_typed_where_nothing_is_lost(text: str, name: str, value: object) -> None:
    found = xlsx.typed(typed(text, name))
    assert (found, type(found)) == (value, type(value))


def test_a_sheet_that_is_too_long_is_refused() -> None:
    with pytest.raises(EmgraphError, match="no more than"):
        workbook([Sheet("s", ["a"], ([] for _ in range(MOST_ROWS + 1)), [9])])


@pytest.mark.parametrize(
    "text", ["_x0041_", "a _x000D_ b", "_x0041_x0042_", "_x005F_", "__x00e9_", "_x41_", "x0041_"]
)
def test_text_that_looks_escaped_is_shown_as_it_is(text: str) -> None:
    """ECMA-376, part 1, section 22.9.2.19: _xHHHH_ stands for a character."""
    made = zipfile.ZipFile(io.BytesIO(workbook([Sheet("s", ["a"], [[text]], [9])])))
    sheet = ElementTree.fromstring(made.read("xl/worksheets/sheet1.xml"))
    escaped = [node.text or "" for node in sheet.iter() if node.tag.endswith("}t")]
    shown = [re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), one) for one in escaped]
    assert shown == ["a", text]


def test_text_that_is_too_long_for_a_cell_says_so() -> None:
    sheet = opened(Rows(("a",), [(Literal("x" * 40_000),)]))["Answer"]
    assert str(sheet["A2"].value).endswith("[cut: a cell holds no more]")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝"])
def test_csv_for_spreadsheets_calculates_nothing(start: str) -> None:
    rows = Rows(("a",), [(Literal(f"{start}cmd|' /C calc'!A0"),)])
    data = excel_csv.render(view(rows, About()))
    cell = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1][0]
    assert cell.startswith("'")
    assert cell.endswith("cmd|' /C calc'!A0")


def test_csv_for_spreadsheets_keeps_numbers_and_days() -> None:
    data = excel_csv.render(view(ROWS, ABOUT))
    assert data.startswith(b"\xef\xbb\xbfThing,Amount,Day,Citation\r\n")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["Alpha", "1234567.5", "2025-05-14", "Paper ¶6, ¶10"]
    assert rows[2] == ["'=Beta", "-12", "", "inference: so it is"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_csv_for_spreadsheets_comes_back(texts: list[str]) -> None:
    rows = Rows(("a",), [(Literal(text),) for text in texts])
    data = excel_csv.render(view(rows, About())).decode("utf-8-sig")
    back = [row[0] for row in csv.reader(io.StringIO(data, newline=""))][1:]
    assert len(back) == len(texts)
    for text, cell in zip(texts, back, strict=True):
        assert cell == excel_csv.safe(text)
        assert not re.match(r"\s*[=+@-]", cell) or re.fullmatch(r"[+-][\d.eE+-]+", cell)


def test_headings_and_money() -> None:
    assert heading("signedOn") == "Signed on"
    assert heading("as_of") == "As of"
    shown = [money(text) for text in ("6352000", "1.5", "-12", "0.00", "about 3")]
    assert shown == ["£6,352,000", "£1.50", "-£12", "£0", "about 3"]
