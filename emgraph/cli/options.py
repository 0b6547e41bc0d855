"""Options that several verbs share, and what becomes of them."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource
from click.exceptions import Exit
from pyoxigraph import Store

from emgraph.cli.interrupting import ending_at_once
from emgraph.cli.main import PIPE_CLOSED
from emgraph.errors import EmgraphError
from emgraph.rdf import files
from emgraph.rdf.files import RdfFile
from emgraph.rdf.store import load
from emgraph.rdf.stored import is_store, opened
from emgraph.rdf.writing import write
from emgraph.screen import shortened, visible

FORMATS = (
    "table, csv, excel-csv, tsv, json, xml, markdown, html or xlsx; of a graph turtle, trig, "
    "ntriples, nquads, jsonld or rdfxml. Default: what FILE ends in, else table or turtle."
)
_F = TypeVar("_F", bound=Callable[..., Any])


def together(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Several decorators as one, the first outermost."""

    def _decorate(function: _F) -> _F:
        for option in reversed(options):
            function = option(function)
        return function

    return _decorate


class _Seconds(click.FloatRange):
    """A time in seconds, at most a day."""

    def __init__(self) -> None:
        super().__init__(min=0, max=86400, min_open=True)

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """The number that is said; no comparison refuses the one that is none."""
        number = float(super().convert(value, param, ctx))
        return (
            self.fail(f"{value} is no number of seconds.", param, ctx) if isnan(number) else number
        )


SECONDS = _Seconds()
INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(sorted(files.FORMATS)),
    help="What - (stdin), or a file of any other ending, holds.",
)
DATA = together(
    click.option(
        "--data", multiple=True, metavar="PATH",
        help="File or folder, repeatable, or on-disk store. Default: EMGRAPH_DATA, or the "
        "bundled graph.",
    ),
    INPUT_FORMAT,
)  # fmt: skip
AS_OF = click.option("--as-of", metavar="DATE", help="The day to answer for (default: today).")
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
RESULT = together(
    click.option("--format", "format_", metavar="FORMAT", help=FORMATS),
    OUTPUT,
    click.option("--limit", type=click.IntRange(min=1), help="Give no more rows than this."),
    click.option(
        "--timeout",
        type=SECONDS,
        default=30.0,
        show_default=True,
        help="Seconds that the query may take.",
    ),
    click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead."),
    click.option("--no-labels", is_flag=True, help="Short IRIs instead of labels in tables."),
)


def inputs(paths: Sequence[str], input_format: str | None) -> list[RdfFile]:
    """What is read: the paths named, else those of EMGRAPH_DATA, else the bundled graph."""
    named = _paths(paths)
    if store := stored(paths):
        raise EmgraphError(f"{store}: an on-disk store. Name the files that it was made of.")
    read = files.named(named, input_format) if named else files.bundled()
    if input_format is not None and not any(_needs_format(file) for file in read):
        say("--input-format changes nothing: every file's name tells what it holds.")
    return read


def _needs_format(file: RdfFile) -> bool:
    """Whether nothing but --input-format tells what a file holds."""
    return file.path is None or file.path.suffix[1:].lower() not in files.FORMATS


def stored(paths: Sequence[str]) -> str | None:
    """The on-disk store that is named, if one is; raises EmgraphError for one among others."""
    named = _paths(paths)
    found = next((path for path in named if is_store(path)), None)
    if found is not None and len(named) > 1:
        raise EmgraphError(f"{found}: a store is read alone. Load the rest into a store with it.")
    return found


def graph(
    paths: Sequence[str],
    input_format: str | None,
    *,
    terms: bool = False,
    based: bool = False,
    as_datasets: bool = False,
) -> tuple[list[RdfFile], Store]:
    """The files that are read, and a store of what they say; or the on-disk store that is named.

    The ontology is with the bundled graph, with every on-disk store, and with `terms`. `based`
    completes relative IRIs in a file with its address. With `as_datasets` the default graph of a
    file that has named graphs has no name.
    """
    folder = stored(paths)
    if folder is not None:
        return [], opened(folder)
    read = inputs(paths, input_format)
    loaded = [file._replace(base=address(file.path)) for file in read] if based else read
    whole = [*loaded, *(files.ontology() if terms or is_bundled(paths) else ())]
    with ending_at_once():
        return read, load(whole, as_datasets=as_datasets and not is_bundled(paths))


def address(path: Path | None) -> str | None:
    """The address of a file, which completes the relative IRIs in it (RFC 3986, 5.1.3)."""
    return None if path is None or str(path) == "-" else path.absolute().as_uri()


def is_bundled(paths: Sequence[str]) -> bool:
    """Whether the bundled graph is what is read, so that its ontology belongs to it."""
    named = _paths(paths)
    return "external" in named or not named


def _paths(paths: Sequence[str]) -> list[str]:
    """The paths named, else those of EMGRAPH_DATA, of which an empty part names nothing."""
    return list(paths) or [p for p in os.environ.get("EMGRAPH_DATA", "").split(os.pathsep) if p]


def day(word: str | None) -> str:
    """The day to answer for as YYYY-MM-DD: the one that is said, else today."""
    from emgraph.sparql.parameters import as_date

    return as_date("today" if word is None else word).value


def refuse(ctx: click.Context, names: set[str], why: str) -> None:
    """Raise click.UsageError for the first option or argument of these that was given."""
    for param in ctx.command.params:
        given = param.name and ctx.get_parameter_source(param.name) == ParameterSource.COMMANDLINE
        if given and param.name in names and ctx.params.get(param.name) != ():
            shown = param.opts[0] if isinstance(param, click.Option) else str(param.name).upper()
            raise click.UsageError(f"{shown} {why}.", ctx)


def deliver(data: bytes, output: Path | None, read: Iterable[RdfFile | Path] = ()) -> None:
    """Write to the file that is asked for (never to one that was read), else to standard output."""
    if output is None or str(output) == "-":
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            raise Exit(PIPE_CLOSED) from error
        except (OSError, AttributeError) as error:  # no stream at all: sys.stdout is None
            why = files.reason(error) if isinstance(error, OSError) else "it is closed"
            raise EmgraphError(f"standard output: {why}. The result is not complete.") from error
    else:
        write(output, data, read)


def say(message: str) -> None:
    """Tell the user something beside the result."""
    click.echo(f"emgraph: {visible(shortened(message))}", err=True)
