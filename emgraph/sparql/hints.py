"""What may be wrong with a query that is SPARQL: words that nothing in the graph is called by."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode, Store

from emgraph.assets import folder
from emgraph.errors import nearest
from emgraph.namespaces import (
    EM,
    OWL,
    RDF,
    SH,
    XSD,
    local_name,
    prefixes,
    shrink,
)
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import statements
from emgraph.rdf.vocabularies import TERMS, meant
from emgraph.sparql import variables
from emgraph.sparql.isolate import Answer, Rows
from emgraph.sparql.literals import otherwise
from emgraph.sparql.prologue import declared
from emgraph.tokens import Token, tokens

_TYPE = NamedNode(RDF + "type")
_MERGE = DefaultGraph()
_MANY = 100_000
_VOCABULARIES = (EM, *TERMS)
_FUNCTIONS = "http://www.w3.org/2005/xpath-functions"


def misspelt(text: str, store: Store | None) -> list[str]:
    """A sentence for each term of a query that is nowhere, and is a slip of the pen.

    Every em: term that neither the ontology nor the store knows is one; a term of the vocabularies
    of others is, where one that is known is spelt nearly so. Without a store, because the data are
    elsewhere, nothing is said of the latter.
    """
    known = _VOCABULARIES if store is not None else (EM,)
    asked = {iri: shown for iri, shown in _iris(text) if iri.startswith(known)}
    strange = [
        iri for iri in asked if iri not in known and (store is None or not _occurs(store, iri))
    ]
    terms = _terms() if strange else set()
    said = []
    for iri in strange:
        if iri.startswith(EM) and iri not in terms:
            said.append(f"{asked[iri]} is not a term of the ontology.{_meant(iri, terms)}")
        elif iri not in terms and (near := meant(iri)):
            close = " or ".join(map(shrink, near))
            said.append(f"{asked[iri]} does not occur in this graph. Did you mean {close}?")
    return said


def unbound(text: str, answer: Answer) -> list[str]:
    """A sentence for each variable that nothing binds: where it is a slip, or leaves a blank.

    A blank is a column without any value, or an answer that is empty or false.
    """
    empty = not (answer.rows if isinstance(answer, Rows) else answer)
    blank = set()
    if isinstance(answer, Rows):
        columns = enumerate(answer.variables)
        blank = {name for n, name in columns if all(row[n] is None for row in answer.rows)}
    return [
        variables.in_words(token, near)
        for token, near in variables.unbound(text)
        if near or empty or token.text[1:] in blank
    ]


def on_nothing(text: str, store: Store, answer: Answer) -> list[str]:
    """For an answer that is empty or false: a sentence for each word of the query that is nowhere.

    So is a text that the data have otherwise. What `misspelt` says is not said again.
    """
    empty = not (answer.rows if isinstance(answer, Rows) else answer)
    said = []
    told = " ".join(misspelt(text, store)) if empty else ""
    for iri, shown in dict(_iris(text)).items() if empty else ():
        if _occurs(store, iri) or f"{shown} does" in told or iri.startswith((XSD, _FUNCTIONS)):
            continue
        terms = _terms()
        if iri in terms:
            said.append(f"nothing in this graph uses {shown}.")
        elif not iri.startswith(EM):
            known = _alike(store, iri, terms)
            said.append(f"{shown} does not occur in this graph.{_meant(iri, known, shown)}")
    return [*said, *(otherwise(text, store) if empty else ())]


def _iris(text: str) -> Iterator[tuple[str, str]]:
    """The IRIs of a query and how they are written, without those that declare, type or call."""
    found = list(tokens(text))
    known = {**prefixes(), **declared(found)}
    edge = Token("mark", "", 0, 0)
    words = [edge.text, edge.text, *(token.text.upper() for token in found), edge.text]
    for earlier, before, token, after in zip(words, words[1:], found, words[3:], strict=False):
        if before in ("PREFIX", "BASE", "FROM", "NAMED", "^") or after == "(":
            continue
        if token.kind == "iri" and earlier != "PREFIX":
            yield token.text[1:-1], token.text
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in known:
            yield known[prefix] + local.replace("\\", ""), token.text


def _occurs(store: Store, iri: str) -> bool:
    """Whether a store has an IRI anywhere."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return True
    return any(
        next(store.quads_for_pattern(*pattern), None) is not None
        for pattern in (
            (node, None, None, None),
            (None, node, None, None),
            (None, None, node, None),
            (None, None, None, node),
        )
    )


@cache
def _terms() -> set[str]:
    """The terms that the bundled ontology declares, and those of others that it or a rule uses."""
    shapes = find([str(path) for path in sorted(folder("shapes").glob("*.ttl"))])
    return {
        term.value
        for quad in statements([*ontology(), *shapes])
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and not term.value.startswith((OWL, SH))
    }


def _alike(store: Store, iri: str, terms: set[str]) -> set[str]:
    """What a word of no meaning could stand for: terms, and things of its namespace."""
    namespace = iri.removesuffix(local_name(iri))
    types = islice(store.quads_for_pattern(None, _TYPE, None, _MERGE), _MANY)
    found = set(terms)
    for quad in types:
        found.add(str(getattr(quad.object, "value", "")))
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(namespace):
            found.add(subject.value)
    every = islice(store.quads_for_pattern(None, None, None, _MERGE), _MANY)
    return found | {quad.predicate.value for quad in every}


def _meant(iri: str, known: set[str], shown: str = "") -> str:
    """The question whether another word was meant: one of the same name elsewhere, or alike.

    One that would look like the word as it is `shown` is spelt out.
    """
    name = local_name(iri)
    same = sorted(other for other in known if local_name(other).casefold() == name.casefold())
    namespace = iri.removesuffix(name)
    beside = {local_name(other): other for other in known if other.startswith(namespace)}
    close = (same or [beside.get(nearest(name, beside), "")])[0]
    word = f"<{close}>" if shown and shrink(close) == shown else shrink(close)
    return f" Did you mean {word}?" if close else ""
