"""Which class is a kind of which, as the ontology says."""

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Quad

from emgraph.namespaces import OWL, RDF, RDFS
from emgraph.terms import Term


def superclasses(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Each class with itself and all above it, in steps of rdfs:subClassOf."""
    above: dict[str, set[str]] = {}
    for quad in quads:
        subject, target = quad.subject, quad.object
        if quad.predicate.value == RDFS + "subClassOf" and isinstance(target, NamedNode):
            if isinstance(subject, NamedNode):
                above.setdefault(subject.value, set()).add(target.value)
        elif (
            quad.predicate.value == RDF + "type"
            and isinstance(target, NamedNode)
            and target.value in (OWL + "Class", RDFS + "Class")
            and isinstance(subject, NamedNode)
        ):
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


def classes_of_things(
    quads: Iterable[Quad], superclasses_of: Mapping[str, set[str]]
) -> dict[Term, set[str]]:
    """Each thing with its classes and all above them."""
    found: dict[Term, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode):
            name = quad.object.value
            found.setdefault(quad.subject, set()).update(superclasses_of.get(name, {name}))
    return found
