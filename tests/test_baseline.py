"""Only what is new since an earlier report."""

import json
from pathlib import Path

import pytest

from tests.conftest import UNSIGNED, Cli, Write

ONE = ("--rule", "EMG301", "--as-of", "2025-06-01")
OTHER = UNSIGNED.replace("collab:a", "collab:b").replace("Alpha", "Beta")
WAIVER = """
waiver:a a em:Waiver ; em:ruleCode "EMG301" ; em:focus collab:a ; em:reason "Silence." ;
    em:owner post:steward ; em:granted "2025-01-01"^^xsd:date ;
    em:reviewBy "2026-01-01"^^xsd:date .
"""


def test_what_is_known_is_not_told_wherever_it_has_moved(
    cli: Cli, write: Write, tmp_path: Path
) -> None:
    old = tmp_path / "old.json"
    path = write("a.trig", UNSIGNED)
    assert cli("validate", path, *ONE, "--output", f"json={old}").code == 1
    write("a.trig", "\n\n# moved\n" + UNSIGNED)
    found = cli("validate", path, *ONE, "--baseline", old)
    assert found.code == 0
    assert "0 violations, 0 warnings, 0 info; 0 waived; 1 known from the baseline." in found.out
    write("a.trig", UNSIGNED + OTHER)
    found = cli("validate", path, *ONE, "--baseline", old, "--format", "json")
    assert found.code == 1
    document = json.loads(found.out)
    assert [finding["label"] for finding in document["findings"]] == ["Beta"]
    assert document["known"] == 1
    new = tmp_path / "new.json"
    new.write_text(found.out)
    assert "lacks what is old" in cli("validate", path, *ONE, "--baseline", new).err


def test_what_was_waived_is_new_when_its_waiver_goes(
    cli: Cli, write: Write, tmp_path: Path
) -> None:
    old = tmp_path / "old.json"
    path, waivers = write("a.trig", UNSIGNED), write("waivers.ttl", WAIVER)
    words = ("validate", path, *ONE)
    assert cli(*words, "--waivers", waivers, "--output", f"json={old}").code == 0
    assert cli(*words, "--waivers", waivers, "--baseline", old).code == 0
    assert cli(*words, "--baseline", old).code == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"schema": "https://w3id.org/emgraph/report/1"}', "[" * 99_999]
)
def test_what_is_no_report_is_no_baseline(
    cli: Cli, write: Write, tmp_path: Path, text: str
) -> None:
    old = tmp_path / "old.json"
    old.write_text(text)
    found = cli("validate", write("a.trig", UNSIGNED), *ONE, "--baseline", old)
    assert (found.code, "emgraph validate --format json" in found.err) == (2, True)
    assert len(found.err.splitlines()) == 1
    assert cli("validate", "--baseline", tmp_path / "none.json").code == 2
