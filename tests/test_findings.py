"""Reports as text, JSON and Turtle."""

import json
from dataclasses import replace

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.namespace import RDF, SH

from emgraph.finding import Finding, Path, PathOf, Report, Severity, Waived
from emgraph.findings import json as as_json
from emgraph.findings import text as as_text
from emgraph.findings import turtle as as_turtle
from emgraph.namespaces import EM
from emgraph.rules import catalogue, shape_files
from emgraph.shacl.wording import path_text, wording

A, P = NamedNode(EM + "a"), NamedNode(EM + "p")
PATHS: list[tuple[Path, str]] = [
    (P, "em:p"),
    (PathOf("inverse", (P,)), "^em:p"),
    (PathOf("sequence", (PathOf("inverse", (P,)), P)), "^em:p/em:p"),
    (PathOf("alternative", (P, A)), "(em:p|em:a)"),
    (PathOf("zero or more", (P,)), "em:p*"),
    (PathOf("one or more", (PathOf("sequence", (P, A)),)), "(em:p/em:a)+"),
    (PathOf("zero or one", (P,)), "em:p?"),
]
WAIVED = Waived(EM + "w", "Because.", EM + "post", "2026-01-01")
FINDINGS = (
    Finding("EMG001", Severity.VIOLATION, "The prefix xx.", file="a.ttl", line=3, column=4),
    Finding(
        "EMG301",
        Severity.VIOLATION,
        "A collaboration has a signed agreement.",
        focus=A,
        label="Alpha",
        path=PATHS[2][0],
        value=Literal("x"),
        shape=EM + "shape",
        sources=tuple(f"{EM}s{i}" for i in range(9)),
        waived=WAIVED,
    ),
    *(Finding("EMG000", Severity.INFO, f"It {i}.", focus=BlankNode(f"b{i}")) for i in range(30)),
)
REPORT = Report(FINDINGS, 2, 1234, "2025-06-01", {"EMG301": 3, "EMG302": 0}, 3, ("EMG007",))
HEADED = replace(REPORT, heads={c: r.message for c, r in catalogue(shape_files()).items()})


@pytest.mark.parametrize(("path", "text"), PATHS)
def test_paths_are_written_as_in_sparql(path: Path, text: str) -> None:
    assert path_text(path) == text


def test_text_fits_80_columns_and_says_what_to_do() -> None:
    text = as_text.render(HEADED)
    assert max(len(line) for line in text.splitlines()) <= 80
    for words in (
        "VIOLATIONS",
        "a.ttl:3:4",
        "and 5 more; --format json lists them all",
        "Waived: Because. (em:post, review by 2026-01-01)",
        "and 3 more",
        "Not judged, because a file is broken: EMG007.",
        "Nothing to look at for EMG302.",
        "1,234 statements in 2 files",
        "1 violation, 0 warnings, 30 info; 1 waived.",
        "emgraph rules EMG001",
        "emgraph validate --no-waivers",
    ):
        assert words in " ".join(text.split())
    assert "\033[31m" in as_text.render(REPORT, colour=True)


def test_json_has_the_keys_of_the_contract() -> None:
    document = json.loads(as_json.render(REPORT))
    assert document["schema"] == as_json.SCHEMA
    assert document["counts"] == {"violation": 1, "warning": 0, "info": 30, "waived": 1}
    finding = document["findings"][1]
    assert set(finding) == {
        *("rule", "severity", "focus", "label", "path", "value", "message", "remedy"),
        *("file", "line", "column", "sources", "waived", "fingerprint"),
    }
    assert finding["severity"] == "violation"
    assert finding["waived"]["reason"] == "Because."
    assert document["findings"][2]["focus"] == "_:b0"


def test_turtle_is_a_validation_report() -> None:
    graph = rdflib.Graph().parse(data=as_turtle.render(REPORT), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert len(list(graph.objects(report, SH.result))) == len(FINDINGS) - 1
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    results = list(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == len(FINDINGS)
    for result in results:
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert graph.value(result, needed) is not None
    assert len(list(graph.subject_objects(SH.inversePath))) == 1


@pytest.mark.parametrize(("path", "_text"), PATHS)
def test_every_path_can_be_written_in_turtle(path: Path, _text: str) -> None:
    report = Report((Finding("X", Severity.INFO, "m", focus=A, path=path),), 1, 1, "", nodes=1)
    assert as_turtle.render(report) == as_turtle.render(report)
    rdflib.Graph().parse(data=as_turtle.render(report), format="turtle")


def test_a_clean_report_conforms() -> None:
    report = Report((FINDINGS[1],), 1, 1, "2025-06-01", nodes=1)
    assert "conforms true" in as_turtle.render(report)


def test_every_component_has_words() -> None:
    words = wording("http://www.w3.org/ns/shacl#ClassConstraintComponent", P, EM + "C")
    assert words == "It has a em:p that is not of class em:C."
    other = wording("http://example.org/Own", P, "")
    assert other == "It does not meet the constraint <http://example.org/Own>."


def test_a_place_without_a_line_says_so() -> None:
    finding = Finding("EMG301", Severity.INFO, "m", focus=A, file="a.jsonld")
    text = as_text.render(Report((finding,), 1, 1, "2025-06-01", nodes=1))
    assert "a.jsonld (on which line is not known)" in text
