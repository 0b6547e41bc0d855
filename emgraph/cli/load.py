"""emgraph load"""

import sys
from pathlib import Path

import click

from emgraph import files
from emgraph.cli.options import INPUT_FORMAT, inputs, say
from emgraph.files import RdfFile


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@INPUT_FORMAT
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="STORE",
    help="The folder to make; it must not be there.",
)  # fmt: skip
def load(paths: tuple[str, ...], input_format: str | None, output: Path) -> None:
    """Make an on-disk store for large graphs.

    validate, query, sparql, schema and describe read it with --data STORE. It holds the graphs of
    the files, their merge, and the ontology in its graph.
    """
    from emgraph.stored import build

    read = [*inputs(paths, input_format), *files.ontology()]
    size = sum(map(_size, read))
    shown = sys.stderr.isatty()
    with click.progressbar(length=size * 2, file=sys.stderr, hidden=not shown) as bar:

        def _told(file: RdfFile | None) -> None:
            bar.update(_size(file) if file else size)

        statements, graphs = build(read, output, _told)
    say(f"{statements:,} statements in {graphs:,} graphs, those of the ontology among them.")


def _size(file: RdfFile) -> int:
    return file.path.stat().st_size if file.path is not None and file.path.exists() else 1
