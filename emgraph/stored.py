"""A store on disk: made once from files, then read by as many processes as like."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pyoxigraph import Quad, Store

from emgraph.errors import EmgraphError
from emgraph.files import RdfFile, reason
from emgraph.store import fill

_AGAIN = "Make it again: emgraph load PATH... -o STORE"


def is_store(path: str | Path) -> bool:
    """Whether a path is a folder that a store was made in: RocksDB's marks are there."""
    folder = Path(path)
    try:
        return (folder / "CURRENT").is_file() or any(folder.glob("MANIFEST-*"))
    except OSError:  # what may not be looked into is told when it is read
        return False


_opened: list[tuple[Store, str]] = []


def place_of(store: Store) -> str | None:
    """The folder of a store that was opened here; it opens files of its own while it is read."""
    return next((path for one, path in _opened if one is store), None)


def opened(path: str | Path) -> Store:
    """The store of a folder, to be read; raises EmgraphError for one that cannot be."""
    try:
        store = Store.read_only(str(path))
        next(store.quads_for_pattern(None, None, None), None)
    except (OSError, RuntimeError, ValueError) as error:
        what = " ".join(str(error).split())[:160]
        raise EmgraphError(f"{path}: the store cannot be read: {what}. {_AGAIN}") from error
    _opened.append((store, str(path)))
    return store


def build(
    files: Sequence[RdfFile], target: Path, told: Callable[[RdfFile | None], object]
) -> tuple[int, int]:
    """Make a store of files with their merge; gives the number of statements and of graphs.

    `told` is called with each file that has been read, then with nothing once all are merged. The
    folder appears when it is whole. Raises BrokenFile, and EmgraphError for a folder that is there
    already or cannot be made.
    """
    check_new(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = unfinished(target)
        folder.mkdir()
    except OSError as error:
        raise EmgraphError(f"{target}: {reason(error)}. Nothing was written.") from error
    try:
        counts = _filled(folder, files, told)
        if target.exists():
            target.rmdir()
        folder.replace(target)
    except (OSError, RuntimeError) as error:
        what = reason(error) if isinstance(error, OSError) else str(error)
        raise EmgraphError(f"{target}: {what}. Nothing was written.") from error
    finally:
        from shutil import rmtree

        rmtree(folder, ignore_errors=True)
    return counts


def unfinished(target: Path) -> Path:
    """The folder in which this process makes a store, until it is whole."""
    return target.with_name(f".{target.name}.{os.getpid()}")


def check_new(target: Path) -> None:
    """Raise EmgraphError where something is in the way of a store."""
    if target.is_symlink() or (target.exists() and not _is_empty(target)):
        raise EmgraphError(f"{target}: there is something there. Name a folder that is new.")


def _filled(
    folder: Path, files: Sequence[RdfFile], told: Callable[[RdfFile | None], object]
) -> tuple[int, int]:
    store = Store(str(folder))
    for index, file in enumerate(files):
        fill(store, file, index)
        told(file)
    graphs = sum(1 for _ in store.named_graphs())
    statements = len(store)
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in store)
    store.optimize()
    store.flush()
    told(None)
    return statements, graphs


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
