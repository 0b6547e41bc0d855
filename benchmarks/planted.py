"""Faults of every rule, in known number: copies of the rules' own examples under fresh IRIs.

Each rule has an example that breaks it and no other rule (tests hold that), and one that keeps it.
A copy gets names of its own, so that it says nothing about any other copy, and identifiers of its
own, because no two things share one. Dates stay: they mean the same to everybody, and their bounds
stand in the graph of dates; save where the date itself is the fault.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from benchmarks.nation import Dates, Part
from emgraph.namespaces import DATE, EM, GRAPH, RDF, SKOS, XSD
from emgraph.rdf.files import find
from emgraph.rdf.store import statements
from emgraph.shacl.rules import Rule, catalogue, shape_files
from emgraph.terms import Term

OF_WHOLE_FILES = ("EMG001", "EMG005")  # a file that cannot be read, a file without a known class
_TWO_THINGS = (
    "EMG104",
    "EMG114",
    "EMG325",
    "EMG326",
    "EMG334",
    "EMG603",
    "EMG606",
    "EMG924",
)
_ONE_TERM = ("EMG013",)
_TYPE = RDF + "type"
_OF_DATES = ("EMG010", "EMG914")
_OURS = "https://w3id.org/emgraph/id/"
_CLAUSES = _OURS + "clause-type/"
_LAW = "http://www.legislation.gov.uk/id/"
_NUMBER, _LETTERS, _DAY = "\ue000", "\ue001", "\ue002"  # what differs from copy to copy
_SCHEMES = {  # what an identifier has to look like, and how copies get others that do
    EM + "GssCode": (r"[EKNSW]\d{8}", "E4{number}{index}"),
    EM + "WikidataId": (r"Q[1-9]\d*", "Q4{number}{index}"),
    EM + "PoliceDataId": (r"[a-z]+(-[a-z]+)*", "{text}-{letters}"),
}


class Example(NamedTuple):
    """An example as a pattern to be copied, and the dates that it uses."""

    code: str
    parts: list[Part]
    dates: frozenset[str]

    def copy(self, number: int, dates: Dates) -> Iterator[Part]:
        """The example under names that no other copy has."""
        for node in self.dates:
            dates.use(node)
        digits = f"{number:06d}"
        marks = {
            _NUMBER: digits,
            _LETTERS: "".join(chr(ord("a") + int(digit)) for digit in digits),
            _DAY: date.fromordinal(40_000 + number).isoformat(),
        }
        table = str.maketrans(marks)
        for graph, triples in self.parts:
            yield Part(graph.translate(table), [one.translate(table) for one in triples])


def faults() -> Iterator[Example]:
    """The examples that break a rule, save the rules about whole files."""
    return (_Pattern(rule, 1).example() for rule in _rules())


def sound() -> Iterator[Example]:
    """The examples that keep every rule."""
    return (_Pattern(rule, 0).example() for rule in _rules())


def findings(code: str, copies: int) -> int:
    """How many findings copies of a rule's fault give: two each where two things break it.

    A term that is a slip is found once, however many things have it.
    """
    if code in _ONE_TERM:
        return min(1, copies)
    return copies * (2 if code in _TWO_THINGS else 1)


def _rules() -> Iterator[Rule]:
    for code, rule in catalogue(shape_files()).items():
        if code not in OF_WHOLE_FILES:
            yield rule


class _Pattern:
    """One example, and how its terms are written so that copies differ."""

    def __init__(self, rule: Rule, which: int) -> None:
        self._code = rule.code
        self._quads = list(_one_by_one(statements(find([str(rule.examples[which])]))))
        self._subjects = {quad.subject for quad in self._quads}
        self._moves_dates = bool(which) and rule.code in _OF_DATES
        self._blank: dict[Term, int] = {}
        self._identifiers: dict[Term, int] = {}

    def example(self) -> Example:
        """The example, its triples by graph."""
        graphs: dict[str, list[str]] = {}
        used = set()
        for quad in self._quads:
            if _is_date(quad.subject) and not self._moves_dates:
                continue
            one = f"{self._node(quad.subject)} {quad.predicate} {self._written(quad)}"
            graphs.setdefault(self._node(quad.graph_name), []).append(one)
            if isinstance(quad.object, NamedNode) and _is_date(quad.object):
                used.add(quad.object.value)
        dates = frozenset() if self._moves_dates else frozenset(used)
        return Example(self._code, [Part(*item) for item in graphs.items()], dates)

    def _node(self, term: Term | DefaultGraph) -> str:
        """A thing as copies write it."""
        if isinstance(term, BlankNode):
            return f"_:b{_NUMBER}n{self._blank.setdefault(term, len(self._blank))}"
        if not isinstance(term, NamedNode) or _is_term(term) or term.value.startswith(_CLAUSES):
            return str(term)
        if _is_date(term):
            return f"<{DATE}{_DAY}>" if self._moves_dates else str(term)
        if term not in self._subjects and not term.value.startswith((_OURS, GRAPH)):
            return str(term)
        between = "-"
        if term.value.startswith((_OURS + "person/", _LAW)):  # rules ask for the form of these
            between = "" if term.value.startswith(_OURS) else "/c"
        return f"<{term.value}{between}{_NUMBER}>"

    def _written(self, quad: Quad) -> str:
        """The object of a statement as copies write it."""
        value = quad.object
        if not isinstance(value, Literal):
            return self._node(value)
        if quad.predicate.value == SKOS + "notation":
            return str(self._identifier(value))
        if self._code == "EMG515" and quad.predicate.value == EM + "printedAs":
            return str(Literal(f"{value.value} {_NUMBER}"))  # a text is one node wherever it stands
        if self._moves_dates and (
            quad.predicate.value == EM + "edtf"
            or (self._code == "EMG914" and value.datatype.value == XSD + "date")
        ):
            return str(Literal(_DAY, datatype=value.datatype))
        return str(value)

    def _identifier(self, value: Literal) -> Literal:
        """An identifier of the same scheme, well-formed if this one is, that no other copy has."""
        index = self._identifiers.setdefault(value, len(self._identifiers))
        pattern, form = _SCHEMES.get(value.datatype.value, ("", ""))
        if not re.fullmatch(pattern, value.value):
            form = "{text}-{number}"
        changed = form.format(text=value.value, index=index, number=_NUMBER, letters=_LETTERS)
        return Literal(changed, datatype=value.datatype)


def _one_by_one(quads: list[Quad]) -> Iterator[Quad]:
    """The statements, with a waiver of each thing in the place of one of all things of a class."""
    of = {q.subject: q.object for q in quads if q.predicate.value == EM + "focus"}
    for quad in quads:
        waiver, class_ = quad.subject, of.get(quad.subject)
        if class_ is None or not _is_term(class_) or not isinstance(waiver, NamedNode):
            yield quad
            continue
        things = {q.subject for q in quads if (q.predicate.value, q.object) == (_TYPE, class_)}
        for number, thing in enumerate(sorted(things, key=str), 1):
            value = thing if quad.object == class_ else quad.object
            one = NamedNode(f"{waiver.value}-{number}")
            yield Quad(one, quad.predicate, value, quad.graph_name)


def _is_date(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(DATE)


def _is_term(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(EM)
