"""Things that statements refer to and that nothing is said about, most of them misspelt."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store

from emgraph.errors import nearest
from emgraph.finding import Finding
from emgraph.namespaces import THING, local_name, shrink
from emgraph.rdf.files import bundled
from emgraph.rdf.store import load
from emgraph.shacl.portable import ALL
from emgraph.shacl.rules import Rule

MOST_ALIKE = 20_000
_MOST_HINTS = 100
_LONGEST = 500  # characters of an IRI that is hinted at
_MOST_AT_ONCE = 3_000  # characters of a regular expression: engines refuse what is too large
_ALIKE = f"""SELECT ?focus WHERE {{
  {{ SELECT ?focus WHERE {{ ?focus ?p ?o }} GROUP BY ?focus {ALL} }}
  FILTER(STRSTARTS(STR(?focus), "{THING}") && (%s))
}} LIMIT {MOST_ALIKE}"""


def undescribed(
    rule: Rule,
    missing: Sequence[NamedNode],
    described: Callable[[Sequence[NamedNode]], Iterable[str]],
) -> Iterator[Finding]:
    """A finding for each thing that the bundled graph has no more than the data have it.

    The first hundred say what may have been meant, if they are not too long: `described` gives the
    IRIs of things that something is said of, all that these could mean or none.
    """
    if not missing:
        return
    ours = load(bundled())
    missing = sorted(
        (node for node in missing if not _is_described(ours, node)), key=lambda node: node.value
    )
    told = [node for node in missing[:_MOST_HINTS] if len(node.value) <= _LONGEST]
    known = _by_kind(chain(described(told), _subjects(ours))) if told else {}
    hints = {node: _meant(node.value, known) for node in told}
    for node in missing:
        close = hints.get(node)
        words = f"Did you mean {shrink(close)}?" if close else ""
        yield rule.finding(words, focus=node)


def _is_described(store: Store, node: NamedNode) -> bool:
    return next(store.quads_for_pattern(node, None, None), None) is not None


def _subjects(store: Store) -> Iterator[str]:
    """The IRIs of things that something is said of."""
    for (subject,) in store.query("SELECT DISTINCT ?subject WHERE { ?subject ?p ?o }"):  # type: ignore[union-attr]
        if isinstance(subject, NamedNode):
            yield subject.value


def _by_kind(things: Iterable[str]) -> dict[str, dict[str, str]]:
    """Things (no terms) by the namespace of their kind and their local name; of two the first."""
    found: dict[str, dict[str, str]] = {}
    for thing in things:
        if thing.startswith(THING):
            kind, name = split(thing)
            names = found.setdefault(kind, {})
            names[name] = min(thing, names.get(name, thing))
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


def asking_for_alike(missing: Sequence[NamedNode]) -> str:
    """A query for the things of ours of the kinds of some, or of their names; MOST_ALIKE rows."""
    kinds, names = zip(*(split(node.value) for node in missing), strict=True)
    patterns = [f"^({any_of})" for any_of in _alternatives(kinds)]
    patterns += [f"[/#]({any_of})[/#]*$" for any_of in _alternatives(names)]
    tests = (f"REGEX(STR(?focus), {Literal(pattern)})" for pattern in patterns)
    return _ALIKE.replace("%s", " || ".join(tests))


def _alternatives(texts: Iterable[str]) -> Iterator[str]:
    """Regular expressions that together match some texts."""
    some = ""
    for text in sorted(set(texts)):
        one = re.sub(r"[][\\^$.|?*+(){}]", r"\\\g<0>", text)
        if some and len(some) + len(one) > _MOST_AT_ONCE:
            yield some
            some = ""
        some = f"{some}|{one}" if some else one
    yield some
