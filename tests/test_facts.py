"""Every fact of the papers stands in the graph of the place that says it, and falls with it.

A fact is an entry of tests/facts/<document>.yaml: its id, the fact in our own words, and one ASK
that names the graphs of the places it stands in.
"""

import re
from functools import cached_property
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, QueryBoolean, Store

from emgraph.namespaces import EM, RDF, expand, prefixes
from emgraph.rdf import files, store

IDS = [f"J{n:03}" for n in range(1, 127)] + [f"P{n:03}" for n in range(1, 193)]
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes().items())
GRAPH_NAME = re.compile(r"\bGRAPH\s+(?:<(.+?)>|([\w-]+:(?:\\.|[^\s{}\\])+))")


class Fact:
    """One thing that a paper says, and the question that finds it where the paper says it."""

    def __init__(self, id: str, fact: str, ask: str) -> None:  # noqa: A002
        self.id = id
        self.fact = fact
        self.ask = ask

    @cached_property
    def graphs(self) -> set[NamedNode]:
        """The graphs that the question names."""
        names = GRAPH_NAME.findall(self.ask)
        return {NamedNode(iri or expand(re.sub(r"\\(.)", r"\1", name))) for iri, name in names}

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
GRAPHS = sorted({graph for fact in FACTS for graph in fact.graphs}, key=str)


@pytest.fixture(scope="module")
def data() -> Store:
    """The bundled graph, which every test leaves as it was."""
    return store.load(files.bundled())


def _places(data: Store) -> set[NamedNode]:
    kinds = [NamedNode(EM + kind) for kind in ("Paragraph", "Document", "Inference")]
    of_kind = [data.quads_for_pattern(None, NamedNode(RDF + "type"), kind, None) for kind in kinds]
    return {
        quad.subject for quads in of_kind for quad in quads if isinstance(quad.subject, NamedNode)
    }


def test_every_fact_is_asked_once() -> None:
    assert sorted(fact.id for fact in FACTS) == sorted(IDS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_fact_stands_where_it_is_said(fact: Fact, data: Store) -> None:
    assert fact.graphs & _places(data), f"{fact.id} names no place and no inference"
    assert fact.holds(data), fact.fact


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.value.split("emgraph/")[-1])
def test_a_fact_falls_with_each_of_its_graphs(graph: NamedNode, data: Store) -> None:
    quads = list(data.quads_for_pattern(None, None, None, graph))
    data.remove_graph(graph)
    try:
        assert not [f.id for f in FACTS if graph in f.graphs and f.holds(data)]
    finally:
        data.extend(quads)


def test_every_place_says_a_fact() -> None:
    """Each place and document is in some fact's question, which above is seen to fall with it."""
    sources = [file for file in files.bundled() if "sources" in file.graph.split("/")]
    said = {NamedNode(graph) for graph in store.graph_names(store.load(sources))}
    assert said - set(GRAPHS) == set()
