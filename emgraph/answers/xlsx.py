"""An answer as an Excel workbook: the rows with real dates and numbers, and a sheet about them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from emgraph.answers.view import About, Cell, View, link_targets, words
from emgraph.answers.workbook import Link, Pounds, Sheet, Value, workbook
from emgraph.namespaces import XSD
from emgraph.screen import columns, visible
from emgraph.sparql.sources import Place

_ANSWER, _ABOUT = "Answer", "About"
_WHOLE = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
_REAL = ("decimal", "double", "float")
_DIGITS = 15  # as many as a cell keeps
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a 29 February 1900


def render(shown: View) -> bytes:
    """Two sheets: `Answer` with the rows, `About` with what was asked and what is cited."""
    told = list(_told(shown))
    targets = link_targets(shown)
    first = len(told) + len(shown.about.sources) + 6  # after three heads and two empty rows
    rows_of = {place.iri: first + number for number, place in enumerate(targets)}
    rows = [_row(row, shown, rows_of) for row in shown.rows]
    marking = "; ".join(s.marking for s in shown.about.sources if s.is_marked)
    about = [*told, *_sources(shown.about), ("",), *_places(targets)]
    widths = _widths(shown.heads, shown.texts())
    return workbook(
        [
            Sheet(_ANSWER, shown.heads, rows, widths, marking),
            Sheet(
                _ABOUT,
                ("About this answer", ""),
                about,
                (34, 60, 34, 34),
                plain=True,
                marking=marking,
            ),
        ]
    )


def _told(shown: View) -> Iterator[Sequence[Value]]:
    """The question, its parameters and day, and how many rows there are."""
    about = shown.about
    if about.question:
        yield "Question", about.question
    yield from ((fact.head, fact.text) for fact in about.facts)
    yield "Rows", len(shown.rows)
    yield "Complete", shown.cut() or "yes: every row is here"
    if not shown.rows:
        yield "Note", about.no_rows


def _sources(about: About) -> Iterator[Sequence[Value]]:
    yield ("",)
    yield "Documents cited", "Title", "Protective marking", "Licence"
    for source in about.sources:
        yield source.label, source.title, source.marking, source.licence


def _places(places: Sequence[Place]) -> Iterator[Sequence[Value]]:
    yield "Places cited", "IRI", "Document"
    for place in places:
        yield place.label, place.iri, place.document


def _row(row: Sequence[Cell], shown: View, rows_of: dict[str, int]) -> list[Value]:
    return [
        _value(cell, name in shown.about.pounds, shown.about, rows_of)
        for name, cell in zip(shown.variables, row, strict=True)
    ]


def _value(cell: Cell, is_money: bool, about: About, rows_of: dict[str, int]) -> Value:
    """What a cell holds: a number, a day, a link to what it cites, or text."""
    if not cell:
        return None
    iris = [term.value for term in cell if isinstance(term, NamedNode)]
    rows = [rows_of[iri] for iri in iris if iri in rows_of]
    if rows:
        return Link(visible(words(cell, about)), _ABOUT, min(rows))
    if isinstance(cell[0], Literal) and len(cell) == 1:
        found = typed(cell[0])
        if is_money and isinstance(found, int | Decimal):
            return Pounds(Decimal(found))
        return visible(found) if isinstance(found, str) else found
    return visible(words(cell, about))


def typed(literal: Literal) -> Value:
    """A literal as the value of a cell; as text where a cell would not keep it exactly."""
    name, text = literal.datatype.value.removeprefix(XSD), literal.value
    if name in _WHOLE or name in _REAL:
        return _number(text, whole=name in _WHOLE)
    if name == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    if name == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _day(text)
    if name == "dateTime" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text):
        return _moment(text)
    return text


def _number(text: str, *, whole: bool) -> Value:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > _DIGITS:
        return text
    if not -300 < number.adjusted() < 300:
        return text
    return int(number) if whole and number == number.to_integral_value() else number


def _day(text: str) -> Value:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return found if found >= _FIRST_DAY else text


def _moment(text: str) -> Value:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.date() >= _FIRST_DAY else text


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """A width for each column between 10 and 44: its longest text, or its head with an arrow."""
    return [
        max(10, min(44, max([columns(head) + 4, *(columns(row[i]) + 2 for row in rows)])))
        for i, head in enumerate(heads)
    ]
