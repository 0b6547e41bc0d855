"""An endpoint as a place to ask, once it has shown that it answers rightly."""

from collections.abc import Callable, Iterable
from functools import cache

from pyoxigraph import NamedNode

from emgraph.errors import EmgraphError, Late, Unanswered, Uncovered
from emgraph.namespaces import RDF
from emgraph.servers.endpoints import capped, citing, whole
from emgraph.servers.remote import Endpoint
from emgraph.shacl.asked import Asked
from emgraph.shacl.facts import Facts
from emgraph.shacl.jobs import Row
from emgraph.shacl.portable import portable
from emgraph.sparql.isolate import Rows
from emgraph.tokens import tokens

MOST = 100_000
_MOST_LATE = 10  # questions without an answer, after which no more are asked
_ANY = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"
_GRAPHS = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
_APART = "SELECT ?s WHERE { GRAPH ?g { ?s a ?kind } FILTER NOT EXISTS { ?s a ?kind } } LIMIT 1"
_SAMPLE = "SELECT ?s ?kind WHERE { ?s a ?kind FILTER(isIRI(?s) && isIRI(?kind)) } LIMIT 1"
_MERGE = "Configure its default graph as the union of the named graphs."
_GROUPED = f"SELECT ?s WHERE {{ ?s <{RDF}type> ?kind }} GROUP BY ?s HAVING(COUNT(?kind) > 0)"
_TYPED = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s <{RDF}type> ?any %s }}"
# What each construct has to give of a node and its class: a row or none.
_PROBES = {
    "FILTER IN": ("{0} a ?kind FILTER(?kind IN ({1}))", True),
    "EXISTS": ("{0} a ?kind FILTER EXISTS {{ {0} a ?same FILTER(?same IN ({1})) }}", True),
    "NOT EXISTS": ("{0} a ?kind FILTER NOT EXISTS {{ {0} a ?same }}", False),
    "EXISTS in NOT EXISTS": (
        "{0} a ?kind FILTER NOT EXISTS {{ {0} a ?same FILTER NOT EXISTS {{ {0} a {1} }} }}",
        True,
    ),
    "MINUS": ("?s a {1} MINUS {{ ?s a {1} }}", False),
    "a test of type": ("{0} a ?kind FILTER(!(isLiteral(?kind) && DATATYPE(?kind) = {1}))", True),
    "a test of number": ("{0} a ?kind FILTER(isNumeric(?kind) && ?kind > 1)", False),
    "a regular expression": ("{0} a ?kind FILTER(REGEX(STR(?kind), '^[a-z]+:', 'i'))", True),
    "VALUES": ("VALUES (?s ?kind) {{ ({0} {1}) }} ?s a ?kind", True),
    "BIND": ("BIND({0} AS ?s) ?s a ?kind", True),
    "GRAPH": ("GRAPH ?g {{ {0} a {1} }}", True),
    "DISTINCT in a sub-select": (
        "{{ SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?kind WHERE {{ {0} a ?kind "
        "FILTER(?kind = {1}) }} }} }} }} FILTER(?n = 1)",
        True,
    ),
    "HAVING": (
        "{{ SELECT ?s WHERE {{ ?s a ?kind FILTER(?s = {0}) }} GROUP BY ?s "
        "HAVING(COUNT(DISTINCT ?kind) > 0) }}",
        True,
    ),
    "a path of zero or more steps": ("{0} <" + RDF + "type>* {1}", True),
    "a path of one or more steps": ("{0} <" + RDF + "type>+ {1}", True),
    "an inverse path": ("{1} ^<" + RDF + "type> {0}", True),
    "a path that is not there": ("{0} (<urn:x:none>|^<urn:x:none>)+ {1}", False),
}


def endpoint(url: str, facts: Facts, timeout: float, *, skip: bool = False) -> Asked:
    """An endpoint that has passed every probe; `timeout` is in seconds, for each question.

    Raises EmgraphError for one that does not answer, answers wrongly, holds nothing, or whose
    default graph does not hold what its named graphs do.
    """

    bare, given, late = Endpoint(url, timeout=timeout), 0, 0
    has_graphs = bool(bare.rows(_GRAPHS).rows)
    server = capped(bare)
    if has_graphs:
        server = citing(server)

    @cache
    def _groups_apart() -> bool:
        """Whether a group within EXISTS is that of its own focus: Virtuoso has one for all."""
        numbers = (list(_ask(_TYPED % way)) for way in ("", f"FILTER EXISTS {{ {_GROUPED} }}"))
        return next(numbers) == next(numbers)

    def _ask(text: str) -> Iterable[Row]:
        nonlocal given, late
        if late >= _MOST_LATE:
            raise Late(f"{url}: not asked, because {late} questions before had no answer.")
        if _GROUPED not in text and _is_grouped_within(text) and not _groups_apart():
            raise Uncovered("a group within EXISTS or MINUS, which is answered wrongly there")
        try:
            found = whole(server, portable(text))
        except EmgraphError as error:
            late += 1
            raise Late(str(error)) from error
        if not isinstance(found, Rows):
            raise Unanswered(f"{url}: it answers a SELECT with something else.")
        given += len(found.rows)
        if given > MOST:
            raise Unanswered(
                f"{url}: more than {MOST:,} rows of findings. Judge fewer rules: --rule CODE."
            )
        return [dict(zip(found.variables, row, strict=True)) for row in found.rows]

    _probe(url, _ask)
    return Asked(_ask, url, facts, skip=skip)


def _is_grouped_within(text: str) -> bool:
    """Whether a query has a GROUP BY anywhere within the braces of an EXISTS or a MINUS."""
    before, open_ = "", [False]
    for token in tokens(text):
        word = token.text.upper()
        if word == "{":
            open_.append(open_[-1] or before in ("EXISTS", "MINUS"))
        elif word == "}" and len(open_) > 1:
            open_.pop()
        elif token.kind == "word" and word == "GROUP" and open_[-1]:
            return True
        before = word
    return False


def _probe(url: str, ask: Callable[[str], Iterable[Row]]) -> None:
    """Raise EmgraphError at the first thing that an endpoint does not do as the standard says."""
    in_default, in_graphs = (bool(list(ask(query))) for query in (_ANY, _GRAPHS))
    if not in_default and not in_graphs:
        raise EmgraphError(f"{url}: it holds no statement.")
    if not in_default:
        raise EmgraphError(
            f"{url}: its default graph is empty, and its named graphs are not. {_MERGE}"
        )
    if not in_graphs:
        raise EmgraphError(f"{url}: it has no named graphs, so no statement has a source there.")
    if list(ask(_APART)):
        raise EmgraphError(f"{url}: its default graph lacks what its named graphs hold. {_MERGE}")
    for row in ask(_SAMPLE):
        node, kind = row["s"], row["kind"]
        if isinstance(node, NamedNode) and isinstance(kind, NamedNode):
            for name, (pattern, expected) in _PROBES.items():
                body = pattern.format(node, kind)
                if bool(list(ask(f"SELECT DISTINCT (1 AS ?x) WHERE {{ {body} }}"))) != expected:
                    raise EmgraphError(
                        f"{url}: it answers {name} wrongly, so that nothing it says can be relied "
                        "on. Validate the files, or load them into another server."
                    )
