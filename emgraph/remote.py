"""The same query against somebody's SPARQL 1.1 endpoint."""

import re

from emgraph import guard
from emgraph.errors import EmgraphError
from emgraph.isolate import Answer, answer_of_json, answer_of_ntriples
from emgraph.tokens import tokens


def run(endpoint: str, query: str, *, timeout: float = 30.0) -> Answer:
    """The answer of an endpoint (an http or https URL) to a query that the guard allows.

    `timeout` is in seconds. Raises EmgraphError for a query that is refused, and for an endpoint
    that cannot be reached, refuses, or answers something else than SPARQL results.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise EmgraphError(f"{endpoint}: not an endpoint. Give its http or https address.")
    guard.check(query)
    from SPARQLWrapper import JSON, N3, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    client = SPARQLWrapper(endpoint)
    client.setMethod(POST)
    client.setTimeout(max(1, round(timeout)))
    client.setQuery(query)
    client.queryType = _form(query)  # its own guess is misled by words in comments
    is_graph = client.queryType in ("CONSTRUCT", "DESCRIBE")
    client.setReturnFormat(N3 if is_graph else JSON)
    try:
        body = client.query().response.read()
        return answer_of_ntriples(body) if is_graph else answer_of_json(_modern(body))
    except (SPARQLWrapperException, OSError, SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise EmgraphError(f"{endpoint}: no answer. {reason}") from error


def _form(query: str) -> str:
    """Which of SPARQL's four forms a query has."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next((word for word in words if word in forms), "SELECT")


def _modern(body: bytes) -> bytes:
    """Results in SPARQL 1.1's JSON, where Virtuoso has typed-literal, and blank nodes as URLs."""
    body = re.sub(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://', rb"\1", body)
    return re.sub(rb'"type"\s*:\s*"typed-literal"', b'"type":"literal"', body)
