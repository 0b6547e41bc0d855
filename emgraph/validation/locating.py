"""Where the statements stand that a finding is about: which paragraphs, which file, which line."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.finding import Finding, Path, PathOf, Place, lifted
from emgraph.namespaces import EM, GRAPH, RDF, shrink
from emgraph.rdf import names
from emgraph.rdf.classes import Classes
from emgraph.rdf.positions import Part, Position, Positions
from emgraph.terms import Term
from emgraph.validation.survey import Survey, Told


class Locator:
    """Finds the sources, file and line of findings among the statements of a dataset.

    What is wrong with a text by a rule of `codes` becomes wrong with the thing that has the text.
    `beside` are further files, such as those of waivers.
    """

    def __init__(
        self,
        survey: Survey,
        superclasses: Mapping[str, set[str]],
        codes: Collection[str] = (),
        beside: Sequence[Told] = (),
    ) -> None:
        self._lifted = codes
        self._told, self._all_graphs = [*survey.told, *beside], survey.graphs
        self._store = survey.store
        self._kinds = cache(Classes(survey.store, superclasses).__call__)
        self._graphs = {told.file.graph: told.file.name for told in survey.told}
        self._named = [name for name in names.SHOWN if self._is_used(name)]
        self._positions: dict[int, Positions] = {}
        self._places: dict[Term, list[tuple[int, int]]] = {}
        self._quads: dict[tuple[int, int], Quad] = {}
        self._lines: dict[tuple[int, int], int] = {}

    def _is_used(self, name: NamedNode) -> bool:
        found = self._store.quads_for_pattern(None, name, None, DefaultGraph())
        return next(found, None) is not None

    def _look_up(self, things: set[Term]) -> None:
        """Note the statements that things are in, by number of file and of statement.

        Of those in a graph that is one of the things, the first is enough.
        """
        firsts = [first for graph, first in self._all_graphs.items() if graph in things]
        for number, told in enumerate(self._told if things else ()):
            graphs = {first.number: first.graph for first in firsts if first.told is told}
            for index, parts, line in told.about(things, graphs.keys()):
                subject, _, value, _ = parts
                for term in things.intersection((subject, value, graphs.get(index))):
                    self._places.setdefault(term, []).append((number, index))
                self._quads[number, index] = Quad(*parts)
                self._lines[number, index] = line

    def locate(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with label, sources, file and line filled in where they can be."""
        every = [one for finding in findings for one in (finding, *finding.details)]
        self._look_up(
            {f.focus for f in (*every, *map(self._deepest, every)) if f.focus is not None}
        )
        return [
            self._with_leaves(finding) if finding.details else self._located(finding)
            for finding in findings
        ]

    def _with_leaves(self, finding: Finding) -> Finding:
        """A finding whose details are located too; where one alone failed, it points there."""
        found = self._located(finding)
        leaves = tuple(self._located(leaf) for leaf in finding.details)
        if len(leaves) == 1 and leaves[0].line is not None:
            (leaf,) = leaves
            found = found._replace(
                sources=leaf.sources,
                places=leaf.places,
                file=leaf.file,
                line=leaf.line,
                column=leaf.column,
            )
        return found._replace(details=leaves)

    def _located(self, finding: Finding) -> Finding:
        if finding.focus is None:
            return finding
        label = finding.label or self._label(finding.focus)
        places, part = self._offending(self._deepest(finding))
        if not places:
            return finding._replace(label=label)
        number, index = min(places, key=self._distance)
        cited = self._cited(places, part)
        line, column = self._position(number, index, part)
        if isinstance(finding.focus, Literal) and finding.rule in self._lifted:
            subject, path, *_ = self._quad((number, index))
            finding = lifted(finding, subject, path)
            label = self._label(subject)
        return finding._replace(
            label=label,
            sources=tuple(place.source for place in cited),
            places=cited,
            file=self._told[number].file.name,
            line=line,
            column=column,
        )

    def _deepest(self, finding: Finding) -> Finding:
        """A finding about the last step of a sequence of properties that leads to its value.

        One about a term is about what uses it.
        """
        if finding.used_by is not None:
            return finding._replace(focus=finding.used_by)
        path, value = finding.path, finding.value
        if not isinstance(path, PathOf) or path.operator != "sequence" or value is None:
            return finding
        nodes = {finding.focus}
        for step in path.parts[:-1]:
            nodes = {value for node in nodes for value in self._values(node, step)}
        last = path.parts[-1]
        ends = sorted((node for node in nodes if value in self._values(node, last)), key=str)
        return finding._replace(focus=ends[0], path=last) if ends else finding

    def _values(self, node: Term | None, step: Path) -> set[Term | None]:
        """What a node has along one property; nothing for a longer path."""
        if isinstance(step, PathOf) or not isinstance(node, NamedNode | BlankNode):
            return set()
        return {q.object for q in self._store.quads_for_pattern(node, step, None, DefaultGraph())}

    def _label(self, thing: Term) -> str:
        """What to call a thing; what has no IRI goes by its class, a graph of ours by its file."""
        if isinstance(thing, NamedNode):
            file = self._graphs.get(thing.value)
            known = names.label(self._store, thing.value, self._named)
            return (
                f"statements in no graph of {file}"
                if file and known == shrink(thing.value)
                else known
            )
        if not isinstance(thing, BlankNode):
            return ""
        kinds = self._store.quads_for_pattern(thing, NamedNode(RDF + "type"), None, DefaultGraph())
        named = sorted(q.object.value for q in kinds if isinstance(q.object, NamedNode))
        return f"{shrink(named[0])} without an IRI" if named else ""

    def _cited(self, places: Sequence[tuple[int, int]], part: Part) -> tuple[Place, ...]:
        """The sources of statements in order, each with where it makes the first of them.

        Datasets of ours are named only where no paper and no inference says so.
        """
        first: dict[str, tuple[int, int]] = {}
        for place in sorted(places):
            graph = self._quad(place).graph_name
            if isinstance(graph, NamedNode) and EM + "StatementSource" in self._kinds(graph):
                first.setdefault(graph.value, place)
        grounds = {s: place for s, place in first.items() if not s.startswith(GRAPH)}
        return tuple(
            Place(source, self._told[n].file.name, *self._position(n, index, part))
            for source, (n, index) in sorted((grounds or first).items())
        )

    def _distance(self, place: tuple[int, int]) -> tuple[bool, tuple[int, int]]:
        """How far a statement is from a paper: those in paragraphs first, then by file."""
        graph = self._quad(place).graph_name
        return EM + "Paragraph" not in self._kinds(graph), place

    def _quad(self, place: tuple[int, int]) -> Quad:
        return self._quads[place]

    def _position(self, number: int, index: int, part: Part) -> Position:
        told = self._told[number]
        if told.is_large:
            return Position(self._lines[number, index] or None, None)
        if number not in self._positions:
            self._positions[number] = Positions(told.file, list(told.parts()))
        return self._positions[number].of(index, part)

    def _offending(self, finding: Finding) -> tuple[list[tuple[int, int]], Part]:
        """The statements that break the rule; else what is said of the thing, its class first.

        With them goes the part of a statement to point at: what is there, or what lacks something.
        """
        about = self._places.get(finding.focus, []) if finding.focus is not None else []
        for choose, part in (
            (self._exact, Part.OBJECT),
            (self._said, Part.OBJECT),
            (self._of_path, Part.PREDICATE),
            (self._typing, Part.SUBJECT),
            (self._subject, Part.SUBJECT),
        ):
            found = [place for place in about if choose(finding, self._quad(place))]
            if found:
                return found, part
        return about, Part.OBJECT

    @staticmethod
    def _exact(finding: Finding, quad: Quad) -> bool:
        if finding.path is None or finding.value is None:
            return False
        if isinstance(finding.path, PathOf) and finding.path.operator == "alternative":
            parts = (finding._replace(path=part) for part in finding.path.parts)
            return any(Locator._exact(part, quad) for part in parts)
        if isinstance(finding.path, PathOf):
            backwards = finding.path.operator == "inverse" and finding.path.parts == (
                quad.predicate,
            )
            return backwards and (quad.subject, quad.object) == (finding.value, finding.focus)
        predicate = quad.predicate == finding.path
        return predicate and (quad.subject, quad.object) == (finding.focus, finding.value)

    @staticmethod
    def _of_path(finding: Finding, quad: Quad) -> bool:
        return quad.subject == finding.focus and quad.predicate == finding.path

    @staticmethod
    def _typing(finding: Finding, quad: Quad) -> bool:
        return quad.subject == finding.focus and quad.predicate.value == RDF + "type"

    @staticmethod
    def _said(finding: Finding, quad: Quad) -> bool:
        return isinstance(finding.focus, Literal) and quad.object == finding.focus

    @staticmethod
    def _subject(finding: Finding, quad: Quad) -> bool:
        return quad.subject == finding.focus


def spoken_of(findings: Iterable[Finding]) -> set[str]:
    """The IRIs that findings speak of: sources, values, properties, owners of waivers."""
    wanted: set[str] = set()
    for finding in (one for found in findings for one in (found, *found.details)):
        wanted.update(finding.sources, _properties(finding.path))
        if isinstance(finding.value, NamedNode):
            wanted.add(finding.value.value)
        if finding.waived:
            wanted.add(finding.waived.owner)
    return wanted


def labels_for(
    findings: Iterable[Finding], terms: Mapping[str, str], store: Store
) -> dict[str, str]:
    """What to call all that findings speak of: terms by their labels, the rest as data say."""
    wanted = spoken_of(findings)
    return names.labels(store, wanted) | {iri: terms[iri] for iri in wanted if iri in terms}


def _properties(path: Path | None) -> Iterator[str]:
    """The properties in a path."""
    if isinstance(path, PathOf):
        for part in path.parts:
            yield from _properties(part)
    elif path is not None:
        yield path.value


def statement_sources(
    quads: Iterable[Quad], superclasses: Mapping[str, set[str]], kind: str = "StatementSource"
) -> Iterator[str]:
    """The graphs that are a ground for what stands in them: paragraphs, inferences, datasets."""
    for quad in quads:
        if (
            quad.predicate.value == RDF + "type"
            and isinstance(quad.object, NamedNode)
            and isinstance(quad.subject, NamedNode)
            and EM + kind in superclasses.get(quad.object.value, ())
        ):
            yield quad.subject.value
