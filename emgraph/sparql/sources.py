"""What an answer rests on: the places that it cites, and the documents that these are of."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from emgraph.namespaces import DCTERMS, EM, PROV, RDF
from emgraph.rdf import names

_MERGE = DefaultGraph()
_PART_OF = NamedNode(DCTERMS + "isPartOf")
_DERIVED = NamedNode(PROV + "wasDerivedFrom")
_POSITION = NamedNode(EM + "position")
_LACKS = NamedNode(EM + "lacks")
_TITLE = NamedNode(DCTERMS + "title")
_TYPE = NamedNode(RDF + "type")
NOT_STATED = "not stated"
ABSENT = "none in the document"


class Place(NamedTuple):
    """What can be cited: its IRI and label, the label of its document, where it stands in that."""

    iri: str
    label: str
    document: str
    position: int


class Source(NamedTuple):
    """A document that places are of: what it is called, its title, its marking and its licence."""

    label: str
    title: str
    marking: str
    licence: str

    @property
    def is_marked(self) -> bool:
        """Whether the document carries a protective marking."""
        return self.marking not in (NOT_STATED, ABSENT)


def places(store: Store, iris: Iterable[str]) -> dict[str, Place]:
    """What is known of each place, as the store has it."""
    return {iri: _place(store, iri) for iri in sorted(set(iris))}


def _place(store: Store, iri: str) -> Place:
    document = next(_objects(store, iri, _PART_OF), None)
    title = names.label(store, document.value) if isinstance(document, NamedNode) else ""
    numbers = [int(o.value) for o in _objects(store, iri, _POSITION) if o.value.isdecimal()]
    return Place(iri, names.label(store, iri), title, min(numbers, default=0))


def cited(known: Iterable[Place]) -> str:
    """Places as they are cited in one line, those of one document together in its order."""
    whole: dict[str, dict[str, tuple[int, str]]] = {}
    for place in known:
        short = place.label.removeprefix(place.document).strip() or place.label
        whole.setdefault(place.document, {})[short] = (place.position, place.iri)
    return "; ".join(
        f"{document} {', '.join(sorted(shorts, key=lambda s: shorts[s]))}"
        if document
        else "; ".join(sorted(shorts))
        for document, shorts in sorted(whole.items(), key=lambda item: (not item[0], item[0]))
    )


def sources(store: Store, iris: Iterable[str]) -> list[Source]:
    """The documents of the places, through the grounds of inferences, sorted by their labels.

    A marking that nothing is said of is NOT_STATED; one that the document lacks is ABSENT.
    """
    waiting, seen, found = list(iris), set(), set()
    while waiting:
        iri = waiting.pop()
        if iri in seen:
            continue
        seen.add(iri)
        above = [o.value for p in (_PART_OF, _DERIVED) for o in _objects(store, iri, p)]
        waiting += above
        if _has_class(store, iri, "Document"):
            found.add(iri)
    return sorted(_source(store, iri) for iri in found)


def _source(store: Store, iri: str) -> Source:
    marking = _told(store, iri, NamedNode(EM + "marking"), "MarkingFeature")
    licence = _told(store, iri, NamedNode(DCTERMS + "license"), "LicenceFeature")
    title = next((o.value for o in _objects(store, iri, _TITLE)), "")
    return Source(names.label(store, iri), title, marking, licence)


def _told(store: Store, iri: str, property_: NamedNode, feature: str) -> str:
    values = sorted(o.value for o in _objects(store, iri, property_))
    lacking = NamedNode(EM + feature) in set(_objects(store, iri, _LACKS))
    return "; ".join(values) or (ABSENT if lacking else NOT_STATED)


def _has_class(store: Store, iri: str, name: str) -> bool:
    quads = store.quads_for_pattern(NamedNode(iri), _TYPE, NamedNode(EM + name), _MERGE)
    return next(iter(quads), None) is not None


def _objects(store: Store, iri: str, property_: NamedNode) -> Iterator[NamedNode | Literal]:
    for quad in store.quads_for_pattern(NamedNode(iri), property_, None, _MERGE):
        if isinstance(quad.object, NamedNode | Literal):
            yield quad.object
