"""A `finding` in reports as text, JSON and Turtle."""

import json
from pathlib import Path as Path_

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat
from rdflib.namespace import RDF, SH

from emgraph.finding import Finding, Head, Path, PathOf, Report, Severity, Waived
from emgraph.findings import json as as_json
from emgraph.findings import text as as_text
from emgraph.findings import turtle as as_turtle
from emgraph.findings.excerpts import excerpt
from emgraph.findings.plain import line, said_by, statement, subject
from emgraph.namespaces import EM
from emgraph.rdf.files import RdfFile
from emgraph.shacl.rules import catalogue, shape_files
from emgraph.shacl.wording import path_text, wording
from emgraph.terms import Term

E = NamedNode("http://example.org/address")
A, P = NamedNode(EM + "a"), NamedNode(EM + "p")
PATHS: list[tuple[Path, str]] = [
    (P, "em:p"),
    (PathOf("inverse", (P,)), "^em:p"),
    (PathOf("sequence", (PathOf("inverse", (P,)), P)), "^em:p/em:p"),
    (PathOf("inverse", (PathOf("sequence", (P, A)),)), "^(em:p/em:a)"),
    (PathOf("inverse", (PathOf("alternative", (P, A)),)), "^(em:p|em:a)"),
    (PathOf("zero or more", (PathOf("alternative", (P, A)),)), "(em:p|em:a)*"),
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
HEADS = {c: Head(r.message, r.reason, r.law) for c, r in catalogue(shape_files()).items()}
HEADED = REPORT._replace(heads=HEADS)


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
        *("file", "line", "column", "sources", "details", "waived", "fingerprint"),
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
    words = wording("http://www.w3.org/ns/shacl#ClassConstraintComponent", P, [EM + "C"])
    assert words == "It has an em:p that is not of class em:C."
    other = wording("http://example.org/Own", P, [])
    by_name = wording(
        "http://www.w3.org/ns/shacl#ClassConstraintComponent", P, [EM + "C"], "a  name"
    )
    assert by_name == "It has an a name that is not of class em:C."
    foreign = wording("http://www.w3.org/ns/shacl#NodeConstraintComponent", E, [E.value])
    assert foreign == "It has an address that does not meet the shape address."
    assert other == "It does not meet the constraint <http://example.org/Own>."


def test_a_place_without_a_line_says_so() -> None:
    finding = Finding("EMG301", Severity.INFO, "m", focus=A, file="a.jsonld")
    text = as_text.render(Report((finding,), 1, 1, "2025-06-01", nodes=1))
    assert "a.jsonld (on which line is not known)" in text


def test_words_name_things_and_no_machinery() -> None:
    names = {EM + "p": "part", EM + "b": "Beta", EM + "s": "Paper ¶1"}
    said: dict[tuple[Path | None, Term | None], str] = {
        (P, NamedNode(EM + "b")): "part: Beta (em:b)",
        (P, Literal("x")): 'part: "x"',
        (P, Literal(3)): "part: 3",
        (P, Literal("E1", datatype=NamedNode(EM + "Code"))): 'part: "E1"^^em:Code',
        (P, BlankNode("f0b0")): "part: something without an IRI",
        (PathOf("inverse", (P,)), NamedNode(EM + "b")): "Beta (em:b), which has it as “part”",
        (PathOf("sequence", (P, A)), Literal(1)): "part, then em:a: 1",
        (PathOf("alternative", (P, A)), Literal(1)): "part or em:a: 1",
        (PathOf("alternative", (P,) * 9), Literal(1)): "found: 1",
        (None, Literal(1)): "found: 1",
        (None, A): "",
        (None, None): "",
    }
    for (path, value), words in said.items():
        finding = Finding("X", Severity.INFO, "m", focus=A, path=path, value=value, labels=names)
        assert statement(finding) == words
    finding = Finding("X", Severity.INFO, "m", sources=(EM + "s", EM + "t"), labels=names)
    assert said_by(finding) == "Paper ¶1, em:t"
    assert said_by(finding, 1) == "Paper ¶1 and 1 more"
    assert subject(Finding("X", Severity.INFO, "m", focus=BlankNode("b"))).endswith(
        "without an IRI"
    )
    assert subject(Finding("X", Severity.INFO, "m", focus=Literal("t"))) == 'the text "t"'
    assert line("a\u202eb\x1b[0m\x9bc\n d") == "a\ufffdb\ufffd[0m\ufffdc d"


def test_a_broken_file_is_shown_where_it_breaks(tmp_path: Path_) -> None:
    place = tmp_path / "a.ttl"
    place.write_bytes(b"first\nse\tc\x1b[31mond \xe2\x82\xac x\r\n" + b"y" * 300 + b"\n")
    file = RdfFile("a.ttl", place, RdfFormat.TURTLE, EM)
    assert excerpt(file, 1, 3) == "1 | first\n  |   ^"
    assert excerpt(file, 2, 14) == "1 | first\n2 | se c\ufffd[31mond \u20ac x\n  |              ^"
    assert excerpt(file, 3, 250).splitlines()[1:] == [f"3 | {'y' * 64}", f"  | {' ' * 40}^"]
    assert excerpt(file, 2, None) == "1 | first\n2 | se c\ufffd[31mond \u20ac x"
    assert excerpt(file, 9, 1) == excerpt(file, None, None) == ""
    assert excerpt(RdfFile("-", None, RdfFormat.TURTLE, EM), 1, 1) == ""
    assert excerpt(file._replace(path=tmp_path / "none"), 1, 1) == ""


def test_a_lone_broken_file_is_all_that_is_told() -> None:
    finding = Finding("EMG001", Severity.VIOLATION, "No.", file="my a.ttl", line=1, excerpt="1 | x")
    lines = as_text.render(Report((finding,), 1, 0, "2025-06-01", {"EMG301": 0})).splitlines()
    assert "      1 | x" in lines
    assert lines[-1] == "When mended: emgraph validate 'my a.ttl'"
    assert not any("Nothing to look at" in line for line in lines)
