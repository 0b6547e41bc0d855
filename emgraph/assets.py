"""Where the bundled folders stand (ontology, shapes, ...): in the wheel, or in the checkout."""

from functools import cache
from pathlib import Path

from emgraph.errors import EmgraphError


@cache
def folder(name: str) -> Path:
    """The bundled folder ontology, shapes, queries, data or template; raises if it was not shipped.

    An installed wheel has them under emgraph/assets; an editable install reads the checkout's own.
    """
    package = Path(__file__).parent
    for place in (package / "assets" / name, package.parent / name):
        if place.is_dir():
            return place
    raise EmgraphError(f"this installation lacks its {name} folder. Install emgraph again.")
