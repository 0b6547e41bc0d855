"""What several formats say alike: one line of text, the subject, the place, the counts."""

import re
from pathlib import PurePath
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.finding import Finding, Path, PathOf, Report, Severity
from emgraph.namespaces import XSD, shrink
from emgraph.shacl.wording import path_text, word
from emgraph.terms import Term

_MOST = 160
_MOST_PROPERTIES = 3
_MOST_DETAILS = 3
_BARE = {XSD + name for name in ("boolean", "date", "decimal", "double", "gYear", "integer")}
_TURNING = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_UNFIT = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def fit(text: str) -> str:
    """The text without what XML 1.0, section 2.2, has no character for."""
    return re.sub(_UNFIT, "\ufffd", text)


def line(text: str) -> str:
    """The text as one line without control characters, nor those that turn its direction."""
    whole = " ".join(text.split())
    return whole if whole.isprintable() else re.sub(_TURNING, "\ufffd", fit(whole))


def named(finding: Finding, iri: str) -> str:
    """What to call a thing that a finding speaks of: its label, else its short IRI."""
    return finding.labels.get(iri) or shrink(iri)


def named_in_full(finding: Finding, iri: str) -> str:
    """The label of a thing with its short IRI in brackets, or the short IRI alone."""
    short = shrink(iri)
    label = finding.labels.get(iri, short)
    return f"{label} ({short})" if label != short else short


def said_by(finding: Finding, most: int | None = None) -> str:
    """The sources of the offending statements, no more than `most` by name; empty for none."""
    shown = [named(finding, source) for source in finding.sources[:most]]
    more = len(finding.sources) - len(shown)
    return f"{', '.join(shown)}{f' and {more} more' if more else ''}"


def subject(finding: Finding) -> str:
    """What a finding is about: its label and short IRI, or its place in a file."""
    if finding.focus is None:
        return place(finding) or "the whole of the data"
    if isinstance(finding.focus, NamedNode):
        short = shrink(finding.focus.value)
        return f"{finding.label} ({short})" if finding.label not in ("", short) else short
    if isinstance(finding.focus, BlankNode):
        return finding.label or "something without an IRI"
    return f"the text {_term(finding, finding.focus)}"


def place(finding: Finding) -> str:
    """file:line:column as far as they are known."""
    parts = (finding.file, finding.line, finding.column)
    return ":".join(str(part) for part in parts if part is not None)


def sentence(finding: Finding) -> str:
    """The whole finding on one line: what it is about, and what is wrong with it."""
    said = " ".join([finding.message, *details(finding)[:_MOST_DETAILS]])
    return line(said if finding.focus is None else f"{subject(finding)}: {said}")


def details(finding: Finding) -> list[str]:
    """What failed within the shape that a value had to meet, a line each, with its place."""
    told = []
    for inner in finding.details:
        is_new = (inner.path, inner.value) != (finding.path, finding.value)
        found = statement(inner) if is_new else ""
        said = f"{inner.message} [{found}]" if found else inner.message
        where = place(inner) if place(inner) != place(finding) else ""
        about = {finding.focus, finding.value}
        named = "" if inner.focus in about or not subject(inner) else f"{subject(inner)}: "
        told.append(line(f"{named}{said}{f' ({where})' if where else ''}"))
    return told


def statement(finding: Finding) -> str:
    """The property and value that a finding is about, in words; empty if it is about none."""
    found = finding.value
    if found is None or (finding.path is None and found == finding.focus):
        return ""
    words = _term(finding, found)
    path = finding.path
    if isinstance(found, NamedNode) and shrink(found.value) in finding.message.split():
        return ""
    if path is None or (isinstance(path, PathOf) and len(path.parts) > _MOST_PROPERTIES):
        return f"found: {words}"
    if isinstance(path, PathOf) and path.operator == "inverse":
        return f"{words}, which has it as “{_path(finding, path.parts[0])}”"
    return f"{_path(finding, path)}: {words}"


def _path(finding: Finding, path: Path) -> str:
    """A property path in words, as far as it is simple: the labels of its properties."""
    if not isinstance(path, PathOf):
        label = finding.labels.get(path.value, "<")
        return word(path.value) if label.startswith("<") else label
    joined = {"alternative": " or ", "sequence": ", then "}.get(path.operator)
    if joined is None or any(isinstance(part, PathOf) for part in path.parts):
        return path_text(path)
    return joined.join(_path(finding, part) for part in path.parts)


def _term(finding: Finding, term: Term) -> str:
    """A term in words: a label with its short IRI, a text in quotation marks, a bare number."""
    if isinstance(term, NamedNode):
        return named_in_full(finding, term.value)
    if not isinstance(term, Literal):
        return "something without an IRI"
    text = term.value if len(term.value) <= _MOST else f"{term.value[:_MOST]}…"
    kind = term.datatype.value
    if kind in _BARE:
        return text
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if kind == XSD + "string" else f'"{text}"^^{shrink(kind)}'


def waived_words(finding: Finding) -> str:
    """Who answers for a waived finding and why; empty for another."""
    waived = finding.waived
    if waived is None:
        return ""
    owner = named(finding, waived.owner)
    return line(f"Waived: {waived.reason} ({owner}, review by {waived.review_by})")


def counted(report: Report) -> str:
    """How many findings of each severity, and how many are waived."""
    kinds = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)
    counts = [number(report.unwaived(severity), severity.word) for severity in kinds]
    waived = sum(finding.waived is not None for finding in report.findings)
    known = f"; {report.known:,} known from the baseline" if report.known else ""
    return f"{', '.join(counts)}; {waived:,} waived{known}."


def number(count: int, noun: str) -> str:
    """A count with its noun, in the plural where there is not one."""
    return f"{count:,} {noun}{'' if count == 1 or noun == 'info' else 's'}"


def scope(report: Report) -> str:
    """What was read and judged, in a sentence."""
    where = report.place or number(report.files, "file")
    return (
        f"{number(report.statements, 'statement')} in {where} judged by "
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
