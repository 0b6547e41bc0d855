"""Files to statements: parsed by pyoxigraph alone, each paragraph its own named graph.

Nothing is fetched while parsing (Oxigraph loads no remote JSON-LD context and no XML entity of
another file). The default graph of every store is the merge: each triple of any graph, once.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from emgraph.errors import BrokenFile
from emgraph.rdf.files import RdfFile
from emgraph.rdf.intake import checked, place_of_longest

_T = TypeVar("_T")
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
_PLACE = r"^Parser error (?:at line \d+ (?:column \d+|between [^:]*?)|between line [^:]*?): "
BY_LINE = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)  # a statement a line, labels for blank nodes
_BY_STATEMENT = (RdfFormat.JSON_LD, RdfFormat.RDF_XML)  # a name in them can be short for a long IRI
_NO_BASE = "http://relative.invalid/"  # JSON-LD drops relative IRIs where there is no base
_LONGEST = 200
_WHOLE = "Write the whole IRI, or declare a base"
_WHOLE_TERMS = (NamedNode, Literal)
_SWOLLEN = 64 * 2**20


class Stream(Protocol):
    """What the parser reads from."""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, or none at the end."""


Readable = bytes | Stream
Node = NamedNode | BlankNode
Parts = tuple[Node, NamedNode, Node | Literal, Node]


class Reading(NamedTuple):
    """What one file says, every statement in the graph it stands in, in the file's own order."""

    file: RdfFile
    quads: tuple[Quad, ...]


def read(files: Sequence[RdfFile]) -> list[Reading]:
    """What the files say, with literals spelt as they are; raises BrokenFile at the first fault."""
    return [Reading(file, tuple(quads_of(file, index))) for index, file in enumerate(files)]


def statements(files: Sequence[RdfFile]) -> list[Quad]:
    """Every statement of the files in their order; raises BrokenFile at the first fault."""
    return [quad for reading in read(files) for quad in reading.quads]


def load(files: Sequence[RdfFile], *, as_datasets: bool = False) -> Store:
    """A store of all graphs plus the merge, for questions; raises BrokenFile at the first fault.

    The store spells numbers its own way (007 becomes 7): what is exported comes from `read`.
    With `as_datasets` the default graph of a file that brings named graphs gets no name.
    """
    store, unnamed = Store(), []
    for index, file in enumerate(files):
        fill(store, file, index)
        if as_datasets and file.format.supports_datasets and _names_graphs(file, index):
            unnamed.append(NamedNode(file.graph))
    store.update(_MERGE)
    for graph in unnamed:
        store.remove_graph(graph)
    return store


def _names_graphs(file: RdfFile, index: int) -> bool:
    """Whether some statement of a file that has been read stands in a graph with a name."""
    own = NamedNode(file.graph)
    return any(quad.graph_name != own for quad in quads_of(file, index))


def fill(store: Store, file: RdfFile, index: int) -> None:
    """Add what a file says, without the merge; raises BrokenFile. `index` tells its nodes apart."""
    if file.format in _BY_STATEMENT:
        store.bulk_extend(quads_of(file, index))
        return
    text = checked(file)
    try:
        if file.format.supports_datasets:
            _load_graphs(store, file, text)
        else:
            graph = NamedNode(file.graph)
            store.bulk_load(text, file.format, base_iri=file.base, to_graph=graph)
    except (SyntaxError, MemoryError) as fault:
        raise _broken(file, fault, text) from fault


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs of a store, sorted."""
    return sorted(name.value for name in store.named_graphs())


def _load_graphs(store: Store, file: RdfFile, text: bytes) -> None:
    """Load a file of named graphs; its own default graph goes to the graph named after it."""
    store.bulk_load(text, file.format, base_iri=file.base)
    strays = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    if strays:
        own = NamedNode(file.graph)
        store.bulk_extend(Quad(subject, name, value, own) for subject, name, value, _ in strays)
        store.clear_graph(DefaultGraph())


def quads_of(file: RdfFile, index: int) -> Iterator[Quad]:
    """The statements of a file, as `parts_of` gives them."""
    return (Quad(*parts) for parts, _ in parts_of(file, index))


def parts_of(
    file: RdfFile, index: int, text: bytes | None = None, stream: Readable | None = None
) -> Iterator[tuple[Parts, Quad | None]]:
    """The statements of a file in their parts, which is quicker than as quads.

    With them goes the parser's own quad where it has no graph, as in the merge. Blank nodes are
    named by file, and by their label where there is nothing else, else by order of appearance.
    `text` is what `checked` gives for the file, if somebody has it, and `stream` what the parser
    reads in its place. Raises BrokenFile at the first fault, when the statements before it have
    been given.
    """
    text = checked(file) if text is None else text
    try:
        yield from _parts(file, index, text if stream is None else stream, len(text))
    except (SyntaxError, MemoryError) as fault:
        raise _broken(file, fault, text) from fault


def _parts(
    file: RdfFile, index: int, text: Readable, size: int
) -> Iterator[tuple[Parts, Quad | None]]:
    own = NamedNode(file.graph)
    base = _NO_BASE if file.format == RdfFormat.JSON_LD and file.base is None else None
    names: dict[BlankNode, BlankNode] = {}
    has_labels = file.format in BY_LINE

    def _renamed(term: _T) -> _T | BlankNode:
        if isinstance(term, BlankNode):
            name = f"f{index}b{term.value if has_labels else len(names)}"
            return names.get(term) or names.setdefault(term, BlankNode(name))
        return term

    room = max(_SWOLLEN, 100 * size) if file.format in _BY_STATEMENT else 0
    is_checked = bool(base or room)
    for quad in parse(text, file.format, base_iri=file.base or base):  # type: ignore[arg-type]
        subject, predicate, value, graph = quad
        has_none = type(graph) is DefaultGraph
        place = own if has_none else graph if type(graph) is NamedNode else _renamed(graph)
        if type(subject) is NamedNode and type(value) in _WHOLE_TERMS and not is_checked:
            yield (subject, predicate, value, place), quad if has_none else None
            continue
        if isinstance(value, Triple) or isinstance(subject, Triple):
            what = "a statement about a statement (RDF 1.2) is not read."
            raise BrokenFile(file.name, None, None, what)
        for term in (subject, predicate, value, graph) if base else ():
            if isinstance(term, NamedNode) and term.value.startswith(base or ""):
                what = f"{term.value.removeprefix(base or '')!r} is a relative IRI. {_WHOLE}."
                raise BrokenFile(file.name, None, None, what)
        if room and (room := room - len(str(subject)) - len(str(predicate))) <= 0:
            what = "its IRIs are a hundred times longer than the file. Shorten its context."
            raise BrokenFile(file.name, None, None, what)
        yield (_renamed(subject), predicate, _renamed(value), place), None


def _broken(file: RdfFile, fault: SyntaxError | MemoryError, text: bytes) -> BrokenFile:
    if isinstance(fault, MemoryError):
        what = "a literal, IRI or comment longer than 16 MiB is not read. Keep it elsewhere."
        return BrokenFile(file.name, *place_of_longest(text), what)
    what = re.sub(_PLACE, "", fault.msg or str(fault))
    if "LoadDocumentCallback" in what:
        what = "a JSON-LD context elsewhere is never fetched. Write the context into the file"
    elif "No scheme found" in what:
        what = f"a relative IRI. {_WHOLE}"
    elif file.format == RdfFormat.JSON_LD and what.startswith("Unexpected end of file"):
        what = "an end of file too early, or half a character (such as \\ud800). Mend the JSON"
    elif what.startswith("Unexpected end of file") and (quote := _quote(fault, text)):
        what = f"the text that begins here has no end. Close it with {quote}"
    elif what.startswith("Line jumps are not allowed"):
        what = "a text ends with its line. Close it there, or write it between three quotes"
    elif len(what) > _LONGEST:
        what = f"{what[:_LONGEST]}…"
    return BrokenFile(file.name, fault.lineno, fault.offset, f"{what.rstrip('.')}.")


def _quote(fault: SyntaxError, text: bytes) -> str:
    """The quotation mark, or three, at the place of a fault; empty for anything else there."""
    lines = text.split(b"\n", fault.lineno or 0)
    line = lines[fault.lineno - 1] if fault.lineno and fault.lineno <= len(lines) else b""
    found = line.decode(errors="replace")[max(0, (fault.offset or 1) - 1) :]
    marks = ('"""', "'''", '"', "'")
    return next((mark for mark in marks if found.startswith(mark)), "")
