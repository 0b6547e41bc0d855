"""What is wrong with a graph: what `validate`, `checks` and `locating` make of rules and files."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from emgraph import child
from emgraph.errors import BrokenFile, EmgraphError
from emgraph.finding import Finding, PathOf, Report, Severity
from emgraph.namespaces import EM
from emgraph.rdf.files import bundled, find
from emgraph.validation.validate import ENGINES, EVERYTHING, Selection, validate
from tests.conftest import SIGNED, UNSIGNED, Write
from tests.derive import AS_OF, report

DAY = "2025-06-01"
WAIVER = """
waiver:a a em:Waiver ; em:ruleCode "EMG301" ; em:focus {focus} ; em:reason "Silence." ;
    em:owner post:steward ; em:granted "2025-01-01"^^xsd:date ;
    em:reviewBy "{review}"^^xsd:date {end} .
<https://w3id.org/emgraph/graph/waivers> a em:WaiverRegister .
"""
MAY = """date:2025-05-14 em:edtf "@" ;
    em:earliest "2025-05-14"^^xsd:date ; em:latest "2025-05-14"^^xsd:date ."""
BOUNDS = 'collab:d em:earliest "{}"^^xsd:date ; em:latest "{}"^^xsd:date .'
ONE = Selection(chosen=["EMG301", "EMG007", "EMG008", "EMG009"])


def codes(report: Report) -> list[str]:
    """The codes of all findings, waived ones in brackets."""
    return [f"({f.rule})" if f.waived else f.rule for f in report.findings]


def judged(*paths: Path, selection: Selection = EVERYTHING) -> Report:
    """The report on some files."""
    return validate(find([str(path) for path in paths]), DAY, selection)


def waiver(focus: str = "collab:a", review: str = "2026-01-01", end: str = "") -> str:
    """A waiver of EMG301."""
    return WAIVER.format(focus=focus, review=review, end=end)


def test_a_finding_says_what_where_and_who(write: Write) -> None:
    report = judged(write("a.trig", UNSIGNED), selection=ONE)
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("EMG301", Severity.VIOLATION)
    assert finding.label == "Alpha"
    assert finding.sources == ("https://w3id.org/emgraph/id/source/pcp-2019-20/20",)
    assert finding.file is not None
    assert finding.file.endswith("a.trig")
    assert finding.line == 17
    governs, signature = NamedNode(EM + "governs"), NamedNode(EM + "signature")
    assert finding.path == PathOf("sequence", (PathOf("inverse", (governs,)), signature))
    assert report.looked_at["EMG301"] == 1
    assert codes(judged(write("a.trig", SIGNED), selection=ONE)) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (waiver(), ["(EMG301)"]),
        (waiver(focus="em:Collaboration"), ["(EMG301)"]),
        (waiver(focus="collab:b"), ["EMG301", "EMG007"]),
        (waiver(review="2025-05-31"), ["(EMG301)", "EMG008"]),
        (waiver(review="2025-06-01"), ["(EMG301)"]),
        (waiver(end='; em:expires "2025-05-31"^^xsd:date'), ["EMG301", "EMG009"]),
        (waiver(end='; em:expires "2025-06-01"^^xsd:date'), ["(EMG301)"]),
        (waiver().replace("em:owner post:steward ;", ""), ["EMG301"]),
        (waiver().replace("EMG301", "EMG999"), ["EMG301", "EMG007"]),
        (waiver().replace("EMG301", "EMG302"), ["EMG301"]),
    ],
)
def test_waivers(write: Write, given: str, expected: list[str]) -> None:
    data, waivers = write("a.trig", UNSIGNED), write("waivers.ttl", given)
    assert codes(judged(data, waivers, selection=ONE)) == expected
    beside = judged(data, selection=ONE._replace(waivers=[str(waivers)]))
    assert codes(beside) == expected
    assert codes(judged(data, waivers, selection=ONE._replace(waive=False))) == ["EMG301"]


@pytest.mark.parametrize(
    ("signings", "expected"),
    [
        (("2025-06-01",), []),
        (("2025-06-02",), ["EMG301"]),
        (("2025-05-14/2031-05-14",), []),
        (("2031-05-14", "2025-05-14"), []),
        (("2031-05-14", ""), []),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_to_be_signed_is_not_signed(
    write: Write, engine: str, signings: tuple[str, ...], expected: list[str]
) -> None:
    said = "".join(
        f"""agreement:x em:signature signature:{n} . signature:{n} em:signedOn signature:{n}-day .
        signature:{n}-day em:earliest "{edtf[:10]}"^^xsd:date ; em:latest "{edtf[-10:]}"^^xsd:date .
        """
        for n, edtf in enumerate(signings)
    ).replace('em:earliest ""^^xsd:date ; em:latest ""^^xsd:date', "a em:Date")
    data = write("a.trig", f"{UNSIGNED} agreement:x em:governs collab:a . {said}")
    report = judged(data, selection=Selection(chosen=["EMG301"], engine=engine))
    assert codes(report) == expected


def test_a_waiver_of_no_rule_says_which_may_be_meant(write: Write) -> None:
    given = waiver().replace("EMG301", "EMG-301")
    *_, found = judged(write("a.trig", UNSIGNED + given), selection=ONE).findings
    assert "There is no rule EMG-301. Did you mean EMG301?" in found.message
    assert (found.rule, found.path) == ("EMG007", NamedNode(EM + "ruleCode"))


def test_a_waiver_may_be_of_a_rule_of_ones_own(write: Write) -> None:
    own = write("own.ttl", "em:Own a sh:NodeShape ; sh:targetClass em:Collaboration ; sh:in ( ) .")
    selection = Selection(shapes=["bundled", str(own)], chosen=["EMG007", "EMG918", "Own"])
    found = {}
    for code in ("Own", "a b", "Owm"):
        data = write("a.trig", UNSIGNED + waiver().replace("EMG301", code))
        report = judged(data, selection=selection)
        found[code] = {f.rule: f.waived is not None for f in report.findings}
    assert found["Own"] == {"Own": True}
    assert found["a b"] == {"Own": False, "EMG007": False, "EMG918": False}
    assert found["Owm"] == {"Own": False, "EMG007": False}


def test_a_waiver_beside_the_data_is_found_where_it_stands(write: Write) -> None:
    data, given = write("a.trig", UNSIGNED), write("waivers.ttl", waiver(focus="collab:b"))
    selection = ONE._replace(waivers=[str(given)])
    *_, found = judged(data, selection=selection).findings
    assert (found.rule, found.file) == ("EMG007", str(given))
    assert found.line == given.read_text().partition("waiver:a a")[0].count("\n") + 1


def test_a_waived_finding_keeps_its_reason(write: Write) -> None:
    report = judged(write("a.trig", UNSIGNED), write("waivers.ttl", waiver()), selection=ONE)
    assert report.findings[0].waived is not None
    assert report.findings[0].waived.reason == "Silence."
    assert not report.fails(Severity.INFO)


def test_a_broken_file_is_a_finding_and_the_others_are_checked(write: Write) -> None:
    data, broken = write("a.trig", "pcp19:1 { collab:a em:nosuch 1 }"), write("b.ttl", "collab:a ")
    report = judged(data, broken)
    assert [f.rule for f in report.findings] == ["EMG001", "EMG002"]
    assert (report.findings[0].file, report.findings[0].line) == (str(broken), 17)
    assert "EMG007" in report.unjudged


def test_what_is_missing_is_not_judged_beside_a_broken_file(write: Write) -> None:
    report = judged(write("a.trig", UNSIGNED), write("b.ttl", "collab:a "))
    assert "EMG301" not in codes(report)
    assert "EMG301" in report.unjudged


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ("pcp19:1 { collab:a a em:Collabortion }", "EMG002", "did you mean em:Collaboration?"),
        ("pcp19:1 { collab:a em:goverms collab:b }", "EMG002", "did you mean em:governs?"),
        ("pcp19:1 { collab:a rdfs:seeAlso em:Nosuchthing }", "EMG002", "em:Nosuchthing is none"),
        ("pcp19:1 { collab:a a emsh:collaboration }", "EMG002", "emsh:collaboration is none"),
        ("pcp19:1 { collab:a a rdfs:Resource . [] em:governs collab:a }", "EMG004", "IRI"),
        ("pcp19:1 { collab:a em:governs [] }", "EMG004", "IRI"),
        ("pcp19:1 { collab:a rdfs:label 'x' }", "EMG005", "Its one subject has none"),
        ("", "EMG005", "says nothing"),
        ("collab:a a em:Collaboration .", "EMG006", "source"),
        ("pcp19:1 { collab:a em:established date:2015 }", "EMG010", "ought to be 2015-01-01"),
        ("pcp19:1 { collab:a em:established date:201 }", "EMG010", "not a date in EDTF"),
        ('collab:d em:edtf "2030-02-30" .', "EMG010", "'2030-02-30' is not a date in EDTF"),
        ('[] em:edtf "2030-02" .', "EMG010", "em:earliest is none and ought to be 2030-02-01"),
        (MAY.replace("@", "1066"), "EMG010", "em:edtf is 1066 and ought to be 2025-05-14"),
        ("collab:d em:earliest 'yesterday' .", "EMG010", "yesterday, which is no day"),
        ("collab:d em:latest 5 .", "EMG010", "em:latest is 5, which is no day"),
        (BOUNDS.format("2025-05-15", "2025-05-14"), "EMG010", "after em:latest 2025-05-14"),
        (BOUNDS.format("2025-02-30", "2025-05-14"), "EMG010", "no day as an xsd:date"),
        (
            "pcp19:1 { collab:a em:amount 1.50 } pcp19:2 { collab:a em:amount 1.5 }",
            "EMG011",
            "1.5.",
        ),
        ("pcp19:1 { collab:a em:amount 1.50 , 1.500 }", "EMG011", "another spelling"),
    ],
)
def test_file_rules(write: Write, data: str, code: str, words: str) -> None:
    report = judged(write("a.trig", data), selection=Selection(chosen=[code]))
    assert codes(report) == [code] * len(report.findings)
    assert len(report.findings) >= 1
    assert words in report.findings[0].message


@pytest.mark.parametrize(
    "data",
    [
        MAY.replace("@", "2025-05-14"),
        MAY.replace("@", "2025-05-14").replace("date:2025-05-14", "collab:d"),
        BOUNDS.format("2025-05-14", "2025-05-14"),
    ],
)
def test_a_date_with_the_right_bounds_is_right(write: Write, data: str) -> None:
    report = judged(write("a.trig", data), selection=Selection(chosen=["EMG010"]))
    assert (codes(report), report.looked_at["EMG010"]) == ([], 1)


def test_a_deprecated_term_names_its_successor(write: Write) -> None:
    data = (
        "pcp19:1 { em:old owl:deprecated true ; dcterms:isReplacedBy em:new . collab:a em:old 1 }"
    )
    (finding,) = judged(write("a.trig", data), selection=Selection(chosen=["EMG003"])).findings
    assert finding.message.endswith("Use em:new.")


def test_a_subject_with_a_source_is_cited(write: Write) -> None:
    data = "collab:a a em:Collaboration ; dcterms:source pcp19:1 ."
    assert "EMG006" not in codes(judged(write("a.ttl", data)))


OWN = """
emsh:own a sh:NodeShape ; sh:targetClass em:Collaboration ; sh:property {0} .
"""


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("[ sh:path em:p ; sh:minCount 1 ]", "It needs at least 1 of em:p."),
        (
            "[ sh:path rdfs:label ; sh:maxLength 2 ]",
            "It has a rdfs:label longer than 2 characters.",
        ),
        ("[ sh:path rdfs:label ; sh:in ( 'B' 'C' ) ]", "It has a rdfs:label that is none of B, C."),
        (
            "[ sh:path rdfs:label ; sh:datatype xsd:date ]",
            "It has a rdfs:label that is not of type xsd:date.",
        ),
        ("[ sh:path rdfs:label ; sh:pattern 'x' ; sh:message 'Own words' ]", "Own words"),
    ],
)
def test_shapes_of_ones_own(write: Write, constraint: str, message: str) -> None:
    shapes = write("shapes/own.ttl", OWN.format(constraint))
    report = judged(write("a.trig", UNSIGNED), selection=Selection(shapes=[str(shapes)]))
    assert [(f.rule, f.message) for f in report.findings] == [("own", message)]
    assert report.looked_at["own"] == 1
    both = judged(write("a.trig", UNSIGNED), selection=Selection(shapes=[str(shapes), "bundled"]))
    assert {"own", "EMG301"} <= set(codes(both))


def test_what_holds_no_shape_is_no_verdict(write: Write) -> None:
    data = write("a.trig", UNSIGNED + " pcp19:20 { agreement:a dcterms:identifier 'BRS-001' }")
    with pytest.raises(EmgraphError, match="no shape in it"):
        judged(data, selection=Selection(shapes=[str(data)]))
    own = write("own.ttl", OWN.format("[ sh:path em:p ; sh:minCount 1 ]"))
    both = Selection(shapes=[str(own), str(data)])
    assert set(judged(data, selection=both).looked_at) == {"EMG001", "own"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_property_shape_that_is_nowhere_is_told(write: Write, engine: str) -> None:
    text = OWN.format("emsh:nowhere , [ sh:path em:p ; sh:minCount 1 ]")
    selection = Selection(shapes=[str(write("shapes/own.ttl", text))], engine=engine)
    report = judged(write("a.trig", UNSIGNED), selection=selection)
    assert codes(report) == ["own"]
    assert [what.partition(": ")[2] for what in report.unheeded] == [
        "<https://w3id.org/emgraph/shapes/nowhere> is no property shape here. It is not judged."
    ]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (
            "[ sh:path em:p ; sh:minCuont 1 ]",
            "sh:minCuont is no term of SHACL. Did you mean sh:minCount?",
        ),
        (
            "[ sh:path em:p ; sh:severity sh:Warnning ]",
            "sh:Warnning is no term of SHACL. Did you mean sh:Warning?",
        ),
        (
            "[ sh:path em:p ; sh:class em:Colaboration ]",
            "em:Colaboration is no term of the ontology. Did you mean em:Collaboration?",
        ),
    ],
)
def test_a_misspelt_term_of_a_shape_is_told(write: Write, shape: str, said: str) -> None:
    selection = Selection(shapes=[str(write("shapes/own.ttl", OWN.format(shape)))])
    report = judged(write("a.trig", UNSIGNED), selection=selection)
    assert [what.partition(": ")[2] for what in report.unheeded] == [said]


def test_the_bundled_shapes_ask_for_terms_of_shacl_alone(write: Write) -> None:
    text = OWN.format("[ sh:path em:p ; sh:minCount 1 ]")
    selection = Selection(shapes=[str(write("shapes/own.ttl", text)), "bundled"])
    assert judged(write("a.trig", UNSIGNED), selection=selection).unheeded == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("emsh:x a sh:PropertyShape ; sh:targetClass em:Collaboration ; sh:minCount 1 .", "shapes"),
        (OWN.format("[ sh:path em:p ; sh:minCount 'x' ]"), "shapes"),
        (OWN.format("[ sh:path em:p ; sh:pattern '(' ]"), "shapes"),
        (
            "emsh:x a sh:NodeShape ; sh:targetClass em:Collaboration ; sh:sparql [ sh:select "
            "'SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }' ] .",
            "SERVICE",
        ),
        (
            "emsh:x a sh:NodeShape ; sh:targetClass em:Collaboration ; "
            "sh:sparql [ sh:select 'SELECT $this WHERE {{{' ] .",
            "shapes",
        ),
    ],
)
def test_bad_shapes_are_no_verdict(write: Write, text: str, message: str) -> None:
    shapes = write("shapes/own.ttl", text)
    with pytest.raises(EmgraphError, match=message):
        judged(write("a.trig", UNSIGNED), selection=Selection(shapes=[str(shapes)]))


def test_broken_shapes_are_no_verdict(write: Write) -> None:
    shapes = write("shapes/own.ttl", "emsh:x ")
    with pytest.raises(BrokenFile, match=r"own\.ttl:17"):
        judged(write("a.trig", UNSIGNED), selection=Selection(shapes=[str(shapes)]))


def test_a_rule_reads_graphs_and_the_day(write: Write) -> None:
    ns = "https://w3id.org/emgraph/ns/"
    day = f'"{DAY}"^^<http://www.w3.org/2001/XMLSchema#date>'
    graph = f"GRAPH ?value {{ $this a <{ns}Collaboration> }}"
    select = f"SELECT $this ?value WHERE {{ {graph} ?run <{ns}asOf> {day} }}"
    shape = "emsh:x a sh:NodeShape ; sh:targetClass em:Collaboration ; sh:sparql "
    text = f"{shape} [ sh:select '''{select}''' ] ."
    shapes = write("shapes/own.ttl", text)
    data = write("a.trig", UNSIGNED + " pcp19:21 { collab:a a em:Collaboration }")
    report = judged(data, selection=Selection(shapes=[str(shapes)]))
    assert len(report.findings) == 2


def test_ill_typed_literals_do_not_stop_validation(write: Write) -> None:
    data = write("a.trig", UNSIGNED.replace("'Alpha'", "'x'^^xsd:date , 'y'^^xsd:integer"))
    assert codes(judged(data, selection=ONE)) == ["EMG301"]


def test_unknown_rules_have_a_nearest(write: Write) -> None:
    with pytest.raises(EmgraphError, match="Did you mean EMG"):
        judged(write("a.trig", UNSIGNED), selection=Selection(chosen=["EMG3O1"]))
    report = judged(write("a.trig", UNSIGNED), selection=Selection(ignored=["emg301"]))
    assert "EMG301" not in codes(report)


def test_nothing_looked_at(write: Write) -> None:
    assert not judged(write("a.ttl", "")).looked
    assert not judged(write("a.ttl", "<http://x/a> <http://x/b> 1 .")).looked
    assert judged(write("a.trig", UNSIGNED)).looked


def test_the_same_input_gives_the_same_report() -> None:
    assert validate(bundled(), AS_OF) == report(waive=True)


def test_our_rules_are_judged_without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a store spells values in another way, as it does with 1000.0."""
    monkeypatch.setattr(child, "call", None)
    assert not validate(bundled(), AS_OF).fallen_back


def test_the_ontology_is_no_data() -> None:
    files = {finding.file for finding in report(waive=True).findings}
    assert not [file for file in files if file and "ontology" in file]


def test_counts() -> None:
    findings = (Finding("EMG301", Severity.WARNING, "x"),)
    report = Report(findings, 1, 1, DAY, nodes=1)
    assert (report.unwaived(Severity.WARNING), report.unwaived(Severity.VIOLATION)) == (1, 0)
    assert report.fails(Severity.INFO)
    assert not report.fails(Severity.VIOLATION)


def test_findings_point_at_texts_and_at_the_property_of_several(write: Write) -> None:
    data = "pcp19:1 { collab:a em:established\n '2015' ; rdfs:comment '01632 960001' }"
    report = judged(write("a.trig", data), selection=Selection(chosen=["EMG515", "EMG915"]))
    assert {(f.rule, f.line, f.column) for f in report.findings} == {
        ("EMG515", 18, 24),
        ("EMG915", 18, 2),
    }


def test_what_reads_the_same_is_told_once(write: Write) -> None:
    data = "pcp19:1 { collab:a a em:Saving ; em:amount 'x' }"
    report = judged(write("a.trig", data), selection=Selection(chosen=["EMG701"]))
    assert [f.rule for f in report.findings] == ["EMG701"]
    assert report.findings[0].labels[EM + "amount"] == "amount"
