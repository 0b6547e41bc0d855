"""Which prefixes a query declares, and those of the project that it uses without a word."""

from collections.abc import Iterable
from itertools import pairwise

from emgraph.namespaces import prefixes
from emgraph.tokens import Token, tokens


def declared(found: Iterable[Token]) -> dict[str, str]:
    """The prefixes that a query declares, each with its namespace as it is written."""
    return {
        name.text.partition(":")[0]: iri.text[1:-1]
        for (word, name), (_, iri) in pairwise(pairwise(found))
        if word.text.upper() == "PREFIX" and iri.kind == "iri"
    }


def with_prefixes(text: str) -> str:
    """The query with a PREFIX line for each of the project's prefixes that it uses undeclared.

    They stand on the query's first line, so that an engine counts lines as the user does.
    """
    found = list(tokens(text))
    named = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    known = prefixes()
    missing = sorted((named & {*known}) - {*declared(found)})
    return " ".join([*(f"PREFIX {name}: <{known[name]}>" for name in missing), text])
