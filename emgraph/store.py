"""Files to statements: parsed by pyoxigraph alone, each paragraph its own named graph.

Nothing is fetched while parsing (Oxigraph loads no remote JSON-LD context and no XML entity of
another file). The default graph of every store is the merge: each triple of any graph, once.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from emgraph.errors import BrokenFile
from emgraph.files import RdfFile, content

_T = TypeVar("_T")
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
_PLACE = r"^Parser error at line \d+ (?:column \d+|between [^:]*?): "
_NO_BASE = "http://relative.invalid/"  # JSON-LD drops relative IRIs where there is no base
_WHOLE = "Write the whole IRI, or declare a base"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


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


def load(files: Sequence[RdfFile]) -> Store:
    """A store of all graphs plus the merge, for questions; raises BrokenFile at the first fault.

    The store spells numbers its own way (007 becomes 7): what is exported comes from `read`.
    """
    store = Store()
    for index, file in enumerate(files):
        if file.format == RdfFormat.JSON_LD:
            store.extend(quads_of(file, index))
            continue
        text = checked(file)
        try:
            if file.format.supports_datasets:
                _load_graphs(store, file, text)
            else:
                store.bulk_load(text, file.format, to_graph=NamedNode(file.graph))
        except SyntaxError as fault:
            raise _broken(file, fault) from fault
    store.update(_MERGE)
    return store


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs of a store, sorted."""
    return sorted(name.value for name in store.named_graphs())


def _load_graphs(store: Store, file: RdfFile, text: bytes) -> None:
    """Load a file of named graphs; its own default graph goes to the graph named after it."""
    store.bulk_load(text, file.format)
    strays = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    for quad in strays:
        store.remove(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object, NamedNode(file.graph)))


def quads_of(file: RdfFile, index: int) -> Iterator[Quad]:
    """The statements of a file; blank nodes are renamed by file and order of appearance.

    Raises BrokenFile at the first fault, when the statements before it have been given.
    """
    own, default = NamedNode(file.graph), DefaultGraph()
    base = _NO_BASE if file.format == RdfFormat.JSON_LD else None
    names: dict[BlankNode, BlankNode] = {}

    def _renamed(term: _T) -> _T | BlankNode:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"f{index}b{len(names)}"))
        return term

    try:
        for subject, predicate, value, graph in parse(checked(file), file.format, base_iri=base):
            if isinstance(value, Triple) or isinstance(subject, Triple):
                what = "a statement about a statement (RDF 1.2) is not read."
                raise BrokenFile(file.name, None, None, what)
            for term in (subject, predicate, value, graph):
                if base and isinstance(term, NamedNode) and term.value.startswith(base):
                    what = f"{term.value.removeprefix(base)!r} is a relative IRI. {_WHOLE}."
                    raise BrokenFile(file.name, None, None, what)
            place = own if graph == default else _renamed(graph)
            yield Quad(_renamed(subject), predicate, _renamed(value), place)
    except SyntaxError as fault:
        raise _broken(file, fault) from fault


def checked(file: RdfFile) -> bytes:
    """The bytes of a file without a byte order mark; raises BrokenFile if they are no UTF-8 text.

    XML that declares entities is refused, because expanding them can fill any memory.
    """
    data = content(file)
    if data.startswith(_UTF16):
        raise BrokenFile(file.name, 1, 1, "the file is UTF-16. Save it as UTF-8.")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        what = f"the byte 0x{data[fault.start]:02X} is not UTF-8. Save the file as UTF-8."
        raise BrokenFile(file.name, *_place(data, fault.start), what) from fault
    if (nul := data.find(b"\0")) >= 0:
        raise BrokenFile(file.name, *_place(data, nul), "a NUL character. Remove it.")
    if file.format == RdfFormat.RDF_XML and (entity := data.find(b"<!ENTITY")) >= 0:
        what = "XML entities are not read. Write the IRIs out."
        raise BrokenFile(file.name, *_place(data, entity), what)
    return data


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (from 1, in characters) of a byte."""
    before = data[:offset].rpartition(b"\n")[2]
    return data.count(b"\n", 0, offset) + 1, len(before.decode(errors="replace")) + 1


def _broken(file: RdfFile, fault: SyntaxError) -> BrokenFile:
    what = re.sub(_PLACE, "", fault.msg or str(fault))
    if "LoadDocumentCallback" in what:
        what = "a JSON-LD context elsewhere is never fetched. Write the context into the file"
    elif "No scheme found" in what:
        what = f"a relative IRI. {_WHOLE}"
    return BrokenFile(file.name, fault.lineno, fault.offset, f"{what.rstrip('.')}.")
