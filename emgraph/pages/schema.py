"""A graph on one page: its classes by topic, what is said of them, and a query for each."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode

from emgraph.errors import unknown
from emgraph.namespaces import EM, OWL, RDF, RDFS, SKOS, XSD, prefixes, shrink
from emgraph.rdf import files
from emgraph.rdf.store import read
from emgraph.screen import one_line
from emgraph.sparql.isolate import Answer, Rows

FORMATS = ("text", "markdown", "json")
OTHER = "other"
_CLASSES = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) { ?thing a ?class } GROUP BY ?class"
_PROPERTIES = """
SELECT ?class ?property ?kind (COUNT(*) AS ?n) {
    ?thing a ?class ; ?property ?value
    OPTIONAL { ?value a ?type }
    BIND(IF(isLiteral(?value), DATATYPE(?value), ?type) AS ?kind)
    FILTER(?property != rdf:type)
} GROUP BY ?class ?property ?kind
"""
_ALWAYS = (RDFS + "label", RDF + "type")
_TEXTS = (RDF + "langString", XSD + "string")
_MOST_CLASSES = 4
_MOST_PROPERTIES = 4
Ask = Callable[[str], Answer]


class Property(NamedTuple):
    """A property as a class uses it: its IRI, how often, and the kinds of its values."""

    iri: str
    uses: int
    kinds: tuple[str, ...]


class Class(NamedTuple):
    """A class in use: its IRI, how many things are of it, what it means, what is said of them."""

    iri: str
    things: int
    definition: str
    properties: tuple[Property, ...]

    @property
    def example(self) -> str:
        """A query that finds things of the class, with what is most often said of them."""
        name = shrink(self.iri)
        said = next((p for p in self.properties if p.iri not in _ALWAYS), None)
        if said is None:
            return f"SELECT ?x {{ ?x a {name} }} LIMIT 5"
        return f"SELECT ?x ?y {{ ?x a {name} ; {shrink(said.iri)} ?y }} LIMIT 5"


Map = Mapping[str, list[Class]]


def schema(ask: Ask) -> Map:
    """The classes in use by topic, the most frequent first; `ask` answers queries."""
    topics, definitions = _ontology()
    properties: dict[str, dict[str, dict[str, int]]] = {}
    for class_, property_, kind, count in _rows(ask, _PROPERTIES):
        kinds = properties.setdefault(class_, {}).setdefault(property_, {})
        kinds[kind] = kinds.get(kind, 0) + int(count)
    found: dict[str, list[Class]] = {}
    for class_, count in _rows(ask, _CLASSES):
        if class_.startswith((OWL, RDFS)):
            continue  # what an ontology is made of
        used = properties.get(class_, {})
        told = [Property(p, sum(kinds.values()), _ranked(kinds)) for p, kinds in used.items()]
        told.sort(key=lambda p: (-p.uses, p.iri))
        place = found.setdefault(topics.get(class_, OTHER), [])
        place.append(Class(class_, int(count), definitions.get(class_, ""), tuple(told)))
    for classes in found.values():
        classes.sort(key=lambda c: (-c.things, c.iri))
    return dict(sorted(found.items(), key=lambda item: (item[0] == OTHER, item[0])))


def _rows(ask: Ask, query: str) -> Iterator[list[str]]:
    answer = ask(query)
    if isinstance(answer, Rows):
        yield from ([getattr(term, "value", "") for term in row] for row in answer.rows)


def _ranked(kinds: Mapping[str, int]) -> tuple[str, ...]:
    """The kinds of a property's values, the most frequent first; one that is not known is last."""
    known = {kind: count for kind, count in kinds.items() if kind}
    return tuple(sorted(known, key=lambda kind: (-known[kind], kind)))


def _ontology() -> tuple[dict[str, str], dict[str, str]]:
    """The topic of each term, which is the file that defines it, and its definition."""
    topics, definitions = {}, {}
    for reading in read(files.ontology()):
        for quad in reading.quads:
            if isinstance(quad.subject, NamedNode):
                topics[quad.subject.value] = Path(reading.file.name).stem
                if quad.predicate.value == SKOS + "definition":
                    definitions[quad.subject.value] = str(getattr(quad.object, "value", ""))
    return topics, definitions


def render(found: Map, format_: str, width: int) -> bytes:
    """The map in a format of FORMATS, text wrapped to the width; raises EmgraphError for another.

    Text leaves the rarer classes and properties to the other formats, which have all that is used.
    """
    if format_ not in FORMATS:
        raise unknown("format of a schema", format_, FORMATS)
    if format_ == "json":
        return (json.dumps(_document(found), indent=1, ensure_ascii=False) + "\n").encode()
    lines = _text(found, max(width, 40)) if format_ == "text" else _markdown(found)
    return "".join(f"{line}\n" for line in lines).encode()


def _text(found: Map, width: int) -> Iterator[str]:
    import textwrap

    def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
        return textwrap.wrap(
            one_line(text), width, initial_indent=first, subsequent_indent=rest,
            break_on_hyphens=False,
        )  # fmt: skip

    yield from _wrapped(_PREAMBLE)
    for topic, classes in found.items():
        yield from ("", topic.capitalize())
        for class_ in classes[:_MOST_CLASSES]:
            said = [p for p in class_.properties if p.iri not in _ALWAYS]
            shown = ", ".join(map(_brief, said[:_MOST_PROPERTIES]))
            more = f" and {len(said) - _MOST_PROPERTIES} more" if said[_MOST_PROPERTIES:] else ""
            text = f"{shrink(class_.iri)} {class_.things:,}{': ' if shown else ''}{shown}{more}"
            yield from _wrapped(text, "  ", "      ")
        rarer = [f"{shrink(c.iri)} {c.things:,}" for c in classes[_MOST_CLASSES:]]
        yield from _wrapped(f"also {', '.join(rarer)}", "  ", "      ") if rarer else ()
        yield from _wrapped(f"e.g. {classes[0].example}", "  ", "      ")
    yield ""
    yield from _wrapped(f"Prefixes that need no PREFIX line: {', '.join(sorted(prefixes()))}.")


def _brief(property_: Property) -> str:
    """A property and the kind of value it has most often, if that is no text."""
    kind = property_.kinds[0] if property_.kinds else ""
    target = f" → {shrink(kind)}" if kind and kind not in _TEXTS else ""
    return f"{shrink(property_.iri)}{target}"


def _markdown(found: Map) -> Iterator[str]:
    yield from ("# The graph on one page", "", _PREAMBLE)
    for topic, classes in found.items():
        yield from ("", f"## {topic.capitalize()}")
        for class_ in classes:
            yield from ("", f"### `{shrink(class_.iri)}` ({class_.things:,})", "")
            yield from ([one_line(class_.definition), ""] if class_.definition else ())
            for property_ in class_.properties:
                kinds = " or ".join(f"`{shrink(kind)}`" for kind in property_.kinds)
                target = f" → {kinds}" if kinds else ""
                yield f"- `{shrink(property_.iri)}` ({property_.uses:,}){target}"
            yield from ("", "```sparql", class_.example, "```")
    yield from ("", "## Prefixes", "", "Declared already:", "")
    yield from (f"- `{name}:` <{iri}>" for name, iri in sorted(prefixes().items()))


def _document(found: Map) -> dict[str, object]:
    return {
        "about": _PREAMBLE,
        "topics": [
            {
                "topic": topic,
                "classes": [
                    {
                        "class": shrink(class_.iri),
                        "count": class_.things,
                        "definition": class_.definition,
                        "properties": [
                            {
                                "property": shrink(property_.iri),
                                "count": property_.uses,
                                "values": [shrink(kind) for kind in property_.kinds],
                            }
                            for property_ in class_.properties
                        ],
                        "example": class_.example,
                    }
                    for class_ in classes
                ],
            }
            for topic, classes in found.items()
        ],
        "prefixes": dict(sorted(prefixes().items())),
    }


_PREAMBLE = (
    "Each class with how many things are of it and what is said of them; → is the kind of a value "
    "that is no text. Nearly all have an rdfs:label. Terms of the project are em: "
    f"<{EM}>. Plain patterns see every statement once, and GRAPH ?place {{ ... }} is the "
    "paragraph that makes it. Run an example by emgraph sparql '...'."
)
