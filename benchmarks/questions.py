"""Canned questions by whole processes, from a file to rows as CSV: ours, rdflib's and Jena's."""

import csv
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pyoxigraph import RdfFormat

from benchmarks import peers
from benchmarks.generate import AS_OF
from benchmarks.measure import Figure, Run, figure, several
from benchmarks.validators import inputs
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load

ASKED = ("legal-basis", "publications", "members", "budget")
_RDFLIB = """
import sys
from rdflib import Dataset
graph = Dataset()
graph.parse(sys.argv[1], format="nquads")
sys.stdout.buffer.write(graph.query(open(sys.argv[2]).read()).serialize(format="csv"))
"""


def measured(
    folder: Path, size: int, runs: int, limit: float, skip: Mapping[str, str]
) -> list[Figure]:
    """Every question by every engine, save for those to skip, each with the reason.

    One with other rows than ours is wrong.
    """
    place = inputs(folder, size)
    whole = _whole(place)
    figures: list[Figure] = []
    for name in ASKED:
        ours = (sys.executable, "-m", "emgraph", "query", name, "--as-of", AS_OF)
        query = place / f"{name}.rq"
        query.write_bytes(subprocess.run((*ours, "--show"), capture_output=True, check=True).stdout)
        here = (*ours, "--data", str(place / "nation.nq"), "--format", "csv", "--timeout", "3600")
        commands = {
            "emgraph": here,
            "rdflib": (str(peers.VENV / "python"), "-c", _RDFLIB, str(whole), str(query)),
            "Jena": _jena(whole, query),
        }
        wanted: Counter[tuple[str, ...]] = Counter()
        for who, command in commands.items():
            if not command or f"{who}: {name}" in skip:
                why = skip.get(f"{who}: {name}", "not installed")
                figures.append(Figure(f"{who}: {name}", remark=why))
                continue
            done = several(command, runs, limit)
            rows = _rows(done[0])
            wanted = rows if who == "emgraph" else wanted
            figures.append(figure(f"{who}: {name}", done, limit, _wrong(done[0], rows, wanted)))
            print(f"  {size:,} {who} {name}: {done[0].seconds} s", flush=True)
    return figures


def _whole(place: Path) -> Path:
    """What emgraph asks, the graphs and their merge, as one file for engines that do not merge."""
    whole = place / "whole.nq"
    if not whole.exists():
        load([*find([str(place / "nation.nq")]), *ontology()]).dump(whole, RdfFormat.N_QUADS)
    return whole


def _jena(whole: Path, query: Path) -> Sequence[str]:
    with suppress(OSError, StopIteration):
        java = peers.jena()
        return (*java, "arq.sparql", f"--data={whole}", f"--query={query}", "--results=CSV")
    return ()


def _rows(done: Run) -> Counter[tuple[str, ...]]:
    """The rows of an answer with how often each is there, numbers by their value."""
    read = csv.reader(io.StringIO(done.output.decode(errors="replace")))
    return Counter(tuple(map(_cell, row)) for row in list(read)[1:])


def _cell(text: str) -> str:
    with suppress(ValueError):
        return repr(float(text))
    return text


def _wrong(done: Run, rows: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> str:
    if done.failed:
        return f"failed: {done.failed}"[:120]
    if done.seconds is not None and not done.output:
        return "failed: no answer"
    if done.seconds is None or rows == wanted:
        return ""
    lacks, more = (wanted - rows).total(), (rows - wanted).total()
    return f"wrong: {lacks:,} of {wanted.total():,} rows missing, {more:,} that are none"
