"""Values of a query that the data have in another language, datatype or case."""

import pytest

from emgraph.rdf.files import bundled
from emgraph.rdf.store import load
from emgraph.sparql.literals import otherwise
from emgraph.sparql.prologue import with_prefixes
from tests.conftest import Cli

STORE = load(bundled())
EMSOU = 'nothing here has "EMSOU". Did you mean "EMSOU"@en?'


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('SELECT * { ?c rdfs:label "EMSOU" }', EMSOU),
        ("SELECT * { ?c rdfs:label '''EMSOU''' }", EMSOU),
        ('SELECT * { ?c rdfs:label "EMSOU"@en , "EMSOU" }', EMSOU),
        ('SELECT * { ?c rdfs:label ?l FILTER(?l = "EMSOU") }', EMSOU),
        ('SELECT * { ?c rdfs:label ?l FILTER(?l IN ("A"@en, "EMSOU")) }', EMSOU),
        ('SELECT * { VALUES ?l { "EMSOU" } ?c rdfs:label ?l }', EMSOU),
        ('SELECT * { ?c ?p "emsou"@en }', '"emsou"@en. Did you mean "EMSOU" or "EMSOU"@en?'),
        ('SELECT * { ?c em:position "1" . }', '"1". Did you mean "1"^^xsd:integer?'),
        ('SELECT * { ?c em:position "1"^^xsd:decimal }', 'decimal. Did you mean "1"^^xsd:integer?'),
        ("SELECT * { ?c em:number 1 . } LIMIT 3", '"1"^^xsd:integer. Did you mean "1"?'),
        ('SELECT * { ?c em:acronymAsPrinted "EMSOU" ; rdfs:label ?l }', ""),
        ('SELECT * { ?c rdfs:label ?l FILTER(STR(?l) = "EMSOU" || ?l != "EMSOU") }', ""),
        ('SELECT * { ?c rdfs:label ?l FILTER(CONTAINS(?l, "EMSOU") || ?l NOT IN ("EMSOU")) }', ""),
        ('SELECT ("EMSOU" AS ?x) { ?c rdfs:label "nowhere" , "EM\\u0053OU" }', ""),
        ("SELECT * { ?c em:position ?n FILTER(?n = 1.5) }", ""),
        ("", ""),
        ('CONSTRUCT { ?c rdfs:label "EMSOU" } { ?c a em:None }', ""),
        ('CONSTRUCT { ?c rdfs:label "x" } { ?c rdfs:label "EMSOU" }', EMSOU),
        ('SELECT * { ?c a em:None MINUS { ?c rdfs:label "EMSOU" } }', ""),
        ('SELECT * { ?c a em:None FILTER NOT EXISTS { { ?c rdfs:label "EMSOU" } } }', ""),
        ('SELECT * { ?c a em:None FILTER(! EXISTS { ?c rdfs:label "EMSOU" }) }', ""),
        ('SELECT * { ?c a em:Force FILTER EXISTS { ?c rdfs:label "EMSOU" } }', EMSOU),
        ('SELECT * { MINUS { ?c a em:None } ?c rdfs:label "EMSOU" }', EMSOU),
    ],
)
def test_a_value_that_is_there_otherwise(query: str, said: str) -> None:
    told = list(otherwise(with_prefixes(query), STORE))
    assert len(told) == bool(said)
    assert "".join(told).endswith(said)


def test_it_is_told_of_an_empty_answer_alone(cli: Cli) -> None:
    empty = cli("sparql", 'SELECT * { ?c rdfs:label "EMSOU" }')
    assert (empty.code, empty.err) == (0, f"emgraph: {EMSOU}\n")
    assert cli("sparql", 'SELECT * { ?c a ?k OPTIONAL { ?c rdfs:label "EMSOU" } }').err == ""


@pytest.mark.parametrize(
    "pattern",
    [
        r'?s <http://x/\u00e9> "zzz"',
        r'?s ?p "zzz"^^<http://x/\u00e9>',
        r'?s <http://x/\u00e9> ?o FILTER(?o = "zzz")',
    ],
)
def test_an_iri_with_an_escape_is_no_trouble(cli: Cli, pattern: str) -> None:
    said = cli("sparql", f"SELECT * {{ {pattern} }}")
    assert (said.code, said.out) == (0, "No rows.\n")
