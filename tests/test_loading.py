"""A file that is loaded beside its reading: the same store, whatever its lines hold."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad

from emgraph.errors import BrokenFile
from emgraph.rdf import loading
from emgraph.rdf.files import RdfFile, find
from emgraph.validation.survey import Survey

_NODES = st.sampled_from(["<http://x/a>", "<http://x/_:b>", "_:b", "_:c.d"])
_VALUES = _NODES | st.sampled_from(['"_:b ."', '"a # b"@en', '"7"', '"\\u005f:b \\n"', '"é"'])
_ENDS = st.sampled_from(["\n", "\r\n", "\r", " # _:b\n", "\n\n", "\n# _:b\n"])


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """Lines of N-Triples; the last may have no end."""
    ends = [draw(_ENDS) for _ in range(draw(st.integers(0, 6)))] + [draw(_ENDS | st.just(""))]
    return "".join(f"{draw(_NODES)} <http://x/p> {draw(_VALUES)} .{end}" for end in ends)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the examples of a test, each written over the last."""
    return tmp_path_factory.mktemp("loading")


@given(texts=st.lists(_texts(), min_size=1, max_size=2))
def test_a_store_holds_what_the_files_say(folder: Path, texts: list[str]) -> None:
    for number in range(2):
        (folder / f"{number}.nt").write_bytes("".join(texts[number : number + 1]).encode())
    files = find([str(folder)])
    beside, alone = _surveyed(files, 1), _surveyed(files, 2**20)
    assert {*beside.store} == {*alone.store}
    assert {*beside.store} == {Quad(q.subject, q.predicate, q.object) for q in beside}
    assert (beside.blank, beside.names) == (alone.blank, alone.names)


@pytest.mark.parametrize("broken", ["<http://x/a> <http://x/p> .", "_:b <http://x/p> ."])
def test_a_large_file_that_breaks_off_is_told_and_left_out(tmp_path: Path, broken: str) -> None:
    line = "<http://x/a> <http://x/p> <http://x/b> .\n"
    (tmp_path / "a.nt").write_text(f"{line * 3}{broken}\n{line * 10_000}")
    (tmp_path / "b.nt").write_text(line.replace("x/a", "x/c"))
    before = threading.active_count()
    survey = _surveyed(find([str(tmp_path)]), 1)
    (fault,) = survey.broken
    assert isinstance(fault, BrokenFile)
    assert fault.line == 4
    assert [quad.subject for quad in survey.store] == [NamedNode("http://x/c")]
    assert threading.active_count() == before


def test_a_fault_of_the_loader_alone_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.nt").write_text("<http://x/a> <http://x/p> <http://x/b> .\n")

    def _blocks(text: bytes) -> list[bytes]:
        return [text, b"no triple"]

    monkeypatch.setattr(loading, "_blocks", _blocks)
    with pytest.raises(SyntaxError):
        _surveyed(find([str(tmp_path)]), 1)


def test_graphs_that_rules_read_are_kept(tmp_path: Path) -> None:
    line = "<http://x/a> <http://x/p> <http://x/b>"
    (tmp_path / "a.nt").write_text(f"{line} .\n")
    (tmp_path / "a.nq").write_text(f"{line} <http://x/g> .\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "LARGE", 1)
        survey = Survey(find([str(tmp_path)]), {"x"}, graphs=True)
    graphs = {str(quad.graph_name) for quad in survey.store}
    assert graphs == {str(DefaultGraph()), "<http://x/g>", f"<{find([str(tmp_path)])[1].graph}>"}


def _surveyed(files: list[RdfFile], large: int) -> Survey:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "LARGE", large)
        patch.setattr(loading, "BLOCK", 50)
        patch.setattr(loading, "FEW", 0)
        return Survey(files, {"x"})
