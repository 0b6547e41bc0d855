"""A graph that is only asked, on disk or behind an endpoint; nothing is added to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.errors import EmgraphError
from emgraph.finding import Finding
from emgraph.namespaces import shrink
from emgraph.rules import Rule
from emgraph.shacl.facts import Facts
from emgraph.shacl.places import Row, selected
from emgraph.shacl.portable import portable
from emgraph.shacl.spelling import Altered, Spelling
from emgraph.terms import Term

Ask = Callable[[str], Iterable[Row]]


class Asked:
    """A place by the way to ask it; `name` says in words where it is.

    With `skip` a shape that cannot be compiled is left out, else that is an error.
    """

    def __init__(self, ask: Ask, name: str, facts: Facts, *, skip: bool = False) -> None:
        self.facts, self.name = facts, name
        self.spelling, self.altered = Spelling([], []), Altered([])
        self._ask, self._skip = ask, skip

    def rows(self, text: str) -> Iterable[Row]:
        """The answer to a SELECT; raises Uncovered for SPARQL that is not understood there."""
        return self._ask(text)

    def is_used(self, predicate: str) -> bool:  # noqa: ARG002
        """True, for it is not worth a question."""
        return True

    def is_own(self, node: Term) -> bool:  # noqa: ARG002
        """True, for nothing was added."""
        return True

    def stands(self, node: Term) -> bool:
        """Whether some statement is about a node."""
        if isinstance(node, BlankNode):
            return False
        ways = [f"{{ ?x ?p {node} }}"]
        ways += [f"{{ {node} ?p ?x }}"] if isinstance(node, NamedNode) else []
        return any(True for _ in self.rows(f"SELECT ?x WHERE {{ {' UNION '.join(ways)} }} LIMIT 1"))

    def count(self, text: str) -> int:
        """How many nodes a SELECT of ?this gives."""
        return self.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {text} }} }}")

    def number(self, text: str) -> int:
        """The whole number that a SELECT of one ?n gives; raises EmgraphError for no number."""
        for row in self.rows(text):
            found = row["n"]
            if isinstance(found, Literal) and found.value.isdigit():
                return int(found.value)
        raise EmgraphError(f"{self.name} does not count: its answer to a COUNT is no number.")

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


def on_disk(store: Store) -> Ask:
    """The way to ask a store."""
    return lambda text: selected(store, portable(text))
