"""The same query against somebody's SPARQL 1.1 endpoint."""

import re
import time
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from emgraph import __version__
from emgraph.child import TIMEOUT
from emgraph.errors import EmgraphError
from emgraph.servers import login, transport
from emgraph.sparql import guard
from emgraph.sparql.isolate import Answer, Rows
from emgraph.tokens import tokens

MAX_ROWS = 1_000_000

_JSON = ("application/sparql-results+json", "application/json")
_TURTLE = ("application/n-triples", "text/turtle")
_SAME = ("text/plain", "text/n3", "text/rdf+n3", "application/x-turtle", "application/octet-stream")
_VIRTUOSO_ASK = "__ASK_RETVAL"


class Given(NamedTuple):
    """One answer of a server, and at how many rows it cut it, if it says so or is known for it."""

    answer: Answer
    most: int | None


@dataclass(eq=False, repr=False)
class Endpoint:
    """A SPARQL 1.1 query service that is asked by POST, with the login that the environment names.

    `timeout` is the seconds that one request may take with all its repetitions, `deadline` a time
    of time.monotonic by which all have to end. `parameters` go with every request, such as those of
    the protocol that name the graphs. `most` is the number of rows that answers are known to be cut
    to there, `least` one that is known to be given whole. Raises EmgraphError for what is no http
    or https address.
    """

    url: str
    _: KW_ONLY
    timeout: float = TIMEOUT
    deadline: float | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    least: int = 0

    def __post_init__(self) -> None:
        """Ask nothing yet."""
        self.url = login.checked(self.url)
        self._login = login.Login.of_environment()

    def run(self, query: str) -> Given:
        """What the server says to one query.

        Raises EmgraphError for a query that the guard refuses, and for a server that cannot be
        reached, refuses, or answers something else than the results of this query.
        """
        guard.check(query)
        form = form_of(query)
        is_graph = form in ("CONSTRUCT", "DESCRIBE")
        reply = self._reply(query, form, _TURTLE if is_graph else _JSON)
        kind = reply.headers.get_content_type()
        if kind not in (*_SAME, *(_TURTLE if is_graph else _JSON)):
            raise self.error(
                "a web page, no SPARQL results. Check the address of the query service"
                if "html" in kind
                else f"it answers in {kind[:60]}, not in {(_TURTLE if is_graph else _JSON)[0]}"
            )
        most = reply.headers.get("X-SPARQL-MaxRows", "")
        try:
            answer = _triples(reply.body) if is_graph else _results(reply.body)
        except (SyntaxError, ValueError) as error:
            gone = error.with_traceback(None)  # its frames hold what this thread alone may drop
            words = " ".join(str(error).split())[:160].rstrip(".")
            raise self.error(f"it answers with what is no SPARQL result: {words}") from gone
        if form == "ASK" and isinstance(answer, Rows) and answer.variables == (_VIRTUOSO_ASK,):
            answer = any(str(getattr(row[0], "value", "0")) in ("1", "true") for row in answer.rows)
        if (isinstance(answer, Rows), isinstance(answer, bool)) != (
            form == "SELECT",
            form == "ASK",
        ):
            article = "an" if form == "ASK" else "a"
            raise self.error(f"it answers {article} {form} with something else")
        if isinstance(answer, Rows):
            answer = self._in_columns(answer, query)
        if isinstance(answer, Rows) and self.most is not None and len(answer.rows) >= self.most:
            return Given(answer, self.most)
        return Given(answer, int(most) if re.fullmatch(r"\d{1,9}", most) else None)

    def rows(self, query: str) -> Rows:
        """The rows of a SELECT as the server gives them, cut or not; raises EmgraphError."""
        answer = self.run(query).answer
        if not isinstance(answer, Rows):
            raise self.error("it answers a SELECT with something else")
        return answer

    def error(self, what: str) -> EmgraphError:
        """The error that says of this endpoint what is wrong, in words without the last stop."""
        return EmgraphError(f"{login.shown(self.url)}: {what}.")

    def _reply(self, query: str, form: str, kinds: tuple[str, ...]) -> transport.Reply:
        """The server's reply to a query."""
        from SPARQLWrapper import POST, SPARQLWrapper

        mine, deadline = self._login, time.monotonic() + self.timeout
        deadline = min(deadline, self.deadline or deadline)

        class _Client(SPARQLWrapper):
            def _query(self) -> tuple[Any, str]:
                return transport.fetch(self._createRequest(), mine, deadline), self.returnFormat

        client = _Client(self.url, agent=f"emgraph/{__version__} (SPARQLWrapper)")
        client.setMethod(POST)
        client.setOnlyConneg(True)
        client.queryString, client.queryType = query, form  # its own guess is misled by comments
        client.addCustomHttpHeader("Accept", ", ".join(kinds))
        if mine.user:
            client.setCredentials(mine.user, mine.password)
        elif mine.token:
            client.addCustomHttpHeader("Authorization", f"Bearer {mine.token}")
        for name, value in self.parameters:
            client.addParameter(name, value)
        reply = client.query().response
        assert isinstance(reply, transport.Reply)
        return reply

    def _in_columns(self, rows: Rows, query: str) -> Rows:
        """The rows with the columns in the order of the query; raises EmgraphError if one lacks."""
        wanted = columns(query)
        if not wanted or rows.variables == wanted:
            return rows
        if sorted(rows.variables) != sorted(wanted):
            named = " ".join(f"?{name[:40]}" for name in rows.variables[:20])
            raise self.error(
                f"it answers with other columns ({named or 'none'}) than were asked for"
            )
        order = [rows.variables.index(name) for name in wanted]
        return Rows(wanted, [tuple(row[i] for i in order) for row in rows.rows])


def form_of(query: str) -> str:
    """Which of SPARQL's four forms a query has."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next((word for word in words if word in forms), "SELECT")


def columns(query: str) -> tuple[str, ...]:
    """The variables that a SELECT names, in their order; none for * and for a dialect."""
    found = list(tokens(query))
    start = next((i for i, t in enumerate(found) if t.text.upper() == "SELECT"), len(found))
    if any(token.text == "*" for token in found[start + 1 : start + 3]):
        return ()
    try:
        answer = Store().query(query)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        return ()
    return tuple(v.value for v in answer.variables) if isinstance(answer, QuerySolutions) else ()


def _triples(body: bytes) -> list[Triple]:
    """The triples of a graph in Turtle or N-Triples, each once; raises SyntaxError."""
    return list(dict.fromkeys(quad.triple for quad in parse(body, RdfFormat.TURTLE)))


def _results(body: bytes) -> Rows | bool:
    """The rows of a SELECT or the truth of an ASK; raises SyntaxError or ValueError.

    Virtuoso still writes SPARQL 1.0's typed-literal, and blank nodes as URLs.
    """
    body = re.sub(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://', rb"\1", body)
    modern = re.sub(rb'"type"\s*:\s*"typed-literal"', b'"type":"literal"', body)
    results = parse_query_results(modern, QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        return bool(results)
    variables = tuple(variable.value for variable in results.variables)
    return Rows(variables, list(_bounded(results)))


def _bounded(
    results: QuerySolutions,
) -> Iterator[tuple[NamedNode | BlankNode | Literal | Triple | None, ...]]:
    for number, row in enumerate(results):
        if number == MAX_ROWS:
            raise ValueError(f"more than {MAX_ROWS:,} rows")
        yield tuple(row)
