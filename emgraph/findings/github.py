"""A report as GitHub's workflow commands, which annotate files, and as the summary of a job."""

import re
from collections.abc import Iterator, Mapping

from emgraph.finding import Finding, Report, Severity
from emgraph.findings.plain import counted, line, place, scope, sentence, waived_words
from emgraph.shacl.rules import Rule

MOST = 10
MOST_BYTES = 900_000
_HEEDED = re.compile(r"[&<>\\`*_\[\]|~@#!]")
_COLUMNS = ("Rule", "Severity", "Where", "What", "To do")
_KINDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Annotations, worst first, then every finding as a line of the log, then the counts.

    GitHub shows no more than 10 annotations of a kind in a step: where there are more, the tenth
    says how many are left.
    """
    lines = [
        command
        for severity in _KINDS
        for command in _annotations([f for f in _live(report) if f.severity == severity], severity)
    ]
    lines += [_logged(finding) for finding in report.findings]
    return "".join(f"{text}\n" for text in [*lines, counted(report)])


def _live(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if not finding.waived]


def _annotations(findings: list[Finding], severity: Severity) -> Iterator[str]:
    shown = findings if len(findings) <= MOST else findings[: MOST - 1]
    for finding in shown:
        remedy = f"\nTo do: {line(finding.remedy)}" if finding.remedy else ""
        yield _command(_KINDS[severity], finding, sentence(finding) + remedy)
    left = len(findings) - len(shown)
    if left:
        said = f"{left:,} more of this kind; the log and the summary list them."
        yield f"::{_KINDS[severity]} title=emgraph::{_escaped(said)}"


def _command(kind: str, finding: Finding, message: str) -> str:
    properties = {
        "file": None if finding.file == "-" else finding.file,
        "line": finding.line,
        "col": finding.column,
        "title": finding.rule,
    }
    said = ",".join(
        f"{name}={_escaped(line(str(value)), in_property=True)}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{kind} {said}::{_escaped(message)}"


def _escaped(text: str, *, in_property: bool = False) -> str:
    """Text as a workflow command holds it; "##[" would begin a command of the older form."""
    marks = {"%": "%25", "\r": "%0D", "\n": "%0A"} | (
        {":": "%3A", ",": "%2C"} if in_property else {}
    )
    for mark, code in marks.items():
        text = text.replace(mark, code)
    return text.replace("##[", "## [")


def _logged(finding: Finding) -> str:
    """A finding as a line that GitHub takes for no command, whatever stands in it."""
    severity = "waived" if finding.waived else finding.severity.word
    where = line(place(finding)) or "-"
    return f"- {where}: {finding.rule} {severity} {sentence(finding)}".replace("##[", "## [")


def summary(report: Report, rules: Mapping[str, Rule]) -> str:
    """The report in Markdown, for $GITHUB_STEP_SUMMARY; cut before GitHub would refuse it."""
    parts = [f"## emgraph validate\n\n{counted(report)} {scope(report)}\n"]
    if report.unjudged:
        parts.append(
            f"\nNot judged, because {report.why_unjudged}: {', '.join(report.unjudged)}.\n"
        )
    if report.findings:
        parts.append(
            "\n| Rule | Severity | Where | What | To do |\n| --- | --- | --- | --- | --- |\n"
        )
    size = sum(len(part.encode(errors="replace")) for part in parts)
    for number, finding in enumerate(report.findings):
        row = _row(finding, rules)
        size += len(row.encode(errors="replace"))
        if size > MOST_BYTES:
            left = len(report.findings) - number
            parts.append(f"\n{left:,} more findings are in the log.\n")
            break
        parts.append(row)
    return "".join(parts)


def _row(finding: Finding, rules: Mapping[str, Rule]) -> str:
    remedy = finding.remedy or (rules[finding.rule].remedy if finding.rule in rules else "")
    severity = "waived" if finding.waived else finding.severity.word
    what = f"{sentence(finding)} {waived_words(finding)}".strip()
    cells = (finding.rule, severity, place(finding), what, remedy)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    """Text as a cell of a Markdown table, with nothing in it that Markdown or HTML would heed."""
    return _HEEDED.sub(lambda mark: f"&#{ord(mark[0])};", line(text))
