"""On which line of its file a statement stands."""

from pyoxigraph import RdfFormat, parse

from emgraph.errors import EmgraphError
from emgraph.files import RdfFile
from emgraph.store import checked

_BY_LINE = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class _Lines:
    """A stream that hands out one line a read and counts them."""

    def __init__(self, data: bytes) -> None:
        self._lines = iter(data.splitlines(keepends=True))
        self.handed_out = 0

    def read(self, _size: int = -1) -> bytes:
        """The next line, or nothing at the end."""
        line = next(self._lines, b"")
        self.handed_out += bool(line)
        return line


def lines(file: RdfFile) -> list[int]:
    """The line (from 1) on which each statement of a file ends, in the order of its statements.

    Empty where the format has no lines to speak of, or for standard input, which is gone.
    """
    if file.format not in _BY_LINE or file.path is None:
        return []
    try:
        stream = _Lines(checked(file))
        return [stream.handed_out for _ in parse(stream, file.format)]  # type: ignore[arg-type]
    except (EmgraphError, SyntaxError):
        return []
