"""Answers as Python's own values, and as a notebook shows them."""

import pickle
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.answers.view import About
from emgraph.errors import EmgraphError
from emgraph.namespaces import RDFS, XSD
from emgraph.sparql.isolate import Rows
from emgraph.table import Iri, Table, plain
from emgraph.terms import Term

THING = NamedNode("http://x/thing")


def table(*rows: tuple[Term | None, ...]) -> Table:
    store = Store()
    name = Literal('<b>"Thing" & others</b>', language="en")
    store.add(Quad(THING, NamedNode(RDFS + "label"), name, DefaultGraph()))
    names = tuple("abcdefgh"[: len(rows[0])] if rows else "a")
    return Table(Rows(names, list(rows)), lambda: store, About())


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("7", "integer", 7),
        ("-7", "int", -7),
        ("1.50", "decimal", Decimal("1.5")),
        ("1e3", "double", 1000.0),
        ("-INF", "double", float("-inf")),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2025-05-14", "date", date(2025, 5, 14)),
        ("2025-05-14T10:00:00", "dateTime", datetime(2025, 5, 14, 10)),
        ("2025-05-14Z", "date", "2025-05-14Z"),
        ("99999-01-01", "date", "99999-01-01"),
        ("much", "integer", "much"),
        ("much", "decimal", "much"),
        ("NaN", "decimal", "NaN"),
        ("perhaps", "boolean", "perhaps"),
        ("2018", "gYear", "2018"),
        ("text", "string", "text"),
    ],
)
def test_values_are_plain(text: str, type_: str, value: object) -> None:
    found = plain(Literal(text, datatype=NamedNode(XSD + type_)), Store)
    assert found == value
    assert type(found) is type(value)


def test_other_terms() -> None:
    assert plain(None, Store) is None
    assert plain(Literal("ja", language="de"), Store) == "ja"
    assert plain(BlankNode("x"), Store) == "_:x"


def test_a_thing_is_a_string_with_a_label() -> None:
    thing = table((THING,))[0]["a"]
    assert isinstance(thing, Iri)
    assert thing == "http://x/thing"
    assert thing.label == '<b>"Thing" & others</b>'
    assert pickle.loads(pickle.dumps(thing)) == "http://x/thing"
    assert Iri("http://x/other").label == "<http://x/other>"


def test_it_is_a_sequence() -> None:
    found = table(*((Literal(i), None) for i in range(5)))
    assert len(found) == 5
    assert found[-1] == {"a": 4, "b": None}
    assert [row["a"] for row in found] == found.column("a") == [0, 1, 2, 3, 4]
    assert found[1:3] == [{"a": 1, "b": None}, {"a": 2, "b": None}]
    with pytest.raises(ValueError, match="There are: a, b"):
        found.column("z")


def test_columns_of_data_frames_have_one_type() -> None:
    one = Literal("1.5", datatype=NamedNode(XSD + "decimal"))
    found = table((Literal(1), Literal(1), THING), (one, Literal("x"), None))
    assert found._of_one_type() == {
        "a": [Decimal(1), Decimal("1.5")],
        "b": ["1", "x"],
        "c": ["http://x/thing", None],
    }
    assert type(found._of_one_type()["c"][0]) is str
    assert table((Literal(1),), (Literal(2),))._of_one_type() == {"a": [1, 2]}


Told = tuple[str, str] | None
FRAMES: dict[str, tuple[list[Told], list[object]]] = {
    "numbers": ([("1", "integer"), ("-2", "integer"), None], [1, -2, None]),
    "money": ([("1.50", "decimal"), ("2", "integer")], [Decimal("1.50"), Decimal(2)]),
    "mixed numbers": ([("1e0", "double"), ("2", "integer"), ("1.5", "decimal")], [1.0, 2.0, 1.5]),
    "days": ([("2025-05-14", "date"), None], [date(2025, 5, 14), None]),
    "times": ([("2025-05-14T10:00:00", "dateTime")], [datetime(2025, 5, 14, 10)]),
    "truth": ([("true", "boolean"), ("false", "boolean")], [True, False]),
    "texts": ([("£ and ¶", "string"), ("", "string"), None], ["£ and ¶", "", None]),
    "kinds": ([("1", "integer"), ("x", "string")], ["1", "x"]),
    "large": ([("9" * 30, "integer"), ("1", "integer")], ["9" * 30, "1"]),
    "long": ([("1." + "1" * 40, "decimal")], ["1." + "1" * 40]),
    "zones": (
        [("2025-05-14T10:00:00Z", "dateTime"), ("2025-05-14T10:00:00", "dateTime")],
        ["2025-05-14 10:00:00+00:00", "2025-05-14 10:00:00"],
    ),
    "nothing": ([None], [None]),
}


@pytest.mark.parametrize("name", FRAMES)
def test_data_frames_hold_what_the_answer_holds(name: str) -> None:
    values, expected = FRAMES[name]
    rows = [(v and Literal(v[0], datatype=NamedNode(XSD + v[1])), THING) for v in values]
    found = table(*rows)
    pandas = found.to_pandas()
    assert list(pandas.columns) == ["a", "b"]
    read = [None if value != value or value is None else value for value in pandas["a"]]  # noqa: PLR0124
    assert read == expected
    polars = found.to_polars()
    assert polars["a"].to_list() == expected
    arrow = found.to_arrow()
    assert arrow["a"].to_pylist() == expected
    for frame in (pandas["b"].tolist(), polars["b"].to_list(), arrow["b"].to_pylist()):
        assert frame == [THING.value] * len(rows)


@given(st.text(max_size=40))
def test_a_notebook_shows_text_as_text(text: str) -> None:
    try:
        found = table((Literal(text), THING))
    except UnicodeEncodeError:
        return
    shown = found._repr_html_()
    assert "&lt;b&gt;" in shown
    assert shown.count('<th scope="col">') == 2
    assert shown.count("<") == shown.count(">") == 2 * (1 + 2 + 2 + 2)
    assert found._repr_markdown_().startswith("| A | B |")


def test_long_and_empty_answers() -> None:
    long = table(*((Literal(i),) for i in range(250)))
    assert "150 more rows." in repr(long)
    assert "150 more rows." in long._repr_html_()
    assert long._repr_html_().count("<tr>") == 101
    assert "No rows." in table()._repr_html_()
    assert repr(table()) == "No rows."


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow"])
def test_a_library_that_is_missing_is_named_with_its_extra(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow" if name == "arrow" else name, None)
    with pytest.raises(EmgraphError, match=rf"Install emgraph\[{name}\]"):
        getattr(table((Literal(1),)), f"to_{name}")()
