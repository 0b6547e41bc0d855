"""What `query` and `sparql` share: a query's answer, cut, labelled and delivered."""

import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from emgraph.answers import results
from emgraph.answers.view import About, cut, is_citation, limited
from emgraph.cli.options import deliver, say
from emgraph.endings import format_of
from emgraph.errors import EmgraphError
from emgraph.rdf.files import RdfFile
from emgraph.screen import visible
from emgraph.sparql import isolate
from emgraph.sparql.isolate import Answer, Rows

if TYPE_CHECKING:
    from emgraph.servers.remote import Endpoint
    from emgraph.sparql.queries import Question


_LEAST_TO_WRITE = 5.0  # seconds, however little of its time a query has left


class Delivery(NamedTuple):
    """How an answer is wanted: the result options of the command line."""

    format: str | None
    output: Path | None
    limit: int | None
    timeout: float
    labels: bool
    endpoint: "Endpoint | None"
    cite: bool = True

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Delivery":
        """The result options among those of a command.

        Raises EmgraphError for a format that there is none of, and for bytes that would go to a
        terminal.
        """
        output = options["output"]
        format_ = format_of(options["format_"], output, results.FORMATS, "an answer")
        if format_ in results.BINARY and _is_terminal(output):
            raise EmgraphError(f"{format_} is not for a terminal. Add -o FILE.{format_}.")
        return cls(
            format=format_,
            output=output,
            limit=options["limit"],
            timeout=options["timeout"],
            labels=not options["no_labels"],
            endpoint=_endpoint(options),
            cite=options.get("cite", True),
        )


def _endpoint(options: dict[str, Any]) -> "Endpoint | None":
    if options["endpoint"] is None:
        return None
    if options["data"]:
        raise EmgraphError("--data reads files and --endpoint asks a server. Give one of them.")
    from emgraph.servers.remote import Endpoint

    return Endpoint(options["endpoint"], timeout=options["timeout"])


def _is_terminal(output: Path | None) -> bool:
    return (output is None or str(output) == "-") and sys.stdout is not None and sys.stdout.isatty()


def answer(
    store: Store,
    text: str,
    delivery: Delivery,
    read: Sequence[RdfFile | Path],
    graphs: list[str] | None,
    about: About | None = None,
    base: str | None = None,
    question: "tuple[Question, Mapping[str, Sequence[NamedNode | Literal]]] | None" = None,
) -> Answer:
    """Ask a store, and deliver what it answers with what there is to tell `about` it.

    An endpoint is asked the question with its values where there is one, else the text.
    """
    told = about or About()
    endpoint = delivery.endpoint
    started = time.monotonic()
    if endpoint is None:
        found = isolate.run(store, text, graphs=graphs, base=base, timeout=delivery.timeout)
    else:
        from emgraph.servers import endpoints

        whole = endpoints.whole
        found = endpoints.ask(endpoint, *question) if question else whole(endpoint, text)
    if isinstance(found, list) and delivery.limit is not None:
        raise EmgraphError("--limit counts rows, and a graph has none. Write LIMIT in the query.")
    left = delivery.timeout - (time.monotonic() - started)
    with _within(max(left, _LEAST_TO_WRITE)):
        found, told, rendered = _rendered(found, told, store, delivery)
    deliver(rendered, delivery.output, read)
    _say_beside(found, told, delivery)
    return found


def _rendered(
    found: Answer, told: About, store: Store, delivery: Delivery
) -> tuple[Answer, About, bytes]:
    """What is shown of an answer, what there is to tell about it, and both in the format wanted."""
    if isinstance(found, Rows):
        for_people = delivery.format in (None, *results.FOR_PEOPLE)
        rows = found if delivery.cite else without_citations(found)
        found, total = limited(rows, delivery.limit, folded=for_people and bool(told.question))
        told = told._replace(total=total)
        if for_people and delivery.endpoint is not None:
            from emgraph.pages.described import known

            store = known(delivery.endpoint, results.things(found))
        if for_people:
            told = results.named(store, found, told, with_labels=delivery.labels)
    rendered = results.render(found, delivery.format, told)
    if _is_terminal(delivery.output):  # where exact bytes could steer it
        shown = visible(rendered.decode().replace("\r\n", "\n"))
        rendered = (shown if shown.endswith("\n") else shown + "\n").encode()
    return found, told, rendered


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise EmgraphError in what takes longer than this, where the system can interrupt it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return

    def _late(*_: object) -> None:
        raise EmgraphError(
            f"the answer was not written within {seconds:.0f} s. Ask for less (LIMIT), "
            "for a simpler --format, or raise --timeout."
        )

    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _say_beside(found: Answer, about: About, delivery: Delivery) -> None:
    """Tell what the format has no room for, and that rows are missing, whatever the format."""
    if isinstance(found, Rows):
        shown = min(about.total or 0, delivery.limit or about.total or 0)
        if missing := cut(shown, about.total):
            say(f"{missing} Leave out --limit for all of them.")
    if delivery.format in (None, *results.SAYS_WHAT_WAS_ASKED):
        return
    if isinstance(found, Rows) and not found.rows and about.question:
        say(about.no_rows[:1].lower() + about.no_rows[1:])
    if unsaid := [fact for fact in about.facts if not fact.given]:
        facts = (f"{fact.head[:1].lower()}{fact.head[1:]} {fact.text}" for fact in unsaid)
        say(f"{'; '.join(facts)}.")


def without_citations(rows: Rows) -> Rows:
    """The rows without the columns that cite, each once."""
    kept = [i for i, name in enumerate(rows.variables) if not is_citation(name)]
    variables = tuple(rows.variables[i] for i in kept)
    return Rows(variables, list(dict.fromkeys(tuple(row[i] for i in kept) for row in rows.rows)))
