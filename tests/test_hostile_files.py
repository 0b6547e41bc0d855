"""Files that are broken, mean harm or are merely odd: each is told with its place, or read."""

import gzip
import json
from pathlib import Path

import pytest

from emgraph.rdf.intake import LEVELS
from tests.hostile import run

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


def test_the_limit_of_levels_leaves_room(tmp_path: Path) -> None:
    half = LEVELS // 2 - 1
    deep = b'{"http://e/b":[' * half + b"1" + b"]}" * half
    (tmp_path / "a.jsonld").write_bytes(deep)
    _, said = run(tmp_path, "validate", "a.jsonld", "--rule", "EMG001", "--format", "concise")
    assert "EMG001" not in said
