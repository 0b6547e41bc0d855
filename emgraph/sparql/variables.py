"""The variables of a query that nothing in it binds, told by its tokens alone."""

from collections.abc import Iterable, Iterator

from emgraph.errors import nearest
from emgraph.tokens import Token, tokens

_BINDS, _READS = "binds", "reads"
_NEARLY = 0.8  # of the letters
_READING = {"SELECT", "ORDER", "GROUP", "HAVING", "DESCRIBE"}  # up to the next brace


def unbound(text: str) -> list[tuple[Token, str]]:
    """Each variable of a query that only SELECT, FILTER, BIND or ORDER BY has, and what is meant.

    It is the token where the variable stands first, and the nearest one that is bound, or nothing.
    What a part of the query binds counts everywhere. SPARQL 1.1, section 18.2.1.
    """
    found: dict[str, Token] = {}
    bound = set()
    for token, binds in _variables(tokens(text)):
        name = token.text[1:]
        found.setdefault(name, token)
        if binds:
            bound.add(name)
    return [
        (token, nearest(name, bound, cutoff=_NEARLY))
        for name, token in found.items()
        if name not in bound
    ]


def in_words(token: Token, meant: str) -> str:
    """That nothing binds a variable, in a sentence, and which is meant."""
    hint = f" Did you mean ?{meant}?" if meant else ""
    return f"{token.text} is bound nowhere in the query.{hint}"


def _variables(found: Iterable[Token]) -> Iterator[tuple[Token, bool]]:
    """Every variable, and whether it stands where it is bound: in a pattern, in VALUES, after AS.

    `around` has a part of the query for each open brace or bracket, the whole of it first.
    """
    around = [_READS]
    word, next_reads = "", False
    for token in found:
        text = token.text.upper() if token.kind == "word" else token.text
        if token.kind == "variable":
            yield token, around[-1] == _BINDS or word == "AS"
        elif text in _READING:
            around[-1] = _READS
        elif text == "VALUES":
            around[-1] = _BINDS
        elif text == "(":
            around.append(_READS if next_reads else around[-1])
        elif text == "{":
            around.append(_READS if word == "CONSTRUCT" else _BINDS)
        elif text in (")", "}") and len(around) > 1:
            around.pop()
        next_reads = text in ("FILTER", "BIND") or (next_reads and text not in "({")
        word = text if token.kind == "word" else ""
