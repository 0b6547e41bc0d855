"""SHACL-SPARQL: constraints written in SPARQL, made to run once for all focus nodes (section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from emgraph.errors import EmgraphError, Uncovered, WrongShapes
from emgraph.namespaces import OWL, SH
from emgraph.shacl.groups import parse, rewritten
from emgraph.shacl.shapes import Shapes
from emgraph.sparql import guard
from emgraph.terms import Term
from emgraph.tokens import Token, tokens

_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_DISTINCT = ("DISTINCT", "REDUCED")
_AFTER_PROJECTION = ("FROM", "WHERE", "{")
_MODIFIERS = ("LIMIT", "OFFSET", "VALUES")


class Parts(NamedTuple):
    """A query cut up: what stands before its form, what it projects, its group, what follows."""

    before: str
    projection: str
    group: str
    after: str


def prefixed(shapes: Shapes, constraint: Term, text: str) -> str:
    """PREFIX lines for the prefixes that a text uses, section 5.2.1."""
    used = {t.text.partition(":")[0] for t in tokens(text) if t.kind == "name"}
    lines, seen, waiting = {}, set(), list(shapes.objects(constraint, SH + "prefixes"))
    while waiting:
        ontology = waiting.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        waiting += shapes.objects(ontology, OWL + "imports")
        for declaration in shapes.objects(ontology, SH + "declare"):
            name = shapes.text(declaration, SH + "prefix")
            if name in used:
                lines[name] = f"PREFIX {name}: {_iri(shapes, declaration)}\n"
    return "".join(lines[name] for name in sorted(lines))


def _iri(shapes: Shapes, declaration: Term) -> NamedNode:
    """The namespace that is declared; raises WrongShapes for what is no IRI."""
    try:
        return NamedNode(shapes.text(declaration, SH + "namespace"))
    except ValueError as error:
        what = "the shapes cannot be run: an sh:namespace is not an IRI."
        raise WrongShapes(declaration, what) from error


def expanded(text: str, declared: str) -> str:
    """A text with its prefixed names written out, by the PREFIX lines declared for it."""
    namespaces: dict[str, str] = {}
    for line in declared.splitlines():
        _, name, iri = line.split(" ", 2)
        namespaces[name[:-1]] = iri.strip()[1:-1]
    for token in reversed(list(tokens(text))):
        prefix, colon, local = token.text.partition(":")
        if token.kind == "name" and colon and prefix in namespaces:
            local = local.replace("\\", "")
            text = f"{text[: token.start]}<{namespaces[prefix]}{local}>{text[token.end :]}"
    return text


def whole(text: str) -> str:
    """A query with its prefixed names written out, by its own PREFIX lines."""
    found = list(tokens(text))
    start = next((t.start for t in found if t.text.upper() in ("SELECT", "ASK")), 0)
    return expanded(text[start:], text[:start])


def bound(text: str, values: Mapping[str, str], absent: Sequence[str] = ()) -> str:
    """A text with variables replaced by terms or a path, and what asks whether they are bound."""
    guard.check(text, ())
    found = list(tokens(text))
    for index in reversed(range(len(found))):
        token = found[index]
        if token.kind != "variable":
            continue
        name = token.text[1:]
        if name == "shapesGraph":
            raise Uncovered("$shapesGraph")
        asks = [t.text.upper() for t in found[max(0, index - 2) : index]] == ["BOUND", "("]
        if asks and (name in values or name in absent):
            answer = "true" if name in values else "false"
            text = text[: found[index - 2].start] + answer + text[found[index + 1].end :]
        elif _is_renamed(found, index):
            if name in values or name == "this":
                raise Uncovered(f"AS ${name}")
        elif name in values:
            text = text[: token.start] + f" {values[name]} " + text[token.end :]
        elif token.text[0] == "$":
            text = text[: token.start] + "?" + text[token.start + 1 :]
    return text


def _is_renamed(found: Sequence[Token], index: int) -> bool:
    return index > 0 and found[index - 1].text.upper() == "AS"


def cut(text: str) -> Parts:
    """The parts of a SELECT or ASK query."""
    found = list(tokens(text))
    forms = [i for i, t in enumerate(found) if t.text.upper() in ("SELECT", "ASK")]
    opening = next((i for i, t in enumerate(found) if t.text == "{"), None)
    if not forms or opening is None or forms[0] > opening:
        raise EmgraphError("the shapes cannot be run: a query in them is neither SELECT nor ASK.")
    group = parse(found, opening)
    end = found[opening].start
    kept = [t for t in found[forms[0] + 1 : opening] if t.text.upper() != "WHERE"]
    projection = text[kept[0].start : kept[-1].end] if kept else ""
    return Parts(
        text[: found[forms[0]].start], projection, text[end : group.end], text[group.end :]
    )


def select(text: str, this: str, keys: Sequence[str]) -> str:
    """A constraint's SELECT for all focus nodes that `this` binds; `keys` are shown too."""
    parts = cut(text)
    if not text[len(parts.before) :].upper().startswith("SELECT"):
        raise EmgraphError("the shapes cannot be run: an sh:select in them is not a SELECT.")
    group = rewritten(parts.group, parse(list(tokens(parts.group)), 0), this)
    after = list(tokens(parts.after))
    words = [t.text.upper() for t in after if t.kind == "word"]
    for modifier in _MODIFIERS:
        if modifier in words:
            raise Uncovered(f"{modifier} after the last group")
    projection = " ".join((*keys, _projection(parts.projection)))
    grouped = " ".join((*keys, "?this"))
    aggregates = any(t.text.upper() in _AGGREGATES for t in tokens(parts.projection))
    tail = parts.after
    if "GROUP" in words:
        position = next(t.end for t in after if t.text.upper() == "BY")
        named = {f"?{t.text[1:]}" for t in after if t.kind == "variable" and t.start > position}
        grouped = " ".join(key for key in (*keys, "?this") if key not in named)
        tail = f"{tail[:position]} {grouped} {tail[position:]}"
    elif aggregates or "HAVING" in words:
        tail = f" GROUP BY {grouped} {tail}"
    return f"{parts.before}SELECT DISTINCT {projection} WHERE {{ {this} {group[1:]}{tail}"


def projected(text: str) -> list[str]:
    """The names of the variables that a SELECT projects; none of one that projects all it has."""
    found = list(tokens(text))
    start = next((t.end for t in found if t.text.upper() == "SELECT"), len(text))
    ends = (t.start for t in found if t.start >= start and t.text.upper() in _AFTER_PROJECTION)
    return [name for _, name in _pieces(text[start : next(ends, start)])]


def _projection(text: str) -> str:
    """What a SELECT projects, ?this among it."""
    first = next((t.text for t in tokens(text) if t.text.upper() not in _DISTINCT), "")
    if first == "*":
        raise Uncovered("SELECT * in a constraint")
    pieces = _pieces(text)
    shown = " ".join(piece for piece, _ in pieces)
    return shown if any(name == "this" for _, name in pieces) else f"?this {shown}"


def _pieces(text: str) -> list[tuple[str, str]]:
    """The parts of a projection, each with the name of its variable."""
    found = [t for t in tokens(text) if t.text.upper() not in _DISTINCT]
    pieces, depth, start = [], 0, 0
    for token in found:
        if token.text == "(":
            start = token.start if depth == 0 else start
            depth += 1
        elif token.text == ")":
            depth -= 1
            if depth == 0:
                piece = text[start : token.end]
                renamed = [t.text[1:] for t in tokens(piece) if t.kind == "variable"]
                pieces += [(piece, name) for name in renamed[-1:]]
        elif depth == 0 and token.kind == "variable":
            pieces.append((token.text, token.text[1:]))
    return pieces
