"""The catalogue, its lint, and that every rule can be kept and broken."""

from pathlib import Path

import pytest

from emgraph import rules
from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.files import find
from emgraph.rules import Rule
from emgraph.validation import validate
from tests.conftest import Write
from tests.derive import AS_OF

CATALOGUE = rules.listed(rules.shape_files())
GOOD = """emsh:x a sh:PropertyShape ; dcterms:identifier "EMG301" ; sh:message "M" ;
    rdfs:comment "C" ; em:remedy "R" ."""


def found(path: Path) -> list[str]:
    """The codes of everything that is wrong with one example and not waived."""
    return [f.rule for f in validate(find([str(path)]), AS_OF).findings if f.waived is None]


def test_the_catalogue_has_no_lint() -> None:
    assert list(rules.lint(CATALOGUE)) == []


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_the_good_example_breaks_nothing(rule: Rule) -> None:
    assert found(rule.examples[0]) == []


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_the_bad_example_breaks_its_rule_alone(rule: Rule) -> None:
    codes = found(rule.examples[1])
    assert codes
    assert set(codes) == {rule.code}


def test_no_example_lacks_its_rule() -> None:
    given = {path.name for path in (folder("shapes") / "examples").iterdir() if path.is_dir()}
    assert given == {rule.code for rule in CATALOGUE}


@pytest.mark.parametrize(
    ("text", "lint"),
    [
        (GOOD, ""),
        (GOOD.replace("EMG301", "EMG101"), "not a code for the topic"),
        (GOOD.replace("EMG301", "EMG3010"), "not a code for the topic"),
        (GOOD.replace('"M"', '""'), "has no message"),
        (GOOD.replace('rdfs:comment "C" ;', ""), "has no reason"),
        (GOOD.replace('em:remedy "R"', 'em:other "R"'), "has no remedy"),
        (GOOD.replace("EMG301", "EMG399"), "lacks its example"),
        (GOOD + GOOD.replace("emsh:x", "emsh:y"), "the code of both x and y"),
    ],
)
def test_lint_sees_what_is_wrong(write: Write, text: str, lint: str) -> None:
    listed = rules.listed(find([str(write("agreements.ttl", text))]))
    complaints = [
        complaint
        for complaint in rules.lint(listed)
        if "example" not in complaint or "399" in complaint
    ]
    assert [lint in complaint for complaint in complaints] == [True] * len(complaints)
    assert bool(complaints) == bool(lint)


def test_selecting() -> None:
    known = rules.catalogue(rules.shape_files())
    assert set(rules.select(known, ["emg301"], [])) == {"EMG301", "EMG001"}
    assert "EMG301" not in rules.select(known, [], ["EMG301"])
    assert "EMG001" in rules.select(known, [], ["EMG001"])
    with pytest.raises(EmgraphError, match="no rule is called"):
        rules.select(known, ["nonsense"], [])


def test_a_missing_shape_file_has_a_nearest() -> None:
    with pytest.raises(EmgraphError, match="Did you mean"):
        rules.shape_files([str(folder("shapes") / "agreement.ttl")])
