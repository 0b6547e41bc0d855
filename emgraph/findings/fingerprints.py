"""What makes a finding the same finding in another run, wherever its lines have moved to."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from emgraph.finding import Finding
from emgraph.shacl.wording import path_text

LENGTH = 32


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """One fingerprint a finding: LENGTH hexadecimal digits, a colon, and the number among equals.

    It rests on rule, focus, path, value and constraint; only for what has no IRI, on the file and
    the message too. Lines, labels, remedies and waivers have no part in it.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        digest = _digest(finding)
        seen[digest] += 1
        found.append(f"{digest}:{seen[digest]}")
    return found


def _digest(finding: Finding) -> str:
    named = isinstance(finding.focus, NamedNode | Literal)
    parts = [
        finding.rule,
        str(finding.focus) if named else "",
        "" if finding.path is None else path_text(finding.path),
        str(finding.value) if isinstance(finding.value, NamedNode | Literal) else "",
        finding.shape if finding.shape.startswith("http") else "",
        finding.component,
        "" if named else finding.file or "",
        "" if named else finding.message,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:LENGTH]
