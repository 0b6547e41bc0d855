"""Values that a store does not hold as they are spelt, and what shapes say of them."""

from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.test_shacl import HEAD

_ANY = "sh:qualifiedValueShape [ sh:nodeKind sh:Literal ]"
_TWICE = "SELECT $this WHERE { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > 1)"


@pytest.mark.parametrize(
    ("data", "constraint", "found"),
    [
        ("10000000000000000000", "sh:datatype xsd:integer ; sh:minInclusive 5", False),
        ("0.12345678901234567890123", "sh:datatype xsd:decimal ; sh:maxInclusive 10", False),
        ('1 , "01"^^xsd:integer', "sh:maxCount 1", True),
        ('5 , "5"^^xsd:int', "sh:minCount 2", False),
        ("1.0 , 1.00", f"{_ANY} ; sh:qualifiedMaxCount 1", True),
        ("1.50", "sh:in ( 1.5 )", True),
        ('"1"^^xsd:boolean', "sh:hasValue true", True),
        ("1.50", "sh:not [ sh:in ( 1.5 ) ]", False),
        ("1.5", 'sh:in ( 1.50 "1.5" )', True),
        ("5", 'sh:in ( "5"^^xsd:int )', True),
        ("true", 'sh:hasValue "1"^^xsd:boolean', True),
        ("1.5", "sh:not [ sh:hasValue 1.50 ]", False),
        ("7 , 007", f'sh:sparql [ sh:select "{_TWICE}" ]', True),
    ],
)
def test_values_that_a_store_does_not_hold_are_judged_as_they_are_written(
    tmp_path: Path, cli: Cli, data: str, constraint: str, found: bool
) -> None:
    (tmp_path / "d.ttl").write_text(f"{HEAD} :a a :C ; :p {data} .")
    shape = f":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; {constraint} ] ."
    (tmp_path / "s.ttl").write_text(f"{HEAD} {shape}")
    words = ("validate", tmp_path / "d.ttl", "--shapes", tmp_path / "s.ttl", "--format", "concise")
    done, reference = cli(*words), cli(*words, "--engine", "pyshacl")
    assert done[:2] == reference[:2]
    assert ("violation" in done.out.partition("\n")[0].partition(":")[2]) == found
