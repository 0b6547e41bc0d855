"""The page of figures and its plot, written by the run that measured them."""

import os
import platform
from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path

from benchmarks.measure import Figure, shown

_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
_WIDTH, _ROW, _NAMES = 720, 22, 210
_OURS, _OTHERS = "#1f6f54", "#9aa5b1"


def write(
    readme: Path, plot: Path, parts: Sequence[str], chart: Mapping[str, Sequence[Figure]]
) -> None:
    """Put the parts between the marks of the page, and draw the chart beside it."""
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    body = "\n\n".join([machine(), *parts, f"![times, on a logarithmic scale]({plot.name})"])
    readme.write_text(f"{before}{_BEGIN}\n{body}\n{_END}{after}", encoding="utf-8")
    plot.write_text(drawn(chart), encoding="utf-8")


def machine() -> str:
    """On what it was measured."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}; the load of the machine when the run ended was {load:.1f}."
    )


def table(figures: Sequence[Figure], ours: str = "emgraph") -> str:
    """A table of medians with minimum and maximum, and how many times our time each takes."""
    base = next((one.median for one in figures if one.name == ours), None)
    lines = [
        "| | median | min–max | processor | peak memory | times ours |",
        "|---|---|---|---|---|---|",
    ]
    for one in figures:
        if one.median is None:
            lines.append(f"| {one.name} | {one.remark} | | | | |")
            continue
        spread = f"{shown(min(one.seconds))}–{shown(max(one.seconds))}"
        ratio = f"{one.median / base:.2f}" if base else ""
        lines.append(
            f"| {one.name} | {shown(one.median)} | {spread} | {shown(one.cpu)} "
            f"| {one.peak:,.0f} MB | {ratio} |"
        )
    return "\n".join(lines)


def drawn(chart: Mapping[str, Sequence[Figure]]) -> str:
    """Bars on a logarithmic scale of seconds, a group for each title."""
    rows: list[str] = []
    timed = [one.median for group in chart.values() for one in group if one.median]
    low, high = 0.02, max(timed, default=1.0) * 1.2
    y = 10

    def _x(seconds: float) -> float:
        share = (log10(seconds) - log10(low)) / (log10(high) - log10(low))
        return _NAMES + (_WIDTH - _NAMES - 80) * max(0.01, share)

    for title, group in chart.items():
        rows.append(f'<text x="4" y="{y + 15}" font-weight="bold">{title}</text>')
        y += _ROW
        for one in group:
            if one.median is None:
                continue
            colour = _OURS if one.name.startswith("emgraph") else _OTHERS
            end = _x(one.median)
            rows.append(f'<text x="{_NAMES - 8}" y="{y + 15}" text-anchor="end">{one.name}</text>')
            rows.append(
                f'<rect x="{_NAMES}" y="{y + 3}" width="{end - _NAMES:.1f}" height="{_ROW - 7}" '
                f'fill="{colour}"/>'
            )
            rows.append(f'<text x="{end + 6:.1f}" y="{y + 15}">{shown(one.median)}</text>')
            y += _ROW
        y += 8
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" '
        f'height="{y}" font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *rows, "</svg>\n"])
