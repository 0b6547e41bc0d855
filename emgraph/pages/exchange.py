"""Graphs for others: exports that keep their citations."""

from collections.abc import Iterator, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad

from emgraph.errors import EmgraphError, unknown
from emgraph.namespaces import DCTERMS, RDF
from emgraph.rdf import turtle
from emgraph.rdf.classes import superclasses
from emgraph.validation.locating import statement_sources

CITATIONS = ("subject", "statement", "none")
FLAT = ("turtle", "ntriples", "rdfxml")
_STATEMENT = "https://w3id.org/emgraph/id/statement/"
_SOURCE = NamedNode(DCTERMS + "source")


def export(
    quads: Sequence[Quad], ontology: Sequence[Quad], format_: str, citations: str | None = None
) -> bytes:
    """The statements in a format of turtle.FORMATS, with their citations.

    TriG, N-Quads and JSON-LD keep the graph of every statement, which is its citation. Turtle,
    N-Triples and RDF/XML have no graphs: there `subject` adds dcterms:source to every subject,
    `statement` adds an rdf:Statement for each besides, `none` adds nothing. Raises EmgraphError for
    another format or word.
    """
    if format_ not in turtle.FORMATS:
        raise unknown("format of an export", format_, turtle.FORMATS)
    if format_ not in FLAT:
        if citations is not None:
            raise EmgraphError(f"{format_} keeps every citation as a graph. Leave out --citations.")
        return turtle.write(quads, format_)
    chosen = citations or "subject"
    if chosen not in CITATIONS:
        raise unknown("kind of citation", chosen, CITATIONS)
    sources = set(statement_sources(quads, superclasses([*ontology, *quads])))
    by_subject = _by_subject(quads, sources) if chosen != "none" else ()
    each = _each(quads, sources) if chosen == "statement" else ()
    return turtle.write([*quads, *by_subject, *each], format_)


def inferred(quads: Sequence[Quad], ontology: Sequence[Quad]) -> int:
    """How many statements stand in an inference alone, so that no source makes them."""
    every = superclasses([*ontology, *quads])
    inferences = {NamedNode(iri) for iri in statement_sources(quads, every, "Inference")}
    made = {quad.triple for quad in quads if quad.graph_name not in inferences}
    return len({quad.triple for quad in quads} - made)


def _by_subject(quads: Sequence[Quad], sources: set[str]) -> Iterator[Quad]:
    """dcterms:source of every subject: each source that says something of it."""
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value in sources:
            yield Quad(quad.subject, _SOURCE, graph, DefaultGraph())


def _each(quads: Sequence[Quad], sources: set[str]) -> Iterator[Quad]:
    """An rdf:Statement for every statement, named by what it says, with its sources."""
    from hashlib import sha256

    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value in sources:
            node = NamedNode(_STATEMENT + sha256(str(quad.triple).encode()).hexdigest()[:20])
            for name, value in (
                ("type", NamedNode(RDF + "Statement")),
                ("subject", quad.subject),
                ("predicate", quad.predicate),
                ("object", quad.object),
            ):
                yield Quad(node, NamedNode(RDF + name), value, DefaultGraph())
            yield Quad(node, _SOURCE, graph, DefaultGraph())
