"""Files, folders and shapes that mean harm or are merely broken, through the real command.

Every one: the right exit code, a few clear lines that name the file, no traceback, no fetch, and no
end of time or memory.
"""

import gzip
import json
import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emgraph.intake import LEVELS
from tests.conftest import Cli

P = b"@prefix e: <http://e/> .\n"
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" '
    b'xmlns:xi="http://www.w3.org/2001/XInclude">'
)
THING = b"<e:A rdf:about='http://e/a'>"
MANY = 50_000
LONG = b"a" * (17 * 2**20)

# name, bytes, place, words: each is EMG001 in that place, and the exit code is 1
BROKEN: list[tuple[str, bytes, str, str]] = [
    ("trunc.ttl", P + b"e:a e:b 'x", "2:9", "has no end"),
    ("utf16.ttl", "<http://e/a>".encode("utf-16"), "1:1", "UTF-16"),
    ("utf16le.ttl", "<http://e/a>".encode("utf-16-le"), "1:1", "UTF-16"),
    ("utf32.ttl", "<http://e/a>".encode("utf-32"), "1:1", "UTF-32"),
    ("latin1.ttl", P + b"e:a e:b 'caf\xe9' .", "2:13", "0xE9"),
    ("overlong.ttl", P + b"e:a e:b '\xc0\xaf' .", "2:10", "0xC0"),
    ("surrogate.ttl", P + b"e:a e:b '\\uD800' .", "2:10", "D800"),
    ("surrogate.jsonld", b'{"@id":"http://e/a","http://e/b":"\\uD800"}', "1:34", ""),
    ("nul.ttl", P + b"e:a e:b '\0' .", "2:10", "NUL"),
    ("escape.ttl", P + b"e:a e:b \x1b]0;owned\x07 .", "2:9", ""),
    ("turned.ttl", P + "e:a e:b \u202e .".encode(), "2:9", ""),
    ("mac.ttl", b"@prefix e: <http://e/> .\re:a e:b e:c .\re:d e:e", "3:8", ""),
    ("archive.ttl", gzip.compress(P), "1:1", "gzip"),
    ("office.ttl", b"PK\x03\x04\x14\x00", "1:1", "office document"),
    ("paper.ttl", b"%PDF-1.7\n%\xe2\xe3", "1:1", "PDF"),
    ("page.ttl", b"<!DOCTYPE html><html></html>", "1:1", ""),
    ("query.ttl", b"SELECT * WHERE { ?s ?p ?o }", "1:1", "SELECT"),
    ("deep.ttl", P + b"e:a e:b " + b"[ e:b " * MANY, "2:300009", ""),
    ("quoted.ttl", P + b"e:a e:b " + b"<<( e:a e:b " * MANY + b" )>>" * MANY, "2:", "nests"),
    ("quoted.nt", b"<http://a> <http://b> " + b"<<( <http://a> <http://b> " * MANY, "1:", "nests"),
    ("statement.ttl", b"<< <http://a> <http://b> <http://c> >> <http://d> 1 .", "", "RDF 1.2"),
    ("relative.ttl", b"<a> <b> <c> .", "1:1", "relative IRI"),
    ("space.ttl", b"<http://e/a b> <http://e/b> <http://e/c> .", "1:1", "IRI"),
    ("prefix.ttl", b"@prefix e: <http://e/" + b"a" * 99_999 + b"> . " + b"e:a e:b e:c ." * 9, "1:12", ""),  # noqa: E501
    ("unknown.ttl", b"e" * 100_000 + b":a a a .", "1:1", "prefix"),
    ("literal.ttl", P + b"e:a e:b '" + LONG + b"' .", "2:10", "16 MiB"),
    ("comment.ttl", P + b"#" + LONG, "2:1", "16 MiB"),
    ("five.nq", b"<http://a> <http://b> <http://c> <http://d> <http://e> .", "1:45", ""),
    ("four.nt", b"<http://a> <http://b> <http://c> <http://d> .", "1:34", ""),
    ("open.rdf", RDF + THING, "1:", "XML"),
    ("deep.rdf", RDF + b"<e:A><e:b>" * MANY, "1:", "nests"),
    ("wide.rdf", RDF + b"<e:A " + b" ".join(b"e:a%d=''" % n for n in range(1001)) + b"/>", "1:", "attributes"),  # noqa: E501
    ("laughs.rdf", b'<!DOCTYPE r [<!ENTITY l "l"><!ENTITY m "&l;&l;">]>' + RDF, "1:14", "entities"),
    ("external.rdf", b'<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>', "1:14", ""),
    ("nbsp.rdf", RDF + THING + b"<e:b>&nbsp;</e:b></e:A></rdf:RDF>", "1:", "entity"),
    ("include.rdf", RDF + THING + b"<e:b><xi:include href='/etc/passwd'/>", "1:", "XML"),
    ("utf16.rdf", b'<?xml version="1.0" encoding="UTF-16"?>' + RDF + b"</rdf:RDF>", "", "UTF-8"),
    ("remote.jsonld", b'{"@context":"http://127.0.0.1:9/c"}', "", "never fetched"),
    ("import.jsonld", b'{"@context":{"@import":"file:///etc/passwd"}}', "", "never fetched"),
    ("deep.jsonld", b'{"http://e/b":' * MANY + b"1" + b"}" * MANY, "1:", "nests"),
    ("context.jsonld", b'{"@context":{"a":' * MANY + b"1" + b"}}" * MANY, "1:", "nests"),
    ("number.jsonld", b" 42", "1:2", "object"),
    ("twice.jsonld", b'{"@id":"http://e/a","@id":"http://e/b"}', "", "twice"),
    ("nothing.jsonld", b"", "1:1", "end of file"),
    ("-dash.ttl", b"x", "1:1", "x"),
    ("two\nlines.ttl", b"x", "1:1", "x"),
    ("\x1b[31m.ttl", b"x", "1:1", "x"),
]  # fmt: skip
# Those that can be read, whatever they are; the exit code is 2, as no rule looks at them
HARMLESS: list[tuple[str, bytes]] = [
    ("empty.ttl", b""),
    ("mark.ttl", b"\xef\xbb\xbf" + P + b"e:a e:b e:c ."),
    ("windows.ttl", P.replace(b"\n", b"\r\n") + b"e:a e:b e:c ."),
    ("control.ttl", P + b"e:a e:b '\x1b[31m\\u0000\\u202E' ."),
    ("numbers.ttl", P + b"e:a e:b " + b"9" * 100_000 + b", 1e99999999 ."),
    ("iri.ttl", b"<http://e/" + b"a" * 1_000_000 + b"> <http://e/b> <http://e/c> ."),
    ("import.ttl", b"<http://e/a> <http://www.w3.org/2002/07/owl#imports> <file:///etc/passwd> ."),
    ("doctype.rdf", b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x">' + RDF + THING + b"</e:A></rdf:RDF>"),  # noqa: E501
    ("number.jsonld", b'{"@id":"http://e/a","http://e/b":1e999999999}'),
]  # fmt: skip
SH = b"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
S = SH + b"e:S a sh:NodeShape ; sh:targetClass e:C ; "
ASKS = S + b'sh:sparql [ sh:select "%s" ] .'
CARTESIAN = b" . ".join(b"?a%d ?b%d ?c%d" % (n, n, n) for n in range(30))
# shapes and words: no verdict, exit code 2, and the file is named
SHAPES: dict[str, tuple[bytes, str]] = {
    "truncated": (b"e:S a sh:NodeShape ;; [ ", "1:1"),
    "recursive": (S + b"sh:property [ sh:path e:p ; sh:node e:S ] .", "recursive"),
    "recursive-twice": (S + b"sh:node e:T . e:T sh:not e:S .", "recursive"),
    "two-paths": (S + b"sh:property [ sh:path e:p, e:q ; sh:minCount 1 ] .", "several sh:path"),
    "no-path": (S + b"sh:property [ sh:minCount 1 ] .", "sh:path"),
    "literal": (S + b'sh:property "x" .', "sh:path"),
    "literal-node": (S + b'sh:node "x" .', "where a shape should"),
    "switch": (S + b'sh:closed "maybe" .', "true nor false"),
    "kind": (S + b"sh:nodeKind e:Iri .", "sh:BlankNode"),
    "recursive-unused": (S + b"sh:or ( e:T ) . e:T sh:property e:U . e:U sh:path e:z ; "
                         b"sh:node e:T .", "recursive"),
    "literal-path": (S + b"sh:property [ sh:path 3 ; sh:minCount 1 ] .", "sh:path is a literal"),
    "long-list": (S + b"sh:in ( " + b"1 " * 100_001 + b") .", "the shapes"),
    "circular-list": (S + b"sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; "
                      b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .", "list"),
    "circular-path": (S + b"sh:property [ sh:path _:p ] . _:p sh:inversePath _:p .", "path"),
    "bad-pattern": (S + b'sh:property [ sh:path e:p ; sh:pattern "(" ] .', "run"),
    "count": (S + b'sh:property [ sh:path e:p ; sh:minCount "x" ] .', "whole number"),
    "service": (ASKS % b"SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }", "SERVICE"),  # noqa: E501
    "from": (ASKS % b"SELECT $this FROM <file:///etc/passwd> WHERE { $this ?p ?o }", "FROM"),
    "update": (ASKS % b"DELETE WHERE { ?s ?p ?o }", "DELETE"),
    "construct": (ASKS % b"CONSTRUCT WHERE { $this ?p ?o }", "SELECT"),
    "nested": (ASKS % (b"SELECT $this " + b"{" * 5000 + b"}" * 5000), "nests"),
    "endless": (ASKS % (b"SELECT $this { $this ?p ?o . " + CARTESIAN + b" }"), "--timeout"),
    "pasted": (S + b'sh:sparql [ sh:prefixes e:o ; sh:select "SELECT $this { $this x:p ?o }" ] . e:o '  # noqa: E501
               b'sh:declare [ sh:prefix "x" ; sh:namespace "http://e/> SELECT * { } #" ] .', "IRI"),
    "deep": (S + b"sh:node e:n0 . "
             + b"".join(b"e:n%d sh:node e:n%d . " % (n, n + 1) for n in range(3000)), "deep"),
    "entailment": (S + b"sh:entailment <http://www.w3.org/ns/entailment/RDFS> .", "entailment"),
}  # fmt: skip

DIGEST = b"7b6713c1f4a52e964f5db57eabef294b6d04e90e"
DANGEROUS = {"circular-list", "deep", "endless", "nested"}


def run(folder: Path, *words: object, given: bytes = b"") -> tuple[int, str]:
    """The exit code of the command and all that it says; it may take 2 GiB and some time."""

    def _limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    done = subprocess.run(
        [sys.executable, "-m", "emgraph", *map(str, words)],
        cwd=folder,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=_limit,
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert "is a bug" not in said
    assert all(c.isprintable() or c in "\n\t" for c in said)
    assert "root:" not in said
    return done.returncode, said


def named(name: str) -> str:
    """A file as a report on one line names it."""
    return name.replace("\n", " ").replace("\x1b", "\ufffd")


def test_what_is_broken_is_told_with_its_place(tmp_path: Path) -> None:
    """All at once: none keeps the others from being told, and each is one line."""
    for name, data, _, _ in BROKEN:
        (tmp_path / name).write_bytes(data)
    code, said = run(tmp_path, "validate", "--format", "concise", ".", "--rule", "EMG001")
    assert code == 1
    lines = said.splitlines()
    for name, _, place, words in BROKEN:
        (line,) = [line for line in lines if line.startswith(f"{named(name)}:")]
        assert line.startswith(f"{named(name)}:{place}"), line
        assert words in line
        assert "EMG001 violation" in line
        assert len(line) < 500
    assert len(lines) < len(BROKEN) + 6


@pytest.mark.parametrize("name", [f"deep.{kind}" for kind in ("ttl", "rdf", "jsonld")])
@pytest.mark.parametrize("verb", ["sparql", "export", "describe"])
def test_other_verbs_refuse_what_is_broken(tmp_path: Path, verb: str, name: str) -> None:
    data = next(data for other, data, _, _ in BROKEN if other == name)
    (tmp_path / name).write_bytes(data)
    words = {"sparql": ["ASK {}"], "export": [], "describe": ["http://e/a"]}[verb]
    code, said = run(tmp_path, verb, "--data", name, *words)
    assert code == 2
    assert said.startswith(f"emgraph: {name}:")
    assert said.count("\n") == 1


def test_what_is_odd_but_right_is_read(tmp_path: Path) -> None:
    for name, data in HARMLESS:
        (tmp_path / name).write_bytes(data)
    code, said = run(tmp_path, "validate", ".", "--format", "json")
    assert code in (1, 2)
    told = json.loads(said[: said.rindex("}") + 1])["findings"]
    assert "EMG001" not in {finding["rule"] for finding in told}


def test_every_date_that_is_none_is_told(tmp_path: Path) -> None:
    dates = (
        "99999999999",
        "0000",
        "2019-02-30",
        "%FF%00%1B",
        "%5B..%5D",
        "%5B,,%5D",
        "",
        "9999-24",
    )
    uses = ", ".join(f"<https://w3id.org/emgraph/id/date/{date}>" for date in dates)
    agreement = "<http://e/a> a <https://w3id.org/emgraph/ns/Agreement> ; <http://e/on>"
    (tmp_path / "a.ttl").write_text(f"{agreement} {uses} .")
    words = ("validate", "a.ttl", "--rule", "EMG010", "--format", "concise", "--fail-on", "info")
    code, said = run(tmp_path, *words)
    assert code == 1
    assert said.count("a.ttl:1:") == len(dates)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have 107 bytes and no more
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.ttl")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


ODD: list[tuple[Callable[[Path], None], str]] = [
    (_fifo, "not a plain file"),
    (_socket, "not a plain file"),
    (_dangling, "leads nowhere"),
    (_loop, "leads back to itself"),
    (_device, "not a plain file"),
]


def test_what_is_no_file_stops_nothing_in_a_folder(tmp_path: Path) -> None:
    """In a folder it is a finding; where somebody names it there is no verdict."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.ttl").write_text("<http://e/a> a <https://w3id.org/emgraph/ns/Board> .")
    for make, _ in ODD:
        make(tmp_path / f"d/{make.__name__}.ttl")
    code, said = run(tmp_path, "validate", "d", "--rule", "EMG001", "--format", "concise")
    assert code == 1
    for make, words in ODD:
        assert re.search(rf"^d/{make.__name__}.ttl: EMG001 violation.*{words}", said, re.MULTILINE)
    ways = [(), ("d/a.ttl", "--shapes"), ("d/a.ttl", "--waivers")]
    for number, (make, words) in enumerate(ODD):
        code, said = run(tmp_path, "validate", *ways[number % 3], f"d/{make.__name__}.ttl")
        assert (code, said.count("\n")) == (2, 1)
        assert said.startswith(f"emgraph: d/{make.__name__}.ttl: ")
        assert words in said


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (["validate", ""], b"", "names nothing"),
        (["validate", "deep"], b"", "no RDF file"),
        (["validate", "plain"], b"", "--input-format"),
        (["validate", "missing.ttl"], b"", "no such file"),
        (["validate", "/dev/zero", "--input-format", "ttl"], b"", "not a plain file"),
        (["validate", "sparse.ttl"], b"", "4 GiB"),
        (["validate", "plain", "--input-format", "ttl", "--baseline", "/dev/zero"], b"", "file"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, words: list[str], given: bytes, told: str
) -> None:
    below = tmp_path / "deep"
    for _ in range(100):
        below = below / "d"
    below.mkdir(parents=True)
    (tmp_path / "plain").write_text("<http://e/a> a <http://e/B> .")
    with (tmp_path / "sparse.ttl").open("wb") as sparse:
        sparse.truncate(5 * 2**30)
    code, said = run(tmp_path, *words, given=given)
    assert (code, said.count("\n")) == (2, 1), said
    assert told in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_what_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    """As a user who is nobody: the modules are imported before, as they may be out of reach too."""
    data = "<http://e/a> a <https://w3id.org/emgraph/ns/Board> ."
    (tmp_path / "shut").mkdir(mode=0o700)
    for name in ("ok.ttl", "no.ttl", "shut/a.ttl"):
        (tmp_path / name).write_text(data)
    (tmp_path / "no.ttl").chmod(0o600)
    tmp_path.chmod(0o755)
    script = (
        "import os, sys; from emgraph.cli.main import run\n"
        "run(['validate', 'ok.ttl', '--shapes', 'no.ttl']); os.setuid(65534)\n"
        "for words in sys.argv[1:]: print(run(words.split()), flush=True)"
    )
    asked = ("no.ttl", ".", "shut", "shut/a.ttl", "ok.ttl --shapes no.ttl")
    lines = [sys.executable, "-c", script, *(f"validate {words}" for words in asked)]
    done = subprocess.run(lines, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.stdout.decode().split()[-len(asked) :] == ["2"] * len(asked)
    said = done.stderr.decode().splitlines()[-len(asked) :]
    assert all(line.endswith(": permission denied.") for line in said), said


def test_an_endless_stream_of_nothing_is_left_early(tmp_path: Path) -> None:
    words = ("validate", "-", "--input-format", "ttl", "--format", "concise")
    code, said = run(tmp_path, *words, given=b"\0" * 2**24)
    assert code == 1
    assert "-:1:1: EMG001" in said


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_shapes_that_mean_harm_are_named(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Those that could hang or crash have a process of their own, the others share this one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> ; <http://e/p> 1 .")
    for name, (shapes, words) in SHAPES.items():
        (tmp_path / "s.ttl").write_bytes(shapes)
        seconds = "2" if "--timeout" in words else "30"
        line = ("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, "--timeout", seconds)
        if name in DANGEROUS:
            code, told = run(tmp_path, *line)
        else:
            code, out, err = cli(*line)
            told = out + err
        assert (code, told.count("\n")) == (2, 1), (name, told)
        assert told.startswith("emgraph: s.ttl:"), name
        assert words in told, name


def test_shapes_that_import_fetch_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = f"<http://127.0.0.1:{server.getsockname()[1]}/x>".encode()
        asked = b"e:o <http://www.w3.org/2002/07/owl#imports> %s, <file:///etc/passwd> . " % there
        asked += b"e:S sh:shapesGraph %s ; sh:suggestedShapesGraph %s ; " % (there, there)
        asked += (
            b"sh:js [ sh:jsFunctionName 'f' ; sh:jsLibrary [ sh:jsLibraryURL '/etc/passwd' ] ] . "
        )
        (tmp_path / "s.ttl").write_bytes(
            S + b"sh:property [ sh:path e:q ; sh:minCount 1 ] . " + asked
        )
        (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> .")
        for engine in ("compiled", "pyshacl"):
            words = ("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine)
            code, said = run(tmp_path, *words)
            assert code == 1
            assert "1 violation" in said
            assert "s.ttl: owl:imports <file:///etc/passwd> and 1 more are not followed" in said
            assert "s.ttl: sh:js is not run" in said
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_shapes_that_look_at_nothing_are_worth_a_warning(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_bytes(SH + b"e:S a sh:NodeShape ; sh:targetClass e:Other .")
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> .")
    for form in ("text", "json", "sarif", "turtle"):
        said = cli("validate", "d.ttl", "--shapes", "s.ttl", "--format", form)
        assert said.code == 0
        assert "emgraph: warning: no shape found a node" in said.err
        said = cli("validate", "d.ttl", "--format", form)
        assert said.code == 2
        assert "emgraph: nothing was judged" in said.err


def test_the_limit_of_levels_leaves_room(tmp_path: Path) -> None:
    half = LEVELS // 2 - 1
    deep = b'{"http://e/b":[' * half + b"1" + b"]}" * half
    (tmp_path / "a.jsonld").write_bytes(deep)
    _, said = run(tmp_path, "validate", "a.jsonld", "--rule", "EMG001", "--format", "concise")
    assert "EMG001" not in said


def test_own_shapes_are_told_in_words_and_where_to_look(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name that a shape gives its property is used, and what to type names the shapes."""
    monkeypatch.chdir(tmp_path)
    path = b"sh:path e:birthDate ; sh:minCount 1 ; sh:name 'Geburtstag'@de, 'date of birth'@en"
    (tmp_path / "my s.ttl").write_bytes(
        S + b"sh:property e:%s . e:%s " % (DIGEST, DIGEST) + path + b" ."
    )
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> .")
    for engine in ("compiled", "pyshacl"):
        said = cli("validate", "d.ttl", "--shapes", "my s.ttl", "--engine", engine)
        assert "It needs at least 1 of date of birth." in said.out
        assert said.out.endswith("Why, and examples: emgraph rules S --shapes 'my s.ttl'\n")
    assert cli("rules", "s", "--shapes", "my s.ttl").code == 0


def test_shapes_that_swell_are_stopped_by_their_memory(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> .")
    swollen = b"REPLACE(REPLACE('%s','a','%s'),'b','%s')" % tuple(
        c * 3000 for c in (b"a", b"b", b"c")
    )
    select = b"SELECT $this ?value WHERE { $this a ?c BIND(" + swollen + b" AS ?value) }"
    (tmp_path / "s.ttl").write_bytes(S + b'sh:sparql [ sh:select """' + select + b'""" ] .')
    code, said = run(tmp_path, "validate", "d.ttl", "--shapes", "s.ttl")
    assert (code, said.count("\n")) == (2, 1)
    assert "memory" in said
