"""What the ontology says that rules can ask about, and what it calls its terms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.namespaces import RDFS, SKOS

_LABEL = RDFS + "label"
_ANNOTATIONS = (_LABEL, RDFS + "comment", RDFS + "isDefinedBy")


class Background(NamedTuple):
    """The statements that do more than explain a term, and the label of each term by its IRI."""

    quads: Sequence[Quad]
    labels: Mapping[str, str]


def background_of(terms: Iterable[Quad]) -> Background:
    """The background that the statements of an ontology are; they need no graph there."""
    terms = list(terms)
    quads = [Quad(q.subject, q.predicate, q.object) for q in terms if not annotates(q)]
    return Background(quads, labels_in(terms))


def annotates(quad: Quad) -> bool:
    """Whether a statement of the ontology only explains a term, which no rule asks about."""
    return quad.predicate.value in _ANNOTATIONS or quad.predicate.value.startswith(SKOS)


def labels_in(terms: Iterable[Quad]) -> dict[str, str]:
    """What an ontology calls its terms, by IRI."""
    return {
        quad.subject.value: quad.object.value
        for quad in terms
        if quad.predicate.value == _LABEL
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
    }
