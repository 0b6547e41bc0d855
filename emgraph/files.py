"""Which files are read: paths and folders become a sorted list of RDF files, nothing else."""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import RdfFormat

from emgraph.assets import folder
from emgraph.errors import EmgraphError, nearest
from emgraph.namespaces import GRAPH, ONTOLOGY

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}

MOST_TEXT = 800_000


class RdfFile(NamedTuple):
    """A file to read: how to call it, where it is, its format, and the graph its triples go to."""

    name: str
    path: Path | None
    format: RdfFormat
    graph: str


def standard_input(extension: str | None) -> RdfFile:
    """Standard input as a file in the format that an extension names; raises for an unknown one."""
    if extension is None:
        raise EmgraphError(
            "standard input needs its format. Add --input-format ttl (or trig, ...)."
        )
    return RdfFile("-", None, FORMATS[extension], GRAPH + "stdin")


def find(paths: Sequence[str], input_format: str | None = None) -> list[RdfFile]:
    """The RDF files that the paths name, folders searched in order, each file once.

    Raises EmgraphError for a path that is missing, is no RDF file, or is a folder without any.
    """
    found: dict[object, RdfFile] = {}
    for given in paths:
        if given == "-":
            found.setdefault("-", standard_input(input_format))
            continue
        path = Path(given)
        if path.is_dir():
            inside = [_rdf_file(file, path, input_format) for file in _walk(path, set())]
            if not inside:
                raise EmgraphError(
                    f"{given}: this folder holds no RDF file ({', '.join(sorted(FORMATS))})."
                )
        else:
            inside = [_rdf_file(path, None, input_format)]
        for file in inside:
            found.setdefault(os.path.realpath(file.path or file.name), file)
    return _apart(list(found.values()))


def _apart(files: list[RdfFile]) -> list[RdfFile]:
    """The files, those of one graph name told apart by the folders that they are in."""
    alike: dict[str, list[RdfFile]] = {}
    for file in files:
        alike.setdefault(file.graph, []).append(file)
    return [
        file if len(alike[file.graph]) == 1 else file._replace(graph=_whole(file)) for file in files
    ]


def _whole(file: RdfFile) -> str:
    """The graph of a file named by its path from here."""
    path = Path(os.path.relpath(file.path or file.name)).with_suffix("")
    return GRAPH + quote(os.fsencode(path.as_posix()))


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """Every RDF file under a folder, in the order of names; a folder linked into itself once."""
    try:
        identity = folder.stat()
        children = sorted(folder.iterdir())
    except OSError as error:
        raise EmgraphError(f"{folder}: {reason(error)}.") from error
    if (identity.st_dev, identity.st_ino) in seen:
        return
    seen.add((identity.st_dev, identity.st_ino))
    for child in children:
        if child.name.startswith("."):
            continue
        if child.is_dir():
            yield from _walk(child, seen)
        elif _extension(child) in FORMATS:
            yield child


def _extension(path: Path) -> str:
    return path.suffix[1:].lower()


def _rdf_file(path: Path, root: Path | None, input_format: str | None) -> RdfFile:
    if not os.path.lexists(path):
        raise _missing(path)
    extension = _extension(path)
    if extension not in FORMATS and root is None and input_format is not None:
        extension = input_format
    if extension not in FORMATS:
        raise EmgraphError(
            f"{path}: not a kind of RDF file that is known by its name "
            f"({', '.join(sorted(FORMATS))}). Rename it, or say --input-format."
        )
    relative = path.relative_to(root) if root else Path(path.name)
    graph = GRAPH + quote(os.fsencode(relative.with_suffix("").as_posix()))
    return RdfFile(_shown(path), path, FORMATS[extension], graph)


def _shown(path: Path) -> str:
    """A path as it was named, or from here if it is whole and lies below."""
    here = Path.cwd()
    below = path.is_absolute() and here in path.parents and len(here.parts) > 1
    shown = os.fsencode(path.relative_to(here) if below else path)
    return shown.decode(errors="backslashreplace")


def _missing(path: Path) -> EmgraphError:
    beside = path.parent
    close = nearest(path.name, os.listdir(beside)) if beside.is_dir() else ""  # noqa: PTH208
    hint = f" Did you mean {beside / close}?" if close else ""
    return EmgraphError(f"{path}: no such file or folder.{hint}")


def content(file: RdfFile) -> bytes:
    """The bytes of a file; raises EmgraphError if it is not a plain file that can be read.

    A pipe, socket or device is refused without waiting for it; standard input is read to its end.
    """
    if file.path is None:
        return sys.stdin.buffer.read()
    return _plain(file.path, file.name, -1)


def text_bytes(path: Path) -> bytes:
    """The bytes of a query file, no more than one beyond MOST_TEXT; raises as `content` does."""
    return _plain(path, str(path), MOST_TEXT + 1)


def _plain(path: Path, name: str, most: int) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise EmgraphError(f"{name}: {reason(error)}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise EmgraphError(f"{name}: not a plain file. Pipe it into - instead.")
    with os.fdopen(descriptor, "rb") as stream:
        try:
            return stream.read(most)
        except OSError as error:
            raise EmgraphError(f"{name}: {reason(error)}.") from error


def reason(error: OSError) -> str:
    """The operating system's reason, as the end of a sentence."""
    return (error.strerror or str(error)).lower()


def bundled() -> list[RdfFile]:
    """The files of the bundled graph: data/ without data/external/."""
    root = folder("data")
    outside = root / "external"
    return [
        _rdf_file(file, root, None) for file in _walk(root, set()) if outside not in file.parents
    ]


def ontology() -> list[RdfFile]:
    """The files of the bundled ontology, all of one graph."""
    return [
        _rdf_file(file, None, None)._replace(graph=ONTOLOGY)
        for file in _walk(folder("ontology"), set())
    ]


def named(paths: Sequence[str], input_format: str | None = None) -> list[RdfFile]:
    """The files that the paths name; `external` is data/external on top of the bundled graph."""
    others = [path for path in paths if path != "external"]
    files = find(others, input_format)
    if len(others) < len(paths):
        outside = find([str(folder("data") / "external")])
        prefixed = [f._replace(graph=f.graph.replace(GRAPH, GRAPH + "external/")) for f in outside]
        files = [*bundled(), *prefixed, *files]
    return files
