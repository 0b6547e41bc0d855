"""Answers as text: the W3C's formats, what fits what, and truth."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from emgraph.answers import results
from emgraph.answers.view import About
from emgraph.errors import EmgraphError
from emgraph.namespaces import EM, XSD
from emgraph.sparql.isolate import Rows

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
LABELS = About(labels={EM + "a": "The thing"})
TRIPLES = [Triple(A, A, Literal("x"))]


def test_a_table_has_labels_and_no_control_characters() -> None:
    text = results.render(ROWS, None, LABELS, 80).decode()
    assert text.splitlines() == [
        "Thing      Signed on",
        "---------  --------------------",
        "The thing  two lines | \ufffd[31mred",
        "_:zz       007",
        "           x",
    ]


def test_programs_get_no_labels() -> None:
    for name in ("csv", "tsv", "json", "xml"):
        plain = Rows(("a",), [(A,)])
        assert results.render(plain, name, LABELS) == results.render(plain, name)


def test_the_w3c_formats_are_well_formed() -> None:
    table = list(csv.reader(io.StringIO(results.render(ROWS, "csv").decode(), newline="")))
    assert table[1] == [EM + "a", "two\nlines | \x1b[31mred"]
    plain = Rows(("a",), [(A,), (BlankNode("q"),), (Literal("x & <y>"),)])
    document = json.loads(results.render(plain, "json"))
    assert document["results"]["bindings"][1] == {"a": {"type": "bnode", "value": "b0"}}
    root = ET.fromstring(results.render(plain, "xml"))
    assert len(root.findall(".//{*}result")) == 3
    assert results.render(ROWS, "tsv").splitlines()[3] == b'\t"x"@en'


@pytest.mark.parametrize(
    ("name", "start"),
    [
        (None, "true\n"),
        ("csv", "true\n"),
        ("tsv", "true\n"),
        ("json", "{"),
        ("xml", "<?xml"),
        ("markdown", "| Answer |"),
        ("html", "<!DOCTYPE html>"),
        ("excel-csv", "\ufeffAnswer\r\ntrue\r\n"),
    ],
)
def test_truth(name: str | None, start: str) -> None:
    assert results.render(True, name).decode().startswith(start)
    assert "false" in results.render(False, name).decode()


def test_truth_in_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(results.render(True, "xlsx")))
    assert book["Answer"]["A2"].value is True


@pytest.mark.parametrize("name", results.GRAPH_FORMATS)
def test_a_graph_has_formats_of_its_own(name: str) -> None:
    assert results.render(TRIPLES, name)
    with pytest.raises(EmgraphError, match="Say --format table, csv"):
        results.render(ROWS, name)


@pytest.mark.parametrize("name", results.ROW_FORMATS)
def test_rows_have_formats_of_their_own(name: str) -> None:
    assert results.render(Rows(("a",), [(A,)]), name)
    with pytest.raises(EmgraphError, match="Say --format turtle, trig"):
        results.render(TRIPLES, name)


def test_a_format_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(EmgraphError, match="Did you mean csv"):
        results.render(ROWS, "cvs")


def test_a_quoted_triple_can_be_shown() -> None:
    rows = Rows(("t",), [(Triple(A, A, A),)])
    assert b"triple" in results.render(rows, "json")


def test_xml_is_refused_what_it_cannot_hold() -> None:
    rows = Rows(("a",), [(Literal("bell \x07"),)])
    with pytest.raises(EmgraphError, match="XML cannot hold"):
        results.render(rows, "xml")
    assert b"bell" in results.render(rows, "json")
