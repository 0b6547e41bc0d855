"""Prefixes, read from ontology/prefixes.ttl, and the few IRIs that the code itself needs."""

import re
from functools import cache, lru_cache

from pyoxigraph import RdfFormat, parse

from emgraph.assets import folder
from emgraph.errors import EmgraphError, unknown

EM = "https://w3id.org/emgraph/ns/"
EMSH = "https://w3id.org/emgraph/shapes/"
GRAPH = "https://w3id.org/emgraph/graph/"
OURS = "https://w3id.org/emgraph/"
THING = "https://w3id.org/emgraph/id/"
DATE = "https://w3id.org/emgraph/id/date/"
ONTOLOGY = "https://w3id.org/emgraph/ontology"
DCTERMS = "http://purl.org/dc/terms/"
ORG = "http://www.w3.org/ns/org#"
FOAF = "http://xmlns.com/foaf/0.1/"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"


@cache
def prefixes() -> dict[str, str]:
    """Every declared prefix with its namespace, longest namespace first."""
    path = folder("ontology") / "prefixes.ttl"
    parser = parse(path.read_bytes(), RdfFormat.TURTLE)
    for _ in parser:
        pass
    return dict(sorted(parser.prefixes.items(), key=lambda item: (-len(item[1]), item[0])))


@cache
def _starts() -> tuple[str, ...]:
    """The namespaces."""
    return tuple(prefixes().values())


@lru_cache(4096)
def shrink(iri: str) -> str:
    """The IRI as prefix:name, or in angle brackets where no prefix fits."""
    for prefix, namespace in prefixes().items() if iri.startswith(_starts()) else ():
        if iri.startswith(namespace) and _is_plain(local := iri[len(namespace) :]):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _is_plain(local: str) -> bool:
    """Whether a local name can stand after a prefix in Turtle without escapes."""
    bare = local.replace("-", "").replace("_", "").replace(".", "")
    return bare.isalnum() and local[0] not in "-." and local[-1] != "."


def expand(name: str) -> str:
    """The IRI that prefix:name stands for; raises for a prefix that is not declared."""
    prefix, _, local = name.partition(":")
    namespace = prefixes().get(prefix)
    if namespace is None:
        raise unknown("prefix", prefix, prefixes())
    return namespace + local


def iri_of(word: str) -> str | None:
    """The IRI that a user's word is, written <iri>, iri or prefix:name; nothing if it is none."""
    if word.startswith("<") and word.endswith(">"):
        return word[1:-1]
    if re.match(r"(?:https?|urn|file):", word):
        return word
    if ":" in word and " " not in word:
        try:
            return expand(word)
        except EmgraphError:
            return None
    return None


def local_name(iri: str) -> str:
    """The part of an IRI after its last slash or hash."""
    whole = iri.rstrip("/#")
    return whole[max(whole.rfind("/"), whole.rfind("#")) + 1 :]
