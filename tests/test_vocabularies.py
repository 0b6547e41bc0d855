"""Which `slips` in the terms of vocabularies mean which term, and that a rule tells them."""

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, DefinedNamespace

from emgraph.finding import Finding
from emgraph.findings.fingerprints import fingerprints
from emgraph.namespaces import EM, shrink
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load, statements
from emgraph.rdf.vocabularies import TERMS, meant
from emgraph.shacl.asked import Asked, on_disk
from emgraph.shacl.jobs import Row
from emgraph.shacl.places import selected
from emgraph.validation import elsewhere
from emgraph.validation.validate import Selection, validate
from tests.conftest import Write
from tests.derive import AS_OF

OURS = {str(q.subject)[1:-1].removeprefix(EM) for q in statements(ontology())}
WHOLE = sorted(DefinedNamespace.__subclasses__(), key=lambda whole: str(whole._NS))
W3, W3ID = "http://www.w3.org", "w3id.org/emgraph"


@pytest.mark.parametrize("whole", [DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS])
def test_the_lists_are_those_of_rdflib(whole: type[DefinedNamespace]) -> None:
    listed = {*whole.__annotations__, *getattr(whole, "_extras", ())}
    assert TERMS[str(whole._NS)] == {name for name in listed if not name.startswith("_")}


@pytest.mark.parametrize(
    ("iri", "is_class", "other"),
    [
        (f"http://{W3ID}/ns/Board", True, "em:Board"),
        (f"https://www.{W3ID}/ns/Board", True, "em:Board"),
        (f"https://{W3ID}/ns#about", False, "em:about"),
        (f"https://{W3ID}/ont/Collaboration", True, "em:Collaboration"),
        (f"https://{W3ID}/Colaboration", True, "em:Collaboration"),
        (f"https://{W3ID}/nsBoard", True, "em:Board"),
        ("https://w3id.org/emgrpah/ns/Board", True, "em:Board"),
        ("https://www.w3.org/ns/org#Organization", True, "org:Organization"),
        (f"{W3}/ns/org/member", False, "org:member"),
        (f"{W3}/ns/prvo#wasDerivedFrom", False, "prov:wasDerivedFrom"),
        (f"{W3}/2004/02/skos#prefLabel", False, "skos:prefLabel"),
        ("https://purl.org/dc/terms/titel", False, "dcterms:title"),
        (f"{W3}/ns/org#organisation", True, "org:Organization"),
        (f"{W3}/ns/org#organization", True, "org:Organization"),
        (f"{W3}/ns/org#organisation", None, "org:Organization org:organization"),
        (f"{W3}/2004/02/skos/core#preflabel", False, "skos:prefLabel"),
        ("http://purl.org/dc/terms/titel", False, "dcterms:title"),
        (f"{W3}/ns/prov#wasDerivedForm", False, "prov:wasDerivedFrom"),
    ],
)
def test_a_slip_is_told_with_what_is_meant(iri: str, is_class: bool | None, other: str) -> None:
    assert " ".join(map(shrink, meant(iri, OURS, is_class))) == other


@pytest.mark.parametrize(
    "iri",
    [
        *(f"{W3}/ns/ldp#member", f"{W3}/2008/05/skos-xl#prefLabel", f"{W3}/ns/regorg#orgType"),
        *(f"{W3}/2006/vcard/ns#role", f"{W3}/ns/dcat#theme", f"{W3}/ns/oa#hasBody"),
        *("https://w3id.org/mygraph/ns/Board", "https://example.org/ns/Board", "urn:x", "", "/#"),
        *(f"https://{W3ID}/ns/Borad", f"https://{W3ID}/id/force/x", f"https://{W3ID}/ns/"),
        *(f"http://{W3ID}/ns/zzz", f"https://{W3ID}/ext#colour", f"https://{W3ID}/ont/zzz"),
        *("http://schema.org/name", "http://purl.org/dc/elements/1.1/title", f"{W3}/ns/shacl/x"),
        *(f"{W3}/1999/02/22-rdf-syntax-ns#_1", f"{W3}/ns/org#zzzz", f"http://{W3ID}/ns/"),
    ],
)
def test_what_is_really_foreign_is_left_alone(iri: str) -> None:
    assert [meant(iri, OURS, is_class) for is_class in (True, False)] == [[], []]


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: str(whole._NS))
def test_no_term_of_a_vocabulary_is_a_slip_of_another(whole: type[DefinedNamespace]) -> None:
    names = sorted(name for name in whole.__annotations__ if not name.startswith("_"))
    told = {name: meant(str(whole._NS) + name, OURS, name[0].isupper()) for name in names}
    assert names
    assert {name: close for name, close in told.items() if close} == {}


SLIPS = """@prefix our: <http://w3id.org/emgraph/ns/> .
@prefix mine: <https://w3id.org/emgraph/mine/> .
@prefix terms: <http://www.purl.org/dc/terms#> . @prefix people: <http://xmlns.com/foaf/0.1/> .
@prefix board: <https://w3id.org/emgraph/id/board/> . @prefix org: <http://www.w3.org/ns/org#> .
pcp19:20 {
    board:b a our:Board , em:Board ; terms:title "B" ; people:Name "B" ; mine:weight 1 .
    board:a a our:Board ; terms:title "A" ; org:purpose "x" .
    mine:weight rdfs:label "as described here" .
}
"""


LINES = [(22, 56), (23, 15), (23, 27)]


def _told(findings: tuple[Finding, ...]) -> list[str]:
    assert all(f.focus == f.value for f in findings)
    return [f.message.partition(". ")[2] for f in findings]


def test_the_rule_tells_each_term_once_in_files_and_in_a_store(write: Write) -> None:
    path = write("a.trig", SLIPS)
    selection = Selection(chosen=["EMG013"])
    report = validate(find([str(path)]), AS_OF, selection)
    told = [
        "<http://w3id.org/emgraph/ns/Board> is read by none; did you mean"
        " <https://w3id.org/emgraph/ns/Board>? 2 things have it.",
        "<http://www.purl.org/dc/terms#title> is read by none; did you mean"
        " <http://purl.org/dc/terms/title>? 2 things have it.",
        "foaf:Name is read by none; did you mean foaf:name?",
    ]
    assert sorted(_told(report.findings)) == told
    assert sorted((f.line, f.column) for f in report.findings) == LINES
    place = Asked(on_disk(load(find([str(path)])), "it"), "it", elsewhere.facts(AS_OF))
    assert sorted(_told(elsewhere.validate(place, AS_OF, selection).findings)) == told


def test_a_finding_is_the_same_when_half_is_mended_and_can_be_waived(write: Write) -> None:
    waiver = """waiver:a a em:Waiver ; em:ruleCode "EMG013" ; em:focus our:Board ;
        em:reason "Later." ; em:owner <https://example.org/me> ; em:granted "2026-01-01"^^xsd:date ;
        em:reviewBy "2027-01-01"^^xsd:date ."""
    selection = Selection(chosen=["EMG013"])
    texts = (SLIPS, SLIPS.replace("board:a a our:Board", "board:a a em:Board"), SLIPS + waiver)
    found = [
        validate(find([str(write(f"{n}.trig", text))]), AS_OF, selection).findings
        for n, text in enumerate(texts)
    ]
    before, after, waived = ({f.value: f for f in findings} for findings in found)
    assert set(fingerprints(found[0])) == set(fingerprints(found[1]))
    assert [f.message for f in found[0]] != [f.message for f in found[1]]
    board = NamedNode("http://w3id.org/emgraph/ns/Board")
    assert [one[board].waived is None for one in (before, after, waived)] == [True, True, False]


def test_an_endpoint_is_asked_for_few_rows_however_many_things_have_a_slip() -> None:
    many, board = 500, NamedNode("http://w3id.org/emgraph/ns/Board")
    graph, kind = NamedNode("https://example.org/g"), NamedNode(RDF.type)
    store, given = Store(), list[int]()
    for number in range(many):
        thing = NamedNode(f"https://example.org/{number}")
        for place in (graph, DefaultGraph()):
            store.add(Quad(thing, kind, board, place))
            store.add(Quad(thing, NamedNode(f"{FOAF}Name"), Literal(str(number)), place))

    def _ask(text: str) -> list[Row]:
        rows = list(selected(store, text))
        given.append(len(rows))
        return rows

    report = elsewhere.validate(
        Asked(_ask, "it", elsewhere.facts(AS_OF)), AS_OF, Selection(chosen=["EMG013"])
    )
    assert [f.message.partition("? ")[2] for f in report.findings] == ["500 things have it."] * 2
    assert all(f.focus == f.value for f in report.findings)
    assert sum(given) < many / 5
