"""The page of figures and its plot, made of what is kept."""

from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any

from benchmarks import bars, growth, kept
from benchmarks.measure import Figure, shown

_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
_WIDTH, _ROW, _NAMES = 720, 22, 210
_OURS, _OTHERS = "#1f6f54", "#9aa5b1"


_TELLING = 100_000  # quads; of less, most are the rules' examples, so that growth tells nothing
_SHOWN = 8
_TITLES = {
    "bundled": "The bundled graph, whole processes",
    "planted": "{size} quads with their graphs, every rule: exactly the planted faults are found",
    "core": "{size} quads, Core",
    "sparql": "{size} quads, Core + SPARQL",
    "remote": "{size} quads with their graphs, every rule: in files, and where the data is",
    "questions": "{size} quads: questions",
    "exchange": "{size} triples: load, ask, write",
}
_BASES = {"bundled": "emgraph validate", "exchange": "emgraph: load"}


def write(readme: Path, plot: Path, known: dict[str, Any]) -> None:
    """Put what is kept between the marks of the page, and draw the chart beside it."""
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    picture = f"![times, on a logarithmic scale]({plot.name})"
    body = "\n\n".join(["### The bars", bars.table(known), *_sections(known), picture])
    readme.write_text(f"{before}{_BEGIN}\n{body}\n{_END}{after}", encoding="utf-8")
    plot.write_text(drawn(_chart(known)), encoding="utf-8")


def _parts(known: dict[str, Any]) -> Iterator[tuple[str, str, kept.Part]]:
    """Each part that is kept, with its section and title, in the order of the page."""
    for section, title in _TITLES.items():
        for size in kept.sizes(known, section):
            part = kept.part(known, f"{section} {size}")
            if part is not None:
                yield section, title.format(size=f"{size:,}"), part


def _sections(known: dict[str, Any]) -> Iterator[str]:
    for section, title, part in _parts(known):
        how = f"Runs of each: {part.runs}; limit: {part.limit:,.0f} s; {part.machine}."
        yield f"### {title}\n\n{table(part.figures, _BASES.get(section, 'emgraph'))}\n\n{how}"
    for kind in ("questions", "rules"):
        if f"growth {kind}" in known:
            yield _growth(kind, known[f"growth {kind}"])


def _growth(kind: str, said: dict[str, Any]) -> str:
    """The slowest of a kind at each size, and those that grow faster than they may."""
    sizes = said["sizes"]
    lines = [f"| | {' | '.join(f'{size:,}' for size in sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    for name, seconds, *_ in sorted(said["rows"], key=lambda row: -row[1][-1])[:_SHOWN]:
        lines.append(f"| {name} | {' | '.join(map(shown, seconds))} |")
    steep = ", ".join(name for name, _, _, is_steep in said["rows"] if is_steep)
    told = f"Of {len(said['rows'])}, growing more than {growth.SLACK:g} times as fast as n log n "
    told += f"and as their answers: {steep or 'none'}. Medians of {growth.RUNS} runs, one after "
    told += f"another; what takes less than {shown(growth.LEAST)} is judged as if it took that."
    if len(sizes) < 2 or sizes[-2] < _TELLING:
        told = (
            f"Growth is judged from {_TELLING:,} quads on: in less, most are the rules' examples."
        )
    of = "the processor's time" if kind == "questions" else "the time by the clock"
    return (
        f"### How {kind} grow\n\nThe slowest, {of} beyond loading:\n\n"
        + "\n".join(lines)
        + f"\n\n{told} {said['machine']}."
    )


def _chart(known: dict[str, Any]) -> dict[str, Sequence[Figure]]:
    """The groups of bars: the bundled graph's two commands, and the validators at size."""
    chart: dict[str, Sequence[Figure]] = {}
    for section, title, part in _parts(known):
        if section == "bundled":
            for pair in (("emgraph query", "rdflib script"), ("emgraph validate", "pySHACL")):
                group = [one for one in part.figures if one.name.startswith(pair)]
                chart[f"bundled graph: {pair[0].split()[1]}"] = group
        elif section in ("core", "sparql"):
            chart[title] = part.figures
    return chart


def table(figures: Sequence[Figure], ours: str = "emgraph") -> str:
    """A table of medians with minimum and maximum, and how many times our time each takes.

    Our time is that of `ours`, or of "emgraph: what" for "another: what".
    """
    medians = {one.name: one.median for one in figures}
    lines = [
        "| | median | min–max | processor | peak memory | times ours |",
        "|---|---|---|---|---|---|",
    ]
    for one in figures:
        if one.median is None:
            lines.append(f"| {one.name} | {one.remark} | | | | |")
            continue
        _, _, what = one.name.partition(": ")
        base = medians.get(f"emgraph: {what}" if what else ours) or medians.get(ours)
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
