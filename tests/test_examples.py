"""The questions in other people's forms: read as those tools read them, and answered the same."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store
from rdflib.plugins.sparql.parser import parseQuery

from emgraph.errors import EmgraphError
from emgraph.pages.examples import exported
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import load
from emgraph.sparql import isolate, queries
from emgraph.sparql.isolate import Answer
from emgraph.sparql.queries import Question
from tests.conftest import Cli

QUESTIONS = queries.catalogue()
ENDPOINT = "https://example.org/sparql"
# As the README of sparql-examples asks for the examples in a store.
LISTED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?sq ?comment ?query ?target {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query .
    ?sq schema:target ?target ; schema:keywords ?keyword ; sh:prefixes/sh:declare/sh:prefix 'em'
}
"""
# grlc's own pattern of a parameter, from its gquery.py.
PARAMETER = re.compile(
    r"\?(?P<required>[_]{1,2})(?P<name>[a-zA-Z0-9]+)([_](?P<type>(iri)|(number)|(literal)|(integer)))?"
    r"([_](?P<prefix>[a-zA-Z0-9]+)[_](?P<userdefined>[a-zA-Z0-9]+))?([_](?P<lang>[a-zA-Z0-9]+))?"
)


@cache
def store() -> Store:
    return load([*bundled(), *ontology()])


def answer(text: str) -> Answer:
    """The answer without the project's prefixes: a file has to declare its own."""
    return isolate._answer(isolate.evaluate(store(), text))


def test_sparql_examples_are_found_and_answered() -> None:
    examples = Store()
    for data in exported(QUESTIONS, "sparql-examples", ENDPOINT).values():
        examples.load(data, RdfFormat.TURTLE)
    found = examples.query(LISTED, prefixes={"rdfs": "http://www.w3.org/2000/01/rdf-schema#"})
    assert isinstance(found, QuerySolutions)
    rows = {row["sq"].value.rpartition("/")[2]: row for row in found}
    assert set(rows) == {question.name for question in QUESTIONS}
    for question in QUESTIONS:
        assert rows[question.name]["comment"].value == question.question
        assert rows[question.name]["target"] == NamedNode(ENDPOINT)
        assert answer(rows[question.name]["query"].value) == answer(question.text)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_grlc_reads_and_answers(question: Question) -> None:
    text = exported([question], "grlc", ENDPOINT)[f"{question.name}.rq"].decode()
    lines = text.split("\n")
    header = yaml.safe_load("\n".join(x.lstrip("#+") for x in lines if x.startswith("#+")))
    assert header["summary"] == question.question
    assert header["endpoint"] == ENDPOINT
    assert header["tags"] == [question.topic]
    parseQuery(text)
    found = {match["name"]: match for match in PARAMETER.finditer(text)}
    one = {name for name in question.parameters if len(question.defaults.get(name, ())) <= 1}
    assert set(found) == one
    assert all(match["required"] == "__" for match in found.values())
    assert {name for one in header.get("defaults", []) for name in one} <= set(found)
    assert answer(text) == answer(question.text)


def test_grlc_puts_values_for_parameters() -> None:
    question = queries.find("members")
    text = exported([question], "grlc")["members.rq"].decode()
    force = NamedNode("https://w3id.org/emgraph/id/force/nottinghamshire")
    asked = text.replace("?__force_iri", str(force)).replace(
        "?__asOf_xsd_date", '"2018-09-30"^^xsd:date'
    )
    day = isolate.answer_of_json(
        b'{"head":{"vars":["d"]},"results":{"bindings":[{"d":{"type":"literal","value":"2018-09-30",'
        b'"datatype":"http://www.w3.org/2001/XMLSchema#date"}}]}}'
    )
    assert isinstance(day, isolate.Rows)
    bound = question.bound({"force": [force], "asOf": [day.rows[0][0]]})  # type: ignore[list-item]
    assert answer(asked) == answer(bound)
    assert "endpoint:" not in text


@pytest.mark.parametrize("form", ["sparql-examples", "grlc"])
def test_the_command_line_writes_a_folder(cli: Cli, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "new" / form
    assert cli("export", "--questions", form, "-o", folder).code == 0
    written = sorted(path.name for path in folder.iterdir())
    assert written == sorted(exported(QUESTIONS, form))
    assert cli("export", "--questions", form, "-o", folder).code == 0
    assert "Say -o DIR" in cli("export", "--questions", form).err
    (tmp_path / "file").write_text("")
    assert cli("export", "--questions", form, "-o", tmp_path / "file").code == 2


def test_other_forms_and_addresses() -> None:
    with pytest.raises(EmgraphError, match="Did you mean grlc"):
        exported(QUESTIONS, "grcl")
    with pytest.raises(EmgraphError, match="not an endpoint"):
        exported(QUESTIONS, "grlc", "example.org/> .")
