"""emgraph load"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import NamedNode

from emgraph.cli.interrupting import ending_at_once
from emgraph.cli.options import INPUT_FORMAT, inputs, say
from emgraph.errors import EmgraphError
from emgraph.namespaces import shrink
from emgraph.rdf import files
from emgraph.rdf.files import RdfFile

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_ERASED = "\r\x1b[2K\x1b[?25h"  # the line, with the cursor as it was


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
    from emgraph.pages.building import build, check_new, unfinished

    read = [*inputs(paths, input_format), *files.ontology()]
    check_new(output)
    size = sum(map(_size, read))
    with _bar(size) as bar, ending_at_once(unfinished(output), bar.render_finish):
        built = build(read, output, bar.update)
    if built.twice:
        subject, predicate, spelt, stored = built.twice[0]
        of = shrink(subject.value) if isinstance(subject, NamedNode) else "something without an IRI"
        count = len(built.twice)
        values = f"{count:,} values are" if count > 1 else "a value is"
        say(
            f"{values} another spelling of one that their subject has, and the store keeps one of "
            f"them: {spelt.value} and {stored.value} as {shrink(predicate.value)} of {of}. "
            "List them: emgraph validate --rule EMG011 PATH..."
        )
    say(
        f"{built.statements:,} statements in {built.graphs:,} graphs, those of the ontology among "
        "them."
    )


@contextmanager
def _bar(length: int) -> "Iterator[ProgressBar[int]]":
    """A bar on a terminal, which an error takes away."""
    shown = sys.stderr.isatty()
    with click.progressbar(length=length, file=sys.stderr, hidden=not shown) as bar:
        try:
            yield bar
        except EmgraphError:
            bar.hidden = True
            click.echo(_ERASED if shown else "", err=True, nl=False)
            raise


def _size(file: RdfFile) -> int:
    return file.path.stat().st_size if file.path is not None and file.path.exists() else 1
