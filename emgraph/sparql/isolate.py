"""Ask a store in a child process, and take no more of an answer than this process can bear."""

import contextlib
import io
import os
import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from emgraph.child import MEMORY, TIMEOUT, TOO_DEEP, TOO_LARGE, call
from emgraph.errors import EmgraphError, QueryStopped, Stopped, WrongQuery
from emgraph.namespaces import prefixes
from emgraph.rdf.stored import opened, place_of
from emgraph.sparql import guard

LARGEST = 64 * 2**20
_OPENING = 2**30  # of addresses, which the threads of a store reserve when it is opened
_TOO_MUCH = (
    f"the answer is larger than {LARGEST // 2**20} MB. Add LIMIT, or ask for fewer columns or rows."
)
MOST_ROWS, MOST_TRIPLES = 1_000_000, 500_000
_REMEDIES = {
    "": "Make it narrower, or raise the timeout (--timeout).",
    TOO_LARGE: "Make it narrower, or sort and group less.",
    TOO_DEEP: "Split it; put long lists into VALUES.",
}
_Item = TypeVar("_Item")
_ROWS, _TRIPLES, _FAULT = b"R", b"T", b"E"


class Rows(NamedTuple):
    """The answer to a SELECT: the variables, and one term or nothing for each in every row."""

    variables: tuple[str, ...]
    rows: list[tuple[NamedNode | BlankNode | Literal | Triple | None, ...]]


class Told(list[tuple[NamedNode | BlankNode | Literal | Triple | None, ...]]):
    """Rows as the engine told them, with its own JSON, so that it can tell them on."""

    def __init__(self, rows: Iterable[tuple[Any, ...]], json: bytes) -> None:
        super().__init__(rows)
        self.json = json


Answer = Rows | list[Triple] | bool


def run(
    store: Store,
    query: str,
    *,
    graphs: Collection[str] | None = None,
    base: str | None = None,
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    fork: bool = hasattr(os, "fork"),
) -> Answer:
    """The answer of a store to a query that the guard allows; the project's prefixes are declared.

    Relative IRIs are completed with `base`. `timeout` is in seconds, `memory` in bytes beyond what
    this process has. Raises EmgraphError for a query that is refused or is no SPARQL, QueryStopped
    for one that took too much or answers more than LARGEST bytes.
    """
    guard.check(query, graphs, base)
    try:
        if fork:
            return _answer(call(_alone, store, query, base, timeout=timeout, memory=memory))
        place = place_of(store)
        data = store.dump(format=RdfFormat.N_QUADS) if place is None else b""
        arguments = (evaluate_dump, data, query, base, place)
        memory += _OPENING if place is not None else 0
        return _answer(call(*arguments, timeout=timeout, memory=memory, fork=False))
    except Stopped as stopped:
        cause = f": {stopped.cause}" if stopped.cause else ""
        hint = _REMEDIES.get(stopped.cause, "Make it narrower.")
        raise QueryStopped(
            f"the query was stopped after {stopped.seconds:.1f} s{cause}. {hint}"
        ) from None
    except WrongQuery as error:
        from emgraph.sparql.faults import explained

        raise explained(error, query) from None


class _Limited(io.BytesIO):
    """Bytes in memory up to a limit."""

    def write(self, data: Any) -> int:
        """Take the bytes; raises OSError past LARGEST."""
        if self.tell() + len(data) > LARGEST:
            raise OSError(_TOO_MUCH)
        return super().write(data)


def evaluate(store: Store, query: str, base: str | None = None) -> bytes:
    """A store's answer as bytes that `run` understands; an error of the engine is an answer too."""
    reply = _Limited()
    try:
        answer = store.query(query, base_iri=base, prefixes=prefixes())
        if isinstance(answer, QuerySolutions | QueryBoolean):
            reply.write(_ROWS)
            answer.serialize(output=reply, format=QueryResultsFormat.JSON)
        else:
            reply.write(_TRIPLES)
            answer.serialize(output=reply, format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        return _FAULT + str(error).encode(errors="replace")
    return reply.getvalue()


def _alone(store: Store, query: str, base: str | None) -> bytes:
    """The same, in a process that from here on can open no file and no connection.

    A store on disk opens its own files while it is read.
    """
    prefixes()  # reads a file, once
    if place_of(store) is not None:
        return evaluate(store, query, base)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return evaluate(store, query, base)


def evaluate_dump(data: bytes, query: str, base: str | None, place: str | None = None) -> bytes:
    """The same for a child that shares no memory: of a store on disk, or of a dump in N-Quads."""
    if place is not None:
        return _alone(opened(place), query, base)
    store = Store()
    store.load(data, RdfFormat.N_QUADS)
    return _alone(store, query, base)


def _answer(reply: bytes) -> Answer:
    kind, body = reply[:1], reply[1:]
    if kind == _FAULT:
        raise _fault(body.decode())
    try:
        if kind == _TRIPLES:
            return answer_of_ntriples(body)
        found = answer_of_json(body)
        return found._replace(rows=Told(found.rows, body)) if isinstance(found, Rows) else found
    except MemoryError as error:  # the parser's buffer has a limit of its own
        what = "one value of the answer is larger than 16 MB. Ask for it in parts."
        raise QueryStopped(what) from error


def answer_of_ntriples(body: bytes | BinaryIO) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE; raises SyntaxError, QueryStopped for too many."""
    triples = (quad.triple for quad in parse(body, RdfFormat.N_TRIPLES))
    return _few(triples, MOST_TRIPLES, "triples")


def answer_of_json(body: bytes | BinaryIO) -> Rows | bool:
    """Rows of a SELECT or truth of an ASK; raises SyntaxError, QueryStopped for too many."""
    results = parse_query_results(body, QueryResultsFormat.JSON)
    if isinstance(results, QuerySolutions):
        variables = tuple(variable.value for variable in results.variables)
        return Rows(variables, _few(map(tuple, results), MOST_ROWS, "rows"))
    return bool(results)


def _few(found: Iterable[_Item], most: int, what: str) -> list[_Item]:
    """All that is found; raises QueryStopped where that is more than this process would bear."""
    items = list(islice(found, most + 1))
    if len(items) > most:
        raise QueryStopped(f"the answer has more than {most:,} {what}. Add LIMIT, or ask for less.")
    return items


def _fault(message: str) -> EmgraphError:
    """The engine's complaint, with the place in the query if it names one."""
    if _TOO_MUCH in message:
        return QueryStopped(_TOO_MUCH)
    place = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if place is None:
        return EmgraphError(f"the query cannot be answered: {message}.")
    line, column, expected = place.groups()
    sentence = re.search(r"\bThe [a-zA-Z ]+|\bIRI parsing failed", expected)
    return WrongQuery(int(line), int(column), sentence[0].strip() if sentence else "")
