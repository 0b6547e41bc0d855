"""Answers as text."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from emgraph import results
from emgraph.errors import EmgraphError
from emgraph.isolate import Rows
from emgraph.namespaces import EM, XSD

A = NamedNode(EM + "a")
INTEGER = NamedNode(XSD + "integer")
ROWS = Rows(
    ("thing", "signedOn"),
    [
        (A, Literal("two\nlines | \x1b[31mred")),
        (BlankNode("zz"), Literal("007", datatype=INTEGER)),
        (None, Literal("x", language="en")),
    ],
)
TRIPLES = [Triple(A, A, Literal("x"))]


def test_a_table_has_labels_and_no_control_characters() -> None:
    text = results.render(ROWS, None, {EM + "a": "The thing"}, 80).decode()
    assert text.splitlines() == [
        "Thing      Signed on",
        "---------  -------------------",
        "The thing  two lines | [31mred",
        "_:zz       007",
        "           x",
    ]


@pytest.mark.parametrize("width", [20, 40, 79])
def test_a_table_fits_its_width(width: int) -> None:
    words = "a few short words that can be wrapped " * 5
    rows = Rows(("one", "two"), [(Literal(words), Literal(words))])
    lines = results.render(rows, "table", {}, width).decode().splitlines()
    assert max(len(line) for line in lines) <= width
    assert " ".join(" ".join(lines).split()).count("wrapped") == 10


def test_a_table_without_rows_says_what_that_means() -> None:
    empty = Rows(("a",), [])
    assert results.render(empty, "table", {}) == b"No rows.\n"
    assert results.render(empty, "table", {}, no_rows="None known.") == b"None known.\n"
    assert results.render(empty, "csv", {}) == b"a\r\n"


def test_the_w3c_formats_are_well_formed() -> None:
    table = list(csv.reader(io.StringIO(results.render(ROWS, "csv", {}).decode(), newline="")))
    assert table[1] == [EM + "a", "two\nlines | \x1b[31mred"]
    plain = Rows(("a",), [(A,), (BlankNode("q"),), (Literal("x & <y>"),)])
    document = json.loads(results.render(plain, "json", {}))
    assert document["results"]["bindings"][1] == {"a": {"type": "bnode", "value": "b0"}}
    root = ET.fromstring(results.render(plain, "xml", {}))
    assert len(root.findall(".//{*}result")) == 3
    assert results.render(ROWS, "tsv", {}).splitlines()[3] == b'\t"x"@en'


def test_markdown_escapes_its_bars() -> None:
    assert "lines \\| " in results.render(ROWS, "markdown", {}).decode()


@pytest.mark.parametrize(("name", "start"), [(None, "true"), ("json", "{"), ("xml", "<?xml")])
def test_truth(name: str | None, start: str) -> None:
    assert results.render(True, name, {}).decode().startswith(start)


def test_a_graph_has_formats_of_its_own() -> None:
    assert b"em:a em:a" in results.render(TRIPLES, None, {})
    with pytest.raises(EmgraphError, match="Did you mean trig"):
        results.render(TRIPLES, "tirg", {})
    with pytest.raises(EmgraphError, match="Did you mean csv"):
        results.render(ROWS, "cvs", {})


def test_a_quoted_triple_can_be_shown() -> None:
    rows = Rows(("t",), [(Triple(A, A, A),)])
    assert b"triple" in results.render(rows, "json", {})


def test_headings() -> None:
    assert results.heading("signedOn") == "Signed on"
    assert results.heading("as_of") == "As of"


def test_wide_characters_count_twice() -> None:
    assert results.columns("日本") == 4
    assert results.columns("é") == 1


def test_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "133")
    assert results.terminal_width() == 133
    monkeypatch.setenv("COLUMNS", "wide")
    assert results.terminal_width() > 0


def test_xml_is_refused_what_it_cannot_hold() -> None:
    rows = Rows(("a",), [(Literal("bell \x07"),)])
    with pytest.raises(EmgraphError, match="XML cannot hold"):
        results.render(rows, "xml", {})
    assert b"bell" in results.render(rows, "json", {})
