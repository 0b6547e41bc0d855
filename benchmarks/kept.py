"""What has been measured, kept in results.json, so that parts can be measured one by one."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import Figure

FILE = Path(__file__).parent / "results.json"


class Part(NamedTuple):
    """One part of a section, measured side by side in one run, and how: runs, limit, machine."""

    figures: tuple[Figure, ...]
    runs: int
    limit: float
    machine: str

    def named(self, start: str) -> Figure | None:
        """The figure whose name begins so, if there is one."""
        return next((one for one in self.figures if one.name.startswith(start)), None)


def read(file: Path = FILE) -> dict[str, Any]:
    """All that is kept: parts by section and size, and growth."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def keep(key: str, value: object, file: Path = FILE) -> None:
    """Keep what was measured under a name, instead of what was measured before."""
    known = read(file) | {key: value}
    text = json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def keep_part(key: str, figures: Sequence[Figure], runs: int, limit: float) -> None:
    """Keep the figures of a part with how they were measured."""
    listed = [one._asdict() for one in figures]
    said = {"figures": listed, "runs": runs, "limit": limit, "machine": machine()}
    keep(key, said)


def part(known: dict[str, Any], key: str) -> Part | None:
    """A part that is kept, or nothing."""
    if key not in known:
        return None
    said = known[key]
    figures = tuple(
        Figure(one["name"], tuple(one["seconds"]), one["peak"], one["cpu"], one["remark"])
        for one in said["figures"]
    )
    return Part(figures, said["runs"], said["limit"], said["machine"])


def sizes(known: dict[str, Any], section: str) -> list[int]:
    """The sizes of which a section is kept, in order."""
    return sorted(int(key.split()[1]) for key in known if key.split()[0] == section and " " in key)


def machine() -> str:
    """On what something was measured, and how busy it was at the end."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load at the end {load:.1f}"
    )
