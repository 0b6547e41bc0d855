"""A synthetic nation with planted faults: as many quads as are asked for, the same for one seed.

    python -m benchmarks.generate 100000 -o build/nation.nq

writes N-Quads (or TriG, by the name of the file) part by part, so that memory stays small at any
size, and beside it `nation.json`: how many findings of each rule there are to be found, no more and
no less, on the day that it names.

Nine tenths are a nation made by code (`nation.py`): 43 forces, their areas, chief officers and
policing bodies, national bodies, and panel after panel the papers of twenty years about six
collaborations each. The rest are the examples of the rules, kept and broken (`planted.py`), strewn
among the papers. So every rule has something to look at and something to find, and what is to be
found is known from how it was made, not from what some engine found.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import IO, NamedTuple

from benchmarks import planted
from benchmarks.nation import Dates, Part, papers, reference

AS_OF = "2027-01-01"
_MOST_A_COPY = 50_000  # so many quads have at most one copy of each example


class Made(NamedTuple):
    """What was made: how many quads, how many copies and how many findings of each rule."""

    quads: int
    copies: dict[str, int]
    findings: dict[str, int]


def generate(size: int, seed: int, file: Path) -> Made:
    """Write a nation of about so many quads (at least 10,000), and what is to be found in it."""
    write = _trig if file.suffix == ".trig" else _nquads
    random, dates = Random(f"faults {seed}"), Dates()
    most, copies, waiting = max(1, size // _MOST_A_COPY), {}, []
    for example in planted.faults():
        copies[example.code] = random.randint(1, most)
        waiting += [example] * copies[example.code]
    for example in planted.sound():
        waiting += [example] * random.randint(0, most)
    random.shuffle(waiting)
    quads = 0
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for part in _parts(size, seed, waiting, dates):
            write(stream, part)
            quads += len(part.triples)
    found = {code: planted.findings(code, number) for code, number in copies.items()}
    made = Made(quads, copies, found)
    about = {"size": quads, "seed": seed, "as_of": AS_OF, "copies": copies, "findings": found}
    file.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return made


def _parts(size: int, seed: int, examples: list[planted.Example], dates: Dates) -> Iterator[Part]:
    """Every graph of the nation, the examples evenly among the papers, the dates at the end."""
    first = reference(dates)
    yield first
    quads, copied = len(first.triples), 0
    own = size - sum(len(part.triples) for example in examples for part in example.parts)
    for paper in papers(seed, dates):
        yield from paper
        quads += sum(len(part.triples) for part in paper)
        share = min(1.0, quads / own) if own > 0 else 1.0
        while copied < round(share * len(examples)):
            yield from examples[copied].copy(copied, dates)
            copied += 1
        if quads >= own:
            break
    yield dates.part()


def _nquads(stream: IO[str], part: Part) -> None:
    end = f" {part.graph} .\n"
    stream.writelines(f"{triple}{end}" for triple in part.triples)


def _trig(stream: IO[str], part: Part) -> None:
    stream.write(f"{part.graph} {{\n")
    stream.writelines(f"    {triple} .\n" for triple in part.triples)
    stream.write("}\n")


def main() -> None:
    """Make a nation of the size that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", type=int, help="quads, 10000 or more")
    parser.add_argument("-o", "--output", type=Path, required=True, help="FILE.nq or FILE.trig")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    made = generate(given.size, given.seed, given.output)
    print(f"{made.quads:,} quads, {sum(made.findings.values()):,} findings: {given.output}")


if __name__ == "__main__":
    main()
