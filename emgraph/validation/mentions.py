"""Things that statements refer to and that nothing is said about, most of them misspelt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import NamedNode, QuerySolutions, Store

from emgraph.errors import EmgraphError, nearest
from emgraph.finding import Finding
from emgraph.namespaces import local_name, shrink
from emgraph.rdf.files import bundled
from emgraph.rdf.store import load
from emgraph.shacl.rules import Rule
from emgraph.sparql.queries import check_query

_CHECK = "undescribed-thing"
_MOST_HINTS = 100


def undescribed(rule: Rule, store: Store) -> Iterator[Finding]:
    """A finding for each thing that neither the data (with its merge) nor the bundled graph has.

    The first hundred say what may have been meant.
    """
    yield from findings_of(rule, _missing(store), lambda _: _subjects(store))


def findings_of(
    rule: Rule,
    missing: Sequence[NamedNode],
    described: Callable[[Sequence[NamedNode]], Iterable[NamedNode]],
) -> Iterator[Finding]:
    """The findings for things that the bundled graph lacks too, with what may have been meant.

    `described` gives things that something is said of, all that these could mean or none.
    """
    if not missing:
        return
    ours = load(bundled())
    missing = [node for node in missing if not _is_described(ours, node)]
    known = _by_kind(chain(described(missing[:_MOST_HINTS]), _subjects(ours))) if missing else {}
    for number, node in enumerate(missing):
        close = _meant(node.value, known) if number < _MOST_HINTS else ""
        words = f"Did you mean {shrink(close)}?" if close else ""
        yield rule.finding(words, focus=node)


def _missing(store: Store) -> list[NamedNode]:
    answer = store.query(check_query(_CHECK))
    if not isinstance(answer, QuerySolutions):
        raise EmgraphError(f"the check {_CHECK} is not a SELECT.")
    return [row["focus"] for row in answer if isinstance(row["focus"], NamedNode)]


def _is_described(store: Store, node: NamedNode) -> bool:
    return next(store.quads_for_pattern(node, None, None), None) is not None


def _subjects(store: Store) -> Iterator[NamedNode]:
    """The things that something is said of."""
    for (subject,) in store.query("SELECT DISTINCT ?subject WHERE { ?subject ?p ?o }"):  # type: ignore[union-attr]
        if isinstance(subject, NamedNode):
            yield subject


def _by_kind(things: Iterable[NamedNode]) -> dict[str, dict[str, str]]:
    """Things by the namespace of their kind and their local name."""
    found: dict[str, dict[str, str]] = {}
    for thing in things:
        kind, name = split(thing.value)
        found.setdefault(kind, {})[name] = thing.value
    return found


def split(iri: str) -> tuple[str, str]:
    """The namespace of the kind of a thing, and its local name."""
    name = local_name(iri)
    return iri.removesuffix(name), name


def _meant(iri: str, known: dict[str, dict[str, str]]) -> str:
    """The thing of its kind whose name is nearest, else one of the same name, else nothing."""
    kind, name = split(iri)
    alike = known.get(kind, {})
    close = nearest(name, alike)
    return alike[close] if close else _same_name(name, known.values())


def _same_name(name: str, kinds: Iterable[dict[str, str]]) -> str:
    return min((names[name] for names in kinds if name in names), default="")
