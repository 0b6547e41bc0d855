"""Files to statements: parsed by pyoxigraph alone, each paragraph its own named graph.

Nothing is fetched while parsing (Oxigraph loads no remote JSON-LD context and no XML entity of
another file). The default graph of every store is the merge: each triple of any graph, once.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from emgraph.errors import BrokenFile
from emgraph.files import RdfFile
from emgraph.intake import checked, place_of_longest

_T = TypeVar("_T")
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
_PLACE = r"^Parser error at line \d+ (?:column \d+|between [^:]*?): "
_BY_STATEMENT = (RdfFormat.JSON_LD, RdfFormat.RDF_XML)  # a name in them can be short for a long IRI
_NO_BASE = "http://relative.invalid/"  # JSON-LD drops relative IRIs where there is no base
_LONGEST = 200
_WHOLE = "Write the whole IRI, or declare a base"
_SWOLLEN = 64 * 2**20


class Reading(NamedTuple):
    """What one file says, every statement in the graph it stands in, in the file's own order."""

    file: RdfFile
    quads: tuple[Quad, ...]


class Dataset(NamedTuple):
    """What all files say, and what was wrong with those that could not be parsed."""

    readings: list[Reading]
    broken: list[BrokenFile]

    def quads(self) -> Iterator[Quad]:
        """Every statement of every file, in the order of files."""
        for reading in self.readings:
            yield from reading.quads


def read(files: Sequence[RdfFile]) -> list[Reading]:
    """What the files say, with literals spelt as they are; raises BrokenFile at the first fault."""
    return [Reading(file, _quads(file, index)) for index, file in enumerate(files)]


def statements(files: Sequence[RdfFile]) -> list[Quad]:
    """Every statement of the files in their order; raises BrokenFile at the first fault."""
    return [quad for reading in read(files) for quad in reading.quads]


def read_all(files: Sequence[RdfFile]) -> Dataset:
    """What the files say, with every file that cannot be parsed set aside."""
    dataset = Dataset([], [])
    for index, file in enumerate(files):
        try:
            dataset.readings.append(Reading(file, _quads(file, index)))
        except BrokenFile as fault:
            dataset.broken.append(fault)
    return dataset


def load(files: Sequence[RdfFile]) -> Store:
    """A store of all graphs plus the merge, for questions; raises BrokenFile at the first fault.

    The store spells numbers its own way (007 becomes 7): what is exported comes from `read`.
    """
    store = Store()
    for index, file in enumerate(files):
        fill(store, file, index)
    store.update(_MERGE)
    return store


def fill(store: Store, file: RdfFile, index: int) -> None:
    """Add what a file says, without the merge; raises BrokenFile. `index` tells its nodes apart."""
    if file.format in _BY_STATEMENT:
        store.bulk_extend(_quads(file, index))
        return
    text = checked(file)
    try:
        if file.format.supports_datasets:
            _load_graphs(store, file, text)
        else:
            store.bulk_load(text, file.format, to_graph=NamedNode(file.graph))
    except (SyntaxError, MemoryError) as fault:
        raise _broken(file, fault, text) from fault


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs of a store, sorted."""
    return sorted(name.value for name in store.named_graphs())


def _load_graphs(store: Store, file: RdfFile, text: bytes) -> None:
    """Load a file of named graphs; its own default graph goes to the graph named after it."""
    store.bulk_load(text, file.format)
    strays = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    if strays:
        own = NamedNode(file.graph)
        store.bulk_extend(Quad(subject, predicate, value, own) for subject, predicate, value, _ in strays)
        store.clear_graph(DefaultGraph())


def _quads(file: RdfFile, index: int) -> tuple[Quad, ...]:
    """The statements of a file; blank nodes are renamed by file and order of appearance."""
    own, default = NamedNode(file.graph), DefaultGraph()
    base = _NO_BASE if file.format == RdfFormat.JSON_LD else None
    names: dict[BlankNode, BlankNode] = {}

    def _renamed(term: _T) -> _T | BlankNode:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"f{index}b{len(names)}"))
        return term

    quads = []
    text = checked(file)
    room = max(_SWOLLEN, 100 * len(text)) if file.format in _BY_STATEMENT else 0
    try:
        for subject, predicate, value, graph in parse(text, file.format, base_iri=base):
            if isinstance(value, Triple) or isinstance(subject, Triple):
                what = "a statement about a statement (RDF 1.2) is not read."
                raise BrokenFile(file.name, None, None, what)
            for term in (subject, predicate, value, graph):
                if base and isinstance(term, NamedNode) and term.value.startswith(base):
                    what = f"{term.value.removeprefix(base)!r} is a relative IRI. {_WHOLE}."
                    raise BrokenFile(file.name, None, None, what)
            if room and (room := room - len(str(subject)) - len(str(predicate))) <= 0:
                what = "its IRIs are a hundred times longer than the file. Shorten its context."
                raise BrokenFile(file.name, None, None, what)
            place = own if graph == default else _renamed(graph)
            quads.append(Quad(_renamed(subject), predicate, _renamed(value), place))
    except (SyntaxError, MemoryError) as fault:
        raise _broken(file, fault, text) from fault
    return tuple(quads)


def _broken(file: RdfFile, fault: SyntaxError | MemoryError, text: bytes) -> BrokenFile:
    if isinstance(fault, MemoryError):
        what = "a literal, IRI or comment longer than 16 MiB is not read. Keep it elsewhere."
        return BrokenFile(file.name, *place_of_longest(text), what)
    what = re.sub(_PLACE, "", fault.msg or str(fault))
    if "LoadDocumentCallback" in what:
        what = "a JSON-LD context elsewhere is never fetched. Write the context into the file"
    elif "No scheme found" in what:
        what = f"a relative IRI. {_WHOLE}"
    elif len(what) > _LONGEST:
        what = f"{what[:_LONGEST]}…"
    return BrokenFile(file.name, fault.lineno, fault.offset, f"{what.rstrip('.')}.")
