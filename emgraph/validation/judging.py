"""An engine's verdict by the shapes: made here, or for the shapes of others in a child process.

Shapes can ask for more than any time or memory, and an engine cannot be stopped from within.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode, Quad

from emgraph import child
from emgraph.errors import EmgraphError, Stopped, WrongShapes, nearest
from emgraph.finding import Finding
from emgraph.namespaces import EM, OWL, SH, shrink
from emgraph.rdf.lines import lines
from emgraph.rdf.store import Reading
from emgraph.shacl.rules import Rule
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.vocabulary import TERMS
from emgraph.stopwatch import Stopwatch
from emgraph.terms import Term

MEMORY = 640 * 2**20
MEMORY_OF_STATEMENT = 8 * 2**10  # where pySHACL judges
TIMEOUT = 60.0
_IMPORTS = "owl:imports"
_UNHEEDED = {OWL + "imports": _IMPORTS} | {
    SH + name: f"sh:{name}" for name in ("js", "rule", "expression")
}
_TO_SHAPES = tuple(SH + name for name in ("node", "not", "qualifiedValueShape"))
_TO_LISTS = tuple(SH + name for name in ("and", "or", "xone"))
_QUALIFIED = ("sh:qualifiedValueShape", "sh:qualifiedMinCount", "sh:qualifiedMaxCount")
_SEVERITIES = ("Info", "Warning", "Violation")
_SHACL = f"<{SH}>"
_OF_CLASSES = (SH + "targetClass", SH + "class")
_FETCHES = ("socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen")


class Engine(Protocol):
    """What judges by shapes."""

    fallen_back: dict[str, str]
    watch: Stopwatch

    def findings(self, rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """What the shapes find."""

    def looked_at(self, rules: Mapping[str, Rule]) -> dict[str, int]:
        """How many nodes each rule looked at."""


class Verdict(NamedTuple):
    """What an engine has to say: its findings, and what it looked at, left to others and took."""

    findings: list[Finding]
    looked_at: dict[str, int]
    fallen_back: dict[str, str]
    watch: Stopwatch


def judge(
    make: Callable[[], Engine], wanted: Mapping[str, Rule], rules: Mapping[str, Rule]
) -> Verdict:
    """The verdict of the engine that is made; raises EmgraphError for shapes that cannot be run."""
    engine = make()
    findings = list(engine.findings(wanted))
    engine.watch.lap("shapes")
    looked_at = engine.looked_at(rules)
    engine.watch.lap("counting nodes")
    return Verdict(findings, looked_at, engine.fallen_back, engine.watch)


def judge_apart(
    make: Callable[[], Engine],
    wanted: Mapping[str, Rule],
    rules: Mapping[str, Rule],
    timeout: float = TIMEOUT,
    statements: int = 0,
) -> Verdict:
    """The same in a child process that is ended after a time (seconds), where the system has fork.

    The memory that it may have grows with the `statements` that are judged. Raises EmgraphError
    also for shapes that take too much.
    """
    if not hasattr(os, "fork"):
        return judge(make, wanted, rules)
    import pickle

    try:
        memory = MEMORY + MEMORY_OF_STATEMENT * statements
        reply = child.call(_reply, make, wanted, rules, timeout=timeout, memory=memory)
    except Stopped as stopped:
        why = f" ({stopped.cause})" if stopped.cause else ""
        hint = "Simplify them." if stopped.cause else "Simplify them, or raise --timeout."
        raise EmgraphError(
            f"the shapes were stopped after {stopped.seconds:.1f} s{why}. {hint}"
        ) from stopped
    verdict = pickle.loads(reply)
    if isinstance(verdict, Verdict):
        return verdict
    raise WrongShapes(*verdict)


def _reply(
    make: Callable[[], Engine], wanted: Mapping[str, Rule], rules: Mapping[str, Rule]
) -> bytes:
    """The verdict, or the shape that is wrong and what is wrong with it, pickled."""
    import pickle

    sys.addaudithook(_fetch_nothing)
    try:
        return pickle.dumps(judge(make, wanted, rules))
    except WrongShapes as fault:
        return pickle.dumps((fault.node, fault.what))
    except EmgraphError as fault:
        return pickle.dumps((None, str(fault)))
    except (MemoryError, RecursionError) as fault:
        what = "ran out of memory" if isinstance(fault, MemoryError) else "nest too deep"
        return pickle.dumps((None, f"the shapes cannot be run: they {what}. Simplify them."))


def _fetch_nothing(event: str, _arguments: tuple[object, ...]) -> None:
    """An audit hook of Python that ends whatever would connect or start a program."""
    if event in _FETCHES:
        raise EmgraphError(f"the shapes cannot be run: they would fetch something ({event}).")


def defined(readings: Iterable[Reading]) -> list[Quad]:
    """What the shapes say, without references to property shapes of which nothing is said."""
    quads = [quad for reading in readings for quad in reading.quads]
    here = {quad.subject for quad in quads}
    return [quad for quad in quads if not _is_empty(quad, here)]


def _is_empty(quad: Quad, here: Container[Term]) -> bool:
    return (
        quad.predicate.value == SH + "property"
        and isinstance(quad.object, NamedNode)
        and quad.object not in here
    )


def unheeded(readings: Iterable[Reading]) -> Iterator[str]:
    """What files of shapes ask for that is not done, one sentence for each file and kind."""
    readings = list(readings)
    here = {quad.subject for reading in readings for quad in reading.quads}
    graph = Shapes(quad for reading in readings for quad in reading.quads)
    for reading in readings:
        for name in sorted({str(q.object) for q in reading.quads if _is_empty(q, here)}):
            yield f"{reading.file.name}: {name} is no property shape here. It is not judged."
        for shape, word in sorted(_unqualified(graph, reading)):
            what = f"{shape} has {word}, but no sh:path. It is not judged."
            yield f"{reading.file.name}: {what}"
        for name in _absent(graph, reading, here):
            what = f"{name} is no shape here, and everything meets it. Name its file with --shapes."
            yield f"{reading.file.name}: {what}"
        graded = {q.object for q in reading.quads if q.predicate.value == SH + "severity"}
        for text in sorted(term.value for term in graded if isinstance(term, Literal)):
            close = nearest(text.rpartition(":")[2].capitalize(), _SEVERITIES)
            meant = f" Did you mean sh:{close}?" if close else ""
            what = f"sh:severity {text!r} is a text and counts as sh:Violation.{meant}"
            yield f"{reading.file.name}: {what}"
        for word in sorted(_strange(reading)):
            close = nearest(word, TERMS)
            meant = f" Did you mean sh:{close}?" if close else ""
            yield f"{reading.file.name}: sh:{word} is no term of SHACL.{meant}"
        asked = {
            word: sorted({str(q.object) for q in reading.quads if q.predicate.value == iri})
            for iri, word in _UNHEEDED.items()
        }
        for word, values in asked.items():
            if word != _IMPORTS:
                if values:
                    yield f"{reading.file.name}: {word} is not run. What it asks for is not judged."
                continue
            away = [v for v in values if v != _SHACL and v not in map(str, here)]
            if away:
                more = f" and {len(away) - 1} more" if away[1:] else ""
                verb, files = ("are", "files") if away[1:] else ("is", "file")
                what = (
                    f"{word} {away[0]}{more} {verb} not followed. Name the {files} with --shapes."
                )
                yield f"{reading.file.name}: {what}"


def _absent(graph: Shapes, reading: Reading, here: Container[Term]) -> list[str]:
    """The shapes that a file refers to and of which nothing is said, but for sh:property."""
    asked: set[Term] = set()
    for quad in reading.quads:
        if quad.predicate.value in _TO_SHAPES:
            asked.add(quad.object)
        elif quad.predicate.value in _TO_LISTS:
            with contextlib.suppress(WrongShapes):  # of a shape that judges nothing
                asked.update(graph.members(quad.object))
    return sorted(str(s) for s in asked if isinstance(s, NamedNode) and s not in here)


def _unqualified(graph: Shapes, reading: Reading) -> set[tuple[str, str]]:
    """The node shapes that count a kind of value: SHACL allows that, and it means nothing."""
    return {
        (str(q.subject) if isinstance(q.subject, NamedNode) else "a shape without an IRI", word)
        for q in reading.quads
        if (word := shrink(q.predicate.value)) in _QUALIFIED
        and not graph.objects(q.subject, SH + "path")
    }


def _strange(reading: Reading) -> set[str]:
    """The words that a file takes for terms of SHACL."""
    used = {
        term.value.removeprefix(SH)
        for quad in reading.quads
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(SH)
    }
    return {word for word in used if word.partition("-")[0] not in TERMS and word}


def unknown_classes(readings: Iterable[Reading], terms: Iterable[Quad]) -> Iterator[str]:
    """The classes of our namespace that shapes ask for and `terms`, the ontology, do not have."""
    readings = list(readings)
    ours = {quad.subject.value for quad in terms if isinstance(quad.subject, NamedNode)}
    here = {str(quad.subject) for reading in readings for quad in reading.quads}
    known = [shrink(iri) for iri in sorted(ours) if iri.startswith(EM)]
    for reading in readings:
        asked = {
            quad.object.value
            for quad in reading.quads
            if quad.predicate.value in _OF_CLASSES and isinstance(quad.object, NamedNode)
        }
        for iri in sorted(asked - ours):
            if iri.startswith(EM) and f"<{iri}>" not in here:
                close = nearest(shrink(iri), known)
                meant = f" Did you mean {close}?" if close else ""
                yield f"{reading.file.name}: {shrink(iri)} is no term of the ontology.{meant}"


def blame(fault: EmgraphError, readings: Sequence[Reading]) -> EmgraphError:
    """The error with the file of the shapes before it, and the line of the shape if it is known."""
    node = fault.node if isinstance(fault, WrongShapes) else None
    what = fault.what if isinstance(fault, WrongShapes) else str(fault)
    for reading in readings:
        for index, quad in enumerate(reading.quads):
            if node is not None and quad.subject == node:
                ends = lines(reading.file)
                line = f":{ends[index]}" if index < len(ends) else ""
                return EmgraphError(f"{reading.file.name}{line}: {what}")
    names = [reading.file.name for reading in readings]
    more = f" and {len(names) - 1} more" if names[1:] else ""
    return EmgraphError(f"{names[0]}{more}: {what}" if names else what)
