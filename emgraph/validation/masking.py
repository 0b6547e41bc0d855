"""What a report may not show: the values that a rule with em:masksValue complains of.

A report goes further than the graph does: to logs, dashboards and other people's machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal

from emgraph.finding import Finding
from emgraph.shacl.rules import Rule
from emgraph.terms import Term

MASK = Literal("…")
_LEAST = 4


def masking(rules: Mapping[str, Rule]) -> frozenset[str]:
    """The codes of the rules that mask."""
    return frozenset(code for code, rule in rules.items() if rule.masks_value)


class Mask:
    """Hides, wherever findings show them, the values that rules of theirs mask."""

    def __init__(self, findings: Iterable[Finding], rules: Mapping[str, Rule]) -> None:
        self._hidden: set[Term] = set()
        self._codes = masking(rules)
        self._hidden = {
            term
            for finding in findings
            if finding.rule in self._codes
            for found in (finding, *finding.details)
            for term in (found.focus, found.value)
            if isinstance(term, Literal)
        }
        words = {term.value for term in self._hidden if isinstance(term, Literal)}
        self._words = sorted((w for w in words if len(w) >= _LEAST), key=lambda w: (-len(w), w))
        self._masked: dict[str, str] = {}
        self._given: Mapping[str, str] = {}
        self._shown: Mapping[str, str] = {}

    def text(self, text: str) -> str:
        """A text without the words of a hidden value."""
        if text not in self._masked:
            masked = text
            for word in self._words:
                masked = masked.replace(word, MASK.value)
            self._masked[text] = masked
        return self._masked[text]

    def _labels(self, labels: Mapping[str, str]) -> Mapping[str, str]:
        """What things are called, without hidden words; findings share one mapping."""
        if labels is not self._given:
            self._given = labels
            self._shown = {iri: self._label(label) for iri, label in labels.items()}
        return self._shown

    def _label(self, label: str) -> str:
        """A label without the words of a hidden value; none where nothing else is left."""
        kept = self.text(label)
        return "" if kept == MASK.value else kept

    def finding(self, finding: Finding) -> Finding:
        """A finding that shows no hidden value, nor do its labels."""
        is_masked = finding.rule in self._codes and finding.value is not None
        if not self._hidden and not is_masked:
            return finding
        return finding._replace(
            focus=self._term(finding.focus),
            value=MASK if is_masked else self._term(finding.value),
            label=self._label(finding.label),
            message=self.text(finding.message),
            labels=self._labels(finding.labels),
            details=tuple(map(self.finding, finding.details)),
        )

    def _term(self, term: Term | None) -> Term | None:
        return MASK if term in self._hidden else term
