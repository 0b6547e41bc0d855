"""Everything that is said of a thing, and by which paragraph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.namespaces import EM, FOAF, RDF, RDFS, SKOS, local_name
from emgraph.rdf import names
from emgraph.terms import Term

_TYPE = RDF + "type"
_NAMING = (
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "notation",
    FOAF + "name",
    EM + "nameAsPrinted",
    EM + "acronymAsPrinted",
)
_MOST_TO_UNFOLD = 12


class Statement(NamedTuple):
    """One thing said, and the graphs that say it."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Description:
    """What is said of a thing: its names, its kinds, what it does, and what says something of it.

    `about` holds the nodes that exist to say something of it (memberships, budget lines, ...), each
    with its own statements; `incoming` the statements of everything else; `stating` what stands in
    the graph that the thing is, where it is a place, an inference or a dataset.
    """

    thing: NamedNode
    names: tuple[Statement, ...]
    kinds: tuple[Statement, ...]
    said: tuple[Statement, ...]
    about: tuple[tuple[Statement, ...], ...]
    incoming: tuple[Statement, ...]
    stating: tuple[Statement, ...] = ()

    def statements(self) -> Iterator[Statement]:
        """All of them, in order."""
        yield from (*self.names, *self.kinds, *self.said)
        for group in self.about:
            yield from group
        yield from self.incoming

    def quads(self) -> Iterator[Quad]:
        """All of them, each in every graph that says it."""
        for s in self.statements():
            for source in s.sources:
                yield Quad(s.subject, s.predicate, s.object, NamedNode(source))


def describe(store: Store, thing: NamedNode) -> Description:
    """Everything that the named graphs of a store say of a thing."""
    own = _statements(store.quads_for_pattern(thing, None, None, None))
    incoming = _statements(store.quads_for_pattern(None, None, thing, None))
    about, others = [], []
    for statement in incoming:
        group = _statements(store.quads_for_pattern(statement.subject, None, None, None))
        if _is_about(store, group):
            about.append(group)
        else:
            others.append(statement)
    return Description(
        thing=thing,
        names=tuple(s for s in own if s.predicate.value in _NAMING),
        kinds=tuple(s for s in own if s.predicate.value == _TYPE),
        said=tuple(s for s in own if s.predicate.value not in (*_NAMING, _TYPE)),
        about=tuple(dict.fromkeys(about)),
        incoming=tuple(others),
        stating=_statements(store.quads_for_pattern(None, None, None, thing)),
    )


def _statements(quads: Iterable[Quad]) -> tuple[Statement, ...]:
    """The quads outside the merge, those of one triple together, in a fixed order."""
    sources: dict[tuple[NamedNode | BlankNode, NamedNode, Term], set[str]] = {}
    for quad in quads:
        graph, subject = quad.graph_name, quad.subject
        if not isinstance(graph, DefaultGraph) and isinstance(subject, NamedNode | BlankNode):
            sources.setdefault((subject, quad.predicate, quad.object), set()).add(graph.value)
    found = [Statement(*triple, tuple(sorted(graphs))) for triple, graphs in sources.items()]
    return tuple(sorted(found, key=lambda s: (str(s.subject), s.predicate.value, str(s.object))))


def _is_about(store: Store, group: tuple[Statement, ...]) -> bool:
    """Whether a node only relates other things: it has few statements and nothing is said of it.

    A node that other things point to (a force, a document) stands for itself.
    """
    if not group or len(group) > _MOST_TO_UNFOLD:
        return False
    pointing = store.quads_for_pattern(None, None, group[0].subject, DefaultGraph())
    return sum(1 for _ in pointing) <= 1


class _Labels:
    """What to call a term, remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def __call__(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            if term.value not in self._known:
                found = names.label(self._store, term.value)
                if found.startswith("<"):
                    found = local_name(term.value)
                self._known[term.value] = found
            return self._known[term.value]
        return term.value if isinstance(term, Literal) else str(term)


def document(store: Store, description: Description) -> dict[str, object]:
    """A description as plain values for JSON."""
    label = _Labels(store)
    return {
        "thing": description.thing.value,
        "label": label(description.thing),
        "statements": [
            {
                "subject": s.subject.value,
                "predicate": s.predicate.value,
                "property": label(s.predicate),
                "object": getattr(s.object, "value", str(s.object)),
                "value": label(s.object),
                "sources": list(s.sources),
            }
            for s in description.statements()
        ],
    }
