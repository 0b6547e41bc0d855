"""The graph from Python: the examples of docs/python.md, and what they do not show."""

import doctest
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import emgraph
from tests.conftest import SIGNED, Write

PAGE = Path(__file__).parent.parent / "docs" / "python.md"


@pytest.fixture(scope="module")
def graph() -> emgraph.Graph:
    return emgraph.open()


def test_the_examples_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(PAGE.parent.parent)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=flags)
    assert failed == 0
    assert tried > 10


def test_parameters_are_words_days_or_several(graph: emgraph.Graph) -> None:
    one = graph.ask("members", force="Leics", as_of="2025-05-14")
    two = graph.ask("members", force=["Leics", "Notts"], as_of=date(2025, 5, 14))
    assert len(two) > len(one) > 0
    assert [row for row in two if row["member"] == one[0]["member"]][:1] == one[:1]
    assert graph.ask("members", collaboration=one[0]["collaboration"], as_of="2025-05-14")
    today = graph.ask("members", force="Leics")
    assert list(today) == list(graph.ask("members", force="Leics", as_of=date.today()))


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("membres", {}, "Did you mean members?"),
        ("members", {"forse": "Leics"}, "Did you mean force?"),
        ("members", {"force": "'> . <urn:x> <urn:y"}, "nothing here is called"),
        ("members", {"as_of": "yesterday"}, "not a date"),
    ],
)
def test_what_means_nothing_is_told(
    graph: emgraph.Graph, name: str, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(emgraph.EmgraphError, match=said.replace("?", r"\?")):
        graph.ask(name, **parameters)  # type: ignore[arg-type]


def test_own_files(write: Write, tmp_path: Path) -> None:
    path = write("mine.trig", SIGNED)
    for named in (path, str(path), tmp_path):
        graph = emgraph.open(named)
        found = graph.sparql("SELECT ?x { ?x a em:Collaboration }")
        assert isinstance(found, emgraph.Table)
        assert [row["x"].label for row in found if isinstance(row["x"], emgraph.Iri)] == ["Alpha"]
    assert "1 files" in repr(graph)
    assert len(graph.store) == 12
    report = graph.validate(as_of="2025-01-01")
    assert {finding.file for finding in report.findings} <= {str(path), path.name, None}
    with pytest.raises(emgraph.EmgraphError, match="no such file"):
        emgraph.open(tmp_path / "nowhere.ttl")


def test_a_construct_gives_rows(graph: emgraph.Graph) -> None:
    found = graph.sparql("CONSTRUCT { ?x rdfs:label ?y } WHERE { ?x a em:Board ; rdfs:label ?y }")
    assert isinstance(found, emgraph.Table)
    assert found.columns == ("subject", "predicate", "object")
    assert len(found) == 3


def test_importing_costs_nothing() -> None:
    script = "import sys, emgraph; print(sorted(m for m in sys.modules if 'emgraph' in m))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, timeout=30, check=True, text=True
    )
    heavy = ("pyoxigraph", "click", "emgraph.graph", "rdflib")
    assert not any(name in done.stdout for name in heavy)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = emgraph.nothing
    assert {*emgraph.__all__} <= {*dir(emgraph), *emgraph._HOMES}
