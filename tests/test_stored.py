"""Stores on disk (`building`): made whole or not at all, and read like the files they are of."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Store

import emgraph
from emgraph.errors import EmgraphError
from emgraph.pages.building import build
from emgraph.rdf import stored
from emgraph.rdf.files import find
from emgraph.rdf.stored import at_hand, is_store, opened
from emgraph.sparql import isolate
from tests.conftest import SIGNED, UNSIGNED, Cli, Write

EXAMPLES = Path("shapes/examples")


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled graph as a store, made by the command."""
    path = tmp_path_factory.mktemp("stores") / "odd name é.store"
    words = [sys.executable, "-m", "emgraph", "load", "-o", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.startswith("emgraph: ")
    assert "statements in" in done.stderr
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("query", "members", "--as-of", "2025-06-01", "--format", "csv"),
        ("query", "budget", "-p", "collaboration=EMSOU"),
        ("describe", "EMSOU"),
        ("sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("sparql", "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"),
    ],
)
def test_a_store_answers_as_its_files_do(bundled: Path, cli: Cli, words: tuple[str, ...]) -> None:
    assert cli(*words, "--data", bundled) == cli(*words)


def test_a_store_is_read_by_several_at_once(bundled: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    stores = [opened(bundled), opened(bundled)]
    rows = [isolate.run(store, text) for store in stores]
    assert rows[0] == rows[1]
    words = [sys.executable, "-m", "emgraph", "sparql", text, "--data", str(bundled)]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = {process.communicate(timeout=60)[0] for process in started}
    assert len(said) == 1
    assert {process.returncode for process in started} == {0}


def test_reading_changes_nothing(bundled: Path, cli: Cli) -> None:
    before = {path.name for path in bundled.glob("*.sst")}
    assert cli("validate", bundled, "--as-of", "2025-06-01").code == 0
    assert {path.name for path in bundled.glob("*.sst")} == before


def test_own_graphs_and_stray_statements(write: Write, cli: Cli, tmp_path: Path) -> None:
    first, second = (
        write("a.trig", UNSIGNED + " collab:b a em:Collaboration ."),
        write("b.ttl", "collab:c a em:Collaboration ."),
    )
    text = (
        "SELECT ?g ?s { GRAPH ?g { ?s a em:Collaboration } ?s a em:Collaboration } ORDER BY ?g ?s"
    )
    assert cli("load", first, second, "-o", tmp_path / "s").code == 0
    stored = cli("sparql", text, "--data", tmp_path / "s", "--format", "csv")
    assert stored.out.count("\n") == 4
    read = cli("sparql", text, "--data", first, "--data", second, "--format", "csv")
    unnamed = {*stored.out.splitlines()} - {*read.out.splitlines()}  # a dataset's default graph
    assert [line.partition(",")[0].rpartition("/")[2] for line in unnamed] == ["a"]


def test_what_is_there_stays(write: Write, cli: Cli, tmp_path: Path) -> None:
    data = write("a.trig", SIGNED)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("full", "a.trig", "link"):
        said = cli("load", data, "-o", tmp_path / name)
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert "Name a folder that is new" in said.err
    assert cli("load", data, "-o", tmp_path / "empty").code == 0
    assert cli("load", data, "-o", tmp_path / "empty").code == 2
    assert cli("load", data, "-o", tmp_path / "new" / "deep").code == 0
    assert is_store(tmp_path / "new" / "deep")
    assert (tmp_path / "new" / "deep").stat().st_mode & 0o777 == 0o777 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_broken_file_leaves_nothing_behind(write: Write, cli: Cli, tmp_path: Path) -> None:
    said = cli("load", write("a.trig", SIGNED), write("b.ttl", "collab:a "), "-o", tmp_path / "s")
    assert said.code == 2
    assert "b.ttl:17" in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.trig", "b.ttl"]
    assert cli("load", tmp_path / "none.ttl", "-o", tmp_path / "s").code == 2


@pytest.mark.parametrize(
    ("verb", "fault"),
    [
        ("validate", "CURRENT"),
        ("sparql ASK{?s?p?o}", "MANIFEST"),
        ("query members", ".sst"),
        ("describe EMSOU", "empty"),
        ("validate", ".sst"),
    ],
)
def test_a_broken_store_is_one_line(
    bundled: Path, cli: Cli, tmp_path: Path, verb: str, fault: str
) -> None:
    path = tmp_path / "broken"
    shutil.copytree(bundled, path)
    for file in path.iterdir():
        if fault in file.name:
            file.write_bytes(b"x" * 5000)
        elif fault == "empty" and file.name != "CURRENT":
            file.unlink()
    said = cli(*verb.split(), "--data", path)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "emgraph load" in said.err


def test_a_store_of_another_program_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("MANIFEST-000001\n")
    said = cli("validate", tmp_path)
    assert (said.code, said.err.count("\n")) == (2, 1)
    with pytest.raises(EmgraphError, match="cannot be read"):
        opened(tmp_path)


def test_a_store_that_is_being_written_can_be_read(write: Write, cli: Cli, tmp_path: Path) -> None:
    assert cli("load", write("a.trig", UNSIGNED), "-o", tmp_path / "s").code == 0
    writer = Store(str(tmp_path / "s"))
    assert cli("validate", tmp_path / "s", "--rule", "EMG301").code == 1
    del writer


def test_a_store_is_read_alone(bundled: Path, write: Write, cli: Cli) -> None:
    said = cli("validate", bundled, write("a.trig", SIGNED))
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "a store is read alone" in said.err


def test_a_store_is_opened_by_a_child_that_shares_no_memory(
    bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(bundled)
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    shared = isolate.run(store, query)
    monkeypatch.setattr(Store, "dump", None, raising=False)
    assert isolate.run(store, query, fork=False) == shared


def test_values_that_the_store_makes_one_are_told(write: Write, cli: Cli, tmp_path: Path) -> None:
    many = "collab:a em:amount 007 , 7 , 7.5 , 7.50 ; em:quantity 7 . collab:b em:amount 07 ."
    said = cli("load", write("a.ttl", many), "-o", tmp_path / "s")
    assert (said.code, said.err.count("\n")) == (0, 2)
    assert "2 values are another spelling of one that their subject has" in said.err
    assert "007 and 7 as em:amount of collab:a." in said.err
    assert "--rule EMG011" in said.err
    two = write("b.ttl", "collab:a em:amount 1.0 ."), write("c.ttl", "collab:a em:amount 1 .")
    assert "spelling" not in cli("load", *two, "-o", tmp_path / "t").err  # a decimal, an integer
    more = write("d.ttl", "[] em:amount 1.00 , 1.0 .")
    said = cli("load", *two, more, "-o", tmp_path / "u")
    assert "2 values are" in said.err
    assert "1.00 and 1 as em:amount of something without an IRI." in said.err


def test_progress_is_by_what_is_read(write: Write, tmp_path: Path) -> None:
    path, read = write("a.ttl", "collab:a em:amount 1 ." * 5000), list[int]()
    built = build(find([str(path)]), tmp_path / "s", read.append)
    assert (built.statements, built.graphs) == (1, 1)
    assert sum(read) == path.stat().st_size
    assert len(read) > 10


def test_a_small_store_is_judged_in_memory_and_a_large_one_where_it_is(
    bundled: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("validate", "--data", bundled, "--as-of", "2027-01-01", "--format", "json")
    store, report = opened(bundled), cli(*words)
    assert at_hand(store) is not store
    assert set(at_hand(store)) == set(store)
    monkeypatch.setattr(stored, "MOST_COPIED", 1)
    assert at_hand(store) is store
    assert cli(*words) == report


def test_a_store_named_from_here_is_judged_from_elsewhere(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundled.parent)
    graph = emgraph.open(bundled.name)
    monkeypatch.chdir(tmp_path)
    assert graph.validate(as_of="2027-01-01").statements
