"""The format that is named, or that follows from the file."""

from pathlib import Path

import pytest

from emgraph.answers import results
from emgraph.endings import format_of
from emgraph.errors import EmgraphError
from tests.conftest import Cli

PAGES = ("text", "markdown", "json")


def chosen(name: str | None, file: str, formats: tuple[str, ...] = results.FORMATS) -> str | None:
    return format_of(name, Path(file) if file else None, formats, "an answer")


def test_a_format_is_named_or_follows_from_the_file() -> None:
    assert chosen(None, "a.md") == "markdown"
    assert chosen("json", "a.dat") == "json"
    assert chosen("excel-csv", "A.CSV") == "excel-csv"
    assert chosen("csv", "a.txt") == "csv"
    assert chosen("jsonld", "a.json") == "jsonld"
    for file in ("", "-", "a", "a.txt"):
        assert chosen(None, file) is None
    with pytest.raises(EmgraphError, match=r"\.dat stands for no format of an answer"):
        chosen(None, "a.dat")
    with pytest.raises(EmgraphError, match="Did you mean trig"):
        chosen("tirg", "")


@pytest.mark.parametrize("name", [None, "csv", "html"])
@pytest.mark.parametrize(("ending", "near"), [("pdf", "html"), ("docx", "html"), ("xls", "xlsx")])
def test_what_an_office_writes_is_not_written(name: str | None, ending: str, near: str) -> None:
    with pytest.raises(EmgraphError, match=f"Write -o FILE.{near} instead"):
        chosen(name, f"a.{ending}")
    with pytest.raises(EmgraphError, match="stands for no format"):
        chosen(None, f"a.{ending}", PAGES)


@pytest.mark.parametrize(
    "words",
    [
        *("describe EMSOU --format text -o {}.json", "describe EMSOU --format turtle -o {}.html"),
        *("rules --format csv -o {}.json", "schema --format json -o {}.md"),
        *("export --format turtle -o {}.nt", "query --format json -o {}.csv"),
        *("query members --format csv -o {}.xlsx", "sparql ASK{{?s?p?o}} --format json -o {}.xml"),
    ],
)
def test_every_verb_refuses_a_file_that_is_at_odds(cli: Cli, tmp_path: Path, words: str) -> None:
    done = cli(*words.format(tmp_path / "out").split())
    assert (done.code, done.out) == (2, "")
    assert "Change the one or the other." in done.err
    assert not list(tmp_path.iterdir())


def test_the_queries_of_a_rule_go_into_any_file(cli: Cli, tmp_path: Path) -> None:
    assert cli("rules", "EMG301", "--sparql", "-o", tmp_path / "rule.rq").code == 0
    assert "SELECT" in (tmp_path / "rule.rq").read_text()
