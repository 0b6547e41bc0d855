"""What several formats say alike: one line of text, the subject, the place, the counts."""

import re
from pathlib import PurePath
from urllib.parse import quote

from pyoxigraph import NamedNode

from emgraph.finding import Finding, Report, Severity
from emgraph.namespaces import shrink
from emgraph.shacl.wording import path_text

_UNFIT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """The text without what XML 1.0, section 2.2, has no character for."""
    return _UNFIT.sub("\ufffd", text)


def line(text: str) -> str:
    """The text as one line without control characters."""
    return fit(" ".join(text.split()))


def subject(finding: Finding) -> str:
    """What a finding is about: its label and short IRI, or its place in a file."""
    if finding.focus is None:
        return place(finding) or "the whole of the data"
    if isinstance(finding.focus, NamedNode):
        short = shrink(finding.focus.value)
        return f"{finding.label} ({short})" if finding.label not in ("", short) else short
    return str(finding.focus)


def place(finding: Finding) -> str:
    """file:line:column as far as they are known."""
    parts = (finding.file, finding.line, finding.column)
    return ":".join(str(part) for part in parts if part is not None)


def sentence(finding: Finding) -> str:
    """The whole finding on one line: what it is about, and what is wrong with it."""
    if finding.focus is None:
        return line(finding.message)
    return line(f"{subject(finding)}: {finding.message}")


def statement(finding: Finding) -> str:
    """The path and value that a finding is about; empty where there is no value."""
    return f"{path_text(finding.path)} = {value(finding)}" if finding.value else ""


def value(finding: Finding) -> str:
    """The value that a finding is about, as it would stand in Turtle; empty for none."""
    found = finding.value
    if found is None:
        return ""
    return shrink(found.value) if isinstance(found, NamedNode) else str(found)


def waived_words(finding: Finding) -> str:
    """Who answers for a waived finding and why; empty for another."""
    waived = finding.waived
    if waived is None:
        return ""
    return line(f"Waived: {waived.reason} ({shrink(waived.owner)}, review by {waived.review_by})")


def counted(report: Report) -> str:
    """How many findings of each severity, and how many are waived."""
    kinds = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)
    counts = [number(report.count(severity), severity.word) for severity in kinds]
    waived = sum(finding.waived is not None for finding in report.findings)
    known = f"; {report.known:,} known from the baseline" if report.known else ""
    return f"{', '.join(counts)}; {waived:,} waived{known}."


def number(count: int, noun: str) -> str:
    """A count with its noun, in the plural where there is not one."""
    return f"{count:,} {noun}{'' if count == 1 or noun == 'info' else 's'}"


def scope(report: Report) -> str:
    """What was read and judged, in a sentence."""
    return (
        f"{number(report.statements, 'statement')} in {number(report.files, 'file')} judged by "
        f"{number(len(report.looked_at), 'rule')} as of {report.as_of}; "
        f"shapes looked at {number(report.nodes, 'node')}."
    )


def uri(file: str) -> str:
    """A file's name as a URI reference: relative if the name is, percent-encoded."""
    path = PurePath(file)
    encoded = quote(path.as_posix().encode(errors="surrogateescape"))
    if path.is_absolute():
        return f"file://{encoded}"
    return f"./{encoded}" if ":" in encoded.partition("/")[0] else encoded
