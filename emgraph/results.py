"""Answers as text: tables for people, the W3C's formats for programs."""

import os
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    Triple,
    parse_query_results,
)

from emgraph import turtle
from emgraph.errors import EmgraphError, unknown
from emgraph.isolate import Answer, Rows
from emgraph.namespaces import XSD, shrink
from emgraph.terms import Term

_W3C = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
ROW_FORMATS = ("table", *_W3C, "markdown")
GRAPH_FORMATS = tuple(turtle.FORMATS)
FORMATS = (*ROW_FORMATS, *GRAPH_FORMATS)
NO_ROWS = "No rows."
_ENDLESS = re.compile(r"\S{1000}(?=\S)")  # wrapping takes the square of a word's length
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render(
    answer: Answer,
    name: str | None,
    labels: Mapping[str, str],
    width: int | None = None,
    no_rows: str = NO_ROWS,
) -> bytes:
    """The answer in a format of FORMATS; `labels` name things in tables, `width` is in columns,
    `no_rows` what a table without rows says.

    Raises EmgraphError for a format that does not fit rows, or does not fit a graph.
    """
    if isinstance(answer, list):
        chosen = name or "turtle"
        if chosen not in GRAPH_FORMATS:
            raise unknown("format of a CONSTRUCT or DESCRIBE", chosen, GRAPH_FORMATS)
        graph = DefaultGraph()
        quads = (Quad(t.subject, t.predicate, t.object, graph) for t in answer)
        return turtle.write(quads, chosen)
    chosen = name or "table"
    if chosen not in ROW_FORMATS:
        raise unknown("format of rows", chosen, ROW_FORMATS)
    if isinstance(answer, bool):
        return _boolean(answer, chosen)
    if chosen == "markdown":
        return _markdown(answer, labels).encode()
    if chosen == "table":
        if not answer.rows:
            return f"{no_rows}\n".encode()
        return _table(answer, labels, width or terminal_width()).encode()
    return w3c(answer, chosen)


def _boolean(answer: bool, name: str) -> bytes:
    word = "true" if answer else "false"
    if name not in ("json", "xml"):
        return f"{word}\n".encode()
    results = parse_query_results(f'{{"head":{{}},"boolean":{word}}}', QueryResultsFormat.JSON)
    return results.serialize(format=_W3C[name]) or b""


def w3c(answer: Rows, name: str) -> bytes:
    """Rows in one of the W3C's result formats, blank nodes named by order of appearance.

    Raises EmgraphError for XML with a character that XML 1.0, section 2.2, cannot hold.
    """
    import json

    if name == "xml" and any(
        _NOT_IN_XML.search(t.value) for row in answer.rows for t in row if isinstance(t, Literal)
    ):
        raise EmgraphError("a value has a character that XML cannot hold. Say --format json.")
    names: dict[BlankNode, str] = {}
    bindings = [
        {
            variable: _binding(term, names)
            for variable, term in zip(answer.variables, row, strict=True)
            if term is not None
        }
        for row in answer.rows
    ]
    document = {"head": {"vars": answer.variables}, "results": {"bindings": bindings}}
    results = parse_query_results(json.dumps(document), QueryResultsFormat.JSON)
    return results.serialize(format=_W3C[name]) or b""


def _binding(term: Term, names: dict[BlankNode, str]) -> dict[str, Any]:
    """A term as SPARQL 1.1 Query Results JSON writes it, section 3.2.2."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": names.setdefault(term, f"b{len(names)}")}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        value = {key: _binding(part, names) for key, part in parts.items()}
        return {"type": "triple", "value": value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return {**found, "xml:lang": term.language}
    if term.datatype.value != XSD + "string":
        return {**found, "datatype": term.datatype.value}
    return found


def things(answer: Answer) -> set[str]:
    """The IRIs in the rows of an answer."""
    if not isinstance(answer, Rows):
        return set()
    return {term.value for row in answer.rows for term in row if isinstance(term, NamedNode)}


def cell(term: Term | None, labels: Mapping[str, str]) -> str:
    """A term as a person reads it: a label where there is one, no types, no quotes."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return labels.get(term.value) or shrink(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def heading(variable: str) -> str:
    """A variable as the head of a column: signedOn becomes Signed on."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in variable).replace("_", " ")
    return words.strip().capitalize()


def _texts(answer: Rows, labels: Mapping[str, str]) -> list[list[str]]:
    return [[cell(term, labels) for term in row] for row in answer.rows]


def _markdown(answer: Rows, labels: Mapping[str, str]) -> str:
    lines = [[heading(v) for v in answer.variables], ["---"] * len(answer.variables)]
    lines += [[_markdown_cell(text) for text in row] for row in _texts(answer, labels)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(answer: Rows, labels: Mapping[str, str], width: int) -> str:
    """Columns padded to their texts and wrapped to the width; else each row a block of lines."""
    texts = [[_printable(text) for text in row] for row in _texts(answer, labels)]
    heads = [heading(variable) for variable in answer.variables]
    widths = _widths([heads, *texts], width - 2 * (len(heads) - 1))
    if widths is None:
        return _blocks(heads, texts, width)
    lines = [*_lines(heads, widths), "  ".join("-" * w for w in widths)]
    for row in texts:
        lines += _lines(row, widths)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Each row as lines of `Head: text`, what is empty left out."""
    import textwrap

    margin = max(len(head) for head in heads) + 2
    lines = []
    for row in rows:
        for head, text in zip(heads, row, strict=True):
            first = f"{head}:".ljust(margin)
            lines += textwrap.wrap(
                text, width, initial_indent=first, subsequent_indent=" " * margin
            )
        lines.append("")
    return "\n".join(lines)


def terminal_width() -> int:
    """The columns of the terminal, of COLUMNS, or 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80


def _printable(text: str) -> str:
    """Text that cannot steer a terminal: control characters become spaces."""
    line = _one_line("".join(" " if unicodedata.category(c) == "Cc" else c for c in text))
    return _ENDLESS.sub(r"\g<0> ", line) if len(line) > 1000 else line


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """A width for every column, the widest shortened until all fit the room; nothing if none do.

    A column is never narrower than its longest word, or than 16 columns if that is longer.
    """
    count = len(rows[0])
    widths = [max(1, min(max(columns(row[i]) for row in rows), room)) for i in range(count)]
    words = [max([1, *map(columns, _words(rows, i))]) for i in range(count)]
    floors = [min(width, word, 16) for width, word in zip(widths, words, strict=True)]
    if sum(floors) > room:
        return None
    while sum(widths) > room:
        slack = [w if w > f else 0 for w, f in zip(widths, floors, strict=True)]
        widths[slack.index(max(slack))] -= 1
    return widths


def _words(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    return [word for row in rows for word in row[column].split()]


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    import textwrap

    wrapped = [textwrap.wrap(text, w) or [""] for text, w in zip(row, widths, strict=True)]
    height = max(len(cell_lines) for cell_lines in wrapped)
    return [
        "  ".join(
            part + " " * (w - columns(part))
            for cell_lines, w in zip(wrapped, widths, strict=True)
            for part in [cell_lines[i] if i < len(cell_lines) else ""]
        )
        for i in range(height)
    ]
