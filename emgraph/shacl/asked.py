"""A graph that is only asked, on disk or behind an endpoint; nothing is added to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.errors import EmgraphError, Unanswered
from emgraph.finding import Finding
from emgraph.namespaces import ONTOLOGY, shrink
from emgraph.rdf.stored import at_hand
from emgraph.shacl.facts import Facts
from emgraph.shacl.jobs import Row
from emgraph.shacl.places import selected
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import Altered, Respelling, Spelling
from emgraph.sharing import cores
from emgraph.terms import Term

_BATCH = 100
_ONTOLOGY = f"GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }}"
_T = TypeVar("_T")
Ask = Callable[[str], Iterable[Row]]


class Asked:
    """A place by the way to ask it; `name` says in words where it is.

    With `skip` a shape that cannot be compiled is left out, else that is an error.
    """

    def __init__(self, ask: Ask, name: str, facts: Facts, *, skip: bool = False) -> None:
        self.facts, self.name = facts, name
        self.spelling, self.altered = Spelling(Respelling()), Altered([])
        self._ask, self._skip = ask, skip

    def rows(self, text: str) -> Iterable[Row]:
        """The answer to a SELECT; raises Uncovered for SPARQL that is not understood there."""
        return self._ask(text)

    @property
    def workers(self) -> int:
        """One for each core, two at most: elsewhere too somebody answers."""
        return min(2, cores())

    def is_used(self, predicate: str) -> bool:  # noqa: ARG002
        """True, for it is not worth a question."""
        return True

    def is_own(self, node: Term) -> bool:
        """Whether a node is in the data, and not in an ontology beside them alone."""
        is_foreign = node in self.facts.about and self._holds_ontology
        return not is_foreign or node in self._mentioned

    @cached_property
    def _mentioned(self) -> set[Term]:
        """What the ontology names that the data speak of too."""
        about = sorted((t for t in self.facts.about if not isinstance(t, BlankNode)), key=str)
        found: set[Term] = set()
        for start in range(0, len(about), _BATCH):
            listed = " ".join(map(str, about[start : start + _BATCH]))
            for pattern in ("?x ?p ?o", "?s ?p ?x"):
                there = f"GRAPH ?g {{ {pattern} }} FILTER(?g != <{ONTOLOGY}>)"
                group = f"VALUES ?x {{ {listed} }} FILTER EXISTS {{ {there} }}"
                rows = self.rows(f"SELECT DISTINCT ?x WHERE {{ {group} }}")
                found |= {term for row in rows if (term := row["x"]) is not None}
        return found

    def stands(self, node: Term) -> bool:
        """Whether some statement is about a node, besides the ontology's."""
        if isinstance(node, BlankNode):
            return False
        ways = [f"{{ GRAPH ?g {{ ?x ?p {node} }} }}"]
        ways += [f"{{ GRAPH ?g {{ {node} ?p ?x }} }}"] if isinstance(node, NamedNode) else []
        group = f"{' UNION '.join(ways)} FILTER(?g != <{ONTOLOGY}>)"
        return any(True for _ in self.rows(f"SELECT ?x WHERE {{ {group} }} LIMIT 1"))

    def count(self, text: str) -> int:
        """How many nodes a SELECT of ?this gives."""
        found = self.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {text} }} }}")
        return found - (self._foreign(text) if self._holds_ontology else 0)

    @cached_property
    def _holds_ontology(self) -> bool:
        return any(True for _ in self.rows(f"SELECT ?s WHERE {{ {_ONTOLOGY} }} LIMIT 1"))

    def _foreign(self, text: str) -> int:
        """How many nodes that a SELECT of ?this gives are of the ontology beside the data alone."""
        ways = " UNION ".join(f"{{ {_ONTOLOGY.replace(name, '?this')} }}" for name in ("?s", "?o"))
        rows = self.rows(f"SELECT DISTINCT ?this WHERE {{ {{ {text} }} {{ {ways} }} }}")
        nodes = (row["this"] for row in rows)
        return sum(node is not None and not self.is_own(node) for node in nodes)

    def number(self, text: str) -> int:
        """The whole number that a SELECT of one ?n gives; raises EmgraphError for no number."""
        for row in self.rows(text):
            found = row["n"]
            if isinstance(found, Literal) and found.value.isdigit():
                return int(found.value)
        raise Unanswered(f"{self.name} does not count: its answer to a COUNT is no number.")

    def judged_otherwise(
        self,
        left: Mapping[Term, str],
        shapes: Sequence[Quad],  # noqa: ARG002
        rules: Mapping[str, Rule],  # noqa: ARG002
    ) -> Iterator[Finding]:
        """Nothing; raises EmgraphError unless shapes are to be skipped."""
        if not self._skip:
            shape, reason = next(iter(left.items()))
            name = shrink(shape.value) if isinstance(shape, NamedNode) else str(shape)
            more = f", nor can {len(left) - 1} more" if len(left) > 1 else ""
            raise EmgraphError(
                f"{name} cannot be judged in {self.name}, because it has {reason}{more}. "
                "Leave it out with --skip-uncompilable, or validate the files."
            )
        yield from ()


def on_disk(store: Store, name: str, *, much: bool = True) -> Ask:
    """The way to ask a store; if it is small, a copy is asked that answers sooner, if `much` is.

    What it cannot read is an EmgraphError.
    """

    def _read(read: Callable[[], _T]) -> _T:
        try:
            return read()
        except (OSError, RuntimeError) as error:
            raise Unanswered(f"{name} is broken: {error}. Load the files again.") from error

    near = _read(lambda: at_hand(store)) if much else store
    return lambda text: _read(lambda: list(selected(near, text)))
