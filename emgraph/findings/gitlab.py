"""A report as GitLab's Code Quality artifact, a subset of the Code Climate format."""

import json
from typing import Any
from urllib.parse import unquote

from emgraph.finding import Finding, Report, Severity
from emgraph.findings.fingerprints import fingerprints
from emgraph.findings.plain import sentence, uri

_SEVERITIES = {Severity.INFO: "info", Severity.WARNING: "minor", Severity.VIOLATION: "major"}


def render(report: Report) -> str:
    """The unwaived findings; GitLab wants a path and a line of each, so the first stands for none.

    It has no place for waived findings: they are left out.
    """
    prints = fingerprints(report.findings)
    entries = [
        _entry(finding, fingerprint)
        for finding, fingerprint in zip(report.findings, prints, strict=True)
        if not finding.waived
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    remedy = f" To do: {finding.remedy}" if finding.remedy else ""
    return {
        "description": f"{sentence(finding)}{remedy}",
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": _path(finding), "lines": {"begin": finding.line or 1}},
    }


def _path(finding: Finding) -> str:
    """The file as GitLab names it, from the root of the repository and without ./ before it."""
    if finding.file in (None, "-"):
        return "."
    return unquote(uri(str(finding.file)).removeprefix("./").removeprefix("file://"))
