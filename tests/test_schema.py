"""The page of a graph: what is in use, each example answered, the same bytes again."""

import json

import pytest
from pyoxigraph import Store

from emgraph.answers.results import render as rendered
from emgraph.answers.view import About
from emgraph.errors import EmgraphError
from emgraph.pages.schema import Map, render, schema
from emgraph.rdf.files import bundled
from emgraph.rdf.store import load
from emgraph.screen import columns
from emgraph.sparql import isolate
from emgraph.sparql.isolate import Answer, Rows


@pytest.fixture(scope="module")
def store() -> Store:
    return load(bundled())


@pytest.fixture(scope="module")
def found(store: Store) -> Map:
    return schema(lambda query: isolate.run(store, query))


def test_every_example_has_an_answer(found: Map, store: Store) -> None:
    examples = [one.example for classes in found.values() for one in classes]
    assert len(examples) > 50
    for example in examples:
        answer: Answer = isolate.run(store, example)
        assert isinstance(answer, Rows)
        assert answer.rows, example
        assert rendered(answer, "table", About())


def test_counts_are_those_of_the_graph(found: Map, store: Store) -> None:
    collaborations = next(c for c in found["collaborations"] if c.iri.endswith("/Collaboration"))
    assert collaborations.things == 10
    purposes = next(p for p in collaborations.properties if p.iri.endswith("hasPurpose"))
    asked = "SELECT ?x { ?x a em:Collaboration ; em:hasPurpose ?y }"
    answer = isolate.run(store, asked)
    assert isinstance(answer, Rows)
    assert purposes.uses == len(answer.rows)
    assert [kind.rpartition("/")[2] for kind in purposes.kinds] == ["Purpose"]
    assert collaborations.definition


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_is_about_a_page_of_the_terminal(found: Map, width: int) -> None:
    lines = render(found, "text", width).decode().splitlines()
    assert max(map(columns, lines)) <= max(width, 60)
    assert width != 120 or len(lines) < 100
    assert all(topic.capitalize() in lines for topic in found)


def test_the_other_formats_have_all(found: Map) -> None:
    document = json.loads(render(found, "json", 80))
    told = [one["class"] for topic in document["topics"] for one in topic["classes"]]
    assert len(told) == sum(map(len, found.values()))
    markdown = render(found, "markdown", 80).decode()
    assert all(f"### `{name}`" in markdown for name in told)
    assert document["prefixes"]["em"].startswith("https://")


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_the_same_graph_has_the_same_page(found: Map, format_: str) -> None:
    again = schema(lambda query: isolate.run(load(bundled()), query))
    assert render(again, format_, 80) == render(found, format_, 80)


def test_foreign_classes_and_no_classes() -> None:
    store = Store()
    store.update("INSERT DATA { <urn:a> a <urn:Odd> ; <urn:b> 1 , 'x' }")
    found = schema(lambda query: isolate.run(store, query))
    assert list(found) == ["other"]
    assert found["other"][0].example == "SELECT ?x ?y { ?x a <urn:Odd> ; <urn:b> ?y } LIMIT 5"
    assert b"Prefixes" in render(schema(lambda query: isolate.run(Store(), query)), "text", 80)
    with pytest.raises(EmgraphError, match="Known: json, markdown, text"):
        render(found, "yaml", 80)
