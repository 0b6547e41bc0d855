"""A report as an Excel workbook with one row a finding."""

from emgraph.answers.workbook import Sheet, Value, workbook
from emgraph.finding import Finding, Report
from emgraph.findings.fingerprints import fingerprints
from emgraph.findings.plain import details, line, named, said_by, statement

_COLUMNS = {
    "Rule": 9,
    "Severity": 11,
    "Waived": 9,
    "About": 32,
    "IRI": 40,
    "What is wrong": 50,
    "Found": 32,
    "To do": 50,
    "Said by": 24,
    "File": 30,
    "Line": 8,
    "Column": 8,
    "Reason of the waiver": 40,
    "Owner of the waiver": 24,
    "Review by": 12,
    "Fingerprint": 36,
}


def render(report: Report) -> bytes:
    """The findings in the order of the report."""
    prints = fingerprints(report.findings)
    rows = [_row(f, fingerprint) for f, fingerprint in zip(report.findings, prints, strict=True)]
    return workbook([Sheet("Findings", list(_COLUMNS), rows, list(_COLUMNS.values()))])


def _row(finding: Finding, fingerprint: str) -> list[Value]:
    waived = finding.waived
    return [
        finding.rule,
        finding.severity.word,
        "yes" if waived else "no",
        finding.label or None,
        None if finding.focus is None else getattr(finding.focus, "value", str(finding.focus)),
        line(" ".join([finding.message, *details(finding)])),
        statement(finding) or None,
        finding.remedy or None,
        said_by(finding) or None,
        finding.file,
        finding.line,
        finding.column,
        waived.reason if waived else None,
        named(finding, waived.owner) if waived else None,
        waived.review_by if waived else None,
        fingerprint,
    ]
