"""The formats of reports by name; what a format needs is imported when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from emgraph.files import RdfFile
from emgraph.finding import Report, Severity
from emgraph.rules import Rule


class Presented(NamedTuple):
    """A report with what its formats may want: its rules, where they are, what counts as failed."""

    report: Report
    rules: Mapping[str, Rule]
    shapes: Sequence[RdfFile]
    threshold: Severity | None
    colour: bool = False


def render(what: Presented, name: str) -> bytes:
    """The report in a format of FORMATS, the same bytes whenever the report is the same."""
    found = FORMATS[name](what)
    return found if isinstance(found, bytes) else found.encode(errors="backslashreplace")


def _text(what: Presented) -> str:
    from emgraph.findings import text

    return text.render(what.report, what.rules, colour=what.colour)


def _concise(what: Presented) -> str:
    from emgraph.findings import concise

    return concise.render(what.report)


def _json(what: Presented) -> str:
    from emgraph.findings import json

    return json.render(what.report)


def _sarif(what: Presented) -> str:
    from emgraph.findings import sarif

    return sarif.render(what.report, what.rules, what.shapes)


def _junit(what: Presented) -> str:
    from emgraph.findings import junit

    return junit.render(what.report, what.rules, what.threshold)


def _github(what: Presented) -> str:
    from emgraph.findings import github

    return github.render(what.report)


def _gitlab(what: Presented) -> str:
    from emgraph.findings import gitlab

    return gitlab.render(what.report)


def _html(what: Presented) -> str:
    from emgraph.findings import html

    return html.render(what.report, what.rules)


def _xlsx(what: Presented) -> bytes:
    from emgraph.findings import xlsx

    return xlsx.render(what.report)


def _turtle(what: Presented) -> str:
    from emgraph.findings import turtle

    return turtle.render(what.report)


FORMATS: dict[str, Callable[[Presented], str | bytes]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "html": _html,
    "xlsx": _xlsx,
    "turtle": _turtle,
}
BINARY = frozenset({"xlsx"})
