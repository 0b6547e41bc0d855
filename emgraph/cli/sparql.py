"""emgraph sparql"""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pyoxigraph import NamedNode

from emgraph import files
from emgraph.cli.answering import Delivery, answer
from emgraph.cli.options import DATA, RESULT, inputs, is_bundled, say
from emgraph.errors import EmgraphError, nearest
from emgraph.namespaces import prefixes, shrink
from emgraph.store import graph_names, load, read
from emgraph.tokens import tokens


@click.command()
@click.argument("text", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the query from a file.")
@DATA
@RESULT
def sparql(text: str | None, file: Path | None, **options: Any) -> None:
    """Answer a SPARQL query; - reads it from standard input.

    Plain patterns see all statements, GRAPH ?source { ... } says which paragraph makes them. The
    project's prefixes need no PREFIX line.
    """
    asked = with_prefixes(_text(text, file))
    given = inputs(options["data"], options["input_format"])
    store = load([*given, *(files.ontology() if is_bundled(options["data"]) else ())])
    for term, meant in misspelt(asked):
        say(f"{term} is not a term of the ontology. {meant}".rstrip())
    answer(
        store, asked, Delivery.of(options), [*given, *([file] if file else ())], graph_names(store)
    )


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise EmgraphError("give one query: as TEXT, with -f FILE, or - for standard input.")
    if file is not None:
        return file_text(file)
    return sys.stdin.read() if text == "-" else str(text)


def file_text(file: Path) -> str:
    """The text of a query file; raises EmgraphError if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EmgraphError(f"{file}: not UTF-8. Save the file as UTF-8.") from error
    except OSError as error:
        raise EmgraphError(f"{file}: {files.reason(error)}.") from error


def with_prefixes(text: str) -> str:
    """The query with a PREFIX line for each of the project's prefixes that it uses undeclared.

    They stand on the query's first line, so that the engine counts lines as the user does.
    """
    found = list(tokens(text))
    named = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    declared = {
        second.text[:-1]
        for first, second in itertools.pairwise(found)
        if first.text.upper() == "PREFIX"
    }
    known = prefixes()
    lines = [
        f"PREFIX {name}: <{known[name]}>" for name in sorted(named - declared) if name in known
    ]
    return " ".join([*lines, text])


def misspelt(text: str) -> Iterator[tuple[str, str]]:
    """The em: terms of a query that the ontology does not declare, each with the nearest one."""
    used = {token.text for token in tokens(text) if token.kind == "name"}
    asked = sorted(name for name in used if name.startswith("em:") and name != "em:")
    if asked:
        subjects = {quad.subject for reading in read(files.ontology()) for quad in reading.quads}
        declared = {shrink(s.value) for s in subjects if isinstance(s, NamedNode)}
        for name in asked:
            if name not in declared:
                close = nearest(name, declared)
                yield name, f"Did you mean {close}?" if close else ""
