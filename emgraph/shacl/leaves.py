"""What failed within the shapes that a shape refers to: the leaves of a nested result.

Only findings are looked into: the inner shape is asked about their value nodes and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from pyoxigraph import BlankNode

from emgraph.errors import Uncovered
from emgraph.finding import Finding, Path, lifted
from emgraph.namespaces import SH
from emgraph.shacl.compiler import Bound, Compiler, Pattern
from emgraph.shacl.jobs import LISTS, NODE, QUALIFIED, Query, Row
from emgraph.shacl.paths import triple
from emgraph.shacl.places import InMemory, Place
from emgraph.shacl.planning import has_leaves
from emgraph.shacl.shapes import Shapes
from emgraph.terms import Term

MOST_NODES = 1000
MOST = 10
_START = "start"

Make = Callable[[Term, Query, Row], Finding]


class Leaves:
    """Asks a place about inner shapes; `make` turns a row of an answer into a finding."""

    def __init__(
        self, compiler: Callable[[], Compiler], place: Place, shapes: Shapes, make: Make
    ) -> None:
        self._compiler, self._place, self._shapes, self._make = compiler, place, shapes, make

    def of(self, query: Query, rows: Sequence[Row]) -> list[tuple[Finding, ...]]:
        """What failed within the shape that each row of a query's answer is about.

        Nothing for most queries. No more than MOST findings for a row, nor named or blank nodes
        than MOST_NODES; blank ones only in memory, for elsewhere they have no name that lasts.
        """
        inner = self._inner(query) if rows else []
        if not inner:
            return [()] * len(rows)
        starts = dict.fromkeys(term for row in rows if (term := _start(query, row)) is not None)
        named = sorted((t for t in starts if not isinstance(t, BlankNode)), key=str)[:MOST_NODES]
        blank = {term for term in starts if isinstance(term, BlankNode)}
        if len(blank) > MOST_NODES or not isinstance(self._place, InMemory):
            blank.clear()
        roots = [*([_named(named)] if named else []), *([_blank(query)] if blank else [])]
        try:
            failed = [self._failures(query, shape, roots) for shape in inner]
        except Uncovered:
            return [()] * len(rows)
        asked = {*named, *blank}
        return [tuple(self._of_row(query, row, failed, asked)[:MOST]) for row in rows]

    def _of_row(
        self,
        query: Query,
        row: Row,
        failed: Sequence[Mapping[Term, list[Finding]]],
        asked: Collection[Term],
    ) -> list[Finding]:
        """What failed by each inner shape; or of those of sh:xone that several are met."""
        origin, focus = _start(query, row), row["this"]
        if origin is None or focus is None or origin not in asked:
            return []
        met = [number for number, found in enumerate(failed, 1) if origin not in found]
        kind = LISTS.get(query.component)
        if kind == "Xone" and len(met) > 1:
            numbers = " and ".join(map(str, met))
            said = f"It meets choices {numbers}, and ought to meet one alone."
            return [self._make(focus, query, row)._replace(message=said)]
        words = "Choice {} of {}: " if len(failed) > 1 and kind in ("Or", "Xone") else ""
        return [
            lifted(
                leaf._replace(message=words.format(number, len(failed)) + leaf.message),
                focus,
                query.path,
            )
            for number, found in enumerate(failed, 1)
            for leaf in found.get(origin, ())
        ]

    def _inner(self, query: Query) -> list[Term]:
        """The shapes to look into."""
        if not has_leaves(query, self._shapes):
            return []
        if query.component == QUALIFIED:
            return self._shapes.objects(query.shape, SH + "qualifiedValueShape")[:1]
        if query.component in LISTS:
            return self._shapes.members(query.parameter)
        return [query.parameter] if query.component == NODE and query.parameter else []

    def _failures(
        self, query: Query, shape: Term, roots: Iterable[Pattern]
    ) -> dict[Term, list[Finding]]:
        found: dict[Term, list[Finding]] = {}
        path = query.path if query.component == QUALIFIED else None
        for root in roots:
            onward = root if path is None else _along(path, root)
            for inner in self._compiler().inside(shape, onward):
                self._add(inner, found)
        return {t: sorted(dict.fromkeys(leaves), key=_order) for t, leaves in found.items()}

    def _add(self, inner: Query, found: dict[Term, list[Finding]]) -> None:
        """Add what a query of an inner shape finds, and instead of a nested result its leaves."""
        rows = list(self._place.rows(inner.text))
        for row, below in zip(rows, self.of(inner, rows), strict=True):
            origin, focus = row[_START], row["this"]
            if origin is not None and focus is not None:
                found.setdefault(origin, []).extend(below or [self._make(focus, inner, row)])


def _start(query: Query, row: Row) -> Term | None:
    """The node of a row that the inner shape judges; of a count, the focus node that it is for."""
    if query.path is None or query.component == QUALIFIED:
        return row["this"]
    try:
        return row["value"]
    except KeyError:
        return None


def _named(nodes: Iterable[Term]) -> Pattern:
    """The pattern that binds a variable to nodes that have a name."""
    given = " ".join(f"({node} {node})" for node in nodes)
    return lambda this: Bound(f"VALUES (?{_START} {this}) {{ {given} }}", (f"?{_START}",))


def _blank(query: Query) -> Pattern:
    """The pattern that binds a variable to the starts of a query that have none."""
    is_focus = query.path is None or query.component == QUALIFIED
    found = "?this" if is_focus else "?value"
    among = f"{{ {query.text} }} FILTER(isBlank({found}))"
    alone = f"SELECT DISTINCT ({found} AS ?{_START}) WHERE {{ {among} }}"
    return lambda this: Bound(f"{{ {alone} }} BIND(?{_START} AS {this})", (f"?{_START}",))


def _along(path: Path, root: Pattern) -> Pattern:
    """The pattern that binds a variable to the value nodes of what another binds."""
    above = root("?before")
    step = partial(triple, "?before", path)
    return lambda this: Bound(f"{above.pattern} {step(this)}", above.keys)


def _order(finding: Finding) -> tuple[str, ...]:
    """An order that the names of blank nodes have no part in."""
    terms = (finding.focus, finding.path, finding.value)
    return (*("" if isinstance(t, BlankNode) else str(t) for t in terms), finding.message)
