"""The catalogue of rules, read from the shapes that are the rules."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.assets import folder
from emgraph.errors import EmgraphError, unknown
from emgraph.finding import Finding, Severity
from emgraph.namespaces import DCTERMS, EM, RDF, RDFS, SH, local_name
from emgraph.rdf.files import RdfFile, find
from emgraph.rdf.names import labels
from emgraph.rdf.store import Reading, load, read
from emgraph.terms import Term

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

_TARGETS = tuple(SH + f"target{name}" for name in ("Class", "Node", "SubjectsOf", "ObjectsOf"))
_NODES = (NamedNode, BlankNode)
_GENERATED = re.compile("[0-9a-fA-F-]{32,}")  # no name: the shape around it has one
_SHAPES = frozenset((NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")))


class Rule(NamedTuple):
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
    masks_value: bool = False

    @property
    def examples(self) -> tuple[Path, Path]:
        """The file that keeps the rule and the one that breaks it."""
        place = folder("shapes") / "examples" / self.code
        return place / "pass.trig", place / "fail.trig"

    def finding(
        self,
        words: str = "",
        *,
        focus: Term | None = None,
        path: NamedNode | None = None,
        value: Term | None = None,
        file: str | None = None,
    ) -> Finding:
        """That something breaks the rule, in its own sentence and further words."""
        return Finding(
            rule=self.code,
            severity=self.severity,
            message=f"{self.message} {words}".rstrip(),
            remedy=self.remedy,
            focus=focus,
            path=path,
            value=value,
            shape=self.shape,
            file=file,
        )

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


def read_shapes(files: Sequence[RdfFile]) -> list[Reading]:
    """What files of shapes say; raises BrokenFile.

    Shapes of others that have no code get one, the end of their IRI or, of a shape without an IRI,
    of its target: people who write SHACL elsewhere give none.
    """
    ours = folder("shapes")
    return [
        reading if reading.file.path and reading.file.path.parent == ours else _coded(reading)
        for reading in read([file.at_home for file in files])
    ]


def _coded(reading: Reading) -> Reading:
    said: dict[Term, dict[str, list[Term]]] = {}
    for quad in reading.quads:
        said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    parameters = {p for properties in said.values() for p in properties.get(SH + "parameter", ())}
    codes = [
        Quad(subject, NamedNode(DCTERMS + "identifier"), Literal(code))
        for subject, properties in said.items()
        if isinstance(subject, _NODES)
        if DCTERMS + "identifier" not in properties and subject not in parameters
        if (code := _derived(subject, properties))
    ]
    return reading._replace(quads=(*reading.quads, *codes))


def _derived(subject: Term, properties: Mapping[str, Sequence[Term]]) -> str:
    """The code that a subject is given; empty for what is no shape, or one without any name."""
    targets = [term for name in _TARGETS for term in properties.get(name, ())]
    if isinstance(subject, BlankNode):
        return min((_end(t.value) for t in targets if isinstance(t, NamedNode)), default="")
    is_shape = targets or SH + "property" in properties or SH + "path" in properties
    kinds = properties.get(RDF + "type", ())
    if isinstance(subject, NamedNode) and (is_shape or not _SHAPES.isdisjoint(kinds)):
        end = _end(subject.value)
        return "" if _GENERATED.fullmatch(end) else end
    return ""


def _end(iri: str) -> str:
    return local_name(iri).rpartition(":")[2] or iri


def listed(files: Sequence[RdfFile]) -> list[Rule]:
    """Every rule of the files in the order of codes; raises BrokenFile."""
    return listed_in(read_shapes(files))


def listed_in(readings: Iterable[Reading]) -> list[Rule]:
    """Every rule of files that have been read, in the order of codes."""
    rules = (rule for reading in readings for rule in rules_of(reading.quads, _topic(reading.file)))
    return sorted(rules, key=lambda rule: (rule.code, rule.shape))


def by_code(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules by code, each with a sentence, also where its shape brings none."""
    return {
        rule.code: rule
        if rule.message
        else rule._replace(message=f"What {rule.code} asks for is so.")
        for rule in rules
    }


def catalogue(files: Sequence[RdfFile]) -> dict[str, Rule]:
    """The rules of the files by code; raises BrokenFile."""
    return by_code(listed(files))


def _topic(file: RdfFile) -> str:
    return file.graph.rpartition("/")[2]


def rules_of(quads: Iterable[Quad], topic: str) -> Iterator[Rule]:
    """The rules among the statements of one file of shapes: the subjects that have a code."""
    said: dict[NamedNode | BlankNode, dict[str, list[str]]] = {}
    for quad in sorted(quads, key=_is_foreign):
        if isinstance(quad.subject, _NODES) and isinstance(quad.object, NamedNode | Literal):
            if _is_foreign(quad) and quad.predicate.value in said.get(quad.subject, ()):
                continue
            of_subject = said.setdefault(quad.subject, {})
            of_subject.setdefault(quad.predicate.value, []).append(quad.object.value)
    for subject, properties in said.items():
        is_file_rule = EM + "FileRule" in properties.get(RDF + "type", ())
        is_rule = is_file_rule or _is_about_shapes(properties)
        for code in properties.get(DCTERMS + "identifier", [])[:1] if is_rule else ():
            severity = _first(properties, SH + "severity")
            yield Rule(
                code=code,
                shape=subject.value,
                topic=topic,
                severity=SEVERITIES.get(severity, Severity.VIOLATION),
                message=_first(properties, SH + "message")
                or _first(properties, SH + "description"),
                reason=_first(properties, RDFS + "comment"),
                remedy=_first(properties, EM + "remedy"),
                law=tuple(sorted(properties.get(EM + "restsOn", []))),
                check=_first(properties, EM + "check"),
                is_file_rule=is_file_rule,
                masks_value="true" in properties.get(EM + "masksValue", []),
            )


def _is_about_shapes(properties: Mapping[str, Sequence[str]]) -> bool:
    """Whether something is said of a subject in the words of SHACL."""
    kinds = properties.get(RDF + "type", ())
    return any(word.startswith(SH) for word in (*properties, *kinds))


def _is_foreign(quad: Quad) -> bool:
    """Whether a statement gives words in another language than English."""
    language = quad.object.language if isinstance(quad.object, Literal) else None
    return bool(language) and str(language).partition("-")[0].lower() != "en"


def _first(properties: dict[str, list[str]], name: str) -> str:
    return min(properties.get(name, []), default="")


def select(
    rules: dict[str, Rule], chosen: Sequence[str], ignored: Sequence[str]
) -> dict[str, Rule]:
    """The rules that are asked for by code or name; raises EmgraphError for one that no rule has.

    It does so where none is left too. EMG001 always stays: what cannot be read is not left unsaid.
    """
    wanted = {called(word, rules).code.upper() for word in chosen} or {c.upper() for c in rules}
    wanted -= {called(word, rules).code.upper() for word in ignored}
    if chosen and not wanted:
        raise EmgraphError("--ignore leaves out every --rule, so that nothing would be judged.")
    return {c: r for c, r in rules.items() if c.upper() in wanted or c == "EMG001"}


def called(word: str, rules: Mapping[str, Rule]) -> Rule:
    """The rule of a code, or of a name that no other has; raises EmgraphError."""
    alike = {code.upper(): rule for code, rule in rules.items()} | dict(rules)
    found = alike.get(word) or alike.get(word.upper())
    named = [rule for rule in rules.values() if rule.name.casefold() == word.casefold()]
    if found is None and len(named) != 1:
        raise unknown("rule", word, [*rules, *(r.name for r in rules.values())], "emgraph rules")
    return found or named[0]


def law_words(
    iris: Iterable[str], store: Store | None = None, files: Iterable[RdfFile] = ()
) -> dict[str, str]:
    """What the bundled graph calls the provisions and norms that rules rest on, by IRI.

    A store of files serves if the bundled ones that say so are among them.
    """
    wanted = set(iris)
    if not wanted:
        return {}
    data = folder("data")
    cited = (
        p for p in sorted((data / "sources").glob("*.trig")) if any(p.stem in w for w in wanted)
    )
    places = [data / "reference" / "legislation.ttl", *cited]
    if store is None or not {file.path for file in files}.issuperset(places):
        store = load(find([str(place) for place in places]))
    return labels(store, wanted)


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
