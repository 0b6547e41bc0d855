"""Finding a question, and what it takes and gives."""

import json
from pathlib import Path

import pytest

from emgraph.errors import EmgraphError
from emgraph.namespaces import OWL, XSD, expand
from emgraph.pages import browsing
from emgraph.rdf.names import resolve
from emgraph.screen import columns
from emgraph.sparql import queries
from tests.conftest import Cli
from tests.derive import store

EVERY = queries.catalogue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_list_fits_the_terminal(width: int) -> None:
    lines = browsing.listing(EVERY, width).splitlines()
    assert max(map(columns, lines)) <= width
    text = " ".join(" ".join(lines).split())
    assert all(f"{q.name} " in text and q.question in text for q in EVERY)


def test_questions_are_chosen() -> None:
    money = browsing.chosen(EVERY, "Money", None, None)
    assert {q.topic for q in money} == {"money"}
    auditors = browsing.chosen(money, None, "auditor", None)
    assert 0 < len(auditors) < len(money)


def test_questions_are_found_by_words() -> None:
    found = browsing.chosen(EVERY, None, None, "mutual AID")
    assert "mutual-aid" in [q.name for q in found]
    assert browsing.chosen(EVERY, None, None, "CQ-G06")[0].name == "impact-of-leaving"


@pytest.mark.parametrize(
    ("topic", "audience", "word", "said"),
    [
        ("mony", None, None, "Did you mean money"),
        (None, "auditr", None, "Did you mean auditor"),
        ("money", None, "helicopter zz", "no question has all of that"),
    ],
)
def test_nothing_chosen_is_told(
    topic: str | None, audience: str | None, word: str | None, said: str
) -> None:
    with pytest.raises(EmgraphError, match=said):
        browsing.chosen(EVERY, topic, audience, word)


def test_the_list_has_formats() -> None:
    listed = json.loads(browsing.render(EVERY, "json", 80))
    assert [item["name"] for item in listed] == [q.name for q in EVERY]
    members = next(item for item in listed if item["name"] == "members")
    assert members["parameters"]["force"] == "em:PoliceForce"
    assert members["columns"][-1] == "citation"
    assert browsing.render(EVERY, "csv", 80).count(b"\r\n") == len(EVERY) + 1
    assert browsing.render(EVERY, "markdown", 80).count(b"\n") == len(EVERY) + 2


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_a_page_says_what_a_question_takes_and_gives(question: queries.Question) -> None:
    lines = browsing.page(store(), question, 80).splitlines()
    assert all(columns(line) <= 80 for line in lines if "  emgraph query" not in line)
    text = " ".join(" ".join(lines).split())
    assert question.question in text
    assert all(f"-p {name}=VALUE" in text for name in question.parameters)
    assert question.columns


@pytest.mark.parametrize("kind", sorted({k for q in EVERY for k in q.parameters.values()}))
def test_every_value_that_a_page_lists_is_understood(kind: str) -> None:
    iri = expand(kind)
    if iri.startswith(XSD) or iri == OWL + "Thing":
        assert browsing.values(store(), kind) == []
        return
    listed = browsing.values(store(), kind)[:25]
    assert listed
    assert len({resolve(store(), word, iri) for _, word in listed}) == len(listed)
    assert all(resolve(store(), s, iri) == resolve(store(), w, iri) for s, w in listed)


def test_a_long_list_of_values_is_cut_and_says_so() -> None:
    text = " ".join(browsing.page(store(), queries.find("inference-grounds"), 80).split())
    assert "more" in text.partition("Here: ")[2]


def test_help_is_of_the_command_or_of_the_question(cli: Cli) -> None:
    assert cli("query", "--help").out.startswith("Usage: emgraph query")
    found = cli("query", "members", "--help")
    assert (found.code, "EMOpSS" in found.out, found.err) == (0, True, "")
    assert cli("query", "membres", "--help").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--as-of 2025-01-01", "--as-of needs the NAME"),
        ("--limit 3", "--limit needs the NAME"),
        ("-p a=b", "-p needs the NAME"),
        ("--data x.ttl", "--data needs the NAME"),
        ("--format xml", "Known: csv, json, markdown, table"),
        ("members --topic money", "--topic lists questions"),
        ("--formt csv", "No such option '--formt'"),
        ("members --froce Leics", "Did you mean --force"),
        ("boards --force Leics", "boards takes --collaboration, --asOf."),
        ("members --collaboration Leics", "Leicestershire Police is of kind Police force, not"),
        ("members --collaboration force:leicestershire", "Known: EMCHRS"),
        ("members --force", "No such option '--force'"),
        ("members --as-of 2018 ", "Give one"),
        ("members --timeout nan", "nan is no number of seconds"),
        ("members --as-of 2018-01-01 -p asOf=2018-01-01", "given twice"),
        ("members --check queries", "has no meaning with --check"),
    ],
)
def test_no_option_is_ignored(cli: Cli, words: str, said: str) -> None:
    found = cli("query", *words.split())
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_parameter_is_an_option_too(cli: Cli) -> None:
    short = cli("query", "changes", "--from", "2024-01-01", "--to=2024-12-31", "--format", "csv")
    long = cli(
        "query", "changes", "-p", "from=2024-01-01", "-p", "to=2024-12-31", "--format", "csv"
    )
    assert short == long
    assert short.code == 0
    several = cli("query", "members", "--force", "Leics", "--force", "Notts", "--format", "csv")
    assert {"leicestershire", "nottinghamshire"} <= set(several.out.replace(",", "/").split("/"))


def test_the_list_is_written_as_its_file_ends(cli: Cli, tmp_path: Path) -> None:
    assert cli("query", "-o", tmp_path / "list.csv").code == 0
    assert (tmp_path / "list.csv").read_text().startswith("name,topic,question,audience")
    refused = cli("query", "-o", tmp_path / "list.xlsx")
    assert (refused.code, ".xlsx stands for no format of the list." in refused.err) == (2, True)
    assert cli("query", "members", "--show", "-o", tmp_path / "members.rq").code == 0


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("leave", "impact-of-leaving"),
        ("inspection", "areas-for-improvement"),
        ("legislation", "mutual-aid"),
        ("Member", "members"),
    ],
)
def test_a_question_is_found_by_its_topic_and_by_other_forms(words: str, name: str) -> None:
    assert name in {question.name for question in browsing.chosen(EVERY, None, None, words)}


def test_a_value_without_a_name_is_told_which_it_can_have(cli: Cli) -> None:
    refused = cli("query", "members", "EMSOU")
    assert (refused.code, "--collaboration EMSOU or --force EMSOU." in refused.err) == (2, True)
    assert cli("query", "MEMBERS", "--force", "Leics").code == 0


@pytest.mark.parametrize("word", ["2019-20", "2019/20", "2019\u201320", "2019/2020"])
def test_a_financial_year_is_written_as_one_likes(cli: Cli, word: str) -> None:
    found = cli("query", "budget", "-p", f"financialYear={word}", "--format", "csv").out
    assert found.count("government-year/2019-2020") > 5


def test_only_what_is_near_is_suggested_and_once(cli: Cli) -> None:
    assert "Did you mean" not in cli("query", "members", "--force", "Surrey Police").err
    said = cli("query", "members", "--force", "leicester").err
    assert "Did you mean Leicestershire or Leicestershire Police?" in said
