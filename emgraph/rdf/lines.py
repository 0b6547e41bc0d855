"""On which line of its file each statement ends, as the parser tells by how much it has read."""

from collections.abc import Iterator, Set
from io import BytesIO

from pyoxigraph import RdfFormat, parse

from emgraph.errors import EmgraphError
from emgraph.rdf.files import RdfFile, is_kept
from emgraph.rdf.intake import checked
from emgraph.rdf.store import BY_LINE, Parts, parts_of

_WITH_LINES = (RdfFormat.TURTLE, RdfFormat.TRIG, *BY_LINE)
Placed = tuple[int, Parts, int]  # a statement with its number in its file, and its line or 0


class _Pieces:
    """A stream that hands out one piece a read, a long one in several, and counts the pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece, self._at = b"", 0
        self.handed_out = 0

    def read(self, size: int = -1) -> bytes:
        """The next piece or as much of it as fits, or nothing at the end."""
        if self._at >= len(self._piece):
            self._piece, self._at = next(self._pieces, b""), 0
            self.handed_out += bool(self._piece)
        begin, self._at = self._at, len(self._piece) if size < 0 else self._at + size
        return self._piece[begin : self._at]


def lines(file: RdfFile) -> list[int]:
    """The line (from 1) on which each statement of a file ends, in the order of its statements.

    Empty where the format has no lines to speak of, or for standard input too large to keep.
    """
    data = text_of(file)
    return [] if data is None else [*ends_of(file, iter(data.splitlines(keepends=True)))]


def text_of(file: RdfFile) -> bytes | None:
    """The bytes of a file in whose format lines mean something, if they can be had again."""
    if file.format not in _WITH_LINES or (file.path is None and not is_kept(file)):
        return None
    try:
        return checked(file)
    except EmgraphError:
        return None


def ends_of(file: RdfFile, pieces: Iterator[bytes]) -> Iterator[int]:
    """How many pieces of a file the parser has read when it gives each statement.

    No piece but the last may be empty. It ends early where the parser does.
    """
    stream = _Pieces(pieces)
    try:
        for _ in parse(stream, file.format, base_iri=file.base):  # type: ignore[arg-type]
            yield stream.handed_out
    except (SyntaxError, MemoryError):  # the parser's own limit on the length of a token
        return


def placed(file: RdfFile, index: int, wanted: Set[int], count: int) -> Iterator[Placed]:
    """The statements of a file with the wanted numbers (from 0), each with the line it ends on.

    The line is 0 where the format has none. `count` is how many statements the file has. Where each
    has a line of its own, the others are not parsed.
    """
    text = checked(file)
    picked = _picked(text, wanted, count) if file.format in BY_LINE else None
    if picked is not None:
        some = b"".join(line for _, _, line in picked)
        for (number, row, _), (parts, _) in zip(picked, parts_of(file, index, some), strict=True):
            yield number, parts, row
        return
    stream = _Pieces(iter(BytesIO(text))) if file.format in _WITH_LINES else None
    for number, (parts, _) in enumerate(parts_of(file, index, text, stream)):
        if number in wanted:
            yield number, parts, stream.handed_out if stream else 0


def _picked(text: bytes, wanted: Set[int], count: int) -> list[tuple[int, int, bytes]] | None:
    """The number, row and line of the wanted statements; nothing if not every one has a line."""
    found, number = [], 0
    for row, line in enumerate(BytesIO(text), 1):
        if line.lstrip()[:1] not in (b"", b"#"):
            if number in wanted:
                found.append((number, row, line))
            number += 1
    return found if number == count else None
