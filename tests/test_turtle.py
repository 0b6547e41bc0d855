"""Writing: what is read again is what was written, in an order that depends on nothing else."""

import random
import re
import xml.etree.ElementTree as ET

import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from emgraph.errors import EmgraphError
from emgraph.namespaces import EM, XSD, prefixes
from emgraph.rdf import turtle
from emgraph.rdf.files import bundled
from emgraph.rdf.store import read

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
local = st.text("ab1-_.%é~/", max_size=5).map(lambda name: name.replace("%", "%2F"))
iri = st.builds(
    lambda ns, name: NamedNode(ns + name), st.sampled_from(list(prefixes().values())), local
)
literal = st.one_of(
    text.map(Literal),
    st.builds(
        lambda value, tag: Literal(value, language=tag), text, st.sampled_from(["en", "de-at"])
    ),
    st.builds(
        lambda value, name: Literal(value, datatype=NamedNode(XSD + name)),
        st.sampled_from(["007", "1.50", "true", "1", "2025-05-14", "x"]),
        st.sampled_from(["integer", "decimal", "boolean", "date", "string"]),
    ),
)
quad = st.builds(Quad, iri, iri, st.one_of(iri, literal), st.one_of(iri, st.just(DefaultGraph())))


@pytest.mark.parametrize("name", [name for name in turtle.FORMATS if name != "rdfxml"])
@given(quads=st.lists(quad, max_size=12), seed=st.integers(0, 9))
def test_round_trip(name: str, quads: list[Quad], seed: int) -> None:
    written = turtle.write(quads, name)
    again = set(parse(written, turtle.FORMATS[name]))
    if turtle.FORMATS[name].supports_datasets:
        assert again == set(quads)
    else:
        assert {q.triple for q in again} == {q.triple for q in quads}
    shuffled = [*quads, *quads[:3]]
    random.Random(seed).shuffle(shuffled)
    assert turtle.write(shuffled, name) == written
    assert turtle.write(again, name) == written


named = local.map(lambda name: NamedNode(EM + name + "x"))


@given(st.lists(st.builds(Quad, iri, named, st.one_of(iri, literal)), max_size=12))
def test_rdf_xml_says_the_same_or_is_refused(quads: list[Quad]) -> None:
    try:
        written = turtle.write(quads, "rdfxml")
    except EmgraphError:
        assume(any(re.search("[\x00-\x1f\ufffe\uffff]", str(quad.object)) for quad in quads))
        return
    assert set(parse(written, RdfFormat.RDF_XML)) == set(quads)
    ET.fromstring(written)


def test_rdf_xml_is_refused_a_property_without_a_name() -> None:
    for iri_ in (EM, EM + "1"):
        with pytest.raises(EmgraphError, match="as a property"):
            turtle.write([Quad(NamedNode(EM), NamedNode(iri_), Literal("x"))], "rdfxml")


def test_turtle_is_readable() -> None:
    a, b = NamedNode(EM + "a"), NamedNode("https://w3id.org/emgraph/id/date/2010%2F..")
    quads = [
        Quad(a, NamedNode(EM + "when"), b),
        Quad(a, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(EM + "C")),
        Quad(b, NamedNode(EM + "said"), Literal("two\nlines date:\\%")),
    ]
    assert turtle.write(quads, "turtle").decode() == (
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix em: <https://w3id.org/emgraph/ns/> .\n\n"
        '<https://w3id.org/emgraph/id/date/2010%2F..> em:said "two\\nlines date:\\\\%" .\n\n'
        "em:a a em:C ;\n\tem:when <https://w3id.org/emgraph/id/date/2010%2F..> .\n"
    )


def test_rdflib_reads_what_is_written() -> None:
    quads = [quad for reading in read(bundled()) for quad in reading.quads]
    graph = rdflib.Graph().parse(data=turtle.write(quads, "turtle"), format="turtle")
    assert len(graph) == len({quad.triple for quad in quads})
    dataset = rdflib.Dataset()
    dataset.parse(data=turtle.write(quads, "trig"), format="trig")
    assert sum(1 for _ in dataset.quads()) == len(set(quads))
