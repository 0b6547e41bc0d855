"""What a query may not do, however it is written, with or without `prologue`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgraph.errors import EmgraphError
from emgraph.sparql import guard
from emgraph.tokens import tokens

HERE = "<http://127.0.0.1:9/>"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {HERE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service silent {HERE} {{ ?s ?p ?o }} }}",
        f"SELECT*{{SERVICESILENT{HERE}{{?s ?p ?o}}}}",
        "SELECT*{SERVICE?x{?s ?p ?o}}",
        f"PREFIX x:{HERE} SELECT*{{SERVICEx:y{{?s ?p ?o}}}}",
        f"PREFIX :{HERE} SELECT*{{SERVICE:y{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p 1SERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p trueSERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p 'x'@en.SERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p ?o FILTER(?o<3)SERVICE{HERE}{{?a ?b ?c FILTER(?c>3)}}}}",
        f"SELECT*{{?s ?p '''it's \"\"\" ''' # '\n SERVICE{HERE}{{?s ?p ?o}}}}",
        f'SELECT*{{?s ?p "a\\"b" SERVICE{HERE}{{?s ?p ?o}}}}',
        f"SELECT*{{\\u0053ERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{\\U00000053ERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p 'x\\u0027 . SERVICE {HERE} {{?s ?p ?o}} }}",
        f"SELECT*{{GRAPH<http://x>{{}}SERVICE{HERE}{{?s ?p ?o}}}}",
        f"SELECT*{{?s ?p ?o . # comment\rSERVICE{HERE}{{?s ?p ?o}}}}",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(EmgraphError, match="SERVICE"):
        guard.check(query)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a> <b> <c> }",
        "PREFIX a: <urn:b> delete where { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(query: str) -> None:
    with pytest.raises(EmgraphError, match="only reads"):
        guard.check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s a em:Service ; em:add 'SERVICE <x> {' . # SERVICE <y> {\n ?service ?p 1 }",
        'SELECT * { ?s ?p """ SERVICE "" <x> { """ }',
        "SELECT * { GRAPH service:emsou { ?s ?p <http://SERVICE> } }",
        "SELECT (COUNT(?x) AS ?load) { service:a em:insert ?x } GROUP BY ?load",
        "SELECT * { ?s ?p ?o FILTER(?s < 3 && ?o > 2) }",
        "SELECT * FROM <urn:g> FROM NAMED <urn:h> { ?s ?p ?o }",
        "PREFIX u: <urn:> SELECT * FROM u:g FROM NAMED u:h { ?s ?p ?o }",
        "BASE <http://x/a/b> PREFIX u: <.> SELECT * FROM <c> FROM NAMED u:c { ?s ?p ?o }",
        "SELECT * { ?s ?p '\\u0053ERVICE' }",
    ],
)
def test_what_only_looks_bad_is_allowed(query: str) -> None:
    guard.check(query, {"urn:g", "urn:h", "http://x/a/c"})


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED", "from", "FROM\nNAMED"])
@pytest.mark.parametrize("name", ["<file:///etc/passwd>", "u:elsewhere"])
def test_from_names_a_graph_of_the_dataset(clause: str, name: str) -> None:
    with pytest.raises(EmgraphError, match="not a graph"):
        guard.check(f"PREFIX u: <urn:> SELECT * {clause} {name} {{ ?s ?p ?o }}", {"urn:g"})


@pytest.mark.parametrize("mark", ["{", "(", "[", "!", "-", "^", "(!"])
def test_depth(mark: str) -> None:
    deep = guard.MAX_DEPTH + 1
    with pytest.raises(EmgraphError, match="nests deeper"):
        guard.check("SELECT * { FILTER(" + mark * deep)
    guard.check("SELECT * { FILTER(" + "(" * (guard.MAX_DEPTH - 2))


@pytest.mark.parametrize("text", ["ASK {} # \ud800", "\udcff"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(EmgraphError, match="no Unicode text"):
        guard.check(text)


def test_length() -> None:
    with pytest.raises(EmgraphError, match="Shorten"):
        guard.check("#" * (guard.MAX_LENGTH + 1))


@given(st.text("aé.:'\"\\{}<>#?@_ \n1-%", max_size=300))
def test_every_text_is_cut_without_loss(text: str) -> None:
    found = list(tokens(text))
    assert all(text[token.start : token.end] == token.text for token in found)
    starts = [token.start for token in found]
    assert starts == sorted(starts)


@pytest.mark.parametrize("unit", ["é.", "é", '"""a', "'", "a:b.", "<a", "\\u0041", "_:", "@a-"])
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (guard.MAX_LENGTH // len(unit))
    assert sum(1 for _ in tokens(text)) >= 0
