"""Validation at size: ourselves and others on the same files, side by side, results compared."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Quad, RdfFormat, Store, parse

from benchmarks.generate import AS_OF, generate
from benchmarks.measure import Figure, Run, figure, run, several
from benchmarks.peers import Peer, Results, emgraph, installed, results
from emgraph.namespaces import RDFS, SH, SKOS
from emgraph.rdf import turtle
from emgraph.rdf.files import ontology
from emgraph.rdf.store import statements
from emgraph.shacl.rules import shape_files
from emgraph.validation.validate import run_triple

SCENARIOS = {"core": ("Core", "core.ttl"), "sparql": ("Core + SPARQL", "all.ttl")}
_ANNOTATIONS = (RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", SKOS)


def inputs(folder: Path, size: int) -> Path:
    """A folder with a nation, its merge with the ontology as triples, and the shapes.

    A process of its own makes it, for what one has held counts as the peak of those it starts.
    """
    place = folder / str(size)
    if not (place / "data.nt").exists():
        make = f"from benchmarks.validators import make; make({str(place)!r}, {size})"
        subprocess.run((sys.executable, "-c", make), check=True)
    return place


def make(folder: str, size: int) -> None:
    """Write the inputs of one size into a folder."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    generate(size, 1, place / "nation.nq")
    store = Store()
    store.bulk_extend(
        Quad(quad.subject, quad.predicate, quad.object) for quad in parse(path=place / "nation.nq")
    )
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object)
        for quad in (*statements(ontology()), run_triple(AS_OF))
        if not quad.predicate.value.startswith(_ANNOTATIONS)
    )
    shapes = [Quad(q.subject, q.predicate, q.object) for q in statements(shape_files())]
    (place / "all.ttl").write_bytes(turtle.write(shapes, "turtle"))
    core = list(_without_sparql(shapes))
    (place / "core.ttl").write_bytes(turtle.write(core, "turtle"))
    store.dump(place / "data.nt", RdfFormat.N_TRIPLES, from_graph=DefaultGraph())


def _without_sparql(shapes: Sequence[Quad]) -> Iterator[Quad]:
    """The shapes that use nothing but SHACL Core."""
    dropped: set[object] = {q.subject for q in shapes if q.predicate.value == SH + "sparql"}
    while True:
        more = {
            q.object for q in shapes if q.subject in dropped and isinstance(q.object, BlankNode)
        }
        if more <= dropped:
            break
        dropped |= more
    yield from (quad for quad in shapes if quad.subject not in dropped)


def planted_are_found(place: Path, runs: int, limit: float) -> Figure:
    """Validate the nation with its graphs; stops everything if a planted fault is missed."""
    command = (
        *(sys.executable, "-m", "emgraph", "validate", str(place / "nation.nq")),
        *("--as-of", AS_OF, "--fail-on", "never", "--format", "json"),
    )
    every = several(command, runs, limit)
    done = every[0]
    if done.seconds is None:
        return figure("emgraph", every, limit)
    found = json.loads(done.output)["findings"]
    counts = Counter(finding["rule"] for finding in found if not finding["waived"])
    wanted = json.loads((place / "nation.json").read_text())["findings"]
    if counts != wanted:
        differ = sorted(code for code in {*counts, *wanted} if counts[code] != wanted.get(code, 0))
        sys.exit(f"{place.name}: not the planted faults ({', '.join(differ)}); no time is given")
    return figure("emgraph", every, limit)


def compared(
    place: Path, scenario: str, runs: int, limit: float, skip: Mapping[str, str]
) -> list[Figure]:
    """Every validator on one scenario, save for those to skip, each with the reason.

    Those that are right have times, the others say why not.
    """
    peers, missing = installed()
    peers = [emgraph(), *(peer for peer in peers if peer.name not in skip)]
    found: dict[str, Results] = {}
    times: dict[str, list[Run]] = {peer.name: [] for peer in peers}
    remarks = {name: f"not installed: {why}" for name, why in missing.items()}
    remarks |= skip
    for number in range(runs):
        for peer in peers:
            if peer.name not in remarks:
                out = place / "report"
                out.unlink(missing_ok=True)
                done = run(_filled(peer, place, scenario, out), limit)
                times[peer.name].append(done)
                if done.seconds is None:
                    remarks[peer.name] = f"> {limit:,.0f} s"
                elif number == 0:
                    found[peer.name] = _read(peer, done, out)
                    remarks |= _wrong(peer.name, found, done)
                print(f"  {scenario} {place.name} {peer.name}: {done.seconds} s", flush=True)
    return [
        figure(name, times.get(name, []), limit, remarks.get(name, ""))
        for name in (*times, *(n for n in remarks if n not in times))
    ]


def _filled(peer: Peer, place: Path, scenario: str, out: Path) -> list[str]:
    names = {"data": place / "data.nt", "shapes": place / SCENARIOS[scenario][1], "out": out}
    command = []
    for part in peer.command:
        for name, path in names.items():
            part = part.replace(f"{{{name}}}", str(path))  # noqa: PLW2901
        command.append(part)
    return command


def _read(peer: Peer, done: Run, out: Path) -> Results:
    """What a validator found; nothing if its report is none."""
    report = out.read_bytes() if out.exists() else done.output
    try:
        return results(report, peer.form)
    except SyntaxError:
        return frozenset()


def _wrong(name: str, found: dict[str, Results], done: Run) -> dict[str, str]:
    """What is wrong with the results of a validator, measured by ours."""
    ours, theirs = found["emgraph"], found[name]
    if ours == theirs:
        return {}
    if not theirs:
        return {name: f"no report: {done.failed or 'it is not RDF'}"[:120]}
    lacks, more = len(ours - theirs), len(theirs - ours)
    return {name: f"wrong: {lacks:,} of {len(ours):,} results missing, {more:,} that are none"}
