"""A report for people: grouped by rule, 80 columns wide, ending with what to type next."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from emgraph.finding import Finding, Report, Severity
from emgraph.findings.plain import counted, line, place, scope, statement, subject, waived_words
from emgraph.namespaces import shrink

WIDTH = 80
MOST = 25

_HEADS = {
    Severity.VIOLATION: ("VIOLATIONS", "31"),
    Severity.WARNING: ("WARNINGS", "33"),
    Severity.INFO: ("FOR INFORMATION", "36"),
}

_MOST_IDLE = 8


def render(report: Report, *, colour: bool = False) -> str:
    """The report as text."""
    parts: list[str] = []
    for severity, (head, code) in _HEADS.items():
        found = [f for f in report.findings if f.severity == severity and not f.waived]
        if found:
            parts += [f"\033[{code}m{head}\033[0m" if colour else head]
            parts += _groups(found, report.heads)
    waived = [finding for finding in report.findings if finding.waived]
    if waived:
        parts += ["WAIVED", *_groups(waived, report.heads)]
    parts += _summary(report)
    return "".join(f"{part}\n" for part in parts)


def _groups(findings: Sequence[Finding], heads: Mapping[str, str]) -> Iterator[str]:
    for code, members in groupby(sorted(findings, key=lambda f: f.rule), key=lambda f: f.rule):
        group = list(members)
        head = heads.get(code, "A shape of your own is met.")
        yield from _wrapped(f"{code}  {head}", "  ", "          ")
        for finding in group[:MOST]:
            yield from _finding(finding, head)
        if len(group) > MOST:
            yield f"    and {len(group) - MOST:,} more; --format json lists them all"
        if group[0].remedy and not group[0].waived:
            yield from _wrapped(f"To do: {group[0].remedy}", "    ", "           ")
        yield ""


def _finding(finding: Finding, head: str) -> Iterator[str]:
    yield from _wrapped(subject(finding), "    - ", "      ")
    yield from _wrapped(finding.message.removeprefix(head), "      ", "      ")
    detail = [statement(finding)] if finding.value else []
    where = place(finding)
    if where and finding.focus is not None:
        detail.append(where if finding.line else f"{where} (on which line is not known)")
    if finding.sources:
        shown = [shrink(source) for source in finding.sources[:6]]
        more = len(finding.sources) - len(shown)
        detail.append(f"said by {', '.join(shown)}{f' and {more} more' if more else ''}")
    if detail:
        yield from _wrapped("; ".join(detail), "      ", "      ")
    if finding.waived:
        yield from _wrapped(waived_words(finding), "      ", "      ")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        line(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(report: Report) -> Iterator[str]:
    idle = [code for code, count in report.looked_at.items() if count == 0]
    if report.unjudged:
        codes = ", ".join(report.unjudged)
        yield from _wrapped(f"Not judged, because a file is broken: {codes}.", "", "  ")
    if idle:
        which = ", ".join(idle) if len(idle) <= _MOST_IDLE else f"{len(idle)} of the rules"
        yield from _wrapped(f"Nothing to look at for {which}.", "", "  ")
    yield from _wrapped(scope(report), "", "  ")
    yield counted(report)
    waived = sum(finding.waived is not None for finding in report.findings)
    yield from _next(report, waived)


def _next(report: Report, waived: int) -> Iterator[str]:
    unwaived = [finding.rule for finding in report.findings if not finding.waived]
    if unwaived:
        yield f"Why, and examples: emgraph rules {unwaived[0]}"
    if waived:
        yield "What the waivers cover: emgraph validate --no-waivers"
