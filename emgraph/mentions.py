"""Things that statements refer to and that nothing is said about, most of them misspelt."""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, QuerySolutions, Store

from emgraph.errors import EmgraphError, nearest
from emgraph.files import bundled
from emgraph.finding import Finding
from emgraph.namespaces import local_name, shrink
from emgraph.queries import check_query
from emgraph.rules import Rule
from emgraph.store import load

_CHECK = "undescribed-thing"
_MOST_HINTS = 100


def undescribed(rule: Rule, store: Store) -> Iterator[Finding]:
    """A finding for each thing that neither the data (with its merge) nor the bundled graph has.

    The first hundred say what may have been meant.
    """
    yield from findings_of(rule, _missing(store), store)


def findings_of(rule: Rule, missing: Sequence[NamedNode], *stores: Store) -> Iterator[Finding]:
    """The findings for things that the bundled graph lacks too, with what is meant in the stores.

    Without any store nothing is guessed.
    """
    if not missing:
        return
    ours = load(bundled())
    missing = [node for node in missing if not _is_described(ours, node)]
    known = _by_kind(*stores, ours) if missing and stores else {}
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


def _by_kind(*stores: Store) -> dict[str, dict[str, str]]:
    """The things that have a class, by the namespace of their kind and their local name."""
    found: dict[str, dict[str, str]] = {}
    for store in stores:
        for (subject,) in store.query("SELECT DISTINCT ?subject WHERE { ?subject a ?kind }"):  # type: ignore[union-attr]
            if isinstance(subject, NamedNode):
                kind, name = _split(subject.value)
                found.setdefault(kind, {})[name] = subject.value
    return found


def _split(iri: str) -> tuple[str, str]:
    name = local_name(iri)
    return iri.removesuffix(name), name


def _meant(iri: str, known: dict[str, dict[str, str]]) -> str:
    """The thing of its kind whose name is nearest, else one of the same name, else nothing."""
    kind, name = _split(iri)
    alike = known.get(kind, {})
    close = nearest(name, alike)
    return alike[close] if close else _same_name(name, known.values())


def _same_name(name: str, kinds: Iterable[dict[str, str]]) -> str:
    return min((names[name] for names in kinds if name in names), default="")
