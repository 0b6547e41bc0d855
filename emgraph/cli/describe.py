"""emgraph describe"""

from pathlib import Path

import click

from emgraph.cli.options import DATA, OUTPUT, deliver, graph
from emgraph.endings import format_of
from emgraph.rdf import files

FORMATS = ("text", "json", "turtle", "trig")


@click.command()
@click.argument("thing")
@DATA
@click.option(
    "--format", "format_", metavar="FORMAT",
    help="text, json, turtle or trig. Default: what FILE ends in, else text.",
)  # fmt: skip
@OUTPUT
def describe(
    thing: str,
    data: tuple[str, ...],
    input_format: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Say everything that is said of a THING, and by which paragraph.

    THING is an IRI, a name, an acronym or an alias: emgraph describe EMSOU
    """
    from emgraph.pages import describe as describing
    from emgraph.rdf.names import resolve
    from emgraph.screen import terminal_width, visible

    chosen = format_of(format_, output, FORMATS, "a description") or "text"
    read, store = graph(data, input_format, terms=True)
    found = describing.describe(store, resolve(store, thing))
    if chosen == "text":
        from emgraph.pages.page import page

        topics = _topics()
        width = max(terminal_width(), 40)
        text = page(store, found, lambda class_: topics.get(class_, ""), width)
        result = visible(text).encode()
    elif chosen == "json":
        import json

        document = describing.document(store, found)
        result = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
    else:
        from emgraph.rdf import turtle

        result = turtle.write(found.quads(), chosen)
    deliver(result, output, read)


def _topics() -> dict[str, str]:
    """Each term with its topic: the name of the file that defines it."""
    from emgraph.rdf.store import read

    return {
        str(quad.subject.value): Path(reading.file.name).stem
        for reading in read(files.ontology())
        for quad in reading.quads
        if hasattr(quad.subject, "value")
    }
