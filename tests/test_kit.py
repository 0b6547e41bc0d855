"""What other repositories run in CI: the pre-commit hook, the GitHub action, the GitLab job."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import SIGNED, UNSIGNED, Write
from tests.derive import ROOT


def _bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a CI host would, with the emgraph of this interpreter in PLACE."""
    place = folder / "place"
    (place / "bin").mkdir(parents=True, exist_ok=True)
    command = place / "bin" / "emgraph"
    if not command.exists():
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m emgraph "$@"\n')
        command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": path, "PLACE": str(place), "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _action() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "action.yml").read_text())
    assert isinstance(found, dict)
    return found


def test_the_hook_judges_the_whole_graph(write: Write, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert not hook["pass_filenames"]
    command = shlex.join([*shlex.split(hook["entry"]), *hook["args"], "--rule", "EMG301"])
    for text, code in ((UNSIGNED, 1), (SIGNED, 0)):
        path = write("data/a.trig", text)
        assert re.search(hook["files"], str(path))
        assert _bash(command, tmp_path).returncode == code
    assert not re.search(hook["files"], "README.md")


def test_the_action_pastes_no_input_into_a_script() -> None:
    for step in _action()["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step


def test_the_action_judges_annotates_and_summarises(write: Write, tmp_path: Path) -> None:
    script = _action()["runs"]["steps"][-1]["run"]
    write("bad one.trig", UNSIGNED)
    write("more.trig", SIGNED.replace("collab:a", "collab:b"))
    summary = tmp_path / "summary.md"
    ours = {"SHAPES": "bundled"}
    given = ours | {"SARIF": "f.sarif", "GITHUB_STEP_SUMMARY": str(summary)}
    done = _bash(
        script, tmp_path, PATHS="bad one.trig\n\nmore.trig\n", FAIL_ON="violation", **given
    )
    assert done.returncode == 1, done.stderr
    assert "::error file=bad one.trig,line=17,col=" in done.stdout
    assert "## emgraph validate" in summary.read_text()
    assert (tmp_path / "f.sarif").is_file()
    done = _bash(script, tmp_path, PATHS="bad one.trig", FAIL_ON="never", SARIF="", **ours)
    assert done.returncode == 0
    done = _bash(script, tmp_path, PATHS=" \n", FAIL_ON="never", SARIF="", **ours)
    assert (done.returncode, "paths is empty" in done.stdout) == (2, True)
    done = _bash(script, tmp_path, PATHS="$(touch stolen)", FAIL_ON="never", SARIF="", **ours)
    assert (done.returncode, (tmp_path / "stolen").exists()) == (2, False)


def test_the_action_judges_by_shapes_of_ones_own(write: Write, tmp_path: Path) -> None:
    script = _action()["runs"]["steps"][-1]["run"]
    assert _action()["inputs"]["shapes"]["default"] == "bundled"
    write("a.trig", SIGNED)
    write(
        "my shapes/own.ttl",
        "emsh:own a sh:NodeShape ; dcterms:identifier 'OWN-1' ; sh:targetClass em:Collaboration ; "
        "sh:property [ sh:path em:motto ; sh:minCount 1 ] .",
    )
    for shapes, codes in (("bundled\nmy shapes\n", {"OWN-1"}), ("$(touch stolen)", set())):
        given = {"PATHS": "a.trig", "FAIL_ON": "never", "SARIF": "", "SHAPES": shapes}
        done = _bash(script, tmp_path, **given)
        assert codes <= {*re.findall(r"OWN-1", done.stdout)}, done.stderr
        assert done.returncode == (0 if codes else 2)
    assert not (tmp_path / "stolen").exists()
    assert _bash(script, tmp_path, **(given | {"SHAPES": " "})).returncode == 2


def test_the_gitlab_job_leaves_its_reports(write: Write, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "gitlab.md").read_text()
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    job = yaml.safe_load(block)["emgraph"]
    write("data/bad.trig", UNSIGNED)
    assert _bash(job["script"][-1], tmp_path).returncode == 1
    named = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert all((tmp_path / name).is_file() for name in named)
