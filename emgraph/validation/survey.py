"""What files say, gone through once: its merge in a store, and what only the files can tell."""

import sys
from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.errors import BrokenFile
from emgraph.namespaces import DATE, EM, OURS, RDF, THING
from emgraph.rdf.files import RdfFile
from emgraph.rdf.intake import checked
from emgraph.rdf.lines import Placed, placed
from emgraph.rdf.loading import loading
from emgraph.rdf.store import Node, Parts, parts_of
from emgraph.shacl.spelling import Respelling
from emgraph.terms import Term

MANY = 100_000  # statements; a file that says more is read again where one of less is remembered
_TYPE = NamedNode(RDF + "type")
_NAMING = (EM + "focus", EM + "identifiedWith")  # judged by other rules, as dates are
STATED_OF_DATES = tuple(NamedNode(EM + name) for name in ("edtf", "earliest", "latest"))


class Told:
    """One file that could be parsed: how much it says, and whether it uses a class that is known.

    Its statements can be had again, in their order. Of a large file nothing is kept but the hashes
    of subjects and values, by which its statements about a thing are found.
    """

    def __init__(self, file: RdfFile, index: int) -> None:
        self.file = file
        self.is_known = False
        self._index = index
        self._kept: list[Parts] | None = []
        self._subjects, self._values = array("q"), array("q")

    @property
    def count(self) -> int:
        """How many statements have been read."""
        return len(self._subjects if self._kept is None else self._kept)

    def first(self, text: bytes | None = None) -> Iterator[tuple[Parts, Quad | None]]:
        """The statements for the first time, as `parts_of` gives them; raises BrokenFile."""
        self._kept = kept = []
        every = parts_of(self.file, self._index, text)
        most = sys.maxsize if self.file.path is None else MANY
        for one in every:
            kept.append(one[0])
            yield one
            if len(kept) == most:
                break
        else:
            return
        self._kept = None
        add_subject, add_value = self._subjects.append, self._values.append
        for subject, _, value, _ in kept:
            add_subject(hash(subject))
            add_value(hash(value))
        kept.clear()
        for one in every:
            add_subject(hash(one[0][0]))
            add_value(hash(one[0][2]))
            yield one

    def parts(self) -> Iterable[Parts]:
        """The statements once more."""
        if self._kept is not None:
            return self._kept
        return (parts for parts, _ in parts_of(self.file, self._index))

    def about(self, things: Set[Term], firsts: Set[int]) -> Iterator[Placed]:
        """The statements that have one of the things as subject or value, or whose number is given.

        Those of a large file come with the line on which they end, and may be a few too many.
        """
        if self._kept is not None:
            for number, parts in enumerate(self._kept):
                if parts[0] in things or parts[2] in things or number in firsts:
                    yield number, parts, 0
            return
        hashes = set(map(hash, things))
        pairs = enumerate(zip(self._subjects, self._values, strict=True))
        wanted = {number for number, (s, v) in pairs if s in hashes or v in hashes} | firsts
        if wanted:
            yield from placed(self.file, self._index, wanted, self.count)

    @property
    def is_large(self) -> bool:
        """Whether its statements are read again each time that they are asked for."""
        return self._kept is None


class First(NamedTuple):
    """The first statement in a graph: in which file, its number there, and its subject."""

    graph: Node
    told: Told
    number: int
    subject: Node


class Survey:
    """What files say, in a store whose default graph is the merge.

    It knows the graphs, each with the first statement in it, the nodes without IRI, and the names
    of ours that statements are about and lead to.
    `graphs` asks for the named graphs beside it. Files that cannot be parsed are set aside. `known`
    are the classes of the ontology. Iterating gives every statement of every file, in the order of
    files.
    """

    def __init__(
        self, files: Sequence[RdfFile], known: Collection[str], *, graphs: bool = False
    ) -> None:
        self._known, self._wants_graphs = known, graphs
        self.broken: list[BrokenFile] = []
        readable = list(enumerate(files))
        while not self._load(readable):  # a file broke off: what it had said is taken out again
            broken = {fault.file for fault in self.broken}
            readable = [(index, file) for index, file in readable if file.name not in broken]

    def _load(self, files: Sequence[tuple[int, RdfFile]]) -> bool:
        """Load the files; whether none broke off."""
        self.store = Store()
        self.told: list[Told] = []
        self.graphs: dict[Node, First] = {}
        self.about: set[str] = set()
        self._by_property: dict[NamedNode, set[str]] = {}
        self._led_to: set[str] = set()
        self._aside: set[str] = set()
        self.blank: set[BlankNode] = set()
        self.respelling = Respelling()
        before = len(self.broken)
        for index, file in files:
            told = Told(file, index)
            try:
                self._fill(told, index)
            except BrokenFile as fault:
                self.broken.append(fault)
            else:
                self.told.append(told)
        return len(self.broken) == before

    def __iter__(self) -> Iterator[Quad]:
        for told in self.told:
            yield from starmap(Quad, told.parts())

    def __len__(self) -> int:
        return sum(told.count for told in self.told)

    def _fill(self, told: Told, index: int) -> None:
        """Read a file into the store; raises BrokenFile."""
        text = checked(told.file)
        noted = self._noted(told, text)
        if self._wants_graphs:
            self.store.bulk_extend(noted)
            return
        with loading(self.store, told.file, index, text) as is_loaded:
            if is_loaded:
                deque(noted, maxlen=0)
            else:
                self.store.bulk_extend(noted)

    def _noted(self, told: Told, text: bytes) -> Iterator[Quad]:
        """The triples of a file for the store, with a note of all that is asked about later."""
        graphs, about, show = self.graphs, self.about, self.respelling.show
        known, by_property = self._known, self._by_property
        led_to, aside = self._led_to, self._aside
        for (subject, predicate, value, graph), merged in told.first(text):
            if graph not in graphs:
                graphs[graph] = First(graph, told, told.count - 1, subject)
            names = by_property.get(predicate)
            if names is None:
                names = by_property[predicate] = aside if predicate.value in _NAMING else led_to
            if type(value) is Literal:
                show(subject, predicate, value)
            elif type(value) is NamedNode:
                name = value.value
                if name.startswith(OURS):
                    names.add(name)
                if not told.is_known and predicate == _TYPE and name in known:
                    told.is_known = True
            else:
                self.blank.add(value)
            if isinstance(subject, BlankNode):
                self.blank.add(subject)
            elif (name := subject.value).startswith(OURS):
                about.add(name)
            yield Quad(subject, predicate, value) if merged is None else merged
            if self._wants_graphs:
                yield Quad(subject, predicate, value, graph)

    @property
    def properties(self) -> Set[NamedNode]:
        """The properties that are used."""
        return self._by_property.keys()

    @cached_property
    def names(self) -> set[str]:
        """The IRIs of ours that are used as subject or value."""
        return self.about | self._led_to | self._aside

    @property
    def undescribed(self) -> list[NamedNode]:
        """The things, dates aside, that statements lead to and that none is about, in order."""
        missing = self._led_to - self.about
        return [
            NamedNode(n) for n in sorted(missing) if n.startswith(THING) and not n.startswith(DATE)
        ]

    @cached_property
    def dated(self) -> set[NamedNode | BlankNode]:
        """The dates: all date: IRIs that are used, and what has a form or bounds of a date."""
        dates = (name for name in self.names if name.startswith(DATE))
        used: set[NamedNode | BlankNode] = set(map(NamedNode, dates))
        return used.union(
            quad.subject
            for stated in STATED_OF_DATES
            for quad in self.store.quads_for_pattern(None, stated, None, DefaultGraph())
            if isinstance(quad.subject, NamedNode | BlankNode)
        )


class Both:
    """The statements of several wholes, which can be had more than once."""

    def __init__(self, *parts: Callable[[], Iterator[Quad]]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[Quad]:
        for part in self._parts:
            yield from part()
