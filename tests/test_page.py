"""A description as a page for people."""

import pytest

from tests.conftest import SIGNED, Cli, Write


@pytest.fixture
def emsou(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of EMSOU, on a screen so wide that no line is wrapped."""
    monkeypatch.setenv("COLUMNS", "9999")
    return cli("describe", "EMSOU").out


def test_a_page_has_names_parts_topics_and_a_timeline(emsou: str) -> None:
    heads = [line for line in emsou.splitlines() if line and not line.startswith(" ")]
    assert heads == [
        "EMSOU (collab:emsou)",
        "Names",
        "What is said",
        "Parts",
        "Agreements",
        "Assurance",
        "Boards",
        "Collaborations",
        "Money",
        "Timeline",
    ]


def test_both_names_stand_with_who_uses_them(emsou: str) -> None:
    assert "East Midlands Serious and Organised Crime Unit [JARAP 14 May 2025 ¶3]" in emsou
    assert "East Midlands Special Operations Unit [JARAP 14 May 2025 ¶5" in emsou


def test_what_belongs_to_it_is_told_with_what_is_said_of_that(emsou: str) -> None:
    model = emsou[emsou.index("Operating model: new EMSOU operating model") :]
    assert "Board: five-force management oversight board" in model
    assert "role Chair" in model
    assert "proposes financial pillar" in model


def test_a_proposed_pillar_is_no_part(emsou: str) -> None:
    parts = emsou[emsou.index("\nParts\n") : emsou.index("\nAgreements\n")]
    assert parts.count("  Branch: ") == 4
    assert "pillar" not in parts


def test_the_timeline_is_in_order_and_about_this_thing(emsou: str) -> None:
    timeline = emsou[emsou.index("\nTimeline\n") :]
    dates = ["2001:", "2015:", "March 2023:", "January 2024:", "Spring 2025:", "14 May 2025:"]
    places = [timeline.index(date) for date in dates]
    assert places == sorted(places)
    assert "EMOpSS" not in timeline


def test_every_entry_cites(cli: Cli, write: Write) -> None:
    more = " pcp19:21 { pcp19:21 a em:Paragraph . collab:a em:established date:2015 }"
    said = cli("describe", "alpha", "--data", write("a.trig", SIGNED + more)).out
    entries = [line for line in said.splitlines() if line.startswith("  ") and ": " in line]
    assert len(entries) == 3
    assert all(line.endswith("]") for line in entries)


def test_a_unit_that_nothing_is_said_of_is_told_once(cli: Cli, write: Write) -> None:
    graph = """
        @prefix ex: <https://example.org/> .
        @prefix org: <http://www.w3.org/ns/org#> .
        ex:abc a em:Collaboration ; rdfs:label "ABC"@en ; dcterms:source ex:p ; org:hasUnit ex:u .
        """
    said = cli("describe", "ABC", "--data", write("a.ttl", graph))
    assert (said.code, said.out.count("has unit: u")) == (0, 1)
    assert "Parts" not in said.out


def test_no_place_is_cited_for_nothing(emsou: str) -> None:
    assert "governs EMSOU [inference: what the agreement of 2025 is about]" in emsou
    assert not [line for line in emsou.splitlines() if "; [" in line or ": [" in line]


def test_a_node_without_a_class_has_no_empty_kind(cli: Cli, write: Write) -> None:
    graph = """
        @prefix ex: <https://example.org/> .
        @prefix org: <http://www.w3.org/ns/org#> .
        ex:abc a em:Collaboration ; rdfs:label "ABC"@en .
        ex:ag rdfs:label "ag"@en ; em:governs ex:abc .
        """
    said = cli("describe", "ABC", "--data", write("a.ttl", graph)).out
    assert "\n  ag: governs ABC [" in said
