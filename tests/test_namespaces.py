"""Prefixes come from one file, and the code holds to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgraph import namespaces as ns
from emgraph.errors import EmgraphError


@pytest.mark.parametrize(
    ("prefix", "constant"),
    [
        ("em", ns.EM),
        ("emsh", ns.EMSH),
        ("graph", ns.GRAPH),
        ("date", ns.DATE),
        ("dcterms", ns.DCTERMS),
        ("foaf", ns.FOAF),
        ("owl", ns.OWL),
        ("rdf", ns.RDF),
        ("rdfs", ns.RDFS),
        ("sh", ns.SH),
        ("skos", ns.SKOS),
        ("xsd", ns.XSD),
    ],
)
def test_the_code_agrees_with_the_declared_prefixes(prefix: str, constant: str) -> None:
    assert ns.prefixes()[prefix] == constant


def test_shrink_takes_the_longest_namespace() -> None:
    assert ns.shrink("https://w3id.org/emgraph/id/source/pcp-2019-20/20") == "pcp19:20"
    assert ns.shrink("https://w3id.org/emgraph/id/date/2020%2F..") == (
        "<https://w3id.org/emgraph/id/date/2020%2F..>"
    )
    assert ns.shrink("http://example.org/x") == "<http://example.org/x>"
    assert ns.shrink(ns.EM) == f"<{ns.EM}>"


@given(st.sampled_from(sorted(ns.prefixes())), st.text("ab-_.1é%/", max_size=6))
def test_what_is_shrunk_expands_again(prefix: str, local: str) -> None:
    iri = ns.prefixes()[prefix] + local
    assert ns.iri_of(ns.shrink(iri)) == iri


def test_an_unknown_prefix_has_a_nearest() -> None:
    with pytest.raises(EmgraphError, match="Did you mean collab"):
        ns.expand("colab:emsou")


def test_words_that_are_no_iri() -> None:
    assert ns.iri_of("EMSOU") is None
    assert ns.iri_of("nosuch:thing") is None
    assert ns.iri_of("Note: this") is None
    assert ns.iri_of("<urn:x>") == ns.iri_of("urn:x") == "urn:x"


def test_local_name() -> None:
    assert ns.local_name("http://x/a#b") == ns.local_name("http://x/b/") == "b"
