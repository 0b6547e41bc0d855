"""SPARQL text cut into tokens, as far as guarding and parameter binding need them.

Follows the terminals of SPARQL 1.1, section 19.8. Keywords need no boundary (`trueSERVICE<x>` is
two tokens to an engine), so a word is only ever judged by what it contains.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = r"""(?xs)
    (?:\s+ | \#[^\r\n]*)*+
    (?:(?P<string>\"\"\"(?:\\.|\"{0,2}[^\"\\])*\"\"\" | '''(?:\\.|'{0,2}[^'\\])*'''
             | "(?:\\.|[^"\\\r\n])*" | '(?:\\.|[^'\\\r\n])*')
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[^\W\d](?:\.*+[\w\-]++)*+)
  | (?P<name>:(?:\.*+(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\\S)++)*+)
  | (?P<mark>.)
  | (?P<end>\Z))
    """


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it starts and ends (characters from 0)."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Every token of a query in order, without white space and comments.

    A word and the colon after it are one token, the name prefix:local.
    """
    word: Token | None = None
    for match in re.finditer(_TOKEN, text):
        kind = match.lastgroup or "mark"
        if kind == "end":
            break
        token = Token(kind, match[kind], match.start(kind), match.end())
        if word is not None and kind == "name" and word.end == token.start:
            token = Token("name", word.text + token.text, word.start, token.end)
        elif word is not None:
            yield word
        word = token if kind == "word" else None
        if kind != "word":
            yield token
    if word is not None:
        yield word
