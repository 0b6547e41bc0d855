"""What `query` and `sparql` share: a query's answer, cut, labelled and delivered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Store

from emgraph import isolate, names, results
from emgraph.cli.options import deliver, say
from emgraph.errors import EmgraphError
from emgraph.files import RdfFile
from emgraph.isolate import Answer, Rows


class Delivery(NamedTuple):
    """How an answer is wanted: the result options of the command line."""

    format: str | None
    output: Path | None
    limit: int | None
    timeout: float
    labels: bool
    endpoint: str | None
    cite: bool = True
    no_rows: str = results.NO_ROWS

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Delivery":
        """The result options among those of a command; raises EmgraphError for a time of nan."""
        if options["timeout"] != options["timeout"]:
            raise EmgraphError("--timeout is not a number of seconds.")
        return cls(
            format=options["format_"],
            output=options["output"],
            limit=options["limit"],
            timeout=options["timeout"],
            labels=not options["no_labels"],
            endpoint=options["endpoint"],
            cite=options.get("cite", True),
        )


def answer(
    store: Store,
    text: str,
    delivery: Delivery,
    read: Sequence[RdfFile | Path],
    graphs: list[str] | None,
) -> Answer:
    """Ask a store, and deliver what it answers."""
    if delivery.endpoint is None:
        found = isolate.run(store, text, graphs=graphs, timeout=delivery.timeout)
    else:
        from emgraph import asking

        ask = asking.ask if graphs is None else asking.run  # a question, or a query as it stands
        found = ask(delivery.endpoint, text, timeout=delivery.timeout)
    if isinstance(found, Rows):
        found = _limited(found if delivery.cite else without_citations(found), delivery.limit)
    shown = delivery.format in (None, "table", "markdown") and delivery.labels
    labels = names.labels(store, results.things(found)) if shown else {}
    rendered = results.render(found, delivery.format, labels, no_rows=delivery.no_rows)
    deliver(rendered, delivery.output, read)
    return found


def _limited(rows: Rows, limit: int | None) -> Rows:
    if limit is None or len(rows.rows) <= limit:
        return rows
    say(f"{limit} of {len(rows.rows)} rows. Leave out --limit for all of them.")
    return rows._replace(rows=rows.rows[:limit])


def without_citations(rows: Rows) -> Rows:
    """The rows without the columns that cite, each once."""
    kept = [
        i
        for i, name in enumerate(rows.variables)
        if name != "citation" and not name.endswith("Citation")
    ]
    variables = tuple(rows.variables[i] for i in kept)
    return Rows(variables, list(dict.fromkeys(tuple(row[i] for i in kept) for row in rows.rows)))
