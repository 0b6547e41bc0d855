"""Validation where the data is: the same nation in files, in an Oxigraph server, in a Virtuoso."""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.generate import AS_OF
from benchmarks.measure import Figure, Run, figure, run
from benchmarks.startup import EMGRAPH
from benchmarks.validators import inputs
from tests import servers

FILES = "emgraph"
_BOOLEANS = {"true": 1.0, "false": 0.0}


def measured(folder: Path, size: int, runs: int, limit: float) -> list[Figure]:
    """The figures of files and of each server, in turn; stops everything if findings differ."""
    place = inputs(folder, size)
    asked = ("--as-of", AS_OF, "--fail-on", "never", "--format", "json")
    commands: dict[str, tuple[str, ...]] = {}
    commands[FILES] = (*EMGRAPH, "validate", str(place / "nation.nq"), *asked)
    remarks = {
        kind: f"not installed: {why}" for kind in servers.KINDS if (why := servers.missing(kind))
    }
    with ExitStack() as held:
        for kind in servers.KINDS:
            if kind not in remarks:
                home = Path(held.enter_context(TemporaryDirectory(dir=place)))
                running = servers.running(kind, home, place / "nation.nq", is_large=True)
                there = ("--endpoint", held.enter_context(running).url, "--timeout", str(limit))
                commands[kind] = (*EMGRAPH, "validate", *there, *asked)
        done: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                done[name].append(run(command, limit))
                print(f"  {place.name} {name}: {done[name][-1].seconds} s", flush=True)
    check(done)
    figures = [figure(name, found, limit, found[0].failed) for name, found in done.items()]
    return [*figures, *(Figure(name, remark=why) for name, why in remarks.items())]


def check(done: dict[str, list[Run]]) -> None:
    """Stop unless each server has the findings of the files, save of rules that it names."""
    reports = {
        name: json.loads(runs[0].output)
        for name, runs in done.items()
        if runs[0].seconds is not None and not runs[0].failed
    }
    if FILES not in reports:
        sys.exit("files were not judged within the limit; no time is given")
    for name, report in reports.items():
        ours, theirs = (_found(one, report["unjudged"]) for one in (reports[FILES], report))
        if ours != theirs:
            differ = [*(ours - theirs).elements(), *(theirs - ours).elements()]
            sys.exit(f"{name}: {len(differ)} findings differ, as {differ[0]}; no time is given")


def _found(report: dict[str, Any], unjudged: list[str]) -> Counter[str]:
    """What findings say, in value space; blank nodes are called otherwise by everybody."""
    said = ("rule", "severity", "path", "message", "remedy", "waived")
    found = Counter[str]()
    for one in report["findings"]:
        is_blank = one["focus"].startswith("_:")
        about = "_" if is_blank else [one[name] for name in ("focus", "label", "sources")]
        if one["rule"] not in unjudged:
            found[str([*(one[name] for name in said), about, _in_value_space(one["value"])])] += 1
    return found


def _in_value_space(value: str | None) -> object:
    if value is None or value in _BOOLEANS:
        return _BOOLEANS.get(value or "")
    try:
        return float(value)
    except ValueError:
        return value
