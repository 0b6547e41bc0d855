"""What a rule is compiled to, to be read, or run wherever the data is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad

from emgraph.errors import Uncovered
from emgraph.shacl import soundness
from emgraph.shacl.planning import compiler_for_all
from emgraph.shacl.shapes import Shapes


def queries_of(code: str, shapes: Iterable[Quad], ontology: Iterable[Quad]) -> Iterator[str]:
    """The queries of a rule, each after a comment that names its constraint component.

    A shape that is not compiled is a comment that says why. Raises EmgraphError for wrong shapes.
    """
    graph = Shapes(shapes)
    soundness.check(graph)
    ontology = list(ontology)
    for shape in graph.targeted():
        if code not in graph.codes_below(shape):
            continue
        compiler = compiler_for_all(graph, ontology, lambda _pattern, _flags: True)
        try:
            queries = compiler.queries(shape)
        except Uncovered as reason:
            yield f"# Not compiled, because it has {reason}; pySHACL judges by it.\n"
            continue
        for query in queries:
            name = query.component.rpartition("#")[2].removesuffix("ConstraintComponent")
            yield f"# {name}\n{query.text.strip()}\n"
