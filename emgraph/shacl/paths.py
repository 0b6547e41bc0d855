"""Property paths as SPARQL: as text, and as nested EXISTS that follow one step at a time.

An EXISTS with several patterns can take an engine quadratic time, because it joins them for every
outer row; with one pattern each, inside one another, every step starts from a bound node.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from pyoxigraph import NamedNode

from emgraph.finding import Path, PathOf

_SUFFIXES = {"zero or more": "*", "one or more": "+", "zero or one": "?"}


class Fresh:
    """Gives out variables that nothing else uses."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        """The next variable."""
        return f"?x{next(self._numbers)}"


def text(path: Path) -> str:
    """A property path in SPARQL 1.1, section 9.1, with whole IRIs."""
    if isinstance(path, NamedNode):
        return str(path)
    inner = [text(part) for part in path.parts]
    if path.operator == "inverse":
        return f"^{inner[0]}" if isinstance(path.parts[0], NamedNode) else f"^({inner[0]})"
    if path.operator in _SUFFIXES:
        return f"({inner[0]}){_SUFFIXES[path.operator]}"
    return f"({('/' if path.operator == 'sequence' else '|').join(inner)})"


def triple(start: str, path: Path, end: str) -> str:
    """A triple pattern from a start along a path to an end."""
    if isinstance(path, PathOf) and path.operator == "inverse":
        inner = path.parts[0]
        if isinstance(inner, NamedNode):
            return f"{end} {inner} {start} ."
    return f"{start} {text(path)} {end} ."


def reach(start: str, path: Path, end: str, condition: str, fresh: Fresh) -> str:
    """An expression: some end that meets the condition ("" for any) is reached by the path."""
    if isinstance(path, PathOf):
        if path.operator == "sequence":
            first, *rest = path.parts
            if not rest:
                return reach(start, first, end, condition, fresh)
            middle = fresh()
            remaining = PathOf("sequence", tuple(rest))
            return reach(
                start, first, middle, reach(middle, remaining, end, condition, fresh), fresh
            )
        if path.operator == "alternative":
            ways = [reach(start, part, end, condition, fresh) for part in path.parts]
            return f"({' || '.join(ways)})"
        if path.operator == "inverse" and isinstance(path.parts[0], PathOf):
            return reach(start, inverted(path.parts[0]), end, condition, fresh)
    tested = f" FILTER({condition})" if condition else ""
    return f"EXISTS {{ {triple(start, path, end)}{tested} }}"


def inverted(path: Path) -> Path:
    """The path that leads back."""
    if isinstance(path, NamedNode):
        return PathOf("inverse", (path,))
    if path.operator == "inverse":
        return path.parts[0]
    parts = reversed(path.parts) if path.operator == "sequence" else path.parts
    return PathOf(path.operator, tuple(inverted(part) for part in parts))


def is_step(path: Path) -> bool:
    """Whether a path is one property, forwards or backwards."""
    return isinstance(path, NamedNode) or (
        path.operator == "inverse" and isinstance(path.parts[0], NamedNode)
    )


def may_stay(path: Path | None) -> bool:
    """Whether a path has a part that need not go a step."""
    return isinstance(path, PathOf) and (
        path.operator in ("zero or more", "zero or one") or any(map(may_stay, path.parts))
    )


def predicates(path: Path | None) -> Iterator[str]:
    """The properties that a path goes along."""
    if isinstance(path, NamedNode):
        yield path.value
    elif path is not None:
        for part in path.parts:
            yield from predicates(part)
