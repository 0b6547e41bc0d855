"""A graph in Python, as `emgraph.open()` gives one: questions, SPARQL and validation."""

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from emgraph.answers import results
from emgraph.answers.view import About
from emgraph.child import TIMEOUT
from emgraph.errors import EmgraphError
from emgraph.rdf import files
from emgraph.rdf.store import graph_names, load
from emgraph.rdf.stored import is_store, opened
from emgraph.sparql import hints, isolate, queries
from emgraph.sparql.isolate import Answer, Rows
from emgraph.sparql.parameters import as_date, on_nothing, terms
from emgraph.sparql.prologue import with_prefixes
from emgraph.table import Table, Value

if TYPE_CHECKING:
    from emgraph.finding import Report
    from emgraph.shacl.asked import Asked

Word: TypeAlias = Value | Iterable[Value]


class Graph:
    """A graph that is open: files that were read, an on-disk store, or somebody's endpoint.

    Every query runs in a process of its own, which is ended when it takes too long or too much.
    """

    def __init__(
        self,
        *paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        endpoint: str | None = None,
        input_format: str | None = None,
    ) -> None:
        named = [path for given in paths for path in _paths(given)]
        if paths and not named:
            raise EmgraphError("an empty list names no file. Name some, or nothing at all.")
        if named and endpoint is not None:
            raise EmgraphError("paths are files and endpoint is a server. Give one of them.")
        self.endpoint = endpoint
        if len(named) == 1 and is_store(named[0]):
            self.files = []
            self._store = opened(named[0])
            return
        self.files = files.named(named, input_format) if named else files.bundled()
        is_bundled = not named or "external" in named
        read = [] if endpoint is not None else self.files
        self._store = load([*read, *(files.ontology() if is_bundled else ())])

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
        """The answer to a question, its parameters by name; a list or a set gives several values.

        None is as good as not given. Things are named by IRI, name, acronym or alias. Questions
        about a day are answered as of today, unless `as_of` says another. `folders` hold questions
        of one's own, `timeout` is in seconds. Raises EmgraphError for a name or value that means
        nothing, QueryStopped for what takes too long.
        """
        places = [Path(folder) for folder in folders]
        question = queries.find(name, places, "graph.questions")
        given_words = {key: word for key, word in parameters.items() if word is not None}
        words = {key: [_word(one) for one in _each(word)] for key, word in given_words.items()}
        there = None if self.endpoint is None else _Elsewhere(self.endpoint, timeout)
        store = (
            there.known((), [word for several in words.values() for word in several])
            if there
            else self._store
        )
        pairs = [f"{key}={word}" for key, several in words.items() for word in several]
        given = dict(terms(store, question, pairs))
        if "asOf" in question.slots and "asOf" not in given:
            given["asOf"] = [_day(as_of)]
        text = question.bound(given)
        found = there.ask(question, given) if there else self._answer(text, timeout)
        rows = found if isinstance(found, Rows) else _as_rows(found)
        is_empty = there is None and next(iter(self._store), None) is None
        no_rows = on_nothing(question, given, is_empty=is_empty)
        about = About(question.question, pounds=question.pounds, no_rows=no_rows)
        return Table(rows, self._known(rows, timeout), about)

    def sparql(self, query: str, /, *, timeout: float = TIMEOUT) -> Table | bool:
        """The answer to a SPARQL query, in which the project's prefixes are declared.

        SELECT gives its rows, ASK a truth, CONSTRUCT and DESCRIBE rows of subject, predicate,
        object. `timeout` is in seconds. A word of the query that nothing here is called by is told
        in a UserWarning. Raises EmgraphError for a query that is wrong or not allowed, QueryStopped
        for one that takes too long or too much.
        """
        found = self._answer(query, timeout)
        elsewhere = self.endpoint is not None
        unused = () if elsewhere else hints.on_nothing(query, self._store, found)
        slips = (*hints.unbound(query, found), *hints.misspelt(query, self._store))
        for hint in (*slips, *unused):
            warnings.warn(hint, UserWarning, stacklevel=2)
        if isinstance(found, bool):
            return found
        rows = found if isinstance(found, Rows) else _as_rows(found)
        return Table(rows, self._known(rows, timeout), About())

    def _known(self, rows: Rows, timeout: float) -> Callable[[], Store]:
        """What gives a store that knows what things are called."""
        url = self.endpoint
        if url is None:
            return lambda: self._store
        return lambda: _Elsewhere(url, timeout).known(results.things(rows))

    def validate(
        self,
        *,
        as_of: str | date | None = None,
        rules: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        shapes: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
        waivers: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
        waive: bool = True,
        timeout: float = 60.0,
    ) -> "Report":
        """All that is wrong with the graph on a day (default: today), as `emgraph validate` has it.

        `rules` are the codes to judge by (default: all), `ignore` those to leave out; `shapes` are
        files or folders of shapes instead of the bundled ones ("bundled" among them adds these),
        `waivers` files of waivers, and `waive=False` heeds none. `timeout` is in seconds, for
        shapes of one's own and for each request to an endpoint. Raises EmgraphError where there can
        be no verdict.
        """
        from emgraph.validation.validate import Selection, validate

        selection = Selection(
            shapes=_paths(shapes),
            chosen=_paths(rules),
            ignored=_paths(ignore),
            waivers=_paths(waivers),
            waive=waive,
            timeout=timeout,
        )
        day = _day(as_of).value
        if self.endpoint is None and self.files:
            return validate(self.files, day, selection)
        from emgraph.validation import elsewhere

        place = self._elsewhere(day, timeout, much=not selection.chosen)
        return elsewhere.validate(place, day, selection)

    def _elsewhere(self, day: str, timeout: float, *, much: bool) -> "Asked":
        """The endpoint or the on-disk store, as shapes are asked of it, much or little."""
        from emgraph.shacl.asked import Asked, on_disk
        from emgraph.validation import elsewhere

        facts = elsewhere.facts(day)
        if self.endpoint is None:
            return Asked(on_disk(self._store, "the store", much=much), "the store", facts)
        from emgraph.servers.probing import endpoint

        return endpoint(self.endpoint, facts, timeout)

    def _answer(self, query: str, timeout: float) -> Answer:
        if self.endpoint is None:
            graphs = graph_names(self._store)
            return isolate.run(self._store, query, graphs=graphs, timeout=timeout)
        from emgraph.servers import endpoints

        return endpoints.run(self.endpoint, with_prefixes(query), timeout=timeout)

    @property
    def store(self) -> Store:
        """The pyoxigraph store that holds every graph, and their merge as the default graph."""
        return self._store


class _Elsewhere:
    """An endpoint as canned questions see it: its graphs are citations."""

    def __init__(self, url: str, timeout: float) -> None:
        from emgraph.servers.endpoints import citing
        from emgraph.servers.remote import Endpoint

        self._endpoint = citing(Endpoint(url, timeout=timeout))

    def known(self, iris: Iterable[str], words: Sequence[str] = ()) -> Store:
        """What is said there of things, and of what words can mean."""
        from emgraph.pages.described import known

        return known(self._endpoint, iris, sorted({*words}))

    def ask(
        self, question: queries.Question, values: Mapping[str, Sequence[NamedNode | Literal]]
    ) -> Answer:
        """The answer to a question with these parameters."""
        from emgraph.servers.endpoints import ask

        return ask(self._endpoint, question, values)


def _as_rows(found: Answer) -> Rows:
    if isinstance(found, bool | Rows):
        raise TypeError(found)
    rows = [(triple.subject, triple.predicate, triple.object) for triple in found]
    return Rows(("subject", "predicate", "object"), list(rows))


def _paths(given: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    """One word, path or code, or several, as texts."""
    several = [given] if isinstance(given, str | os.PathLike) else given
    return [os.fspath(one) for one in several]


def _day(as_of: str | date | None) -> Literal:
    """The day to answer for, by default today; of a time its day."""
    as_of = as_of.date() if isinstance(as_of, datetime) else as_of
    return as_date("today" if as_of is None else _word(as_of))


def _each(word: Word) -> Iterable[Value]:
    """One value, or several: those of a set in the order of their words."""
    if isinstance(word, str) or not isinstance(word, Iterable):
        return [word]
    return sorted(word, key=_word) if isinstance(word, Set) else word


def _word(value: Value) -> str:
    """A value as a user would write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
