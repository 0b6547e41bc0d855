"""Queries that mean harm: each is answered, cut or refused in time, in one clear line, at a price.

Each goes through the real command in a process of its own, whose memory and time are measured.
What the engine can answer quickly and small it may answer: only the price matters then.
"""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from emgraph.sparql.guard import MAX_DEPTH, MAX_LENGTH

EMGRAPH = [sys.executable, "-m", "emgraph"]
CUT = 0.5
MOST_MEMORY = 700 * 2**20
PORT = "{port}"
PLAIN = "?s ?p ?o"
ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"


class Ended(NamedTuple):
    """How a command ended, what it said, and the largest memory of it or its children (bytes)."""

    code: int
    err: str
    memory: int
    seconds: float


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A port at which nobody may call: whoever was called is told at the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def ask(folder: Path, query: str | bytes, *options: str) -> Ended:
    """Ask by a file, as the longest of these are too long for a command line."""
    file = folder / "q.rq"
    file.write_bytes(query if isinstance(query, bytes) else query.encode())
    started = time.monotonic()
    words = [*EMGRAPH, "sparql", "-f", str(file), "--timeout", str(CUT), *options]
    with (folder / "err").open("wb") as err, (folder / "out").open("wb") as out:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        watch = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.alarm(60)
        _, status, used = os.wait4(process.pid, 0)
        signal.alarm(0)
        signal.signal(signal.SIGALRM, watch)
        process.returncode = os.waitstatus_to_exitcode(status)
    said = (folder / "err").read_text()
    seconds = time.monotonic() - started
    return Ended(process.returncode, said, used.ru_maxrss * 1024, seconds)


def nested(opening: str, closing: str, times: int, core: str = PLAIN) -> str:
    """A text between so many brackets."""
    return opening * times + core + closing * times


def growing(step: str, times: int = 40) -> str:
    """A value that grows by a step, again and again."""
    steps = "".join(f"BIND({step.replace('#', f'?x{i}')} AS ?x{i + 1}) " for i in range(times))
    return f"SELECT ?x{times} {{ BIND('{'%' * 64}' AS ?x0) {steps} }}"


DEEP = MAX_DEPTH + 2
LONG = 8_000
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "braces": (nested("SELECT * {", "}", DEEP), "nests deeper"),
    "braces far too many": ("SELECT * " + nested("{", "}", 90_000, ""), "nests deeper"),
    "parentheses": (f"ASK {{ FILTER{nested('(', ')', DEEP, '1')} }}", "nests deeper"),
    "blank nodes": (f"ASK {{ ?s ?p {nested('[ ?p ', ']', DEEP, '1')} }}", "nests deeper"),
    "collections": (f"ASK {{ ?s ?p {nested('( ', ')', DEEP, '1')} }}", "nests deeper"),
    "paths in paths": (f"ASK {{ ?s {nested('(', ')*', DEEP, 'em:x')} ?o }}", "nests deeper"),
    "nots": (f"ASK {{ FILTER({'!' * DEEP}true) }}", "nests deeper"),
    "nots apart": (f"ASK {{ FILTER({'! ' * DEEP}true) }}", "nests deeper"),
    "minuses": (f"ASK {{ FILTER({'- ' * DEEP}1) }}", "nests deeper"),
    "functions": (f"ASK {{ FILTER({nested('ABS(', ')', DEEP, '1')}) }}", "nests deeper"),
    "not exists": (f"ASK {{ {nested('FILTER NOT EXISTS {', '}', DEEP, '')} }}", "nests deeper"),
    "sub-selects": (f"ASK {{ {nested('{ SELECT * {', '}}', DEEP, '')} }}", "nests deeper"),
    "only opened": ("{" * 150_000, "nests deeper"),
    "too long": ("ASK { " + "?s ?p ?o . " * (MAX_LENGTH // 10) + "}", "Shorten it"),
    "far too long": ("# " + "x" * 5_000_000, "Shorten it"),
    "service": (f"SELECT * {{ SERVICE <http://127.0.0.1:{PORT}/> {{ {PLAIN} }} }}", "SERVICE"),
    "service silent": (
        f"SELECT * {{ sErViCe\tSILENT <http://127.0.0.1:{PORT}/> {{ {PLAIN} }} }}",
        "SERVICE",
    ),
    "service escaped": (
        f"SELECT * {{ \\u0053ERV\\U00000049CE <http://127.0.0.1:{PORT}/> {{ {PLAIN} }} }}",
        "SERVICE",
    ),
    "service by a prefix": (
        f"PREFIX s: <http://127.0.0.1:{PORT}/> SELECT * {{ SERVICE s:x {{ {PLAIN} }} }}",
        "SERVICE",
    ),
    "service by a variable": (
        f"SELECT * {{ VALUES ?x {{ <http://127.0.0.1:{PORT}/> }} SERVICE ?x {{ {PLAIN} }} }}",
        "SERVICE",
    ),
    "service in exists": (
        f"ASK {{ {PLAIN} FILTER EXISTS {{ SERVICE <http://127.0.0.1:{PORT}/> {{ {PLAIN} }} }} }}",
        "SERVICE",
    ),
    "service behind a comment": (
        f"ASK {{ # '''\r SERVICE # {{\n <http://127.0.0.1:{PORT}/> {{ {PLAIN} }} }}",
        "SERVICE",
    ),
    "load": (f"LOAD <http://127.0.0.1:{PORT}/>", "only reads"),
    "update after update": ("CLEAR ALL ; INSERT DATA { <urn:a> <urn:b> 1 }", "only reads"),
    "update after a query": ("ASK {} ; DROP ALL", "only reads"),
    "from a file": (f"SELECT * FROM <file:///etc/passwd> {{ {PLAIN} }}", "not a graph"),
    "from the net": (
        f"SELECT * FROM NAMED <http://127.0.0.1:{PORT}/> {{ {PLAIN} }}",
        "not a graph",
    ),
    "from beside": (f"BASE <file:///etc/> ASK FROM <passwd> {{ {PLAIN} }}", "not a graph"),
    "from a prefix": (f"PREFIX f: <file:///> ASK FROM f:etc {{ {PLAIN} }}", "not a graph"),
    "nothing": ("", "is empty"),
    "a null": ("ASK { \0 }", "does not fit"),
    "control characters": ("ASK { \x1b[2J \x07 }", "does not fit"),
    "latin": (b"ASK { ?s ?p 'caf\xe9' }", "not UTF-8"),
    "half a character": (b"ASK { ?s ?p '\xed\xa0\x80' }", "not UTF-8"),
    "utf-16": ("ASK {}".encode("utf-16"), "not UTF-8"),
    "a huge limit": (f"SELECT * {{ {PLAIN} }} LIMIT 99999999999999999999999", "limit"),
    "a regular expression that swells": (
        f"ASK {{ FILTER(REGEX('a', '{nested('(', '{100})', 6, 'a')}')) }}",
        "",
    ),
}
COSTLY = {
    "cartesian": f"SELECT * {{ {ALL} }}",
    "cartesian counted": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "cartesian sorted": f"SELECT * {{ {ALL} }} ORDER BY ?i",
    "cartesian, each once": f"SELECT DISTINCT ?a ?d ?g {{ {ALL} }}",
    "cartesian constructed": f"CONSTRUCT {{ [] ?b [ ?e [] ] }} WHERE {{ {ALL} }}",
    "cartesian skipped": f"SELECT * {{ {ALL} }} OFFSET 9999999999",
    "described": f"DESCRIBE * {{ {ALL} }}",
    "empty rows": f"SELECT ?x {{ {ALL} }}",
    "tiny triples": f"CONSTRUCT {{ [] <urn:p> 1 }} WHERE {{ {ALL} }}",
    "numbers of a list": (
        f"SELECT * {{ {PLAIN} FILTER(?o IN ({','.join(map(str, range(LONG)))})) }}"
    ),
    "all by chance": f"SELECT ?a {{ {ALL} }} ORDER BY RAND() LIMIT 5",
    "groups": f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {ALL} }} GROUP BY ?a ?d",
    "digests": f"SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f)))) AS ?m) {{ {ALL} }}",
    "not in not": (
        f"SELECT * {{ {PLAIN} FILTER NOT EXISTS {{ {ALL} FILTER(?a != ?s && ?d != ?p) "
        "FILTER NOT EXISTS { ?x ?y ?z FILTER(?x != ?a) } } }"
    ),
    "paths in graphs": "SELECT * { GRAPH ?g { ?a (!em:x|^em:x)+ ?b . ?b (!em:x)* ?c } }",
    "values by values": (
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * LONG} }} VALUES ?y {{ {'1 ' * LONG} }} "
        f"VALUES ?z {{ {'1 ' * LONG} }} }}"
    ),
    "endless paths": (
        "SELECT * { ?a (!em:x)* ?b . ?b (em:x|!em:x|^em:x|!^em:x)* ?c . ?d (!em:x)* ?e }"
    ),
    "stars on stars": f"SELECT * {{ ?a {nested('(', '*)', 100, 'em:x')} ?b . ?c !em:x* ?d }}",
    "a doubling": growing("CONCAT(#, #)"),
    "a replacing": growing("REPLACE(#, '%', '%%%%%%%%%%%%%%%%')", 12),
    "an encoding": growing("ENCODE_FOR_URI(CONCAT(#, #))", 20),
    "a concatenation": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) {{ {ALL} }}",
    "regular expressions": (
        "SELECT * { ?s ?p ?o . ?a ?b ?c "
        "FILTER(REGEX(STR(?o), CONCAT('(\\\\w{200}|', ENCODE_FOR_URI(STR(?c)), '){20}'))) }"
    ),
    "identifiers": f"SELECT (COUNT(DISTINCT ?u) AS ?n) {{ {ALL} BIND(UUID() AS ?u) }}",
    "unions": f"SELECT (COUNT(*) AS ?n) {{ {'{{?s ?p ?o} UNION {?o ?p ?s}}' * 20} }}",
    "optionals": f"SELECT * {{ {PLAIN} {'OPTIONAL { ?o ?q ?r . ?t ?u ?v }' * 30} }}",
    "many patterns": f"SELECT * {{ {f'{PLAIN} . ' * LONG} }}",
    "a long chain": f"SELECT * {{ {''.join(f'?s{i} ?p ?s{i + 1} . ' for i in range(LONG))} }}",
    "a long path": f"SELECT * {{ ?s {'/'.join(['em:x'] * LONG)} ?o }}",
    "a long choice": f"SELECT * {{ ?s {'|'.join(['em:x'] * LONG)} ?o }}",
    "many unions": f"SELECT * {{ {' UNION '.join(['{?s ?p 1}'] * LONG)} }}",
    "many optionals": f"SELECT * {{ {'OPTIONAL{?s ?p 1}' * LONG} }}",
    "many filters": f"SELECT * {{ {PLAIN} {'FILTER(?o=1)' * LONG} }}",
    "many ands": f"ASK {{ {PLAIN} FILTER({'&&'.join(['?o=1'] * LONG)}) }}",
    "many ors": f"ASK {{ {PLAIN} FILTER({'||'.join(['?o=1'] * LONG)}) }}",
    "many sums": f"ASK {{ {PLAIN} FILTER({'+'.join(['1'] * LONG * 6)} > 0) }}",
    "many binds": f"ASK {{ {''.join(f'BIND(1 AS ?v{i})' for i in range(LONG))} }}",
    "a long list": f"ASK {{ ?s ?p ({'1 ' * LONG * 6}) }}",
    "many graphs": f"SELECT * {{ {'GRAPH ?g{?s ?p 1}' * (LONG // 2)} }}",
}
HARMLESS = {
    "many values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * LONG * 6} }} }}",
    "great numbers": "SELECT (99999999999999999 * 9e99 AS ?x) (-9223372036854775808 - 1 AS ?y) {}",
    "great dates": (
        "SELECT (xsd:date('99999999999999-02-30') AS ?x) (YEAR('0000-01-01') AS ?y) {}"
    ),
    "odd substrings": "SELECT (SUBSTR('a', -9e99, 9e99) AS ?x) (SUBSTR('a', 2, -5) AS ?y) {}",
    "patterns on end": f"ASK {{ FILTER(REGEX('{'a' * 40}!', '^(a+)+$')) }}",
    "a mark at the start": "\ufeffASK {}",
    "a null in a string": "ASK { ?s ?p 'a\0b' }",
    "service in words": "ASK { ?SERVICE em:note 'SERVICE <http://x/> {' } # SERVICE <x> {}",
    "brackets in words": f"ASK {{ ?s ?p '{'{' * 5000}' }} # {'(' * 5000}",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path, port: int) -> None:
    query, said = REFUSED[name]
    text = query.replace(PORT, str(port)) if isinstance(query, str) else query
    ended = ask(tmp_path, text)
    assert ended.code == 2 or not said
    assert ended.seconds < 20
    assert ended.memory < MOST_MEMORY
    if said:
        lines = ended.err.splitlines()
        assert lines[0].startswith("emgraph: ")
        assert said in ended.err
        assert len(lines) <= 5
        assert ended.err.replace("\n", "").isprintable()


@pytest.mark.parametrize("name", COSTLY)
def test_cut(name: str, tmp_path: Path) -> None:
    ended = ask(tmp_path, COSTLY[name], "--format", "csv")
    assert ended.code in (0, 2), ended
    assert ended.seconds < 20
    assert ended.memory < MOST_MEMORY
    if ended.code == 2:
        assert ended.err.startswith(("emgraph: the query was stopped", "emgraph: the answer "))
        assert len(ended.err.splitlines()) == 1


def test_an_answer_that_takes_long_to_write_is_cut(tmp_path: Path) -> None:
    ended = ask(
        tmp_path,
        f"SELECT (1 AS ?x) {{ {ALL} }} LIMIT 400000",
        *("--format", "xlsx", "--timeout", "4"),
    )
    assert ended.code == 2
    assert ended.err.startswith(("emgraph: the answer was not written", "emgraph: the query was"))
    assert ended.seconds < 20
    assert ended.memory < MOST_MEMORY


@pytest.mark.parametrize("name", HARMLESS)
def test_answered(name: str, tmp_path: Path) -> None:
    ended = ask(tmp_path, HARMLESS[name], "--timeout", "20")
    assert ended.code == 0, ended
    assert ended.memory < MOST_MEMORY


@pytest.mark.parametrize("timeout", ["0.001", "0.5", "86400"])
def test_every_time_limit_works(timeout: str, tmp_path: Path) -> None:
    ended = ask(tmp_path, "ASK {}", "--timeout", timeout)
    assert ended.code == 0 or (timeout < "1" and "the query was stopped after 0." in ended.err)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_with_its_child(sent: signal.Signals) -> None:
    query = COSTLY["cartesian counted"]
    with subprocess.Popen([*EMGRAPH, "sparql", query], stderr=subprocess.PIPE) as process:
        try:
            child = child_of(process.pid)
            process.send_signal(sent)
            _, err = process.communicate(timeout=5)
        finally:
            process.kill()
    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    assert err.strip() == b""
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}/stat").exists()


def child_of(parent: int) -> int:
    """The first child of a process, once it has one that has been working for a moment."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if children:
            time.sleep(0.2)
            return int(children[0])
        time.sleep(0.02)
    raise AssertionError("no child")


@pytest.mark.parametrize("verb", ["sparql", "schema", "load"])
def test_a_signal_ends_the_reading_of_a_file_at_once(verb: str, tmp_path: Path) -> None:
    """The engine reads a file in one call, which Python by itself waits for."""
    data = large(tmp_path)
    words = {
        "sparql": ["sparql", "ASK {}", "--data", data],
        "schema": ["schema", "--data", data],
        "load": ["load", data, "-o", tmp_path / "store"],
    }[verb]
    with subprocess.Popen([*EMGRAPH, *map(str, words)], stderr=subprocess.PIPE) as process:
        try:
            used, earlier = once_reading(process.pid), cpu_of_children()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, err.strip()) == (130, b"")
    assert cpu_of_children() - earlier - used < 1, "it reads on for more than two"
    assert [path.name for path in tmp_path.iterdir()] == ["large.nt"]


def test_a_signal_leaves_the_terminal_its_cursor(tmp_path: Path) -> None:
    """The progress bar hides it."""
    words = ["load", str(large(tmp_path)), "-o", str(tmp_path / "store")]
    ours, theirs = os.openpty()
    with subprocess.Popen([*EMGRAPH, *words], stderr=theirs) as process:
        try:
            once_reading(process.pid)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
            os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert shown.count(b"\x1b[?25l") > 0
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l")
    assert [path.name for path in tmp_path.iterdir()] == ["large.nt"]


def large(folder: Path) -> Path:
    """A file that the engine reads for seconds."""
    data = folder / "large.nt"
    line = '<urn:subject:{}> <urn:p> "a value" .\n'
    data.write_text("".join(map(line.format, range(700_000))))
    return data


def once_reading(process: int) -> float:
    """The seconds of CPU that a process has used, once it holds more than the text of that file."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        held = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
        if held and int(held[1]) > 120_000:
            used = Path(f"/proc/{process}/stat").read_text().split()[13:15]
            return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
        time.sleep(0.02)
    raise AssertionError("it reads nothing")


def cpu_of_children() -> float:
    """The seconds of CPU that processes have used that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
