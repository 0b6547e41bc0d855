"""The same query against an endpoint, here one that a test starts."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

from emgraph import isolate, queries, remote
from emgraph.errors import EmgraphError
from emgraph.files import bundled, ontology
from emgraph.store import load
from tests.conftest import Cli


class Endpoint(BaseHTTPRequestHandler):
    """Answers SPARQL over the bundled graph; says something else at /broken."""

    store: Store

    def do_POST(self) -> None:
        """Answer a query that was posted as a form."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/broken":
            self._send(200, b"<html>", "text/html")
            return
        if self.path == "/error":
            self._send(500, b"no", "text/plain")
            return
        answer = self.store.query(parse_qs(body.decode())["query"][0])
        if isinstance(answer, QueryTriples):
            self._send(200, answer.serialize(format=RdfFormat.N_TRIPLES) or b"", "text/n3")
        else:
            data = answer.serialize(format=QueryResultsFormat.JSON) or b""
            self._send(200, data, "application/sparql-results+json")

    def _send(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    Endpoint.store = load([*bundled(), *ontology()])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize("question", queries.catalogue(), ids=lambda question: question.name)
def test_a_question_has_the_same_answer_there(endpoint: str, question: queries.Question) -> None:
    text = question.bound({})
    here = isolate.answer_of_json(isolate.evaluate(Endpoint.store, text)[1:])
    assert remote.run(endpoint, text) == here


def test_graphs_and_truth(endpoint: str) -> None:
    assert remote.run(endpoint, "ASK { ?s ?p ?o }") is True
    triples = remote.run(endpoint, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3")
    assert isinstance(triples, list)
    assert len(triples) == 3


@pytest.mark.parametrize("path", ["/broken", "/error"])
def test_another_answer_is_an_error(endpoint: str, path: str) -> None:
    with pytest.raises(EmgraphError, match="no answer"):
        remote.run(endpoint + path, "ASK { ?s ?p ?o }")


def test_no_endpoint_and_no_guard_no_query(endpoint: str) -> None:
    for url in ("file:///etc/passwd", "nowhere"):
        with pytest.raises(EmgraphError, match="not an endpoint"):
            remote.run(url, "ASK {}")
    with pytest.raises(EmgraphError, match="SERVICE"):
        remote.run(endpoint, "ASK { SERVICE <http://127.0.0.1:9/> {} }")


def test_virtuoso_writes_typed_literals() -> None:
    bindings = b'[{"a":{"type": "typed-literal","value":"1"}}]'
    body = b'{"head":{"vars":["a"]},"results":{"bindings":' + bindings + b"}}"
    assert isinstance(isolate.answer_of_json(remote._modern(body)), isolate.Rows)


def test_the_command_line_asks_an_endpoint(endpoint: str, cli: Cli) -> None:
    here = cli("query", "signed-agreements", "--format", "csv")
    there = cli("query", "signed-agreements", "--format", "csv", "--endpoint", endpoint)
    assert (there.code, there.out) == (0, here.out)
    assert cli("sparql", "ASK { ?s ?p ?o }", "--endpoint", endpoint).out == "true\n"
