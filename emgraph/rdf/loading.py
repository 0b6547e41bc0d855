"""A large file goes into a store while it is read: the store's loader works beside Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from pyoxigraph import Quad, RdfFormat, Store

from emgraph.rdf.files import RdfFile
from emgraph.rdf.store import parts_of

LARGE = 2**20  # bytes


@contextmanager
def loading(store: Store, file: RdfFile, index: int, text: bytes) -> Iterator[bool]:
    """Load N-Triples into the default graph while the block reads them; gives whether that is done.

    It is done for large files. `text` is what `checked` gives for the file. What is wrong with it
    is for the block to raise. The few lines with blank nodes wait for its end, as the loader names
    such nodes in its own way and not as `parts_of`, by `index`.
    """
    if file.format != RdfFormat.N_TRIPLES or len(text) < LARGE:
        yield False
        return
    plain, blank = _apart(text)
    faults: list[BaseException] = []

    def _load() -> None:
        try:
            store.bulk_load(plain, file.format)
        except BaseException as fault:
            faults.append(fault)

    thread = Thread(target=_load, daemon=True)
    thread.start()
    yield True
    thread.join()
    if faults:
        raise faults[0]
    store.bulk_extend(Quad(*parts[:3]) for parts, _ in parts_of(file, index, blank))


def _apart(text: bytes) -> tuple[bytes, bytes]:
    """The lines that cannot have blank nodes, and those that can; no statement has two lines."""
    plain, blank, end = [], [], 0
    while (mark := text.find(b"_:", end)) >= 0:
        start = text.rfind(b"\n", end, mark) + 1 or end
        plain.append(text[end:start])
        end = text.find(b"\n", mark) + 1 or len(text)
        blank.append(text[start:end])
    return b"".join((*plain, text[end:])), b"".join(blank)
