"""Making a store on disk of files, whole or not at all."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, Quad, QuerySolutions, Store

from emgraph.errors import EmgraphError
from emgraph.rdf.files import RdfFile, reason
from emgraph.rdf.intake import checked
from emgraph.rdf.store import Parts, parts_of
from emgraph.shacl.spelling import Respelling, Respelt

_MERGED = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class Built(NamedTuple):
    """How many statements and graphs a store was made of, and which of its values are one.

    `twice` are those that their subject has in another spelling too, each once.
    """

    statements: int
    graphs: int
    twice: list[Respelt]


def build(files: Sequence[RdfFile], target: Path, told: Callable[[int], object]) -> Built:
    """Make a store of files with their merge; gives what it holds.

    `told` is called with the bytes that have been read since it was called last. The folder appears
    when it is whole. Raises BrokenFile, and EmgraphError for a folder that is there already or
    cannot be made.
    """
    check_new(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = unfinished(target)
        folder.mkdir()
    except OSError as error:
        raise EmgraphError(f"{target}: {reason(error)}. Nothing was written.") from error
    try:
        built = _filled(folder, files, told)
        if target.exists():
            target.rmdir()
        folder.replace(target)
    except (OSError, RuntimeError) as error:
        what = reason(error) if isinstance(error, OSError) else str(error)
        raise EmgraphError(f"{target}: {what}. Nothing was written.") from error
    finally:
        from shutil import rmtree

        rmtree(folder, ignore_errors=True)
    return built


def unfinished(target: Path) -> Path:
    """The folder in which this process makes a store, until it is whole."""
    return target.with_name(f".{target.name}.{os.getpid()}")


def check_new(target: Path) -> None:
    """Raise EmgraphError where something is in the way of a store."""
    if target.is_symlink() or (target.exists() and not _is_empty(target)):
        raise EmgraphError(f"{target}: there is something there. Name a folder that is new.")


def _filled(folder: Path, files: Sequence[RdfFile], told: Callable[[int], object]) -> Built:
    store, spelling = Store(str(folder)), Respelling()
    for index, file in enumerate(files):
        store.bulk_extend(_with_merge(_read(file, index, told), spelling))
    graphs = sum(1 for _ in store.named_graphs())
    merged = store.query(_MERGED)
    assert isinstance(merged, QuerySolutions)
    ((count,),) = merged
    store.optimize()
    store.flush()
    twice = dict.fromkeys(spelling.twice())
    return Built(len(store) - int(count.value), graphs, list(twice))


def _read(
    file: RdfFile, index: int, told: Callable[[int], object]
) -> Iterator[tuple[Parts, Quad | None]]:
    text = checked(file)
    yield from parts_of(file, index, text, _Told(text, told))


class _Told(BytesIO):
    """A text that tells how much of it is read."""

    def __init__(self, text: bytes, told: Callable[[int], object]) -> None:
        super().__init__(text)
        self._told = told

    def read(self, size: int | None = -1) -> bytes:
        """The next so many bytes."""
        part = super().read(size)
        self._told(len(part))
        return part


def _with_merge(every: Iterable[tuple[Parts, Quad | None]], spelling: Respelling) -> Iterator[Quad]:
    """The statements, each in its graph and in the default graph."""
    show = spelling.show
    for (subject, predicate, value, graph), merged in every:
        if type(value) is Literal:
            show(subject, predicate, value)
        yield Quad(subject, predicate, value, graph)
        yield Quad(subject, predicate, value) if merged is None else merged


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
