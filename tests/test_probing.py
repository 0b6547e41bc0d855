"""An endpoint is believed only when it has shown that it answers rightly."""

import json
from collections.abc import Callable

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from emgraph.servers import endpoints, probing
from emgraph.servers.remote import Endpoint
from emgraph.shacl.facts import NOTHING
from emgraph.sparql.isolate import Rows
from tests.conftest import Answer, Cli, Serve, Write

A, KIND, TYPE = (NamedNode(f"http://example.org/{name}") for name in ("a", "Kind", "type"))
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
STATED = Quad(A, RDF_TYPE, KIND, NamedNode("http://example.org/graph"))
MERGED = Quad(A, RDF_TYPE, KIND, DefaultGraph())
ROW = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'


def over(quads: list[Quad], change: Callable[[str], str] = str) -> Answer:
    """An engine over some statements, that hears a query otherwise."""
    store = Store()
    store.extend(quads)

    def answer(query: str) -> bytes:
        found = store.query(change(query))
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON) or b""

    return answer


def test_a_right_endpoint_passes(serve: Serve) -> None:
    place = probing.endpoint(serve(over([STATED, MERGED])), NOTHING, 10)
    assert place.number("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (over([]), "it holds no statement"),
        (over([STATED]), "its default graph is empty"),
        (over([MERGED]), "no named graphs"),
        (
            over([STATED, Quad(A, RDF_TYPE, TYPE)]),
            "its default graph lacks what its named graphs hold",
        ),
        (lambda _: ROW, "other columns"),
        (lambda _: b"<html></html>", "no SPARQL result"),
        (lambda _: b'{"head":{},"boolean":true}', "something else"),
        (over([STATED, MERGED], lambda q: q.replace("a ?same }", "a 1 }")), "NOT EXISTS"),
        (over([STATED, MERGED], lambda q: q.replace("MINUS", "OPTIONAL")), "MINUS"),
        (over([STATED, MERGED], lambda q: q.replace("REGEX(STR(?kind), ", "REGEX(1, ")), "regular"),
        (over([STATED, MERGED], lambda q: q.replace(">*)", ">)")), "a path of one or more steps"),
    ],
)  # fmt: skip
def test_a_wrong_one_is_refused_by_name(serve: Serve, cli: Cli, answer: Answer, words: str) -> None:
    url = serve(answer)
    said = cli("validate", "--endpoint", url)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(f"emgraph: {url}: ")
    assert words in said.err


def test_a_flood_is_stopped(serve: Serve, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST", 30)
    things = [NamedNode(f"https://w3id.org/emgraph/id/collaboration/{n}") for n in range(40)]
    kind = NamedNode("https://w3id.org/emgraph/ns/Collaboration")
    graphs = (DefaultGraph(), STATED.graph_name)
    flood = [Quad(thing, RDF_TYPE, kind, graph) for thing in things for graph in graphs]
    said = cli("validate", "--endpoint", serve(over(flood)), "--rule", "EMG301")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "more than 30 rows" in said.err


def unable(word: str) -> Answer:
    """An engine that breaks off its answer to what holds a word."""
    things = [NamedNode(f"https://w3id.org/emgraph/id/collaboration/{n}") for n in range(3)]
    kind = NamedNode("https://w3id.org/emgraph/ns/Collaboration")
    able = over(
        [Quad(t, RDF_TYPE, kind, g) for t in things for g in (DefaultGraph(), STATED.graph_name)]
    )
    return lambda query: able(query)[: 9 if word in query else None]


def test_a_question_without_an_answer_costs_its_rule_alone(serve: Serve, cli: Cli) -> None:
    for word, lost, kept in (
        ("nowhere", "", "EMG301"),
        ("isBlank", "EMG004", "EMG301"),
        ("signature> ?", "EMG301", "EMG201"),
    ):
        rules = ("--rule", "EMG301", "--rule", "EMG201", "--rule", "EMG004")
        words = ("validate", *rules, "--endpoint", url := serve(unable(word)), "--format", "json")
        said = cli(*words)
        assert said.code == (2 if lost else 1)
        report = json.loads(said.out)
        assert list(report["skipped"]) == ([lost] if lost else [])
        assert lost in ("", *report["unjudged"])
        assert kept in {finding["rule"] for finding in report["findings"]}
        assert lost not in {finding["rule"] for finding in report["findings"]}
        assert said.err.startswith(f"emgraph: {lost} could NOT be judged: {url}: ") or not lost


def test_a_count_without_an_answer_costs_no_finding(serve: Serve, cli: Cli) -> None:
    for word in ("AS ?n) WHERE { { SELECT DISTINCT ?this", "AS ?graphs)"):
        said = cli("validate", "--rule", "EMG301", "--endpoint", serve(unable(word)))
        assert said.code == 2
        assert "EMG301" in said.out
        assert "the counts of nodes" in said.err


@pytest.mark.parametrize(
    ("word", "lost"),
    [
        ("ns/Waiver>", "the waivers there"),
        ("FILTER(?p = <", "sources and names of what is found"),
        ("core#prefLabel", "sources and names of what is found"),
    ],
)
def test_waivers_and_words_without_an_answer_cost_no_finding(
    serve: Serve, cli: Cli, write: Write, word: str, lost: str
) -> None:
    waiver = write("w.ttl", 'waiver:x a em:Waiver ; em:ruleCode "EMG201" ; em:focus collab:x .')
    words = ("validate", "--rule", "EMG301", "--rule", "EMG007", "--waivers", waiver)
    said = cli(*words, "--endpoint", serve(unable(word)), "--format", "json")
    report = json.loads(said.out)
    assert said.code == 2
    assert [finding["rule"] for finding in report["findings"]] == ["EMG301"] * 3
    assert lost in report["skipped"]
    assert f"emgraph: {lost} could NOT be judged: " in said.err


def test_what_waivers_cover_may_not_be_answered(serve: Serve, cli: Cli, write: Write) -> None:
    waiver = """waiver:x a em:Waiver ; em:ruleCode "EMG301" ; em:focus em:Collaboration ;
        em:reason "So." ; em:owner post:steward ; em:granted "2025-01-01"^^xsd:date ;
        em:reviewBy "2030-01-01"^^xsd:date ."""
    words = ("validate", "--rule", "EMG301", "--waivers", write("w.ttl", waiver))
    assert cli(*words, "--endpoint", serve(unable("nowhere"))).code == 0
    said = cli(*words, "--endpoint", serve(unable("FILTER(?p = <")))
    assert said.code == 2
    assert "what waivers cover could NOT be judged" in said.err


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("SELECT ?x { FILTER EXISTS { { SELECT ?x { ?x ?p ?o } GROUP BY ?x } } }", True),
        ("SELECT ?x { ?x ?y ?z MINUS { ?s ?p ?z { SELECT ?s { ?s ?q ?r } GROUP BY ?s } } }", True),
        ("SELECT ?x { FILTER NOT EXISTS { ?x ?p ?o } } GROUP BY ?x", False),
        ("SELECT ?x { { SELECT ?x { ?x ?p ?o } GROUP BY ?x } FILTER EXISTS { ?x a ?y } }", False),
        ('SELECT ?x { FILTER EXISTS { ?x ?p "GROUP BY" } }', False),
    ],
)
def test_a_group_within_is_seen_at_any_depth(text: str, within: bool) -> None:
    assert probing._is_grouped_within(text) is within


def test_a_server_that_fails_too_often_is_asked_no_more(serve: Serve, cli: Cli) -> None:
    failing, asked = unable("?value"), list[str]()

    def _counted(query: str) -> bytes:
        asked.append(query)
        return failing(query)

    words = ("validate", "--endpoint", serve(_counted), "--format", "json")
    said = cli(*words)
    report = json.loads(said.out)
    assert said.code == 2
    assert report["findings"]
    after = [reason for reason in report["skipped"].values() if "10 questions before" in reason]
    assert len(after) > 30
    assert {"EMG002", "EMG006", "EMG008"} < {*report["skipped"]} <= {*report["unjudged"]}
    assert sum("?value" in query for query in asked) <= 10 + 1  # two are asked at a time


def test_a_connection_that_breaks_once_costs_one_rule_at_most(serve: Serve, cli: Cli) -> None:
    """Wherever that is once rules are asked."""
    whole, rules = unable("nowhere"), ("--rule", "EMG301", "--rule", "EMG201")
    asked = list[str]()

    def _counted(query: str) -> bytes:
        asked.append(query)
        return whole(query)

    words = ("validate", *rules, "--format", "json", "--endpoint")
    found = json.loads(cli(*words, serve(_counted)).out)["findings"]
    broken, url = "", serve(lambda text: whole(text)[: 9 if text == broken else None])
    for query in sorted({query for query in asked if "?this" in query})[:8]:
        broken = query
        said = cli(*words, url)
        report = json.loads(said.out)
        told, ours = (
            sorted(f["rule"] for f in all_ if f["rule"] not in report["skipped"])
            for all_ in (report["findings"], found)
        )
        assert told == ours
        assert len({"EMG301", "EMG201"} & {*report["skipped"]}) <= 1
        assert said.code == 2 or report["skipped"] == {}


def cut(answer: Answer, most: int) -> Answer:
    """An engine behind a proxy that cuts every answer to so many rows and tells nobody."""

    def _cut(query: str) -> bytes:
        said = json.loads(answer(query))
        said["results"]["bindings"] = said["results"]["bindings"][:most]
        return json.dumps(said).encode()

    return _cut


@pytest.mark.parametrize("most", [7, 10, 39])
def test_rows_that_are_cut_in_silence_are_put_together(serve: Serve, cli: Cli, most: int) -> None:
    things = [NamedNode(f"https://w3id.org/emgraph/id/collaboration/{n}") for n in range(40)]
    kind = NamedNode("https://w3id.org/emgraph/ns/Collaboration")
    graphs = (DefaultGraph(), STATED.graph_name)
    able = over([Quad(thing, RDF_TYPE, kind, graph) for thing in things for graph in graphs])
    words = ("validate", "--rule", "EMG301", "--rule", "EMG002", "--format", "json", "--endpoint")
    whole, parts = (
        json.loads(cli(*words, serve(answer)).out) for answer in (able, cut(able, most))
    )
    assert len(whole["findings"]) == 40
    assert parts["findings"] == whole["findings"]
    assert parts["unjudged"] == whole["unjudged"]


def test_rows_of_a_server_that_gave_many_are_counted_beyond_as_many_alone(serve: Serve) -> None:
    able, asked = cut(over([]), endpoints.MANY), []

    def answer(query: str) -> bytes:
        asked.append(query)
        return able(query)

    place = endpoints.capped(Endpoint(serve(answer), timeout=60))
    assert place.least == endpoints.MANY
    for many, questions in ((1_100, 1), (12_100, 18)):
        asked.clear()
        few, more = (" ".join(str(n) for n in range(size)) for size in (100, many // 100))
        query = f"SELECT ?a ?b WHERE {{ VALUES ?a {{ {few} }} VALUES ?b {{ {more} }} }}"
        found = endpoints.whole(place, query)
        assert isinstance(found, Rows)
        assert (len(found.rows), len(asked)) == (many, questions)


@pytest.mark.parametrize("most", [2, 37, 150, 1500])
def test_an_answer_that_is_cut_in_silence_is_given_whole(serve: Serve, cli: Cli, most: int) -> None:
    able = over([Quad(A, RDF_TYPE, NamedNode(f"http://example.org/{n}")) for n in range(2000)])
    words = ("sparql", "SELECT ?c WHERE { ?a a ?c } ORDER BY ?c", "--format", "csv", "--endpoint")
    whole, parts = (cli(*words, serve(answer)) for answer in (able, cut(able, most)))
    assert len(whole.out.splitlines()) == 2001
    assert (parts.out == whole.out) is (parts.code == 0) is (most > 2)


@pytest.mark.parametrize("most", [0, 1])
def test_a_server_that_leaves_one_row_is_refused(serve: Serve, cli: Cli, most: int) -> None:
    url = serve(cut(unable("nowhere"), most))
    said = cli("validate", "--endpoint", url)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(f"emgraph: {url}: of the 10,000 rows of a question it gives {most},")


def test_nobody_there(cli: Cli) -> None:
    said = cli("validate", "--endpoint", "http://127.0.0.1:9/sparql")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
