"""Questions: their headers, their parameters, and that no value can become SPARQL."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from emgraph.errors import EmgraphError
from emgraph.sparql import queries
from emgraph.sparql.queries import Question

TEXT = """#+ question: Who is called what?
#+ answers: [CQ-1]
#+ audience: [officers, public]
#+ params:
#+   name: xsd:string
#+   asOf: xsd:date
SELECT ?name ?thing WHERE { # VALUES ?not { "this" }
  VALUES ?name { UNDEF }
  values $asOf{"2025-05-14"^^<http://www.w3.org/2001/XMLSchema#date>}
  ?thing <http://x/name> ?name .
  { VALUES ?inner { 1 } }
}
ORDER BY ?name ?thing
"""


@pytest.fixture
def question(tmp_path: Path) -> Question:
    path = tmp_path / "own" / "naming.rq"
    path.parent.mkdir()
    path.write_text(TEXT)
    return Question("naming", "own", path)


def test_header_and_slots(question: Question) -> None:
    assert question.question == "Who is called what?"
    assert question.audience == ("officers", "public")
    assert question.parameters == {"name": "xsd:string", "asOf": "xsd:date"}
    assert list(question.slots) == ["name", "asOf"]


def test_undef_goes_and_a_default_stays(question: Question) -> None:
    bound = question.bound({})
    assert "?name {" not in bound
    assert "2025-05-14" in bound
    assert "?inner { 1 }" in bound


def test_several_values(question: Question) -> None:
    bound = question.bound({"name": [Literal("a"), NamedNode("http://x/b")]})
    assert 'VALUES ?name { "a" <http://x/b> }' in bound


def test_an_unknown_parameter_has_a_nearest(question: Question) -> None:
    with pytest.raises(EmgraphError, match="Did you mean name"):
        question.bound({"nmae": []})


@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_string_is_found_and_nothing_else(value: str) -> None:
    path = Path(__file__)
    question = Question("naming", "own", path)
    question.__dict__["text"] = TEXT
    store = Store()
    name = NamedNode("http://x/name")
    store.add(Quad(NamedNode("http://x/a"), name, Literal(value)))
    store.add(Quad(NamedNode("http://x/b"), name, Literal(value + "!")))
    rows = store.query(question.bound({"name": [Literal(value)]}))
    assert isinstance(rows, QuerySolutions)
    assert [row["thing"] for row in rows] == [NamedNode("http://x/a")]


@given(iri=st.text(max_size=20))
def test_no_iri_can_end_its_brackets(iri: str) -> None:
    try:
        node = NamedNode("http://x/" + iri)
    except ValueError:
        return
    assert not set(str(node)[1:-1]) & set('<>"{}|^`\\ \n')


def test_a_construct_has_its_values_in_where(tmp_path: Path) -> None:
    path = tmp_path / "c.rq"
    path.write_text("CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { UNDEF } ?s ?p ?o }")
    assert list(Question("c", "own", path).slots) == ["s"]


def test_the_catalogue_takes_folders_of_ones_own(question: Question, tmp_path: Path) -> None:
    assert queries.find("naming", [tmp_path]).topic == "own"
    with pytest.raises(EmgraphError, match="Did you mean naming"):
        queries.find("namign", [tmp_path])
    with pytest.raises(EmgraphError, match="no such folder"):
        queries.catalogue([tmp_path / "nowhere"])
    assert question.name not in {q.name for q in queries.catalogue()}


@pytest.mark.parametrize("header", ["#+ a: [", "#+ just words", "#+ - a\n#+ - b"])
def test_a_bad_header_is_an_error(tmp_path: Path, header: str) -> None:
    path = tmp_path / "bad.rq"
    path.write_text(f"{header}\nSELECT * {{}}")
    with pytest.raises(EmgraphError, match="header"):
        _ = Question("bad", "own", path).header


def test_unreadable_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    with pytest.raises(EmgraphError, match="no such file"):
        _ = Question("bad", "own", path).text
    path.write_bytes(b"\xe9")
    with pytest.raises(EmgraphError, match="UTF-8"):
        _ = Question("bad", "own", path).text


def test_an_unknown_check_is_an_error() -> None:
    for name in ("nosuch", "../agreements/signed-agreements"):
        with pytest.raises(EmgraphError, match="no check"):
            queries.check_query(name)
