"""The command `emgraph`: finds the verb, and turns every way of ending into an exit code."""

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from emgraph import __version__

VERBS = ("validate", "rules", "query", "sparql", "schema", "describe", "export", "load", "init")
OK, FINDINGS, NO_VERDICT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


class Verbs(click.Group):
    """The group of verbs; a verb's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The verbs in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a verb, or nothing for another word."""
        if name not in VERBS:
            return None
        command = getattr(import_module(f"emgraph.cli.{name}"), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is meant; an unknown one is answered with the nearest."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from emgraph.errors import unknown

            raise unknown("command", args[0], VERBS)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="emgraph %(version)s")
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
def emgraph(debug: bool) -> None:
    """A provenance-first knowledge graph of police collaborations.

    Start with: emgraph validate, emgraph query, emgraph describe EMSOU
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with 0, 1 (findings), 2 (no verdict), 130 or 141.

    It leaves at once: taking a store apart before the process ends takes longer than asking it.
    """
    gc.set_threshold(100_000)  # little here is a cycle, and looking for them takes a tenth
    words = sys.argv[1:] if args is None else args
    code = run(words)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            code = PIPE_CLOSED
        except OSError:
            code = NO_VERDICT
    os._exit(code)


def run(words: list[str]) -> int:
    """The exit code of a command line; what it has to say is on standard output and error."""
    debug = "--debug" in words[:1]
    try:
        result = emgraph.main(words or ["--help"], prog_name="emgraph", standalone_mode=False)
        return result if isinstance(result, int) else OK
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        _say(_usage(error))
        return NO_VERDICT
    except Exception as error:
        if debug:
            _say_where()
        _say(_words(error))
        return NO_VERDICT


def _usage(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} Try: {error.ctx.command_path} --help"
    return message


def _words(error: Exception) -> str:
    from emgraph.errors import EmgraphError

    if isinstance(error, EmgraphError):
        return str(error)
    if isinstance(error, MemoryError):
        return "the memory does not suffice. Name fewer or smaller files."
    kind = type(error).__name__
    return f"this is a bug: {kind}: {error}. Say emgraph --debug ... to see where it arose."


def _say_where() -> None:
    import traceback

    from emgraph.screen import visible

    click.echo(visible(traceback.format_exc()), err=True, nl=False)


def _say(message: str) -> None:
    from emgraph.screen import shortened, visible

    click.echo(f"emgraph: {visible(shortened(message))}", err=True)
