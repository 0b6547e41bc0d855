"""Files are written whole or not at all, and never over what was read."""

import os
from pathlib import Path

import pytest

from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.rdf.files import find
from emgraph.rdf.writing import write
from tests.conftest import Cli


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "out.ttl"
    target.write_text("old")
    target.chmod(0o640)
    write(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out.ttl"]


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.ttl"
    source.write_text("")
    (tmp_path / "link.ttl").symlink_to(source)
    os.link(source, tmp_path / "hard.ttl")
    before = source.read_bytes()
    for name in ("in.ttl", "link.ttl", "hard.ttl", "../" + tmp_path.name + "/in.ttl"):
        with pytest.raises(EmgraphError, match="is an input"):
            write(tmp_path / name, b"x", find([str(source)]))
    assert source.read_bytes() == before


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.ttl").write_text("old")
    (tmp_path / "link.ttl").symlink_to("real.ttl")
    write(tmp_path / "link.ttl", b"new")
    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "real.ttl").read_bytes() == b"new"


def test_a_fault_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.ttl"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EmgraphError, match=r"no space left.*Nothing was written"):
        write(target, b"new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.ttl"]


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out.ttl", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nowhere/out.ttl", "."])
def test_what_cannot_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(EmgraphError):
        write(tmp_path / name, b"new")


def test_nothing_that_was_read_is_written_over(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shapes, waivers, a query and a question are inputs as much as data are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<x:s> a sh:NodeShape ; sh:targetClass <https://w3id.org/emgraph/ns/Collaboration> ."
    )
    (tmp_path / "waivers.ttl").write_bytes((folder("data") / "waivers.ttl").read_bytes())
    (tmp_path / "ask.rq").write_text("ASK {}")
    (tmp_path / "own.rq").write_text(
        "#+ question: Which?\nSELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 1"
    )
    for words in (
        ("validate", "--shapes", "shapes.ttl", "--output", "json=shapes.ttl"),
        ("validate", "--waivers", "waivers.ttl", "--output", "json=waivers.ttl"),
        ("sparql", "-f", "ask.rq", "--format", "table", "-o", "ask.rq"),
        ("query", "own", "--queries", ".", "--format", "table", "-o", "own.rq"),
    ):
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        said = cli(*words)
        assert (said.code, "this is an input" in said.err) == (2, True), words
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_two_reports_do_not_share_a_file(cli: Cli) -> None:
    said = cli("validate", "--output", "json=a.x", "--output", "text=./a.x")
    assert said.code == 2
    assert "two reports in one file" in said.err
