"""SPARQL text cut into tokens, as far as guarding and parameter binding need them.

Follows the terminals of SPARQL 1.1, section 19.8. Keywords need no boundary (`trueSERVICE<x>` is
two tokens to an engine), so a word is only ever judged by what it contains.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<string>\"\"\"(?:\\.|\"{0,2}[^\"\\])*\"\"\" | '''(?:\\.|'{0,2}[^'\\])*'''
             | "(?:\\.|[^"\\\r\n])*" | '(?:\\.|[^'\\\r\n])*')
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[^\W\d](?:\.*+[\w\-]++)*+)(?P<name>:(?:\.*+(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\\S)++)*+)?
  | (?P<local>:(?:\.*+(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\\S)++)*+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it starts and ends (characters from 0)."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Every token of a query in order, without white space and comments."""
    for match in _TOKEN.finditer(text):
        kind = (match.lastgroup or "mark").replace("local", "name")
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start(), match.end())
