"""A new graph of one's own: the bundled template, copied whole or not at all."""

from contextlib import suppress
from pathlib import Path

from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.rdf.files import reason

_DOT = "dot-"
_OWN_BUSINESS = {".git"}
_MOST_NAMED = 5


def template() -> dict[str, bytes]:
    """Every file of the template by its path in the new graph, in order."""
    root = folder("template") / "graph"
    files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return dict(sorted((_name(path.relative_to(root)), path.read_bytes()) for path in files))


def _name(path: Path) -> str:
    parts = (
        f".{part.removeprefix(_DOT)}" if part.startswith(_DOT) else part for part in path.parts
    )
    return "/".join(parts)


def begin(place: Path) -> list[str]:
    """Make a new graph in a folder that is new, empty or holds .git alone; gives what it holds.

    Raises EmgraphError for another folder, or if it cannot be written; then nothing is left behind.
    """
    files = template()
    _refuse(place)
    made: list[Path] = []
    try:
        for name, data in files.items():
            path = place / name
            made += [*_missing(path.parent), path]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(data)
    except OSError as error:
        _undo(made)
        raise EmgraphError(f"{place}: {reason(error)}. Nothing was written.") from error
    except BaseException:
        _undo(made)
        raise
    return list(files)


def _missing(path: Path) -> list[Path]:
    """The folder and those above it as far as they are not there, the uppermost first."""
    return [above for above in (path, *path.parents) if not above.exists()][::-1]


def _refuse(place: Path) -> None:
    try:
        if not place.is_dir():
            if place.exists() or place.is_symlink():
                raise EmgraphError(f"{place}: not a folder. Name a new or empty one.")
            return
        inside = sorted({path.name for path in place.iterdir()} - _OWN_BUSINESS)
    except OSError as error:
        raise EmgraphError(f"{place}: {reason(error)}. Name another folder.") from error
    if inside:
        more = f" and {len(inside) - _MOST_NAMED} more" if len(inside) > _MOST_NAMED else ""
        named = ", ".join(inside[:_MOST_NAMED])
        raise EmgraphError(
            f"{place}: not empty, it holds {named}{more}. Name a new or empty folder."
        )


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
