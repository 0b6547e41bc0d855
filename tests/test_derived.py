"""Derived files are as `make derived` would write them.

The goldens are what notices that a rule, a waiver or a paragraph has gone: catalogue.txt lists
every rule, findings.json every waiver that is used, graphs.csv every graph with its size.
"""

import json

import pytest

from emgraph.rdf.files import bundled
from emgraph.rdf.store import graph_names, load, read
from emgraph.shacl import kept, rules
from emgraph.validation.waivers import waivers_of
from tests import derive, rules_page

GOLDENS = derive.goldens()
HINT = "derived files are old; see whether the change is meant, then run: make derived"


def test_dates() -> None:
    assert derive.DATES.read_bytes() == derive.dates(), HINT


def test_prefixes() -> None:
    assert derive.PREFIXES.read_bytes() == derive.declared_prefixes(), HINT


def test_kept_shapes() -> None:
    assert kept.PLACE.read_bytes() == derive.kept_shapes(), HINT


@pytest.mark.parametrize("name", sorted(GOLDENS))
def test_golden(name: str) -> None:
    path = derive.GOLDENS / name
    assert path.is_file(), HINT
    assert path.read_text() == GOLDENS[name]().decode(), HINT


def test_pages_of_rules() -> None:
    pages = rules_page.pages()
    for path, content in pages.items():
        assert path.read_bytes() == content, HINT
    assert {*(rules_page.DOCS / "rules").iterdir()} < {*pages}, HINT


def test_no_golden_is_left_over() -> None:
    assert {path.name for path in derive.GOLDENS.iterdir()} == set(GOLDENS), HINT


def test_every_rule_is_in_a_golden() -> None:
    listed = GOLDENS["catalogue.txt"]().decode().split()
    assert all(rule.code in listed for rule in rules.listed(rules.shape_files()))


def test_every_waiver_is_in_a_golden() -> None:
    found = json.loads(GOLDENS["findings.json"]())["findings"]
    used = {finding["waived"]["waiver"] for finding in found if finding["waived"]}
    quads = [quad for reading in read(bundled()) for quad in reading.quads]
    assert used == {waiver.iri.value for waiver in waivers_of(quads)}


def test_every_graph_is_in_a_golden() -> None:
    names = {line.split(",", 1)[1] for line in GOLDENS["graphs.csv"]().decode().splitlines()}
    assert names == set(graph_names(load(bundled())))
