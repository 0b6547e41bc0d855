"""Constraint components of one's own are judged as the reference judges them."""

import json
from pathlib import Path

import pytest

from emgraph.shacl.reference import Reference
from tests.conftest import Cli
from tests.shacl_suite import compiled, outcome
from tests.test_shacl import DATA, HEAD, turtle

COMPONENTS = """
:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
:ask a sh:ConstraintComponent ; sh:parameter [ sh:path :least ] ;
    sh:validator [ sh:ask "ASK { FILTER (isLiteral($value) && $value >= $least) }" ] .
:select a sh:ConstraintComponent ; sh:parameter [ sh:path :next ] ; sh:propertyValidator
    [ sh:prefixes :prefixes ;
      sh:select "SELECT $this ?value WHERE { $this $PATH ?value . ?value ex:q $next }" ] .
:s a sh:PropertyShape ; sh:targetClass :C ; sh:path ( :p :p ) ; :least 2 ; :next 1 .
"""


def test_constraint_components_of_ones_own() -> None:
    ours, _ = outcome(compiled, turtle(DATA), turtle(COMPONENTS))
    theirs, _ = outcome(Reference, turtle(DATA), turtle(COMPONENTS))
    assert ours is not None
    assert theirs is not None
    assert sum(ours.values()) == 10
    # The reference gives one result a focus node and leaves the value of an ASK out.
    assert {(key[0], key[3]) for key in ours} == {(key[0], key[3]) for key in theirs}


@pytest.mark.parametrize("path", ["sh:path :q ;", ""])
@pytest.mark.parametrize(
    "validator",
    [
        "sh:validator [ sh:message {0} ; sh:ask 'ASK {{ FILTER(STRLEN(STR($value)) > $least) }}' ]",
        "sh:propertyValidator [ sh:message {0} ; sh:select 'SELECT $this ?value WHERE "
        "{{ $this $PATH ?value FILTER(STRLEN(STR(?value)) <= $least) }}' ] ; sh:nodeValidator "
        "[ sh:message {0} ; sh:select 'SELECT $this WHERE {{ $this ?p ?q "
        "FILTER(STRLEN(STR($this)) <= $least) }}' ]",
    ],
)
def test_a_component_of_ones_own_tells_its_values_and_parameters(
    tmp_path: Path, cli: Cli, validator: str, path: str
) -> None:
    message = '"{?value} in {$PATH} is shorter than {$least}"'
    component = f":l a sh:ConstraintComponent ; sh:parameter [ sh:path :least ] ; {validator} ."
    shape = f":s sh:targetNode :a ; :least 50 ; {path} a sh:{'Property' if path else 'Node'}Shape ."
    (tmp_path / "s.ttl").write_text(HEAD + component.format(message) + shape)
    (tmp_path / "d.ttl").write_text(f'{HEAD} :a :q "word" , 7 .')
    words = ("validate", tmp_path / "d.ttl", "--shapes", tmp_path / "s.ttl", "--format", "json")
    said = {finding["message"] for finding in json.loads(cli(*words).out)["findings"]}
    of_path = {f"{value} in <http://example.org/q> is shorter than 50" for value in ("word", "7")}
    of_node = {"http://example.org/a in {$PATH} is shorter than 50"}
    assert said == (of_path if path else of_node)
