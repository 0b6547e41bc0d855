"""What each part of a query finds, in the graph as it is."""

import pytest
from pyoxigraph import Store

from emgraph.errors import EmgraphError, QueryStopped
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import load
from emgraph.sparql import isolate, queries
from emgraph.sparql.isolate import Answer
from emgraph.sparql.plan import plan, render
from tests.conftest import SIGNED, Cli, Write


@pytest.fixture(scope="module")
def store() -> Store:
    return load([*bundled(), *ontology()])


def test_parts_are_counted_alone_and_together(store: Store) -> None:
    query = """PREFIX e: <https://w3id.org/emgraph/ns/>
        SELECT ?c ?name WHERE {
            ?c a e:Collaboration ; e:provides ?p .
            FILTER(BOUND(?name))
            OPTIONAL { GRAPH ?place { ?c rdfs:label ?name } }
            { ?c e:serves ?x } UNION { ?c e:established ?x }
        }"""
    found = plan(query, lambda text, time: isolate.run(store, text, timeout=time), 10)
    told = [(part.line, part.depth, part.text[:8], part.alone) for part in found.parts]
    assert [(line, depth, text) for line, depth, text, _ in told] == [
        (3, 0, "?c a e:C"),
        (5, 0, "OPTIONAL"),
        (6, 0, "{ ?c e:s"),
        (4, 0, "FILTER(B"),
        (5, 1, "GRAPH ?p"),
        (5, 2, "?c rdfs:"),
        (6, 1, "?c e:ser"),
        (6, 1, "?c e:est"),
    ]
    one = isolate.run(store, "SELECT * { ?c a em:Collaboration ; em:provides ?p }")
    assert isinstance(one, isolate.Rows)
    assert found.parts[0].alone == found.parts[0].so_far == len(one.rows)
    assert found.parts[1].alone is None
    assert found.parts[3].so_far == found.rows


@pytest.mark.parametrize("question", queries.catalogue(), ids=lambda question: question.name)
def test_every_question_can_be_cut_into_parts(question: queries.Question) -> None:
    counted: list[str] = []

    def ask(text: str, _: float) -> Answer:
        counted.append(text)
        return isolate._answer(isolate.evaluate(Store(), text))

    assert plan(question.text, ask, 10).parts
    assert len(counted) > 1


def test_a_query_that_takes_too_long_is_explained_all_the_same() -> None:
    def ask(text: str, _: float) -> Answer:
        if "emgraph_n" not in text:
            raise QueryStopped("too long")
        return isolate._answer(isolate.evaluate(Store(), text))

    shown = render(plan("SELECT * { ?a ?b ?c . ?d ?e ?f }", ask, 5), 80)
    assert "?d ?e ?f" in shown
    assert "Stopped after" in shown


def test_the_command_line(cli: Cli, write: Write) -> None:
    path = write("good.trig", SIGNED)
    said = cli("sparql", "--explain", "SELECT * { ?s ?p ?o . ?o ?q ?r }", "--data", path)
    assert said.code == 0
    assert all(len(line) <= 80 for line in said.out.splitlines())
    assert "1 row in" in said.out or "rows in" in said.out
    assert "Expected an object" in cli("sparql", "--explain", "ASK { ?s ?p }", "--data", path).err
    with pytest.raises(EmgraphError):
        plan("ASK { ?s ?p }", lambda text, time: isolate.run(Store(), text, timeout=time), 1)
