"""SPARQL that engines agree on: what is written out, and that it means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from emgraph.namespaces import XSD
from emgraph.shacl.portable import portable
from emgraph.shacl.value_tests import is_of_datatype

DATA = """
<x:a> <x:p> <x:b> ; <x:q> 1 , 2.5 , 1e0 , "x" , "x"@en , true , "y"^^<x:t> .
<x:b> <x:p> <x:c> , <x:a> . <x:c> <x:q> <x:a> , "2022-02-30"^^<x:t> .
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a em:x+ ?b", "?a (em:x/em:x*) ?b"),
        ("?a ^<x:y>+ ?b", "?a ^(<x:y>/<x:y>*) ?b"),
        ("?a (em:x|^a)+ ?b", "?a ((em:x|^a)/(em:x|^a)*) ?b"),
        ("?a (em:x+)+ ?b", "?a (((em:x/em:x*))/((em:x/em:x*))*) ?b"),
        ("FILTER(?a + ?b > (2)+3)", "FILTER(?a + ?b > (2)+3)"),
        ("FILTER(xsd:integer(?a)+1 = 2)", "FILTER(xsd:integer(?a)+1 = 2)"),
        ("# isNumeric(?a)", "# isNumeric(?a)"),
    ],
)
def test_what_is_written_out(text: str, expected: str) -> None:
    assert portable(text) == expected


@pytest.mark.parametrize(
    "group",
    [
        "?a <x:p>+ ?b",
        "?a (<x:p>|<x:q>)+ ?b",
        "?a ^<x:p>+/<x:q>+ ?b",
        "?a <x:q> ?b FILTER(isNumeric(?b))",
        "?a <x:q> ?b FILTER(!isNumeric(?b) || ?b > 1)",
        "?a <x:q> ?b FILTER(DATATYPE(?b) = <http://www.w3.org/2001/XMLSchema#string>)",
        "?a <x:q> ?b BIND(DATATYPE(?b) AS ?c)",
    ],
)
def test_it_means_the_same(group: str) -> None:
    store = Store()
    store.update(f"INSERT DATA {{ {DATA} }}")
    answers = [
        {str(row) for row in store.query(text)}  # type: ignore[union-attr]
        for text in (f"SELECT * {{ {group} }}", portable(f"SELECT * {{ {group} }}"))
    ]
    assert answers[0]
    assert answers[0] == answers[1]


_KINDS = ["date", "dateTime", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"]
_TEXTS = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.datetimes(timezones=st.just(None)).map(lambda time: time.isoformat()),
    st.times().map(lambda time: time.isoformat()),
    st.from_regex(r"\A-?[0-9]{3,5}(-[01][0-9](-[0-3][0-9])?)?(Z|[+-][01][0-9]:[0-6]0)?\Z"),
    st.from_regex(r"\A--[01-][0-9](-[0-3][0-9])?Z?\Z"),
    st.from_regex(r"\A-?P([0-9]Y)?([0-9]M)?([0-9]D)?(T([0-9]H)?([0-9]M)?([0-9](\.[0-9])?S)?)?\Z"),
)


@given(st.sampled_from([*_KINDS, "duration", "dayTimeDuration", "yearMonthDuration"]), _TEXTS)
def test_a_form_is_what_the_engine_takes_for_well_formed(kind: str, text: str) -> None:
    datatype = NamedNode(XSD + kind)
    value = Literal(text, datatype=datatype)
    ours, cast = (
        f"SELECT (({expression}) AS ?x) WHERE {{ BIND({value} AS ?v) }}"
        for expression in (
            is_of_datatype("?v", datatype),
            f"BOUND(?v) && isLiteral({datatype}('{text}'))",
        )
    )
    store = Store()
    (said,), (took,) = (list(store.query(query)) for query in (ours, cast))  # type: ignore[arg-type]
    assert (said["x"] == Literal(True)) == (took["x"] == Literal(True)), value
