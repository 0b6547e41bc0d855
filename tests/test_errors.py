"""The nearest name, and the form of errors."""

from emgraph.errors import BrokenFile, nearest, unknown


def test_nearest_ignores_case_and_order() -> None:
    assert nearest("emsuo", ["EMSOU", "EMCHRS"]) == "EMSOU"
    assert nearest("quite another", ["EMSOU"]) == ""


def test_few_names_are_all_listed_if_none_is_near() -> None:
    assert str(unknown("format", "zzz", ["b", "a"])) == "no format is called 'zzz'. Known: a, b."
    many = [f"name{i}" for i in range(20)]
    assert str(unknown("format", "zzz", many)) == "no format is called 'zzz'."


def test_a_broken_file_says_where() -> None:
    assert str(BrokenFile("a.ttl", 2, 7, "is wrong.")) == "a.ttl:2:7: is wrong."
    assert str(BrokenFile("a.rdf", None, None, "is wrong.")) == "a.rdf: is wrong."
