"""What a rule is compiled to, to be read, or run wherever the data is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import Quad

from emgraph.classes import superclasses
from emgraph.shacl.compiler import Compiler
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.value_tests import Uncovered


def queries_of(code: str, shapes: Iterable[Quad], ontology: Iterable[Quad]) -> Iterator[str]:
    """The queries of a rule, each after a comment that names its constraint component.

    A shape that is not compiled is a comment that says why. Raises EmgraphError for wrong shapes.
    """
    graph = Shapes(shapes)
    under: dict[str, set[str]] = {}
    for class_, above in superclasses(ontology).items():
        for one in above:
            under.setdefault(one, set()).add(class_)

    def _below(class_: str) -> Collection[str]:
        return under.get(class_, set()) | {class_}

    for shape in graph.targeted():
        if code not in graph.codes_below(shape):
            continue
        compiler = Compiler(graph, _below, lambda _pattern, _flags: True)
        try:
            queries = compiler.queries(shape)
        except Uncovered as reason:
            yield f"# Not compiled, because it has {reason}; pySHACL judges by it.\n"
            continue
        for query in queries:
            name = query.component.rpartition("#")[2].removesuffix("ConstraintComponent")
            yield f"# {name}\n{query.text.strip()}\n"
