"""An answer as people read it: labels, citations folded into one row, and what was asked."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from emgraph.namespaces import shrink
from emgraph.sparql.isolate import Rows
from emgraph.sparql.sources import Place, Source, cited
from emgraph.terms import Term

Cell: TypeAlias = tuple[Term, ...]
Folded: TypeAlias = tuple[tuple[Cell, ...], list[int]]
_CITATION = "Citation"


class Fact(NamedTuple):
    """What narrows an answer: a head, a text, and whether the user gave it."""

    head: str
    text: str
    given: bool = False


class About(NamedTuple):
    """What is told beside an answer, where a format has room for it.

    `question` in words and `facts` (parameters and the day) are those of a
    canned question; a free query has none, and its rows are not folded. `pounds` are the columns
    that hold money.
    """

    question: str = ""
    facts: tuple[Fact, ...] = ()
    labels: Mapping[str, str] = {}
    places: Mapping[str, Place] = {}
    sources: tuple[Source, ...] = ()
    pounds: tuple[str, ...] = ()
    total: int | None = None
    no_rows: str = "No rows."


class View(NamedTuple):
    """The head of each column, and rows of cells: no term, one, or several that are cited."""

    variables: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    about: About

    @property
    def heads(self) -> list[str]:
        """The variables as the heads of columns."""
        return [heading(variable) for variable in self.variables]

    def text(self, variable: str, cell: Cell) -> str:
        """A cell in words, money as £6,352,000."""
        text = words(cell, self.about)
        return money(text) if variable in self.about.pounds else text

    def texts(self) -> list[list[str]]:
        """Every cell in words."""
        return [
            [self.text(name, cell) for name, cell in zip(self.variables, row, strict=True)]
            for row in self.rows
        ]

    def cut(self) -> str:
        """That rows are missing, in a sentence; nothing where none is."""
        return cut(len(self.rows), self.about.total)


def view(rows: Rows, about: About) -> View:
    """Rows for people; those of a canned question folded, their citations last."""
    if not about.question:
        return View(rows.variables, [tuple(map(_cell, row)) for row in rows.rows], about)
    told = fold(rows)
    count = len(rows.variables)
    kept = [i for i in range(count) if not _is_said_before(i, rows.variables, told, about)]
    order = sorted(kept, key=lambda i: is_citation(rows.variables[i]))
    folded = [tuple(cells[i] for i in order) for cells, _ in told]
    return View(tuple(rows.variables[i] for i in order), folded, about)


def _is_said_before(
    column: int, variables: Sequence[str], told: Sequence[Folded], about: About
) -> bool:
    """Whether a column of contents says no more than the labels of an earlier one."""
    if not variables[column].lower().endswith("content"):
        return False
    filled = [cells for cells, _ in told if cells[column]]
    texts = [words(cells[column], about) for cells in filled]
    return bool(filled) and any(
        texts == [words(cells[earlier], about) for cells in filled] for earlier in range(column)
    )


def is_citation(variable: str) -> bool:
    """Whether a column cites, which its name tells."""
    return variable == "citation" or variable.endswith(_CITATION)


def _cell(term: Term | None) -> Cell:
    return () if term is None else (term,)


def fold(rows: Rows) -> list[Folded]:
    """Rows that differ in one citation alone as one row, and the numbers of the rows it is made of.

    Column by column, so that a row with several citations in two columns stands for all pairs.
    """
    groups = [(tuple(map(_cell, row)), [number]) for number, row in enumerate(rows.rows)]
    for column in [i for i, name in enumerate(rows.variables) if is_citation(name)]:
        alike: dict[tuple[Cell, ...], list[Folded]] = {}
        for group in groups:
            cells = group[0]
            alike.setdefault((*cells[:column], *cells[column + 1 :]), []).append(group)
        groups = []
        for rest, members in alike.items():
            both = tuple(dict.fromkeys(term for cells, _ in members for term in cells[column]))
            numbers = [number for _, of in members for number in of]
            groups.append(((*rest[:column], both, *rest[column:]), numbers))
    return groups


def limited(rows: Rows, limit: int | None, *, folded: bool) -> tuple[Rows, int]:
    """The first rows, and how many there were; where they are `folded`, a folded row is one."""
    groups = [numbers for _, numbers in fold(rows)] if folded else None
    total = len(rows.rows if groups is None else groups)
    if limit is None or total <= limit:
        return rows, total
    if groups is None:
        return rows._replace(rows=rows.rows[:limit]), total
    kept = sorted(number for numbers in groups[:limit] for number in numbers)
    return rows._replace(rows=[rows.rows[number] for number in kept]), total


def cut(shown: int, total: int | None) -> str:
    """That rows are missing, in a sentence; nothing where none is."""
    return "" if total is None or total <= shown else f"Cut: {shown:,} of {total:,} rows."


def words(cell: Cell, about: About) -> str:
    """A cell as a person reads it: labels where there are any, no types, no quotes."""
    if len(cell) == 1:
        return word(cell[0], about)
    known = [about.places.get(term.value) for term in cell if isinstance(term, NamedNode)]
    if cell and len(known) == len(cell) and all(known):
        return cited(place for place in known if place)
    return "; ".join(word(term, about) for term in cell)


def word(term: Term, about: About) -> str:
    """One term as a person reads it."""
    if isinstance(term, NamedNode):
        return about.labels.get(term.value) or shrink(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def money(text: str) -> str:
    """A plain decimal number of pounds as it is written, with pence where it has some; else the
    text as it is."""
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d*))?", text)
    if match is None:
        return text
    sign, whole, part = match.groups(default="")
    pence = f".{part:0<2}" if part.strip("0") else ""
    return f"{sign}£{int(whole):,}{pence}"


def heading(variable: str) -> str:
    """A variable as the head of a column: signedOn becomes Signed on."""
    parts = "".join(f" {c.lower()}" if c.isupper() else c for c in variable).replace("_", " ")
    return parts.strip().capitalize()


def link_targets(shown: View) -> Sequence[Place]:
    """The places that the rows cite, in the order of documents and positions, each once."""
    used = {
        term.value
        for row in shown.rows
        for cell in row
        for term in cell
        if isinstance(term, NamedNode) and term.value in shown.about.places
    }
    known = (shown.about.places[iri] for iri in used)
    return sorted(known, key=lambda p: (not p.document, p.document, p.position, p.label, p.iri))
