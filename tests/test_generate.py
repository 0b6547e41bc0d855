"""The synthetic nation: every planted fault is found, and nothing else; same seed, same bytes."""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import parse

from benchmarks.generate import AS_OF, Made, generate
from benchmarks.planted import OF_WHOLE_FILES
from emgraph.rdf.files import find
from emgraph.shacl.rules import catalogue, shape_files
from emgraph.validation.validate import validate


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A small nation, and what was planted in it."""
    file = tmp_path_factory.mktemp("nation") / "nation.nq"
    return file, generate(10_000, 7, file)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A nation with several copies of a fault, as in a large one."""
    file = tmp_path_factory.mktemp("crowd") / "nation.nq"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.generate._MOST_A_COPY", 4_000)
        made = generate(20_000, 8, file)
    assert max(made.copies.values()) == 5
    assert made.copies["EMG013"] > 1
    return file, made


@pytest.mark.parametrize("which", ["nation", "crowd"])
def test_what_was_planted_is_found_and_nothing_else(
    which: str, request: pytest.FixtureRequest
) -> None:
    file, made = request.getfixturevalue(which)
    report = validate(find([str(file)]), AS_OF)
    assert report.statements == made.quads
    assert Counter(f.rule for f in report.findings if f.waived is None) == made.findings
    assert not report.fallen_back


def test_every_rule_but_those_about_whole_files_is_broken(nation: tuple[Path, Made]) -> None:
    assert {*nation[1].findings, *OF_WHOLE_FILES} == set(catalogue(shape_files()))


def test_a_nation_is_the_same_for_one_seed_and_in_both_formats(
    nation: tuple[Path, Made], tmp_path: Path
) -> None:
    again, trig = tmp_path / "nation.nq", tmp_path / "nation.trig"
    assert generate(10_000, 7, again) == generate(10_000, 7, trig) == nation[1]
    assert again.read_bytes() == nation[0].read_bytes()
    assert set(map(str, parse(path=trig))) == set(map(str, parse(path=again)))
    assert generate(10_000, 8, again) != nation[1]


def test_without_the_faults_there_is_nothing_to_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.planted.faults", lambda: iter(()))
    file = tmp_path / "sound.nq"
    generate(10_000, 7, file)
    report = validate(find([str(file)]), AS_OF)
    assert [f for f in report.findings if f.waived is None] == []
    assert report.nodes > 1000
