"""The one way this project writes RDF: sorted, with the prefixes that are used and no others."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from emgraph.errors import EmgraphError
from emgraph.namespaces import RDF, expand, prefixes, shrink
from emgraph.tokens import tokens

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_XML_NAME = re.compile(r"[^\W\d][\w.\-]*$")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_Key: TypeAlias = tuple[str, str, str, str]


def write(quads: Iterable[Quad], name: str) -> bytes:
    """The statements in a format of FORMATS, each once, in an order that depends on nothing else.

    Turtle, N-Triples and RDF/XML have no graphs: there the statements of all graphs are one. Raises
    EmgraphError for what RDF/XML cannot hold: a property without a name at its end (RDF 1.1 XML
    Syntax, section 5.3), or a character that XML 1.0, section 2.2, has not.
    """
    chosen = FORMATS[name]
    if chosen.supports_datasets:
        ordered = sorted(set(quads), key=_order)
        data = serialize(ordered, format=chosen, prefixes=_used(ordered)) or b""
    else:
        flat = {Quad(quad.subject, quad.predicate, quad.object) for quad in quads}
        ordered = sorted(flat, key=_order)
        if chosen == RdfFormat.RDF_XML:
            _check_xml(ordered)
        triples = (quad.triple for quad in ordered)
        data = serialize(triples, format=chosen, prefixes=_used(ordered)) or b""
    return _spaced(data) if chosen in (RdfFormat.TURTLE, RdfFormat.TRIG) else data


def _check_xml(quads: Iterable[Quad]) -> None:
    for _, predicate, value, _ in quads:
        if not _XML_NAME.search(predicate.value):
            raise EmgraphError(
                f"RDF/XML cannot hold {predicate} as a property. Say --format turtle."
            )
        if isinstance(value, Literal) and _NOT_IN_XML.search(value.value):
            raise EmgraphError("a value has a character that XML cannot hold. Say --format turtle.")


def _spaced(data: bytes) -> bytes:
    """Turtle with an empty line before each subject and graph; no literal holds a bare newline."""
    lines = data.decode().splitlines(keepends=True)
    spaced = []
    for before, line in zip(["@prefix", *lines], lines, strict=False):
        ends = before.endswith((" .\n", "}\n"))
        declares = line.startswith("@prefix") or line == "}\n"
        text = _plain(line) if "\\" in line else line
        spaced.append(f"\n{text}" if ends and not declares else text)
    return "".join(spaced).encode()


def _plain(line: str) -> str:
    """A line with IRIs in place of prefixed names that need escapes, which rdflib cannot read."""
    for token in reversed(list(tokens(line))):
        if token.kind == "name" and "\\" in token.text:
            iri = expand(re.sub(r"\\(.)", r"\1", token.text))
            line = f"{line[: token.start]}<{iri}>{line[token.end :]}"
    return line


def _order(quad: Quad) -> _Key:
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
    predicate = "" if quad.predicate.value == RDF + "type" else quad.predicate.value
    return graph, str(quad.subject), predicate, str(quad.object)


def _used(quads: Iterable[Quad]) -> dict[str, str]:
    used = set()
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode):
                used.add(shrink(term.value).partition(":")[0])
            elif isinstance(term, Literal):
                used.add(shrink(term.datatype.value).partition(":")[0])
    return {prefix: iri for prefix, iri in sorted(prefixes().items()) if prefix in used}
