"""The shapes as a graph to walk: their paths, targets, lists, messages and codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from emgraph.errors import WrongShapes
from emgraph.finding import Path, PathOf, Severity
from emgraph.namespaces import DCTERMS, RDF, RDFS, SH
from emgraph.shacl.rules import SEVERITIES
from emgraph.terms import Term

_OPERATORS = {
    "inversePath": "inverse",
    "alternativePath": "alternative",
    "zeroOrMorePath": "zero or more",
    "oneOrMorePath": "one or more",
    "zeroOrOnePath": "zero or one",
}
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
_IDENTIFIER = DCTERMS + "identifier"
_DEEPEST = 32
_MOST = 100_000  # members of a list


class Shapes:
    """The statements of the shapes, to be asked by subject and predicate.

    `unwanted` are codes whose shapes count as deactivated.
    """

    def __init__(self, quads: Iterable[Quad], unwanted: Iterable[str] = ()) -> None:
        self._said: dict[Term, dict[str, list[Term]]] = {}
        self._above: dict[Term, list[Term]] | None = None
        self._holders: dict[str, dict[Term, list[Term]]] = {}
        self._given: dict[Term | None, list[str]] = {}
        self._coded: dict[Term, tuple[str, Term] | None] = {}
        for quad in quads:
            values = self._said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, [])
            if quad.object not in values:
                values.append(quad.object)
        self._unwanted = frozenset(unwanted)

    def objects(self, node: Term, name: str) -> list[Term]:
        """The values of a property of a node."""
        return self._said.get(node, {}).get(name, [])

    def subjects(self, name: str, value: Term) -> list[Term]:
        """The nodes that have a value of a property."""
        if name not in self._holders:
            found = self._holders.setdefault(name, {})
            for node, said in self._said.items():
                for one in said.get(name, ()):
                    found.setdefault(one, []).append(node)
        return self._holders[name].get(value, [])

    def having(self, name: str) -> list[Term]:
        """The nodes that have some value of a property."""
        return [node for node, said in self._said.items() if name in said]

    def properties(self, node: Term) -> dict[str, list[Term]]:
        """All properties of a node with their values."""
        return self._said.get(node, {})

    def value(self, node: Term, name: str) -> Term | None:
        """The first value of a property of a node, if there is one."""
        return next(iter(self.objects(node, name)), None)

    def text(self, node: Term, name: str) -> str:
        """The first value of a property as text; empty if there is none."""
        value = self.value(node, name)
        return value.value if isinstance(value, NamedNode | Literal) else ""

    def members(self, node: Term | None) -> list[Term]:
        """The members of an RDF list; raises WrongShapes for one that is broken or a circle."""
        found: list[Term] = []
        passed: set[Term] = set()
        while node is not None and node != NamedNode(RDF + "nil"):
            first = self.value(node, RDF + "first")
            if first is None or node in passed:
                raise WrongShapes(node, "the shapes cannot be run: a list in them is broken.")
            found.append(first)
            passed.add(node)
            if len(found) > _MOST:
                what = f"a list in them has more than {_MOST:,} members. Shorten it."
                raise WrongShapes(node, f"the shapes cannot be run: {what}")
            node = self.value(node, RDF + "rest")
        return found

    def given(self, parameter: Term | None) -> list[str]:
        """What a constraint component was given (2 for sh:minCount 2), as text."""
        if parameter not in self._given:
            listed = isinstance(parameter, BlankNode) and self.is_list(parameter)
            terms = self.members(parameter) if listed else [parameter]
            self._given[parameter] = [
                term.value
                for term in terms
                if isinstance(term, NamedNode | Literal) or (listed and isinstance(term, BlankNode))
            ]
        return self._given[parameter]

    def is_list(self, node: Term) -> bool:
        """Whether a node is a cell of an RDF list."""
        return self.value(node, RDF + "first") is not None

    def path(self, node: Term, depth: int = 0) -> Path:
        """A property path, SHACL section 2.3.1; raises WrongShapes for one that is none."""
        if isinstance(node, NamedNode):
            return node
        if depth > _DEEPEST:
            what = f"a property path never ends, or nests deeper than {_DEEPEST} levels."
            raise WrongShapes(node, f"the shapes cannot be run: {what}")
        for name, operator in _OPERATORS.items():
            inner = None if self.is_list(node) else self.value(node, SH + name)
            if inner is not None:
                parts = self.members(inner) if operator == "alternative" else [inner]
                return PathOf(operator, tuple(self.path(part, depth + 1) for part in parts))
        steps = tuple(self.path(part, depth + 1) for part in self.members(node))
        if len(steps) < 2:
            raise WrongShapes(node, "the shapes cannot be run: a property path is broken.")
        return PathOf("sequence", steps)

    def path_of(self, shape: Term) -> Path | None:
        """The path of a property shape; nothing for a node shape."""
        nodes = self.objects(shape, SH + "path")
        if len(nodes) > 1:
            raise WrongShapes(shape, "the shapes cannot be run: a shape has several sh:path.")
        if nodes and isinstance(nodes[0], Literal):
            raise WrongShapes(shape, "the shapes cannot be run: an sh:path is a literal.")
        return self.path(nodes[0]) if nodes else None

    def is_active(self, shape: Term) -> bool:
        """Whether a shape judges: it is not deactivated (SHACL section 2.1.6) and is wanted."""
        switched_off = Literal(True) in self.objects(shape, SH + "deactivated")
        return not switched_off and self.text(shape, _IDENTIFIER) not in self._unwanted

    def targeted(self) -> list[Term]:
        """The shapes that have a target, implicit class targets (section 2.1.3.3) included."""
        return [
            shape
            for shape, said in self._said.items()
            if any(SH + target in said for target in _TARGETS) or self.is_class(shape)
        ]

    def is_class(self, shape: Term) -> bool:
        """Whether a shape is a class too, and so its own target."""
        kinds = self.objects(shape, RDF + "type")
        return NamedNode(RDFS + "Class") in kinds and (
            NamedNode(SH + "NodeShape") in kinds or NamedNode(SH + "PropertyShape") in kinds
        )

    def severity(self, shape: Term) -> Severity:
        """The severity of a shape's results, section 2.1.4."""
        return SEVERITIES.get(self.text(shape, SH + "severity"), Severity.VIOLATION)

    def messages(self, node: Term) -> list[Literal]:
        """The messages of a shape or constraint, English before other languages."""
        said = [m for m in self.objects(node, SH + "message") if isinstance(m, Literal)]
        return sorted(said, key=_in_english_first)

    def name(self, shape: Term) -> str:
        """What a property shape calls its property, English before other languages."""
        said = [n for n in self.objects(shape, SH + "name") if isinstance(n, Literal)]
        return min(map(_in_english_first, said), default=(False, ""))[1]

    def code(self, shape: Term) -> tuple[str, Term]:
        """The code of a shape or of its nearest ancestor that has one, and that; else EMG000."""
        passed: dict[Term, None] = {}
        node, found = shape, None
        while node not in passed and node not in self._coded:  # the only way up, as far as it goes
            passed[node] = None
            above = [] if self.text(node, _IDENTIFIER) else self._parents(node)
            node = above[0] if len(above) == 1 else node
        if node in self._coded:
            found = self._coded[node]
        else:
            named = ((self.text(above, _IDENTIFIER), above) for above in self._lineage(node))
            found = next(((code, above) for code, above in named if code), None)
        self._coded |= dict.fromkeys(passed, found)
        return found or ("EMG000", shape)

    def codes_below(self, shape: Term) -> set[str]:
        """The codes that a targeted shape's nodes are judged by: its own, or its parts'."""
        code, _ = self.code(shape)
        parts = [*self.objects(shape, SH + "property"), *self.objects(shape, SH + "node")]
        below = {self.text(part, _IDENTIFIER) for part in parts} - {""}
        return below | {code} if code != "EMG000" or not below else below

    def _lineage(self, shape: Term) -> Iterator[Term]:
        """The nodes that lead to a shape, the nearest first."""
        seen, waiting = {shape}, [shape]
        while waiting:
            node = waiting.pop(0)
            yield node
            above = [s for s in self._parents(node) if s not in seen]
            seen.update(above)
            waiting += above

    def _parents(self, node: Term) -> list[Term]:
        if self._above is None:
            self._above = {}
            for subject, said in self._said.items():
                for values in said.values():
                    for value in values:
                        if not isinstance(value, Literal):
                            self._above.setdefault(value, []).append(subject)
        return sorted(self._above.get(node, ()), key=_name)


def _in_english_first(text: Literal) -> tuple[bool, str]:
    return (text.language or "en").partition("-")[0].lower() != "en", text.value


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else str(term)
