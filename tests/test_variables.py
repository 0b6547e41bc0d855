"""Variables that nothing in a query binds."""

import pytest

from emgraph.sparql.queries import catalogue
from emgraph.sparql.variables import unbound
from tests.conftest import Cli


@pytest.mark.parametrize(
    ("query", "loose"),
    [
        ("SELECT ?colaboration { ?collaboration a em:X }", "?colaboration=collaboration"),
        ("SELECT * { ?a a em:X FILTER(?b > 1) } ORDER BY ?c", "?b= ?c="),
        ("SELECT * { ?last ?p ?o FILTER regex(STR(?lst), 'x') }", "?lst=last"),
        ("SELECT ?x { ?x a ?k BIND(STR(?y) AS ?z) } GROUP BY ?x HAVING(COUNT(?w) > 1)", "?y= ?w="),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } ORDER BY ?n", ""),
        ("SELECT ?x { FILTER(EXISTS { ?x a ?k FILTER(?k != ?j) } && ?i) }", "?j= ?i="),
        ("SELECT ?x { { SELECT (MAX(?d) AS ?x) { ?s ?p ?d } } VALUES (?a ?b) { (1 2) } }", ""),
        ("SELECT ?x { ?y ?p () } VALUES ?x { 1 }", ""),
        ("SELECT ?s ?x { GRAPH ?s { ?a (em:b|em:c) ( ?x 1 ) } }", ""),
        ("CONSTRUCT { ?s a ?t } WHERE { ?s ?p ?o }", "?t="),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ""),
        ("DESCRIBE ?x WHERE { ?x a em:Y }", ""),
        ("ASK { ?s$p ?x FILTER($s=?s) } # ?nowhere '?x' ", ""),
        ("ASK { ?s ?p '?x ?y' } }", ""),
        ("", ""),
    ],
)
def test_what_nothing_binds(query: str, loose: str) -> None:
    assert " ".join(f"{token.text}={meant}" for token, meant in unbound(query)) == loose


def test_our_own_questions_leave_nothing_unbound_by_a_slip() -> None:
    for question in catalogue():
        loose = [(token.text[1:], meant) for token, meant in unbound(question.text)]
        assert not [one for one in loose if one[1] or one[0] in question.columns]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?bord { ?board a em:Board }", "?bord is bound nowhere in the query. Did you mean"),
        ("SELECT ?x ?board { ?board a em:Board }", "?x is bound nowhere in the query.\n"),
        ("ASK { ?board a em:Board FILTER(?x > 1) }", "?x is bound nowhere in the query.\n"),
        ("SELECT ?board { ?board a em:Board } ORDER BY IF(true, ?board, ?none)", ""),
    ],
)
def test_the_command_tells_it(cli: Cli, query: str, said: str) -> None:
    found = cli("sparql", query)
    assert found.code == 0
    assert found.err.startswith(f"emgraph: {said}" if said else "")
    assert bool(found.err) == bool(said)
