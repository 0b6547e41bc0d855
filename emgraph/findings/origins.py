"""Where the rules themselves stand."""

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from emgraph.assets import folder
from emgraph.rdf.files import RdfFile
from emgraph.rdf.lines import lines
from emgraph.rdf.store import read


class Origin(NamedTuple):
    """The file and line where a shape begins; a bundled file is named from emgraph's own folder."""

    file: str
    line: int | None
    is_bundled: bool


def origins(shapes: Sequence[RdfFile]) -> dict[str, Origin]:
    """The origin of every named shape, by its IRI; raises BrokenFile."""
    found: dict[str, Origin] = {}
    bundled = folder("shapes")
    for reading in read([file.at_home for file in shapes]):
        file = reading.file
        ours = file.path is not None and file.path.parent == bundled
        name = f"shapes/{file.path.name}" if ours and file.path else file.name
        ends = lines(file)
        for index, quad in enumerate(reading.quads):
            if isinstance(quad.subject, NamedNode) and quad.subject.value not in found:
                line = ends[index] if index < len(ends) else None
                found[quad.subject.value] = Origin(name, line, ours)
    return found
