"""Classes and properties that data use, and that are slips of others."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from emgraph.finding import Finding
from emgraph.namespaces import EM, RDF, shrink
from emgraph.rdf.vocabularies import meant
from emgraph.shacl.rules import Rule
from emgraph.terms import Term

_TYPE = NamedNode(RDF + "type")


class Slip(NamedTuple):
    """A class or property that nothing here reads, and which is meant."""

    term: NamedNode
    is_class: bool
    meant: str

    def finding(self, rule: Rule, first: Term, count: int) -> Finding:
        """That nothing reads it, and how many things have it; it stands at the first of them."""
        words = f"{shrink(self.term.value)} is read by none; did you mean {self.meant}?"
        often = f" {count:,} things have it." if count > 1 else ""
        return rule.finding(
            words + often, focus=self.term, path=self.path, value=self.term
        )._replace(used_by=first)

    @property
    def path(self) -> NamedNode:
        """The property of the things that have it."""
        return _TYPE if self.is_class else self.term


def slips(
    classes: Iterable[Term | None], properties: Iterable[Term | None], declared: Iterable[str]
) -> Iterator[Slip]:
    """The classes and properties that are slips of others, or of the terms that are declared."""
    ours = {name.removeprefix(EM) for name in declared if name.startswith(EM)}
    for used, is_class in ((classes, True), (properties, False)):
        for term in sorted((one for one in used if isinstance(one, NamedNode)), key=str):
            if close := meant(term.value, ours, is_class):
                is_near = shrink(term.value)[0] != "<"  # else prefixes hide what differs
                shown = (shrink(iri) if is_near else f"<{iri}>" for iri in close)
                yield Slip(term, is_class, " or ".join(shown))
