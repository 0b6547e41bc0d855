"""Answers as text: the W3C's formats for programs, those of `answers` for people."""

import re
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    Store,
    Triple,
    parse_query_results,
)

from emgraph.answers.view import About, View, is_citation, view
from emgraph.errors import EmgraphError, unknown
from emgraph.namespaces import EM, XSD, shrink
from emgraph.rdf import names, turtle
from emgraph.rdf.files import ontology
from emgraph.rdf.store import load
from emgraph.screen import terminal_width
from emgraph.sparql import sources
from emgraph.sparql.isolate import Answer, Rows, Told
from emgraph.terms import Term

_W3C = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
FOR_PEOPLE = ("table", "excel-csv", "markdown", "html", "xlsx")
ROW_FORMATS = ("table", "csv", "excel-csv", "tsv", "json", "xml", "markdown", "html", "xlsx")
GRAPH_FORMATS = tuple(turtle.FORMATS)
FORMATS = (*ROW_FORMATS, *GRAPH_FORMATS)
BINARY = ("xlsx",)
SAYS_WHAT_WAS_ASKED = ("table", "markdown", "html", "xlsx")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Within a string of JSON a quote is escaped, so that this is never part of a value.
_BLANK_NODE = re.compile(rb'("type":"bnode","value":")([^"]*)')
_BOOLEAN = NamedNode(XSD + "boolean")


def render(
    answer: Answer, name: str | None, about: About | None = None, width: int | None = None
) -> bytes:
    """The answer in a format of FORMATS; `width` is that of a table, in columns.

    Raises EmgraphError for a format that does not fit rows, or does not fit a graph.
    """
    if isinstance(answer, list):
        chosen = _fitting(name or "turtle", GRAPH_FORMATS, "a graph (CONSTRUCT, DESCRIBE)")
        graph = DefaultGraph()
        quads = (Quad(t.subject, t.predicate, t.object, graph) for t in answer)
        return turtle.write(quads, chosen)
    chosen = _fitting(name or "table", ROW_FORMATS, "rows (SELECT, ASK)")
    if isinstance(answer, bool):
        return _boolean(answer, chosen, about or About())
    if chosen in _W3C:
        return w3c(answer, chosen)
    return _for_people(view(answer, about or About()), chosen, width)


def _fitting(name: str, fitting: tuple[str, ...], what: str) -> str:
    if name in fitting:
        return name
    if name in FORMATS:
        raise EmgraphError(
            f"the answer is {what}, which {name} does not hold. Say --format {fitting[0]}, "
            f"{', '.join(fitting[1:-1])} or {fitting[-1]}."
        )
    raise unknown("format", name, fitting)


def _for_people(shown: View, name: str, width: int | None) -> bytes:
    if name == "table":
        from emgraph.answers import table

        return table.render(shown, width or terminal_width()).encode()
    if name == "markdown":
        from emgraph.answers import markdown

        return markdown.render(shown).encode()
    if name == "html":
        from emgraph.answers import html

        return html.render(shown).encode()
    if name == "excel-csv":
        from emgraph.answers import excel_csv

        return excel_csv.render(shown)
    from emgraph.answers import xlsx

    return xlsx.render(shown)


def _boolean(answer: bool, name: str, about: About) -> bytes:
    word = "true" if answer else "false"
    if name in ("json", "xml"):
        results = parse_query_results(f'{{"head":{{}},"boolean":{word}}}', QueryResultsFormat.JSON)
        return results.serialize(format=_W3C[name]) or b""
    if name in FOR_PEOPLE and name != "table":
        rows = Rows(("answer",), [(Literal(word, datatype=_BOOLEAN),)])
        return _for_people(view(rows, about), name, None)
    return f"{word}\n".encode()


def w3c(answer: Rows, name: str) -> bytes:
    """Rows in one of the W3C's result formats, blank nodes named by order of appearance.

    Raises EmgraphError for XML with a character that XML 1.0, section 2.2, cannot hold.
    """
    if name == "xml" and any(
        _NOT_IN_XML.search(t.value) for row in answer.rows for t in row if isinstance(t, Literal)
    ):
        raise EmgraphError("a value has a character that XML cannot hold. Say --format json.")
    names: dict[str, str] = {}
    if isinstance(answer.rows, Told):
        json = _BLANK_NODE.sub(lambda match: match[1] + _named(match[2], names), answer.rows.json)
    else:
        json = _document(answer, names)
    results = parse_query_results(json, QueryResultsFormat.JSON)
    return results.serialize(format=_W3C[name]) or b""


def _named(name: bytes, names: dict[str, str]) -> bytes:
    """A blank node by its order of appearance."""
    return names.setdefault(name.decode(), f"b{len(names)}").encode()


def _document(answer: Rows, names: dict[str, str]) -> bytes:
    """Rows as SPARQL 1.1 Query Results JSON."""
    import json

    bindings = [
        {
            variable: _binding(term, names)
            for variable, term in zip(answer.variables, row, strict=True)
            if term is not None
        }
        for row in answer.rows
    ]
    document = {"head": {"vars": answer.variables}, "results": {"bindings": bindings}}
    return json.dumps(document).encode()


def _binding(term: Term, names: dict[str, str]) -> dict[str, Any]:
    """A term as SPARQL 1.1 Query Results JSON writes it, section 3.2.2."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": names.setdefault(term.value, f"b{len(names)}")}
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


def named(store: Store, rows: Rows, about: About, *, with_labels: bool = True) -> About:
    """What there is to tell, with what things are called and what is cited."""
    iris = things(rows)
    cited = {
        getattr(row[i], "value", "")
        for i, name in enumerate(rows.variables)
        if is_citation(name)
        for row in rows.rows
        if row[i] is not None
    }
    if not with_labels:
        plain = {iri: sources.Place(iri, shrink(iri), "", 0) for iri in cited & iris}
        return about._replace(places=plain, sources=tuple(sources.sources(store, cited & iris)))
    labels = names.labels(store, iris)
    bare = [iri for iri in iris if iri.startswith(EM) and labels[iri] == shrink(iri)]
    if bare:
        labels |= names.labels(load(ontology()), bare)
    places = sources.places(store, cited & iris)
    return about._replace(
        labels=labels, places=places, sources=tuple(sources.sources(store, places))
    )
