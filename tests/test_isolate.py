"""Queries in a child process (`child`): right answers, and an end to the wrong ones."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from emgraph import child
from emgraph.errors import EmgraphError, QueryStopped, Stopped
from emgraph.sparql import guard, isolate

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    p, g = NamedNode("http://x/p"), NamedNode("http://x/g")
    store.extend(Quad(NamedNode(f"http://x/{i}"), p, Literal(i), g) for i in range(2000))
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


@pytest.mark.parametrize("fork", [True, False])
def test_every_form_of_answer(store: Store, fork: bool) -> None:
    rows = isolate.run(store, "SELECT ?s ?no { ?s ?p 3 }", fork=fork)
    assert rows == isolate.Rows(("s", "no"), [(NamedNode("http://x/3"), None)])
    assert isolate.run(store, "ASK { ?s ?p 3 }", fork=fork) is True
    triples = isolate.run(store, "CONSTRUCT { ?s a ?p } WHERE { ?s ?p 3 }", fork=fork)
    assert isinstance(triples, list)
    assert [triple.subject for triple in triples] == [NamedNode("http://x/3")]


@pytest.mark.parametrize("fork", [True, False])
def test_a_slow_query_is_stopped_in_time(store: Store, fork: bool) -> None:
    started = time.monotonic()
    with pytest.raises(QueryStopped, match=r"after \d\.\d s.*--timeout"):
        isolate.run(store, HEAVY, timeout=0.5, fork=fork)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("fork", [True, False])
def test_any_work_is_done_in_a_child_or_ended(fork: bool) -> None:
    assert child.call(str.encode, "é", fork=fork) == "é".encode()
    with pytest.raises(Stopped, match=r"after \d\.\d s\.$"):
        child.call(time.sleep, 60, timeout=0.3, fork=fork)  # type: ignore[arg-type]
    with pytest.raises(Stopped, match="SIGTERM"):
        child.call(signal.raise_signal, signal.SIGTERM, fork=fork)  # type: ignore[arg-type]


@pytest.mark.parametrize("fork", [True, False])
def test_a_large_query_is_stopped(store: Store, fork: bool) -> None:
    with pytest.raises(QueryStopped, match="memory"):
        isolate.run(store, HUGE, memory=100 * 2**20, fork=fork)


@pytest.mark.parametrize("fork", [True, False])
def test_a_query_opens_no_connection(
    store: Store, fork: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "check", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]
        with pytest.raises(EmgraphError):
            isolate.run(store, f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{}} }}", fork=fork)
        with pytest.raises(TimeoutError):
            server.accept()


def test_an_answer_that_would_fill_this_process_is_refused(store: Store) -> None:
    with pytest.raises(QueryStopped, match="larger than 64 MB"):
        isolate.run(store, "SELECT * { ?a ?b ?c . ?d ?e ?f }")


@pytest.mark.parametrize("expression", ["COUNT(*)", "GROUP_CONCAT(STR(?s); separator='')"])
def test_a_value_may_be_large_but_not_endless(store: Store, expression: str) -> None:
    query = f"SELECT ({expression} AS ?x) {{ ?s ?p ?o . {{ SELECT ?a {{ ?a ?b ?c }} LIMIT 600 }} }}"
    if expression == "COUNT(*)":
        assert isinstance(isolate.run(store, query), isolate.Rows)
    else:
        with pytest.raises(QueryStopped, match="larger than 16 MB"):
            isolate.run(store, query)


def test_a_new_process_runs_no_code_of_the_folder_it_is_in(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "emgraph").mkdir()
    (tmp_path / "emgraph" / "__init__.py").write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    assert isolate.run(store, "ASK { ?s ?p 3 }", fork=False) is True
    assert not (tmp_path / "ran").exists()


def test_a_crash_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "check", lambda *_: None)
    with pytest.raises(QueryStopped, match=r"nests too deep"):
        isolate.run(store, "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }")


def test_the_guard_stands_before(store: Store) -> None:
    with pytest.raises(EmgraphError, match="SERVICE"):
        isolate.run(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_a_wrong_query_says_where(store: Store) -> None:
    with pytest.raises(EmgraphError, match=r"line 2, column \d"):
        isolate.run(store, "SELECT *\n{ ! }")


def test_an_interrupt_leaves_no_child(store: Store) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    others, before = children.read_text(), signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            isolate.run(store, HEAVY, timeout=20)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert children.read_text() == others


def test_the_child_dies_with_its_parent(store: Store) -> None:
    """A parent that is killed while its query runs leaves nobody behind."""
    readable, writable = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.close(readable)
        try:
            isolate.run(store, HEAVY, timeout=60)
        finally:
            os._exit(0)
    os.close(writable)
    time.sleep(0.5)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    started = time.monotonic()
    assert os.read(readable, 1) == b""
    assert time.monotonic() - started < 10
    os.close(readable)


def test_threads_ask_at_once_and_none_waits_for_another(store: Store) -> None:
    def ask(number: int) -> float:
        started = time.monotonic()
        if number == 0:
            with pytest.raises(QueryStopped):
                isolate.run(store, HEAVY, timeout=4)
        else:
            assert isolate.run(store, "ASK {}", timeout=30) is True
        return time.monotonic() - started

    with ThreadPoolExecutor(8) as pool:
        _, *quick = pool.map(ask, range(40))
    assert max(quick) < 4


def test_rows_and_triples_may_not_be_too_many(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "MOST_ROWS", 3)
    monkeypatch.setattr(isolate, "MOST_TRIPLES", 3)
    for query, what in (("SELECT * {", "rows"), ("CONSTRUCT WHERE {", "triples")):
        with pytest.raises(QueryStopped, match=f"more than 3 {what}. Add LIMIT"):
            isolate.run(store, f"{query} ?s ?p ?o }}")
        assert isolate.run(store, f"{query} ?s ?p ?o }} LIMIT 3")
