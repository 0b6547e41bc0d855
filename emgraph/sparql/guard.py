"""What a query may not do, decided from its tokens before anything is evaluated."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from emgraph.errors import EmgraphError, nearest
from emgraph.namespaces import prefixes
from emgraph.sparql.prologue import absolute, declared
from emgraph.tokens import Token, tokens

MAX_DEPTH = 128
MAX_LENGTH = 200_000

_ESCAPE = r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})"
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


def check(text: str, graphs: Collection[str] | None = None, base: str | None = None) -> None:
    """Raise EmgraphError for a query that fetches, writes, or nests or runs on too far.

    With `graphs`, FROM may only name one of these. The text is read as it stands and once more with
    its \\u escapes replaced (SPARQL 1.1, section 19.2), because engines differ on when they do so.
    """
    if len(text) > MAX_LENGTH:
        raise EmgraphError(
            f"the query is longer than {MAX_LENGTH:,} characters. Shorten it, or split it."
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise EmgraphError(
            f"the query holds no Unicode text at character {error.start + 1}. Write it in UTF-8."
        ) from error
    _check_tokens(list(_shallow(tokens(text))), graphs, base)
    if "\\u" in text or "\\U" in text:
        unescaped = re.sub(_ESCAPE, _character, text)
        _check_tokens(list(_shallow(tokens(unescaped))), graphs, base)


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _check_tokens(found: list[Token], graphs: Collection[str] | None, base: str | None) -> None:
    _check_service(found)
    _check_update(found)
    if graphs is not None:
        _check_dataset(found, graphs, base)


def _shallow(found: Iterable[Token]) -> Iterator[Token]:
    """The tokens as long as they nest no deeper than MAX_DEPTH."""
    depth = run = 0
    for token in found:
        if token.kind != "mark":
            run = 0
        elif token.text in "{([":
            depth += 1
        elif token.text in "})]":
            depth -= 1
        else:
            run += 1
        if max(depth, run) > MAX_DEPTH:
            raise EmgraphError(
                f"the query nests deeper than {MAX_DEPTH} levels. Flatten it or split it."
            )
        yield token


def _check_service(found: list[Token]) -> None:
    padded = [Token("mark", "", 0, 0), *found, Token("mark", "", 0, 0)]
    for before, token, after in zip(padded, found, padded[2:], strict=False):
        if token.kind == "word":
            calls = "SERVICE" in token.text.upper()
        elif token.kind == "name" and "SERVICE" in token.text.upper():
            calls = after.text == "{" and before.text.upper() not in ("GRAPH", "FROM", "NAMED")
        else:
            continue
        if calls:
            raise EmgraphError(
                "SERVICE is not allowed: a query never fetches anything. Load the data instead."
            )


def _check_update(found: list[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
        elif token.kind == "word" and depth == 0 and token.text.upper() in _UPDATES:
            raise EmgraphError(
                f"{token.text.upper()} is not allowed: a query only reads. "
                "Change the data files instead."
            )


def _check_dataset(found: list[Token], graphs: Collection[str], base: str | None) -> None:
    whole = dict(absolute(found, base))
    known = {**prefixes(), **declared(found, base)}
    named = [token for token in found if token.text.upper() != "NAMED" or token.kind != "word"]
    for word, name in pairwise(named):
        if word.kind != "word" or not word.text.upper().startswith("FROM"):
            continue
        prefix, _, local = name.text.partition(":")
        iri = whole.get(name, known.get(prefix, "") + local)
        if iri not in graphs:
            close = nearest(iri, graphs)
            hint = f" Did you mean <{close}>?" if close else ""
            raise EmgraphError(f"FROM {name.text} is not a graph of this dataset.{hint}")
