"""A new graph of one's own: what it holds validates, and the commands in it do what they say."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from emgraph.errors import EmgraphError
from emgraph.pages.beginning import begin, template
from emgraph.rdf.files import find
from emgraph.validation.validate import Selection, validate
from tests.conftest import Cli

CHECKED = "emgraph validate data --shapes bundled --shapes shapes"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    place = tmp_path / "my graph"
    begin(place)
    return place


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that a new graph contains, with the emgraph of this interpreter."""
    line = re.sub(r"^emgraph ", f"{shlex.quote(sys.executable)} -m emgraph ", command)
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", line],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _commands(graph: Path) -> list[str]:
    """Every emgraph command of the README, the workflow, the job and the hook."""
    readme = (graph / "README.md").read_text()
    found = [line[4:] for line in readme.splitlines() if line.startswith("    emgraph ")]
    workflow = yaml.safe_load((graph / ".github/workflows/validate.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    found += [step.get("run", "") for step in workflow["jobs"]["validate"]["steps"]]
    found += yaml.safe_load((graph / ".gitlab-ci.yml").read_text())["emgraph"]["script"]
    (repository,) = yaml.safe_load((graph / ".pre-commit-config.yaml").read_text())["repos"]
    found += [hook["entry"] for hook in repository["hooks"]]
    return [command for command in found if command.startswith("emgraph ")]


def test_every_command_in_it_works(graph: Path) -> None:
    commands = _commands(graph)
    assert len(commands) >= 7
    assert sum(command.startswith(CHECKED) for command in commands) == 4
    for command in commands:
        done = _run(command, graph)
        assert (done.returncode, "nothing was judged" in done.stderr) == (0, False), done.stderr
        assert done.stdout
    assert "BRS-001" in _run(commands[1], graph).stdout
    assert (graph / "findings.html").is_file()
    ignored = (graph / ".gitignore").read_text().split()
    assert {"findings.html", "junit.xml", "gl-code-quality-report.json"} <= {*ignored}


def test_nothing_in_it_installs_an_unpublished_name(graph: Path) -> None:
    texts = [path.read_text() for path in graph.rglob("*") if path.is_file()]
    lines = [line for text in texts for line in text.splitlines()]
    addresses = {found for line in lines for found in re.findall(r'"(emgraph @ [^"]*)"', line)}
    assert addresses == {"emgraph @ git+https://your-host.invalid/emgraph.git"}
    assert sum(bool(re.search(r'"emgraph @ ', line)) for line in lines) == 4
    installed = {
        word for line in lines for word in re.findall(r"pip install (?:--quiet )?(\S+)", line)
    }
    assert installed == {'"emgraph', '"$EMGRAPH_PACKAGE"', "./emgraph`).", "pre-commit"}


def test_nothing_is_wrong_with_it_now_or_later(graph: Path) -> None:
    data = find([str(graph / "data")])
    for day in ("2026-04-01", "2026-11-23", "2046-01-01"):
        report = validate(data, day, Selection(["bundled", str(graph / "shapes")]))
        assert [(f.rule, f.message) for f in report.findings] == []
        assert report.looked_at["ORG101"] == 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('dcterms:identifier "BRS-001" ;', "", "ORG101"),
        ("em:signature signature:rural-crime ;", "", "EMG301"),
        ("a em:Collaboration ;", "a em:Colaboration ;", "EMG002"),
        ("paper:2 {", "paper:2 {{", "EMG001"),
    ],
)
def test_a_broken_source_fails_it(graph: Path, old: str, new: str, code: str) -> None:
    path = graph / "data/sources/borsetshire-2026.trig"
    path.write_text(path.read_text().replace(old, new))
    done = _run(f"{CHECKED} --format concise", graph)
    assert done.returncode == 1
    assert f"{code} violation" in done.stdout


def test_it_is_the_same_every_time(graph: Path, tmp_path: Path) -> None:
    assert begin(tmp_path / "a" / "b") == list(template())
    for name, data in template().items():
        assert (graph / name).read_bytes() == (tmp_path / "a" / "b" / name).read_bytes() == data
        assert "dot-" not in name


def test_it_is_made_in_an_empty_folder_or_one_of_git(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / ".git").mkdir()
    said = cli("init", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert CHECKED in said.out
    again = cli("init", tmp_path)
    assert again.code == 2
    assert "not empty, it holds .github, .gitignore" in again.err
    assert "and 3 more" in again.err


def test_what_is_there_stays_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path, tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(EmgraphError):
            begin(place)
        assert [path.name for path in tmp_path.rglob("*")] == ["file"]
    broken = {**template(), "data/sources": b"a folder of this name is there already"}
    monkeypatch.setattr("emgraph.pages.beginning.template", lambda: broken)
    with pytest.raises(EmgraphError, match="Nothing was written"):
        begin(tmp_path / "new" / "graph")
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]
