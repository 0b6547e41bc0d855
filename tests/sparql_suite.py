"""The W3C's SPARQL 1.1 query evaluation tests as cases: query, data, and the answer expected.

They are not part of this project. They are read from EMGRAPH_SPARQL_SUITE (the folder sparql11 of
w3c/rdf-tests), or from build/, where `make suite` puts the edition of 2013 that rdflib brings.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
)

from emgraph.sparql.isolate import Answer, Rows

_CASES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
SELECT ?test ?query ?data ?graph ?result {
    ?manifest mf:entries/rdf:rest*/rdf:first ?test .
    ?test a ?kind ; mf:action ?action ; mf:result ?result .
    FILTER(?kind IN (mf:QueryEvaluationTest, mf:CSVResultFormatTest))
    ?action qt:query ?query .
    OPTIONAL { ?action qt:data ?data }
    OPTIONAL { ?action qt:graphData ?graph }
} ORDER BY ?test ?data ?graph
"""
_RESULT_SET = """
PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>
SELECT ?solution ?variable ?value {
    ?set rs:solution ?solution . ?solution rs:binding [ rs:variable ?variable ; rs:value ?value ]
}
"""
_FORMATS = {
    "srx": QueryResultsFormat.XML,
    "srj": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
}
_RDF = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
_GRAPHS = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES}


class Case(NamedTuple):
    """One test: its name, the query, the default and the named graphs, the answer's file."""

    name: str
    query: Path
    data: list[Path]
    graphs: list[Path]
    result: Path


def folder() -> Path | None:
    """Where the suite is, if it is anywhere."""
    named = os.environ.get("EMGRAPH_SPARQL_SUITE")
    fetched = Path(__file__).parents[1] / "build/suites/rdflib/test/data/suites/w3c/sparql11"
    place = Path(named) if named else fetched
    return place if (place / "manifest-all.ttl").is_file() else None


def cases(place: Path) -> Iterator[Case]:
    """The query evaluation tests that the manifests list, without entailment and federation."""
    for manifest in sorted(place.glob("*/manifest.ttl")):
        if manifest.parent.name in ("entailment", "service"):
            continue
        store = Store()
        store.load(path=manifest, format=RdfFormat.TURTLE, base_iri=f"file://{manifest}")
        found: dict[str, Case] = {}
        solutions = store.query(_CASES, prefixes=_RDF)
        assert isinstance(solutions, QuerySolutions)
        for test, query, data, graph, result in solutions:
            name = f"{manifest.parent.name}/{test.value.rpartition('#')[2]}"
            case = found.setdefault(name, Case(name, _path(query), [], [], _path(result)))
            for files, term in ((case.data, data), (case.graphs, graph)):
                if term is not None and _path(term) not in files:
                    files.append(_path(term))
        yield from found.values()


def _path(term: NamedNode) -> Path:
    return Path(unquote(term.value.removeprefix("file://")))


def expected(case: Case) -> Answer:
    """The answer that a case expects."""
    suffix, data = case.result.suffix[1:], case.result.read_bytes()
    if suffix in _FORMATS:
        results = parse_query_results(data, _FORMATS[suffix])
        if not isinstance(results, QuerySolutions):
            return bool(results)
        names = tuple(variable.value for variable in results.variables)
        return Rows(names, [tuple(row) for row in results])
    store = Store()
    base = f"file://{case.result}"
    store.load(data, _GRAPHS[suffix], base_iri=base)
    bindings: dict[object, dict[str, object]] = {}
    found = store.query(_RESULT_SET)
    assert isinstance(found, QuerySolutions)
    for solution, variable, value in found:
        bindings.setdefault(solution, {})[variable.value] = value
    if bindings:
        names = tuple(sorted({name for row in bindings.values() for name in row}))
        rows = [tuple(row.get(name) for name in names) for row in bindings.values()]
        return Rows(names, rows)  # type: ignore[arg-type]
    return [quad.triple for quad in store]


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are equal as bags, whatever blank nodes and numbers are spelt like."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return _canonical(one) == _canonical(other)


def _canonical(answer: Rows | list[Triple]) -> set[str]:
    """An answer as statements, a blank node for each row, in the store's spelling of numbers."""
    store = Store()
    if isinstance(answer, Rows):
        for row in answer.rows:
            node = BlankNode()
            store.add(Quad(node, NamedNode("urn:is"), NamedNode("urn:row")))
            for name, value in zip(answer.variables, row, strict=True):
                if value is not None:
                    store.add(Quad(node, NamedNode(f"urn:{name}"), value))
    else:
        store.extend(Quad(t.subject, t.predicate, t.object) for t in answer)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def dataset(case: Case, place: Path) -> list[Path]:
    """The files to read for a case: its own, or one of N-Quads where named graphs have addresses.

    What is data and a named graph as well stands in that graph alone: the merge repeats it.
    """
    if not case.graphs:
        return case.data
    store = Store()
    for path in (*case.data, *case.graphs):
        graph = NamedNode(path.as_uri()) if path in case.graphs else DefaultGraph()
        store.load(
            path=path, format=_GRAPHS[path.suffix[1:]], base_iri=path.as_uri(), to_graph=graph
        )
    quads = place / "data.nq"
    store.dump(quads, RdfFormat.N_QUADS)
    return [quads]
