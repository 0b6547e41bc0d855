"""Where the time of a run goes, for whoever asks; it is never part of a report."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds by the name of what they were spent on, in the order in which it first began.

    `stages` has those of the laps, one after another from the start; `parts` those of blocks
    within them.
    """

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.parts: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        """Add the time since the last lap, or the start, to a stage."""
        now = perf_counter()
        self.stages[name] = self.stages.get(name, 0.0) + now - self._last
        self._last = now

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a part, also if it fails."""
        self.parts.setdefault(name, 0.0)
        began = perf_counter()
        try:
            yield
        finally:
            self.parts[name] += perf_counter() - began
