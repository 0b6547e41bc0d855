"""Reports for machines and for other tools than the terminal: each by its schema or its reader."""

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.answers.workbook import Sheet, workbook
from emgraph.finding import Finding, Place, Report, Severity, Waived
from emgraph.findings import json as as_json
from emgraph.findings.fingerprints import fingerprints
from emgraph.findings.formats import FORMATS, Presented, render
from emgraph.findings.github import MOST, MOST_BYTES, summary
from emgraph.findings.origins import origins
from emgraph.namespaces import EM, EMSH
from emgraph.shacl.rules import catalogue, shape_files
from tests.conftest import SIGNED, UNSIGNED, Cli, Write

A, P = NamedNode(EM + "a"), NamedNode(EM + "p")
HOSTILE = "<script>alert(1)</script> & \"'\x00\x1b[31m \n::error::x ##[error]y | `z` =1+1 \ud800 %,"
WAIVED = Waived(EM + "w", HOSTILE, EM + "post", "2026-01-01")
SIGNED_RULE = EMSH + "collaboration-signed-agreement"
FINDINGS = (
    Finding("EMG001", Severity.VIOLATION, HOSTILE, file="d\u00e4 ta/a:,%.ttl", line=3, column=4),
    Finding("EMG301", Severity.VIOLATION, "It has.", focus=A, label=HOSTILE, remedy=HOSTILE),
    Finding(
        *("EMG301", Severity.VIOLATION, "A collaboration has a signed agreement."),
        focus=NamedNode(EM + "b"), label="=Beta", path=P, value=Literal(HOSTILE[:-4]),
        shape=SIGNED_RULE, file="a.ttl", line=7, sources=(EM + "s",),
        places=(Place(EM + "s", "a.ttl", 7, None),), waived=WAIVED,
    ),
    *(
        Finding("EMG002", Severity.WARNING, f"W {i}.", focus=NamedNode(f"{EM}n{i}"), file="b.ttl")
        for i in range(12)
    ),
    Finding("EMG000", Severity.INFO, "I.", focus=BlankNode("b1"), file="-"),
)  # fmt: skip
REPORT = Report(FINDINGS, 2, 1234, "2025-06-01", {"EMG301": 3, "EMG302": 0}, 3, ("EMG007",))
EMPTY = Report((), 1, 1, "2025-06-01", {"EMG301": 3}, 3)
LIVE = [finding for finding in FINDINGS if not finding.waived]


def shown(name: str, report: Report = REPORT, fail_on: str = "violation") -> bytes:
    """A report in a format, with the bundled rules."""
    return render(Presented(report, fail_on=fail_on), name)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("report", [REPORT, EMPTY])
def test_a_format_gives_the_same_bytes_again(name: str, report: Report) -> None:
    found = shown(name, report)
    assert found
    assert shown(name, report) == found


def test_concise_is_a_line_a_finding() -> None:
    lines = shown("concise").decode().splitlines()
    assert len(lines) == len(FINDINGS) + 1
    assert lines[0].startswith("d\u00e4 ta/a:,%.ttl:3:4: EMG001 violation <script>")
    assert lines[2].startswith("a.ttl:7: EMG301 violation =Beta (em:b): A collaboration has")
    assert "[Waived: " in lines[2]
    assert lines[-1] == "2 violations, 12 warnings, 1 info; 1 waived."


def test_json_is_as_its_schema_says() -> None:
    schema = json.loads(as_json.SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert schema["$id"] == as_json.SCHEMA
    for report in (REPORT, EMPTY):
        document = json.loads(shown("json", report))
        validator.validate(document)
        with pytest.raises(ValidationError):
            validator.validate({**document, "more": 1})


def test_sarif_is_as_its_schema_says() -> None:
    for report in (REPORT, EMPTY):
        Sarif.model_validate(json.loads(shown("sarif", report)))
    (run,) = json.loads(shown("sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["EMG000", "EMG001", "EMG002", "EMG301", "EMG302"]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    results = run["results"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
    broken, _, waived = results[:3]
    assert broken["level"] == "error"
    (place,) = broken["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "d%C3%A4%20ta/a%3A%2C%25.ttl"
    assert place["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 4}
    assert waived["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == EM + "b"
    said, rule = waived["relatedLocations"]
    assert said["message"]["text"] == "said by em:s"
    assert said["physicalLocation"]["region"]["startLine"] == 7
    assert rule["physicalLocation"]["artifactLocation"]["uri"] == "shapes/agreements.ttl"
    assert [bool(result["suppressions"]) for result in results[:3]] == [False, False, True]
    assert "physicalLocation" not in results[-1]["locations"][0]


def test_the_line_of_a_rule_is_where_it_begins() -> None:
    found = origins(shape_files())
    for rule in catalogue(shape_files()).values():
        origin = found[rule.shape]
        assert origin.is_bundled
        text = Path(shape_files()[0].path or "").parent.joinpath(Path(origin.file).name).read_text()
        assert f"emsh:{rule.name} " in text.splitlines()[(origin.line or 0) - 1]


@pytest.mark.parametrize(("fail_on", "failures"), [("never", 0), ("violation", 2), ("info", 15)])
def test_junit_fails_what_the_command_fails(fail_on: str, failures: int) -> None:
    root = ElementTree.fromstring(shown("junit", fail_on=fail_on))
    cases = root.findall("testsuite/testcase")
    assert len(root.findall(".//failure")) == int(root.attrib["failures"]) == failures
    assert len(root.findall(".//skipped")) == 2
    allowed = {  # by Jenkins' junit-10.xsd
        "testsuites": {"name", "time", "tests", "failures", "errors"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "file"},
        "testcase": {"name", "classname", "time"},
        "failure": {"type", "message"},
        "skipped": {"type", "message"},
        "system-out": set(),
    }
    assert all(set(element.attrib) <= allowed[element.tag] for element in root.iter())
    assert len(cases) == int(root.attrib["tests"]) == len(FINDINGS) + 2  # EMG302 and EMG007
    for suite in root.findall("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    passed = [case for case in cases if len(case) == 0]
    assert [case.attrib["name"][:6] for case in passed] == ["EMG302"]


def test_github_gets_the_worst_first_and_no_more_than_it_shows() -> None:
    lines = shown("github").decode().splitlines()
    commands = [line for line in lines if line.startswith("::")]
    kinds = {kind: len(list(of)) for kind, of in groupby(commands, key=lambda c: c[2:6])}
    assert kinds == {"erro": 2, "warn": MOST, "noti": 1}
    assert commands[0].startswith(
        "::error file=d\u00e4 ta/a%3A%2C%25.ttl,line=3,col=4,title=EMG001::"
    )
    assert "3 more of this kind" in commands[2 + MOST - 1]
    others = [line for line in lines if not line.startswith("::")]
    assert len(others) == len(FINDINGS) + 1
    assert not any("##[" in line for line in lines)
    assert "waived" in others[2]


def test_the_summary_is_a_table_that_nothing_breaks_out_of() -> None:
    text = summary(REPORT, catalogue(shape_files()))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == len(FINDINGS) + 2
    assert {row.count("|") for row in rows} == {6}
    assert "<script" not in text
    many = Report(FINDINGS[3:4] * 20_000, 1, 1, "2025-06-01")
    assert len(summary(many, {}).encode()) < MOST_BYTES + 1_000
    assert "more findings are in the log" in summary(many, {})


def test_the_summary_of_a_step_is_added_where_github_says(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write("bad.trig", UNSIGNED)
    place = tmp_path / "summary.md"
    place.write_text("Before.\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place))
    words = ("validate", path, "--rule", "EMG301")
    assert cli(*words).code == 1
    assert place.read_text() == "Before.\n"
    assert cli(*words, "--format", "github").code == 1
    assert place.read_text().startswith("Before.\n## emgraph validate")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "x"))
    found = cli(*words, "--format", "github")
    assert (found.code, "summary of the step is not written" in found.err) == (1, True)


def test_gitlab_has_path_line_and_one_fingerprint_each() -> None:
    entries = json.loads(shown("gitlab"))
    assert len(entries) == len(LIVE)
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] >= 1
    assert entries[0]["location"]["path"] == "d\u00e4 ta/a:,%.ttl"
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


class _Reader(HTMLParser):
    """Notes every tag, every attribute that could fetch, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [name for name, _ in attrs if name in ("src", "href", "style", "onclick")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_one_page_that_fetches_and_runs_nothing() -> None:
    text = shown("html").decode()
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    assert reader.links == []
    assert "script" not in reader.tags
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text
    assert "@media print" in text
    assert reader.tags.count("tr") == len(FINDINGS) + reader.tags.count("table")
    assert "\x00" not in text
    assert "Nothing was found." in shown("html", EMPTY).decode()


def test_xlsx_has_a_row_a_finding_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(shown("xlsx"))).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert len(rows) == len(FINDINGS) + 1
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:P{len(rows)}"
    assert rows[3][3].value == "=Beta"
    assert {cell.data_type for row in rows for cell in row} == {"s", "n"}


def test_a_workbook_knows_no_clock() -> None:
    data = workbook([Sheet("t", ["a"], [["x"], [1], [None], ["\x00" * 40_000]], [3])])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"modified" in archive.read("docProps/core.xml")
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_fingerprints_do_not_move_with_lines() -> None:
    first, second = fingerprints(FINDINGS), fingerprints(FINDINGS[::-1])
    assert sorted(first) == sorted(second)
    assert len(set(first)) == len(first)
    moved = Finding("EMG301", Severity.INFO, "New words.", focus=A, file="z.ttl", line=9, column=2)
    assert fingerprints([moved, moved]) == [first[1], first[1].replace(":1", ":2")]


def test_the_order_of_files_and_of_hashes_changes_no_byte(write: Write, tmp_path: Path) -> None:
    other = UNSIGNED.replace("collab:a", "collab:b").replace("pcp19:20", "pcp19:21")
    paths = [
        str(write(name, text))
        for name, text in {
            "a.trig": UNSIGNED + " pcp19:22 { [] em:nosuch [ rdfs:label 'x' ] }",
            "b.trig": other + " pcp19:21 { collab:a a em:Collaboration ; em:nosuch _:b }",
            "c.trig": SIGNED + " pcp19:23 { _:z rdfs:label 'y' ; em:nosuch 1 , 2 }",
            "d.ttl": "collab:a em:nosuch collab:b .",
        }.items()
    ]
    given = random.Random(1)
    found = []
    for seed in ("0", "1", "2"):
        given.shuffle(paths)
        place = tmp_path / seed
        place.mkdir()
        outputs = [f"--output={name}={place / name}" for name in FORMATS]
        done = subprocess.run(
            [sys.executable, "-m", "emgraph", "validate", *paths, *outputs, "--as-of=2025-06-01"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        found.append([(place / name).read_bytes() for name in FORMATS] + [done.stdout])
    for name, *versions in zip([*FORMATS, "standard output"], *found, strict=True):
        assert len(set(versions)) == 1, name
    assert len(json.loads(found[0][list(FORMATS).index("json")])["findings"]) > 5
