"""Which files are read: paths and folders become a sorted list of RDF files, nothing else."""

import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from pyoxigraph import RdfFormat

from emgraph.assets import folder
from emgraph.errors import BrokenFile, EmgraphError, nearest
from emgraph.namespaces import GRAPH, ONTOLOGY

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}

MOST_BYTES = 4 * 2**30
MOST_KEPT = 64 * 2**20
_KINDS_OF_FAULT = {
    errno.ELOOP: "a link that leads back to itself. Mend or remove it.",
    errno.ENOENT: "a link that leads nowhere. Mend or remove it.",
    errno.ENXIO: "not a plain file. Remove it.",
}


class RdfFile(NamedTuple):
    """A file to read: how to call it, where it is, its format, and the graph its triples go to.

    Relative IRIs in it are completed with `base`; without one they are a fault. `is_found` says
    that it lay in a folder: nobody named it, so it is only data if it is broken.
    """

    name: str
    path: Path | None
    format: RdfFormat
    graph: str
    base: str | None = None
    is_found: bool = False

    @property
    def at_home(self) -> "RdfFile":
        """The file with relative IRIs resolved against where it is (RFC 3986, section 5.1.3)."""
        place = self.path and Path(os.path.abspath(self.path)).as_uri()  # noqa: PTH100
        return self._replace(base=place or self.graph)


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
        if not given:
            raise EmgraphError("'' names nothing. Name a file or a folder.")
        path = Path(given)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where one may not look
            inside = [_rdf_file(file, path, input_format) for file in _walk(path)]
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


def _walk(folder: Path) -> Iterator[Path]:
    """Every RDF file under a folder, in the order of names; a folder linked into itself once."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not path.is_dir():
            yield path
            continue
        try:
            identity = path.stat()
            children = sorted(path.iterdir(), reverse=True)
        except OSError as error:
            raise EmgraphError(f"{path}: {reason(error)}.") from error
        if (identity.st_dev, identity.st_ino) not in seen:
            seen.add((identity.st_dev, identity.st_ino))
            waiting += [child for child in children if _is_wanted(child)]


def _is_wanted(path: Path) -> bool:
    return not path.name.startswith(".") and (_extension(path) in FORMATS or path.is_dir())


def _extension(path: Path) -> str:
    return path.suffix[1:].lower()


def _rdf_file(path: Path, root: Path | None, input_format: str | None) -> RdfFile:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(path) from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise EmgraphError(f"{_shown(path)}: {why}.") from error
    if root is None and path.is_symlink() and not path.exists():
        raise EmgraphError(f"{_shown(path)}: {_leads_nowhere(path)}")
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
    return RdfFile(_shown(path), path, FORMATS[extension], graph, is_found=root is not None)


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
    What is no plain file and lies in a folder is a BrokenFile.
    """
    if file.path is None:
        return _piped(file.name, sys.stdin.buffer)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(file.path, flags)
    except OSError as error:
        why = _KINDS_OF_FAULT.get(error.errno or 0)
        if why is None:
            raise EmgraphError(f"{file.name}: {reason(error)}.") from error
        raise _no_file(file, why) from error
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _no_file(file, "not a plain file. Pipe it into - instead.")
        if found.st_size > MOST_BYTES:
            raise _too_large(file.name)
        try:
            return stream.read() if found.st_size else _stream(file.name, stream)
        except OSError as error:
            raise EmgraphError(f"{file.name}: {reason(error)}.") from error


_kept: list[tuple[BinaryIO, bytes]] = []


def _piped(name: str, stream: BinaryIO) -> bytes:
    """All of standard input; it is kept unless it is large, as findings are looked up in it."""
    if _kept and _kept[0][0] is stream:
        return _kept[0][1]
    data = _stream(name, stream)
    _kept[:] = [(stream, data)] if len(data) <= MOST_KEPT else []
    return data


def is_kept(file: RdfFile) -> bool:
    """Whether a file is standard input, read already and small enough to be looked up in."""
    return file.path is None and file.name == "-" and bool(_kept)


def _no_file(file: RdfFile, why: str) -> EmgraphError:
    """The error for what cannot be a file of data: of the data, if nobody named it."""
    if file.is_found:
        return BrokenFile(file.name, None, None, why.replace("Pipe it into - instead", "Remove it"))
    return EmgraphError(f"{file.name}: {why}")


def _leads_nowhere(link: Path) -> str:
    try:
        link.stat()
    except OSError as error:
        return _KINDS_OF_FAULT.get(error.errno or 0, f"{reason(error)}.")
    return ""


def _stream(name: str, stream: BinaryIO) -> bytes:
    """All that a stream of unknown length gives, or as much as shows that it is no text."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(2**20):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise _too_large(name)
        if b"\0" in part:
            break
    return b"".join(parts)


def _too_large(name: str) -> EmgraphError:
    return EmgraphError(f"{name}: larger than {MOST_BYTES // 2**30} GiB. Split it.")


def reason(error: OSError) -> str:
    """The operating system's reason, as the end of a sentence."""
    return (error.strerror or str(error)).lower()


def bundled() -> list[RdfFile]:
    """The files of the bundled graph: data/ without data/external/."""
    root = folder("data")
    outside = root / "external"
    return [_rdf_file(file, root, None) for file in _walk(root) if outside not in file.parents]


def ontology() -> list[RdfFile]:
    """The files of the bundled ontology, all of one graph."""
    return [
        _rdf_file(file, None, None)._replace(graph=ONTOLOGY) for file in _walk(folder("ontology"))
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
