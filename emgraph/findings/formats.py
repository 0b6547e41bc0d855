"""The formats of reports by name; what a format needs is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from emgraph.finding import Report, Severity

if TYPE_CHECKING:
    from emgraph.rdf.files import RdfFile
    from emgraph.shacl.rules import Rule


class Presented:
    """A report with what its formats may want: its shapes, and what --fail-on was."""

    def __init__(
        self,
        report: Report,
        shapes: Sequence[str] = (),
        fail_on: str = "violation",
        *,
        colour: bool = False,
    ) -> None:
        self.report, self.shapes = report, shapes
        self.fail_on, self.colour = fail_on, colour

    @cached_property
    def files(self) -> list[RdfFile]:
        """The files of the bundled shapes and of the shapes that were named."""
        from emgraph.shacl.rules import shape_files

        return list(dict.fromkeys([*shape_files(), *shape_files(self.shapes)]))

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The bundled rules and those of the shapes that were named, by code."""
        from emgraph.shacl.rules import catalogue

        return catalogue(self.files)

    @property
    def threshold(self) -> Severity | None:
        """The least severity that fails the command; nothing if none does."""
        return None if self.fail_on == "never" else Severity[self.fail_on.upper()]


def render(what: Presented, name: str) -> bytes:
    """The report in a format of FORMATS, the same bytes whenever the report is the same."""
    found = FORMATS[name](what)
    return found if isinstance(found, bytes) else found.encode(errors="backslashreplace")


def _text(what: Presented) -> str:
    from emgraph.findings import text

    return text.render(what.report, what.shapes, colour=what.colour)


def _concise(what: Presented) -> str:
    from emgraph.findings import concise

    return concise.render(what.report)


def _json(what: Presented) -> str:
    from emgraph.findings import json

    return json.render(what.report)


def _sarif(what: Presented) -> str:
    from emgraph.findings import sarif

    return sarif.render(what.report, what.rules, what.files)


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
