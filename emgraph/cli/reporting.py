"""How `validate` hands over a report: in its format, and in further ones to files."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from emgraph.cli.options import deliver, say
from emgraph.errors import EmgraphError, unknown
from emgraph.findings.formats import BINARY, FORMATS, Presented, render
from emgraph.rdf.files import RdfFile, reason

_ENDINGS = {
    "json": ("json", "sarif", "gitlab"),
    "sarif": ("sarif",),
    "xml": ("junit",),
    "html": ("html",),
    "htm": ("html",),
    "xlsx": ("xlsx",),
    "ttl": ("turtle",),
    "txt": ("text", "concise", "github"),
}


def known(name: str) -> str:
    """The name of a format; raises EmgraphError with the nearest for another word."""
    if name not in FORMATS:
        raise unknown("format of a report", name, FORMATS)
    if name in BINARY and sys.stdout.isatty():
        raise EmgraphError(f"{name} is not for a terminal. Write --output {name}=report.{name}")
    return name


def output(word: str, told: str = "text") -> tuple[str, Path]:
    """The format and file of FORMAT=FILE, or of a FILE whose ending tells the format.

    The format `told` by --format wins where the ending fits it, or tells none. Raises EmgraphError
    for another form.
    """
    name, equals, file = word.partition("=")
    if not equals:
        fitting = _ENDINGS.get(Path(word).suffix[1:].lower(), () if told == "text" else (told,))
        if fitting and word:
            return told if told in fitting else fitting[0], Path(word)
    if not equals or not file:
        raise EmgraphError(f"{word!r} is not FORMAT=FILE. Write --output json=report.json")
    if name not in FORMATS:
        raise unknown("format of a report", name, FORMATS)
    return name, Path(file)


def outputs_of(words: Sequence[str], told: str = "text") -> list[tuple[str, Path]]:
    """The further reports that are asked for; raises EmgraphError for two in one file."""
    asked = [output(word, told) for word in words]
    files = [os.path.realpath(file) for _, file in asked]
    for _, file in asked:
        if files.count(os.path.realpath(file)) > 1:
            raise EmgraphError(f"{file}: two reports in one file. Name another for one of them.")
    return asked


def hand_over(
    what: Presented,
    name: str,
    outputs: Sequence[tuple[str, Path]],
    read: Sequence[RdfFile | Path],
) -> None:
    """Make every report, then write the files, then the one for standard output."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    shown = render(Presented(what.report, what.shapes, what.fail_on, colour=colour), name)
    rendered = [(render(what, format_), file) for format_, file in outputs]
    for data, file in rendered:
        deliver(data, file, read)
    if "github" in (name, *(format_ for format_, _ in outputs)):
        _summarise(what)
    deliver(shown, None)


def _summarise(what: Presented) -> None:
    """Add the summary to the file that GitHub names for it, if it names one."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    from emgraph.findings import github

    summary = github.summary(what.report, what.rules)
    try:
        with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(summary)
    except OSError as error:
        say(f"{place}: {reason(error)}. The summary of the step is not written.")
