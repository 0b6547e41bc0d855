"""What a rule masks stands in no report, and is found all the same."""

import io
import json
import zipfile

import pytest

from emgraph.findings.formats import FORMATS
from tests.conftest import Cli, Write

SECRET = "alex.exemplar@borsetshire.example"
TEXT = f"""
pcp19:20 {{ pcp19:20 a em:Paragraph .
    collab:a a em:Collaboration ;
        rdfs:label 'Ask {SECRET}' ; em:nameAsPrinted 'Ask {SECRET}' .
    collab:detail a em:WithheldDetail ; em:detailOf collab:a ; em:printedAs '{SECRET}' . }}
"""


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_no_report_shows_what_is_masked(cli: Cli, write: Write, engine: str) -> None:
    file = write("a.trig", TEXT)
    reports = {name: file.with_suffix(f".{name}") for name in FORMATS}
    asked = [word for name, place in reports.items() for word in ("--output", f"{name}={place}")]
    assert cli("validate", file, "--engine", engine, "--as-of", "2026-11-23", *asked).code == 1
    for name, place in reports.items():
        shown = place.read_bytes()
        if name == "xlsx":
            with zipfile.ZipFile(io.BytesIO(shown)) as book:
                shown = b"".join(map(book.read, book.namelist()))
        assert b"EMG515" in shown, name
        assert b"borsetshire" not in shown, name
        assert b"alex" not in shown, name


def test_the_place_is_exact_and_the_fingerprint_tells_nothing(cli: Cli, write: Write) -> None:
    prints = []
    for secret in (SECRET, "somebody.else@borsetshire.example"):
        file = write("a.trig", TEXT.replace(SECRET, secret))
        shown = cli("validate", file, "--rule", "EMG515", "--rule", "EMG517", "--format", "json")
        found = json.loads(shown.out)["findings"]
        lines = file.read_text().splitlines()
        for finding in found:
            rest = lines[finding["line"] - 1][finding["column"] - 1 :]
            assert rest.startswith(("'", "em:printedAs")), finding
            assert secret in rest
        assert {finding["value"] for finding in found} == {"…"}
        prints.append(sorted(finding["fingerprint"] for finding in found))
    assert prints[0] == prints[1]
    assert len(prints[0]) == 3


def test_other_values_are_shown(cli: Cli, write: Write) -> None:
    file = write("a.trig", "pcp19:20 { collab:a a em:Collaboratio ; rdfs:label 'Alpha' . }")
    assert "Alpha" in cli("validate", file, "--rule", "EMG002").out
