"""The W3C's SPARQL 1.1 evaluation tests by the command line; skipped, and said so, where absent."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from emgraph.isolate import Answer, Rows, answer_of_json, answer_of_ntriples
from tests.conftest import Cli
from tests.sparql_suite import Case, cases, dataset, expected, folder, same

SUITE = folder()
ABSENT = "the W3C suite is not here: set EMGRAPH_SPARQL_SUITE"
# The engine itself fails all but the last, for which the default graph would have to have no name:
# here the triples of a file's own default graph stand in the graph named after it.
UNMET = {
    "aggregates/agg-empty-group-count-graph",
    "aggregates/agg-groupconcat-04",
    "aggregates/agg-groupconcat-06",
    "bindings/graph",
    "functions/bnode01",
    "negation/graph-minus",
    "property-path/zero_or_more_set_end",
    "property-path/zero_or_more_set_start",
    "property-path/zero_or_one_set_end",
    "property-path/zero_or_one_set_start",
    "subquery/subquery04",
}
TRULY = ("exists/exists03", "property-path/pp34", "construct/constructwhere04")


def words(case: Case, place: Path) -> list[str]:
    """The command line that asks a case's query of its data."""
    nothing = place / "nothing.ttl"
    nothing.write_text("")
    data = dataset(case, place) or [nothing]
    named = [word for path in data for word in ("--data", str(path))]
    return ["sparql", *named, "-f", str(case.query), "--format", form(case)]


def form(case: Case) -> str:
    """The format to ask for: that of the expected answer."""
    if re.search(r"(?i)\bCONSTRUCT\b", case.query.read_text()):
        return "ntriples"
    return {".csv": "csv", ".tsv": "tsv"}.get(case.result.suffix, "json")


def is_met(case: Case, said: str) -> bool:
    """Whether what was said is the answer that a case expects."""
    found: Answer
    if form(case) == "csv":
        return table(said) == table(case.result.read_text())
    if form(case) == "tsv":
        results = parse_query_results(said, QueryResultsFormat.TSV)
        assert isinstance(results, QuerySolutions)
        names = tuple(variable.value for variable in results.variables)
        found = Rows(names, [tuple(row) for row in results])
    elif form(case) == "ntriples":
        found = answer_of_ntriples(said.encode())
    else:
        found = answer_of_json(said.encode())
    return same(found, expected(case))


def table(text: str) -> list[list[tuple[str, str]]]:
    """The rows of a CSV file by column, whatever its blank nodes and numbers are spelt like."""
    rows = csv.DictReader(io.StringIO(re.sub(r"_:\w+", "_:", text)))
    return sorted(sorted((name, plain(value)) for name, value in row.items()) for row in rows)


def plain(value: str) -> str:
    """A number as Python spells it, and all else as it is."""
    try:
        return repr(float(value))
    except ValueError:
        return value


@pytest.mark.skipif(SUITE is None, reason=ABSENT)
@pytest.mark.parametrize("case", list(cases(SUITE)) if SUITE else [], ids=lambda case: case.name)
def test_the_suite_of_the_w3c(case: Case, cli: Cli, tmp_path: Path) -> None:
    said = cli(*words(case, tmp_path))
    assert said.code == 0, said
    assert is_met(case, said.out) == (case.name not in UNMET)


@pytest.mark.skipif(SUITE is None, reason=ABSENT)
@pytest.mark.parametrize("name", TRULY)
def test_some_in_a_process_of_their_own(name: str, tmp_path: Path) -> None:
    case = next(case for case in cases(SUITE or Path()) if case.name == name)
    command = [sys.executable, "-m", "emgraph", *words(case, tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, text=True)
    assert is_met(case, done.stdout)


def test_the_suite_is_whole() -> None:
    if SUITE is None:
        pytest.skip(ABSENT)
    assert sum(1 for _ in cases(SUITE)) == 235
