"""SPARQL that engines agree on, from SPARQL that they do not: for servers of others.

Some take any literal typed as a number for one, give no datatype for text with a language, and
lose the start of a circle from a path with `+`. None of that is wrong in the standard's letter
only; each has been seen to change findings without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

from emgraph.namespaces import RDF
from emgraph.shacl.value_tests import NUMBER, NUMERIC
from emgraph.tokens import Token, tokens

# The limit of a sub-select in groups, so that no filter is pushed into it, to be judged more often.
ALL = "LIMIT 2147483647"


def portable(text: str) -> str:
    """The text of a query with what servers judge differently written out."""
    before = ""
    while text != before:
        before, text = text, _without_plus(text)
    found = list(tokens(text))
    for index in reversed(range(len(found) - 3)):
        word = found[index].text.upper()
        opening, of, closing = (token.text for token in found[index + 1 : index + 4])
        is_call = (opening, closing) == ("(", ")") and of[0] in "?$"
        if is_call and word in ("ISNUMERIC", "DATATYPE"):
            replaced = _number(of) if word == "ISNUMERIC" else _datatype(of)
            text = text[: found[index].start] + replaced + text[found[index + 3].end :]
    return text


def _without_plus(text: str) -> str:
    """A text with its last path of one or more steps as a step and zero or more."""
    found = list(tokens(text))
    for index in reversed(range(1, len(found))):
        start = _path_start(found, index - 1) if found[index].text == "+" else None
        if start is not None:
            first, path = text[: found[start].start], text[found[start].start : found[index].start]
            return f"{first}({path}/{path}*){text[found[index].end :]}"
    return text


def _number(value: str) -> str:
    kinds = ", ".join(f"<{name}>" for name in sorted(NUMERIC))
    formed = f'REGEX(STR({value}), "^({NUMBER}|-?INF|NaN)$")'
    typed = f"LANG({value}) = '' && DATATYPE({value}) IN ({kinds})"
    return f"(isLiteral({value}) && {typed} && {formed})"


def _datatype(value: str) -> str:
    tagged = f"isLiteral({value}) && LANG({value}) != ''"
    return f"IF({tagged}, <{RDF}langString>, DATATYPE({value}))"


def _path_start(found: Sequence[Token], index: int) -> int | None:
    """The first token of the path that ends here, to which a + belongs; none for a sum."""
    if found[index].kind in ("name", "iri") or found[index].text == "a":
        return index
    depth = 0
    for start in range(index, -1, -1):
        token = found[start]
        if token.kind not in ("name", "iri", "mark") and token.text != "a":
            return None
        depth += (token.text == ")") - (token.text == "(")
        if depth <= 0:
            return start if depth == 0 and token.text == "(" else None
    return None
