"""emgraph export"""

from pathlib import Path

import click

from emgraph.cli.options import INPUT_FORMAT, OUTPUT, deliver, inputs, refuse, say
from emgraph.endings import format_of
from emgraph.errors import EmgraphError
from emgraph.rdf import files

_OF_A_GRAPH = {"paths", "data", "input_format", "format_", "citations"}


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--data",
    multiple=True,
    metavar="PATH",
    help="The same as PATH. Default: EMGRAPH_DATA, or the bundled graph.",
)
@INPUT_FORMAT
@click.option(
    "--format", "format_", metavar="FORMAT",
    help="turtle, trig, ntriples, nquads, jsonld or rdfxml. Default: what FILE ends in, "
    "else turtle.",
)  # fmt: skip
@click.option("--citations", metavar="subject|statement|none", help="How Turtle cites.")
@click.option(
    "--questions", metavar="sparql-examples|grlc", help="Write the questions instead, into -o DIR."
)
@click.option("--endpoint", metavar="URL", help="With --questions: where they are to be asked.")
@OUTPUT
@click.pass_context
def export(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    data: tuple[str, ...],
    input_format: str | None,
    format_: str | None,
    citations: str | None,
    questions: str | None,
    endpoint: str | None,
    output: Path | None,
) -> None:
    """Write a graph into one file, with its citations.

    The file is written whole or not at all, and never over what was read.
    """
    if questions is not None:
        refuse(ctx, _OF_A_GRAPH, "has no meaning with --questions. Leave it out")
        _export_questions(questions, endpoint, output)
        return
    from emgraph.pages import exchange
    from emgraph.rdf.store import read
    from emgraph.rdf.turtle import FORMATS

    if endpoint is not None:
        raise EmgraphError("--endpoint goes with --questions. Leave it out.")
    chosen = format_of(format_, output, tuple(FORMATS), "an export") or "turtle"
    named = inputs((*paths, *data), input_format)
    quads = [quad for reading in read(named) for quad in reading.quads]
    terms = [quad for reading in read(files.ontology()) for quad in reading.quads]
    deliver(exchange.export(quads, terms, chosen, citations), output, named)
    inferred = exchange.inferred(quads, terms) if chosen in exchange.FLAT else 0
    if inferred:
        told = f"{inferred:,} inferred statements will look stated where this {chosen} is read."
        say(f"{told} --format trig keeps which is which.")


def _export_questions(form: str, endpoint: str | None, folder: Path | None) -> None:
    """Write each question into a file of a folder, which is made if it is missing."""
    from emgraph.pages import examples
    from emgraph.rdf.writing import write
    from emgraph.sparql import queries

    if folder is None or str(folder) == "-":
        raise EmgraphError("the questions are many files. Say -o DIR.")
    catalogue = queries.catalogue()
    found = examples.exported(catalogue, form, endpoint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmgraphError(f"{folder}: {files.reason(error)}. Choose another folder.") from error
    for name, data in found.items():
        write(folder / name, data, [question.path for question in catalogue])
    say(f"{len(catalogue)} questions are in {folder}.")
