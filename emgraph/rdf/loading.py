"""A large file goes into a store while it is read: the store's loader works beside Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from pyoxigraph import Quad, RdfFormat, Store

from emgraph.rdf.files import RdfFile
from emgraph.rdf.store import parts_of

LARGE = 2**20  # bytes
BLOCK = 2**24  # bytes that are loaded at a time
FEW = 1000  # bytes for each blank node, or more


@contextmanager
def loading(store: Store, file: RdfFile, index: int, text: bytes) -> Iterator[bool]:
    """Load N-Triples into the default graph while the block reads them; gives whether that is done.

    It is done for large files with few blank nodes: the lines of those wait for the end of the
    block, as the loader names them in its own way and not as `parts_of`, by `index`. `text` is what
    `checked` gives for the file. What is wrong with it is for the block to raise; the store is of
    no use then.
    """
    is_large = file.format == RdfFormat.N_TRIPLES and len(text) >= LARGE
    if not is_large or text.count(b"_:") * FEW > len(text):
        yield False
        return
    blank: list[bytes] = []
    faults: list[BaseException] = []
    stopped = Event()

    def _load() -> None:
        try:
            for block in _blocks(text):
                if stopped.is_set():
                    return
                store.bulk_load(_plain(block, blank), file.format)
        except BaseException as fault:
            faults.append(fault)

    thread = Thread(target=_load, daemon=True)
    thread.start()
    try:
        yield True
    except BaseException:
        stopped.set()
        raise
    finally:
        thread.join()
    if faults:
        raise faults[0]
    store.bulk_extend(Quad(*parts[:3]) for parts, _ in parts_of(file, index, b"".join(blank)))


def _blocks(text: bytes) -> Iterator[bytes]:
    """The text in blocks of whole lines."""
    end = 0
    while end < len(text):
        start, end = end, text.find(b"\n", end + BLOCK) + 1 or len(text)
        yield text[start:end]


def _plain(block: bytes, blank: list[bytes]) -> bytes:
    """The lines that cannot have blank nodes; the others are added to those found before."""
    plain, end = [], 0
    while (mark := block.find(b"_:", end)) >= 0:
        start = block.rfind(b"\n", end, mark) + 1 or end
        plain.append(block[end:start])
        end = block.find(b"\n", mark) + 1 or len(block)
        blank.append(block[start:end])
    return b"".join((*plain, block[end:]))
