"""Measure everything side by side, and write the page: `make bench`.

    make bench SIZES="10000" RUNS=1 LIMIT=60     in a few minutes, to see that it works

Sizes are in quads, the limit of one process in seconds.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks import exchange, growth, page, startup, validators
from benchmarks.measure import Figure, shown

_TELLING = 100_000
_FOLDER = Path("build/bench")
_PAGE = Path(__file__).parent / "README.md"
_PLOT = Path(__file__).parent / "times.svg"


def main() -> None:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600)
    parser.add_argument("--no-page", action="store_true", help="print it instead")
    given = parser.parse_args()
    parts, chart = _measured(sorted(given.sizes), given.runs, given.limit)
    if given.no_page:
        print("\n\n".join(parts))
    else:
        page.write(_PAGE, _PLOT, parts, chart)
        print(f"written: {_PAGE}, {_PLOT}")


def _measured(
    sizes: Sequence[int], runs: int, limit: float
) -> tuple[list[str], dict[str, Sequence[Figure]]]:
    begun = startup.measured(_FOLDER / "bundled", max(runs, 3), limit)
    click, query = begun["import click"].median, begun["emgraph query"].median
    script = begun["rdflib script"].median
    parts = [
        f"Runs of each: {runs} ({max(runs, 3)} of those on the bundled graph); "
        f"limit of one process: {limit:,.0f} s.",
        "### The bundled graph, whole processes\n\n"
        f"{page.table(list(begun.values()), 'emgraph validate')}\n\n"
        f"`emgraph query` takes {_ratio(query, click)} times `import click`, and the rdflib script "
        f"{_ratio(script, query)} times `emgraph query`.",
    ]
    chart: dict[str, Sequence[Figure]] = {
        "bundled graph: query": [begun["emgraph query"], begun["rdflib script"]],
        "bundled graph: validate": [begun["emgraph validate"], begun["pySHACL command"]],
    }
    planted: list[tuple[int, float, float]] = []
    slow: dict[str, set[str]] = {scenario: set() for scenario in validators.SCENARIOS}
    for size in sizes:
        place = validators.inputs(_FOLDER, size)
        done = validators.planted_are_found(place, limit)
        planted.append((size, done.seconds or 0.0, done.peak))
        for scenario, seen in slow.items():
            figures = validators.compared(place, scenario, runs, limit, sorted(seen))
            seen |= {one.name for one in figures if one.remark.startswith(("stopped", "not run"))}
            title = f"{size:,} quads, {scenario}"
            parts.append(f"### {title}\n\n{page.table(figures)}")
            chart[title] = figures
    parts.append(_planted(planted, begun["emgraph validate"].median or 0.0))
    parts.append(exchange.told(_FOLDER, sizes[0], runs, limit))
    parts.append(_grown(sizes))
    return parts, chart


def _ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.1f}" if one and other else "?"


def _planted(found: Sequence[tuple[int, float, float]], start: float) -> str:
    """The nation with its graphs and all rules; nothing is told unless every fault was found."""
    lines = ["| quads | seconds | peak memory |", "|---|---|---|"]
    lines += [f"| {size:,} | {shown(seconds)} | {peak:,.0f} MB |" for size, seconds, peak in found]
    text = "### The nation with its graphs, every rule: exactly the planted faults\n\n"
    text += "\n".join(lines)
    if len(found) > 1:
        (less, before, _), (more, after, _) = found[0], found[-1]
        grown = (after - start) / max(before - start, 0.001)
        text += (
            f"\n\nFrom {less:,} to {more:,} quads, start-up taken off: {grown:.1f} times as long."
        )
    return text


def _grown(sizes: Sequence[int]) -> str:
    """The questions and rules that take longest, and those that grow faster than they may."""
    several = sizes if len(sizes) > 1 else [10_000, *sizes]
    lines = [
        f"| | {' | '.join(f'{size:,}' for size in several)} |",
        "|---" * (len(several) + 1) + "|",
    ]
    kinds = (
        growth.questions(growth.stores(_FOLDER, several)),
        growth.constraints(_FOLDER, several),
    )
    steep = []
    for kind in kinds:
        for one in sorted(kind, key=lambda growing: -growing.seconds[-1])[:8]:
            cells = " | ".join(map(shown, one.seconds))
            lines += [f"| {one.name} | {cells} |"]
        steep += [one.name for one in kind if one.is_steep(several)]
    said = f"Growing faster than n log n and than their answers: {', '.join(steep) or 'none'}."
    if several[-2] < _TELLING:
        said = (
            f"Growth is judged from {_TELLING:,} quads on: in less, most are the rules' examples."
        )
    return (
        "### How questions and rules grow\n\nThe slowest of each:\n\n"
        + "\n".join(lines)
        + f"\n\n{said}"
    )


if __name__ == "__main__":
    main()
