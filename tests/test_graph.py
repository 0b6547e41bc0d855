"""The graph from Python: the examples of docs/python.md, and what they do not show."""

import doctest
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

import emgraph
from emgraph.pages.building import build
from emgraph.rdf.files import bundled, ontology
from tests.conftest import SIGNED, Write
from tests.servers import Server

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
    for several in ({"Leics", "Notts"}, ("Notts", "Leics"), (f for f in ("Leics", "Notts"))):
        assert list(graph.ask("members", force=several, as_of="2025-05-14")) == list(two)
    today = graph.ask("members", force="Leics", as_of="today")
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


@pytest.fixture(scope="module")
def there(real: Server) -> emgraph.Graph:
    """The bundled graph on a real server."""
    return emgraph.open(endpoint=real.url)


def test_an_endpoint_answers_questions_as_files_do(
    graph: emgraph.Graph, there: emgraph.Graph
) -> None:
    for name, given in (
        ("members", {"force": ["Leics", "Notts"], "as_of": "2018-09-30"}),
        ("agreements-not-evidenced", {"as_of": "2026-11-23"}),
        ("budget", {"collaboration": "EMSOU"}),
    ):
        ours, theirs = graph.ask(name, **given), there.ask(name, **given)
        assert list(theirs) == list(ours)
        assert repr(theirs) == repr(ours)
        assert theirs._repr_html_() == ours._repr_html_()
    first = theirs[0]["collaboration"]
    assert isinstance(first, emgraph.Iri)
    assert first.label == "EMSOU"
    with pytest.raises(emgraph.EmgraphError, match="Did you mean Leics"):
        there.ask("members", force="Leiks")


def test_an_endpoint_answers_sparql(graph: emgraph.Graph, there: emgraph.Graph) -> None:
    text = "SELECT DISTINCT ?x ?name { ?x a em:Board ; rdfs:label ?name } ORDER BY ?x"
    ours, theirs = graph.sparql(text), there.sparql(text)
    assert isinstance(theirs, emgraph.Table)
    assert list(theirs) == list(ours)  # type: ignore[arg-type]
    assert repr(theirs) == repr(ours)
    assert there.sparql("ASK { ?x a em:Board }") is True
    with pytest.raises(emgraph.EmgraphError, match="SERVICE"):
        there.sparql("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    built = there.sparql("CONSTRUCT { ?x a em:Board } WHERE { ?x a em:Board }")
    assert isinstance(built, emgraph.Table)
    assert len(built) == 3


def test_an_endpoint_and_a_store_are_validated(
    graph: emgraph.Graph, there: emgraph.Graph, tmp_path: Path
) -> None:
    build([*bundled(), *ontology()], tmp_path / "store", lambda _: None)
    given = {"as_of": "2026-11-23", "rules": "EMG306"}
    ours = graph.validate(**given)  # type: ignore[arg-type]
    for place in (there, emgraph.open(tmp_path / "store")):
        theirs = place.validate(**given)  # type: ignore[arg-type]
        assert {f.focus for f in theirs.findings} == {f.focus for f in ours.findings} != set()


def test_rules_and_shapes_are_chosen(graph: emgraph.Graph, write: Write) -> None:
    one = graph.validate(as_of="2026-11-23", rules=["EMG301", "EMG306"], ignore="emg306")
    assert {finding.rule for finding in one.findings} == {"EMG301"}
    assert all(finding.waived for finding in one.findings)
    none_waived = graph.validate(as_of="2026-11-23", rules="EMG301", waive=False)
    assert not any(finding.waived for finding in none_waived.findings)
    demand = "sh:property [ sh:path em:no ; sh:minCount 1 ]"
    shape = f"[] a sh:NodeShape ; sh:targetClass em:Board ; {demand} ."
    own = graph.validate(as_of="2026-11-23", shapes=write("own.ttl", shape))
    assert len(own.findings) == 3
    with pytest.raises(emgraph.EmgraphError, match="Did you mean EMG3"):
        graph.validate(rules="EMG3O1")


def test_an_unknown_question_is_told_names_of_others(graph: emgraph.Graph) -> None:
    for name, said in (
        ("leaving", "leaving-dates"),
        ("xyz", "List them: graph.questions"),
        ("signed_agreements", "Did you mean signed-agreements"),
        ("board meetings", "boards"),
    ):
        with pytest.raises(emgraph.EmgraphError) as caught:
            graph.ask(name)
        assert said in str(caught.value)
        assert "emgraph query" not in str(caught.value)


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


def test_no_rows_say_what_that_means() -> None:
    found = emgraph.open().ask("agreements-not-evidenced", collaboration="EMSOU")
    assert "the graph has no collaboration asked about without" in " ".join(repr(found).split())


def test_nothing_is_as_good_as_not_given_and_a_time_as_its_day(graph: emgraph.Graph) -> None:
    found = graph.ask("members", force=None, as_of=datetime(2025, 5, 14, 23, 59))
    assert list(found) == list(graph.ask("members", as_of="2025-05-14"))


def test_a_list_of_files_is_opened(write: Write) -> None:
    path = write("mine.trig", SIGNED)
    assert len(emgraph.open([path, str(path)]).store) == len(emgraph.open(path).store)
    with pytest.raises(emgraph.EmgraphError, match="empty list"):
        emgraph.open([])


def test_a_word_that_means_nothing_is_warned_of(graph: emgraph.Graph, write: Write) -> None:
    with pytest.warns(UserWarning, match="em:Bord is not a term") as told:
        graph.sparql("SELECT ?x { ?x a em:Bord }")
    assert told[0].filename == __file__
    with pytest.warns(UserWarning, match="nothing in this graph uses em:SignatureDenial"):
        emgraph.open(write("mine.trig", SIGNED)).sparql("ASK { ?x a em:SignatureDenial }")


def test_another_column_names_those_there_are(graph: emgraph.Graph) -> None:
    with pytest.raises(ValueError, match="There are: collaboration, member"):
        graph.ask("members").column("nope")
