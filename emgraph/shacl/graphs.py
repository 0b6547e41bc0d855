"""Statements as rdflib holds them, spelt as they were."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from emgraph.errors import EmgraphError
from emgraph.namespaces import XSD
from emgraph.terms import Term
from emgraph.tokens import tokens


@lru_cache(maxsize=512)
def _prepared(text: str) -> Query:
    return translateQuery(parseQuery(_with_used_prefixes(text)))


def _with_used_prefixes(text: str) -> str:
    """A query without the PREFIX lines that it does not need, which rdflib is slow to parse."""
    found = list(tokens(text))
    named = Counter(token.text.partition(":")[0] for token in found if token.kind == "name")
    for word, name, iri in reversed(list(zip(found, found[1:], found[2:], strict=False))):
        if word.text.upper() == "PREFIX" and named[name.text[:-1]] == 1:
            text = text[: word.start] + text[iri.end :]
    return text


class _PreparingGraph(Graph):
    """A graph that parses a query once, and not once for every focus node as pySHACL would."""

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> Result:
        """The result of a query, parsed now or before."""
        return super().query(_parsed(query_object), *args, **options)


class _PreparingDataset(Dataset):
    """The same for a dataset."""

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> Result:
        """The result of a query, parsed now or before."""
        return super().query(_parsed(query_object), *args, **options)


def _parsed(query: str | Query) -> Query:
    return _prepared(query) if isinstance(query, str) else query


def triples(quads: Iterable[Quad]) -> Iterator[tuple[Node, Node, Node]]:
    """The triples of statements, as rdflib has them."""
    for quad in quads:
        yield to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)


@lru_cache(maxsize=2**16)
def to_rdflib(term: Term) -> Node:
    """A term as rdflib has it, spelt as it was."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Triple):
        raise EmgraphError("a statement about a statement (RDF 1.2) is not read.")
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    plain = term.datatype.value == XSD + "string"
    return RdflibLiteral(term.value, datatype=None if plain else datatype, normalize=False)


def from_rdflib(node: Node) -> Term:
    """An rdflib term as pyoxigraph has it."""
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, RdflibLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        if node.datatype:
            return Literal(str(node), datatype=NamedNode(str(node.datatype)))
        return Literal(str(node))
    return BlankNode(str(node))


def data_graph(quads: Iterable[Quad], background: Sequence[Quad], *, named: bool) -> Graph:
    """The merge as one graph, or where a rule reads GRAPH, as a dataset of all graphs."""
    if not named:
        graph = _PreparingGraph()
        for triple in triples([*quads, *background]):
            graph.add(triple)
        return graph
    dataset = _PreparingDataset(default_union=True)
    for quad, (s, p, o) in zip(quads, triples(quads), strict=True):
        if isinstance(quad.graph_name, DefaultGraph):
            dataset.add((s, p, o))
        else:
            name = to_rdflib(quad.graph_name)
            dataset.graph(URIRef(str(name))).add((s, p, o))
    for triple in triples(background):
        dataset.add(triple)
    return dataset
