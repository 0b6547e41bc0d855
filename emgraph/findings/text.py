"""A report for people: grouped by rule, 80 columns wide, ending with what to type next."""

import shlex
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from emgraph.finding import Finding, Head, Report, Severity
from emgraph.findings.plain import (
    counted,
    details,
    line,
    place,
    said_by,
    scope,
    statement,
    subject,
    waived_words,
)

WIDTH = 80
MOST = 25

_HEADS = {
    Severity.VIOLATION: ("VIOLATIONS", "31"),
    Severity.WARNING: ("WARNINGS", "33"),
    Severity.INFO: ("FOR INFORMATION", "36"),
}

_OF_ALL = "EMG001"  # judged whatever the shapes are
_MOST_IDLE = 8
_MOST_SOURCES = 6
_OWN = Head("A shape of your own is met.")


def render(report: Report, shapes: Sequence[str] = (), *, colour: bool = False) -> str:
    """The report as text; `shapes` are what it was judged by, where that was named."""
    parts: list[str] = []
    for severity, (head, code) in _HEADS.items():
        found = [f for f in report.findings if f.severity == severity and not f.waived]
        if found:
            parts += [f"\033[{code}m{head}\033[0m" if colour else head]
            parts += _groups(found, report.heads)
    waived = [finding for finding in report.findings if finding.waived]
    if waived:
        parts += ["WAIVED", *_groups(waived, report.heads)]
    parts += _summary(report, shapes)
    return "".join(f"{part}\n" for part in parts)


def _groups(findings: Sequence[Finding], heads: Mapping[str, Head]) -> Iterator[str]:
    for code, members in groupby(sorted(findings, key=lambda f: f.rule), key=lambda f: f.rule):
        group = list(members)
        head = heads.get(code, _OWN)
        yield from _wrapped(f"{code}  {head.message}", "  ", "          ")
        for finding in group[:MOST]:
            yield from _finding(finding, head.message)
        if len(group) > MOST:
            yield f"    and {len(group) - MOST:,} more; --format json lists them all"
        if not group[0].waived:
            said = {"Why": head.reason, "To do": group[0].remedy, "Rests on": _listed(head)}
            for word, text in said.items():
                if text:
                    yield from _wrapped(f"{word}: {text}", "    ", "      ")
        yield ""


def _listed(head: Head) -> str:
    return "; ".join(head.rests_on)


def _finding(finding: Finding, head: str) -> Iterator[str]:
    yield from _wrapped(subject(finding), "    - ", "      ")
    where = place(finding) if finding.focus is not None else ""
    if where and not finding.line:
        where += " (on which line is not known)"
    sources = said_by(finding, _MOST_SOURCES)
    cited = f"said by {sources}" if sources else ""
    for text in (
        finding.message.removeprefix(head),
        statement(finding),
        *details(finding),
        ", ".join(part for part in (where, cited) if part),
        waived_words(finding),
    ):
        yield from _wrapped(text, "      ", "      ")
    if finding.excerpt:
        yield from ("", *(f"      {row}" for row in finding.excerpt.splitlines()), "")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        line(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(report: Report, shapes: Sequence[str]) -> Iterator[str]:
    if report.broken_alone:
        yield "Nothing else could be judged: no other statement was read."
        yield counted(report)
        yield from _again(report)
        return
    idle = [code for code, count in report.looked_at.items() if count == 0]
    if report.unjudged:
        codes = ", ".join(report.unjudged)
        yield from _wrapped(f"Not judged, because {report.why_unjudged}: {codes}.", "", "  ")
    if idle:
        which = ", ".join(idle) if len(idle) <= _MOST_IDLE else f"{len(idle)} of the rules"
        yield from _wrapped(f"Nothing to look at for {which}.", "", "  ")
    yield from _wrapped(scope(report), "", "  ")
    yield counted(report)
    waived = sum(finding.waived is not None for finding in report.findings)
    yield from _next(report, waived, shapes)


def _again(report: Report) -> Iterator[str]:
    """What to type once the broken files are mended."""
    files = [finding.file or "-" for finding in report.findings if not finding.waived]
    if len(files) <= _MOST_IDLE and all(file == line(file) for file in files):
        names = " ".join(shlex.quote(file) for file in files)
        yield f"When mended: emgraph validate {names}"


def _next(report: Report, waived: int, shapes: Sequence[str]) -> Iterator[str]:
    unwaived = [
        finding.rule
        for finding in report.findings
        if not finding.waived and finding.rule in report.heads
    ]
    if unwaived:
        named = shapes if unwaived[0] != _OF_ALL else ()
        where = "".join(f" --shapes {shlex.quote(path)}" for path in named)
        if all(path == line(path) for path in named):
            yield f"Why, and examples: emgraph rules {shlex.quote(unwaived[0])}{where}"
    if waived:
        yield "What the waivers cover: emgraph validate --no-waivers"
