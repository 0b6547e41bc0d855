"""Every question on real servers: the same answer as here, whatever the server makes hard."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, serialize

from emgraph.errors import EmgraphError
from emgraph.pages import described
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import load, statements
from emgraph.servers import endpoints
from emgraph.servers.endpoints import citing
from emgraph.servers.remote import Endpoint
from emgraph.sparql import isolate, queries
from emgraph.sparql.isolate import Rows
from emgraph.sparql.parameters import terms
from emgraph.sparql.queries import Question
from tests import servers
from tests.conftest import Cli, Said, needed
from tests.derive import store
from tests.servers import Server
from tests.test_questions import value

QUESTIONS = queries.catalogue()
Values = Mapping[str, Sequence[NamedNode | Literal]]
GIVEN = [
    ("members", ["collaboration=EMOpSS", "force=Notts", "asOf=2018-09-30"]),
    ("members", ["collaboration=emsou", "collaboration=EMSOU", "collaboration=EMCJS"]),
    ("collaborations-of-force", ["force=force:leicestershire", "force=Derbyshire"]),
    ("impact-of-leaving", ["collaboration=EMOpSS", "force=Notts", "asOf=2018-09-30"]),
    ("impact-of-leaving", ["force=all", "asOf=2019-06-01"]),
    ("signed-agreements", ["asOf=2020-01-01"]),
    ("changes", ["from=2018-01-01", "to=2025-05-14"]),
    ("timeline", ["collaboration=EMSOU", "collaboration=EMOpSS"]),
    ("legal-basis", ["collaboration=EMSOU", "collaboration=EMOpSS"]),
    ("territorial-exceptions", ["territory=Derbyshire"]),
    ("forces-outside", ["force=Notts", "force=Northants", "asOf=2018-09-30"]),
    ("forces-outside", ["asOf=2017-06-01"]),
    ("party-completeness", ["asOf=2012-06-01"]),
    ("party-completeness", ["collaboration=EMOpSS", "collaboration=EMCHRS", "asOf=2018-09-30"]),
    ("areas-for-improvement", ["collaboration=EMSOU", "collaboration=EMCHRS"]),
    ("commissioner-decisions", ["body=all", "collaboration=all"]),
    ("exit-costs", ["clauseType=clause:withdrawal", "clauseType=clause:funding"]),
    ("agreement-gaps", ["asOf=2025-04-01"]),
    ("agreement-gaps", ["asOf=2010-01-01"]),
    ("shared-services", ["asOf=2016-01-01"]),
    ("boards", ["collaboration=EMSOU", "asOf=2000-01-01"]),
    ("representatives", ["asOf=2023-06-01"]),
    ("identifiers", ["collaboration=EMOpSS", "asOf=2018-09-30"]),
]


def bag(rows: Rows) -> Counter[tuple[object, ...]]:
    """The rows in XSD value space."""
    return Counter(tuple(map(value, row)) for row in rows.rows)


def here(data: Store, text: str) -> Rows:
    """What our own engine answers."""
    found = isolate.run(data, text, timeout=60)
    assert isinstance(found, Rows)
    return found


def there(endpoint: Endpoint, question: Question, values: Values | None = None) -> Rows:
    """What an endpoint answers."""
    found = endpoints.ask(endpoint, question, values)
    assert isinstance(found, Rows)
    return found


def same(endpoint: Endpoint, data: Store, question: Question, values: Values | None = None) -> bool:
    """Whether both give the same rows; raises AssertionError where the columns differ."""
    ours, theirs = here(data, question.bound(values or {})), there(endpoint, question, values)
    assert ours.variables == theirs.variables
    return bag(ours) == bag(theirs)


@pytest.fixture(scope="module")
def seen(real: Server) -> Endpoint:
    """A real server with the bundled graph, as questions see it."""
    return citing(Endpoint(real.url, timeout=60))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_has_the_same_answer_there(seen: Endpoint, question: Question) -> None:
    assert same(seen, store(), question)


@pytest.mark.parametrize(("name", "given"), GIVEN)
def test_parameters_mean_the_same_there(seen: Endpoint, name: str, given: list[str]) -> None:
    question = queries.find(name)
    known = load(ontology())
    described.meet(seen, known, [pair.partition("=")[2] for pair in given])
    bound = terms(known, question, given)
    assert bound == terms(store(), question, given)
    assert same(seen, store(), question, bound)


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if set(q.defaults) - {"asOf", "from", "to"}],
    ids=lambda question: question.name,
)
def test_a_default_can_be_taken_away_there(seen: Endpoint, question: Question) -> None:
    """Or given together with another value that the answer has."""
    everything: dict[str, list[NamedNode | Literal]] = {
        name: [] for name, kind in question.parameters.items() if not kind.startswith("xsd:")
    }
    assert same(seen, store(), question, everything)
    rows = here(store(), question.bound(everything))
    for name in everything.keys() & set(rows.variables):
        column = [row[rows.variables.index(name)] for row in rows.rows]
        found = [term for term in dict.fromkeys(column) if isinstance(term, NamedNode)]
        assert same(seen, store(), question, {name: [*found[-1:], *found[:1]]})


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_values_can_be_picked_from_the_whole_answer(question: Question) -> None:
    """So a server need not join them, which Virtuoso does wrongly."""
    all_rows = here(store(), question.bound({}))
    for name in endpoints._picked(question, {key: [Literal("x")] for key in question.slots}):
        at = all_rows.variables.index(name)
        found = dict.fromkeys(row[at] for row in all_rows.rows if isinstance(row[at], NamedNode))
        values = {name: [term for term in found if isinstance(term, NamedNode)][:2]}
        if values[name]:
            ours = here(store(), question.bound(values))
            assert bag(endpoints._narrowed(all_rows, values)) == bag(ours)


def test_values_of_a_group_are_picked_where_nothing_is_sorted(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(
        "#+ question: How many?\n#+ params:\n#+   force: em:Force\n"
        "SELECT ?force (COUNT(?x) AS ?n) WHERE { VALUES ?force { UNDEF } ?force ?p ?x } "
        "GROUP BY ?force"
    )
    assert set(endpoints._picked(Question("q", "", path), {"force": [Literal("x")]})) == {"force"}


def test_an_answer_that_is_cut_is_put_together(seen: Endpoint) -> None:
    """Both servers give whole answers here; the parts are those of a server that does not."""
    text = queries.find("fact-coverage").bound({})
    ours = here(store(), text)
    first = seen.rows(text)
    parts = list(endpoints._parts(seen, text, first, 10))
    assert max(len(part.rows) for part in parts) < 10
    rows = list(dict.fromkeys(row for part in parts for row in part.rows))
    assert len(rows) == len(ours.rows) > 20
    assert bag(endpoints._ordered(Rows(first.variables, rows), text)) == bag(ours)


def test_a_virtuoso_that_cuts_answers_gives_all_of_them(real: Server) -> None:
    if real.kind == "virtuoso":
        url = f"{real.url}?maxrows=50"
        endpoint = citing(Endpoint(url, timeout=60))
        for name in ("fact-coverage", "inference-grounds"):
            question = queries.find(name)
            ours, theirs = here(store(), question.bound({})), there(endpoint, question)
            assert len(ours.rows) > 10
            assert [[value(t) for t in row] for row in theirs.rows] == [
                [value(t) for t in row] for row in ours.rows
            ]
        with pytest.raises(EmgraphError, match="no more than 50 solutions"):
            endpoints.run(url, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def findings(said: Said) -> list[tuple[str, str, str]]:
    """What a report in JSON finds, save by the rules that are about files."""
    found = json.loads(said.out)["findings"]
    here = [f for f in found if f["rule"] != "EMG011"]
    return sorted((f["rule"], f["focus"], str(f["value"])) for f in here)


def test_a_default_graph_that_lacks_the_others_is_made_to_hold_them(
    tmp_path: Path, quads: Path, cli: Cli
) -> None:
    needed("oxigraph")
    with servers.running("oxigraph", tmp_path / "server", quads) as server:
        server.update("CLEAR DEFAULT")
        bare = Endpoint(server.url, timeout=60)
        united = citing(bare)
        assert united.parameters == (("union-default-graph", "true"),)
        graphs = [row[0] for row in bare.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").rows]
        kinds = ("default-graph-uri", "named-graph-uri")
        pairs = [(kind, g.value) for g in graphs if isinstance(g, NamedNode) for kind in kinds]
        named = Endpoint(server.url, timeout=60, parameters=tuple(pairs))
        for name in ("members", "budget", "signed-agreements"):
            question = queries.find(name)
            text = question.bound({})
            assert bag(bare.rows(text)) != bag(here(store(), text))
            assert same(united, store(), question)
            assert same(named, store(), question)
        words = ("validate", "--as-of", "2026-11-23", "--no-waivers", "--format", "json")
        ours, theirs = (cli(*words, *at) for at in ((), ("--endpoint", server.url)))
        assert findings(theirs) == findings(ours)
        server.update("CLEAR NAMED")
        with pytest.raises(EmgraphError, match="no named graph there holds a thing of emgraph"):
            there(bare, question)


def test_too_many_graphs_to_name_is_an_error(real: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "_BEYOND", "SELECT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1")
    monkeypatch.setattr(endpoints, "MAX_GRAPHS", 3)
    with pytest.raises(EmgraphError, match="Make the default graph the union"):
        citing(Endpoint(real.url))


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    """The bundled graph and its ontology."""
    path = tmp_path / "bundled.nq"
    serialize(statements([*bundled(), *ontology()]), path, RdfFormat.N_QUADS)
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["members", "-p", "collaboration=EMOpSS", "--force", "Notts", "--as-of", "2018-09-30"],
        ["agreements-not-evidenced", "--as-of", "2026-11-23"],
        ["budget", "-p", "collaboration=EMSOU", "--format", "markdown", "--no-cite"],
        ["savings", "--no-labels"],
        ["members", "--force", "Noots"],
    ],
    ids=" ".join,
)
def test_the_command_line_says_the_same(real: Server, cli: Cli, words: list[str]) -> None:
    """The names in an answer, and of the values given, are those of the server's own data."""
    ours, theirs = cli("query", *words), cli("query", *words, "--endpoint", real.url)
    assert (theirs.code, theirs.out) == (ours.code, ours.out)
    assert ours.code == 0 or "Did you mean" not in theirs.err or theirs.err == ours.err


def test_help_lists_the_values_that_the_server_has(real: Server, cli: Cli) -> None:
    ours = cli("query", "members", "--help")
    theirs = cli("query", "members", "--help", "--endpoint", real.url)
    assert "Leics (Leicestershire Police)" in theirs.out
    assert "There: EMCHRS; " in theirs.out
    assert sorted(theirs.out.replace("There: ", "Here: ").split()) == sorted(ours.out.split())
    nowhere = cli("query", "members", "-h", "--endpoint", "http://127.0.0.1:9/sparql")
    assert (nowhere.code, nowhere.out) == (2, "")


def test_a_query_of_ones_own_is_asked_as_it_stands(real: Server, cli: Cli) -> None:
    count = "SELECT (COUNT(DISTINCT ?p) AS ?n) { GRAPH ?g { ?p a em:Paragraph } }"
    ours, theirs = cli("sparql", count), cli("sparql", count, "--endpoint", real.url)
    assert theirs.out == ours.out
    assert cli("sparql", "ASK { ?s ?p ?o }", "--endpoint", real.url).out == "true\n"
    assert cli("sparql", "ASK { ?s ?p 'nowhere' }", "--endpoint", real.url).out == "false\n"
    graph = "CONSTRUCT { ?s a em:Paragraph } WHERE { ?s a em:Paragraph }"
    ours, theirs = cli("sparql", graph), cli("sparql", graph, "--endpoint", real.url)
    assert sorted(theirs.out.splitlines()) == sorted(ours.out.splitlines())
    wrong = cli("sparql", "SELECT nonsense", "--endpoint", real.url)
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "does not take the query (400)" in wrong.err


def test_virtuoso_takes_a_digest(real: Server, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    if real.kind == "virtuoso":
        words = ["sparql", "ASK { ?s ?p ?o }", "--endpoint", f"{real.url}-auth"]
        assert "asks for a login (401)" in cli(*words).err
        monkeypatch.setenv("EMGRAPH_ENDPOINT_USER", "dba")
        monkeypatch.setenv("EMGRAPH_ENDPOINT_PASSWORD", "dba")
        assert cli(*words).out == "true\n"
        monkeypatch.setenv("EMGRAPH_ENDPOINT_PASSWORD", "wrong")
        assert "refuses the login (401)" in cli(*words).err
