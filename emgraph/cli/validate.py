"""emgraph validate"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from emgraph.cli.elsewhere import ENDPOINT, judged
from emgraph.cli.main import FINDINGS, NO_VERDICT, OK
from emgraph.cli.options import AS_OF, DATA, SECONDS, day, inputs, say, stored
from emgraph.cli.reporting import hand_over, known, outputs_of
from emgraph.errors import EmgraphError
from emgraph.finding import Report, Severity
from emgraph.findings.formats import FORMATS, Presented
from emgraph.rdf.files import RdfFile, find
from emgraph.stopwatch import Stopwatch

_OF_EMPTY_FILES = {"EMG005", "EMG006"}


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@DATA
@click.option(
    "--shapes", multiple=True, metavar="PATH|bundled", help="Shapes to judge by; repeatable."
)
@click.option(
    "--rule",
    "chosen",
    multiple=True,
    metavar="CODE",
    help="Only this rule (its code or name), and EMG001; repeatable.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODE",
    help="All but this rule (EMG001 stays); repeatable.",
)
@AS_OF
@click.option("--allow-empty", is_flag=True, help="Nothing to judge is no error.")
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info", "never"]),
    default="violation",
    show_default=True,
    help="The least severe finding that makes the exit code 1.",
)
@click.option("--waivers", multiple=True, metavar="FILE", help="Further waivers; repeatable.")
@click.option("--baseline", metavar="FILE", help="Tell only what this JSON report has not.")
@click.option("--no-waivers", is_flag=True, help="Judge as if nothing were waived.")
@click.option(
    "--engine",
    type=click.Choice(["compiled", "pyshacl"]),
    default="compiled",
    show_default=True,
    help="What judges by shapes.",
)
@click.option(
    "--timeout",
    type=SECONDS,
    default=60.0,
    show_default=True,
    help="Seconds for shapes of your own, for pySHACL, or for each answer of an endpoint.",
)
@click.option("--format", "format_", metavar="FORMAT", default="text", help=", ".join(FORMATS))
@click.option(
    "-o", "--output", multiple=True, metavar="FORMAT=FILE",
    help="Also write a report there, by FILE alone where its ending tells; repeatable.",
)  # fmt: skip
@ENDPOINT
@click.option("--stats", is_flag=True, help="Nodes looked at and time taken, on standard error.")
def validate(paths: tuple[str, ...], **options: Any) -> int:
    """Judge a graph by every rule, and say how to mend what is wrong.

    Exit code 0: clean. 1: findings. 2: no verdict.
    """
    named = (*paths, *options["data"])
    _check(options)
    store = stored(named)
    elsewhere = bool(options["endpoint"] or store)
    read = [] if elsewhere else _inputs(paths, options)
    if options["skip_uncompilable"] and not elsewhere:
        raise EmgraphError("every shape is judged in files. Leave --skip-uncompilable out.")
    known(options["format_"])
    outputs = outputs_of(options["output"], options["format_"])
    from emgraph.shacl.rules import shape_files
    from emgraph.validation.validate import Selection, validate

    selection = Selection(
        shapes=options["shapes"],
        chosen=options["chosen"],
        ignored=options["ignored"],
        waivers=options["waivers"],
        waive=not options["no_waivers"],
        engine=options["engine"],
        timeout=options["timeout"],
    )
    only_new = _cut_by(options["baseline"])
    watch = Stopwatch()
    if elsewhere:
        report = judged(named, store, options, selection, watch)
    else:
        report = validate(read, day(options["as_of"]), selection, watch)
    report = only_new(report)
    for what_not in report.unheeded:
        say(f"warning: {what_not}")
    for shape, reason in report.fallen_back.items():
        say(f"{shape} was judged by pySHACL, which is slower: it has {reason}.")
    what = Presented(report, options["shapes"], options["fail_on"])
    baseline = [Path(options["baseline"])] if options["baseline"] else []
    judged_by = [*shape_files(options["shapes"]), *find(options["waivers"])]
    hand_over(what, options["format_"], outputs, [*read, *judged_by, *baseline])
    if options["stats"]:
        _tell(report, watch)
    own = bool(options["shapes"]) and "bundled" not in options["shapes"]
    return _exit_code(report, options["fail_on"], options["allow_empty"], own)


def _cut_by(baseline: str | None) -> Callable[[Report], Report]:
    """What leaves out of a report all that a baseline has, which is read at once."""
    if baseline is None:
        return lambda report: report
    from emgraph.validation.baseline import earlier, only_new

    old = earlier(baseline)
    return lambda report: only_new(report, old)


def _check(options: dict[str, Any]) -> None:
    """Raise EmgraphError for options that take back what others ask for."""
    if options["no_waivers"] and options["waivers"]:
        raise EmgraphError("--waivers and --no-waivers are at odds. Leave one of them out.")


def _tell(report: Report, watch: Stopwatch) -> None:
    """Say beside the result what was looked at and how long it took."""
    from emgraph.findings import stats

    watch.lap("writing reports")
    click.echo(stats.render(report, watch), err=True, nl=False)


def _inputs(paths: tuple[str, ...], options: dict[str, Any]) -> list[RdfFile]:
    try:
        return inputs((*paths, *options["data"]), options["input_format"])
    except EmgraphError:
        named = (*paths, *options["data"])
        if options["allow_empty"] and named and all(Path(path).is_dir() for path in named):
            return []
        raise


def _exit_code(report: Report, fail_on: str, allow_empty: bool, own: bool) -> int:
    """Findings, or else no verdict if nothing was judged, or not every rule; an empty file is none.

    Shapes of one's own (alone) that look at nothing are worth a warning and no more.
    """
    if report.unanswered:
        return NO_VERDICT
    is_about_something = report.looked or {f.rule for f in report.findings} - _OF_EMPTY_FILES
    fails = fail_on != "never" and report.fails(Severity[fail_on.upper()])
    if fails and (is_about_something or allow_empty):
        return FINDINGS
    if report.looked or allow_empty:
        return OK
    if own and report.statements:
        say("warning: no shape found a node to look at. Check the targets of your shapes.")
        return OK
    what = "no shape found a node to look at" if report.statements else "no statement was read"
    say(f"nothing was judged: {what}. Name other files, or say --allow-empty.")
    return NO_VERDICT
