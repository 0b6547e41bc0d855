"""What is no file, may not be read or never ends, where a file is looked for."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import run


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have 107 bytes and no more
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.ttl")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


ODD: list[tuple[Callable[[Path], None], str]] = [
    (_fifo, "not a plain file"),
    (_socket, "not a plain file"),
    (_dangling, "leads nowhere"),
    (_loop, "leads back to itself"),
    (_device, "not a plain file"),
]


def test_what_is_no_file_stops_nothing_in_a_folder(tmp_path: Path) -> None:
    """In a folder it is a finding; where somebody names it there is no verdict."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.ttl").write_text("<http://e/a> a <https://w3id.org/emgraph/ns/Board> .")
    for make, _ in ODD:
        make(tmp_path / f"d/{make.__name__}.ttl")
    code, said = run(tmp_path, "validate", "d", "--rule", "EMG001", "--format", "concise")
    assert code == 1
    for make, words in ODD:
        assert re.search(rf"^d/{make.__name__}.ttl: EMG001 violation.*{words}", said, re.MULTILINE)
    ways = [(), ("d/a.ttl", "--shapes"), ("d/a.ttl", "--waivers")]
    for number, (make, words) in enumerate(ODD):
        code, said = run(tmp_path, "validate", *ways[number % 3], f"d/{make.__name__}.ttl")
        assert (code, said.count("\n")) == (2, 1)
        assert said.startswith(f"emgraph: d/{make.__name__}.ttl: ")
        assert words in said


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (["validate", ""], b"", "names nothing"),
        (["validate", "deep"], b"", "no RDF file"),
        (["validate", "plain"], b"", "--input-format"),
        (["validate", "missing.ttl"], b"", "no such file"),
        (["validate", "/dev/zero", "--input-format", "ttl"], b"", "not a plain file"),
        (["validate", "sparse.ttl"], b"", "4 GiB"),
        (["validate", "plain", "--input-format", "ttl", "--baseline", "/dev/zero"], b"", "file"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, words: list[str], given: bytes, told: str
) -> None:
    below = tmp_path / "deep"
    for _ in range(100):
        below = below / "d"
    below.mkdir(parents=True)
    (tmp_path / "plain").write_text("<http://e/a> a <http://e/B> .")
    with (tmp_path / "sparse.ttl").open("wb") as sparse:
        sparse.truncate(5 * 2**30)
    code, said = run(tmp_path, *words, given=given)
    assert (code, said.count("\n")) == (2, 1), said
    assert told in said


def test_what_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    """Root may read all, so it becomes nobody, with all modules imported before."""
    data = "<http://e/a> a <https://w3id.org/emgraph/ns/Board> ."
    (tmp_path / "shut").mkdir()
    for name in ("ok.ttl", "no.ttl", "shut/a.ttl"):
        (tmp_path / name).write_text(data)
    tmp_path.chmod(0o755)
    script = (
        "import os, sys; from emgraph.cli.main import run\n"
        "run(['validate', 'ok.ttl', '--shapes', 'ok.ttl'])\n"
        "for name in ('no.ttl', 'shut'): os.chmod(name, 0)\n"
        "if not os.geteuid(): os.setuid(65534)\n"
        "for words in sys.argv[1:]: print(run(words.split()), flush=True)"
    )
    asked = ("no.ttl", ".", "shut", "shut/a.ttl", "ok.ttl --shapes no.ttl")
    lines = [sys.executable, "-c", script, *(f"validate {words}" for words in asked)]
    done = subprocess.run(lines, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    (tmp_path / "shut").chmod(0o700)
    assert done.stdout.decode().split()[-len(asked) :] == ["2"] * len(asked)
    said = done.stderr.decode().splitlines()[-len(asked) :]
    assert all(line.endswith(": permission denied.") for line in said), said


def test_an_endless_stream_of_nothing_is_left_early(tmp_path: Path) -> None:
    words = ("validate", "-", "--input-format", "ttl", "--format", "concise")
    code, said = run(tmp_path, *words, given=b"\0" * 2**24)
    assert code == 1
    assert "-:1:1: EMG001" in said
