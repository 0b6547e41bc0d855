"""What several tests need: small graphs in files, and the command line in this process."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, settings
from pyoxigraph import RdfFormat, serialize

from emgraph.cli.main import run
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import statements
from tests import servers

# How long an example takes says more of the machine than of the code.
settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anywhere")
# Where this runs in the background, interrupts are ignored, and so they would be in every child.
signal.signal(signal.SIGINT, signal.default_int_handler)

PREFIXES = """
@prefix em: <https://w3id.org/emgraph/ns/> .
@prefix emsh: <https://w3id.org/emgraph/shapes/> .
@prefix collab: <https://w3id.org/emgraph/id/collaboration/> .
@prefix agreement: <https://w3id.org/emgraph/id/agreement/> .
@prefix signature: <https://w3id.org/emgraph/id/signature/> .
@prefix waiver: <https://w3id.org/emgraph/id/waiver/> .
@prefix post: <https://w3id.org/emgraph/id/post/> .
@prefix date: <https://w3id.org/emgraph/id/date/> .
@prefix pcp19: <https://w3id.org/emgraph/id/source/pcp-2019-20/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

UNSIGNED = "pcp19:20 { pcp19:20 a em:Paragraph . collab:a a em:Collaboration ; rdfs:label 'Alpha' }"
SIGNED = (
    "pcp19:20 { pcp19:20 a em:Paragraph . collab:a a em:Collaboration ; rdfs:label 'Alpha' . "
    "agreement:a em:governs collab:a ; em:signature signature:a . signature:a a em:Signature }"
)


class Said(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Cli = Callable[..., Said]
Write = Callable[[str, str], Path]
Answer = Callable[[str], bytes]
Serve = Callable[[Answer], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small graph, the prefixes put before it, and give its path."""

    def put(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, encoding="utf-8")
        return path

    return put


@pytest.fixture
def cli(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command line in this process."""
    monkeypatch.delenv("EMGRAPH_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: object) -> Said:
        code = run([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    return call


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start endpoints that answer as they are told."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answer a query that was posted as a form."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = answer(parse_qs(body.decode())["query"][0])
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session", params=servers.KINDS)
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """A real server with the bundled graph and its ontology, one for the whole run: read only."""
    needed(request.param)
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / request.param
    quads = tmp_path_factory.mktemp("bundled") / "bundled.nq"
    serialize(statements([*bundled(), *ontology()]), quads, RdfFormat.N_QUADS)
    with servers.shared(request.param, folder, quads) as server:
        yield server


def needed(kind: str) -> None:
    """Skip, or in CI fail, where a kind of server is not installed."""
    if lacking := servers.missing(kind):
        if os.environ.get("CI") == "true":
            pytest.fail(lacking)
        pytest.skip(lacking)
