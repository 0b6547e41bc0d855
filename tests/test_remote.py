"""One request (`transport`, `login`): of servers that lie, dawdle, flood or break off.

The server here does what no real one can be made to do; real ones are in test_endpoints.py.
"""

import gzip
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal, NamedNode

from emgraph.errors import EmgraphError
from emgraph.servers import login, remote
from emgraph.servers.remote import Endpoint
from emgraph.sparql.isolate import Rows
from tests.conftest import Cli

JSON = "application/sparql-results+json"
GOOD = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}}]}}'
ASKED = "SELECT ?a { ?a ?b ?c }"


def said(vars_: list[str], *rows: dict[str, dict[str, str]]) -> bytes:
    """A result in JSON."""
    return json.dumps({"head": {"vars": vars_}, "results": {"bindings": rows}}).encode()


class Liar(BaseHTTPRequestHandler):
    """Answers each path in a way of its own, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, str]] = []  # noqa: RUF012
    tries = 0

    def do_POST(self) -> None:
        """Do what the path says."""
        length = int(self.headers.get("Content-Length", 0))
        query = parse_qs(self.rfile.read(length).decode()).get("query", [""])[0]
        Liar.asked.append((self.command, self.headers.get("Authorization", ""), query))
        self.close_connection = True
        getattr(self, self.path.strip("/").split("?")[0].replace("-", "_"))()

    def do_GET(self) -> None:
        """A GET comes only if a redirect made one of our POST."""
        Liar.asked.append(("GET", "", ""))
        self.send(b"", code=200)

    def send(self, body: bytes, kind: str = JSON, code: int = 200, **headers: str) -> None:
        """An answer; a header of a name with _ is one with -."""
        self.send_response(code)
        named = {"Content-Type": kind, "Content-Length": str(len(body))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def good(self) -> None:
        self.send(GOOD)

    def html(self) -> None:
        self.send(b"<html>", "text/html; charset=utf-8")

    def xml(self) -> None:
        self.send(b"<sparql/>", "application/sparql-results+xml")

    def cut(self) -> None:
        self.send(GOOD[:40])

    def short(self) -> None:
        self.send(GOOD, Content_Length="1000")

    def shape(self) -> None:
        self.send(b'{"results": [1, 2]}')

    def deep(self) -> None:
        self.send(b"[" * 1_000_000)

    def other(self) -> None:
        self.send(said(["b"]))

    def boolean(self) -> None:
        self.send(b'{"head":{},"boolean":true}')

    def empty(self) -> None:
        self.send(b"")

    def part(self) -> None:
        self.send(GOOD, code=206)

    def nothing(self) -> None:
        self.send(b"", code=204)

    def bomb(self) -> None:
        self.send(gzip.compress(b" " * 10_000_000), Content_Encoding="gzip")

    def flood(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        self.wfile.write(b'{"head":{"vars":["a"]},"results":{"bindings":[')
        while True:
            self.wfile.write(b"{}," * 100_000)

    def dribble(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b" ")
            time.sleep(0.05)

    def headers_dribble(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            self.wfile.write(b"x")
            time.sleep(0.05)

    def silent(self) -> None:
        time.sleep(3)

    def garbage(self) -> None:
        self.wfile.write(b"\x00\x01 who are you?\r\n\r\n")

    def hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def busy(self) -> None:
        Liar.tries += 1
        self.send(*((b"wait", "text/plain", 503) if Liar.tries < 3 else (GOOD,)), Retry_After="0")

    def overloaded(self) -> None:
        Liar.tries += 1
        self.send(b"", code=429, Retry_After="3600")

    def overloaded_until(self) -> None:
        self.send(b"", code=503, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT")

    def overloaded_somehow(self) -> None:
        self.send(b"", code=503, Retry_After="soon")

    def error(self) -> None:
        Liar.tries += 1
        page = (
            b"<html><title>x</title><style>p{}</style><b>out of</b>\x1b[31m\n space: s3cret</html>"
        )
        self.send(page, "text/html", 500)

    def wrong(self) -> None:
        self.send(b"line 3: syntax error", "text/plain", 400)

    def missing(self) -> None:
        self.send(b"", code=404)

    def private(self) -> None:
        self.send(b"", code=401, WWW_Authenticate='Negotiate realm="x"')

    def moved(self) -> None:
        self.send(b"", code=301, Location="/good")

    def loop(self) -> None:
        self.send(b"", code=307, Location="/loop")

    def see_other(self) -> None:
        self.send(b"", code=303, Location="/good")

    def to_file(self) -> None:
        self.send(b"", code=302, Location="file:///etc/passwd")

    def nowhere(self) -> None:
        self.send(b"", code=302)

    def away(self) -> None:
        port = self.headers["Host"].partition(":")[2]
        self.send(b"", code=308, Location=f"http://localhost:{port}/good")

    def old_types(self) -> None:
        cell = {"type": "typed-literal", "value": "2019-03-31", "datatype": "http://x/d"}
        self.send(said(["a"], {"a": cell}))

    def truth(self) -> None:
        cell = {"type": "typed-literal", "value": "1", "datatype": "http://x/i"}
        self.send(said(["__ASK_RETVAL"], {"__ASK_RETVAL": cell}))

    def graph(self) -> None:
        self.send(b"@prefix x: <http://x/> . x:a x:b 1, 2, 1 .", "text/turtle")

    def relative(self) -> None:
        self.send(b"<a> <b> <c> .", "text/turtle")


@pytest.fixture(scope="module")
def liar() -> Iterator[str]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that goes away is what we test."""

    server = Server(("127.0.0.1", 0), Liar)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No login and no proxy, and nothing asked so far."""
    for name in (login.USER, login.PASSWORD, login.TOKEN, "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    Liar.asked.clear()
    Liar.tries = 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("html", "a web page, no SPARQL results. Check the address"),
        ("xml", "it answers in application/sparql-results.xml, not in"),
        ("cut", "what is no SPARQL result"),
        ("short", "breaks off"),
        ("shape", "what is no SPARQL result"),
        ("deep", "what is no SPARQL result"),
        ("empty", "what is no SPARQL result"),
        ("other", r"other columns \(\?b\)"),
        ("boolean", "answers a SELECT with something else"),
        ("part", "only a part of the answer"),
        ("nothing", "no answer .status 204"),
        ("bomb", "packed"),
        ("flood", "larger than 64 MB|more than 1,000,000 rows"),
        ("garbage", "breaks off or is not HTTP"),
        ("hang-up", "breaks off or is not HTTP"),
        ("overloaded", "busy .429. and says to wait 3600 s"),
        ("overloaded-until", "busy .503. and says to wait"),
        ("error", r"no answer \(500\). It says: out of \[31m space: s3cret.$"),
        ("wrong", "does not take the query .400.. It says: line 3: syntax error"),
        ("missing", "no endpoint there .404.. Check the address"),
        ("private", "asks for a login .401.. Set EMGRAPH_ENDPOINT_USER"),
        ("loop", "more than 5 times"),
        ("see-other", "sends us to .*good.* .303."),
        ("to-file", "sends us to 'file:///etc/passwd'"),
        ("nowhere", "more than 5 times"),
    ],
)
def test_a_bad_answer_is_one_line(liar: str, path: str, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(EmgraphError, match=words) as caught:
        Endpoint(f"{liar}/{path}?key=hidden").run(ASKED)
    line = str(caught.value)
    assert line.startswith(f"{liar}/{path}: ")
    assert line.isprintable()
    assert "hidden" not in line
    assert len(line) < 700
    assert {method for method, _, _ in Liar.asked} == {"POST"}
    assert Liar.tries <= 1
    assert time.monotonic() - started < 15


def test_a_busy_server_is_quoted_only_where_it_says_when_to_ask(liar: str) -> None:
    with pytest.raises(EmgraphError, match=r"the server is busy \(503\)\. Ask later"):
        Endpoint(f"{liar}/overloaded-somehow", timeout=1).run(ASKED)


@pytest.mark.parametrize("path", ["dribble", "headers-dribble", "silent"])
def test_the_time_holds_however_a_server_dawdles(liar: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(EmgraphError, match="no whole answer in time"):
        Endpoint(f"{liar}/{path}", timeout=0.5).run(ASKED)
    assert time.monotonic() - started < 1.5


def test_a_busy_server_is_asked_again(liar: str) -> None:
    assert Endpoint(f"{liar}/busy").rows(ASKED).rows == [(Literal("1"),)]
    assert Liar.tries == 3
    assert {query for _, _, query in Liar.asked} == {ASKED}


def test_a_moved_server_gets_the_same_post(liar: str) -> None:
    assert Endpoint(f"{liar}/moved").rows(ASKED).rows
    assert Liar.asked == [("POST", "", ASKED)] * 2


def test_a_login_stays_with_its_host(liar: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(login.TOKEN, "abc.def")
    Endpoint(f"{liar}/moved").run(ASKED)
    assert [said for _, said, _ in Liar.asked] == ["Bearer abc.def"] * 2
    Liar.asked.clear()
    Endpoint(f"{liar}/away").run(ASKED)
    assert [said for _, said, _ in Liar.asked] == ["Bearer abc.def", ""]


def test_a_login_is_never_told(liar: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(login.USER, "mia")
    monkeypatch.setenv(login.PASSWORD, "s3cret")
    with pytest.raises(EmgraphError, match=r"space: \*\*\*"):
        Endpoint(f"{liar}/error").run(ASKED)
    with pytest.raises(EmgraphError, match=r"refuses the login \(401\)"):
        Endpoint(f"{liar}/private").run(ASKED)
    assert {said for _, said, _ in Liar.asked} == {"Basic bWlhOnMzY3JldA=="}


@pytest.mark.parametrize(
    ("user", "password", "token", "words"),
    [
        ("mia", "", "", "go together"),
        ("", "s3cret", "", "go together"),
        ("mia", "s3cret", "abc", "both set"),
        ("mia:x", "s3cret", "", "cannot hold"),
        ("mia", "s3cret\nX-Evil: 1", "", "cannot hold"),
        ("", "", "s3cret\r\nX-Evil: 1", "is not a token"),
        ("", "", "s3crét", "is not a token"),
    ],
)
def test_half_a_login_is_an_error(
    monkeypatch: pytest.MonkeyPatch, user: str, password: str, token: str, words: str
) -> None:
    for name, value in zip(("USER", "PASSWORD", "TOKEN"), (user, password, token), strict=True):
        monkeypatch.setenv(f"EMGRAPH_ENDPOINT_{name}", value)
    with pytest.raises(EmgraphError, match=words) as caught:
        Endpoint("http://127.0.0.1:9/")
    assert "s3cr" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "not an endpoint"),
        ("nowhere", "not an endpoint"),
        ("ftp://x/", "not an endpoint"),
        ("http://", "not an endpoint"),
        ("http://x:port/", "not an endpoint"),
        ("http://x y/", "not an endpoint"),
        ("http://x/\x1b[31m", "is not an endpoint"),
        ("http://x:99999/", "not an endpoint"),
        ("http://mia:s3cret@x/sparql", "^http://x/sparql: the address holds a name or password"),
        ("http://s3cret@x", "holds a name or password"),
        ("nowhere://mia:s3cret@x/", "not an endpoint"),
        ("http://127.0.0.1:9/", "nothing answers there"),
        ("http://no-such-host.invalid/", "no such host"),
        ("http://xn--.xn--/", "no such host|no answer"),
        ("http://" + "a" * 70 + ".invalid/", "no such host|no answer"),
    ],
)
def test_no_endpoint_is_one_line(url: str, words: str) -> None:
    with pytest.raises(EmgraphError, match=words) as caught:
        Endpoint(url, timeout=20).run(ASKED)
    assert str(caught.value).isprintable()
    assert "s3cret" not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, liar: str) -> None:
    made = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "1"]
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        with pytest.raises(EmgraphError, match="certificate is not trusted: self-signed"):
            Endpoint(f"https://127.0.0.1:{server.server_port}/good").run(ASKED)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
    with pytest.raises(EmgraphError, match="no secure connection"):
        Endpoint(liar.replace("http:", "https:")).run(ASKED)


def test_what_virtuoso_writes_is_read(liar: str) -> None:
    (row,) = Endpoint(f"{liar}/old-types").rows(ASKED).rows
    assert row == (Literal("2019-03-31", datatype=NamedNode("http://x/d")),)
    assert Endpoint(f"{liar}/truth").run("ASK { ?s ?p ?o }").answer is True


def test_a_graph_is_each_triple_once(liar: str) -> None:
    triples = Endpoint(f"{liar}/graph").run("CONSTRUCT WHERE { ?s ?p ?o }").answer
    assert isinstance(triples, list)
    assert len(triples) == 2
    with pytest.raises(EmgraphError, match="no SPARQL result"):
        Endpoint(f"{liar}/relative").run("CONSTRUCT WHERE { ?s ?p ?o }")


def test_columns_come_in_the_order_of_the_query(liar: str) -> None:
    assert remote.columns("SELECT ?b (1 AS ?a) { ?b ?c ?d }") == ("b", "a")
    assert remote.columns("SELECT DISTINCT * { ?b ?c ?d }") == ()
    assert Endpoint(f"{liar}/other").rows("SELECT * { ?b ?c ?d }") == Rows(("b",), [])


def test_the_guard_stands_before_the_server(liar: str) -> None:
    with pytest.raises(EmgraphError, match="SERVICE"):
        Endpoint(liar).run("ASK { SERVICE <http://127.0.0.1:9/> {} }")
    assert not Liar.asked


def test_the_form_of_a_query_is_not_what_its_comments_say() -> None:
    query = "# select\nPREFIX ask: <http://x/> CONSTRUCT {} WHERE {}"
    assert remote.form_of(query) == "CONSTRUCT"


def test_the_command_line_says_it_in_one_line(liar: str, cli: Cli) -> None:
    for verb in (["query", "signed-agreements"], ["sparql", ASKED]):
        ended = cli(*verb, "--endpoint", f"{liar}/html")
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    both = cli("query", "signed-agreements", "--endpoint", liar, "--data", "x.ttl")
    assert both.code == 2
    assert "Give one of them" in both.err
