"""A provenance-first knowledge graph of police collaborations."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from emgraph.errors import EmgraphError, QueryStopped
    from emgraph.graph import Graph
    from emgraph.table import Iri, Table

__version__ = "0.1.0"
__all__ = ["EmgraphError", "Graph", "Iri", "QueryStopped", "Table", "__version__", "open"]

_HOMES = {
    "EmgraphError": "errors",
    "Graph": "graph",
    "Iri": "table",
    "QueryStopped": "errors",
    "Table": "table",
}


def open(  # noqa: A001
    *paths: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]",
    endpoint: str | None = None,
    input_format: str | None = None,
) -> "Graph":
    """Open a graph: of files, an on-disk store, an endpoint (URL), or the bundled one.

    Paths are files and folders, one by one or a list of them.
    `input_format` (ttl, trig, ...) is that of files whose names do not tell. Raises EmgraphError
    for a path that is missing or cannot be parsed.
    """
    from emgraph.graph import Graph

    return Graph(*paths, endpoint=endpoint, input_format=input_format)


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first used: `import emgraph` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'emgraph' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"emgraph.{_HOMES[name]}"), name)
