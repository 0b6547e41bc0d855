"""The bundled graph, by whole processes from cold: validate and query, and what others need."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, Run, figure, run
from benchmarks.peers import VENV
from emgraph.rdf import turtle
from emgraph.rdf.files import bundled, ontology
from emgraph.rdf.store import statements
from emgraph.shacl.rules import catalogue, shape_files
from emgraph.validation.validate import run_triple

EMGRAPH = (sys.executable, "-m", "emgraph")
AS_OF = "2027-01-01"
QUESTION = "signed-agreements"
_RDFLIB = """
import sys
from rdflib import Dataset
graph = Dataset(default_union=True)
for file in sys.argv[2:]:
    graph.parse(file)
print(len(list(graph.query(open(sys.argv[1]).read()))))
"""


def measured(folder: Path, runs: int, limit: float) -> list[Figure]:
    """Every command's figure; stops everything if results differ."""
    folder.mkdir(parents=True, exist_ok=True)
    data, shapes, query = folder / "data.ttl", folder / "shapes.ttl", folder / "query.rq"
    files = [*bundled(), *ontology()]
    data.write_bytes(turtle.write([*statements(files), run_triple(AS_OF)], "turtle"))
    shapes.write_bytes(turtle.write(statements(shape_files()), "turtle"))
    asked = (*EMGRAPH, "query", QUESTION, "--as-of", AS_OF)
    query.write_bytes(subprocess.run((*asked, "--show"), capture_output=True, check=True).stdout)
    places = [str(file.path) for file in files]
    commands = {
        "import click": (sys.executable, "-c", "import click"),
        "emgraph --version": (*EMGRAPH, "--version"),
        "emgraph query": (*asked, "--format", "csv"),
        "rdflib script": (str(VENV / "python"), "-c", _RDFLIB, str(query), *places),
        "emgraph validate": (*EMGRAPH, "validate", "--as-of", AS_OF, "--format", "json"),
        "pySHACL command": (
            *(str(VENV / "pyshacl"), "-s", str(shapes), "--allow-warnings", "--allow-infos"),
            str(data),
        ),
    }
    done: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            done[name].append(run(command, limit))
    _check(done)
    return [figure(name, found, limit) for name, found in done.items()]


def _check(done: dict[str, list[Run]]) -> None:
    """Stop unless both validators name as many results, and both questions have as many rows."""
    coded = {rule.code for rule in catalogue(shape_files()).values() if not rule.is_file_rule}
    ours = json.loads(done["emgraph validate"][0].output)["findings"]
    report = done["pySHACL command"][0].output
    theirs = report.count(b"Constraint Violation in") + report.count(b"Validation Result in")
    if (number := sum(finding["rule"] in coded for finding in ours)) != theirs:
        sys.exit(f"the bundled graph: {number} results, pySHACL {theirs}; no time is given")
    rows = len(list(csv.reader(io.StringIO(done["emgraph query"][0].output.decode())))) - 1
    if rows != int(done["rdflib script"][0].output or b"-1"):
        sys.exit(f"{QUESTION}: {rows} rows, rdflib has others; no time is given")
