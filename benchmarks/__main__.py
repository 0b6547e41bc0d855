"""Measure side by side, keep what was measured, and write the page: `make bench`.

    make bench SIZES="10000" RUNS=1 LIMIT=60     in a few minutes, to see that it works
    make bench ONLY="core sparql" SIZES=1000000  some sections; the page keeps the others
    python -m benchmarks --only                  the page alone, of what is kept

Sizes are in quads, the limit of one process in seconds.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import exchange, growth, kept, page, questions, remote, startup, validators
from benchmarks.measure import Figure

_FOLDER = Path("build/bench")
_LEAST = 10_000  # quads; growth is measured from here on
_PAGE = Path(__file__).parent / "README.md"
_PLOT = Path(__file__).parent / "times.svg"
SECTIONS = ("bundled", "planted", "core", "sparql", "remote", "questions", "exchange", "growth")
Measure = Callable[[int, int, float], Sequence[Figure]]


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600)
    parser.add_argument("--only", nargs="*", choices=SECTIONS, default=SECTIONS, metavar="SECTION")
    given = parser.parse_args()
    for section in given.only:
        _measure(section, sorted(given.sizes), given.runs, given.limit)
    page.write(_PAGE, _PLOT, kept.read())
    print(f"written: {_PAGE}, {_PLOT}")


def _measure(section: str, sizes: Sequence[int], runs: int, limit: float) -> None:
    """Measure a section at each size, and keep it."""
    if section == "growth":
        _grow([_LEAST, *(size for size in sizes if size > _LEAST)])
        return
    for size in [0] if section == "bundled" else sizes:
        print(f"{section} {size:,}", flush=True)
        many = max(runs, 3) if section == "bundled" else runs
        kept.keep_part(f"{section} {size}", _MEASURES[section](size, many, limit), many, limit)


def _validators(scenario: str) -> Measure:
    def measured(size: int, runs: int, limit: float) -> list[Figure]:
        place = validators.inputs(_FOLDER, size)
        return validators.compared(place, scenario, runs, limit, _vain(scenario, size, limit))

    return measured


def _questions(size: int, runs: int, limit: float) -> list[Figure]:
    return questions.measured(_FOLDER, size, runs, limit, _vain("questions", size, limit))


def _vain(section: str, size: int, limit: float) -> dict[str, str]:
    """What was wrong at a smaller size already, or reached the limit there, and what is said."""
    known = kept.read()
    found: dict[str, str] = {}
    for less in (n for n in kept.sizes(known, section) if n < size):
        part = kept.part(known, f"{section} {less}")
        for one in part.figures if part is not None else ():
            is_late = one.remark.startswith(">") and part is not None and part.limit >= limit
            if is_late:
                found[one.name] = f"> {limit:,.0f} s, already with {less:,}"
            elif one.remark.startswith("wrong"):
                found[one.name] = f"{one.remark.partition(', already')[0]}, already with {less:,}"
    return found


def _grow(sizes: Sequence[int]) -> None:
    """How questions and rules grow, each kept with whether it grows too fast."""
    for kind, grown in (
        ("questions", growth.questions(growth.stores(_FOLDER, sizes))),
        ("rules", growth.constraints(_FOLDER, sizes)),
    ):
        rows = [[one.name, one.seconds, one.rows, one.is_steep(sizes)] for one in grown]
        kept.keep(f"growth {kind}", {"sizes": sizes, "rows": rows, "machine": kept.machine()})


_MEASURES: dict[str, Measure] = {
    "bundled": lambda _, runs, limit: startup.measured(_FOLDER / "bundled", runs, limit),
    "planted": lambda size, runs, limit: [
        validators.planted_are_found(validators.inputs(_FOLDER, size), runs, limit)
    ],
    "core": _validators("core"),
    "sparql": _validators("sparql"),
    "remote": lambda size, runs, limit: remote.measured(_FOLDER, size, runs, limit),
    "questions": _questions,
    "exchange": lambda size, runs, limit: exchange.measured(_FOLDER, size, runs, limit),
}


if __name__ == "__main__":
    main()
