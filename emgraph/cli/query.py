"""emgraph query"""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pyoxigraph import Store

from emgraph.answers.view import About
from emgraph.cli.answering import Delivery, answer
from emgraph.cli.asking import Asking, check_options, facts, values
from emgraph.cli.options import AS_OF, DATA, RESULT, deliver, graph, refuse, say
from emgraph.endings import format_of
from emgraph.pages import browsing
from emgraph.screen import terminal_width
from emgraph.sparql import queries
from emgraph.sparql.parameters import on_nothing

if TYPE_CHECKING:
    from emgraph.servers.remote import Endpoint

_NARROWING = {"topic", "audience", "search"}
_CHECKING = {"check", "data", "input_format", "timeout", "output", "help_"}
_LISTING = {*_NARROWING, "folders", "format_", "output", "help_", "name"}


@click.command(cls=Asking, add_help_option=False, context_settings={"allow_extra_args": True})
@click.argument("name", required=False)
@click.option("-p", "given", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
@AS_OF
@click.option("--show", is_flag=True, help="Print the SPARQL instead of running it.")
@click.option("--cite/--no-cite", default=True, help="With or without the columns that cite.")
@click.option("--topic", metavar="TOPIC", help="List the questions of a topic.")
@click.option("--audience", metavar="WHOM", help="List the questions for an audience.")
@click.option("--search", metavar="WORDS", help="List the questions that speak of something.")
@click.option(
    "--queries", "folders", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="A folder of questions of your own.",
)  # fmt: skip
@click.option(
    "--check", type=click.Path(path_type=Path), metavar="DIR", help="Check such a folder."
)
@DATA
@RESULT
@click.option("-h", "--help", "help_", is_flag=True, help="Show this, or with NAME what it takes.")
@click.pass_context
def query(ctx: click.Context, /, name: str | None, **options: Any) -> int:
    """Answer a question with citations; without a name, list them all.

    A parameter is -p force=Leics or --force Leics, as often as there are values. Things are named
    by IRI, name, acronym or alias: emgraph query members --collaboration EMOpSS
    """
    if name is None and options["help_"]:
        click.echo(ctx.get_help())
        return 0
    if options["check"] is not None:
        return _check(ctx, options)
    if name is None:
        return _list(ctx, options)
    return _ask(ctx, queries.find(name, options["folders"]), options)


def _ask(ctx: click.Context, question: queries.Question, options: dict[str, Any]) -> int:
    """Answer a question, print its SPARQL, or say what it takes."""
    check_options(ctx, question)
    if ctx.args:
        names = [slot for slot in question.slots if slot != "asOf"]
        ways = " or ".join(f"--{name} {shlex.quote(ctx.args[0])}" for name in names)
        hint = f"Say what it is of: {ways}" if ways else f"{question.name} takes none"
        raise click.UsageError(f"{ctx.args[0]!r} is a value without a name. {hint}.", ctx)
    refuse(ctx, _NARROWING, "lists questions. Leave it or the NAME out")
    is_text = options["show"] or options["help_"]
    delivery = Delivery.of({**options, "output": None} if is_text else options)
    read, store = graph(options["data"], options["input_format"])
    if options["help_"]:
        deliver(_help(store, question, delivery.endpoint).encode(), options["output"], read)
        return 0
    if delivery.endpoint is not None:
        store, delivery = _there(delivery, delivery.endpoint, question, options["given"])
    given = values(store, question, options["given"], options["as_of"])
    text = question.bound(given)
    if options["show"]:
        deliver(text.encode(), options["output"], [*read, question.path])
        return 0
    told = facts(store, question, given)
    shows_it = delivery.format in ("markdown", "html", "xlsx")  # else no YAML has to be read
    title = question.question if shows_it else question.name
    is_empty = delivery.endpoint is None and next(iter(store), None) is None
    no_rows = on_nothing(question, given, is_empty=is_empty)
    about = About(title, told, pounds=question.pounds, no_rows=no_rows)
    asked = (question, given)
    answer(store, text, delivery, [*read, question.path], None, about, question=asked)
    if options["as_of"] and "asOf" not in question.slots:
        say(f"{question.name} takes no day: --as-of changes nothing.")
    return 0


def _help(store: Store, question: queries.Question, endpoint: "Endpoint | None") -> str:
    """What a question takes and gives, with the values that a store has, or an endpoint."""
    if endpoint is None:
        return browsing.page(store, question, terminal_width())
    from emgraph.namespaces import expand
    from emgraph.pages.described import members
    from emgraph.servers.endpoints import citing

    seen = citing(endpoint)
    kinds = {expand(kind) for kind in question.parameters.values() if browsing.is_class(kind)}
    there = members(seen, kinds)
    return browsing.page(there, question, terminal_width(), "There")


def _there(
    delivery: Delivery, endpoint: "Endpoint", question: queries.Question, given: Sequence[str]
) -> tuple[Store, Delivery]:
    """What an endpoint knows of the values given, and the delivery of an answer that cites."""
    from emgraph.pages.described import known
    from emgraph.servers.endpoints import citing

    seen = citing(endpoint)
    things = {term.value for terms in question.defaults.values() for term in terms}
    pairs = (pair.partition("=") for pair in given)
    named = {
        value
        for name, _, value in pairs
        if ":" in (kind := question.parameters.get(name, "")) and not kind.startswith("xsd:")
    }
    return known(seen, things, sorted(named)), delivery._replace(endpoint=seen)


def _list(ctx: click.Context, options: dict[str, Any]) -> int:
    """List the questions that are chosen."""
    check_options(ctx, None)
    others = {p.name for p in ctx.command.params if p.name} - _LISTING
    refuse(ctx, others, "needs the NAME of a question. Find one: emgraph query --search WORDS")
    found = browsing.chosen(
        queries.catalogue(options["folders"]),
        options["topic"],
        options["audience"],
        options["search"],
    )
    output = options["output"]
    format_ = format_of(options["format_"], output, browsing.FORMATS, "the list") or "table"
    deliver(browsing.render(found, format_, terminal_width()), output)
    return 0


def _check(ctx: click.Context, options: dict[str, Any]) -> int:
    """Check a folder of questions against the data; 1 if something is wrong with one."""
    from emgraph.pages.vetting import vet

    check_options(ctx, None)
    others = {p.name for p in ctx.command.params if p.name} - _CHECKING
    refuse(ctx, others, "has no meaning with --check. Leave it out")
    read, store = graph(options["data"], options["input_format"], terms=True)
    found = vet(options["check"], store, options["timeout"])
    counts = (
        f"{_number(found.questions, 'question')} checked, {_number(len(found.faults), 'fault')}."
    )
    lines = [*map(str, found.faults), counts]
    deliver("".join(f"{line}\n" for line in lines).encode(), options["output"], read)
    return 1 if found.faults else 0


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
