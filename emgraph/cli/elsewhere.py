"""`validate` of a graph that is not in files: an on-disk store, or an endpoint."""

from typing import TYPE_CHECKING, Any

import click

from emgraph.cli.options import day, say, together
from emgraph.errors import EmgraphError
from emgraph.finding import Report
from emgraph.rdf.stored import opened

if TYPE_CHECKING:
    from emgraph.stopwatch import Stopwatch
    from emgraph.validation.validate import Selection

ENDPOINT = together(
    click.option("--endpoint", metavar="URL", help="Judge what this SPARQL endpoint holds."),
    click.option(
        "--skip-uncompilable", is_flag=True,
        help="In a store or at an endpoint, leave out shapes that cannot be judged there.",
    ),
)  # fmt: skip


def judged(
    paths: tuple[str, ...],
    store: str | None,
    options: dict[str, Any],
    selection: "Selection",
    watch: "Stopwatch",
) -> Report:
    """The report on the endpoint that is named, or else on the store."""
    from emgraph.shacl.asked import Asked, on_disk
    from emgraph.validation import elsewhere

    if selection.engine == "pyshacl":
        raise EmgraphError("pySHACL judges files alone. Leave --engine pyshacl out.")
    as_of, skip = day(options["as_of"]), options["skip_uncompilable"]
    facts = elsewhere.facts(as_of)
    if store is not None and not options["endpoint"]:
        name = f"the store {store}"
        ask = on_disk(opened(store), name, much=not selection.chosen)
        place = Asked(ask, name, facts, skip=skip)
    elif paths:
        raise EmgraphError("--endpoint and files cannot be judged together. Leave one out.")
    else:
        from emgraph.servers.probing import endpoint

        place = endpoint(options["endpoint"], facts, options["timeout"], skip=skip)
    report = elsewhere.validate(place, as_of, selection, watch)
    for shape, reason in report.skipped.items():
        say(f"{shape} was NOT judged: it has {reason}.")
    for name, reason in report.unanswered.items():
        say(f"{name} could NOT be judged: {reason}")
    return report
