"""Imprecise dates: an EDTF form, its label, and the first and last day it can mean.

Covers EDTF level 1 (ISO 8601-2): years, months, days, seasons, intervals, qualifiers, unspecified
digits; and of level 2 the sets `[..d]`, `[d..]`, `[a..b]`, `[a,b]`.
"""

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from emgraph.errors import EmgraphError
from emgraph.namespaces import DATE

_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
_IN_WORDS = (
    r"(?:(?P<weekday>[A-Za-z]+day),? )?(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? )?"
    r"(?P<name>[A-Za-z]+)\.?(?: (?P<second>[0-9]{1,2})(?:st|nd|rd|th)?,)? (?P<year>[0-9]{4})"
)
_IN_NUMBERS = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})"
_YEAR_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})"
_QUALIFIERS = {"": "", "~": "about ", "?": "possibly ", "%": "possibly about "}
_POINT = r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9][0-9]|XX)(?:-([0-9][0-9]|XX))?)?([~?%]?)"


class Meaning(NamedTuple):
    """What an EDTF form says: in words, and its first and last possible day if they are known."""

    label: str
    earliest: date | None
    latest: date | None


def edtf_of(iri: str) -> str | None:
    """The EDTF form that a date: IRI names; nothing for another IRI."""
    return unquote(iri[len(DATE) :]) if iri.startswith(DATE) else None


def iri_of_date(edtf: str) -> str:
    """The date: IRI of an EDTF form, percent-encoded."""
    return DATE + quote(edtf, safe="")


def meaning(edtf: str) -> Meaning:
    """Label and bounds of an EDTF form; raises EmgraphError if it is none that is supported.

    A season is the meteorological one of the north; winter begins in the December of its year.
    """
    if edtf.startswith("[") and edtf.endswith("]"):
        return _one_of(edtf)
    if "/" in edtf:
        begin, _, end = edtf.partition("/")
        if begin in ("", "..") and end in ("", ".."):
            raise _unsupported(edtf)
        if end in ("", ".."):
            first = _point(begin, edtf)
            return Meaning(f"from {first.label}", first.earliest, None)
        last = _point(end, edtf)
        if begin in ("", ".."):
            return Meaning(f"until {last.label}", None, last.latest)
        return _span(_point(begin, edtf), last, "{} to {}", edtf)
    return _point(edtf, edtf)


def from_words(text: str) -> str:
    """The EDTF form of 14 May 2025, Spring 2025, 20250514 or 14/05/2025; other text as it is.

    Raises EmgraphError for what can be two days (5/4/2025), and for a day that has another weekday.
    """
    plain = " ".join(text.split())
    if match := re.fullmatch(_IN_NUMBERS, plain):
        year, month, day = match.group(1, 3, 4) if match[1] else match.group(5, 6, 7)
        return f"{year}-{int(month):02}-{int(day):02}"
    if match := re.fullmatch(_YEAR_LAST, plain):
        return _day_or_month_first(text, int(match[1]), int(match[3]), match[4])
    match = re.fullmatch(_IN_WORDS, plain)
    number = _number_of(match["name"]) if match else None
    if match is None or number is None or (match["day"] and match["second"]):
        return text.strip()
    given = match["day"] or match["second"]
    edtf = f"{match['year']}-{number:02}" + (f"-{int(given):02}" if given else "")
    if match["weekday"]:
        first = meaning(edtf).earliest
        name = calendar.day_name[first.weekday()] if first and given else ""
        if match["weekday"].casefold() != name.casefold():
            raise EmgraphError(f"{text!r} is not a {match['weekday']}. Write it as {edtf}.")
    return edtf


def _number_of(name: str) -> int | None:
    """The number of a month (or three or more of its letters) or of a season."""
    short = name.casefold()
    months = {number: month.casefold() for number, month in enumerate(calendar.month_name) if month}
    seasons = {number: season.casefold() for number, season in _SEASONS.items()}
    return next(
        (
            number
            for number, whole in (months | seasons).items()
            if whole == short or (number <= 12 and len(short) > 2 and whole.startswith(short))
        ),
        None,
    )


def _day_or_month_first(text: str, first: int, second: int, year: str) -> str:
    """The EDTF form of a day whose year stands last; raises EmgraphError if it can be two.

    A day that no calendar has is written with its month in the middle.
    """
    readings = [f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"]
    there = sorted({reading for reading in readings if _is_day(reading)})
    if len(there) > 1:
        raise EmgraphError(f"{text!r} can be two days. Write {' or '.join(there)}.")
    return (there or readings)[0]


def _is_day(text: str) -> bool:
    """Whether the calendar has a day written YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _one_of(edtf: str) -> Meaning:
    inner = edtf[1:-1]
    if "," in inner:
        members = [_point(part.strip(), edtf) for part in inner.split(",")]
        first = min(m.earliest for m in members if m.earliest)
        last = max(m.latest for m in members if m.latest)
        return Meaning(" or ".join(m.label for m in members), first, last)
    begin, dots, end = inner.partition("..")
    if not dots or not (begin or end):
        raise _unsupported(edtf)
    if not begin:
        last_day = _point(end, edtf)
        return Meaning(f"on or before {last_day.label}", None, last_day.latest)
    if not end:
        first_day = _point(begin, edtf)
        return Meaning(f"on or after {first_day.label}", first_day.earliest, None)
    return _span(_point(begin, edtf), _point(end, edtf), "between {} and {}", edtf)


def _span(first: Meaning, last: Meaning, wording: str, edtf: str) -> Meaning:
    if first.earliest and last.latest and first.earliest > last.latest:
        raise EmgraphError(f"the date {edtf!r} ends before it begins. Swap its two parts.")
    return Meaning(wording.format(first.label, last.label), first.earliest, last.latest)


def _point(text: str, edtf: str) -> Meaning:
    match = re.fullmatch(_POINT, text)
    if match is None:
        raise _unsupported(edtf)
    year, month, day, qualifier = match.groups()
    about = _QUALIFIERS[qualifier]
    try:
        if "X" in year:
            if month:
                raise _unsupported(edtf)
            label = f"{year[:3]}0s" if year.endswith("X") and year[2] != "X" else f"{year[:2]}00s"
            first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
            return Meaning(about + label, date(first, 1, 1), date(last, 12, 31))
        return _calendar(int(year), month, day, about)
    except ValueError as error:
        raise _unsupported(edtf) from error


def _calendar(year: int, month: str | None, day: str | None, about: str) -> Meaning:
    """Label and bounds of one year, month, season or day; ValueError if the calendar lacks it."""
    if month is None or month == "XX":
        label = f"{year}" if month is None else f"a day in {year}" if day else f"a month of {year}"
        if day not in (None, "XX"):
            raise ValueError(day)
        return Meaning(about + label, date(year, 1, 1), date(year, 12, 31))
    number = int(month)
    if number in _SEASONS:
        if day:
            raise ValueError(day)
        start = date(year, 3 * (number - 20), 1)
        following = date(year + 1, 3, 1) if number == 24 else date(year, start.month + 3, 1)
        return Meaning(f"{about}{_SEASONS[number]} {year}", start, following - timedelta(days=1))
    first = date(year, number, 1)
    name = f"{calendar.month_name[number]} {year}"
    if day is None or day == "XX":
        last = date(year, number, calendar.monthrange(year, number)[1])
        return Meaning(about + (f"a day in {name}" if day else name), first, last)
    exact = date(year, number, int(day))
    return Meaning(f"{about}{exact.day} {name}", exact, exact)


def _unsupported(edtf: str) -> EmgraphError:
    return EmgraphError(
        f"{edtf!r} is not a date in EDTF. Write for example 2025, 2025-05-14, 2025-21 (Spring), "
        "2024-04/.. (from April 2024) or 2015~ (about 2015)."
    )
