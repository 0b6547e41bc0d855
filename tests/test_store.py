"""Files to statements of `terms`, by `intake`: formats, blank nodes, faults, nothing fetched."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from emgraph.errors import BrokenFile
from emgraph.namespaces import GRAPH
from emgraph.rdf.files import find
from emgraph.rdf.store import graph_names, load, read
from emgraph.validation.survey import Survey
from tests.conftest import Write

A, P = "http://x/a", "http://x/p"
XML = (
    '<?xml version="1.0"?>{0}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:x="http://x/"><rdf:Description rdf:about="http://x/a"><x:p>{1}</x:p>'
    "</rdf:Description></rdf:RDF>"
)


def put(tmp_path: Path, name: str, data: bytes) -> list[str]:
    """Write bytes and give the path as the reader wants it."""
    (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ttl", f"<{A}> <{P}> '1' ."),
        ("a.nt", f'<{A}> <{P}> "1" .'),
        ("a.trig", f"<{A}> <{P}> '1' ."),
        ("a.nq", f'<{A}> <{P}> "1" .'),
        ("a.jsonld", f'{{"@id": "{A}", "{P}": "1"}}'),
        ("a.rdf", XML.format("", "1")),
        ("bom.ttl", f"\ufeff<{A}> <{P}> '1' ."),
    ],
)
def test_every_format_gives_the_same_statement(tmp_path: Path, name: str, data: str) -> None:
    files = find(put(tmp_path, name, data.encode()))
    (reading,) = read(files)
    (quad,) = reading.quads
    own = NamedNode(GRAPH + name.partition(".")[0])
    assert (quad.subject, quad.graph_name) == (NamedNode(A), own)
    store = load(files)
    assert len(store) == 2
    assert graph_names(store) == [own.value]


def test_a_triple_of_two_graphs_is_once_in_the_merge(write: Write) -> None:
    path = write("a.trig", "pcp19:1 { collab:a em:p 5 } pcp19:2 { collab:a em:p 5 , 7 }")
    store = load(find([str(path)]))
    (row,) = store.query("SELECT (SUM(?o) AS ?sum) { ?s ?p ?o }")  # type: ignore[misc]
    assert row["sum"].value == "12"
    assert len(store) == 5


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        put(tmp_path, name, f"_:same <{P}> '{name}' .".encode())
    files = find([str(tmp_path)])
    subjects = {quad.subject for reading in read(files) for quad in reading.quads}
    assert subjects == {BlankNode("f0b0"), BlankNode("f1b0")}
    (row,) = load(files).query("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")  # type: ignore[misc]
    assert row["n"].value == "2"


def test_literals_keep_their_spelling(write: Write) -> None:
    path = write("a.ttl", "collab:a em:p 007 , 1.50 , '1'^^xsd:boolean .")
    values = {getattr(quad.object, "value", "") for quad in read(find([str(path)]))[0].quads}
    assert values == {"007", "1.50", "1"}


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
XXE = '<!DOCTYPE r [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("name", "data", "place", "what"),
    [
        ("a.ttl", b"<http://x/a> <http://x/p> 1 .\n<http://x/a> xx:p 1 .", (2, 14), "prefix xx"),
        ("a.ttl", "<http://x/é> 'ü' \xff".encode("latin-1"), (1, 11), "0xE9 is not UTF-8"),
        ("a.ttl", "\ufeffx".encode("utf-16"), (1, 1), "UTF-16"),
        ("a.ttl", b"# ok\n# a\0b", (2, 4), "NUL"),
        ("a.ttl", b"<a> <b> <c> .", (1, 1), "relative IRI"),
        ("a.ttl", b"<http://x/a> <http://x/p> <<( <http://x/a> <http://x/p> 1 )>> .", None, "1.2"),
        ("a.ttl", b"<http://x/a> <http://x/p> " + b"(" * 100_000, (1, 100_027), "end"),
        ("a.ttl", b"<http://x/a> <http://x/p> 'x .\n\n", (1, 27), "1:27: the text that .*with '"),
        ("a.ttl", b'<http://x/a> <http://x/p>\n  """x" .\n', (2, 3), 'Close it with """'),
        ("a.ttl", b'<http://x/a> <http://x/p> "x\n" .', (1, 29), "ends with its line"),
        ("a.ttl", b"<http://x/a> <http://x/p>", (1, 26), "Unexpected end"),
        ("a.jsonld", b'{"@context": "http://x/context"}', None, "never fetched"),
        ("a.jsonld", b'{"@context": "file:///etc/passwd"}', None, "never fetched"),
        ("a.jsonld", b'{"@id": "rel", "http://x/p": 1}', None, "'rel' is a relative IRI"),
        ("a.jsonld", b'{"@context":', (1, 13), "end of file"),
        ("a.rdf", XML.format(BOMB, "&b;").encode(), (1, 35), "entities"),
        ("a.rdf", XML.format(XXE, "&b;").encode(), (1, 35), "entities"),
    ],
)
def test_a_fault_has_its_place(
    tmp_path: Path, name: str, data: bytes, place: tuple[int, int] | None, what: str
) -> None:
    files = find(put(tmp_path, name, data))
    with pytest.raises(BrokenFile, match=what) as caught:
        read(files)
    assert (caught.value.line, caught.value.column) == (place or (None, None))
    (fault,) = Survey(files, ()).broken
    assert str(fault) == str(caught.value)
    if "1.2" not in what:
        with pytest.raises(BrokenFile, match=what):
            load(files)


def test_the_other_files_are_still_read(tmp_path: Path) -> None:
    put(tmp_path, "a.ttl", b"<http://x/a> <http://x/p> 1 .")
    put(tmp_path, "b.ttl", b"<http://x/a> ")
    survey = Survey(find([str(tmp_path)]), ())
    assert [len(survey.told), len(survey.broken), len(survey)] == [1, 1, 1]


def test_a_dataset_keeps_its_default_graph_without_a_name(tmp_path: Path) -> None:
    """W3C sparql11/subquery/subquery04: GRAPH ?g does not see it."""
    texts = {
        "both.trig": "<urn:a> <urn:p> 1 . <urn:g> { <urn:b> <urn:p> 2 }",
        "quads.nq": "<urn:c> <urn:p> <urn:d> .\n<urn:c> <urn:p> <urn:d> <urn:h> .",
        "linked.jsonld": '[{"@id": "urn:e", "urn:p": 1}, {"@id": "urn:i", "@graph": []}]',
        "plain.ttl": "<urn:x> <urn:p> 3 .",
        "alone.trig": "<urn:y> <urn:p> 4 .",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    files = find([str(tmp_path)])
    own = [GRAPH + name for name in ("alone", "linked", "plain")]
    assert graph_names(load(files, as_datasets=True)) == [*own, "urn:g", "urn:h"]
    kept = graph_names(load(files))
    assert kept == sorted([*own, GRAPH + "both", GRAPH + "quads", "urn:g", "urn:h"])
    assert sum(1 for _ in load(files, as_datasets=True)) == sum(1 for _ in load(files)) - 2


def test_a_dataset_is_one_in_any_order_of_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a.trig", tmp_path / "b.trig"
    first.write_text("<urn:g> { <urn:a> <urn:p> 1 }")
    second.write_text("<urn:d> <urn:p> 2 . <urn:g> { <urn:a> <urn:p> 3 }")
    for paths in ((first, second), (second, first)):
        files = [file for path in paths for file in find([str(path)])]
        assert graph_names(load(files, as_datasets=True)) == ["urn:g"]
