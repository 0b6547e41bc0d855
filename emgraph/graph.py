"""A graph in Python, as `emgraph.open()` gives one: questions, SPARQL and validation."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Store

from emgraph import files, isolate, queries, results
from emgraph.answers.view import About
from emgraph.child import TIMEOUT
from emgraph.isolate import Answer, Rows
from emgraph.parameters import as_date, terms
from emgraph.prologue import with_prefixes
from emgraph.store import graph_names, load
from emgraph.table import Table, Value

if TYPE_CHECKING:
    from emgraph.finding import Report

Word: TypeAlias = Value | Sequence[Value]


class Graph:
    """A graph that is open: files that were read, or somebody's endpoint.

    Every query runs in a process of its own, which is ended when it takes too long or too much.
    """

    def __init__(
        self,
        *paths: str | os.PathLike[str],
        endpoint: str | None = None,
        input_format: str | None = None,
    ) -> None:
        named = [os.fspath(path) for path in paths]
        self.endpoint = endpoint
        self.files = files.named(named, input_format) if named else files.bundled()
        is_bundled = not named or "external" in named
        self._store = load([*self.files, *(files.ontology() if is_bundled else ())])

    def __repr__(self) -> str:
        what = self.endpoint or f"{len(self.files)} files, {len(self._store):,} statements"
        return f"<emgraph.Graph: {what}>"

    @property
    def questions(self) -> dict[str, str]:
        """The names of all questions, and what they ask."""
        return {question.name: question.question for question in queries.catalogue()}

    def ask(
        self,
        name: str,
        /,
        *,
        as_of: str | date | None = None,
        folders: Iterable[str | os.PathLike[str]] = (),
        timeout: float = TIMEOUT,
        **parameters: Word,
    ) -> Table:
        """The answer to a question, its parameters by name; a list gives several values.

        Things are named by IRI, name, acronym or alias. Questions about a day are answered as of
        today, unless `as_of` says another. `folders` hold questions of one's own, `timeout` is in
        seconds. Raises EmgraphError for a name or value that means nothing, QueryStopped for what
        takes too long.
        """
        question = queries.find(name, [Path(folder) for folder in folders])
        words = [f"{key}={_word(one)}" for key, word in parameters.items() for one in _each(word)]
        given = dict(terms(self._store, question, words))
        if "asOf" in question.slots and "asOf" not in given:
            given["asOf"] = [as_date(_word(as_of or date.today()))]
        found = self._answer(question.bound(given), timeout)
        if not isinstance(found, Rows):
            found = _as_rows(found)
        about = About(question.question, pounds=question.pounds)
        return Table(found, self._store, self._about(about))

    def sparql(self, query: str, /, *, timeout: float = TIMEOUT) -> Table | bool:
        """The answer to a SPARQL query, in which the project's prefixes are declared.

        SELECT gives its rows, ASK a truth, CONSTRUCT and DESCRIBE rows of subject, predicate,
        object. `timeout` is in seconds. Raises EmgraphError for a query that is wrong or not
        allowed, QueryStopped for one that takes too long or too much.
        """
        found = self._answer(query, timeout)
        if isinstance(found, bool):
            return found
        rows = found if isinstance(found, Rows) else _as_rows(found)
        return Table(rows, self._store, self._about(About()))

    def validate(self, *, as_of: str | date | None = None) -> "Report":
        """All that is wrong with the files by the bundled rules on a day (default: today).

        Raises EmgraphError where there can be no verdict, as for an endpoint.
        """
        from emgraph.errors import EmgraphError
        from emgraph.validation import validate

        if self.endpoint is not None:
            raise EmgraphError("an endpoint is validated by: emgraph validate --endpoint URL.")
        return validate(self.files, as_date(_word(as_of or date.today())).value)

    def _answer(self, query: str, timeout: float) -> Answer:
        if self.endpoint is None:
            graphs = graph_names(self._store)
            return isolate.run(self._store, query, graphs=graphs, timeout=timeout)
        from emgraph import remote

        return remote.run(self.endpoint, with_prefixes(query), timeout=timeout)

    def _about(self, about: About) -> Callable[[Rows], About]:
        return lambda rows: results.named(self._store, rows, about)

    @property
    def store(self) -> Store:
        """The pyoxigraph store that holds every graph, and their merge as the default graph."""
        return self._store


def _as_rows(found: Answer) -> Rows:
    if isinstance(found, bool | Rows):
        raise TypeError(found)
    rows = [(triple.subject, triple.predicate, triple.object) for triple in found]
    return Rows(("subject", "predicate", "object"), list(rows))


def _each(word: Word) -> Sequence[Value]:
    if isinstance(word, str) or not isinstance(word, Sequence):
        return [word]
    return word


def _word(value: Value) -> str:
    """A value as a user would write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
