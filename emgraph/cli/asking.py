"""How a question's parameters are given on the command line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import click
from pyoxigraph import Literal, NamedNode, Store

from emgraph.answers.view import Fact, heading
from emgraph.cli.options import day
from emgraph.errors import EmgraphError
from emgraph.rdf.names import word
from emgraph.sparql.parameters import as_date, terms
from emgraph.sparql.queries import Question

_SPELT = "emgraph.spelt"
Values = dict[str, list[NamedNode | Literal]]


class Asking(click.Command):
    """A command whose unknown options are parameters: --force Leics is -p force=Leics."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write each unknown option as a parameter, and remember how it was spelt."""
        options = {
            spelling: not (isinstance(option, click.Option) and option.is_flag)
            for option in self.get_params(ctx)
            for spelling in (*option.opts, *option.secondary_opts)
        }
        ctx.meta[_SPELT] = []
        return super().parse_args(ctx, list(_as_parameters(args, options, ctx.meta[_SPELT])))


def _as_parameters(
    args: Iterable[str], options: dict[str, bool], spelt: list[str]
) -> Iterator[str]:
    waiting = iter(args)
    for arg in waiting:
        name, equals, value = arg.partition("=")
        if arg == "--" or name in options or not arg.startswith("--"):
            yield arg
            takes_a_value = options.get(name, False) and not equals
            yield from waiting if arg == "--" else islice(waiting, int(takes_a_value))
        else:
            given = value if equals else next(waiting, None)
            if given is None:
                raise click.UsageError(f"No such option {arg!r}, or no value for it: {arg}=...")
            spelt.append(name)
            yield from ("-p", f"{name[2:]}={given}")


def check_options(ctx: click.Context, question: Question | None) -> None:
    """Raise click.UsageError for an option that is neither of the command nor of the question."""
    own = [f"--{slot}" for slot in question.slots] if question else []
    known = {name.replace("-", "").casefold() for name in own}
    for name in ctx.meta[_SPELT]:
        if name.replace("-", "").replace("_", "").casefold() not in known:
            every = [o for p in ctx.command.get_params(ctx) for o in (*p.opts, *p.secondary_opts)]
            import difflib

            close = difflib.get_close_matches(name, [*own, *every], n=2)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            takes = f" {question.name} takes {', '.join(own)}." if question and own else ""
            raise click.UsageError(f"No such option {name!r}.{hint}{takes}", ctx)


def values(store: Store, question: Question, given: Sequence[str], as_of: str | None) -> Values:
    """The terms of the parameters, the day among them where the question takes one.

    Raises EmgraphError where a word means nothing, and for two days.
    """
    found = dict(terms(store, question, given))
    if as_of is not None and "asOf" in found:
        raise EmgraphError("the day is given twice: leave out --as-of or -p asOf=...")
    if "asOf" in question.slots and "asOf" not in found:
        found["asOf"] = [as_date(day(as_of))]
    return found


def facts(store: Store, question: Question, given: Values) -> tuple[Fact, ...]:
    """Each parameter that narrows the answer, in words; the day always counts as not given."""
    told = []
    for name in question.slots:
        terms_ = given[name] if name in given else question.defaults.get(name, [])
        if terms_:
            text = " and ".join(word(store, term) for term in terms_)
            text = text if name in given else f"{text} (the default)"
            told.append(Fact(heading(name), text, name in given and name != "asOf"))
    return tuple(told)
