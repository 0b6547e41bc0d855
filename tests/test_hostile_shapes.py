"""Shapes that mean harm or nothing: `judging` by them refuses, stops or warns."""

import socket
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.hostile import run

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
    "others": (ASKS % b"SELECT ?x WHERE { ?x a <http://e/C> }", "selects $x, and not $this. S"),
    "slip": (ASKS % b"SELECT DISTINCT $ths (1 AS ?value) { $ths ?p ?o }", "Did you mean $this by $ths?"),  # noqa: E501
    "select-validator": (
        SH + b"e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:k ] ; "
        b'sh:validator [ sh:select "SELECT ?value { $ths ?p ?value }" ] .', "selects $value"),
    "uncounted": (S + b"sh:minCount 1 .", "has sh:minCount, but no sh:path"),
    "uncounted-within": (S + b"sh:node [ sh:lessThan e:p ] .", "has sh:lessThan, but no sh:path"),
    "entailment": (S + b"sh:entailment <http://www.w3.org/ns/entailment/RDFS> .", "entailment"),
}  # fmt: skip

DIGEST = b"7b6713c1f4a52e964f5db57eabef294b6d04e90e"
DANGEROUS = {"circular-list", "deep", "endless", "nested"}


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


def test_own_shapes_show_what_they_are_compiled_to(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shape without a code goes by the end of its IRI here too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_bytes(
        S + b"sh:property [ sh:path e:p ; sh:minCount 1 ] . e:T sh:path e:q ; sh:minCount 1 ."
    )
    said = cli("rules", "S", "--shapes", "s.ttl", "--sparql")
    assert said.code == 0
    assert said.out.startswith("# MinCount\nSELECT DISTINCT ?this WHERE { ?this a <http://e/C>")
    assert cli("rules", "T", "--shapes", "s.ttl", "--sparql").out.startswith("# T looks at no node")
    (tmp_path / "u.ttl").write_bytes(SH + b"e:U sh:targetClass e:C ; sh:node e:U .")
    said = cli("rules", "U", "--shapes", "u.ttl", "--sparql")
    assert said.code == 2
    assert said.err.startswith(
        "emgraph: u.ttl:2: the shapes cannot be run: <http://e/U> is recursive"
    )


def test_a_property_that_a_closed_shape_does_not_allow_is_named(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_bytes(
        S + b"sh:name 'C' ; sh:closed true ; sh:ignoredProperties ( ) ."
    )
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> ; <http://e/n> 1 .")
    for engine in ("compiled", "pyshacl"):
        said = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine)
        assert "that its shape does not allow: n." in said.out


def test_what_own_shapes_ask_for_in_vain_is_told(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_bytes(
        S + b"sh:node e:A ; sh:or ( e:B e:T ) ; sh:severity 'sh:warning' ; sh:expression [] ; "
        b"sh:property [ sh:path e:p ; sh:qualifiedValueShape e:D ; sh:qualifiedMinCount 0 ] . "
        b"e:T sh:nodeKind sh:IRI ."
        b" [] sh:qualifiedMinCount 1 ."
    )
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/C> .")
    for engine in ("compiled", "pyshacl"):
        said = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine)
        for name in "ABD":
            assert (
                f"s.ttl: <http://e/{name}> is no shape here, and everything meets it." in said.err
            )
        assert "e/T>" not in said.err
        meant = "s.ttl: sh:severity 'sh:warning' is a text and counts as sh:Violation. "
        assert f"{meant}Did you mean sh:Warning?" in said.err
        assert "s.ttl: sh:expression is not run" in said.err
        meant = "s.ttl: a shape without an IRI has sh:qualifiedMinCount, but no sh:path."
        assert f"{meant} It is not judged." in said.err
        assert said.err.count("sh:qualified") == 1
    (tmp_path / "t.ttl").write_bytes(SH + b"[] sh:xone _:no .")  # no list, and no shape
    assert cli("validate", "d.ttl", "--shapes", "s.ttl", "--shapes", "t.ttl").code == said.code


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
