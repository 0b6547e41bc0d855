"""The shapes to judge by and the rules that they are; what is not needed of them is not read."""

from collections.abc import Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.namespaces import RDFS, SH
from emgraph.rdf.files import RdfFile, find, ontology
from emgraph.rdf.store import Reading, statements
from emgraph.shacl import kept
from emgraph.shacl.background import Background, background_of
from emgraph.shacl.jobs import Plan
from emgraph.shacl.places import read_graphs
from emgraph.shacl.rules import by_code, catalogue, listed_in, read_shapes, shape_files
from emgraph.shacl.spelling import Altered
from emgraph.validation.checks import BROKEN
from emgraph.validation.judging import defined
from emgraph.validation.survey import Survey

BUNDLED = "bundled"


class Shapebook:
    """The shapes in files, by their paths; "bundled" is a path, and none means that too.

    Raises EmgraphError for paths without a shape.
    """

    def __init__(self, paths: Sequence[str] = (), *, use_kept: bool = True) -> None:
        self.paths = paths or (BUNDLED,)
        self._files = shape_files(self.paths)
        self.kept = None if self.is_foreign or not use_kept else kept.read(self.files)
        self.rules = by_code(self.kept.rules if self.kept else listed_in(self.readings))
        if not self.has_ours:
            if not any(_is_shacl(quad) for reading in self.readings for quad in reading.quads):
                what = (
                    f"{', '.join(paths)}: no shape in it. Name files of SHACL shapes with --shapes."
                )
                raise EmgraphError(what)
            own = find([str(folder("shapes") / "file.ttl")])
            self.rules |= {BROKEN: catalogue(own)[BROKEN]}

    @property
    def files(self) -> list[RdfFile]:
        """What a verdict depends on besides the data: the files of shapes, and the ontology's."""
        return [*self._files, *ontology()]

    @property
    def is_foreign(self) -> bool:
        """Whether some are not bundled."""
        return {*self.paths} != {BUNDLED}

    @property
    def has_ours(self) -> bool:
        """Whether the bundled ones are among them."""
        return BUNDLED in self.paths

    @cached_property
    def readings(self) -> list[Reading]:
        """What each file says."""
        return read_shapes(self._files)

    @cached_property
    def quads(self) -> list[Quad]:
        """What the shapes say, as far as it has a meaning."""
        return defined(self.readings)

    @cached_property
    def reads_graphs(self) -> bool:
        """Whether some SPARQL in the shapes reads named graphs."""
        return self.kept.reads_graphs if self.kept else read_graphs(self.quads)

    @cached_property
    def background(self) -> Background:
        """What the ontology says."""
        return self.kept.background if self.kept else background_of(statements(ontology()))

    def plan(self, survey: Survey) -> Plan | None:
        """What is kept, if it holds for what files say: nothing of which class is below which."""
        says_classes = NamedNode(RDFS + "subClassOf") in survey.properties
        altered = Altered(survey.respelling.odd, survey.respelling.long)
        if self.kept is None or says_classes or not self.kept.holds(altered):
            return None
        return self.kept.plan


def _is_shacl(quad: Quad) -> bool:
    """Whether a statement is in the words of SHACL."""
    return any(
        term.value.startswith(SH)
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    )
