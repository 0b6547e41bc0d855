"""What failed within the shape that a value had to meet is told in words, with its place."""

import json

import pytest

from tests.conftest import PREFIXES, Cli, Write

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:P a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property [ sh:path ex:address ; sh:node ex:Address ] ,
    [ sh:path ex:contact ; sh:or ( [ sh:datatype xsd:string ]
        [ sh:property [ sh:path ex:mail ; sh:minCount 1 ] ] ) ] ,
    [ sh:path ex:id ; sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:pattern "x" ] [ sh:maxLength 3 ] ) ] ,
    [ sh:path ex:status ; sh:not ex:Closed ] .
ex:F a sh:NodeShape ; sh:targetSubjectsOf ex:friend ; sh:property
  [ sh:path ex:friend ; sh:qualifiedMinCount 2 ; sh:qualifiedValueShape
        [ sh:property [ sh:path ex:age ; sh:minInclusive 18 ] ] ] .
ex:Address a sh:NodeShape ; sh:property
  [ sh:path ex:zip ; sh:minCount 1 ; sh:and ( [ sh:node ex:Zip ] ) ] .
ex:Zip a sh:NodeShape ; sh:minLength 5 ; sh:message "A zip has five digits." .
ex:Closed a sh:NodeShape ; sh:in ( "shut" "gone" ) .
"""
PREFIX = "@prefix ex: <http://example.org/> .\n"
CASES = [
    ("ex:address ex:home . ex:home\n ex:zip '123' .", 3, ["A zip has five digits."]),
    ("ex:address [ ex:street 'High' ] .", 2, ["It needs at least 1 of zip."]),
    (
        "ex:contact [ ex:fax 1 ] .",
        2,
        [
            "Choice 1 of 2: It has a value that is not of type xsd:string.",
            "Choice 2 of 2: It needs at least 1 of mail.",
        ],
    ),
    ("ex:id 'x1' .", 2, ["It meets choices 2 and 3, and ought to meet one alone."]),
    ("ex:status 'shut' .", 2, []),
    ("ex:friend ex:b , ex:c .\nex:b ex:age 12 .", 3, ["It has an age that is less than 18."]),
]


@pytest.mark.parametrize(("data", "line", "said"), CASES)
def test_what_failed_within_is_told(
    cli: Cli, write: Write, data: str, line: int, said: list[str]
) -> None:
    file, shapes = write("d.ttl", f"{PREFIX}ex:a a ex:Person ; {data}"), write("s.ttl", SHAPES)
    shown = cli("validate", "--shapes", shapes, file, "--format", "json")
    (found,) = json.loads(shown.out)["findings"]
    assert [inner["message"] for inner in found["details"]] == said
    assert found["line"] == line + PREFIXES.count("\n")
    for name in ("text", "concise", "html", "sarif", "gitlab", "junit", "github"):
        told = cli("validate", "--shapes", shapes, file, "--format", name).out
        for sentence in said:
            assert sentence in " ".join(told.split()), name


def test_the_reference_tells_them_where_pyshacl_does(cli: Cli, write: Write) -> None:
    file = write("d.ttl", f"{PREFIX}ex:a a ex:Person ; {CASES[1][0]}")
    given = ("validate", "--shapes", write("s.ttl", SHAPES), file, "--format", "json")
    ours, theirs = (
        json.loads(cli(*given, "--engine", engine).out)["findings"][0]["details"]
        for engine in ("compiled", "pyshacl")
    )
    assert [d["message"] for d in ours] == [d["message"] for d in theirs]


def test_the_w3c_report_has_them_as_details(cli: Cli, write: Write) -> None:
    file = write("d.ttl", f"{PREFIX}ex:a a ex:Person ; {CASES[2][0]}")
    shown = cli("validate", "--shapes", write("s.ttl", SHAPES), file, "--format", "turtle").out
    assert shown.count("sh:result _:") == 1
    assert shown.count("a sh:ValidationResult") == 3


def test_words_of_ones_own_stand_for_choices_and_not_for_what_failed(
    cli: Cli, write: Write
) -> None:
    worded = SHAPES.replace("ex:P a sh:NodeShape ;", "ex:P a sh:NodeShape ; sh:message 'Own.' ;")
    shapes = write("s.ttl", worded)
    for data, count in ((CASES[1][0], 1), (CASES[2][0], 0)):
        file = write("d.ttl", f"{PREFIX}ex:a a ex:Person ; {data}")
        shown = cli("validate", "--shapes", shapes, file, "--format", "json")
        (found,) = json.loads(shown.out)["findings"]
        assert len(found["details"]) == count


def test_a_sequence_points_at_its_last_step(cli: Cli, write: Write) -> None:
    shapes = write(
        "s.ttl",
        "@prefix ex: <http://example.org/> . ex:S a sh:NodeShape ; sh:targetNode ex:a ; "
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:class ex:C ] .",
    )
    file = write("d.ttl", f"{PREFIX}ex:a ex:p ex:b .\nex:b ex:q ex:ok .\nex:c ex:q ex:no .\n")
    text = file.read_text() + "ex:a ex:p ex:c . ex:ok a ex:C .\n"
    file.write_text(text)
    shown = cli("validate", "--shapes", shapes, file, "--format", "concise").out
    line = text.splitlines().index("ex:c ex:q ex:no .") + 1
    assert f"d.ttl:{line}:11: " in shown
