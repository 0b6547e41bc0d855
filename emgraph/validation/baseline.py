"""An earlier report, so that only what is new since then is told."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emgraph.errors import EmgraphError
from emgraph.finding import Report
from emgraph.findings.fingerprints import fingerprints
from emgraph.findings.json import SCHEMA
from emgraph.rdf.files import reason

_MAKE = "Make one with: emgraph validate --format json > baseline.json"


def earlier(name: str) -> frozenset[str]:
    """The fingerprints of a report made by --format json.

    Raises EmgraphError for a file that is no such report, or one that a baseline has cut.
    """
    path = Path(name)
    try:
        document = json.loads(path.read_bytes()) if path.is_file() else None
    except OSError as error:
        raise EmgraphError(f"{path}: {reason(error)}. {_MAKE}") from error
    except (ValueError, RecursionError) as error:
        raise EmgraphError(f"{path}: not JSON. {_MAKE}") from error
    if document is None:
        raise EmgraphError(f"{path}: no such file. {_MAKE}")
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise EmgraphError(f"{path}: not a report of this version. {_MAKE}")
    if document.get("known"):
        raise EmgraphError(f"{path}: a report made with --baseline lacks what is old. {_MAKE}")
    return frozenset(_fingerprints(path, document))


def _fingerprints(path: Path, document: Mapping[str, Any]) -> list[str]:
    """The fingerprints of what was not waived then: a waiver that has gone makes a finding new."""
    try:
        live = [found for found in document["findings"] if not found["waived"]]
        return [str(found["fingerprint"]) for found in live]
    except (KeyError, TypeError) as error:
        raise EmgraphError(f"{path}: a finding lacks its fingerprint. {_MAKE}") from error


def only_new(report: Report, old: frozenset[str]) -> Report:
    """The report without the unwaived findings that are known; it tells how many were left out.

    Of several equal findings as many are known as there were before.
    """
    kept = tuple(
        finding
        for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
        if finding.waived or fingerprint not in old
    )
    return report._replace(findings=kept, known=len(report.findings) - len(kept))
