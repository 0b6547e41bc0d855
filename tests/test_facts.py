"""Every fact of the papers stands in the graph of the place that says it, and falls with it.

A fact is an entry of tests/facts/<document>.yaml: its id, the fact in our own words, the places it
stands in, and one ASK that names exactly those places as graphs.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from pyoxigraph import NamedNode, QueryBoolean, Store

from emgraph import files, store
from emgraph.namespaces import EM, RDF, expand, prefixes

IDS = [f"J{n:03}" for n in range(1, 127)] + [f"P{n:03}" for n in range(1, 193)]
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes().items())
GRAPH_NAME = re.compile(r"\bGRAPH\s+([\w-]+:(?:\\.|[^\s{\\])+)")


class Fact(NamedTuple):
    """One thing that a paper says, where it stands in the graph, and the question that finds it."""

    id: str
    fact: str
    places: list[str]
    ask: str

    @property
    def graphs(self) -> set[NamedNode]:
        """The graphs that the question names."""
        names = GRAPH_NAME.findall(self.ask)
        return {NamedNode(expand(re.sub(r"\\(.)", r"\1", name))) for name in names}

    def holds(self, graph: Store) -> bool:
        """Whether the fact is found."""
        answer = graph.query(PROLOGUE + self.ask)
        assert isinstance(answer, QueryBoolean)
        return bool(answer)


def _facts() -> list[Fact]:
    folder = Path(__file__).parent / "facts"
    return [
        Fact(**entry)
        for file in sorted(folder.glob("*.yaml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


FACTS = _facts()


@pytest.fixture(scope="module")
def data() -> Store:
    """The bundled graph, which every test leaves as it was."""
    return store.load(files.bundled())


def test_every_fact_is_asked_once() -> None:
    assert sorted(fact.id for fact in FACTS) == sorted(IDS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_fact_names_its_places(fact: Fact) -> None:
    assert fact.graphs == {NamedNode(expand(place)) for place in fact.places} != set()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_fact_stands_where_it_is_said(fact: Fact, data: Store) -> None:
    assert fact.holds(data), fact.fact


GRAPHS = sorted({graph for fact in FACTS for graph in fact.graphs}, key=str)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.value.rsplit("/id/")[-1])
def test_a_fact_falls_with_each_of_its_graphs(graph: NamedNode, data: Store) -> None:
    quads = list(data.quads_for_pattern(None, None, None, graph))
    data.remove_graph(graph)
    try:
        assert not [f.id for f in FACTS if graph in f.graphs and f.holds(data)]
    finally:
        data.extend(quads)


def test_every_place_says_a_fact(data: Store) -> None:
    """Every place and document has a fact that falls with it, as the test above sees it fall."""
    kinds = [NamedNode(EM + "Paragraph"), NamedNode(EM + "Document")]
    of_kind = [data.quads_for_pattern(None, NamedNode(RDF + "type"), kind, None) for kind in kinds]
    places = {quad.subject for quads in of_kind for quad in quads}
    assert places - set(GRAPHS) == set()
