"""How every question and every compiled constraint grows with the data: from one size to the next.

    python -m benchmarks.growth 10000 100000 1000000

A question's time may grow as its answer does; a constraint's as n log n. What grows more is marked.
Times are medians of RUNS, asked by one thread after another. What takes less than LEAST at one size
is judged as if it took that: a few milliseconds are the clock's and the cache's.
"""

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from statistics import median
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from benchmarks.generate import AS_OF
from benchmarks.validators import inputs
from emgraph import child
from emgraph.errors import Stopped
from emgraph.namespaces import XSD
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load, read, statements
from emgraph.shacl.compiled import Compiled
from emgraph.shacl.places import InMemory, read_graphs
from emgraph.shacl.rules import listed_in, shape_files
from emgraph.sparql.queries import catalogue
from emgraph.validation.validate import run_triple

RUNS = 3
LEAST = 0.005  # seconds
SLACK = 2.0  # what the caches do not hold any more is looked up that much slower
_MOST_SECONDS = 120.0
_MEMORY = 8 * 2**30


class Growth(NamedTuple):
    """The seconds and the rows of one query at each size."""

    name: str
    seconds: tuple[float, ...]
    rows: tuple[int, ...]

    def is_steep(self, sizes: Sequence[int]) -> bool:
        """Whether it grows faster than n log n and faster than its answer, by more than SLACK."""
        if len(self.seconds) < 2:
            return False
        if self.seconds[-1] >= _MOST_SECONDS:
            return True
        before, after = sizes[len(self.seconds) - 2 : len(self.seconds)]
        allowed = after * log(after) / (before * log(before))
        answer = (self.rows[-1] + 1) / (self.rows[-2] + 1)
        return self.seconds[-1] / max(self.seconds[-2], LEAST) > SLACK * max(allowed, answer)


def questions(stores: Sequence[Store]) -> list[Growth]:
    """Every canned question with its defaults, for the day of the nation."""
    day = Literal(AS_OF, datatype=NamedNode(XSD + "date"))
    grown = []
    for question in catalogue():
        text = question.bound({"asOf": [day]} if "asOf" in question.slots else {})
        grown.append(_grown(question.name, text, stores))
    return grown


class _Alone(InMemory):
    """A graph in memory that one thread asks, so that the rules do not wait for each other."""

    @property
    def workers(self) -> int:
        """One."""
        return 1


def constraints(folder: Path, sizes: Sequence[int]) -> list[Growth]:
    """Every rule's constraints, added up, each rule by its code."""
    readings = read(shape_files())
    shapes = [quad for reading in readings for quad in reading.quads]
    rules = {rule.code: rule for rule in listed_in(readings)}
    found: list[dict[str, float]] = []
    rows: dict[str, list[int]] = {}
    for size in sizes:
        quads = statements(find([str(inputs(folder, size) / "nation.nq")]))
        background = [*statements(ontology()), run_triple(AS_OF)]
        place = _Alone(quads, background, read_graphs(shapes), lenient=True)
        parts: list[Mapping[str, float]] = []
        for _ in range(RUNS):
            engine, counts = Compiled(place, lambda: shapes), Counter[str]()
            counts.update(finding.rule for finding in engine.findings(rules))
            parts.append(engine.watch.parts)
        found.append({code: median(run.get(code, 0.0) for run in parts) for code in parts[0]})
        for code in found[-1]:
            rows.setdefault(code, []).append(counts[code])
    return [
        Growth(code, tuple(parts.get(code, 0.0) for parts in found), tuple(rows[code]))
        for code in sorted(found[-1])
    ]


def _grown(name: str, text: str, stores: Sequence[Store]) -> Growth:
    """Each size in a process of its own, which is ended where it takes too long."""
    seconds: list[float] = []
    rows: list[int] = []
    for store in stores:
        try:
            took, count = child.call(
                _asked, store, text, timeout=RUNS * _MOST_SECONDS, memory=_MEMORY
            ).split()
        except Stopped:
            seconds.append(_MOST_SECONDS)
            rows.append(0)
            break
        seconds.append(float(took))
        rows.append(int(count))
    return Growth(name, tuple(seconds), tuple(rows))


def _asked(store: Store, text: str) -> bytes:
    """The processor's seconds that an answer took, the median, and its rows."""
    took, rows = list[float](), 1
    for _ in range(RUNS):
        started = time.process_time()
        answer = store.query(text)
        rows = sum(1 for _ in answer) if isinstance(answer, QuerySolutions) else 1
        took.append(time.process_time() - started)
    return f"{median(took)} {rows}".encode()


def stores(folder: Path, sizes: Sequence[int]) -> list[Store]:
    """The nations with the ontology, as questions see them."""
    return [load([*find([str(inputs(folder, size) / "nation.nq")]), *ontology()]) for size in sizes]


def main() -> None:
    """Print the table."""
    folder, sizes = Path("build/bench"), [int(word) for word in sys.argv[1:]] or [10_000, 100_000]
    print(f"{'':32}", *(f"{size:>12,}" for size in sizes), "  rows at the last")
    for kind in (questions(stores(folder, sizes)), constraints(folder, sizes)):
        for one in sorted(kind, key=lambda growth: -growth.seconds[-1]):
            shown = " ".join(f"{seconds:12.4f}" for seconds in one.seconds)
            steep = "  STEEP" if one.is_steep(sizes) else ""
            print(f"{one.name:32} {shown} {one.rows[-1]:12,}{steep}")


if __name__ == "__main__":
    main()
