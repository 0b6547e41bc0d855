"""The servers that the tests start: they answer, they take data, and they end with their users."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from tests import conftest, servers
from tests.servers import Server

USER = """
import sys, time
from pathlib import Path
from tests import servers
with servers.shared("oxigraph", Path(sys.argv[1]), Path(sys.argv[2])) as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


def ask(url: str, query: str) -> list[str]:
    """The lines that a server answers, as CSV without its first line."""
    request = Request(f"{url}?query={quote(query)}", headers={"Accept": "text/csv"})
    with urlopen(request, timeout=30) as answer:
        return str(answer.read().decode()).split()[1:]


def alive(url: str) -> bool:
    """Whether a server answers."""
    with suppress(URLError, OSError):
        return ask(url, "SELECT (1 AS ?n) {}") == ["1"]
    return False


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    path = tmp_path / "a b é.nq"
    path.write_text(
        '<http://x/a> <http://x/p> "é" <http://x/g> .\n'
        '<http://x/a> <http://x/p> "é" <http://x/h> .\n'
        '_:b <http://x/p> "1" <http://x/g> .\n'
    )
    return path


def test_a_shared_server_has_the_bundled_graph(real: Server) -> None:
    (named,) = ask(real.url, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    (plain,) = ask(real.url, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    each = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    (once,) = ask(real.url, each)
    assert int(named) > int(once) > 5000
    assert plain == (once if real.kind == "oxigraph" else named)  # a merge, a union of bags


def test_a_server_of_ones_own_takes_data(tmp_path: Path, quads: Path) -> None:
    conftest.needed("oxigraph")
    subjects = "SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s <http://x/p> ?o } }"
    merge = 'SELECT (COUNT(*) AS ?n) { ?s <http://x/p> "é" }'
    with servers.running("oxigraph", tmp_path / "own", quads) as server:
        assert ask(server.url, subjects) == ["2"]
        assert ask(server.url, merge) == ["1"]
        quads.write_text('<http://x/c> <http://x/p> "1" <http://x/g> .\n')
        server.load(quads)
        assert ask(server.url, subjects) == ["1"]
        assert alive(server.url)
    assert not alive(server.url)


def test_a_shared_server_ends_when_its_last_user_is_killed(tmp_path: Path, quads: Path) -> None:
    conftest.needed("oxigraph")
    words = [sys.executable, "-c", USER, str(tmp_path / "shared"), str(quads)]
    users = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        urls = {user.stdout.readline().strip() for user in users if user.stdout}
        assert len(urls) == 1
        (url,) = urls
        users[0].kill()
        users[0].wait(10)
        time.sleep(0.2)
        assert alive(url)
    finally:
        for user in users:
            user.kill()
            user.communicate(timeout=10)
    deadline = time.monotonic() + 20
    while alive(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_missing_server_is_a_failure_in_ci_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install virtuoso-opensource-7-bin"):
        conftest.needed("virtuoso")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="virtuoso"):
        conftest.needed("virtuoso")
