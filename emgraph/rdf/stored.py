"""Reading a store on disk, which as many processes as like can do at once."""

import os
from pathlib import Path

from pyoxigraph import Store

from emgraph.errors import EmgraphError

MOST_COPIED = 2**29  # bytes on disk; in memory they are two to five times as many
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
        what = " ".join(str(error).split())[:160].rstrip(".")
        raise EmgraphError(f"{path}: the store cannot be read: {what}. {_AGAIN}") from error
    _opened.append((store, os.path.abspath(path)))  # noqa: PTH100 - links stay
    return store


def at_hand(store: Store) -> Store:
    """A copy in memory of a store with small files, which answers much sooner; else the store.

    Raises OSError or RuntimeError for a store that cannot be read.
    """
    folder = place_of(store)
    if folder is None or sum(file.stat().st_size for file in Path(folder).iterdir()) > MOST_COPIED:
        return store
    copy = Store()
    copy.bulk_extend(quad for quad in store)  # in steps between which Ctrl-C is heeded
    return copy
