"""What a query declares before it asks: prefixes and base; and what it leaves to be declared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from emgraph.namespaces import prefixes
from emgraph.tokens import Token, tokens


def declared(found: Sequence[Token], base: str | None = None) -> dict[str, str]:
    """The prefixes that a query declares, each with its namespace."""
    whole = dict(absolute(found, base))
    return {
        name.text.partition(":")[0]: whole[iri]
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


def with_graphs(text: str, base: str | None, graphs: Mapping[str, str]) -> str:
    """The query with the graph of a file in the place of each IRI that is the file's address."""
    for token, iri in reversed([*absolute(tokens(text), base)]):
        if iri in graphs:
            text = f"{text[: token.start]}{NamedNode(graphs[iri])}{text[token.end :]}"
    return text


def absolute(found: Iterable[Token], base: str | None) -> Iterator[tuple[Token, str]]:
    """Each IRI of a query in angle brackets, as its BASE completes it, RFC 3986, section 5."""
    current, is_base = base or "", False
    for token in found:
        if token.kind == "iri":
            iri = urljoin(current, token.text[1:-1])
            current = iri if is_base else current
            yield token, iri
        is_base = token.kind == "word" and token.text.upper() == "BASE"
