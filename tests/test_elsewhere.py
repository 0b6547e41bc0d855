"""A graph that is not in files, judged by `asking` and `asked_rules` as its files would be."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, serialize

from emgraph.errors import EmgraphError
from emgraph.finding import Finding, Report
from emgraph.namespaces import DATE, EM, ONTOLOGY, RDF, THING, XSD
from emgraph.rdf.files import bundled, find
from emgraph.rdf.store import load, statements
from emgraph.servers import probing
from emgraph.shacl.asked import Asked, on_disk
from emgraph.shacl.rules import catalogue, shape_files
from emgraph.shacl.spelling import in_value_space
from emgraph.validation import elsewhere
from emgraph.validation.validate import EVERYTHING, Selection, validate
from tests import servers
from tests.conftest import UNSIGNED, Cli, Serve, Write, needed
from tests.servers import Server

DAY = "2025-06-01"
OWN = "emsh:own a sh:NodeShape ; sh:targetClass em:Collaboration ; {0} ."


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every example that breaks a rule, in one file; beside those of groups, what keeps it."""
    rules = [rule for rule in catalogue(shape_files()).values() if rule.code != "EMG001"]
    kept = [str(rule.examples[0]) for rule in rules if rule.code in ("EMG332", "EMG713")]
    quads = statements(find([*kept, *(str(rule.examples[1]) for rule in rules)]))
    quads += list(oddly_named())
    path = tmp_path_factory.mktemp("broken") / "broken.nq"
    serialize(dict.fromkeys(quads), path, RdfFormat.N_QUADS)
    return path


def oddly_named() -> Iterator[Quad]:
    """Things that nothing is said of, where things of the same names are: of ours or of others."""
    said = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    paper = NamedNode(f"{THING}source/odd/1")
    for name in (
        "a(b)+c.d*$e",
        "tilde~%C3%A9-é,;='!",
        "only/elsewhere",
        "x.y/",
        "x!y/",
        "l" * 600,
    ):
        yield Quad(paper, said, NamedNode(f"{THING}topic/{name}"), paper)
        above = "https://example.org/" if name.startswith("only") else f"{THING}odd/"
        yield Quad(NamedNode(above + name), said, paper, paper)


@pytest.fixture(scope="session")
def in_files(broken: Path) -> Report:
    """What is found in that file."""
    return validate(find([str(broken)]), DAY)


@pytest.fixture(scope="session", params=servers.KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, broken: Path
) -> Iterator[Server]:
    """A real server with those examples, one for the whole run."""
    needed(request.param)
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with servers.shared(request.param, folder / f"broken-{request.param}", broken) as one:
        yield one


def keys(report: Report, unjudged: tuple[str, ...] = ()) -> Counter[tuple[object, ...]]:
    """All that a report says of its findings, save where they are written."""
    return Counter(key(finding) for finding in report.findings if finding.rule not in unjudged)


def key(found: Finding) -> tuple[object, ...]:
    """What one finding says; blank nodes are called otherwise by everybody."""
    value = None if found.value is None else in_value_space(found.value)
    is_blank = isinstance(found.focus, BlankNode)
    about = "_" if is_blank else (found.focus, found.label, found.sources)
    said = (found.rule, found.message, found.remedy, found.severity, found.component, found.waived)
    within = tuple((leaf.message, leaf.path, leaf.component) for leaf in found.details)
    shapes = (found.shape, found.source_shape if ":" in str(found.source_shape) else "_")
    return (*said, about, found.path, value, within, shapes)


def there(server: Server, selection: Selection = EVERYTHING) -> Report:
    """The report on what a server holds."""
    return elsewhere.validate(
        probing.endpoint(server.url, elsewhere.facts(DAY), 60), DAY, selection
    )


def test_a_server_is_judged_as_files_are(server: Server, in_files: Report) -> None:
    report = there(server)
    assert keys(report) == keys(in_files, report.unjudged)
    assert {finding.rule for finding in report.findings} > {"EMG002", "EMG301", "EMG704"}
    assert report.unjudged == ("EMG001", "EMG005", "EMG011")
    assert report.statements == in_files.statements
    for code, count in report.looked_at.items():
        assert in_files.looked_at[code] == count


def test_a_store_is_judged_as_files_are(broken: Path, in_files: Report) -> None:
    store = load(find([str(broken)]))
    place = Asked(on_disk(store, "it"), "it", elsewhere.facts(DAY))
    report = elsewhere.validate(place, DAY, EVERYTHING)
    assert keys(report) == keys(in_files, report.unjudged)
    assert {finding.file for finding in report.findings} == {None}


def test_dates_in_a_store_are_judged_as_in_files(write: Write) -> None:
    dates = """date:2025-05-14 em:edtf "1066" . collab:d em:edtf "2030-02-30" .
    collab:e em:earliest "2025-05-15"^^xsd:date ; em:latest "2025-05-14"^^xsd:date .
    collab:f em:latest 5 . [] em:edtf "2025" . collab:a em:established date:2015 ."""
    files, only = find([str(write("a.ttl", dates))]), Selection(chosen=["EMG010"])
    place = Asked(on_disk(load(files), "it"), "it", elsewhere.facts(DAY))
    report, in_files = elsewhere.validate(place, DAY, only), validate(files, DAY, only)
    assert keys(report) == keys(in_files)
    assert len(report.findings) == report.looked_at["EMG010"] == in_files.looked_at["EMG010"] == 6


def of(*quads: Quad) -> Asked:
    """A place that holds quads, and in its default graph what is in the others."""
    store = Store()
    store.extend([*quads, *(Quad(q.subject, q.predicate, q.object) for q in quads)])
    return Asked(on_disk(store, "it"), "it", elsewhere.facts(DAY))


def test_what_only_an_ontology_there_says_is_not_judged() -> None:
    """Another version of the ontology than ours may have dates and terms of its own."""
    date, about, edtf = NamedNode(f"{DATE}2025"), NamedNode(f"{EM}note"), NamedNode(f"{EM}edtf")
    ontology, paper = NamedNode(ONTOLOGY), NamedNode("https://w3id.org/emgraph/id/source/a/1")
    said = [Quad(date, about, date, ontology), Quad(about, edtf, Literal("2025"), ontology)]
    for more, dates in ([], 0), ([Quad(paper, about, date, paper)], 1):
        report = elsewhere.validate(of(*said, *more), DAY, Selection(chosen=["EMG010"]))
        assert (len(report.findings), report.looked_at) == (dates, {"EMG010": dates})
        assert report.statements == len(more)


def test_a_date_of_the_default_graph_alone_is_judged_by_what_is_said_there() -> None:
    date, paper = NamedNode(f"{DATE}2025"), NamedNode("https://w3id.org/emgraph/id/source/a/1")
    first, last = (
        Literal(f"2025-{day}", datatype=NamedNode(XSD + "date")) for day in ("01-01", "12-31")
    )
    bounds = [("edtf", Literal("2025")), ("earliest", first), ("latest", last)]
    said = [Quad(date, NamedNode(EM + name), value) for name, value in bounds]
    for known, findings in (said, 0), (said[:2], 1):
        place = of(*known, Quad(paper, NamedNode(f"{EM}note"), paper, paper))
        report = elsewhere.validate(place, DAY, Selection(chosen=["EMG010"]))
        assert (len(report.findings), report.looked_at) == (findings, {"EMG010": 1})


@pytest.mark.parametrize("kind", servers.KINDS)
def test_a_server_with_an_ontology_alone_holds_no_statement(kind: str, tmp_path: Path) -> None:
    needed(kind)
    file = tmp_path / "ontology.nq"
    file.write_text(f"<{DATE}2025> <{RDF}type> <{EM}Date> <{ONTOLOGY}> .\n")
    with servers.running(kind, tmp_path / "server", file) as server:
        report = there(server)
    assert (report.statements, report.unanswered) == (0, {})
    assert not [finding for finding in report.findings if finding.rule == "EMG010"]


def test_a_hundred_names_are_compared_with_what_is_there() -> None:
    """One regular expression of them all would be too large for an engine."""
    name = "https://w3id.org/emgraph/id/topic/a.b.c.d%20~a.b.c.d%20~a.b.c.d%20~a.b.c.d-{}"
    paper, about = NamedNode("https://w3id.org/emgraph/id/source/a/1"), NamedNode("urn:x:about")
    quads = [Quad(paper, about, NamedNode(name.format(f"wrong{n}")), paper) for n in range(100)]
    quads += [Quad(NamedNode(name.format(f"wronk{n}")), about, paper, paper) for n in range(100)]
    report = elsewhere.validate(of(*quads), DAY, Selection(chosen=["EMG012"]))
    assert sum("Did you mean" in finding.message for finding in report.findings) == 100


def test_a_server_that_keeps_spellings_is_asked_for_them(
    write: Write, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rdflib is such a server; Oxigraph and Virtuoso are not, and say so."""
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    fail = find(["shapes/examples/EMG011/fail.trig"])
    more = write("a.trig", "collab:a em:amount 7 , 07 , 8 ; em:share '1'^^xsd:boolean , true .")
    files = [*fail, *find([str(more)])]
    held = rdflib.Dataset(default_union=True)
    held.parse(data=serialize(statements(files), format=RdfFormat.N_QUADS), format="nquads")
    turn = threading.Lock()  # its parser knows no threads

    def answer(query: str) -> bytes:
        with turn:
            return held.query(query).serialize(format="json") or b""

    url = serve(answer)
    only = Selection(chosen=["EMG011"])
    report = elsewhere.validate(probing.endpoint(url, elsewhere.facts(DAY), 60), DAY, only)
    assert keys(report) == keys(validate(files, DAY, only))
    assert {str(getattr(f.value, "value", "")) for f in report.findings} == {"03", "07", "1"}
    assert (report.unjudged, report.looked_at) == (("EMG001",), {"EMG011": report.statements})


def test_the_bundled_graph_is_judged_beside_its_ontology(real: Server) -> None:
    report = there(real)
    assert keys(report) == keys(validate(bundled(), DAY), report.unjudged)
    assert any(finding.waived for finding in report.findings)


def test_the_command_line_judges_an_endpoint(server: Server, cli: Cli, broken: Path) -> None:
    words = ("validate", "--as-of", DAY, "--rule", "EMG704", "--format", "concise")
    here, said = cli(*words, broken), cli(*words, "--endpoint", server.url)
    assert (said.code, here.code) == (1, 1)
    assert said.out.count("EMG704") == here.out.count("EMG704") > 0
    both = cli("validate", broken, "--endpoint", server.url)
    assert (both.code, both.err) == (
        2,
        "emgraph: --endpoint and files cannot be judged together. Leave one out.\n",
    )
    assert cli("validate", "--endpoint", server.url, "--engine", "pyshacl").code == 2


def test_every_format_tells_of_what_is_in_no_file(write: Write, cli: Cli, tmp_path: Path) -> None:
    assert cli("load", write("a.trig", UNSIGNED), "-o", tmp_path / "s").code == 0
    words = ["validate", tmp_path / "s", "--as-of", DAY]
    for name in ("json", "sarif", "junit", "github", "gitlab", "html", "turtle", "concise"):
        words += ["--output", f"{name}={tmp_path / name}"]
    said = cli(*words)
    assert said.code == 1
    assert "EMG301" in said.out
    assert f"in the store {tmp_path / 's'}" in " ".join(said.out.split())
    assert "Not judged, because they are about files: EMG001" in said.out
    for name in ("json", "sarif", "junit", "github", "gitlab", "html", "turtle", "concise"):
        assert "collab" in (tmp_path / name).read_text()


def test_waivers_in_a_file_apply_to_what_is_elsewhere(server: Server, write: Write) -> None:
    waiver = """waiver:x a em:Waiver ; em:ruleCode "EMG301" ; em:focus em:Collaboration ;
        em:reason "Silence." ; em:owner post:steward ; em:granted "2025-01-01"^^xsd:date ;
        em:reviewBy "2026-01-01"^^xsd:date ."""
    path = str(write("waivers.ttl", waiver))
    report = there(server, Selection(chosen=["EMG301"], waivers=[path]))
    assert report.findings
    assert all(finding.waived for finding in report.findings)


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("sh:property [ sh:path rdfs:label ; sh:pattern '(?=x)' ]", "does not understand"),
        ("sh:property [ sh:path rdfs:subClassOf ; sh:minCount 1 ]", "rdfs:subClassOf"),
        (
            "sh:sparql [ sh:select 'SELECT $this { $this a ?kind . ?kind "
            "<http://www.w3.org/2000/01/rdf-schema#subClassOf> ?above }' ]",
            "rdfs:subClassOf",
        ),
        ("sh:sparql [ sh:select 'SELECT $this { $this a ?kind }' ]", "any class"),
        ("sh:node emsh:own", "recursive"),
    ],
)
def test_what_cannot_be_judged_there_is_named(
    write: Write, cli: Cli, tmp_path: Path, constraint: str, reason: str
) -> None:
    shapes, data = write("own.ttl", OWN.format(constraint)), write("a.trig", UNSIGNED)
    assert cli("load", data, "-o", tmp_path / "s").code == 0
    words = ("validate", "--data", tmp_path / "s", "--shapes", shapes, "--shapes", "bundled")
    said = cli(*words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "emsh:own" in said.err
    assert reason in said.err
    skipped = cli(*words, "--skip-uncompilable")
    if reason == "recursive":
        assert skipped.code == 2
    else:
        assert skipped.code == 1
        assert "emsh:own was NOT judged" in skipped.err
        assert "EMG301" in skipped.out


@pytest.mark.parametrize("least", [3, 4])
def test_a_count_within_a_shape_is_right_or_refused(
    server: Server, write: Write, cli: Cli, broken: Path, least: int
) -> None:
    inner = f"[ sh:path em:hasParty ; sh:minCount {least} ]"
    own = f"emsh:own a sh:NodeShape ; sh:targetSubjectsOf em:hasParty ; sh:not {inner} ."
    shapes = write("own.ttl", own)
    words = ("validate", "--shapes", shapes, "--as-of", DAY, "--no-waivers", "--format", "concise")
    here, there = cli(*words, broken), cli(*words, "--endpoint", server.url)
    if server.kind == "virtuoso" and least > 3:
        assert (there.code, there.out) == (2, "")
        assert "emsh:own cannot be judged" in there.err
        assert "a group within EXISTS" in there.err
    else:
        assert there.code == here.code
        assert there.out.count("\n") == here.out.count("\n") > 1


def test_pyshacl_is_not_asked_elsewhere(write: Write, cli: Cli, tmp_path: Path) -> None:
    assert cli("load", write("a.trig", UNSIGNED), "-o", tmp_path / "s").code == 0
    assert cli("validate", tmp_path / "s", "--engine", "pyshacl").code == 2


def test_a_place_that_cannot_count_is_refused() -> None:
    place = Asked(lambda _: [], "it", elsewhere.facts(DAY))
    with pytest.raises(EmgraphError, match="does not count"):
        place.number("SELECT")
