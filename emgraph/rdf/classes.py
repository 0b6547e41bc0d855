"""Which class is a kind of which, as the ontology says."""

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from emgraph.namespaces import OWL, RDF, RDFS
from emgraph.terms import Term

_TYPE = NamedNode(RDF + "type")
_BELOW = NamedNode(RDFS + "subClassOf")


def superclasses(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Each class with itself and all above it, in steps of rdfs:subClassOf."""
    above: dict[str, set[str]] = {}
    for quad in quads:
        predicate = quad.predicate
        if predicate not in (_TYPE, _BELOW):
            continue
        subject, target = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(target, NamedNode):
            continue
        if predicate == _BELOW:
            above.setdefault(subject.value, set()).add(target.value)
        elif target.value in (OWL + "Class", RDFS + "Class"):
            above.setdefault(subject.value, set())
    return {class_: closure(class_, above) for class_ in above}


def closure(class_: str, above: Mapping[str, set[str]]) -> set[str]:
    """A class and all that is reached from it, step by step."""
    found: set[str] = set()
    waiting = [class_]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found


class Classes:
    """Gives the classes of a thing in the default graph of a store, with all above them."""

    def __init__(self, store: Store, superclasses_of: Mapping[str, set[str]]) -> None:
        self._store, self._above = store, superclasses_of

    def __call__(self, thing: Term | DefaultGraph) -> set[str]:
        """The classes of one thing; none for a literal."""
        if not isinstance(thing, NamedNode | BlankNode):
            return set()
        kinds = self._store.quads_for_pattern(thing, _TYPE, None, DefaultGraph())
        names = [quad.object.value for quad in kinds if isinstance(quad.object, NamedNode)]
        return {class_ for name in names for class_ in self._above.get(name, {name})}
