"""The page of figures is made of what is kept: ratios, limits, what is wrong, and the bars."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import bars, kept, page, remote
from benchmarks.growth import Growth
from benchmarks.measure import Figure, Run, figure, run, several

OURS = Figure("emgraph", (2.0, 1.0, 3.0), 100.0, 1.5)


def _kept(*figures: Figure) -> dict[str, object]:
    return {
        "figures": [one._asdict() for one in figures],
        "runs": 3,
        "limit": 60.0,
        "machine": "a machine",
    }


def test_a_page_says_what_was_measured_and_what_was_not(tmp_path: Path) -> None:
    slow, wrong = Figure("pySHACL 1", remark="> 60 s"), Figure("shacl 2", remark="wrong: 1 missing")
    known = {"core 1000000": _kept(OURS, slow, wrong, Figure("TopBraid 1", (5.0,), 900.0, 7.0))}
    readme, plot = tmp_path / "README.md", tmp_path / "times.svg"
    readme.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    page.write(readme, plot, known)
    text = readme.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| 1,000,000 Core against pySHACL | ≥ 12× | more than 30.0× |" in text
    assert "| 1,000,000 Core against TopBraid | ≥ 1.3× | 2.5× |" in text
    assert "| 1,000,000 Core against shacl | reported | wrong: 1 missing |" in text
    assert "| 1,000,000 Core + SPARQL against Jena | ≥ 1.7× | not measured |" in text
    assert "| emgraph | 2.0 s | 1.0 s–3.0 s | 1.5 s | 100 MB | 1.00 |" in text
    assert "| pySHACL 1 | > 60 s | | | | |" in text
    assert "TopBraid 1" in plot.read_text()
    assert "pySHACL 1" not in plot.read_text()


def test_growth_takes_start_up_off() -> None:
    known = {
        "bundled 0": _kept(Figure("emgraph validate", (0.5,))),
        "planted 100000": _kept(Figure("emgraph", (1.5,))),
        "planted 1000000": _kept(Figure("emgraph", (10.5,))),
    }
    assert bars.grown(known) == "10.0×"


def test_what_is_measured_is_kept_beside_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    kept.keep("core 10", _kept(OURS), file)
    kept.keep("core 20", _kept(OURS), file)
    known = kept.read(file)
    assert kept.sizes(known, "core") == [10, 20]
    part = kept.part(known, "core 10")
    assert part is not None
    assert part.figures == (OURS,)
    assert json.loads(file.read_text()) == known


def test_a_command_that_reaches_the_limit_is_run_once() -> None:
    done = several((sys.executable, "-c", "import time; time.sleep(30)"), 3, 0.3)
    assert len(done) == 1
    assert figure("slow", done, 0.3).median is None
    assert figure("quick", [run((sys.executable, "-c", ""), 30)], 30).median is not None


def test_what_grows_faster_than_it_may_is_steep() -> None:
    sizes = (10_000, 100_000, 1_000_000)
    assert not Growth("even", (0.1, 1.0, 12.0), (5, 5, 5)).is_steep(sizes)
    assert not Growth("its answer", (0.1, 1.0, 90.0), (1, 10, 1000)).is_steep(sizes)
    assert Growth("quadratic", (0.1, 1.0, 90.0), (5, 5, 5)).is_steep(sizes)
    assert not Growth("a few milliseconds", (0.0001, 0.002, 0.08), (5, 5, 5)).is_steep(sizes)
    assert Growth("quadratic from little", (0.0001, 0.002, 0.2), (5, 5, 5)).is_steep(sizes)
    assert Growth("stopped", (0.1, 120.0), (5, 0)).is_steep(sizes)


def _done(*findings: dict[str, object]) -> list[Run]:
    report = {"findings": findings, "unjudged": ["EMG011"]}
    return [Run(1.0, 1.0, 60.0, json.dumps(report).encode())]


def test_a_server_that_finds_something_else_has_no_time() -> None:
    one: dict[str, object] = {"rule": "EMG301", "severity": "violation", "path": None}
    one |= {"message": "m", "remedy": "r", "waived": None, "focus": "f", "label": "f"}
    one |= {"sources": [], "value": "7.50"}
    files = _done(one, one | {"rule": "EMG011"})
    remote.check({"emgraph": files, "oxigraph": _done(one | {"value": "7.5"})})
    for others in (_done(), _done(one, one), _done(one | {"value": "7"})):
        with pytest.raises(SystemExit, match=r"oxigraph: \d findings differ, as .*EMG301"):
            remote.check({"emgraph": files, "oxigraph": others})
    with pytest.raises(SystemExit, match="files were not judged"):
        remote.check({"emgraph": [Run(None, 1.0, 60.0, b"")], "oxigraph": files})


def test_a_server_is_told_beside_files() -> None:
    figures = (Figure("emgraph", (2.0,)), Figure("oxigraph", (5.0,), 90.0))
    table = bars.table({"remote 1000000": _kept(*figures)})
    assert "(oxigraph) against files | ≤ 3×, ≤ 150 MB | 2.5×, 90 MB |" in table
    assert "(virtuoso) against files | ≤ 3×, ≤ 150 MB | not measured |" in table
