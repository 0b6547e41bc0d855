"""A report as one JSON object, for programs."""

import json
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from emgraph.finding import Finding, Report, Severity
from emgraph.findings.fingerprints import fingerprints
from emgraph.shacl.wording import path_text
from emgraph.terms import Term

SCHEMA = "https://w3id.org/emgraph/report/1"
SCHEMA_FILE = Path(__file__).with_name("report-1.schema.json")


def render(report: Report) -> str:
    """The report as JSON, as SCHEMA_FILE has it; a change of meaning changes `schema`."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values, in the words of the command line's contract."""
    return {
        "schema": SCHEMA,
        "asOf": report.as_of,
        "files": report.files,
        "statements": report.statements,
        "nodes": report.nodes,
        "counts": {severity.word: report.unwaived(severity) for severity in reversed(Severity)}
        | {"waived": sum(finding.waived is not None for finding in report.findings)},
        "lookedAt": report.looked_at,
        "known": report.known,
        "unjudged": list(report.unjudged),
        "fallenBack": report.fallen_back,
        "skipped": {**report.skipped, **report.unanswered},
        "place": report.place or None,
        "findings": [
            _finding(finding) | {"fingerprint": fingerprint}
            for finding, fingerprint in zip(
                report.findings, fingerprints(report.findings), strict=True
            )
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    waived = finding.waived
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "focus": _term(finding.focus),
        "label": finding.label or None,
        "path": None if finding.path is None else path_text(finding.path),
        "value": _term(finding.value),
        "message": finding.message,
        "remedy": finding.remedy or None,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "sources": list(finding.sources),
        "details": [_detail(inner) for inner in finding.details],
        "waived": None
        if waived is None
        else {
            "waiver": waived.waiver,
            "reason": waived.reason,
            "owner": waived.owner,
            "reviewBy": waived.review_by,
        },
    }


def _detail(finding: Finding) -> dict[str, Any]:
    """What failed within the shape that a value had to meet."""
    keys = ("focus", "label", "path", "value", "message", "file", "line", "column")
    said = _finding(finding)
    return {key: said[key] for key in keys}


def _term(term: Term | None) -> str | None:
    if isinstance(term, NamedNode | Literal):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else None
