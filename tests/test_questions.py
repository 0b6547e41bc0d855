"""Every canned question: what it says of itself, and that two engines agree on its answer."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib
import rdflib.plugins.sparql
import rdflib.query
from pyoxigraph import Literal, NamedNode

from emgraph.answers import results
from emgraph.namespaces import XSD, prefixes, shrink
from emgraph.pages import vetting
from emgraph.rdf import names
from emgraph.rdf.files import bundled, find, ontology
from emgraph.rdf.store import load, read
from emgraph.shacl.graphs import to_rdflib
from emgraph.sparql import isolate, queries
from emgraph.sparql.parameters import terms
from emgraph.sparql.queries import Question
from tests.derive import GOLDENS, store

rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
QUESTIONS = queries.catalogue()
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)


@cache
def dataset() -> rdflib.Dataset:
    """The same in rdflib, the merge in its default graph."""
    found = rdflib.Dataset()
    for reading in read([*bundled(), *ontology()]):
        for quad in reading.quads:
            triple = tuple(to_rdflib(term) for term in quad.triple)
            found.add(triple)  # type: ignore[arg-type]
            found.graph(rdflib.URIRef(str(quad.graph_name)[1:-1])).add(triple)  # type: ignore[arg-type]
    return found


def rows(text: str) -> isolate.Rows:
    """What our engine answers."""
    found = isolate.run(store(), text, timeout=60)
    assert isinstance(found, isolate.Rows)
    return found


@every_question
def test_nothing_is_wrong_with_it(question: Question) -> None:
    """The checks that `emgraph query --check` makes of questions of one's own."""
    assert [str(fault) for fault in vetting.check(question, store(), 60)] == []
    assert isinstance(question.header["answers"], list)


@every_question
def test_it_has_an_answer_unless_it_says_why_not(question: Question) -> None:
    lines = (GOLDENS / f"{question.name}.csv").read_text().splitlines()
    assert (len(lines) > 1) != bool(question.header.get("none"))


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q.header.get("none")], ids=lambda q: q.name
)
def test_what_has_no_answer_today_would_have_one(question: Question) -> None:
    """A made-up fact in tests/none/ shows that the question can be answered."""
    made_up = find([str(GOLDENS.parent / "none" / f"{question.name}.trig")])
    text = question.bound({})
    assert not rows(text).rows
    found = isolate.run(load([*bundled(), *ontology(), *made_up]), text)
    assert isinstance(found, isolate.Rows)
    assert found.rows


def value(term: object) -> object:
    """A term in XSD value space, so that 1.50 equals 1.5."""
    if term is None or isinstance(term, NamedNode | rdflib.URIRef):
        return None if term is None else str(getattr(term, "value", term))
    node = to_rdflib(term) if isinstance(term, Literal) else term
    assert isinstance(node, rdflib.Literal)
    python = rdflib.Literal(str(node), datatype=node.datatype, lang=node.language).toPython()
    kind = "number" if str(node.datatype).startswith(XSD) and not isinstance(python, str) else ""
    return (kind, python if kind else str(node), (node.language or "").lower())


def _rows_of(result: rdflib.query.Result) -> Iterator[rdflib.query.ResultRow]:
    for row in result:
        assert isinstance(row, rdflib.query.ResultRow)
        yield row


@every_question
def test_rdflib_agrees(question: Question) -> None:
    text = question.bound({})
    ours = rows(text)
    theirs = dataset().query(text)
    names = [str(name) for name in theirs.vars or []]
    assert names == list(ours.variables)
    found = Counter(tuple(value(row[i]) for i in range(len(names))) for row in _rows_of(theirs))
    assert Counter(tuple(map(value, row)) for row in ours.rows) == found


@every_question
def test_it_runs_as_it_stands_and_with_its_defaults_bound(question: Question) -> None:
    expected = rows(question.bound({}))
    assert rows(question.text) == expected
    defaults = {}
    for name, slot in question.slots.items():
        inner = question.text[slot.inner_start : slot.inner_end]
        if inner.split() != ["UNDEF"]:
            prologue = "".join(
                line for line in question.text.splitlines(True) if line.upper().startswith("PREFIX")
            )
            found = rows(f"{prologue} SELECT ?v {{ VALUES ?v {{ {inner} }} }}")
            defaults[name] = [row[0] for row in found.rows]
    assert rows(question.bound(defaults)) == expected  # type: ignore[arg-type]


def test_names_are_unique_over_topics() -> None:
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names)


@every_question
def test_its_answer_names_everything(question: Question) -> None:
    """No short IRI is shown to a person."""
    bare = [
        iri
        for iri in results.things(rows(question.bound({})))
        if names.label(store(), iri) == shrink(iri)
    ]
    assert bare == []


def told(name: str, *given: str) -> list[dict[str, str]]:
    """What a question answers, in words."""
    question = queries.find(name)
    found = rows(question.bound(terms(store(), question, given)))
    return [
        {
            variable: names.word(store(), term)
            for variable, term in zip(found.variables, row, strict=True)
            if isinstance(term, NamedNode | Literal)
        }
        for row in found.rows
    ]


LEFT = ("force=Notts", "collaboration=EMOpSS")
SIGNED = ("collaboration=EMSOU",)


@pytest.mark.parametrize(
    ("name", "given", "column", "day", "said"),
    [
        ("members", LEFT, "holds", "2014-12-31", {"no"}),
        ("members", LEFT, "holds", "2015-06-30", {"possibly"}),
        ("members", LEFT, "holds", "2017-12-31", {"certainly"}),
        ("members", LEFT, "holds", "2018-09-30", {"possibly"}),
        ("members", LEFT, "holds", "2020-06-01", {"no"}),
        ("impact-of-leaving", LEFT, "holds", "2017-12-31", {"certainly", "possibly", "no"}),
        ("impact-of-leaving", LEFT, "holds", "2018-09-30", {"possibly", "no"}),
        ("impact-of-leaving", LEFT, "holds", "2020-06-01", set()),
        ("signed-agreements", SIGNED, "signed", "2025-02-28", {"later"}),
        ("signed-agreements", SIGNED, "evidence", "2025-02-28", {"Not evidenced"}),
        ("signed-agreements", SIGNED, "evidence", "2025-03-01", {"Evidenced"}),
        ("signed-agreements", SIGNED, "signed", "2025-03-01", {"possibly"}),
        ("signed-agreements", SIGNED, "signed", "2025-05-14", {"certainly"}),
        ("agreements-not-evidenced", SIGNED, "collaboration", "2025-02-28", {"EMSOU"}),
        ("agreements-not-evidenced", SIGNED, "collaboration", "2025-03-01", set()),
        ("forces-outside", (LEFT[0],), "outside", "2014-12-31", {"1"}),
        ("forces-outside", (LEFT[0],), "outside", "2018-09-30", {"2"}),
        ("forces-outside", (LEFT[0],), "holds", "2017-12-31", {"no", "possibly"}),
        ("forces-outside", (LEFT[0],), "holds", "2020-06-01", {"certainly", "possibly"}),
        ("forces-outside", ("force=Derbyshire",), "holds", "2014-12-31", {"no", "possibly"}),
        ("party-completeness", (LEFT[1],), "expectedParties", "2018-09-30", {"8"}),
        ("party-completeness", (LEFT[1],), "expectedParties", "2020-06-01", {"6"}),
        ("party-completeness", SIGNED, "made", "2025-02-28", {"no"}),
        ("party-completeness", SIGNED, "made", "2025-04-01", {"possibly"}),
        ("party-completeness", SIGNED, "certainlyMissing", "2025-05-14", {"10"}),
        ("party-completeness", SIGNED, "certainlyMissing", "2025-05-15", {"0"}),
        ("agreement-gaps", SIGNED, "lacks", "2025-05-14", {"exact date", "signatory"}),
        ("agreement-gaps", SIGNED, "holds", "2025-04-01", {"certainly", "possibly"}),
        ("agreement-gaps", SIGNED, "holds", "2025-02-28", {"certainly"}),
        ("shared-services", (LEFT[1],), "holds", "2014-12-31", {"no"}),
        ("shared-services", (LEFT[1],), "holds", "2016-01-01", {"possibly"}),
        ("boards", SIGNED, "holds", "2000-12-31", {"no"}),
        ("boards", SIGNED, "roleHolds", "2025-05-14", {"certainly", None}),
        ("boards", SIGNED, "holds", "2025-05-14", {"certainly", "possibly"}),
        ("representatives", (), "holds", "2022-12-31", {"no", "possibly"}),
        ("representatives", (), "holds", "2023-06-01", {"possibly"}),
        (
            "identifiers",
            ("collaboration=EMOpSS", "organization=Notts"),
            "holds",
            "2020-06-01",
            {"no"},
        ),
    ],
)
def test_a_day_has_three_answers(
    name: str, given: tuple[str, ...], column: str, day: str, said: set[str | None]
) -> None:
    assert {row.get(column) for row in told(name, *given, f"asOf={day}")} == said


MADE_UP = """
    collab:c a em:Collaboration . force:f a em:PoliceForce .
    date:2015 em:earliest "2015-01-01"^^xsd:date ; em:latest "2015-01-01"^^xsd:date .
    date:2020 em:earliest "2020-01-01"^^xsd:date ; em:latest "2020-01-01"^^xsd:date .
    date:2025 em:earliest "2025-01-01"^^xsd:date ; em:latest "2025-01-01"^^xsd:date .
    date:2030 em:earliest "2030-01-01"^^xsd:date ; em:latest "2030-12-31"^^xsd:date .
"""


def of_made_up(folder: Path, name: str, given: str, statements: str) -> list[dict[str, str]]:
    """What a question with a parameter answers about these statements, each term as its text."""
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    (folder / "made-up.trig").write_text(f"{declared} graph:made-up {{ {MADE_UP} {statements} }}")
    graph, question = load(find([str(folder)])), queries.find(name)
    found = isolate.run(graph, question.bound(terms(graph, question, [given])))
    assert isinstance(found, isolate.Rows)
    return [
        {
            variable: term.value
            for variable, term in zip(found.variables, row, strict=True)
            if isinstance(term, NamedNode | Literal)
        }
        for row in found.rows
    ]


SIGNED_LATER = """
    agreement:a em:governs collab:c ; em:madeOn date:2015 ; em:termEnds date:2030 ;
        em:signature signature:a .
    signature:a em:signedOn date:2025 ; em:signatory body:s .
"""
SUCCEEDED = """
    agreement:a em:governs collab:c ; em:madeOn date:2015 ; em:termEnds date:2020 .
    agreement:b em:governs collab:c ; em:madeOn date:2025 .
"""
ALL_FOUR = dict.fromkeys(("agreement", "signature", "signatory", "exact date"), "certainly")
UNSIGNED = {lacks: "certainly" for lacks in ALL_FOUR if lacks != "agreement"}


@pytest.mark.parametrize(
    ("statements", "day", "lacking", "made"),
    [
        ("", "2018-01-01", ALL_FOUR, None),
        (SIGNED_LATER, "2010-01-01", ALL_FOUR, "no"),
        (SIGNED_LATER, "2018-01-01", UNSIGNED, "certainly"),
        (SIGNED_LATER, "2026-01-01", {}, "certainly"),
        (SIGNED_LATER, "2030-06-01", dict.fromkeys(ALL_FOUR, "possibly"), "certainly"),
        (SIGNED_LATER, "2031-01-01", ALL_FOUR, "certainly"),
        (SIGNED_LATER.replace("em:madeOn date:2015 ;", ""), "2018-01-01", ALL_FOUR, "no"),
    ],
)  # fmt: skip
def test_an_agreement_and_its_signature_come_each_on_its_day(
    statements: str, day: str, lacking: dict[str, str], made: str | None, tmp_path: Path
) -> None:
    gaps = of_made_up(tmp_path, "agreement-gaps", f"asOf={day}", statements)
    assert {row["lacks"]: row["holds"] for row in gaps} == lacking
    assert len(gaps) == len(lacking)
    parties = of_made_up(tmp_path, "party-completeness", f"asOf={day}", statements)
    assert {row.get("made") for row in parties} == {made}


def test_between_two_agreements_there_is_none(tmp_path: Path) -> None:
    def lacks_agreement(day: str) -> bool:
        found = of_made_up(tmp_path, "agreement-gaps", f"asOf={day}", SUCCEEDED)
        return "agreement" in {row["lacks"] for row in found}

    assert [lacks_agreement(day) for day in ("2018-01-01", "2022-01-01", "2026-01-01")] == [
        False,
        True,
        False,
    ]


def test_services_that_came_back_were_shared_before() -> None:
    """Paragraph 23 of the report about 2019-20, which says not when they came back."""

    def shared(day: str) -> set[str]:
        return {row["service"] for row in told("shared-services", f"asOf={day}")}

    assert {"roads policing", "dog training"} <= shared("2016-01-01")
    assert shared("2020-04-01") == {"armed police training", "audit and compliance", "dog training"}


def test_what_is_touched_is_of_the_day() -> None:
    """The budget lines are of 2019-20, the agreement is of Spring 2025."""

    def holds(day: str, relation: str, collaboration: str) -> set[str]:
        given = ("force=Leics", f"collaboration={collaboration}", f"asOf={day}")
        found = told("impact-of-leaving", *given)
        return {row["holds"] for row in found if row["relation"] == relation}

    for relation in ("for collaboration", "in total"):
        assert holds("2019-04-01", relation, "EMSOU") == {"possibly"}
        assert holds("2020-04-01", relation, "EMSOU") == {"no"}
    for relation in ("governs", "made under", "expected party"):
        assert holds("2025-02-28", relation, "EMSOU") == {"no"}
        assert "no" not in holds("2025-03-01", relation, "EMSOU")
    assert holds("2016-01-01", "formerly delivered by", "EMOpSS") == {"possibly"}
    assert holds("2025-05-14", "formerly delivered by", "EMOpSS") == set()


def test_a_timeline_ends_with_what_has_no_date() -> None:
    found = told("timeline")
    dated = ["date" in row for row in found]
    assert dated == sorted(dated, reverse=True)
    undated = {row["event"]: row["kind"] for row in found if "date" not in row}
    assert undated["signing off of EMSOU's new operating model"] == "Decision"


def test_a_timeline_tells_what_is_dated_by_its_date_alone_and_what_has_two_classes_once(
    tmp_path: Path,
) -> None:
    statements = """
        change:a a em:ChangeEvent ; em:changes collab:c ; em:termBegins date:2015 .
        change:b a em:ChangeEvent , em:Withdrawal ; em:changes collab:c .
    """
    found = of_made_up(tmp_path, "timeline", "collaboration=collab:c", statements)
    kinds = [(shrink(row["event"]), shrink(row["kind"])) for row in found]
    assert kinds == [("change:a", "em:termBegins"), ("change:b", "em:Withdrawal")]


def test_what_was_touched_when_nottinghamshire_left_emopss() -> None:
    """The papers' own case: paragraphs 20 to 24 of the report about 2019-20."""
    found = told("impact-of-leaving", *LEFT, "asOf=2018-01-01")
    touched = {
        kind: {row["thing"] for row in found if row["kind"] == kind}
        for kind in {row["kind"] for row in found}
    }
    taken_back = {row["thing"] for row in found if row["relation"] == "formerly delivered by"}
    assert taken_back == {
        "operational and emergency planning",
        "operational dogs",
        "operational firearms",
        "roads policing",
        "serious collision investigation unit",
        "tactical support team",
    }
    assert touched["service"] - taken_back == {
        "armed police training",
        "audit and compliance",
        "dog training",
    }
    assert touched["money"] == {
        "Leicestershire's line for EMOpSS",
        "heading amount for EMOpSS",
        "movement between budgets after the change in EMOpSS",
    }
    assert touched["party"] == {
        "Chief Constable of Nottinghamshire",
        "Police and Crime Commissioner for Nottinghamshire",
    }
    assert touched["change"] == {
        "Nottinghamshire's intention to leave EMOpSS",
        "change of EMOpSS to three forces",
        "withdrawal from EMOpSS",
    }
    assert all(row["citation"] for row in found)


@every_question
def test_all_of_its_things_can_be_asked_for(question: Question) -> None:
    """The word `all` takes a default away and keeps every row that there was."""
    things = [name for name, kind in question.parameters.items() if not kind.startswith("xsd:")]
    everything = rows(question.bound({name: [] for name in things}))
    assert set(rows(question.bound({})).rows) <= set(everything.rows)


def test_what_is_claimed_never_certainly_happened() -> None:
    found = told("changes", "from=2010-01-01", "to=2026-01-01")
    claimed = {row["happened"] for row in found if row.get("modality")}
    assert claimed == {"as claimed", "possibly"}
    assert {row["happened"] for row in found if not row.get("modality")} == {
        "certainly",
        "possibly",
    }
    kinds = {row["kind"] for row in found}
    assert "signed on" in kinds
    assert not kinds & {"header date", "financial year"}
