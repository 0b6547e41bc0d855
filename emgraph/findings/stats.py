"""What a run looked at and how long that took: for people, and no part of any report."""

from collections.abc import Iterator

from emgraph.finding import Report
from emgraph.findings.plain import number
from emgraph.stopwatch import Stopwatch

BY_REFERENCE = "pySHACL"


def render(report: Report, watch: Stopwatch) -> str:
    """A line a rule, the slowest first, then the stages of the run; no wider than 80 columns.

    What pySHACL judged has one time for all its rules together, because it tells no other.
    """
    lines = [f"{'Rule':<8}{'Looked at':>12}{'ms':>12}", *_rules(report, watch)]
    if BY_REFERENCE in watch.parts:
        took = _milliseconds(watch.parts[BY_REFERENCE])
        lines += [f"{BY_REFERENCE:<20}{took}  (for all its rules; it tells no time a rule)"]
    lines += ["", f"{'Stage':<20}{'ms':>12}"]
    lines += [f"{name:<20}{_milliseconds(took)}" for name, took in watch.stages.items()]
    lines += [f"{'in all':<20}{_milliseconds(sum(watch.stages.values()))}"]
    return "".join(f"{line}\n" for line in lines)


def _rules(report: Report, watch: Stopwatch) -> Iterator[str]:
    codes = sorted(
        {*report.looked_at, *watch.parts} - {BY_REFERENCE},
        key=lambda code: (-watch.parts.get(code, 0.0), -report.looked_at.get(code, 0), code),
    )
    idle = [code for code in codes if not report.looked_at.get(code) and code not in watch.parts]
    for code in codes:
        if code not in idle:
            took = _milliseconds(watch.parts[code]) if code in watch.parts else f"{'-':>12}"
            yield f"{code:<8}{report.looked_at.get(code, 0):>12,}{took}"
    if idle:
        yield f"{number(len(idle), 'rule')} had nothing to look at."


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:>12,.1f}"
