"""Loading, asking, sorted Turtle and export, against rdflib on the same triples."""

import sys
from pathlib import Path

from benchmarks.measure import Figure, figure, several
from benchmarks.peers import VENV
from benchmarks.validators import inputs

_LOAD = """
from emgraph.rdf.files import find
from emgraph.rdf.store import load
load(find([{data!r}]))
"""
_ASK = """
from emgraph.rdf.files import find
from emgraph.rdf.store import load
store = load(find([{data!r}]))
print(len(list(store.query(open({query!r}).read()))))
"""
_RDFLIB = "from rdflib import Graph; graph = Graph(); graph.parse({data!r})"
_RDFLIB_ASK = _RDFLIB + "\nprint(len(list(graph.query(open({query!r}).read()))))"
_RDFLIB_TURTLE = _RDFLIB + "; graph.serialize({out!r}, format='turtle')"
_QUERY = """
PREFIX em: <https://w3id.org/emgraph/ns/>
PREFIX org: <http://www.w3.org/ns/org#>
SELECT DISTINCT ?collaboration ?member ?chief WHERE {
  ?membership a em:Membership ; org:organization ?collaboration ; org:member ?member .
  ?agreement em:governs ?collaboration ; em:hasParty/em:partyOrganization ?chief .
  ?chief em:directs ?member .
  OPTIONAL { ?membership em:begins/em:earliest ?first }
  FILTER (!BOUND(?first) || ?first < "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>)
}
ORDER BY ?collaboration ?member
"""


def measured(folder: Path, size: int, runs: int, limit: float) -> list[Figure]:
    """The figures of one size, results compared by number of rows."""
    place = inputs(folder, size)
    query, out = place / "members.rq", place / "out.ttl"
    query.write_text(_QUERY)
    names = {"data": str(place / "data.nt"), "query": str(query), "out": str(out)}
    here, there = sys.executable, str(VENV / "python")
    turtle = (here, "-m", "emgraph", "export", "--data", names["data"], "--format", "turtle")
    commands = {
        "emgraph: load": (here, "-c", _LOAD.format(**names)),
        "rdflib: load": (there, "-c", _RDFLIB.format(**names)),
        "emgraph: load and ask who takes part": (here, "-c", _ASK.format(**names)),
        "rdflib: load and ask who takes part": (there, "-c", _RDFLIB_ASK.format(**names)),
        "emgraph: export sorted Turtle with citations": (*turtle, "-o", names["out"]),
        "rdflib: load and write Turtle": (there, "-c", _RDFLIB_TURTLE.format(**names)),
    }
    figures, answers = [], {}
    for name, command in commands.items():
        out.unlink(missing_ok=True)
        done = several(command, runs, limit)
        answers[name] = done[0].output.strip()
        figures.append(figure(name, done, limit, done[0].failed))
    ours, theirs = (answers[f"{who}: load and ask who takes part"] for who in ("emgraph", "rdflib"))
    if theirs and ours != theirs:
        sys.exit(f"who takes part: {ours!r} rows, rdflib {theirs!r}; no time is given")
    return figures
