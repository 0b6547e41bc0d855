"""Text on a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgraph import screen

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_wide_characters_count_twice_and_marks_nothing() -> None:
    assert screen.columns("日本") == 4
    assert screen.columns("é") == screen.columns("e\u0301") == 1
    assert screen.columns("a\u200db") == 2
    assert screen.columns("\u1100\u1161\u11a8") == 2


def test_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "133")
    assert screen.terminal_width() == 133
    for odd in ("wide", "0", "-3", ""):
        monkeypatch.setenv("COLUMNS", odd)
        assert screen.terminal_width() > 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\u202eevil\u202c", "\ufffdevil\ufffd"),
        ("a\u2066b\u2069", "a\ufffdb\ufffd"),
        ("\x9b2J", "\ufffd2J"),
        ("a\tb\rc", "a b c"),
        ("soft\u00adhyphen", "softhyphen"),
        ("kept\nlines", "kept\nlines"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_what_steers_is_not_shown(text: str, shown: str) -> None:
    assert screen.visible(text) == shown


@given(ANY)
def test_nothing_steers(text: str) -> None:
    kinds = {unicodedata.category(c) for c in screen.one_line(text).replace("\u200c", "")}
    assert not kinds & {"Cc", "Zl", "Zp", "Co"}
    assert screen.visible(screen.visible(text)) == screen.visible(text)


@given(ANY, st.integers(2, 30), st.sampled_from(["", "  ", "Head:  "]))
def test_lines_fit_and_lose_nothing(text: str, width: int, indent: str) -> None:
    lines = screen.wrapped(screen.one_line(text), width, indent, " " * len(indent))
    room = max(width, len(indent) + 2)
    assert all(screen.columns(line) <= room for line in lines)
    told = "".join(line[len(indent) :] for line in lines).replace(" ", "")
    assert told == screen.one_line(text).replace(" ", "")
