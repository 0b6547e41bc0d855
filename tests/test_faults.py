"""What is said of a query that is no SPARQL by our `grammar`: the fault itself is pointed at."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Store

from emgraph.errors import EmgraphError, WrongQuery
from emgraph.sparql import isolate
from emgraph.sparql.faults import explained
from emgraph.sparql.grammar import misfit
from emgraph.sparql.queries import catalogue

FAULTS = [
    ("SELECT * { ?s ?p }", "}", "Expected an object"),
    ("SELECT *\n{ ?s rdfs:labl/^^em:x ?o }", "^em", "does not fit"),
    ("SELECT * { ?s emm:x ?o }", "emm:x", "Did you mean em:?"),
    ("SELECT * { ?s dct:x ?o }", "dct:x", "Here it is called dcterms:"),
    ("SELECT * { ?s dcat:x ?o }", "dcat:x", "PREFIX dcat: <http://www.w3.org/ns/dcat#>"),
    ("PREFIX foo: <urn:foo>\nSELECT * { ?s fooo:x ?o }", "fooo:x", "Did you mean foo:?"),
    ("SELECT * { ?s :x ?o }", ":x", "PREFIX : <...>"),
    ("SELEC * { ?s ?p ?o }", "SELEC", "Did you mean SELECT?"),
    ("SELECT * { ?s ?p ?o .\r\n FILTR(?o = 3) }", "FILTR", "Did you mean FILTER?"),
    ("SELECT * FROM here { ?s ?p ?o }", "here", "Expected NAMED or an IRI"),
    ("SELECT * { ?s ?p [ ?q ?o }", "[", "never closed"),
    ("SELECT * { ?s ?p ?o }}", "}", "closes nothing"),
    ("SELECT * { ?s ?p 'abc }", "'abc", "string is never closed"),
    ("SELECT * { ?s <http://a b> ?o }", "<http", "no IRI may hold"),
    ("SELECT * { ?s <rel> ?o }", "<rel>", "not a whole IRI"),
    ("SELECT ?x, ?y { ?x ?p ?y }", ",", "Expected FROM"),
    ("SELECT * { ?x a em:Y ?y ?p ?z }", "?y", "Expected ., ; or }"),
    ("SELECT * { ?x ?p ?y . FILTER ?y > 3 }", "?y > 3", "condition in parentheses"),
    ("SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o }", "?p", "Add GROUP BY ?p"),
    ("SELECT * { ?x ?p ?y } LIMIT", "", "ends too early. Expected a number"),
    ("SELECT * { ?日本 ?p 1 ; emm:x 1 }", "emm:x", "emm:"),
    ("SELECT * { " + "?s ?p ?o . " * 40 + " ?s ?p }", "}", "Expected an object"),
]


@pytest.mark.parametrize(("query", "fault", "said"), FAULTS)
def test_the_caret_stands_under_the_fault(query: str, fault: str, said: str) -> None:
    with pytest.raises(EmgraphError) as caught:
        isolate.run(Store(), query)
    first, line, caret, *more = str(caught.value).split("\n")
    assert said in str(caught.value)
    assert len(more) <= 1
    assert max(map(len, (line, caret))) <= 80
    column = caret.index("^") - line.count("日") - line.count("本")
    assert line[column:].startswith(fault)
    assert line.lstrip(" …")[:5] in query
    number = query[: query.rindex(fault) if fault else len(query)].count("\n") + 1
    assert first.startswith(f"line {number}, column ")


@pytest.mark.parametrize("query", ["", " \n", "# only a comment"])
def test_no_query_at_all(query: str) -> None:
    with pytest.raises(EmgraphError, match="the query is empty"):
        isolate.run(Store(), query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }",
        "SELECT * { _:a ?p ?o . { _:a ?q ?r } }",
        "SELECT * { ?s ?p '\\q' }",
    ],
)
def test_what_the_grammar_allows_and_the_engine_does_not(query: str) -> None:
    assert misfit(query) is None
    with pytest.raises(EmgraphError, match="the engine refuses"):
        isolate.run(Store(), query)


@pytest.mark.parametrize("question", catalogue(), ids=lambda question: question.name)
def test_every_question_is_in_the_grammar(question: object) -> None:
    assert misfit(getattr(question, "text", "")) is None


def test_deep_and_long_texts_are_told_in_time() -> None:
    assert misfit("ASK { FILTER(" + "(" * 5000) is None
    fault = misfit("SELECT * { " + "?s ?p ?o . " * 10_000 + "}}")
    assert fault is not None
    assert fault.expected[-1] == "the end"


@given(st.text("SELCTWHERaskb*?{}()[].;,:<>|/^'\"\\ \n\t1é日\0", max_size=60), st.integers(1, 5))
@example("1.", 1)
def test_every_text_gets_a_caret(text: str, line: int) -> None:
    said = str(explained(WrongQuery(line, 3, ""), text)).split("\n")
    assert len(said) == 1 or said[2].strip() == "^"
    assert len(said) <= 4
