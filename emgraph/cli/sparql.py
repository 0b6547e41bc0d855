"""emgraph sparql"""

import sys
from pathlib import Path
from typing import Any

import click
from pyoxigraph import RdfFormat, Store

from emgraph.cli.answering import Delivery, answer
from emgraph.cli.options import DATA, RESULT, address, deliver, graph, refuse, say
from emgraph.errors import EmgraphError
from emgraph.rdf import files
from emgraph.rdf.store import graph_names
from emgraph.screen import terminal_width
from emgraph.sparql import isolate
from emgraph.sparql.guard import MAX_LENGTH
from emgraph.sparql.hints import misspelt, on_nothing, unbound
from emgraph.sparql.prologue import with_graphs, with_prefixes
from emgraph.tokens import tokens

_OF_AN_ANSWER = {"format_", "limit", "no_labels"}


@click.command()
@click.argument("texts", nargs=-1, metavar="[TEXT]")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the query from a file.")
@click.option("--explain", is_flag=True, help="Count what each part of the query finds instead.")
@DATA
@RESULT
@click.pass_context
def sparql(
    ctx: click.Context, /, texts: tuple[str, ...], file: Path | None, explain: bool, **options: Any
) -> None:
    """Answer a SPARQL query; - reads it from standard input.

    Plain patterns see all statements, GRAPH ?source { ... } says which paragraph makes them. The
    project's prefixes (em:, collab:, force: and all that emgraph schema lists) need no PREFIX line.
    What stands in no graph of a file that has graphs is in none; a file without any is one.
    A relative IRI is completed with the address of its file: FROM <data.ttl> is --data data.ttl.
    """
    if explain:
        refuse(ctx, _OF_AN_ANSWER, "has no meaning with --explain. Leave it out")
    text = _text(texts, file)
    delivery = Delivery.of(options)
    names_files = any(token.text.upper() == "FROM" for token in tokens(text))
    given, store = graph(
        options["data"], options["input_format"], based=True, as_datasets=not names_files
    )
    base = address(file)
    asked = with_prefixes(text) if delivery.endpoint else with_graphs(text, base, _graphs(given))
    read = [*given, *([file] if file else ())]
    if explain:
        shown, found = _plan(store, asked, base, delivery)
        deliver(shown.encode(), delivery.output, read)
    else:
        found = answer(store, asked, delivery, read, graph_names(store), base=base)
    hints = unbound(text, found)
    if delivery.endpoint is not None:
        hints += misspelt(text, None)
    else:
        hints += [*misspelt(text, store), *on_nothing(text, store, found)]
    for hint in hints:
        say(hint)


def _plan(
    store: Store, query: str, base: str | None, delivery: Delivery
) -> tuple[str, isolate.Answer]:
    """The plan, and whether there is an answer at all."""
    from emgraph.sparql import plan

    if delivery.endpoint is not None:
        raise EmgraphError("--explain counts in files. Leave out --endpoint, and name --data.")
    graphs = graph_names(store)
    found = plan.plan(
        query,
        lambda text, time: isolate.run(store, text, graphs=graphs, base=base, timeout=time),
        delivery.timeout,
    )
    return plan.render(found, terminal_width()), found.rows != 0


def _graphs(given: list[files.RdfFile]) -> dict[str, str]:
    """The graph of each file by the file's address."""
    return {address(file.path) or "": file.graph for file in given if file.path is not None}


def _text(texts: tuple[str, ...], file: Path | None) -> str:
    """The one query that is given, whichever way."""
    if len(texts) + (file is not None) != 1:
        several = " Put it in quotes." if len(texts) > 1 else ""
        raise EmgraphError(
            f"give one query: as TEXT, with -f FILE, or - for standard input.{several}"
        )
    if file is None and texts[0] != "-":
        if _is_a_file(texts[0]):
            raise EmgraphError(f"{texts[0]} is a file, not a query. Say -f {texts[0]}")
        return texts[0]
    if file is None or str(file) == "-":
        name, data = "standard input", sys.stdin.buffer.read(4 * MAX_LENGTH + 1)
    elif not file.exists() or file.is_dir():
        kind = "a folder, not a file" if file.is_dir() else "no such file"
        raise EmgraphError(f"{file}: {kind}. Name the file that holds the query.")
    else:
        name, data = str(file), files.content(files.RdfFile(str(file), file, RdfFormat.TRIG, ""))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EmgraphError(
            f"{name}: the byte 0x{data[error.start]:02X} is not UTF-8. Save it as UTF-8."
        ) from error


def _is_a_file(text: str) -> bool:
    """Whether a text that is no query names a file, which may be misspelt."""
    if len(text) > 255 or "{" in text or not text.isprintable():
        return False
    return text.endswith((".rq", ".sparql")) or Path(text).is_file()
