"""Exports keep their citations, and what is exported validates."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from emgraph.errors import EmgraphError
from emgraph.namespaces import DCTERMS
from emgraph.pages.exchange import export
from emgraph.rdf import turtle
from emgraph.rdf.files import bundled, find, ontology
from emgraph.rdf.store import read
from emgraph.validation.validate import validate
from tests.conftest import SIGNED, Cli, Write
from tests.derive import AS_OF, report

SOURCE = NamedNode(DCTERMS + "source")


def quads_of(write: Write, text: str) -> list[Quad]:
    """The statements of a small graph."""
    return list(read(find([str(write("a.trig", text))]))[0].quads)


@pytest.fixture(scope="module")
def terms() -> list[Quad]:
    return [quad for reading in read(ontology()) for quad in reading.quads]


@pytest.mark.parametrize("name", ["trig", "nquads", "jsonld"])
def test_formats_with_graphs_keep_every_statement_in_its_graph(
    terms: list[Quad], name: str
) -> None:
    quads = [quad for reading in read(bundled()) for quad in reading.quads]
    assert set(parse(export(quads, terms, name), turtle.FORMATS[name])) == set(quads)
    with pytest.raises(EmgraphError, match="Leave out --citations"):
        export(quads, terms, name, "subject")


def test_every_subject_names_its_sources(write: Write, terms: list[Quad]) -> None:
    found = list(parse(export(quads_of(write, SIGNED), terms, "turtle"), RdfFormat.TURTLE))
    cited = {quad.subject: quad.object for quad in found if quad.predicate == SOURCE}
    assert set(cited) == {quad.subject for quad in found}
    assert {getattr(o, "value", "") for o in cited.values()} == {
        "https://w3id.org/emgraph/id/source/pcp-2019-20/20"
    }


def test_what_has_no_source_gets_none(write: Write, terms: list[Quad]) -> None:
    quads = quads_of(write, "collab:a a em:Collaboration .")
    assert b"source" not in export(quads, terms, "turtle")


def test_statement_citations(write: Write, terms: list[Quad]) -> None:
    quads = quads_of(write, SIGNED)
    found = export(quads, terms, "ntriples", "statement").decode()
    assert found.count("22-rdf-syntax-ns#Statement>") == len({quad.triple for quad in quads})
    assert "dc/terms/source" not in export(quads, terms, "ntriples", "none").decode()


def test_the_flat_export_validates_as_its_source_does(tmp_path: Path, terms: list[Quad]) -> None:
    quads = [quad for reading in read(bundled()) for quad in reading.quads]
    path = tmp_path / "emgraph.ttl"
    path.write_bytes(export(quads, terms, "turtle"))
    flat, own = validate(find([str(path)]), AS_OF), report(waive=True)
    assert [(f.rule, f.focus, f.value) for f in flat.findings] == [
        (f.rule, f.focus, f.value) for f in own.findings
    ]


@pytest.mark.parametrize(("name", "citations"), [("turtel", None), ("turtle", "subjects")])
def test_unknown_words_have_a_nearest(terms: list[Quad], name: str, citations: str | None) -> None:
    with pytest.raises(EmgraphError, match="Did you mean"):
        export([], terms, name, citations)


@pytest.mark.parametrize(("name", "is_flat"), [("turtle", 1), ("rdfxml", 1), ("trig", 0)])
def test_that_a_flat_export_makes_the_inferred_look_stated_is_said(
    cli: Cli, write: Write, name: str, is_flat: int
) -> None:
    more = """
        <https://x.org/i> { <https://x.org/i> a em:Inference . collab:a em:established date:2015 }
        """
    found = cli("export", "--format", name, write("a.trig", SIGNED + more))
    assert found.err.count("2 inferred statements will look stated where this") == is_flat
    assert not cli("export", "--format", name, write("b.trig", SIGNED)).err
