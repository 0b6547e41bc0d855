"""emgraph export"""

from pathlib import Path

import click

from emgraph import files
from emgraph.cli.options import DATA, OUTPUT, deliver, inputs


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@DATA
@click.option(
    "--format", "format_", metavar="FORMAT", help="Default: what FILE ends in, or turtle."
)
@click.option("--citations", metavar="subject|statement|none", help="How Turtle cites.")
@OUTPUT
def export(
    paths: tuple[str, ...],
    data: tuple[str, ...],
    input_format: str | None,
    format_: str | None,
    citations: str | None,
    output: Path | None,
) -> None:
    """Write a graph as turtle, trig, ntriples, nquads, jsonld or rdfxml, with its citations.

    The file is written whole or not at all, and never over what was read.
    """
    from emgraph import exchange
    from emgraph.store import read

    chosen = exchange.format_of(format_, output.suffix[1:].lower() if output else "")
    named = inputs((*paths, *data), input_format)
    quads = [quad for reading in read(named) for quad in reading.quads]
    terms = [quad for reading in read(files.ontology()) for quad in reading.quads]
    deliver(exchange.export(quads, terms, chosen, citations), output, named)
