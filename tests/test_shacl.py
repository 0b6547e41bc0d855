"""The compiled engine against the reference: the same findings, whatever the shapes and data."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Store, parse

from emgraph.errors import EmgraphError
from emgraph.rdf.files import bundled, find, ontology
from emgraph.rdf.store import statements
from emgraph.shacl.listing import queries_of
from emgraph.shacl.reference import Reference
from emgraph.shacl.rules import TOPICS, Rule, catalogue, shape_files
from emgraph.validation.validate import run_triple
from tests.conftest import Cli, Write
from tests.shacl_suite import compiled, keys, outcome

HEAD = """
@prefix : <http://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:a a :C ; :p :b , "x" , "x"@en , 1 , 2.5 ; :q :b , 2 ; :r :a ; :label "A"@en , "B"@EN , "C"@de .
:b a :D ; :p :c ; :q 1 , "2021-01-01"^^xsd:date ; :date "2020-05-01"^^xsd:date ; :label "b" .
:c a :C , :D ; :p :a , :c ; :q "zz" , true ; :date "2022-02-30"^^xsd:date ; :r :b , :c .
:d a :C ; :date "2021-06-01"^^xsd:date , "2021-06-01T12:00:00Z"^^xsd:dateTime .
:D rdfs:subClassOf :C . :e :p _:blank . _:blank a :C ; :q "abc" .
"""
CONSTRAINTS = [
    "sh:class :D",
    "sh:datatype xsd:integer",
    "sh:datatype xsd:string",
    "sh:datatype xsd:date",
    "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:BlankNodeOrLiteral",
    "sh:minExclusive 1",
    "sh:minInclusive 2.5",
    "sh:minLength 2",
    "sh:maxLength 1",
    'sh:pattern "^[a-z]" ; sh:flags "i"',
    'sh:languageIn ( "en" "fr" )',
    'sh:in ( :b "x" 1 )',
    "sh:not [ sh:class :D ]",
    "sh:and ( [ sh:class :C ] [ sh:nodeKind sh:IRI ] )",
    "sh:or ( [ sh:datatype xsd:integer ] [ sh:class :D ] )",
    "sh:xone ( [ sh:class :C ] [ sh:class :D ] )",
    "sh:node [ sh:property [ sh:path :q ; sh:minCount 2 ] ]",
    "sh:node [ sh:property [ sh:path ( :p :q ) ; sh:maxCount 1 ] ]",
    "sh:node [ sh:property [ sh:path :p ; sh:hasValue :c ; sh:equals :r ] ]",
    "sh:property [ sh:path :q ; sh:minCount 1 ; sh:nodeKind sh:Literal ]",
    "sh:disjoint :q",
    "sh:equals :q",
    "sh:hasValue :b",
    "sh:closed true ; sh:ignoredProperties ( rdf:type :p )",
]
OF_PROPERTIES = [
    "sh:minCount 1",
    "sh:minCount 3",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:uniqueLang true",
    "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class :D ]",
    "sh:qualifiedMinCount 2 ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ]",
    "sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ]",
]
# The reference orders any two terms (a boolean is less than a date), where the standard wants a
# result for what cannot be compared. So the two are held together over numbers alone.
ORDERED = ["sh:maxExclusive 2", "sh:maxInclusive 1.5", "sh:lessThan :q", "sh:lessThanOrEquals :q"]
NUMBERS = ":a a :C ; :p 1 , 2.5 , 2.0e0 ; :q 1 , 3 . :b a :C ; :p 0 , 7 ; :q 8 . :a :r :b ."
PATHS = [
    ":p",
    ":label",
    ":date",
    "[ sh:inversePath :p ]",
    "( :p :q )",
    "( [ sh:inversePath :p ] :q )",
    "[ sh:alternativePath ( :p :q ) ]",
    "[ sh:zeroOrMorePath :p ]",
    "[ sh:oneOrMorePath :r ]",
    "[ sh:zeroOrOnePath :p ]",
]
TARGETS = [
    "sh:targetClass :C",
    "sh:targetClass :D",
    "sh:targetNode :a , :nowhere",
    "sh:targetSubjectsOf :p",
    "sh:targetObjectsOf :q",
    "sh:targetClass :C ; sh:targetSubjectsOf :q",
]


def turtle(text: str) -> list[Quad]:
    """The statements of a piece of Turtle."""
    return [Quad(q.subject, q.predicate, q.object) for q in parse(HEAD + text, RdfFormat.TURTLE)]


def agree(data: Sequence[Quad], shapes: Sequence[Quad]) -> None:
    """Hold both engines to the same results, and the compiled one to having found them itself."""
    ours, left = outcome(compiled, data, shapes)
    assert left == {}
    assert ours == outcome(Reference, data, shapes)[0]


@pytest.mark.parametrize("constraint", CONSTRAINTS)
@pytest.mark.parametrize("path", ["", *PATHS])
def test_a_component_is_judged_as_the_reference_judges_it(constraint: str, path: str) -> None:
    along = f"; sh:path {path}" if path else ""
    kind = "sh:PropertyShape" if path else "sh:NodeShape"
    agree(turtle(DATA), turtle(f":s a {kind} ; {TARGETS[-1]} {along} ; {constraint} ."))


@pytest.mark.parametrize("path", ["", ":p"])
@pytest.mark.parametrize("name", ["in", "languageIn", "or", "and", "xone"])
def test_a_long_list_is_judged_as_a_short_one(name: str, path: str) -> None:
    """A thousand members of every kind, some of which the data have."""
    values = [f'"v{n}"' if n % 3 else f"{n + 10}" if n % 2 else f":n{n}" for n in range(1_000)]
    values += ['"x"', '"x"@en-GB', ":a", "1", "1.5", '"2020-01-01"^^xsd:date', "true"]
    tags = [f'"t{n}"' for n in range(1_000)] + ['"en"']
    shapes = [
        f"[ sh:in ({value}) ]" if n % 2 else f"[ sh:hasValue {value} ]"
        for n, value in enumerate(values[-40:])
    ]
    listed = {"in": values, "languageIn": tags}.get(name, shapes)
    along = f"; sh:path {path}" if path else ""
    kind = "sh:PropertyShape" if path else "sh:NodeShape"
    data = DATA + ':a :p "x", "x"@en-gb, "y", 1, 1.5, 7, true, :nowhere, "2020-01-01"^^xsd:date .'
    shape = f":s a {kind} ; {TARGETS[-1]} {along} ; sh:{name} ( {' '.join(listed)} ) ."
    agree(turtle(data), turtle(shape))


@pytest.mark.parametrize("constraint", OF_PROPERTIES)
@pytest.mark.parametrize("path", PATHS)
def test_a_component_of_properties_is_judged_as_the_reference_does(
    constraint: str, path: str
) -> None:
    agree(
        turtle(DATA),
        turtle(f":s a sh:PropertyShape ; {TARGETS[0]} ; sh:path {path} ; {constraint} ."),
    )


@pytest.mark.parametrize("constraint", ORDERED)
@pytest.mark.parametrize("path", [":p", "( :r :p )", "[ sh:alternativePath ( :p :q ) ]"])
def test_numbers_are_ordered_as_the_reference_orders_them(constraint: str, path: str) -> None:
    shape = f":s a sh:PropertyShape ; sh:targetClass :C ; sh:path {path} ; {constraint} ."
    agree(turtle(NUMBERS), turtle(shape))


@pytest.mark.parametrize(
    ("path", "constraint", "count"),
    [
        (":q", "sh:maxInclusive 5", 5),
        (":date", 'sh:maxInclusive "2022-01-01"^^xsd:date', 2),
        (":date", 'sh:minInclusive "2020-01-01T00:00:00Z"^^xsd:dateTime', 3),
        (":p", "sh:lessThan :q", 15),
        ("[ sh:inversePath ( :p :q ) ]", "sh:nodeKind sh:Literal", 1),
    ],
)
def test_what_cannot_be_compared_is_a_result(path: str, constraint: str, count: int) -> None:
    shapes = turtle(f":s a sh:PropertyShape ; {TARGETS[0]} ; sh:path {path} ; {constraint} .")
    assert len(list(compiled(turtle(DATA), [], shapes).findings({}))) == count


@pytest.mark.parametrize("target", TARGETS)
def test_targets(target: str) -> None:
    shapes = turtle(f":s a sh:NodeShape ; {target} ; sh:nodeKind sh:BlankNode .")
    agree(turtle(DATA), shapes)
    engines = compiled(turtle(DATA), [], shapes), Reference(turtle(DATA), [], shapes)
    assert engines[0].looked_at({}) == engines[1].looked_at({})


@st.composite
def _shape(draw: st.DrawFn, depth: int = 2) -> str:
    """The inside of a node shape."""
    parts = draw(st.lists(st.sampled_from(CONSTRAINTS), max_size=2, unique=True))
    if depth:
        inner = draw(st.lists(_property(depth - 1), max_size=2))
        parts += [f"sh:property [ {one} ]" for one in inner]
        if draw(st.booleans()):
            name = draw(st.sampled_from(["sh:and", "sh:or", "sh:xone"]))
            members = draw(st.lists(_shape(depth - 1), min_size=1, max_size=3))
            parts.append(f"{name} ( {' '.join(f'[ {member} ]' for member in members)} )")
        if draw(st.booleans()):
            name = draw(st.sampled_from(["sh:not", "sh:node"]))
            parts.append(f"{name} [ {draw(_shape(depth - 1))} ]")
    return " ; ".join(_once(parts)) or "sh:nodeKind sh:IRI"


@st.composite
def _property(draw: st.DrawFn, depth: int) -> str:
    """The inside of a property shape."""
    own = draw(st.lists(st.sampled_from(OF_PROPERTIES), max_size=2, unique=True))
    return " ; ".join(_once([f"sh:path {draw(st.sampled_from(PATHS))}", *own, draw(_shape(depth))]))


def _once(parts: Sequence[str]) -> list[str]:
    """Constraints of which a shape can have one only, once."""
    single = (
        "sh:datatype",
        "sh:nodeKind",
        "sh:closed",
        "sh:in ",
        "sh:languageIn",
        "sh:min",
        "sh:max",
        "sh:qualified",
        "sh:pattern",
        "sh:uniqueLang",
    )
    kept: list[str] = []
    seen: set[str] = set()
    for part in parts:
        word = next((s for s in single if s in part.partition("[")[0]), "")
        if not word or word not in seen:
            kept.append(part)
            seen.add(word)
    return kept


_THINGS = [":a", ":b", ":c", ":d"]
_VALUES = [*_THINGS, "1", "2.5", '"x"', '"x"@en', '"2021-01-01"^^xsd:date', "true", '"y"@de']
STATEMENTS = st.lists(
    st.one_of(
        st.builds(
            "{} {} {} .".format,
            st.sampled_from(_THINGS),
            st.sampled_from([":p", ":q", ":r", ":label", ":date"]),
            st.sampled_from(_VALUES),
        ),
        st.builds("{} a {} .".format, st.sampled_from(_THINGS), st.sampled_from([":C", ":D"])),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(STATEMENTS, st.sampled_from(TARGETS), _shape())
def test_both_engines_agree_on_any_shapes_and_data(
    data: list[str], target: str, shape: str
) -> None:
    shapes = turtle(f":s a sh:NodeShape ; {target} ; {shape} .")
    ours, left = outcome(compiled, turtle(" ".join(data)), shapes)
    assert all("count" in reason or "no steps" in reason for reason in left.values())
    assert ours == outcome(Reference, turtle(" ".join(data)), shapes)[0]


SPACE = '"http://example.org/"^^xsd:anyURI'
SELECTS = [
    "SELECT $this ?value WHERE { $this :p ?value FILTER NOT EXISTS { ?value :q ?x . ?x :p ?y } }",
    "SELECT $this WHERE { $this :p ?v . { FILTER ($this = :a) } UNION { ?v :q $this } }",
    "SELECT $this (COUNT(?v) AS ?n) WHERE { $this :p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this :q ?value } } }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (isLiteral(?value)) }",
    "SELECT $this WHERE { OPTIONAL { $this :r ?r } FILTER (!BOUND(?r)) }",
]


@pytest.mark.parametrize("select", SELECTS)
def test_constraints_in_sparql(select: str) -> None:
    declared = (
        ':prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'
    )
    shape = ":s a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:prefixes :prefixes ;"
    agree(turtle(DATA), turtle(f"{declared} {shape} sh:select '''{select}''' ] ."))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ('sh:property [ sh:path :p ; sh:pattern "(?=x)" ]', "engine does not understand"),
        ("sh:property [ sh:path :n ; sh:datatype xsd:int ]", "kept as an integer"),
        ("sh:property [ sh:path :n ; sh:maxLength 1 ]", "spelling"),
        ("sh:node [ sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?o }' ] ]", "sh:sparql"),
    ],
)
def test_what_is_not_compiled_is_left_to_the_reference(shape: str, reason: str) -> None:
    data = turtle(DATA + ' :a :n "007"^^xsd:int .')
    shapes = turtle(f":s a sh:NodeShape ; sh:targetClass :C ; {shape} .")
    ours, left = outcome(compiled, data, shapes)
    assert [reason in said for said in left.values()] == [True]
    assert ours == outcome(Reference, data, shapes)[0]


def test_recursive_shapes_are_refused() -> None:
    for way in ("sh:node :s", "sh:not :s", "sh:property [ sh:path :p ; sh:node :s ]"):
        shapes = turtle(f":s a sh:NodeShape ; sh:targetClass :C ; {way} .")
        with pytest.raises(EmgraphError, match="recursive"):
            list(compiled(turtle(DATA), [], shapes).findings({}))


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    """The bundled rules."""
    return catalogue(shape_files())


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "file"])
def test_the_examples_of_all_rules_get_the_same_findings(
    topic: str, rules: dict[str, Rule]
) -> None:
    files = [
        str(path)
        for rule in rules.values()
        if rule.topic == topic
        for path in rule.examples
        if path.is_file()
    ]
    if files:
        _same(statements(find(files)), rules)


def test_the_bundled_graph_gets_the_same_findings(rules: dict[str, Rule]) -> None:
    _same(statements(bundled()), rules)


def _same(quads: list[Quad], rules: dict[str, Rule]) -> None:
    background = [*statements(ontology()), run_triple("2025-06-01")]
    shapes = statements(shape_files())
    engines = compiled(quads, background, shapes), Reference(quads, background, shapes)
    found, expected = ([*engine.findings(rules)] for engine in engines)
    assert keys(found) == keys(expected)
    assert {f.rule for f in found} == {f.rule for f in expected}
    assert engines[0].looked_at(rules) == engines[1].looked_at(rules)
    assert engines[0].fallen_back == {}


def test_a_rule_shows_its_queries(cli: Cli, rules: dict[str, Rule]) -> None:
    said = cli("rules", "EMG301", "--sparql")
    assert said.code == 0
    assert said.out.startswith("# MinCount\nSELECT DISTINCT ?this WHERE {")
    shapes, terms = statements(shape_files()), statements(ontology())
    store = Store()
    for code, rule in rules.items():
        for query in () if rule.is_file_rule else queries_of(code, shapes, terms):
            assert not query.startswith("# Not compiled")
            store.query(query)


def test_the_command_line_names_what_it_did_not_compile(cli: Cli, write: Write) -> None:
    shape = "emsh:own a sh:NodeShape ; sh:targetClass em:Collaboration ; sh:property [ {0} ] ."
    own = write("own.ttl", shape.format('sh:path rdfs:label ; sh:pattern "(?=x)"'))
    data = write("a.trig", "collab:a a em:Collaboration ; rdfs:label 'Alpha' .")
    said = cli("validate", data, "--shapes", own, "--fail-on", "never")
    assert (said.code, "own What own asks for is so." in said.out) == (0, True)
    assert "emsh:own was judged by pySHACL" in said.err
    again = cli("validate", data, "--shapes", own, "--fail-on", "never", "--engine", "pyshacl")
    assert (again.code, again.err) == (0, "")
    circle = write("circle.ttl", shape.format("sh:path em:governs ; sh:node emsh:own"))
    said = cli("validate", data, "--shapes", circle)
    assert (said.code, said.out) == (2, "")
    assert "emsh:own is recursive" in said.err


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_target_need_not_be_in_the_data(tmp_path: Path, cli: Cli, engine: str) -> None:
    (tmp_path / "d.ttl").write_text(f"{HEAD} :a a :C .")
    shape = f'{HEAD} :S a sh:NodeShape ; sh:targetNode :nowhere , "x" , 5 ; sh:class :C .'
    (tmp_path / "s.ttl").write_text(shape)
    words = ("validate", tmp_path / "d.ttl", "--shapes", tmp_path / "s.ttl", "--engine", engine)
    found = json.loads(cli(*words, "--format", "json").out)["findings"]
    assert len(found) == 3
