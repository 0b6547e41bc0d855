"""Where the time of a run goes, for whoever asks; it is never part of a report."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds by the name of what they were spent on, in the order in which it first began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to the name's, also if it fails."""
        self.seconds.setdefault(name, 0.0)
        began = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += perf_counter() - began
