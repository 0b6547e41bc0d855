"""The catalogue, its lint, and that every rule can be kept and broken."""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.rdf.files import find
from emgraph.shacl import rules
from emgraph.shacl.rules import Rule
from emgraph.validation.validate import validate
from tests.conftest import Cli, Write
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
    assert set(rules.select(known, ["Signature-Date-Exact"], [])) == {"EMG306", "EMG001"}
    assert "EMG306" not in rules.select(known, [], ["signature-date-exact"])
    assert "EMG001" in rules.select(known, [], ["EMG001"])
    with pytest.raises(EmgraphError, match="no rule is called"):
        rules.select(known, ["nonsense"], [])
    with pytest.raises(EmgraphError, match="leaves out every --rule"):
        rules.select(known, ["emg306"], ["signature-date-exact"])


def test_a_missing_shape_file_has_a_nearest() -> None:
    with pytest.raises(EmgraphError, match="Did you mean"):
        rules.shape_files([str(folder("shapes") / "agreement.ttl")])


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_a_rule_in_full_fits_and_its_examples_can_be_copied(rule: Rule, cli: Cli) -> None:
    said = cli("rules", rule.code)
    for path, text in zip(rule.examples, said.out.split("The whole file: ")[:2], strict=True):
        shown = text.partition("Breaks it\n" if path == rule.examples[1] else "Keeps it\n")[2]
        assert max(map(len, shown.splitlines())) <= 80
        original = path.read_text()
        prefixes = "\n".join(row for row in original.splitlines() if row.startswith("@prefix"))
        if (rule.code, path.name) != ("EMG001", "fail.trig"):
            assert _said(prefixes + shown) == _said(original)


def _said(text: str) -> list[str]:
    """The statements of a text in order, blank nodes alike."""
    return [re.sub(r"_:\w+", "_:b", str(quad)) for quad in parse(text, RdfFormat.TRIG)]


def test_the_list_of_rules_fits(cli: Cli) -> None:
    assert max(map(len, cli("rules").out.splitlines())) <= 80


def test_what_a_rule_rests_on_has_words(cli: Cli) -> None:
    words = rules.law_words({iri for rule in CATALOGUE for iri in rule.law})
    assert not [label for label in words.values() if ":" in label or "<" in label]
    assert rules.law_words([]) == {}
    assert "Police Act 1996, section 22A(3)" in cli("rules", "EMG201").out


def test_shapes_of_others_get_codes_that_do_not_move(write: Write, cli: Cli) -> None:
    """By the end of their IRI or target; those work with --rule and --ignore."""
    lines = (
        "<http://x/PersonShape> sh:targetClass em:Thing",
        "<http://x/PersonShape> sh:property <http://x/named>",
        "<http://x/named> sh:path rdfs:label ; sh:minCount 1",
        "[] sh:targetClass em:Thing ; sh:nodeKind sh:Literal",
    )
    data = write("d.ttl", "<http://x/a> a em:Thing .")
    said = []
    for order in (lines, lines[::-1]):
        shapes = write("s.ttl", " .\n".join(order) + " .")
        said.append(cli("validate", data, "--shapes", shapes, "--format", "concise"))
    assert said[0] == said[1]
    assert " named violation" in said[0].out
    assert " Thing violation" in said[0].out
    assert " named " not in cli("validate", data, "--shapes", shapes, "--ignore", "NAMED").out
    assert " Thing " not in cli("validate", data, "--shapes", shapes, "--rule", "named").out
