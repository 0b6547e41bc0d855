"""Everything that is said of a thing (`describe`, `described`)."""

import json

import pytest
from pyoxigraph import NamedNode, Store

from emgraph.pages import describe
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load
from tests.conftest import SIGNED, Cli, Write

COLLAB = NamedNode("https://w3id.org/emgraph/id/collaboration/a")


@pytest.fixture
def store(write: Write) -> Store:
    more = " pcp19:21 { collab:a em:established date:2015 . collab:a rdfs:label 'Alpha' }"
    return load([*find([str(write("a.trig", SIGNED + more))]), *ontology()])


def test_names_kinds_statements_and_what_is_about_it(store: Store) -> None:
    found = describe.describe(store, COLLAB)
    assert [len(s.sources) for s in found.names] == [2]
    assert [s.predicate.value.rpartition("/")[2] for s in found.said] == ["established"]
    assert [group[0].subject.value.rpartition("/")[2] for group in found.about] == ["a"]
    assert len(list(found.quads())) == 6


def test_the_command_line_has_four_formats(write: Write, cli: Cli) -> None:
    path = write("a.trig", SIGNED)
    assert cli("describe", "alpha", "--data", path).out.startswith("Alpha (collab:a)")
    document = json.loads(cli("describe", "collab:a", "--data", path, "--format", "json").out)
    assert document["label"] == "Alpha"
    assert len(document["statements"]) == 4
    assert "pcp19:20 {" in cli("describe", "Alpha", "--data", path, "--format", "trig").out
    assert "Did you mean text" in cli("describe", "Alpha", "--format", "txt").err
