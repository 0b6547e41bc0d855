"""Names to things, things to names, and words to the terms of parameters."""

import pytest
from pyoxigraph import NamedNode, Store

from emgraph.errors import EmgraphError
from emgraph.namespaces import EM
from emgraph.rdf.files import find
from emgraph.rdf.names import label, labels, resolve
from emgraph.rdf.store import load
from emgraph.sparql.parameters import term, terms
from emgraph.sparql.queries import find as find_question
from tests.conftest import Write

COLLAB = "https://w3id.org/emgraph/id/collaboration/"
GRAPH = """
collab:emsou a em:Collaboration ; rdfs:label "EMSOU" ;
    skos:prefLabel "East Midlands Special Operations Unit" ; em:acronymAsPrinted "EMSOU" .
collab:soc a em:Branch ; rdfs:label "Serious crime" ; em:acronymAsPrinted "SOC" .
collab:soc-pillar a em:Pillar ; em:nameAsPrinted "SOC" .
collab:zwei a em:Collaboration ; rdfs:label "Zwei"@de , "Two"@en .
"""


@pytest.fixture
def store(write: Write) -> Store:
    return load(find([str(write("a.ttl", GRAPH))]))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("EMSOU", "emsou"),
        ("emsou", "emsou"),
        ("east midlands special operations unit", "emsou"),
        ("collab:emsou", "emsou"),
        (COLLAB + "emsou", "emsou"),
        (f"<{COLLAB}emsou>", "emsou"),
        ("soc-pillar", "soc-pillar"),
        ("Zwei", "zwei"),
    ],
)
def test_resolve(store: Store, word: str, name: str) -> None:
    assert resolve(store, word) == NamedNode(COLLAB + name)


def test_a_class_decides_between_homonyms(store: Store) -> None:
    with pytest.raises(EmgraphError, match=r"collab:soc \(.*\), collab:soc-pillar \("):
        resolve(store, "SOC")
    assert resolve(store, "SOC", EM + "Pillar").value.endswith("soc-pillar")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("EMSUO", "Did you mean EMSOU"),
        ("collab:emsuo", "Did you mean collab:emsou"),
        ("http://x/ y", "not an IRI"),
        ("qqqqqqq", "Give a name"),
        ("opera", "Did you mean East Midlands Special Operations Unit"),
    ],
)
def test_an_unknown_name_has_a_nearest(store: Store, word: str, message: str) -> None:
    with pytest.raises(EmgraphError, match=message):
        resolve(store, word)


def test_labels(store: Store) -> None:
    assert label(store, COLLAB + "zwei") == "Two"
    assert label(store, COLLAB + "soc-pillar") == "SOC"
    assert labels(store, [EM + "x", EM + "x"]) == {EM + "x": "em:x"}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("xsd:date", "2025-05-14", "2025-02-30"),
        ("xsd:integer", "-12", "1.5"),
        ("xsd:decimal", "1.50", "1,5"),
        ("xsd:boolean", "true", "yes"),
        ("xsd:gYear", "2025", "25"),
        ("xsd:anyURI", "http://x/", "a b"),
        ("em:Collaboration", "EMSOU", "EMSUO"),
    ],
)
def test_words_become_typed_terms(store: Store, kind: str, good: str, bad: str) -> None:
    assert term(store, good, kind).value in (good, COLLAB + "emsou")
    with pytest.raises(EmgraphError):
        term(store, bad, kind)


def test_pairs(store: Store) -> None:
    question = find_question("signed-agreements")
    given = ["collaboration=EMSOU", "collaboration=Two"]
    assert [t.value for t in terms(store, question, given)["collaboration"]] == [
        COLLAB + "emsou",
        COLLAB + "zwei",
    ]
    with pytest.raises(EmgraphError, match="NAME=VALUE"):
        terms(store, question, ["collaboration"])
    with pytest.raises(EmgraphError, match="Did you mean collaboration"):
        terms(store, question, ["colaboration=EMSOU"])
