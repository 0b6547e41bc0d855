"""What an answer rests on."""

import pytest
from pyoxigraph import Store

from emgraph.rdf.files import find
from emgraph.rdf.store import load
from emgraph.sparql import sources
from emgraph.sparql.sources import ABSENT, NOT_STATED, Place, cited
from tests.conftest import Write
from tests.derive import store as bundled

PAPER = "https://w3id.org/emgraph/id/source/pcp-2019-20"
MADE_UP = f"""
pcp19:20 {{ <{PAPER}> a em:Document ; rdfs:label "A paper" ; dcterms:title "On sharing" ;
    em:marking "OFFICIAL-SENSITIVE" ; dcterms:license <http://x/ogl> .
    pcp19:20 a em:Paragraph ; rdfs:label "A paper ¶20" ; em:position 3 ;
        dcterms:isPartOf <{PAPER}> .
    <http://x/i> a em:Inference ; <http://www.w3.org/ns/prov#wasDerivedFrom> pcp19:20 .
    <http://x/other> a em:Document . }}
"""


@pytest.fixture
def store(write: Write) -> Store:
    return load(find([str(write("a.trig", MADE_UP))]))


def test_a_place_knows_its_document(store: Store) -> None:
    known = sources.places(store, [f"{PAPER}/20", "http://x/i"])
    assert known[f"{PAPER}/20"] == Place(f"{PAPER}/20", "A paper ¶20", "A paper", 3)
    assert known["http://x/i"].document == ""


def test_a_document_is_told_with_its_marking_even_behind_an_inference(store: Store) -> None:
    [found] = sources.sources(store, ["http://x/i"])
    assert found == ("A paper", "On sharing", "OFFICIAL-SENSITIVE", "http://x/ogl")
    assert found.is_marked


def test_what_is_not_said_of_a_document_is_no_absence(store: Store) -> None:
    [unsaid] = sources.sources(store, ["http://x/other"])
    assert (unsaid.marking, unsaid.is_marked) == (NOT_STATED, False)
    [found] = sources.sources(bundled(), [f"{PAPER}/20"])
    assert (found.marking, found.licence, found.is_marked) == (ABSENT, ABSENT, False)


def test_places_of_one_document_are_cited_together_in_its_order() -> None:
    places = [
        Place("p3", "inference: so", "", 0),
        Place("p10", "Paper ¶10", "Paper", 10),
        Place("p6", "Paper ¶6", "Paper", 6),
        Place("a1", "Act s 1", "Act", 1),
        Place("doc", "Paper", "", 0),
    ]
    assert cited(places) == "Act s 1; Paper ¶6, ¶10; Paper; inference: so"
    assert cited([]) == ""
