"""The bundled shapes as they were compiled, so that a run need not read and compile them again.

What is kept was compiled for data of any class of the ontology, and holds as long as the shapes and
the ontology are the same to the byte. It is derived (`make derived`); nothing is lost without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path as FilePath
from typing import Any, NamedTuple
from zlib import adler32, crc32

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from emgraph.errors import Uncovered
from emgraph.finding import Path, PathOf, Severity
from emgraph.rdf.files import RdfFile, content
from emgraph.shacl.background import Background
from emgraph.shacl.jobs import Job, Plan, Query, Target
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import Altered, Reads
from emgraph.terms import Term

PLACE = FilePath(__file__).parent / "kept.json"


class Kept(NamedTuple):
    """The rules and what they are compiled to.

    Also what they read of the spelling of values, whether they read named graphs, and what the
    ontology says.
    """

    rules: list[Rule]
    plan: Plan
    reads: Reads
    reads_graphs: bool
    background: Background

    def holds(self, altered: Altered) -> bool:
        """Whether what a store alters makes no difference."""
        try:
            altered.check(self.reads)
        except Uncovered:
            return False
        return True


def read(files: Iterable[RdfFile]) -> Kept | None:
    """What is kept for these files of shapes and ontology, if it was made of them."""
    try:
        said = json.loads(PLACE.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or said.get("made of") != made_of(files):
        return None
    targets = [
        Target(_term(shape), pattern, tuple(classes), tuple(properties))
        for shape, pattern, classes, properties in said["targets"]
    ]
    jobs = [_job(words, targets) for words in said["jobs"]]
    counted = {code: [targets[n] for n in numbers] for code, numbers in said["counted"].items()}
    rules = [
        Rule(**words | {"severity": Severity(words["severity"]), "law": tuple(words["law"])})
        for words in said["rules"]
    ]
    reads = Reads(*map(frozenset, said["reads"]))
    ontology = parse("\n".join(said["ontology"]), RdfFormat.N_TRIPLES)
    background = Background([*ontology], said["labels"])
    return Kept(rules, Plan(jobs, counted, {}), reads, said["reads graphs"], background)


def write(files: Iterable[RdfFile], kept: Kept) -> bytes:
    """What to keep, as bytes; raises ValueError for a plan that is not whole."""
    rules, plan, reads, reads_graphs, background = kept
    if plan.left:
        raise ValueError(f"not compiled: {plan.left}")
    targets = list(dict.fromkeys(t for listed in plan.counted.values() for t in listed))
    number = {target: n for n, target in enumerate(targets)}
    said = {
        "made of": made_of(files),
        "reads": [*map(sorted, reads)],
        "reads graphs": reads_graphs,
        "rules": [rule._asdict() for rule in rules],
        "targets": [(_words(shape), *rest) for shape, *rest in targets],
        "counted": {code: [number[t] for t in listed] for code, listed in plan.counted.items()},
        "jobs": [_said(job, number) for job in plan.jobs],
        "ontology": sorted(f"{quad.triple} ." for quad in background.quads),
        "labels": dict(sorted(background.labels.items())),
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def made_of(files: Iterable[RdfFile]) -> str:
    """What files say, told apart from what they may say next; every Python gives the same."""
    whole = b"".join(b"%d %b" % (len(said), said) for said in map(content, files))
    return f"{crc32(whole):08x} {adler32(whole):08x} {len(whole)}"


def _said(job: Job, number: dict[Target, int]) -> list[object]:
    query = job.query
    return [
        query.text,
        _words(query.shape),
        query.component,
        _words(query.parameter),
        _steps(query.path),
        _words(query.constraint),
        query.value_is_focus,
        number[job.target],
        *job[2:],
    ]


def _job(said: Sequence[Any], targets: Sequence[Target]) -> Job:
    text, shape, component, parameter, path, constraint, is_focus, number, *rest = said
    code, coded, severity, *more = rest
    given = _term(parameter) if parameter else None
    by = _term(constraint) if constraint else None
    query = Query(text, _term(shape), component, given, path and _path(path), by, is_focus)
    return Job(query, targets[number], code, coded, Severity(severity), *more)


def _words(term: Term | None) -> list[str] | None:
    """A term by its kind and parts."""
    if isinstance(term, Literal):
        return [term.value, term.language or "", term.datatype.value]
    return None if term is None else [str(term)]


def _term(words: Sequence[str]) -> Term:
    if len(words) == 3:
        text, language, datatype = words
        return (
            Literal(text, language=language)
            if language
            else Literal(text, datatype=NamedNode(datatype))
        )
    name = words[0]
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name[1:-1])


def _steps(path: Path | None) -> object:
    """A path by its property, or its operator and parts."""
    if isinstance(path, PathOf):
        return [path.operator, *map(_steps, path.parts)]
    return path and path.value


def _path(steps: Any) -> Path:
    if isinstance(steps, str):
        return NamedNode(steps)
    return PathOf(steps[0], tuple(map(_path, steps[1:])))
