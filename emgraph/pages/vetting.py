"""What is wrong with questions: the checks that the bundled ones pass, for folders of one's own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from emgraph.answers.view import is_citation
from emgraph.child import TIMEOUT
from emgraph.errors import EmgraphError, nearest
from emgraph.namespaces import OWL, RDF, RDFS, XSD, expand, shrink
from emgraph.sparql import guard, isolate, variables
from emgraph.sparql.hints import misspelt
from emgraph.sparql.queries import HEADER, Question, catalogue, questions_in
from emgraph.tokens import tokens

_TYPES = ("string", "date", "dateTime", "integer", "decimal", "boolean", "gYear", "anyURI")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLACE = re.compile(r"line (\d+)")


class Fault(NamedTuple):
    """Something wrong in a question's file, at a line (from 1) where it has one."""

    file: str
    line: int | None
    what: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.what}"


class Vetted(NamedTuple):
    """How many questions were checked, and what is wrong with them."""

    questions: int
    faults: list[Fault]


def vet(folder: Path, store: Store, timeout: float = TIMEOUT) -> Vetted:
    """Check every question of a folder against the data of a store; `timeout` in seconds for each.

    A folder that has all the bundled ones is theirs or a copy; any other is beside it.
    Raises EmgraphError for a folder that is missing or holds no question.
    """
    found = questions_in(folder)
    bundled = {question.name for question in catalogue()}
    is_beside = not bundled <= {question.name for question in found}
    faults = []
    for question in found:
        if is_beside and question.name in bundled:
            what = f"{question.name} is the name of a bundled question, which it hides. Rename it."
            faults.append(Fault(str(question.path), None, what))
        faults += check(question, store, timeout)
    return Vetted(len(found), faults)


def check(question: Question, store: Store, timeout: float = TIMEOUT) -> Iterator[Fault]:
    """What is wrong with one question: its name, its header, its text, and what it answers."""
    try:
        text = question.text
        guard.check(text)
        header = question.header
    except EmgraphError as error:
        yield _fault(question, str(error), _line_in(str(error)))
        return
    if not _NAME.fullmatch(question.name):
        yield _fault(question, "its name is not lower-case words joined by hyphens. Rename it.")
    yield from _header_faults(question, header, store)
    try:
        answer = isolate.run(store, question.text, timeout=timeout)
        bound = isolate.run(store, question.bound(question.defaults), timeout=timeout)
    except EmgraphError as error:
        message = str(error).splitlines()[0]  # further lines show the place
        yield _fault(question, message, _line_in(message))
        return
    yield from _text_faults(question)
    for token, meant in variables.unbound(text):
        if meant or token.text[1:] in question.columns:
            line = text.count("\n", 0, token.start) + 1
            yield _fault(question, variables.in_words(token, meant), line)
    for hint in misspelt(text, store):
        yield _fault(question, hint)
    if isinstance(answer, isolate.Rows):
        yield from _answer_faults(question, answer)
    if answer != bound:
        yield _fault(question, "it answers otherwise when its defaults are given. Simplify them.")


def _fault(question: Question, what: str, line: int | None = None) -> Fault:
    return Fault(str(question.path), line, what.removeprefix(f"{question.path}: "))


def _line_in(message: str) -> int | None:
    """The line that a message names."""
    found = _PLACE.search(message)
    return int(found[1]) if found else None


def _line_of(question: Question, pattern: str) -> int | None:
    """The first line that begins as the pattern says."""
    lines = enumerate(question.text.splitlines(), 1)
    return next((number for number, line in lines if re.match(pattern, line)), None)


def _header_faults(question: Question, header: dict[str, object], store: Store) -> Iterator[Fault]:
    for key in header:
        if key not in HEADER:
            close = nearest(str(key), HEADER)
            hint = f"Did you mean {close}?" if close else f"Known: {', '.join(HEADER)}."
            line = _line_of(question, rf"#\+\s*{re.escape(str(key))}\s*:")
            yield _fault(question, f"no header line is called {key!r}. {hint}", line)
    if not str(header.get("question", "")).endswith("?"):
        line = _line_of(question, r"#\+\s*question\s*:")
        yield _fault(question, "its header asks no question. Add #+ question: ...?", line)
    if not question.audience:
        line = _line_of(question, r"#\+\s*audience\s*:")
        yield _fault(question, "it is for nobody. Add #+ audience: [...]", line)
    if not isinstance(header.get("answers", []), list):
        line = _line_of(question, r"#\+\s*answers\s*:")
        yield _fault(question, "answers is no list. Write #+ answers: [...]", line)
    if list(question.pounds) != list(header.get("pounds") or []):  # type: ignore[call-overload]
        line = _line_of(question, r"#\+\s*pounds\s*:")
        yield _fault(question, "pounds is no list on one line. Write #+ pounds: [amount]", line)
    for name in question.pounds:
        if name not in question.columns:
            line = _line_of(question, r"#\+\s*pounds\s*:")
            yield _fault(question, f"pounds names ?{name}, which is no column.", line)
    if "none-means" in header and (
        header["none-means"] != question.none_means or not question.none_means.endswith(".")
    ):
        line = _line_of(question, r"#\+\s*none-means\s*:")
        what = "none-means is no sentence on one line, plain and with a full stop."
        yield _fault(question, f"{what} Write #+ none-means: every ... is evidenced.", line)
    for name, kind in question.parameters.items():
        what = _wrong_type(kind, store)
        line = _line_of(question, rf"#\+\s+{re.escape(name)}\s*:")
        if what:
            yield _fault(question, f"the type of {name}, {kind}, {what}", line)
        if name not in question.slots:
            hint = f"Add VALUES ?{name} {{ UNDEF }} as a first line of WHERE."
            yield _fault(question, f"{name} is a parameter without a VALUES line. {hint}", line)


def _wrong_type(kind: str, store: Store) -> str:
    """What is wrong with the type of a parameter; nothing where it is known."""
    try:
        iri = expand(kind)
    except EmgraphError as error:
        return f"is unknown: {error}"
    if iri.startswith(XSD):
        if iri.removeprefix(XSD) in _TYPES:
            return ""
        return (
            f"is none that a word can be read as. Known: {', '.join('xsd:' + t for t in _TYPES)}."
        )
    node, types = NamedNode(iri), NamedNode(RDF + "type")
    is_used = next(store.quads_for_pattern(None, types, node), None)
    is_declared = next(store.quads_for_pattern(node, types, None), None)
    if is_used or is_declared or iri == OWL + "Thing":
        return ""
    classes = {NamedNode(OWL + "Class"), NamedNode(RDFS + "Class")}
    known = {
        shrink(str(quad.subject.value))
        for one in classes
        for quad in store.quads_for_pattern(None, types, one)
        if isinstance(quad.subject, NamedNode)
    }
    close = nearest(kind, known)
    return f"is no class here. {f'Did you mean {close}?' if close else ''}".strip()


def _text_faults(question: Question) -> Iterator[Fault]:
    words = [token for token in tokens(question.text) if token.kind in ("word", "mark")]
    names = [token.text.upper() for token in words]
    for slot in question.slots.values():
        if slot.name not in question.parameters:
            line = question.text.count("\n", 0, slot.start) + 1
            hint = f"Add it under #+ params: as {slot.name}: with its type."
            yield _fault(
                question, f"VALUES ?{slot.name} is a parameter without a type. {hint}", line
            )
    if "SELECT" not in names:
        yield _fault(question, "it is no SELECT. A question answers with rows.")
        return
    if not question.columns:
        line = question.text.count("\n", 0, words[names.index("SELECT")].start) + 1
        yield _fault(question, "it selects *. Name the columns in the order to show them.", line)
    if not _is_ordered(question):
        yield _fault(question, "its rows have no order. End it with ORDER BY over the columns.")


def _is_ordered(question: Question) -> bool:
    """Whether ORDER BY stands outside all braces."""
    depth = 0
    for token in tokens(question.text):
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
        elif depth == 0 and token.text.upper() == "ORDER":
            return True
    return False


def _answer_faults(question: Question, found: isolate.Rows) -> Iterator[Fault]:
    if not any(is_citation(name) for name in found.variables):
        yield _fault(question, "no column cites. Add ?citation, bound by GRAPH ?citation { ... }.")
    if found.rows and question.header.get("none"):
        yield _fault(question, "it says none: true and has rows. Take that line out.")
    if not found.rows and not question.header.get("none"):
        yield _fault(
            question, "it has no row here. Name your graph with --data, or say #+ none: true."
        )
