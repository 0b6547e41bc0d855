"""The catalogue of rules, read from the shapes that are the rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.assets import folder
from emgraph.errors import unknown
from emgraph.files import RdfFile, find
from emgraph.finding import Severity
from emgraph.names import labels
from emgraph.namespaces import DCTERMS, EM, RDF, RDFS, SH
from emgraph.store import Reading, load, read

TOPICS = (
    "file",
    "organisations",
    "collaborations",
    "agreements",
    "legislation",
    "people",
    "boards",
    "money",
    "assurance",
    "sources",
)
SEVERITIES = {
    SH + "Info": Severity.INFO,
    SH + "Warning": Severity.WARNING,
    SH + "Violation": Severity.VIOLATION,
}


@dataclass(frozen=True)
class Rule:
    """One rule: its code and shape, what ought to hold, why, what to do, and on what it rests."""

    code: str
    shape: str
    topic: str
    severity: Severity
    message: str
    reason: str
    remedy: str
    law: tuple[str, ...]
    check: str
    is_file_rule: bool

    @property
    def examples(self) -> tuple[Path, Path]:
        """The file that keeps the rule and the one that breaks it."""
        place = folder("shapes") / "examples" / self.code
        return place / "pass.trig", place / "fail.trig"

    @property
    def name(self) -> str:
        """The rule's name, the end of its shape's IRI."""
        return self.shape.rpartition("/")[2]


def shape_files(paths: Sequence[str] = ()) -> list[RdfFile]:
    """The files of shapes to use: the bundled ones unless paths are named ("bundled" is a path)."""
    files = []
    for path in paths or ("bundled",):
        if path == "bundled":
            bundled = sorted(folder("shapes").glob("*.ttl"))
            files += find([str(file) for file in bundled]) if bundled else []
        else:
            files += find([path])
    return files


def listed(files: Sequence[RdfFile]) -> list[Rule]:
    """Every rule of the files in the order of codes; raises BrokenFile."""
    return listed_in(read(files))


def listed_in(readings: Iterable[Reading]) -> list[Rule]:
    """Every rule of files that have been read, in the order of codes."""
    rules = (rule for reading in readings for rule in rules_of(reading.quads, _topic(reading.file)))
    return sorted(rules, key=lambda rule: (rule.code, rule.shape))


def catalogue(files: Sequence[RdfFile]) -> dict[str, Rule]:
    """The rules of the files by code; raises BrokenFile."""
    return {rule.code: rule for rule in listed(files)}


def _topic(file: RdfFile) -> str:
    return file.graph.rpartition("/")[2]


def rules_of(quads: Iterable[Quad], topic: str) -> Iterator[Rule]:
    """The rules among the statements of one file of shapes: the subjects that have a code."""
    said: dict[object, dict[str, list[str]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            of_subject = said.setdefault(quad.subject, {})
            of_subject.setdefault(quad.predicate.value, []).append(quad.object.value)
    for subject, properties in said.items():
        if not isinstance(subject, NamedNode):
            continue
        for code in properties.get(DCTERMS + "identifier", [])[:1]:
            severity = _first(properties, SH + "severity")
            yield Rule(
                code=code,
                shape=subject.value,
                topic=topic,
                severity=SEVERITIES.get(severity, Severity.VIOLATION),
                message=_first(properties, SH + "message"),
                reason=_first(properties, RDFS + "comment"),
                remedy=_first(properties, EM + "remedy"),
                law=tuple(sorted(properties.get(EM + "restsOn", []))),
                check=_first(properties, EM + "check"),
                is_file_rule=EM + "FileRule" in properties.get(RDF + "type", []),
            )


def _first(properties: dict[str, list[str]], name: str) -> str:
    return min(properties.get(name, []), default="")


def select(
    rules: dict[str, Rule], chosen: Sequence[str], ignored: Sequence[str]
) -> dict[str, Rule]:
    """The rules that are asked for; raises EmgraphError for a code that no rule has.

    EMG001 always stays: what cannot be read cannot be left unsaid.
    """
    for code in (*chosen, *ignored):
        if code.upper() not in rules:
            raise unknown("rule", code, rules)
    wanted = {code.upper() for code in chosen} or set(rules)
    unwanted = {code.upper() for code in ignored}
    return {c: r for c, r in rules.items() if (c in wanted and c not in unwanted) or c == "EMG001"}


def law_words(iris: Iterable[str]) -> dict[str, str]:
    """What the bundled graph calls the provisions and norms that rules rest on, by IRI."""
    wanted = set(iris)
    if not wanted:
        return {}
    data = folder("data")
    cited = (
        p for p in sorted((data / "sources").glob("*.trig")) if any(p.stem in w for w in wanted)
    )
    places = [data / "reference" / "legislation.ttl", *cited]
    return labels(load(find([str(place) for place in places])), wanted)


def lint(rules: Iterable[Rule]) -> Iterator[str]:
    """What is wrong with the catalogue itself, one sentence each: nothing in a good one."""
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.code in seen:
            yield f"{rule.code} is the code of both {seen[rule.code]} and {rule.name}."
        seen[rule.code] = rule.name
        expected = f"EMG{TOPICS.index(rule.topic)}" if rule.topic in TOPICS else "EMG?"
        if not rule.code.startswith(expected) or len(rule.code) != 6:
            yield f"{rule.code} is not a code for the topic {rule.topic}."
        for part in ("message", "reason", "remedy"):
            if not getattr(rule, part):
                yield f"{rule.code} has no {part}."
        for path in rule.examples:
            if not path.is_file():
                yield f"{rule.code} lacks its example {path.name}."
