"""Which files are read, and which are refused without waiting."""

import os
import socket
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat

from emgraph.errors import EmgraphError
from emgraph.namespaces import GRAPH, ONTOLOGY
from emgraph.rdf import files
from tests.conftest import Write


def test_a_folder_gives_its_rdf_files_in_order(write: Write, tmp_path: Path) -> None:
    for name in ("b.ttl", "a.TRIG", "c/d.nq", ".hidden.ttl", ".git/x.ttl", "README.md", "x.csv"):
        write(name, "")
    found = files.find([str(tmp_path)])
    assert [Path(file.name).name for file in found] == ["a.TRIG", "b.ttl", "d.nq"]
    assert [file.graph.removeprefix(GRAPH) for file in found] == ["a", "b", "c/d"]


def test_a_folder_linked_into_itself_is_read_once(write: Write, tmp_path: Path) -> None:
    write("sub/a.ttl", "")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "again.ttl").symlink_to(tmp_path / "sub" / "a.ttl")
    assert len(files.find([str(tmp_path)])) == 1


def test_a_file_named_twice_is_read_once(write: Write) -> None:
    path = str(write("a.ttl", ""))
    assert len(files.find([path, path])) == 1


def test_graph_names_are_iris(write: Write, tmp_path: Path) -> None:
    write("ein ordner/ü.ttl", "")
    assert files.find([str(tmp_path)])[0].graph.endswith("/ein%20ordner/%C3%BC")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("exampel.ttl", "Did you mean .*example.ttl"),
        ("notes.txt", "not a kind"),
        ("empty", "holds"),
    ],
)
def test_what_cannot_be_read_is_an_error(
    write: Write, tmp_path: Path, name: str, message: str
) -> None:
    write("example.ttl", "")
    write("notes.txt", "")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmgraphError, match=message):
        files.find([str(tmp_path / name)])


def test_an_input_format_names_what_the_file_name_does_not(write: Write) -> None:
    path = write("notes.txt", "")
    assert files.find([str(path)], "nt")[0].format == RdfFormat.N_TRIPLES


def test_standard_input_needs_a_format() -> None:
    assert files.find(["-"], "ttl")[0].path is None
    with pytest.raises(EmgraphError, match="--input-format"):
        files.find(["-"])


def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "zero.ttl").symlink_to("/dev/zero")
    (tmp_path / "gone.ttl").symlink_to(tmp_path / "nowhere")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.ttl"))
        for file in files.find([str(tmp_path)]):
            with pytest.raises(EmgraphError):
                files.content(file)


def test_an_unreadable_file_is_an_error(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is the system's own, given by hand."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    file = files.find([str(write("a.ttl", ""))])[0]
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(EmgraphError, match=r"a.ttl: permission denied\."):
        files.content(file)


def test_bundled_leaves_external_data_out() -> None:
    assert not [file for file in files.bundled() if "external" in file.name]
    both = files.named(["external"])
    assert len(both) > len(files.bundled())
    assert len({file.graph for file in both}) == len(both)


def test_the_ontology_is_one_graph() -> None:
    assert {file.graph for file in files.ontology()} == {ONTOLOGY}


def test_files_of_one_name_in_two_folders_are_two_sources(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("x/k.ttl", "")
    write("y/k.ttl", "")
    graphs = [file.graph.removeprefix(GRAPH) for file in files.find(["x", "y"])]
    assert graphs == ["x/k", "y/k"]


def test_a_name_that_is_not_utf_8_is_read_and_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.ttl")).write_bytes(b"")
    (found,) = files.find([str(tmp_path)])
    assert found.graph == GRAPH + "%FF"
    assert found.name.endswith("\\xff.ttl")
