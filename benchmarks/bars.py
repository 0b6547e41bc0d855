"""The bars that were set, each beside what was measured of it."""

from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks import kept
from benchmarks.kept import Part
from benchmarks.measure import Figure, shown

_OURS = "emgraph"


def table(known: dict[str, Any]) -> str:
    """A row for each bar; what is not measured yet is said to be so."""
    lines = ["| what | bar | measured |", "|---|---|---|"]
    lines += [f"| {what} | {bar} | {found} |" for what, bar, found in _rows(known)]
    return "\n".join(lines)


def _rows(known: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    bundled = kept.part(known, "bundled 0")
    small, large = kept.part(known, "sparql 100000"), kept.part(known, "sparql 1000000")
    core = kept.part(known, "core 1000000")
    ours = bundled.named("emgraph validate") if bundled else None
    took = f", {shown(ours.median)}" if ours and ours.median else ""
    validate = _times(bundled, "pySHACL", "emgraph validate")
    yield "bundled `validate` against pySHACL's command", "≥ 15×, ≤ 120 ms", validate + took
    yield "… against `import click`", "reported", _times(bundled, "emgraph v", "import click")
    yield "bundled `query` against an rdflib script", "≥ 4×", _times(bundled, "rdflib", "emgraph q")
    yield "… against `import click`", "≤ 3×", _times(bundled, "emgraph q", "import click")
    yield "100,000 Core + SPARQL against pySHACL", "≥ 15×", _times(small, "pySHACL")
    yield "… against the fastest that is right", "≥ 2×", _fastest(small)
    for name in ("Jena", "TopBraid"):
        yield f"1,000,000 Core + SPARQL against {name}", "≥ 1.7×", _times(large, name)
    bars = (("pySHACL", "≥ 12×"), ("pyshacl-turbo", "≥ 2×"), ("TopBraid", "≥ 1.3×"))
    for name, bar in (*bars, ("shacl", "reported")):
        yield f"1,000,000 Core against {name}", bar, _times(core, name)
    yield "1,000,000 Core, peak memory against pySHACL's", "≤ 0.5×", _memory(core)
    yield "100,000 to 1,000,000 quads, start-up taken off", "≤ 13×", grown(known)
    for kind in ("oxigraph", "virtuoso"):
        what = f"1,000,000 quads at a server ({kind}) against files"
        yield what, "≤ 3×, ≤ 150 MB", _remote(kept.part(known, "remote 1000000"), kind)


def _times(part: Part | None, theirs: str, ours: str = _OURS) -> str:
    """How many times longer one took than another; at least so many if it was stopped."""
    one = part.named(theirs) if part else None
    other = part.named(ours) if part else None
    if part is None or one is None or other is None or not other.median:
        return "not measured"
    if one.median:
        return f"{one.median / other.median:.1f}×"
    if one.remark.startswith(">"):
        return f"more than {part.limit / other.median:.1f}×"
    return one.remark


def _fastest(part: Part | None) -> str:
    right = [one for one in part.figures if one.median and one.name != _OURS] if part else []
    best = min(right, key=lambda one: one.median or 0.0, default=None)
    if best is None:
        return "none was right within the limit" if part else "not measured"
    return f"{_times(part, best.name)} ({best.name})"


def _memory(part: Part | None) -> str:
    found: Iterable[Figure | None] = (part.named("pySHACL"), part.named(_OURS)) if part else ()
    peaks = [one.peak for one in found if one is not None and one.peak]
    return f"{peaks[1] / peaks[0]:.2f}×" if len(peaks) > 1 else "not measured"


def _remote(part: Part | None, kind: str) -> str:
    one = part.named(kind) if part else None
    return _times(part, kind) + (f", {one.peak:,.0f} MB" if one and one.peak else "")


def grown(known: dict[str, Any]) -> str:
    """How many times as long the whole nation of a million takes as that of a hundred thousand."""
    bundled = kept.part(known, "bundled 0")
    ours = bundled.named("emgraph validate") if bundled else None
    both = [kept.part(known, f"planted {size}") for size in (100_000, 1_000_000)]
    took = [part.figures[0].median for part in both if part is not None]
    if ours is None or ours.median is None or len(took) < 2 or None in took:
        return "not measured"
    less, more = (seconds - ours.median for seconds in took if seconds is not None)
    return f"{more / max(less, 0.001):.1f}×"
