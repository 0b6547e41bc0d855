"""Commands, inputs and exit codes."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emgraph.cli.main import VERBS
from tests.conftest import SIGNED, UNSIGNED, Cli, Write

ONE = ("--rule", "EMG301")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("", 0, "Usage"),
        ("--version", 0, "emgraph 0."),
        ("validat", 2, "Did you mean validate?"),
        ("validate --nonsense", 2, "--nonsense"),
        ("validate {tmp}/nowhere.ttl", 2, "no such file"),
        ("validate {tmp}/goood.trig", 2, "Did you mean .*good.trig"),
        ("validate {tmp}/empty", 2, "holds no RDF"),
        ("validate {tmp}/empty --allow-empty", 0, "0 files"),
        ("validate {tmp}/void.ttl --ignore EMG005", 2, "nothing was judged: no statement"),
        ("validate {tmp}/void.ttl --ignore EMG005 --allow-empty", 0, "0 statements"),
        ("validate {tmp}/foreign.ttl --ignore EMG005", 2, "no shape found a node"),
        ("validate {tmp}/good.trig --rule EMG301", 0, "0 violations"),
        ("validate {tmp}/bad.trig --rule EMG301", 1, "Alpha"),
        ("validate --data {tmp}/bad.trig --rule EMG301", 1, "Alpha"),
        ("validate {tmp}/bad.trig --rule EMG301 --fail-on never", 0, "Alpha"),
        ("validate {tmp}/bad.trig --ignore EMG301 --fail-on never", 0, "violations"),
        ("validate {tmp}/broken.ttl", 1, "broken.ttl:17:"),
        ("validate {tmp}/broken.ttl {tmp}/bad.trig", 1, "Not judged"),
        ("validate {tmp}/bad.trig --rule EMG9999", 2, "no rule"),
        ("validate {tmp}/bad.trig --shapes {tmp}/nowhere.ttl", 2, "no such file"),
        ("validate {tmp}/bad.trig --shapes {tmp}/broken.ttl", 2, "broken.ttl:17:"),
        ("validate {tmp}/bad.trig --waivers {tmp}/nowhere.ttl", 2, "no such file"),
        ("validate {tmp}/bad.trig --format jsn", 2, "Did you mean json?"),
        ("validate {tmp}/bad.trig --output json", 2, "FORMAT=FILE"),
        ("validate {tmp}/bad.trig --as-of yesterday", 2, "not a date"),
        ("validate {tmp}/bad.trig --fail-on nothing", 2, "nothing"),
        ("rules", 0, "EMG301"),
        ("rules emg301", 0, "Breaks it"),
        ("rules collaboration-signed-agreement", 0, "EMG301"),
        ("rules signature-date-exact --format csv", 0, "EMG306,signature-date-exact,agreements,"),
        ("rules --format json", 0, '"code": "EMG001"'),
        ("rules EMG301 --format json", 0, '"restsOn": "'),
        ("rules EMG301 --format csv", 0, "remedy,restsOn,shape"),
        ("rules EMG3011", 2, "Did you mean EMG3"),
        ("query", 0, "signed-agreements"),
        ("query signed-agrements", 2, "Did you mean signed-agreements?"),
        ("query signed-agreements -p colaboration=x", 2, "Did you mean collaboration?"),
        ("query signed-agreements -p collaboration=EMSUO", 2, "Did you mean EMSOU?"),
        ("query signed-agreements -p collaboration", 2, "NAME=VALUE"),
        ("query signed-agreements --format cvs", 2, "Did you mean csv?"),
        ("query signed-agreements --show", 0, "SELECT"),
        ("query signed-agreements --queries {tmp}/nowhere", 2, "no such folder"),
        ("query signed-agreements --data {tmp}/broken.ttl", 2, "broken.ttl:17:"),
        ("query signed-agreements --data {tmp}/empty", 2, "holds no RDF"),
        ("query signed-agreements --timeout 0", 2, "timeout"),
        ("sparql", 2, "give one query"),
        ("sparql ASK{{}} --data {tmp}/good.trig", 0, "true"),
        ("sparql -f {tmp}/nowhere.rq", 2, "no such file"),
        ("schema", 0, "em:Collaboration 10"),
        ("schema --data {tmp}/good.trig", 0, "em:Signature 1"),
        ("schema --format html", 2, "format of a schema"),
        ("schema --data {tmp}/broken.ttl", 2, "broken.ttl:17:"),
        ("sparql SELECT", 2, "ends too early"),
        ("sparql INSERT", 2, "only reads"),
        ("sparql ASK{{?s?p?o}} --limit 0", 2, "limit"),
        ("sparql DESCRIBE<http://x/> --limit 1 --data {tmp}/good.trig", 2, "a graph has none"),
        ("describe Alpha --data {tmp}/good.trig", 0, "collab:a"),
        ("describe Alhpa --data {tmp}/good.trig", 2, "Did you mean Alpha?"),
        ("export {tmp}/good.trig", 0, "dcterms:source pcp19:20"),
        ("export {tmp}/good.trig --format turtel", 2, "Did you mean turtle?"),
        ("export {tmp}/broken.ttl", 2, "broken.ttl:17:"),
        ("export {tmp}/good.trig -o {tmp}/good.trig", 2, "is an input"),
        ("export {tmp}/good.trig -o {tmp}/nowhere/x.ttl", 2, "no such file"),
        ("export -", 2, "--input-format"),
    ],
)
def test_exit_codes(
    cli: Cli, write: Write, tmp_path: Path, words: str, code: int, said: str
) -> None:
    write("good.trig", SIGNED)
    write("bad.trig", UNSIGNED)
    write("broken.ttl", "collab:a ")
    write("void.ttl", "")
    write("foreign.ttl", "<http://x/a> dcterms:source <http://x/b> .")
    (tmp_path / "empty").mkdir()
    found = cli(*(word.format(tmp=tmp_path) for word in words.split()))
    assert found.code == code, found
    assert re.search(said, found.out + found.err), found
    assert "Traceback" not in found.err
    assert code != 2 or not words or len(found.err.splitlines()) <= 3


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(cli: Cli, verb: str) -> None:
    found = cli(verb, "--help")
    assert found.code == 0
    assert found.out.startswith(f"Usage: emgraph {verb}")


def test_a_report_goes_to_several_places(cli: Cli, write: Write, tmp_path: Path) -> None:
    path = write("bad.trig", UNSIGNED)
    found = cli(
        "validate", path, *ONE, "--format", "json",
        "--output", f"turtle={tmp_path}/r.ttl", "--output", f"text={tmp_path}/r.txt",
    )  # fmt: skip
    assert found.code == 1
    assert json.loads(found.out)["findings"][0]["rule"] == "EMG301"
    assert "ValidationReport" in (tmp_path / "r.ttl").read_text()
    assert "EMG301" in (tmp_path / "r.txt").read_text()
    over = cli("validate", path, "--output", f"json={path}")
    assert (over.code, "is an input" in over.err) == (2, True)


def test_the_environment_names_the_data(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMGRAPH_DATA", str(write("bad.trig", UNSIGNED)))
    assert "Alpha" in cli("validate", *ONE).out
    assert cli("query", "signed-agreements", "--format", "csv").out.count("\n") == 2


def test_answers_name_the_day_they_are_for(cli: Cli, write: Write, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(
        "#+ params:\n#+   asOf: xsd:date\n"
        'SELECT ?asOf { VALUES ?asOf { "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> } }'
    )
    data = write("good.trig", SIGNED)
    rest = ("--queries", tmp_path, "--data", data, "--format", "csv")
    found = cli("query", "q", "--as-of", "2025-05-14", *rest)
    assert (found.out, found.err) == ("asOf\r\n2025-05-14\r\n", "emgraph: as of 2025-05-14.\n")
    assert "2020-01-01" not in cli("query", "q", *rest).out
    assert cli("query", "q", "-p", "asOf=2024-01-01", *rest).out.endswith("2024-01-01\r\n")


def test_a_cut_result_says_so(cli: Cli, write: Write) -> None:
    path = write("good.trig", SIGNED)
    found = cli("sparql", "SELECT * { ?s ?p ?o }", "--limit", 2, "--data", path, "--format", "csv")
    assert found.out.count("\r\n") == 3
    assert "2 of 6 rows" in found.err


def test_no_rows_are_no_evidence(cli: Cli, write: Write) -> None:
    path = write("a.ttl", "<http://x/a> <http://x/b> 1 .")
    for words in ("", "--format csv"):
        found = cli("query", "signed-agreements", "--data", path, *words.split())
        assert found.code == 0
        assert "not evidenced in the sources" in found.out + found.err


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "html"])
def test_no_rows_of_a_negative_question_are_good_news(cli: Cli, format_: str) -> None:
    asked = ("agreements-not-evidenced", "--collaboration", "EMSOU", "--format", format_)
    found = cli("query", *asked)
    assert "the graph has no collaboration asked about without" in found.out + found.err
    assert "not evidenced in the sources" not in found.out + found.err


@pytest.mark.parametrize(
    ("words", "name", "begins"),
    [
        ("", "r.json", '{\n  "'),
        ("", "r.xml", "<?xml"),
        ("", "json=r.x", '{\n  "'),
        ("--format json", "report", '{\n  "'),
        ("--format concise", "r.txt", "a.trig:"),
        ("--format json", "r.html", "<!DOCTYPE html>"),
        ("--format sarif", "r.json", '{\n  "$schema"'),
    ],
)
def test_the_file_tells_the_format_of_a_report(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch, words: str, name: str, begins: str
) -> None:
    monkeypatch.chdir(write("a.trig", UNSIGNED).parent)
    assert cli("validate", "a.trig", *words.split(), "-o", name).code == 1
    assert Path(name.removeprefix("json=")).read_text().startswith(begins)


def test_no_rows_for_no_data_say_so(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").touch()
    found = cli("query", "members", "--data", tmp_path / "empty.ttl")
    assert found.out.startswith("No rows: the data hold no statement at all.\n")


def test_a_span_that_nobody_gave_is_told(cli: Cli) -> None:
    found = cli("query", "changes", "--collaboration", "EMCHRS").out.replace("\n", " ")
    assert "By default it is asked from 2024-04-01 to 2025-05-14: give from and to" in found
    refused = cli("query", "changes", "--to", "2020-01-01")
    said = "from 2024-04-01 (the default) is after to 2020-01-01. Give from too."
    assert (refused.code, said in refused.err) == (2, True)


def test_citations_can_be_left_out(cli: Cli) -> None:
    with_them = cli("query", "signed-agreements", "--format", "csv").out
    without = cli("query", "signed-agreements", "--format", "csv", "--no-cite").out
    assert "itation" in with_them.splitlines()[0]
    assert "itation" not in without.splitlines()[0]


def test_labels_can_be_left_out(cli: Cli, write: Write) -> None:
    path = write("good.trig", SIGNED)
    ask = ("sparql", "SELECT ?s { ?s a em:Collaboration }", "--data", path)
    assert "Alpha" in cli(*ask).out
    assert "collab:a" in cli(*ask, "--no-labels").out


def test_a_file_can_be_named_by_its_address_from_the_query_s(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<x> <p> 1 .")
    (tmp_path / "b.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x">'
        '<rdf:Description rdf:about="y"><xp>2</xp></rdf:Description></rdf:RDF>'.replace("xp", "x:p")
    )
    query = tmp_path / "q.rq"
    query.write_text(
        "ASK FROM <a.ttl> FROM NAMED <b.rdf> { <x> <p> 1 GRAPH <b.rdf> { <y> ?p '2' } }"
    )
    data = ("--data", tmp_path / "a.ttl", "--data", tmp_path / "b.rdf")
    assert cli("sparql", "-f", query, *data).out == "true\n"
    query.write_text("ASK FROM <c.ttl> { ?s ?p ?o }")
    assert "not a graph of this dataset" in cli("sparql", "-f", query, *data).err
    assert "relative IRI" in cli("export", *data).err


def test_a_query_comes_from_a_file_or_standard_input(
    cli: Cli, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("good.trig", SIGNED)
    query = "PREFIX x: <http://x/> CONSTRUCT { ?s x:is ?o } { ?s rdfs:label ?o }"
    (tmp_path / "q.rq").write_text(query)
    from_file = cli("sparql", "-f", tmp_path / "q.rq", "--data", path, "--format", "ntriples")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    from_input = cli("sparql", "-", "--data", path, "--format", "ntriples")
    assert from_file.out == from_input.out
    assert from_file.out.count("\n") == 1


def test_bugs_are_named_and_traced_only_on_demand(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("emgraph.cli.rules.catalogue", fail)
    found = cli("rules")
    assert (found.code, "this is a bug: ZeroDivisionError" in found.err) == (2, True)
    traced = cli("--debug", "rules")
    assert (traced.code, "Traceback" in traced.err, "Traceback" in found.err) == (2, True, False)


def test_the_list_of_commands_is_whole_at_80_columns(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = cli("--help").out
    assert all(f"  {verb} " in listed for verb in VERBS)
    assert "..." not in listed.partition("Commands:")[2]
    assert max(map(len, listed.splitlines())) < 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rules --sparql", "--sparql needs the CODE of a rule"),
        ("rules nonsense", "List them: emgraph rules"),
        ("rules --format xml", "Known: csv, json, text"),
        ("validate --skip-uncompilable", "every shape is judged in files"),
        ("sparql --data " + "x" * 5000 + " ASK{{}}", "x…x"),
        ("query members --force=", "an empty word names nothing"),
        ("rules EMG301 --sparql --format csv", "Leave --format out"),
        ("sparql asked.rq", "asked.rq is a file, not a query. Say -f asked.rq"),
        ("query zzz", "List them: emgraph query"),
        ("sparql --explain --format json ASK{{?s?p?o}}", "--format has no meaning with --explain"),
        ("validate --no-waivers --waivers {tmp}/w.trig", "at odds"),
        ("validate {tmp}/good.trig --rule EMG301 --ignore emg301", "nothing would be judged"),
        ("export {tmp}/good.trig --questions grlc -o {tmp}/q", "PATHS has no meaning"),
        ("export --questions grlc --format trig -o {tmp}/q", "--format has no meaning"),
        ("export {tmp}/store", "an on-disk store. Name the files"),
        ("load {tmp}/store -o {tmp}/other", "an on-disk store. Name the files"),
        ("schema -o {tmp}/page.html", ".html stands for no format of a schema"),
        ("describe Alpha -o {tmp}/page.csv", ".csv stands for no format of a description"),
    ],
)
def test_an_option_that_means_nothing_is_refused(
    cli: Cli, tmp_path: Path, write: Write, words: str, said: str
) -> None:
    path = write("good.trig", SIGNED)
    assert cli("load", path, "-o", tmp_path / "store").code == 0
    done = cli(*words.format(tmp=tmp_path).split())
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_page_has_the_format_that_its_file_ends_in(
    cli: Cli, tmp_path: Path, write: Write
) -> None:
    path = write("good.trig", SIGNED)
    for verb, ending, start in (
        (("schema",), "json", "{"),
        (("schema",), "md", "# "),
        (("describe", "Alpha"), "trig", "@prefix"),
        (("describe", "Alpha"), "json", "{"),
        (("describe", "Alpha"), "txt", "Alpha ("),
    ):
        output = tmp_path / f"page.{ending}"
        assert cli(*verb, "--data", path, "-o", output).code == 0
        assert output.read_text(encoding="utf-8").startswith(start), (verb, ending)


def test_an_option_that_changes_nothing_is_told(cli: Cli, write: Write) -> None:
    found = cli("sparql", "ASK {}", "--data", write("a.ttl", ""), "--input-format", "trig")
    assert (found.code, found.err.count("\n")) == (0, 1)
    assert "--input-format changes nothing" in found.err
    odd = cli("sparql", "ASK {}", "--data", write("a.data", ""), "--input-format", "trig")
    assert (odd.code, odd.err) == (0, "")


def test_findings_in_standard_input_have_their_line() -> None:
    text = "<urn:x>\n  a <https://w3id.org/emgraph/ns/Bord> ."
    words = ("validate", "-", "--input-format=ttl", "--format=concise")
    done = subprocess.run(
        [sys.executable, "-m", "emgraph", *words],
        input=text.encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert b"-:2:5: EMG002" in done.stdout
