"""Where the data is, and what the compiled engine has to know of it: all is asked in SPARQL.

A place is a store in memory beside the files it was made from, a store on disk, or an endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from emgraph.errors import EmgraphError, Uncovered
from emgraph.finding import Finding
from emgraph.namespaces import RDF, RDFS, SH
from emgraph.shacl.facts import Facts
from emgraph.shacl.jobs import Row
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import Altered, Respelling, Spelling, respellings
from emgraph.sharing import cores
from emgraph.terms import Term
from emgraph.tokens import tokens

_SPARQL = tuple(SH + name for name in ("select", "ask", "construct"))
_TARGETS = tuple(
    SH + name
    for name in ("target", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_TYPE = NamedNode(RDF + "type")
_MERGE = DefaultGraph()
_FOREIGN = NamedNode("urn:emgraph:foreign")  # a graph of what is in the background alone
_MANY = 50_000


class Place(Protocol):
    """Somewhere to ask."""

    facts: Facts

    @property
    def spelling(self) -> Spelling:
        """How literals are spelt in a report."""

    @property
    def altered(self) -> Altered:
        """The properties whose values are spelt here in another way than in their files."""

    def rows(self, text: str) -> Iterable[Row]:
        """The answer to a SELECT; raises Uncovered for SPARQL that is not understood there."""

    def is_used(self, predicate: str) -> bool:
        """Whether some statement may have a property; what none has is not looked for."""

    @property
    def workers(self) -> int:
        """How many threads may ask at once."""

    def is_own(self, node: Term) -> bool:
        """Whether a node that was found is of the data, and not of what was added to it."""

    def stands(self, node: Term) -> bool:
        """Whether some statement is about a node."""

    def count(self, text: str) -> int:
        """How many nodes of the data a SELECT of ?this gives."""

    def judged_otherwise(
        self, left: Mapping[Term, str], shapes: Sequence[Quad], rules: Mapping[str, Rule]
    ) -> Iterator[Finding]:
        """The findings of shapes that cannot be compiled, each given with the reason."""


class InMemory:
    """The statements of files with their background (ontology, run) in a store in memory.

    A store that is given holds the statements with their merge already; it gets the background as
    well, and with it what is known of how it spells their values. With `lenient` it does not matter
    that it takes two spellings of one value for one.
    """

    facts = Facts()

    def __init__(
        self,
        quads: Iterable[Quad],
        background: Sequence[Quad],
        reads_graphs: bool,
        store: Store | None = None,
        respelling: Respelling | None = None,
        *,
        lenient: bool = False,
    ) -> None:
        self._lenient = lenient
        self._quads, self._background, self._known = quads, background, respelling
        if store is None:
            store = Store()
            store.extend(quads if reads_graphs else ())
            store.extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        self._store, self._reads_graphs = store, reads_graphs
        about = {term for quad in background for term in (quad.subject, quad.object)}
        self._foreign = {term for term in about if not self.stands(term)}
        if not self._reads_graphs:
            store.extend(Quad(_FOREIGN, _FOREIGN, term, _FOREIGN) for term in self._foreign)
        store.extend(Quad(q.subject, q.predicate, q.object) for q in background)

    def rows(self, text: str) -> Iterable[Row]:
        """The answer to a SELECT; raises Uncovered for SPARQL that is not understood."""
        return selected(self._store, text)

    @property
    def workers(self) -> int:
        """Two where there is much to do and a second core to do it."""
        return min(2, cores()) if len(self._store) > _MANY else 1

    def is_used(self, predicate: str) -> bool:
        """Whether some statement has a property."""
        found = self._store.quads_for_pattern(None, NamedNode(predicate), None, _MERGE)
        return next(found, None) is not None

    def is_own(self, node: Term) -> bool:
        """Whether a node is in the data, and not in their background alone."""
        return node not in self._foreign

    def count(self, text: str) -> int:
        """How many nodes of the data a SELECT of ?this gives."""
        if self._reads_graphs:
            nodes = (row["this"] for row in self.rows(text))
            return sum(node is not None and self.is_own(node) for node in nodes)
        foreign = f"GRAPH {_FOREIGN} {{ {_FOREIGN} {_FOREIGN} ?this }}"
        own = f"{{ {text} }} FILTER NOT EXISTS {{ {foreign} }}"
        (row,) = self.rows(f"SELECT (COUNT(?this) AS ?number) WHERE {{ {own} }}")
        number = row["number"]
        return int(number.value) if isinstance(number, Literal) else 0

    def stands(self, node: Term) -> bool:
        """Whether some statement is about a node."""
        as_object = self._store.quads_for_pattern(None, None, node, _MERGE)
        if next(as_object, None) is not None:
            return True
        if isinstance(node, Literal):
            return False
        return next(self._store.quads_for_pattern(node, None, None, _MERGE), None) is not None

    @cached_property
    def _respelling(self) -> Respelling:
        return self._known or respellings(self._quads)

    @cached_property
    def spelling(self) -> Spelling:
        """How the files spell literals."""
        return Spelling(self._respelling)

    @cached_property
    def altered(self) -> Altered:
        """The properties whose values the store spells in another way than the files."""
        twice = () if self._lenient else (one.predicate for one in self._respelling.twice())
        return Altered(self._respelling.odd, {*self._respelling.long, *twice})

    def judged_otherwise(
        self, left: Mapping[Term, str], shapes: Sequence[Quad], rules: Mapping[str, Rule]
    ) -> Iterator[Finding]:
        """What the reference engine finds by the shapes that are left to it."""
        from emgraph.shacl.reference import Reference
        from emgraph.shacl.shapes import Shapes

        graph = Shapes(shapes)
        narrowed = [
            quad
            for quad in shapes
            if quad.subject in left
            or not (
                quad.predicate.value in _TARGETS
                or (
                    quad.predicate == _TYPE
                    and quad.object == NamedNode(RDFS + "Class")
                    and graph.is_class(quad.subject)
                )
            )
        ]
        yield from Reference(self._quads, self._background, narrowed).findings(rules)


def selected(store: Store, text: str) -> Iterable[Row]:
    """A store's answer to a SELECT; raises Uncovered for SPARQL that it does not understand."""
    try:
        answer = store.query(text)
    except SyntaxError as error:
        raise Uncovered(f"SPARQL that is not understood: {error}") from error
    if not isinstance(answer, QuerySolutions):
        raise EmgraphError("the shapes cannot be run: a constraint is not a SELECT.")
    return answer


def understands(ask: Callable[[str], Iterable[Row]], pattern: str, flags: str) -> bool:
    """Whether an engine understands a regular expression: else it gives nothing at all."""
    text = f"SELECT (REGEX('', {Literal(pattern)}, {Literal(flags)}) AS ?matches) WHERE {{}}"
    return any(row["matches"] is not None for row in ask(text))


def read_graphs(shapes: Iterable[Quad]) -> bool:
    """Whether some SPARQL in the shapes reads named graphs."""
    return any(
        token.kind == "word" and token.text.upper() == "GRAPH"
        for quad in shapes
        if quad.predicate.value in _SPARQL and isinstance(quad.object, Literal)
        if "GRAPH" in quad.object.value.upper()
        for token in tokens(quad.object.value)
    )
