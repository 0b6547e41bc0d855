"""What files say: a large file, of which little is kept, tells the same as a small one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode

from emgraph.rdf.files import find
from emgraph.rdf.lines import lines
from emgraph.terms import Term
from emgraph.validation import survey
from emgraph.validation.survey import Survey, Told

_NODES = st.sampled_from(["<http://x/a>", "<http://x/b>", "<http://x/\\u0063>", "_:b", "_:c.d"])
_VALUES = _NODES | st.sampled_from(['"a # b"', '"<http://x/a> "@en', '"\\n"', '"é"'])
_SPACE, _ENDS = st.sampled_from(["", " ", "\t"]), st.sampled_from(["\n", "\r\n", " # no\n", "\n\n"])
_REST = st.sampled_from(["# <http://x/a> <http://x/p> <http://x/b> .\n", " \n", ""])


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """Statements a line, as N-Triples and N-Quads allow them to be written, and Turtle too."""
    text = ""
    for _ in range(draw(st.integers(3, 8))):
        parts = (draw(_NODES), "<http://x/p>", draw(_VALUES))
        space = draw(_SPACE) or (" " if "_:" in "".join(parts) else "")
        text += draw(_REST) + draw(_SPACE) + space.join(parts) + space + "." + draw(_ENDS)
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the examples of a test, each written over the last."""
    return tmp_path_factory.mktemp("survey")


@pytest.mark.parametrize("ending", ["nt", "nq", "ttl", "trig"])
@given(text=_texts())
def test_a_large_file_finds_the_statements_about_a_thing(
    folder: Path, ending: str, text: str
) -> None:
    path = folder / f"a.{ending}"
    path.write_bytes(text.encode())
    (file,) = find([str(path)])
    small, large = _read(Told(file, 0), survey.MANY), _read(Told(file, 0), 2)
    assert (small.is_large, large.is_large) == (False, True)
    assert large.count == small.count
    assert list(large.parts()) == list(small.parts())
    ends = lines(file)
    things: set[Term] = {NamedNode("http://x/a"), NamedNode("http://x/c"), BlankNode("f0bb")}
    assert [*large.about(things, {1})] == [
        (number, parts, ends[number]) for number, parts, _ in small.about(things, {1})
    ]


def _read(told: Told, many: int) -> Told:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "MANY", many)
        assert list(told.first())
    return told


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("bare.nt", "<urn:a> <urn:p> <urn:b> .\r<urn:c> <urn:p> <urn:b> .", 1),
        ("a.jsonld", '[{"@id": "urn:a", "urn:p": 1},\n {"@id": "urn:c", "urn:p": 1}]', 0),
        ("list.ttl", "<urn:a> <urn:p> (1\n2) .\n<urn:c>\n<urn:p> [] .", 4),
    ],
)
def test_where_statements_have_no_line_of_their_own(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / name).write_bytes(text.encode())
    told = _read(Told(find([str(tmp_path)])[0], 0), 1)
    ((_, parts, found),) = told.about({NamedNode("urn:c")}, set())
    assert (parts[0], found) == (NamedNode("urn:c"), line)


def test_the_first_statement_in_a_graph_and_the_nodes_without_an_iri(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text('<urn:a> <urn:p> _:b <urn:g> .\n_:c <urn:p> "x" <urn:h> .\n')
    (tmp_path / "b.trig").write_text("<urn:g> { <urn:d> <urn:p> [] }")
    seen = Survey(find([str(tmp_path)]), ())
    firsts = [(one.told.file.path, one.number, one.subject) for one in seen.graphs.values()]
    assert firsts == [
        (tmp_path / "a.nq", 0, NamedNode("urn:a")),
        (tmp_path / "a.nq", 1, BlankNode("f0bc")),
    ]
    assert seen.blank == {BlankNode("f0bb"), BlankNode("f0bc"), BlankNode("f1b0")}
