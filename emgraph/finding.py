"""What validation says: findings, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from emgraph.terms import Term


class Severity(IntEnum):
    """How bad a finding is, in the words of SHACL (sh:Info, sh:Warning, sh:Violation)."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def word(self) -> str:
        """The name used in reports and options."""
        return self.name.lower()


class PathOf(NamedTuple):
    """A SHACL property path that is not one property: an operator over paths."""

    operator: str
    parts: tuple[Path, ...]


Path: TypeAlias = NamedNode | PathOf


class Waived(NamedTuple):
    """The waiver that covers a finding."""

    waiver: str
    reason: str
    owner: str
    review_by: str


class Place(NamedTuple):
    """A statement that a finding is about: the source that makes it, and where it is written."""

    source: str
    file: str | None
    line: int | None
    column: int | None


class Finding(NamedTuple):
    """One thing that is wrong: which rule, of what, where, said by which paragraphs, what to do.

    `labels` gives what to call the IRIs that it speaks of, `excerpt` the line that it points at.
    `shape` is what has the code; `source_shape` is the shape, perhaps within it, that failed, and
    `graded` the IRI of the severity that it gave; `details` are what failed within the shape that
    a value had to meet (SHACL section 3.6.2.5). What is wrong with a term stands where the term is
    `used_by` a thing.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str = ""
    focus: Term | None = None
    label: str = ""
    path: Path | None = None
    value: Term | None = None
    shape: str = ""
    component: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    sources: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    waived: Waived | None = None
    excerpt: str = ""
    details: tuple[Finding, ...] = ()
    source_shape: Term | None = None
    graded: str = ""
    used_by: Term | None = None
    labels: Mapping[str, str] = {}

    def __eq__(self, other: object) -> bool:
        """Alike in all but the labels."""
        return isinstance(other, Finding) and self[:-1] == other[:-1]

    def __ne__(self, other: object) -> bool:
        """Not alike."""
        return not self == other

    def __hash__(self) -> int:
        """By all but the labels, which come last."""
        return hash(self[:-1])

    def labelled(self, labels: Mapping[str, str]) -> Finding:
        """The finding that knows what to call what it speaks of, its details too."""
        inner = tuple(detail.labelled(labels) for detail in self.details)
        return self._replace(labels=labels, details=inner)


def lifted(inner: Finding, focus: Term | None, path: Path | None) -> Finding:
    """What is wrong with a text, as wrong with the thing that has it along a path."""
    if not isinstance(inner.focus, Literal):
        return inner
    return inner._replace(focus=focus, path=path, value=inner.focus)


class Head(NamedTuple):
    """What a rule says of itself: its sentence, why it is there, and what it rests on, in words."""

    message: str
    reason: str = ""
    rests_on: tuple[str, ...] = ()


class Report(NamedTuple):
    """All findings of one run, with what was looked at to find them.

    `fallen_back` names the shapes that were left to the reference engine, each with the reason;
    `unheeded` says what is in the shapes and was not heeded; `heads` says what each rule says
    of itself; `known` counts what a baseline has left out. `place` is where a graph is that is
    not in files, in words; `skipped` names the shapes that were not judged there, each with the
    reason, and `unanswered` the rules of which not every question was answered, likewise.
    """

    findings: tuple[Finding, ...]
    files: int
    statements: int
    as_of: str
    looked_at: Mapping[str, int] = {}
    nodes: int = 0
    unjudged: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()
    fallen_back: Mapping[str, str] = {}
    heads: Mapping[str, Head] = {}
    known: int = 0
    place: str = ""
    skipped: Mapping[str, str] = {}
    unanswered: Mapping[str, str] = {}

    @property
    def why_unjudged(self) -> str:
        """Why some rules were not judged, after "because"."""
        if self.unanswered:
            return "they are about files or were not answered"
        return "they are about files" if self.place else "a file is broken"

    def unwaived(self, severity: Severity) -> int:
        """The number of findings of a severity that no waiver covers."""
        return sum(f.severity == severity and f.waived is None for f in self.findings)

    def fails(self, threshold: Severity) -> bool:
        """Whether an unwaived finding is at least as severe as the threshold."""
        return any(f.severity >= threshold and f.waived is None for f in self.findings)

    @property
    def broken_alone(self) -> bool:
        """Whether there is nothing but files that cannot be parsed."""
        found = [finding for finding in self.findings if not finding.waived]
        return not self.statements and bool(found) and all(f.focus is None for f in found)

    @property
    def looked(self) -> bool:
        """Whether there was anything to judge: a statement, and a node that some shape looks at."""
        return bool(self.statements and self.nodes)
