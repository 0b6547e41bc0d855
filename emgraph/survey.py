"""What files say, gone through once: its merge in a store, and what only the files can tell."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from emgraph.errors import BrokenFile
from emgraph.files import RdfFile
from emgraph.namespaces import DATE, EM, EMSH, RDF
from emgraph.positions import quads_by_line
from emgraph.shacl.spelling import Respelling
from emgraph.store import quads_of

MANY = 100_000  # statements; a file that says more is read again where one of less is remembered
_TYPE = NamedNode(RDF + "type")
_WATCHED = (DATE, EM, EMSH)
STATED_OF_DATES = tuple(NamedNode(EM + name) for name in ("edtf", "earliest", "latest"))


class Told:
    """One file that could be parsed: how much it says, and whether it uses a class that is known.

    Its statements can be had again, in their order.
    """

    def __init__(self, file: RdfFile, index: int) -> None:
        self.file = file
        self.count = 0
        self.is_known = False
        self._index = index
        self._kept: list[Quad] | None = []

    def first(self) -> Iterator[Quad]:
        """The statements for the first time; raises BrokenFile."""
        kept, count = self._kept, 0
        for quad in quads_of(self.file, self._index):
            count += 1
            if kept is not None:
                kept.append(quad)
                if count > MANY and self.file.path is not None:
                    self._kept = kept = None
            yield quad
        self.count = count

    def quads(self) -> Iterator[Quad]:
        """The statements once more."""
        return iter(self._kept) if self._kept is not None else quads_of(self.file, self._index)

    def placed(self) -> Iterator[tuple[Quad, int]]:
        """The statements once more, those of a large file with the line on which each ends."""
        if self._kept is not None:
            return ((quad, 0) for quad in self._kept)
        return quads_by_line(self.file, self._index)

    @property
    def is_large(self) -> bool:
        """Whether its statements are read again each time that they are asked for."""
        return self._kept is None


class Survey:
    """What files say, in a store whose default graph is the merge.

    It knows the graphs, each with the first subject in it, and what is used of our terms and dates.
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
        self.graphs: dict[NamedNode | BlankNode | DefaultGraph, NamedNode | BlankNode | Triple] = {}
        self.dates: set[str] = set()
        self.terms: set[str] = set()
        self.properties: set[NamedNode] = set()
        self.has_blank = False
        self.respelling = Respelling()
        before = len(self.broken)
        for index, file in files:
            told = Told(file, index)
            try:
                self.store.bulk_extend(self._noted(told))
            except BrokenFile as fault:
                self.broken.append(fault)
            else:
                self.told.append(told)
        return len(self.broken) == before

    def __iter__(self) -> Iterator[Quad]:
        for told in self.told:
            yield from told.quads()

    def __len__(self) -> int:
        return sum(told.count for told in self.told)

    def _noted(self, told: Told) -> Iterator[Quad]:
        """The triples of a file for the store, with a note of all that is asked about later."""
        graphs, properties, show = self.graphs, self.properties, self.respelling.show
        for quad in told.first():
            subject, predicate, value, graph = quad
            if graph not in graphs:
                graphs[graph] = subject
            if predicate not in properties:
                properties.add(predicate)
            kind = type(value)
            if kind is Literal:
                show(quad, subject, predicate, value)
            elif kind is NamedNode:
                name = value.value
                if name.startswith(_WATCHED):
                    self._note(name)
                if not told.is_known and predicate == _TYPE and name in self._known:
                    told.is_known = True
            else:
                self.has_blank = True
            if type(subject) is not NamedNode:
                self.has_blank = True
            elif (name := subject.value).startswith(_WATCHED):
                self._note(name)
            yield Quad(subject, predicate, value)
            if self._wants_graphs:
                yield quad

    @cached_property
    def dated(self) -> set[NamedNode | BlankNode]:
        """The dates: all date: IRIs that are used, and what has a form or bounds of a date."""
        used: set[NamedNode | BlankNode] = set(map(NamedNode, self.dates))
        return used.union(
            quad.subject
            for stated in STATED_OF_DATES
            for quad in self.store.quads_for_pattern(None, stated, None, DefaultGraph())
            if isinstance(quad.subject, NamedNode | BlankNode)
        )

    def _note(self, name: str) -> None:
        (self.dates if name.startswith(DATE) else self.terms).add(name)


class Both:
    """The statements of several wholes, which can be had more than once."""

    def __init__(self, *parts: Callable[[], Iterator[Quad]]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[Quad]:
        for part in self._parts:
            yield from part()
