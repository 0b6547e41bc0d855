"""Text on a terminal: what it may hold, how many columns it takes, how it is wrapped."""

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

_JOINERS = "\u200c\u200d"  # they shape Persian, Indic scripts and emoji, and move nothing
_SOFT_HYPHEN = "\u00ad"
_UNSEEN = ("Mn", "Me", "Cf")
_PLAIN = re.compile(  # as visible as they are, and a column wide each
    r"[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\ufffd]*"
)
_WITHOUT_ROOM = range(0x1160, 0x1200)  # Hangul vowels and finals, drawn into the syllable before


def terminal_width() -> int:
    """The columns of the terminal, of COLUMNS, or 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80


def visible(text: str) -> str:
    """Text that can neither steer a terminal nor reorder its line; newlines stay.

    Control characters, marks of direction and other unseen characters become U+FFFD, a tab a space.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_shown, text))


@cache
def _shown(char: str) -> str:
    if char in "\n" + _JOINERS:
        return char
    if char in "\t\r\u0085\u2028\u2029":
        return " "
    if char == _SOFT_HYPHEN:
        return ""
    return "\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char


def shortened(text: str) -> str:
    """Text in which no word is longer than 300 characters: what is longer loses its middle."""
    return re.sub(r"\S{300,}", lambda match: f"{match[0][:120]}…{match[0][-60:]}", text)


def one_line(text: str) -> str:
    """Visible text on one line, with single spaces."""
    if text.isalnum() and text.isascii():
        return text
    return " ".join(visible(text).split())


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii() or _PLAIN.fullmatch(text):
        return len(text)
    return sum(map(_columns, text))


def widest(texts: Sequence[str]) -> int:
    """How many columns the widest of some texts takes; 0 without any."""
    return max(map(columns, texts), default=0)


@cache
def _columns(char: str) -> int:
    if ord(char) in _WITHOUT_ROOM or unicodedata.category(char) in _UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The words of a text in lines of at most `width` columns, each with its indent.

    A word that is longer than a line is cut; an indent that leaves no room is cut short.
    """
    if len(first) + len(text) <= width and columns(first + text) == len(first + text):
        return [first + " ".join(text.split())]
    lines, line, indent = [], "", first
    for word in text.split():
        room = max(2, width - columns(indent))
        together = f"{line} {word}" if line else word
        if columns(together) <= room:
            line = together
            continue
        if line:
            lines.append(indent + line)
            indent, room = rest, max(2, width - columns(rest))
        *full, line = _cut(word, room)
        for part in full:
            lines.append(indent + part)
            indent = rest
    return [*lines, indent + line] if line or not lines else lines


def _cut(word: str, room: int) -> Iterator[str]:
    """A word in pieces of at most so many columns; what takes no room stays with what it is on."""
    piece, taken = "", 0
    for char in word:
        size = _columns(char)
        if size and taken + size > room:
            yield piece
            piece, taken = "", 0
        piece, taken = piece + char, taken + size
    yield piece
