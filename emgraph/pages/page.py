"""A description as a page for people: names, what is said, what belongs to it, and when."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from emgraph.namespaces import EM, ORG, RDF, RDFS, local_name, shrink
from emgraph.pages.describe import Description, Statement, describe
from emgraph.rdf import names
from emgraph.sparql.sources import cited, places
from emgraph.terms import Term

_TYPE = RDF + "type"
_MERGE = DefaultGraph()
_EARLIEST = NamedNode(EM + "earliest")
_BELONGS = NamedNode(EM + "belongsTo")
_HAS_UNIT = NamedNode(ORG + "hasUnit")
_DEEPEST = 6

Group = tuple[Statement, ...]


def page(
    store: Store, description: Description, topics: Callable[[str], str], width: int = 80
) -> str:
    """A description in lines of at most `width` columns; `topics` tells the topic of a class."""
    writer = _Writer(store, topics, width)
    return "".join(f"{line}\n" for line in writer.lines(description))


class _Writer:
    """Writes one page; remembers what things are called."""

    def __init__(self, store: Store, topics: Callable[[str], str], width: int) -> None:
        self._store = store
        self._topics = topics
        self._width = width
        self._known: dict[str, str] = {}
        self._told: set[NamedNode] = set()
        self._all: list[Statement] = []
        below = names.subproperties(store, _BELONGS.value)
        self._belonging = {one.value for one in below}

    def lines(self, found: Description) -> Iterator[str]:
        """The page: head, names, statements, parts, nodes by topic, a timeline."""
        self._told = {found.thing}
        yield f"{self._label(found.thing)} ({shrink(found.thing.value)})"
        kinds = sorted({self._label(statement.object) for statement in found.kinds})
        if kinds:
            yield f"  {', '.join(kinds)}"
        for head, statements in (("Names", found.names), ("What is said", found.said)):
            if statements:
                yield from ("", head)
                yield from self._statements(statements)
        yield from self._stated(found)
        parts = [s.object for s in found.said if s.predicate == _HAS_UNIT]
        units = [_group(describe(self._store, s)) for s in parts if isinstance(s, NamedNode)]
        told = [line for unit in units for line in self._tree(unit, found.thing, "  ")]
        if told:
            yield from ("", "Parts", *told)
        related = sorted(self._related(found), key=lambda g: (self._topic(g), self._head(g)))
        for topic, groups in groupby(related, key=self._topic):
            yield from ("", topic.capitalize())
            for group in groups:
                yield from self._tree(group, found.thing, "  ")
        dated = sorted(set(self._dated(found)))
        if dated:
            yield from ("", "Timeline")
            for _, line in dated:
                yield from self._wrapped(line, "  ")

    def _stated(self, found: Description) -> Iterator[str]:
        """What a place, an inference or a dataset says, a line for each thing it speaks of."""
        if found.stating:
            yield from ("", "What it says")
            by_thing = groupby(found.stating, key=lambda statement: statement.subject)
            for _, statements in by_thing:
                yield from self._node(tuple(statements), found.thing, "  ", cite=False)

    def _related(self, found: Description) -> list[Group]:
        """The nodes that say something of the thing, and the things that name it, in full."""
        naming = dict.fromkeys(
            s.subject for s in found.incoming if isinstance(s.subject, NamedNode)
        )
        return [*found.about, *(_group(describe(self._store, subject)) for subject in naming)]

    def _tree(self, group: Group, thing: NamedNode, indent: str) -> Iterator[str]:
        """A node on a line, and under it what is said of it in its turn.

        Under what belongs to the thing, also what names that. Nothing, where nothing is said.
        """
        subject = group[0].subject if group else None
        if not isinstance(subject, NamedNode) or subject in self._told:
            return
        self._told.add(subject)
        yield from self._node(group, thing, indent)
        if len(indent) > _DEEPEST:
            return
        found = describe(self._store, subject)
        is_its_own = any(s.predicate.value in self._belonging and s.object == thing for s in group)
        below = self._related(found) if is_its_own else list(found.about)
        for inner in sorted(below, key=self._head):
            if not _points_to(inner, thing):
                yield from self._tree(inner, subject, f"{indent}    ")

    def _topic(self, group: Group) -> str:
        classes = sorted(s.object.value for s in group if _is_type(s))  # type: ignore[union-attr]
        return next(filter(None, map(self._topics, classes)), "other")

    def _head(self, group: Group) -> str:
        classes = sorted({self._label(s.object) for s in group if _is_type(s)})
        subject = group[0].subject
        own = self._label(subject) if isinstance(subject, NamedNode) else str(subject)
        parts = [", ".join(classes), own if own != shrink(subject.value) else ""]
        return ": ".join(filter(None, parts))

    def _node(
        self, group: Group, thing: NamedNode, indent: str, *, cite: bool = True
    ) -> Iterator[str]:
        """One line for a node: its kind and name, what is said of it, each part with its places."""
        self._all += group if cite else ()
        head = self._head(group) or shrink(group[0].subject.value)
        own = self._label(group[0].subject) if isinstance(group[0].subject, NamedNode) else ""
        parts = []
        said = sorted(
            (s for s in group if not _is_type(s) and self._label(s.object) != own),
            key=lambda s: (self._cited(s.sources), s.predicate.value, str(s.object)),
        )
        for where, of_place in groupby(said, key=lambda s: self._cited(s.sources)):
            several = list(of_place)
            values = list(_values(several, self._label, thing))
            told = [
                f"{self._label(predicate)} {', '.join(dict.fromkeys(words))}"
                for predicate, words in values or _values(several, self._label, None)
            ]
            place = f"[{where}]" if cite else ""
            parts += [f"{'; '.join(told)} {place}".strip()] if told else []
        yield from self._wrapped(": ".join(filter(None, (head, "; ".join(parts)))), indent)

    def _statements(self, statements: Iterable[Statement]) -> Iterator[str]:
        for statement in statements:
            line = f"{self._label(statement.predicate)}: {self._label(statement.object)}"
            yield from self._wrapped(f"{line} [{self._cited(statement.sources)}]", "  ")

    def _dated(self, found: Description) -> Iterator[tuple[str, str]]:
        """Every date that something told of on the page has, by its first day."""
        nearby = {s.object for s in self._all if isinstance(s.object, NamedNode)}
        alike = {statement.object for statement in found.kinds}
        descriptions = [describe(self._store, node) for node in nearby - self._told]
        more = [s for d in descriptions if not alike & {k.object for k in d.kinds} for s in d.said]
        for statement in (*found.said, *self._all, *more):
            if not isinstance(statement.object, NamedNode):
                continue
            for bound in self._store.quads_for_pattern(statement.object, _EARLIEST, None, _MERGE):
                if isinstance(bound.object, Literal):
                    what = self._label(statement.predicate)
                    whose = "" if statement.subject == found.thing else self._what(statement)
                    when = self._label(statement.object)
                    line = f"{when}: {what}{whose} [{self._cited(statement.sources)}]"
                    yield bound.object.value, line

    def _what(self, statement: Statement) -> str:
        kinds = describe(self._store, statement.subject).kinds  # type: ignore[arg-type]
        return f": {self._head(kinds)}" if kinds else ""

    def _cited(self, sources: Iterable[str]) -> str:
        """Places as they are cited, those of one document together."""
        return cited(places(self._store, sources).values())

    def _label(self, term: Term) -> str:
        if not isinstance(term, NamedNode):
            return term.value if isinstance(term, Literal) else str(term)
        if term.value not in self._known:
            found = names.label(self._store, term.value)
            is_bare = found == shrink(term.value) and not term.value.startswith(EM[:-3] + "id/")
            self._known[term.value] = _spaced(local_name(term.value)) if is_bare else found
        return self._known[term.value]

    def _wrapped(self, line: str, indent: str) -> list[str]:
        return textwrap.wrap(
            line,
            self._width,
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_on_hyphens=False,
        )


def _group(found: Description) -> Group:
    """What is said of a thing, without its names."""
    return (*found.kinds, *found.said)


def _points_to(group: Group, thing: NamedNode) -> bool:
    return any(statement.object == thing for statement in group)


def _is_type(statement: Statement) -> bool:
    return statement.predicate.value == _TYPE


def _values(
    statements: Iterable[Statement], label: Callable[[Term], str], thing: NamedNode | None
) -> Iterator[tuple[NamedNode, list[str]]]:
    """The values of each property, without the thing that the page is about, if one is named."""
    for predicate, same in groupby(statements, key=lambda s: s.predicate):
        values = [label(s.object) for s in same if s.object != thing]
        if values and predicate.value != RDFS + "label":
            yield predicate, values


def _spaced(name: str) -> str:
    """A name in camel case as words."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
