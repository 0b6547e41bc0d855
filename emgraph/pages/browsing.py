"""The questions as a list to choose from, and each on a page of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pyoxigraph import Literal, Store

from emgraph.answers import results
from emgraph.answers.view import heading, is_citation
from emgraph.errors import EmgraphError, unknown
from emgraph.namespaces import OWL, XSD, expand, local_name
from emgraph.rdf import names
from emgraph.screen import columns, one_line, wrapped
from emgraph.sparql.isolate import Rows
from emgraph.sparql.parameters import ALL
from emgraph.sparql.queries import Question

FORMATS = ("table", "csv", "json", "markdown")
_SHOWN = 20
_INDENT = "  "


def chosen(
    questions: Sequence[Question], topic: str | None, audience: str | None, word: str | None
) -> list[Question]:
    """The questions of a topic, for an audience, and with a word in what they say of themselves.

    Raises EmgraphError with the nearest for a topic or an audience that there is none of.
    """
    if topic is not None:
        topic = _known("topic", topic, sorted({q.topic for q in questions}))
    if audience is not None:
        audience = _known("audience", audience, sorted({a for q in questions for a in q.audience}))
    found = [
        question
        for question in questions
        if topic in (None, question.topic)
        and (audience is None or audience in question.audience)
        and (word is None or _says(question, word))
    ]
    if not found:
        raise EmgraphError(f"no question has all of that. Without it: {len(questions)} questions.")
    return found


def _known(kind: str, word: str, known: Sequence[str]) -> str:
    folded = {name.casefold(): name for name in known}
    if word.casefold() not in folded:
        raise unknown(kind, word, known)
    return folded[word.casefold()]


def _says(question: Question, word: str) -> bool:
    answers = question.header.get("answers") or ()
    own = (question.name, question.topic, question.question, question.note)
    text = " ".join(map(str, (*own, *question.parameters, *answers))).casefold()
    return all(_stem(part) in text for part in word.casefold().split())


def _stem(word: str) -> str:
    """What words of one root begin with: leave, leaving; inspection, inspected."""
    return re.sub(r"(?<=\w{4})(ions?|ings?|ed|es|e|s)$", "", word)


def listing(questions: Sequence[Question], width: int) -> str:
    """The questions by topic in lines of at most `width` columns, with parameters and audiences."""
    margin = min(2 + max(columns(q.name) for q in questions) + 2, width // 2)
    lines, topic = [], None
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            lines += ["", topic.capitalize()]
        for_whom = f" [{', '.join(question.audience)}]" if question.audience else ""
        first = f"{_INDENT}{question.name}".ljust(margin)
        if not first.endswith(" "):
            lines.append(first.rstrip())
            first = " " * margin
        lines += wrapped(f"{one_line(question.question)}{for_whom}", width, first, " " * margin)
        taken = " ".join(f"-p {name}=..." for name in question.parameters)
        lines += wrapped(taken, width, " " * margin, " " * margin) if taken else []
    told = "To ask one: emgraph query NAME. What it takes and gives: emgraph query NAME --help"
    return "".join(f"{line}\n" for line in [*lines[1:], "", *wrapped(told, width)])


def render(questions: Sequence[Question], name: str, width: int) -> bytes:
    """The list in a format of FORMATS."""
    if name == "table":
        return listing(questions, width).encode()
    if name == "json":
        import json

        return f"{json.dumps(document(questions), indent=2, ensure_ascii=False)}\n".encode()
    rows = [
        (Literal(q.name), Literal(q.topic), Literal(q.question), Literal(", ".join(q.audience)))
        for q in questions
    ]
    return results.render(Rows(("name", "topic", "question", "audience"), list(rows)), name)


def document(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as plain values, for programs."""
    return [
        {
            "name": question.name,
            "topic": question.topic,
            "question": question.question,
            "audience": list(question.audience),
            "parameters": question.parameters,
            "columns": list(question.columns),
        }
        for question in questions
    ]


def page(store: Store, question: Question, width: int, where: str = "Here") -> str:
    """What a question takes and gives: parameters with the values that the graph has, columns."""
    lines = [*wrapped(question.question, width), ""]
    if question.note:
        lines += [*wrapped(question.note, width), ""]
    if question.parameters:
        lines.append("Parameters")
        for name, kind in question.parameters.items():
            lines += _parameter(store, question, name, kind, width, where)
        lines.append("")
    if question.columns:
        told = ", ".join(map(heading, sorted(question.columns, key=is_citation)))
        lines += ["Columns", *wrapped(told, width, "  ", "  ")]
        lines.append("")
    lines += ["Example", f"  {example(store, question)}", ""]
    whom = f" For: {', '.join(question.audience)}." if question.audience else ""
    lines += wrapped(f"Topic: {question.topic}.{whom}", width)
    lines += wrapped(f"Its SPARQL: emgraph query {question.name} --show", width)
    return "".join(f"{one_line_kept(line)}\n" for line in lines)


def one_line_kept(line: str) -> str:
    """A line with its indent, and nothing in it that steers a terminal."""
    return line[: len(line) - len(line.lstrip(" "))] + one_line(line)


def _parameter(
    store: Store, question: Question, name: str, kind: str, width: int, where: str
) -> Iterator[str]:
    yield f"{_INDENT}-p {name}=VALUE"
    told = f"{_kind(store, kind)}; {_default(store, question, name, kind)}."
    yield from wrapped(f"{told[:1].upper()}{told[1:]}", width, " " * 6, " " * 6)
    here = values(store, kind)
    if here:
        more = f" … and {len(here) - _SHOWN:,} more" if len(here) > _SHOWN else ""
        words = (
            word if short.casefold() == word.casefold() else f"{short} ({word})"
            for short, word in here
        )
        listed = f"{where}: {'; '.join(islice(words, _SHOWN))}{more}"
        yield from wrapped(listed, width, " " * 6, " " * 6)


def _kind(store: Store, kind: str) -> str:
    iri = expand(kind)
    if iri == XSD + "date":
        return "a day, such as 2025-05-14"
    if iri == OWL + "Thing":
        return "anything here, by name, acronym or IRI"
    if iri.startswith(XSD):
        return f"of type {local_name(iri)}"
    return f"{names.label(store, iri)}, by name, acronym or IRI"


def _default(store: Store, question: Question, name: str, kind: str) -> str:
    if name == "asOf":
        return "without it --as-of, or today"
    terms = question.defaults.get(name)
    if terms is None:
        return "without it all; may be repeated"
    told = " and ".join(names.word(store, t) for t in terms)
    if expand(kind).startswith(XSD):
        return f"without it {told}"
    return f"without it {told}; {ALL} means every one; may be repeated"


def values(store: Store, kind: str) -> list[tuple[str, str]]:
    """The things that the graph has of a class, each by its shortest name and by its label.

    None for a type, or for things of every kind.
    """
    return names.short_names(store, expand(kind)) if is_class(kind) else []


def is_class(kind: str) -> bool:
    """Whether the values of a parameter are the things of a class."""
    iri = expand(kind)
    return not iri.startswith(XSD) and iri != OWL + "Thing"


def example(store: Store, question: Question) -> str:
    """A command that asks the question with one of its parameters."""
    parts = [f"emgraph query {question.name}"]
    if {"from", "to"} <= set(question.parameters):
        parts.append("--from 2024-04-01 --to 2025-05-14")
    for name, kind in question.parameters.items():
        here = values(store, kind)
        if here and len(parts) == 1:
            short = here[0][0]
            plain = short.replace("-", "").replace(":", "").isalnum()
            word = short if plain else "'" + short.replace("'", "'\\''") + "'"
            parts.append(f"-p {name}={word}")
    if "asOf" in question.parameters:
        parts.append("--as-of 2025-05-14")
    return " ".join(parts)
