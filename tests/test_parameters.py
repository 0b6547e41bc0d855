"""Words to terms, and that no word can become SPARQL on either engine."""

from datetime import date
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from emgraph.dates import from_words
from emgraph.errors import EmgraphError
from emgraph.namespaces import XSD
from emgraph.sparql.parameters import as_date, term, terms
from emgraph.sparql.queries import Question, find
from tests.derive import store

NAME = "http://x/name"
ASKED = """PREFIX x: <http://x/>
SELECT ?thing WHERE {
  VALUES ?name { UNDEF }
  ?thing x:name ?name .
}
ORDER BY ?thing
"""


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("2025-05-14", "2025-05-14"),
        ("14 May 2025", "2025-05-14"),
        (" 1  january 2024 ", "2024-01-01"),
    ],
)
def test_a_day(word: str, day: str) -> None:
    assert as_date(word).value == day


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("yesterday", "is not a date. Write a day as 2025-05-14"),
        ("2025-02-30", "is not in the calendar"),
        ("20250230", "is not in the calendar"),
        ("5/4/2025", "can be two days. Write 2025-04-05 or 2025-05-04"),
        ("yesterday", "2025-05-14, 20250514, 14 May 2025 or 14/05/2025, or say today."),
        ("0/5/2025", "is not in the calendar"),
        ("13/13/2025", "is not in the calendar"),
        ("31/4/2025", "is not in the calendar"),
        ("5/4/0000", "is not in the calendar"),
        ("2025-05-14?", "is not a day: it is marked as uncertain. Give one, such as 2025-05-14."),
        ("Monday 14 May 2025", "is not a Monday. Write it as 2025-05-14"),
        ("1 14 May 2025", "is not a date"),
        ("30 February 2025", "is not in the calendar"),
        ("14 Mai 2025", "is not a date"),
        ("2018", "any day from 2018-01-01 to 2018-12-31. Give one, such as 2018-12-31"),
        ("May 2018", "any day from 2018-05-01 to 2018-05-31"),
        ("Spring 2018", "any day from 2018-03-01 to 2018-05-31"),
        ("2018-21", "any day from 2018-03-01 to 2018-05-31"),
        ("2018-01-01/2018-02-01", "any day from 2018-01-01 to 2018-02-01"),
        ("2018-01-01/..", "any day from 2018-01-01 on"),
        ("[..2018-01-01]", "any day until 2018-01-01"),
        ("2018-01-01~", "is not a day"),
        ("", "is not a date"),
        ("２０２５-05-14", "is not a date"),
    ],
)
def test_no_day_is_told_which_days_it_can_be(word: str, said: str) -> None:
    with pytest.raises(EmgraphError) as error:
        as_date(word)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "word",
    [
        *("20250514", "2025/05/14", "2025-5-14", "14/05/2025", "14.5.2025", "5/14/2025"),
        *("14 May 2025", "14th may 2025", "May 14, 2025", "Wednesday, 14 May 2025"),
    ],
)
def test_a_day_is_written_in_many_ways(word: str) -> None:
    assert as_date(word).value == "2025-05-14"
    assert as_date("14 Sept. 2025").value == "2025-09-14"
    assert as_date("5/5/2025").value == "2025-05-05"


def test_today_is_a_day_wherever_a_day_is_taken() -> None:
    today = date.today().isoformat()
    assert today <= as_date(" Today ").value <= date.today().isoformat()
    for name, word in (("members", "asOf=today"), ("changes", "to=today")):
        question = find(name)
        ((found,),) = terms(store(), question, [word]).values()
        assert found.value >= today


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-02", "2018-02-01", "2018-02-28"),
        ("Spring 2018", "2018-03-01", "2018-05-31"),
        ("20180501", "2018-05-01", "2018-05-01"),
    ],
)
def test_a_span_begins_and_ends_with_what_is_no_day(word: str, first: str, last: str) -> None:
    question = find("changes")
    for name, day in (("from", first), ("to", last)):
        (found,) = terms(store(), question, [f"{name}={word}", *FAR[name]])[name]
        assert found.value == day
    for wrong in ("from=2018~", "from=../2018", "to=2018/.."):
        with pytest.raises(EmgraphError, match="is not a day"):
            terms(store(), question, [wrong])


FAR = {"from": ["to=2030"], "to": ["from=2001"]}


def test_other_text_is_no_date_in_words() -> None:
    assert from_words("Spring 2018") == "2018-21"
    assert from_words("Sprung 2018") == "Sprung 2018"


def test_a_date_of_the_graph_is_named_by_its_form_or_its_words() -> None:
    spring = NamedNode("https://w3id.org/emgraph/id/date/2025-21")
    for word in ("2025-21", "Spring 2025", "spring 2025"):
        assert term(store(), word, "em:Date") == spring
    with pytest.raises(EmgraphError, match="Autumn 1801"):
        term(store(), "Autumn 1801", "em:Date")


@pytest.mark.parametrize(
    ("word", "thing"),
    [
        ("Leics", "force/leicestershire"),
        ("Notts", "force/nottinghamshire"),
        ("Leicestershire Police", "force/leicestershire"),
        ("leicestershire", "force/leicestershire"),
        ("force:leicestershire", "force/leicestershire"),
    ],
)
def test_a_force_has_many_names(word: str, thing: str) -> None:
    assert term(store(), word, "em:PoliceForce").value.endswith(thing)


def test_a_thing_of_the_class_wins_however_it_is_named() -> None:
    """A class of the ontology has the name that the clause has in its IRI."""
    assert term(store(), "withdrawal", "skos:Concept").value.endswith("clause-type/withdrawal")


@pytest.mark.parametrize("word", ["EMOpSS", "emopss", "East Midlands Operational Support Services"])
def test_a_collaboration_has_many_names(word: str) -> None:
    assert term(store(), word, "em:Collaboration").value.endswith("collaboration/emopss")


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (["force"], "NAME=VALUE"),
        (["froce=Leics"], "Did you mean force?"),
        (["force=Lecis"], "Did you mean"),
        (["asOf=2018"], "Give one"),
        (["asOf=2018-01-01", "asOf=2018-01-02"], "one day"),
        (["force=all", "force=Leics"], "all and something besides"),
    ],
)
def test_what_means_nothing_is_told(given_: list[str], said: str) -> None:
    with pytest.raises(EmgraphError, match=said):
        terms(store(), find("members"), given_)


def test_several_values_and_all() -> None:
    found = terms(store(), find("members"), ["force=Leics", "force=Notts", "force=Leics"])
    assert len(found["force"]) == 2
    timeline = find("timeline")
    everything = terms(store(), timeline, ["collaboration=all"])
    assert everything == {"collaboration": []}
    assert "VALUES ?collaboration" not in timeline.bound(everything)
    assert "VALUES ?collaboration" in timeline.bound({})


def test_a_span_does_not_end_before_it_begins() -> None:
    changes = find("changes")
    for given_ in (["from=2025-01-01", "to=2024-01-01"], ["from=2030-01-01"]):
        with pytest.raises(EmgraphError, match="is after"):
            terms(store(), changes, given_)


def test_a_parameter_is_found_however_it_is_cased() -> None:
    budget = find("budget")
    for spelt in ("financialYear", "financial-year", "FINANCIALYEAR"):
        assert list(terms(store(), budget, [f"{spelt}=2019-20"])) == ["financialYear"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = st.one_of(
    TEXT,
    st.sampled_from(
        ['" } UNION { ?thing ?p ?o } #', "\\", '"""', "'''", "\\u0022 }", '"@en', "a\\", "> } #"]
    ),
)


def asked() -> Question:
    """The question above, without a file."""
    question = Question("naming", "own", Path(__file__))
    question.__dict__["text"] = ASKED
    return question


@given(HOSTILE)
def test_any_text_is_found_and_nothing_else_by_oxigraph(value: str) -> None:
    small = Store()
    for name, text in (("a", value), ("b", value + "!")):
        node, property_ = NamedNode(f"http://x/{name}"), NamedNode(NAME)
        small.add(Quad(node, property_, Literal(text)))
    bound = asked().bound({"name": [Literal(value)]})
    rows = small.query(bound)
    assert isinstance(rows, QuerySolutions)
    assert [row["thing"] for row in rows] == [NamedNode("http://x/a")]


@settings(deadline=None)
@given(HOSTILE)
def test_any_text_is_found_and_nothing_else_by_rdflib(value: str) -> None:
    small = rdflib.Graph()
    for name, text in (("a", value), ("b", value + "!")):
        small.add((rdflib.URIRef(f"http://x/{name}"), rdflib.URIRef(NAME), rdflib.Literal(text)))
    rows = list(small.query(asked().bound({"name": [Literal(value)]})))
    assert [str(row[0]) for row in rows if isinstance(row, tuple)] == ["http://x/a"]


@settings(deadline=None, max_examples=40)
@given(HOSTILE, st.sampled_from(["em:Collaboration", "owl:Thing", "em:Date", "xsd:date"]))
def test_a_word_is_one_term_or_refused(word: str, kind: str) -> None:
    try:
        found = term(store(), word, kind)
    except EmgraphError:
        return
    assert isinstance(found, NamedNode) or found.datatype == NamedNode(XSD + "date")
