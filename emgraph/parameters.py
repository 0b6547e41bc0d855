"""Words from a user to terms of a question's parameters."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from emgraph.errors import EmgraphError, unknown
from emgraph.names import resolve
from emgraph.namespaces import XSD, expand
from emgraph.queries import Question

_FORMS = {
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "boolean": r"true|false|1|0",
    "gYear": r"-?\d{4,}",
    "string": r"(?s).*",
    "anyURI": r"\S+",
}


def as_date(word: str) -> Literal:
    """An xsd:date; raises EmgraphError unless the word is YYYY-MM-DD and in the calendar."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", word):
            raise ValueError(word)
        date.fromisoformat(word)
    except ValueError as error:
        raise EmgraphError(f"{word!r} is not a date. Write it as 2025-05-14.") from error
    return Literal(word, datatype=NamedNode(XSD + "date"))


def term(store: Store, word: str, kind: str) -> NamedNode | Literal:
    """The term that a word means, of a class or an XML Schema type; raises EmgraphError."""
    iri = expand(kind)
    if not iri.startswith(XSD):
        return resolve(store, word, iri)
    name = iri.removeprefix(XSD)
    if name == "date":
        return as_date(word)
    if not re.fullmatch(_FORMS.get(name, r"(?s).*"), word):
        raise EmgraphError(f"{word!r} is not of type {kind}.")
    return Literal(word, datatype=NamedNode(iri))


def terms(
    store: Store, question: Question, given: Sequence[str]
) -> Mapping[str, list[NamedNode | Literal]]:
    """The terms of `NAME=VALUE` words, several of one name together; raises EmgraphError."""
    values: dict[str, list[NamedNode | Literal]] = {}
    for pair in given:
        name, equals, word = pair.partition("=")
        if not equals:
            raise EmgraphError(f"{pair!r} is not NAME=VALUE. Write -p {name}=...")
        if name not in question.slots:
            raise unknown(f"parameter of {question.name}", name, question.slots)
        kind = question.parameters.get(name)
        if kind is None:
            raise EmgraphError(f"{question.path}: its header gives no type for {name}.")
        values.setdefault(name, []).append(term(store, word, kind))
    return values
