"""emgraph schema"""

from pathlib import Path

import click

from emgraph.child import TIMEOUT
from emgraph.cli.interrupting import ending_at_once
from emgraph.cli.options import DATA, OUTPUT, deliver, inputs, stored
from emgraph.endings import format_of
from emgraph.errors import EmgraphError
from emgraph.rdf.store import load
from emgraph.rdf.stored import opened
from emgraph.screen import terminal_width
from emgraph.sparql import isolate
from emgraph.sparql.prologue import with_prefixes


@click.command()
@DATA
@click.option(
    "--format", "format_", metavar="FORMAT",
    help="text, markdown or json. Default: what FILE ends in, else text.",
)  # fmt: skip
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
@OUTPUT
def schema(
    data: tuple[str, ...],
    input_format: str | None,
    format_: str | None,
    endpoint: str | None,
    output: Path | None,
) -> None:
    """Show the graph on one page: classes, properties, examples.

    It is for whoever is about to write SPARQL, a person or a language model.
    """
    from emgraph.pages import schema as mapping

    chosen = format_of(format_, output, mapping.FORMATS, "a schema") or "text"
    if data and endpoint:
        raise EmgraphError("--data reads files and --endpoint asks a server. Give one of them.")
    read = []
    if endpoint:
        from emgraph.servers import endpoints

        found = mapping.schema(lambda query: endpoints.run(endpoint, with_prefixes(query)))
    else:
        folder = stored(data)
        read = [] if folder else inputs(data, input_format)
        with ending_at_once():
            store = opened(folder) if folder else load(read)
        found = mapping.schema(lambda query: isolate.run(store, query, timeout=4 * TIMEOUT))
    deliver(mapping.render(found, chosen, terminal_width()), output, read)
