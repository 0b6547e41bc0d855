"""Which `slips` in the terms of vocabularies mean which term, and that a rule tells them."""

import pytest
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, DefinedNamespace

from emgraph.finding import Finding
from emgraph.namespaces import EM, shrink
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load, statements
from emgraph.rdf.vocabularies import TERMS, meant
from emgraph.shacl.asked import Asked, on_disk
from emgraph.validation import elsewhere
from emgraph.validation.validate import Selection, validate
from tests.conftest import Write
from tests.derive import AS_OF

OURS = {str(q.subject)[1:-1].removeprefix(EM) for q in statements(ontology())}
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
        (f"https://{W3ID}/ns#chair", False, "em:chair"),
        (f"https://{W3ID}/ont/Collaboration", True, "em:Collaboration"),
        (f"https://{W3ID}/Colaboration", True, "em:Collaboration"),
        (f"https://{W3ID}/nsBoard", True, "em:Board"),
        (f"http://{W3ID}/ns/zzz", False, "em:zzz"),
        ("https://w3id.org/emgrpah/ns/Board", True, "em:Board"),
        ("https://www.w3.org/ns/org#Organization", True, "org:Organization"),
        (f"{W3}/ns/org/member", False, "org:member"),
        (f"{W3}/ns/prvo#wasDerivedFrom", False, "prov:wasDerivedFrom"),
        (f"{W3}/2004/02/skos#prefLabel", False, "skos:prefLabel"),
        ("http://schema.org/name", False, "schema:name"),
        ("http://purl.org/dc/elements/1.1/title", False, "dcterms:title"),
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
        *(f"{W3}/1999/02/22-rdf-syntax-ns#_1", f"{W3}/ns/org#zzzz", f"http://{W3ID}/ns/"),
    ],
)
def test_what_is_really_foreign_is_left_alone(iri: str) -> None:
    assert [meant(iri, OURS, is_class) for is_class in (True, False)] == [[], []]


@pytest.mark.parametrize("namespace", sorted(TERMS))
def test_no_term_is_a_slip_of_another(namespace: str) -> None:
    slips = {name: meant(namespace + name, OURS) for name in TERMS[namespace]}
    assert not any(slips.values())


SLIPS = """@prefix our: <http://w3id.org/emgraph/ns/> .
@prefix mine: <https://w3id.org/emgraph/mine/> .
@prefix terms: <http://purl.org/dc/elements/1.1/> . @prefix people: <http://xmlns.com/foaf/0.1/> .
@prefix board: <https://w3id.org/emgraph/id/board/> . @prefix org: <http://www.w3.org/ns/org#> .
pcp19:20 {
    board:b a our:Board , em:Board ; terms:title "B" ; people:Name "B" ; mine:weight 1 .
    board:a a our:Board ; terms:title "A" ; org:purpose "x" .
    mine:weight rdfs:label "as described here" .
}
"""


def _told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{shrink(str(f.focus)[1:-1])} {f.message.partition('. ')[2]}" for f in findings]


def test_the_rule_tells_each_term_once_in_files_and_in_a_store(write: Write) -> None:
    path = write("a.trig", SLIPS)
    selection = Selection(chosen=["EMG013"])
    report = validate(find([str(path)]), AS_OF, selection)
    told = [
        "board:a <http://purl.org/dc/elements/1.1/title> is read by none; did you mean"
        " <http://purl.org/dc/terms/title>? 2 things have it.",
        "board:a <http://w3id.org/emgraph/ns/Board> is read by none; did you mean"
        " <https://w3id.org/emgraph/ns/Board>? 2 things have it.",
        "board:b foaf:Name is read by none; did you mean foaf:name?",
    ]
    assert sorted(_told(report.findings)) == told
    assert all(f.line and f.column for f in report.findings)
    place = Asked(on_disk(load(find([str(path)])), "it"), "it", elsewhere.facts(AS_OF))
    assert sorted(_told(elsewhere.validate(place, AS_OF, selection).findings)) == told
