"""Words of a query that nothing is called by, and what was meant."""

import pytest
from pyoxigraph import NamedNode, Quad, Store

from emgraph.namespaces import EM
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import load
from emgraph.sparql.hints import misspelt, on_nothing
from emgraph.sparql.isolate import Rows
from emgraph.sparql.prologue import with_prefixes
from tests.conftest import Cli

EMPTY = Rows(("x",), [])


@pytest.fixture(scope="module")
def store() -> Store:
    return load([*bundled(), *ontology()])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x a em:Colaboration }", "em:Colaboration is not a term.*em:Collaboration?"),
        (f"PREFIX e: <{EM}> ASK {{ ?x a e:Colaboration }}", "e:Colaboration.*em:Collaboration?"),
        (f"ASK {{ ?x a <{EM}Colaboration> }}", "Colaboration> is not.*em:Collaboration?"),
        ("PREFIX em: <urn:mine:> ASK { ?x a em:Colaboration }", ""),
        (
            "SELECT * { ?x a org:organisation }",
            "org:organisation does not.*mean org:Organization or org:org",
        ),
        ("ASK { ?x a em:Board OPTIONAL { ?x dcterms:sourse ?y } }", "mean dcterms:source?"),
        ("ASK { ?x skos:narrower ?y ; prov:generated ?z }", ""),
        ("ASK { ?x a em:Collaboration ; rdfs:label 'em:Nonsense' } # em:Nonsense", ""),
    ],
)
def test_misspelt_terms(store: Store, query: str, said: str) -> None:
    told = misspelt(query, store)
    assert len(told) == bool(said)
    if said:
        import re

        assert re.search(said, told[0])


def test_a_term_that_the_data_use_is_no_mistake() -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:a"), NamedNode(EM + "mine"), NamedNode("urn:b")))
    assert misspelt("ASK { ?x em:mine ?y }", store) == []
    assert misspelt("ASK { ?x foaf:nam ?y }", store) != []


def test_of_data_elsewhere_only_the_ontology_is_known() -> None:
    assert misspelt("ASK { ?x foaf:nam ?y }", None) == []
    assert "em:Bord is not a term" in misspelt("ASK { ?x a em:Bord }", None)[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x a schema:Collaboration }", "Did you mean em:Collaboration?"),
        ("SELECT ?x { ?x foaf:label ?y }", "Did you mean rdfs:label?"),
        ("PREFIX em: <http://w3id.org/emgraph/ns/> ASK { ?x a em:Board }", f"<{EM}Board>?"),
        ("SELECT ?x { collab:emsuo ?x ?y }", "Did you mean collab:emsou?"),
        ("PREFIX c: <https://w3id.org/emgraph/id/collaboration/> ASK { c:emsuo ?x ?y }", "emsou?"),
        ("SELECT ?x { ?x <http://nowhere.example/q> ?y }", "does not occur in this graph."),
        ("SELECT ?x { ?x rdfs:label 'x'^^xsd:token FILTER(xsd:date(?x) < 3) }", ""),
    ],
)
def test_an_empty_answer_is_explained(store: Store, query: str, said: str) -> None:
    told = on_nothing(query, store, EMPTY)
    assert len(told) == bool(said)
    assert said in "".join(told)
    assert on_nothing(query, store, False) == told
    assert on_nothing(query, store, Rows(("x",), [(None,)])) == []


def test_a_term_of_the_ontology_that_is_not_used() -> None:
    told = on_nothing("ASK { ?x a em:Collaboration }", Store(), False)
    assert told == ["nothing in this graph uses em:Collaboration."]


def test_prefixes_are_put_before_an_endpoint_s_query() -> None:
    text = "PREFIX rdfs: <urn:own:>\nASK { ?x a em:Board ; rdfs:label ?y ; other:z 1 }"
    assert with_prefixes(text) == f"PREFIX em: <{EM}> {text}"


def test_a_plan_comes_with_hints(cli: Cli) -> None:
    found = cli("sparql", "--explain", "ASK { ?x a em:Bord }")
    assert "did you mean em:board?" in found.err.lower()
    nothing = cli("sparql", "--explain", "SELECT * { collab:emsuo ?p ?o }")
    assert "Did you mean collab:emsou?" in nothing.err
