"""How long a whole process takes: medians of several runs, side by side, in milliseconds.

Compares `python -c "import click"`, `emgraph query signed-agreements`, `emgraph validate`, and the
`pyshacl` command on the same graph and shapes. Nothing is printed before both validators have
named the same violations.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from emgraph import turtle
from emgraph.files import bundled, ontology
from emgraph.rules import catalogue, shape_files
from emgraph.store import read
from emgraph.validation import run_triple

PYTHON = sys.executable
EMGRAPH = (PYTHON, "-m", "emgraph")
AS_OF = "2027-01-01"


def run(command: Sequence[str]) -> tuple[float, bytes]:
    """Seconds that a command takes, and what it says."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    return time.perf_counter() - started, done.stdout


def inputs(folder: Path) -> tuple[Path, Path]:
    """The bundled graph with its ontology, and the shapes, as one Turtle file each."""
    data = [quad for reading in read([*bundled(), *ontology()]) for quad in reading.quads]
    shapes = [quad for reading in read(shape_files()) for quad in reading.quads]
    files = folder / "data.ttl", folder / "shapes.ttl"
    for file, quads in zip(files, ([*data, run_triple(AS_OF)], shapes), strict=True):
        file.write_bytes(turtle.write(quads, "turtle"))
    return files


def violations_of_emgraph(output: bytes) -> int:
    """How many results SHACL gave emgraph (the rules about files are no shapes)."""
    shapes = {rule.code for rule in catalogue(shape_files()).values() if not rule.is_file_rule}
    return sum(finding["rule"] in shapes for finding in json.loads(output)["findings"])


def findings_of(output: bytes) -> list[tuple[str, ...]]:
    """What both engines have to agree on, sorted."""
    parts = ("rule", "severity", "focus", "path")
    found = json.loads(output)["findings"]
    return sorted(tuple(str(finding[part]) for part in parts) for finding in found)


def violations_of_pyshacl(output: bytes) -> int:
    """How many results pySHACL gives."""
    return output.count(b"Constraint Violation in") + output.count(b"Validation Result in")


def main() -> None:
    """Check that the results are equal, then time each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        data, shapes = inputs(Path(folder))
        validate = (*EMGRAPH, "validate", "--as-of", AS_OF, "--format", "json")
        commands = {
            'python -c "import click"': (PYTHON, "-c", "import click"),
            "emgraph query signed-agreements": (*EMGRAPH, "query", "signed-agreements"),
            "emgraph validate": validate,
            "pyshacl, same graph and shapes": (
                *(PYTHON, "-m", "pyshacl", "-s", str(shapes)),
                *("--allow-warnings", "--allow-infos", str(data)),
            ),
        }
        ours = violations_of_emgraph(run(validate)[1])
        theirs = violations_of_pyshacl(run(list(commands.values())[-1])[1])
        if ours != theirs:
            sys.exit(f"the results differ: emgraph {ours}, pySHACL {theirs}; no time is given")
        reference = run((*validate, "--engine", "pyshacl"))[1]
        if findings_of(run(validate)[1]) != findings_of(reference):
            sys.exit("the two engines do not find the same; no time is given")
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(run(command)[0] * 1000)
    base = statistics.median(next(iter(times.values())))
    print(f"{ours} results from both validators; median of {runs} runs\n")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<34} {median:8.0f} ms {median / base:7.1f} x import click")
    ours_ms, theirs_ms = (statistics.median(values) for values in list(times.values())[-2:])
    print(f"\nemgraph validate is {theirs_ms / ours_ms:.1f} times as fast as the pyshacl command")


if __name__ == "__main__":
    main()
