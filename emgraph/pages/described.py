"""What an endpoint says of a few things, fetched into a store: their names, kinds and documents."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, Store

from emgraph.dates import from_words, iri_of_date
from emgraph.errors import EmgraphError
from emgraph.namespaces import DCTERMS, PROV, RDF, iri_of
from emgraph.rdf.files import ontology
from emgraph.rdf.names import NAMES, subclasses
from emgraph.rdf.store import load
from emgraph.servers.endpoints import whole
from emgraph.servers.remote import Endpoint
from emgraph.sparql.isolate import Rows

MOST = 5000

_AT_ONCE = 200
_WORD_MOST = 1000
_TYPE = NamedNode(RDF + "type")
_FURTHER = {DCTERMS + "isPartOf", PROV + "wasDerivedFrom"}


def known(endpoint: Endpoint, iris: Iterable[str], words: Collection[str] = ()) -> Store:
    """The ontology with what an endpoint says of things, and of what words of a user can mean."""
    store = load(ontology())
    learn(endpoint, store, iris)
    meet(endpoint, store, words)
    return store


def members(endpoint: Endpoint, classes: Collection[str]) -> Store:
    """The ontology with what at most 1,000 things of each of these classes are called.

    Raises EmgraphError as the endpoint does.
    """
    store = load(ontology())
    told = " ".join(map(str, (*NAMES, _TYPE)))
    for class_ in sorted(classes):
        kinds = " ".join(sorted(map(str, subclasses(store, class_))))
        things = _rows(
            endpoint,
            f"SELECT ?thing WHERE {{ VALUES ?kind {{ {kinds} }} ?thing a ?kind "
            f"FILTER(isIRI(?thing)) }} GROUP BY ?thing LIMIT {_WORD_MOST}",
        )
        for quad in _statements(endpoint, sorted(things), f"VALUES ?p {{ {told} }}"):
            store.add(quad)
    return store


def learn(endpoint: Endpoint, store: Store, iris: Iterable[str]) -> None:
    """Put into a store what is said of these things, and of the documents that they are of.

    Of more than MOST things the first in order are learnt; raises EmgraphError as the endpoint
    does.
    """
    waiting = set(islice(sorted(filter(_is_iri, set(iris))), MOST))
    seen: set[str] = set()
    while waiting := waiting - seen:
        seen |= waiting
        further = set()
        for quad in _statements(endpoint, sorted(waiting)):
            store.add(quad)
            if quad.predicate.value in _FURTHER and isinstance(quad.object, NamedNode):
                further.add(quad.object.value)
        waiting = further


def meet(endpoint: Endpoint, store: Store, words: Collection[str]) -> None:
    """Put into a store what is said of the things that a user's words can mean.

    A word is an IRI, a short IRI, a date, a name or the last part of an IRI, whatever its case. If
    nothing is called so, names that are alike come instead, at most 1,000 a word.
    """
    iris = {iri for word in words for iri in (iri_of(word), _date(word)) if iri}
    for word in (word for word in words if iri_of(word) is None):
        folded = str(Literal(word.strip().lower()))
        ending = str(Literal("/" + word.strip().lower()))
        found = _named(endpoint, f"LCASE(STR(?name)) = {folded}")
        found = found or _rows(endpoint, _typed(f"STRENDS(LCASE(STR(?thing)), {ending})"))
        if not found:
            start = str(Literal(word.strip().lower()[:2]))
            found = _named(endpoint, f"CONTAINS(LCASE(STR(?name)), {start})")
        iris |= found
    learn(endpoint, store, iris)
    for iri in sorted(filter(_is_iri, iris)):
        if next(store.quads_for_pattern(NamedNode(iri), None, None), None) is None:
            for row in endpoint.rows(
                f"SELECT ?s ?p WHERE {{ ?s ?p {NamedNode(iri)} }} LIMIT 1"
            ).rows:
                store.add(Quad(row[0], row[1], NamedNode(iri)))  # type: ignore[arg-type]


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _date(word: str) -> str | None:
    try:
        edtf = from_words(word)
    except EmgraphError:
        return None
    return iri_of_date(edtf) if edtf[:1].isdigit() else None


def _named(endpoint: Endpoint, condition: str) -> set[str]:
    names = " ".join(map(str, NAMES))
    return _rows(
        endpoint,
        f"SELECT ?thing WHERE {{ VALUES ?called {{ {names} }} ?thing ?called ?name "
        f"FILTER(isIRI(?thing) && {condition}) }} "
        f"GROUP BY ?thing LIMIT {_WORD_MOST}",
    )


def _typed(condition: str) -> str:
    pattern = f"?thing a ?class FILTER(isIRI(?thing) && {condition})"
    return f"SELECT ?thing WHERE {{ {pattern} }} GROUP BY ?thing LIMIT {_WORD_MOST}"


def _rows(endpoint: Endpoint, query: str) -> set[str]:
    return {getattr(row[0], "value", "") for row in endpoint.rows(query).rows}


def _statements(endpoint: Endpoint, iris: list[str], which: str = "") -> Iterator[Quad]:
    """Every statement with one of these subjects, asked for a few hundred subjects at a time."""
    for start in range(0, len(iris), _AT_ONCE):
        some = " ".join(str(NamedNode(iri)) for iri in iris[start : start + _AT_ONCE])
        pattern = f"VALUES ?s {{ {some} }} {which} ?s ?p ?o"
        answer = whole(endpoint, f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}")
        if isinstance(answer, Rows):
            for subject, predicate, value in answer.rows:
                if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
                    assert value is not None
                    yield Quad(subject, predicate, value)
