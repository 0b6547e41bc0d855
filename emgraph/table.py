"""An answer in Python: rows of plain values, for data frames and for the eye."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from pyoxigraph import Literal, NamedNode, Store

from emgraph.answers import results
from emgraph.answers.view import About, limited, view
from emgraph.errors import EmgraphError
from emgraph.namespaces import XSD
from emgraph.rdf.names import label
from emgraph.screen import visible
from emgraph.sparql.isolate import Rows
from emgraph.terms import Term

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_SHOWN = 100
_INTEGERS = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")


class Iri(str):
    """The IRI of a thing: a string that also knows what the thing is called."""

    _store: Callable[[], Store] = Store

    @property
    def label(self) -> str:
        """What the graph calls the thing, or its short IRI."""
        return label(self._store(), str(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Pickled, it is a plain string."""
        return (str, (str(self),))


Value: TypeAlias = Iri | str | bool | int | Decimal | float | date | datetime | None
Row: TypeAlias = dict[str, Value]


class Table(Sequence[Row]):
    """The rows of an answer, each a dict of plain values by column.

    Texts are str, numbers int, Decimal or float, days date, times datetime, truth bool, things Iri,
    and what an answer leaves open is None. A value that Python has no type for is its text.
    """

    def __init__(self, rows: Rows, store: Callable[[], Store], about: About) -> None:
        self.columns = rows.variables
        self._rows = rows
        self._store = cache(store)  # an endpoint is asked for names once they are wanted
        self._told = about

    def _about(self, rows: Rows) -> About:
        return results.named(self._store(), rows, self._told)

    def __len__(self) -> int:
        return len(self._rows.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self._row(row) for row in self._rows.rows[index]]
        return self._row(self._rows.rows[index])

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self._rows.rows)

    def _row(self, row: Sequence[Term | None]) -> Row:
        return {
            name: plain(term, self._store) for name, term in zip(self.columns, row, strict=True)
        }

    def column(self, name: str) -> list[Value]:
        """The values of a column from the first row to the last; raises ValueError for another."""
        if name not in self.columns:
            known = ", ".join(self.columns)
            raise ValueError(f"no column is called {name!r}. There are: {known}.")
        index = self.columns.index(name)
        return [plain(row[index], self._store) for row in self._rows.rows]

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame, things as their IRIs; needs the extra `pandas`."""
        pandas = _library("pandas", "pandas")
        return pandas.DataFrame(self._of_one_type(), columns=list(self.columns))

    def to_polars(self) -> "polars.DataFrame":
        """The rows as a polars DataFrame, things as their IRIs; needs the extra `polars`."""
        library = _library("polars", "polars")
        frame: polars.DataFrame = library.DataFrame(self._of_one_type(), strict=False)
        return frame

    def to_arrow(self) -> "pyarrow.Table":
        """The rows as a table of Arrow, things as their IRIs; needs the extra `arrow`."""
        pyarrow = _library("pyarrow", "arrow")
        return pyarrow.table(self._of_one_type())

    def _of_one_type(self) -> dict[str, list[Any]]:
        """The columns, each of values of one type: text, where they are of several."""
        return {name: _alike(self.column(name)) for name in self.columns}

    def __repr__(self) -> str:
        return self._rendered("table").rstrip("\n")

    def _repr_markdown_(self) -> str:
        """What a notebook shows that has no HTML."""
        return self._rendered("markdown")

    def _repr_html_(self) -> str:
        """What a notebook shows: labels and citations, every text escaped."""
        from html import escape

        rows, _ = limited(self._rows, _SHOWN, folded=False)
        shown, head = view(rows, self._about(rows)), '<th scope="col">{}</th>'
        lines = [
            "<table>",
            f"<tr>{''.join(head.format(escape(visible(text))) for text in shown.heads)}</tr>",
        ]
        lines += [
            f"<tr>{''.join(f'<td>{escape(visible(text))}</td>' for text in row)}</tr>"
            for row in shown.texts()
        ]
        missing = self._missing(shown.about)
        return "\n".join([*lines, "</table>", *([f"<p>{escape(missing)}</p>"] if missing else [])])

    def _rendered(self, format_: str) -> str:
        rows, _ = limited(self._rows, _SHOWN, folded=False)
        about = self._about(rows)
        text = results.render(rows, format_, about).decode()
        return f"{text}\n{self._missing(about)}\n" if len(self) > _SHOWN else text

    def _missing(self, about: About) -> str:
        """What is to be said of rows that are not shown."""
        more = len(self) - _SHOWN
        return about.no_rows if not len(self) else f"{more:,} more rows." if more > 0 else ""


def plain(term: Term | None, store: Callable[[], Store]) -> Value:
    """A term as a plain value of Python."""
    if isinstance(term, NamedNode):
        iri = Iri(term.value)
        iri._store = store
        return iri
    if term is None or not isinstance(term, Literal):
        return None if term is None else str(term)
    name = term.datatype.value.removeprefix(XSD)
    try:
        return _value(term.value, name)
    except (ValueError, InvalidOperation, OverflowError):
        return term.value


def _value(text: str, name: str) -> Value:
    """A text as the value that an XML Schema type makes it; raises ValueError."""
    if name in _INTEGERS:
        return int(text)
    if name == "decimal":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError("XML Schema has no decimal that is not finite")
        return number
    if name in ("double", "float"):
        return float(text.replace("INF", "inf"))
    if name == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    if name == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if name == "dateTime" else text


def _alike(values: list[Value]) -> list[Any]:
    """Values of one type that every data frame can hold: text where they are of several."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, Decimal, float} and len(kinds) > 1:
        type_: type[float | Decimal] = float if float in kinds else Decimal
        return _alike([None if value is None else type_(str(value)) for value in values])
    found = [value for value in values if value is not None]
    if Iri in kinds or len(kinds) > 1 or not _has_room(found):
        return [None if value is None else str(value) for value in values]
    return list(values)


def _has_room(values: Sequence[Any]) -> bool:
    """Whether numbers have room (64 bits, 38 digits), and times all or none a time zone."""
    if values and isinstance(values[0], datetime):
        return len({value.tzinfo is None for value in values}) == 1
    if values and isinstance(values[0], int):
        return all(-(2**63) <= value < 2**63 for value in values)
    if not values or not isinstance(values[0], Decimal):
        return True
    parts = [value.as_tuple() for value in values]
    scale = max(max(-int(part.exponent), 0) for part in parts)
    return scale + 1 + max(int(value.adjusted()) for value in values) <= 38


def _library(name: str, extra: str) -> Any:
    """A library that few need; raises EmgraphError with the extra that brings it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise EmgraphError(f"{name} is not installed. Install emgraph[{extra}].") from error
