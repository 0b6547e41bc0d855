"""Whole processes: real standard output and error, closed pipes, interrupts, start-up."""

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from emgraph.namespaces import RDFS
from emgraph.screen import columns
from tests.conftest import UNSIGNED, Write

EMGRAPH = (sys.executable, "-m", "emgraph")
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
VERBS = [
    ("validate", 0),
    ("rules", 0),
    ("query signed-agreements", 0),
    ("sparql SELECT*{?s?p?o}", 0),
    ("describe EMSOU", 0),
    ("export", 0),
]


def run(
    words: str, cwd: Path, data: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a folder of no importance."""
    return subprocess.run(
        [*EMGRAPH, *words.split()],
        cwd=cwd,
        input=data,
        env=env,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("words", "code"), VERBS)
def test_every_verb_runs_anywhere(tmp_path: Path, words: str, code: int) -> None:
    done = run(words, tmp_path)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)
    assert done.stdout
    assert run(words, tmp_path).stdout == done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("words", "_code"), VERBS)
def test_a_closed_pipe_is_quiet(tmp_path: Path, words: str, _code: int) -> None:
    readable, writable = os.pipe()
    os.close(readable)
    done = subprocess.run(
        [*EMGRAPH, *words.split()],
        cwd=tmp_path,
        stdout=writable,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    os.close(writable)
    assert (done.returncode, done.stderr) == (141, b"")


def test_standard_input_is_a_file_too(tmp_path: Path, write: Write) -> None:
    data = write("a.trig", UNSIGNED).read_bytes()
    words = "validate - --input-format trig --rule EMG301"
    assert run(words, tmp_path, data).returncode == 1
    broken = run("validate - --input-format ttl", tmp_path, b"x")
    assert broken.returncode == 1
    assert b"-:1:1" in broken.stdout


def test_ctrl_c_ends_a_query_with_130_and_no_file(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*EMGRAPH, "sparql", HEAVY, "-o", "out.csv"], cwd=tmp_path, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error.strip()) == (130, b"")
    assert list(tmp_path.iterdir()) == []


def test_a_timeout_says_the_time_and_leaves_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [*EMGRAPH, "sparql", HEAVY, "--timeout", "0.5", "-o", "out.csv"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert b"stopped after 0." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_to_a_file_is_whole(tmp_path: Path) -> None:
    assert run("export --format trig -o g.trig", tmp_path).returncode == 0
    assert run("validate g.trig --no-waivers --fail-on never", tmp_path).returncode == 0
    assert run("export g.trig --format trig", tmp_path).stdout == (tmp_path / "g.trig").read_bytes()


def test_a_question_needs_no_slow_library(tmp_path: Path) -> None:
    code = (
        "import sys; from emgraph.cli.main import run; run(['query', 'signed-agreements']); "
        "print([m for m in ('rdflib', 'pyshacl', 'SPARQLWrapper', 'yaml', 'importlib.metadata') "
        "if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.stderr.splitlines()[-1] == b"[]"


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"NO_COLOR": "1"}, {"HOME": "/nowhere"}])
def test_the_environment_changes_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    plain = run("query signed-agreements", tmp_path)
    other = run("query signed-agreements", tmp_path, env={**os.environ, **environment})
    assert other.stdout == plain.stdout


def in_terminal(words: str, cwd: Path, width: int) -> tuple[int, str]:
    """The exit code of a command in a terminal of so many columns, and what stands there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    plain = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    process = subprocess.Popen(
        [*EMGRAPH, *words.split()], cwd=cwd, env=plain, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    parts = []
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while part := os.read(ours, 65_536):
            parts.append(part)
    os.close(ours)
    return process.wait(timeout=60), b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(
    "words", ["query", "query members", "query budget", "query members --help", "describe EMSOU"]
)
def test_a_terminal_is_not_overrun(tmp_path: Path, words: str, width: int) -> None:
    code, text = in_terminal(words, tmp_path, width)
    assert code == 0
    lines = [line for line in text.splitlines() if not line.startswith("  emgraph query")]
    assert max(map(columns, lines)) <= width
    assert width < 80 or max(map(columns, lines)) > width / 2


def test_an_error_stands_alone_where_a_bar_was(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("oops")
    code, text = in_terminal("load a.ttl -o store", tmp_path, 80)
    erased, _, said = text.rpartition("\x1b[2K\x1b[?25h")
    assert code == 2
    assert "\n" not in erased
    assert said.startswith("emgraph: a.ttl:1:")
    assert said.count("\n") == 1


def test_a_terminal_is_not_steered(tmp_path: Path, write: Write) -> None:
    steering = UNSIGNED.replace("Alpha", r"\u001b]0;x\u0007\u202Eabc\u009b2J\u200B")
    write("a.trig", steering)
    for format_ in ("table", "csv", "json", "html"):
        words = f"sparql SELECT?l{{?s<{RDFS}label>?l}} --data a.trig --format {format_}"
        code, text = in_terminal(words, tmp_path, 80)
        assert code == 0, text
        assert "abc" in text
        assert not set(text) & set("\x1b\x07\u202e\x9b\u200b")
    code, text = in_terminal("query purposes --format xlsx", tmp_path, 80)
    assert (code, "not for a terminal" in text) == (2, True)
