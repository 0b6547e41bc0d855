"""Names to things and things to names."""

from collections.abc import Iterable, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from emgraph.errors import EmgraphError, nearest
from emgraph.namespaces import (
    DCTERMS,
    EM,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    iri_of,
    local_name,
    shrink,
)

_LABEL = NamedNode(RDFS + "label")
NAMES = (
    _LABEL,
    NamedNode(SKOS + "prefLabel"),
    NamedNode(SKOS + "altLabel"),
    NamedNode(SKOS + "notation"),
    NamedNode(FOAF + "name"),
    NamedNode(EM + "nameAsPrinted"),
    NamedNode(EM + "acronymAsPrinted"),
)
SHOWN = (
    *NAMES[:2],
    *NAMES[4:],
    *(NamedNode(EM + name) for name in ("printedAs", "heading", "content", "gist")),
)
_FOREIGN = (DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS)
_MERGE = DefaultGraph()
_NEAR = 0.7  # of the letters: "Surrey Police" is not Leicestershire Police


def label(store: Store, iri: str, shown: Sequence[NamedNode] = SHOWN) -> str:
    """What to call a thing: its label (English before others), else a name, else its short IRI.

    Who asks often looks first which of the properties `shown` are in use.

    A term of a vocabulary of others that is read without it goes by the words of its own name.
    """
    node = NamedNode(iri)
    for name in shown:
        found = sorted(
            (quad.object.language not in ("en", "en-gb", None), quad.object.value)
            for quad in store.quads_for_pattern(node, name, None, _MERGE)
            if isinstance(quad.object, Literal)
        )
        if found:
            return found[0][1]
    namespace = iri.removesuffix(local_name(iri))
    return _spaced(local_name(iri)) if namespace in _FOREIGN else shrink(iri)


def _spaced(name: str) -> str:
    """A name in camel case as words."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def word(store: Store, term: NamedNode | Literal) -> str:
    """A term in words: what to call a thing, or the text of a literal."""
    return label(store, term.value) if isinstance(term, NamedNode) else term.value


def labels(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """What to call each of the things."""
    return {iri: label(store, iri) for iri in sorted(set(iris))}


def resolve(store: Store, word: str, class_: str | None = None) -> NamedNode:
    """The thing that a user's word means: an IRI, a short IRI, a name, an acronym or an alias.

    Among several things of one name those of the class win, then those whose label it is. Raises
    EmgraphError that lists what it could mean, gives the nearest name, or says of what kind it is
    instead (where the class is declared, so that its kinds are known).
    """
    if not word.strip():
        raise EmgraphError("an empty word names nothing. Give a name, an acronym or an IRI.")
    iri = iri_of(word)
    if iri is not None:
        node = _known_node(store, iri)
        _check_kind(store, node, class_)
        return node
    named = _by_name(store)
    wanted = word.casefold().strip()
    ways = (named.get(wanted, {}), _by_local_name(store, wanted))
    members = instances(store, class_) if class_ is not None else set()
    of_class = ({t: is_label for t, is_label in way.items() if t in members} for way in ways)
    hits = next(filter(None, (*of_class, *ways)), {})
    if len(hits) > 1:
        hits = {thing: True for thing, is_label in hits.items() if is_label} or hits
    if hits:
        _check_kind(store, min(hits, key=str), class_)
    if len(hits) == 1:
        return next(iter(hits))
    if hits:
        raise EmgraphError(f"{word!r} can mean {_listed(store, hits)}. Say which.")
    candidates = _names_of(store, class_) if class_ is not None else set(_spellings(store))
    ordered = sorted(candidates, key=lambda name: (len(name), name))
    parts = {name.casefold(): name for name in reversed(ordered) if _has_words(name, wanted)}
    few = sorted(parts.values(), key=lambda name: (len(name), name))[:3]
    close = " or ".join(few) or nearest(word, candidates, _NEAR)
    hint = f"Did you mean {close}?" if close else "Give a name, an acronym or an IRI."
    raise EmgraphError(f"nothing here is called {word!r}. {hint}")


def _check_kind(store: Store, thing: NamedNode, class_: str | None) -> None:
    """Raise EmgraphError for a thing that is of other kinds than a class that is declared."""
    type_, declared = NamedNode(RDF + "type"), NamedNode(OWL + "Class")
    if class_ is None or not any(
        store.quads_for_pattern(NamedNode(class_), type_, declared, _MERGE)
    ):
        return
    kinds = {quad.object for quad in store.quads_for_pattern(thing, type_, None, _MERGE)}
    if kinds and not kinds & subclasses(store, class_):
        found = " and ".join(
            sorted(label(store, k.value) for k in kinds if isinstance(k, NamedNode))
        )
        what = f"{label(store, thing.value)} is of kind {found}, not {label(store, class_)}"
        known = spellings(store, class_)
        hint = f" Known: {'; '.join(known)}." if 0 < len(known) <= 12 else ""
        raise EmgraphError(f"{what}.{hint}")


def _listed(store: Store, things: Iterable[NamedNode]) -> str:
    return ", ".join(sorted(f"{shrink(t.value)} ({label(store, t.value)})" for t in things))


def _has_words(name: str, wanted: str) -> bool:
    """Whether every word that is wanted begins a word of a name."""
    words = name.casefold().replace("(", " ").split()
    return all(any(word.startswith(part) for word in words) for part in wanted.split())


def _known_node(store: Store, iri: str) -> NamedNode:
    try:
        node = NamedNode(iri)
    except ValueError as error:
        raise EmgraphError(f"{iri!r} is not an IRI. {error}.") from error
    as_subject = store.quads_for_pattern(node, None, None, _MERGE)
    as_object = store.quads_for_pattern(None, None, node, _MERGE)
    if next(as_subject, None) is None and next(as_object, None) is None:
        subjects = {
            q.subject.value
            for q in store.quads_for_pattern(None, None, None, _MERGE)
            if isinstance(q.subject, NamedNode)
        }
        close = nearest(iri, subjects)
        hint = f" Did you mean {shrink(close)}?" if close else ""
        raise EmgraphError(f"nothing is said of {shrink(iri)}.{hint}")
    return node


def _by_name(store: Store) -> dict[str, dict[NamedNode, bool]]:
    """Each name, case folded, with the things that have it and whether it is their label."""
    named: dict[str, dict[NamedNode, bool]] = {}
    for name in NAMES:
        for quad in store.quads_for_pattern(None, name, None, _MERGE):
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                things = named.setdefault(quad.object.value.casefold().strip(), {})
                things[quad.subject] = things.get(quad.subject, False) or name == _LABEL
    return named


def _spellings(store: Store) -> Iterable[str]:
    for name in NAMES:
        for quad in store.quads_for_pattern(None, name, None, _MERGE):
            if isinstance(quad.object, Literal):
                yield quad.object.value


def _by_local_name(store: Store, wanted: str) -> dict[NamedNode, bool]:
    return {
        quad.subject: False
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), None, _MERGE)
        if isinstance(quad.subject, NamedNode)
        and local_name(quad.subject.value).casefold() == wanted
    }


def instances(store: Store, class_: str) -> set[NamedNode]:
    """The things of a class or of a kind of it."""
    classes = subclasses(store, class_)
    return {
        quad.subject
        for one in classes
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), one, _MERGE)
        if isinstance(quad.subject, NamedNode)
    }


def spellings(store: Store, class_: str) -> list[str]:
    """A word for each thing of a class that means it alone: its label, else its short IRI."""
    words = (word for word, _ in _own_words(store, class_))
    return sorted(words, key=lambda word: (word.casefold(), word))


def short_names(store: Store, class_: str) -> list[tuple[str, str]]:
    """The shortest word that means a thing of a class alone, with its word of `spellings`."""
    found = (
        (min((word, *names), key=lambda name: (len(name), name)), word)
        for word, names in _own_words(store, class_)
    )
    return sorted(found, key=lambda pair: (pair[1].casefold(), pair[1]))


def _own_words(store: Store, class_: str) -> Iterable[tuple[str, list[str]]]:
    """For each thing of a class its label or short IRI, and the names that mean it alone."""
    named = _by_name(store)
    things = instances(store, class_)
    for thing in things:
        every = {
            quad.object.value.strip()
            for name in NAMES
            for quad in store.quads_for_pattern(thing, name, None, _MERGE)
            if isinstance(quad.object, Literal)
        }
        shown = label(store, thing.value)
        own = [w for w in every if things & named[w.casefold()].keys() == {thing}]
        own = [word for word in own if word and iri_of(word) is None]
        yield shown if shown.strip() in own else shrink(thing.value), own


def subclasses(store: Store, class_: str) -> set[NamedNode]:
    """A class and everything that is, in steps of rdfs:subClassOf, a kind of it."""
    return _below(store, class_, NamedNode(RDFS + "subClassOf"))


def subproperties(store: Store, property_: str) -> set[NamedNode]:
    """A property and everything that is, in steps of rdfs:subPropertyOf, a kind of it."""
    return _below(store, property_, NamedNode(RDFS + "subPropertyOf"))


def _below(store: Store, top: str, kind_of: NamedNode) -> set[NamedNode]:
    found: set[NamedNode] = set()
    waiting = [NamedNode(top)]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            below = store.quads_for_pattern(None, kind_of, one, _MERGE)
            waiting += [quad.subject for quad in below if isinstance(quad.subject, NamedNode)]
    return found


def _names_of(store: Store, class_: str) -> set[str]:
    return {
        quad.object.value
        for thing in instances(store, class_)
        for name in NAMES
        for quad in store.quads_for_pattern(thing, name, None, _MERGE)
        if isinstance(quad.object, Literal)
    }
