"""What took how long is told by name."""

import pytest

from emgraph.finding import Report
from emgraph.findings import stats
from emgraph.stopwatch import Stopwatch
from tests.conftest import UNSIGNED, Cli, Write


def test_time_is_added_up_by_name_even_where_something_fails() -> None:
    watch = Stopwatch()
    with watch.of("b"):
        pass
    first = watch.parts["b"]
    with pytest.raises(ValueError, match="x"), watch.of("b"):
        raise ValueError("x")
    with watch.of("a"):
        pass
    assert list(watch.parts) == ["b", "a"]
    assert watch.parts["b"] > first > 0
    watch.lap("x")
    watch.lap("y")
    watch.lap("x")
    assert list(watch.stages) == ["x", "y"]
    assert watch.stages["x"] > sum(watch.parts.values())


def test_the_slowest_rule_stands_first() -> None:
    watch = Stopwatch()
    watch.parts = {"EMG301": 0.001, "EMG302": 1234.5, "EMG303": 0.0}
    watch.stages = {"reading": 1.0, "shapes": 2.0}
    looked_at = {"EMG301": 1_000_000_000, "EMG302": 2, "EMG303": 0, "EMG304": 0, "EMG305": 7}
    lines = stats.render(Report((), 1, 1, "2025-06-01", looked_at, 3), watch).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line[:6] for line in lines[1:5]] == ["EMG302", "EMG301", "EMG305", "EMG303"]
    assert lines[1].split() == ["EMG302", "2", "1,234,500.0"]
    assert lines[3].split() == ["EMG305", "7", "-"]
    assert lines[5] == "1 rule had nothing to look at."
    assert lines[-1].split() == ["in", "all", "3,000.0"]


@pytest.mark.parametrize(("engine", "timed"), [("compiled", True), ("pyshacl", False)])
def test_stats_are_told_beside_the_report(cli: Cli, write: Write, engine: str, timed: bool) -> None:
    words = ("validate", write("a.trig", UNSIGNED), "--rule", "EMG301", "--engine", engine)
    plain = cli(*words, "--format", "json")
    said = cli(*words, "--format", "json", "--stats")
    assert (said.code, said.out) == (plain.code, plain.out)
    (line,) = [line for line in said.err.splitlines() if line.startswith("EMG301")]
    assert (line.split()[1], line.split()[2] != "-") == ("1", timed)
    assert ("pySHACL" in said.err) is not timed
    for stage in ("reading", "rules about files", "shapes", "locating", "writing reports"):
        assert f"\n{stage} " in said.err
