"""A `shapebook` that is kept compiled: it finds what the shapes find, or is not used."""

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from emgraph import assets
from emgraph.namespaces import DCTERMS, EM, RDFS, XSD
from emgraph.rdf.files import bundled, find
from emgraph.shacl import kept
from emgraph.shacl.compiled import Compiled
from emgraph.shacl.jobs import Plan
from emgraph.shacl.places import InMemory
from emgraph.shacl.spelling import Altered, Respelt
from emgraph.validation.shapebook import Shapebook
from emgraph.validation.survey import Survey
from emgraph.validation.validate import ENGINES, Selection, run_triple, validate

EXAMPLES = assets.folder("shapes") / "examples"


@pytest.mark.parametrize("name", ["bundled", "pass.trig", "fail.trig"])
def test_they_find_what_the_shapes_find(name: str) -> None:
    book = Shapebook()
    paths = [str(path) for path in sorted(EXAMPLES.glob(f"*/{name}"))]
    survey = Survey(find(paths) if paths else bundled(), (), graphs=book.reads_graphs)
    assert book.kept
    assert len(survey) > 1000
    background = [*Shapebook(use_kept=False).background.quads, run_triple("2027-01-01")]

    def _verdict(plan: Plan | None) -> tuple[list[str], dict[str, int]]:
        place = InMemory([*survey], background, book.reads_graphs)
        engine = Compiled(place, lambda: book.quads, plan)
        found = [str(finding) for finding in engine.findings(book.rules)]
        return sorted(found), engine.looked_at(book.rules)

    assert _verdict(book.kept.plan) == _verdict(None)


def test_the_ontology_is_kept_as_far_as_rules_and_reports_need_it() -> None:
    kept_of, read = Shapebook().background, Shapebook(use_kept=False).background
    assert len(kept_of.quads) > 500
    assert {*kept_of.quads} == {*read.quads}
    assert kept_of.labels == read.labels


def test_they_are_used_for_the_bundled_graph_and_for_nothing_that_they_do_not_fit(
    tmp_path: Path,
) -> None:
    book = Shapebook()
    assert book.plan(Survey(bundled(), ()))
    (tmp_path / "a.ttl").write_text(f"<{EM}My> <{RDFS}subClassOf> <{EM}Force> .")
    assert book.plan(Survey(find([str(tmp_path / "a.ttl")]), ())) is None
    (tmp_path / "b.ttl").write_text(f'<http://x/a> <{EM}amount> "5"^^<{XSD}int> .')
    assert book.plan(Survey(find([str(tmp_path / "b.ttl")]), ())) is None


def test_a_class_that_a_file_of_waivers_puts_below_another_counts(tmp_path: Path) -> None:
    waivers, data = tmp_path / "w.ttl", tmp_path / "d.ttl"
    waivers.write_text(f"<http://x/My> <{RDFS}subClassOf> <{EM}Collaboration> .")
    data.write_text(f"<http://x/c> a <http://x/My> ; <{DCTERMS}source> <http://x/s> .")
    files = find([str(data)])
    compiled, reference = (
        validate(files, "2027-01-01", Selection(waivers=[str(waivers)], engine=engine))
        for engine in ENGINES
    )
    found = {finding.rule for finding in compiled.findings}
    assert "EMG301" in found
    assert found == {finding.rule for finding in reference.findings}


def test_what_reads_a_spelling_is_not_used_where_it_is_altered() -> None:
    book = Shapebook()
    assert book.kept

    def _altered(name: str, spelt: Literal, stored: Literal) -> Altered:
        return Altered([Respelt(NamedNode("http://x/a"), NamedNode(EM + name), spelt, stored)])

    decimal = NamedNode(XSD + "decimal")
    padded, short = Literal("1.0", datatype=decimal), Literal("1", datatype=decimal)
    assert book.kept.holds(_altered("amount", padded, short))
    assert not book.kept.holds(_altered("amount", padded, Literal(1)))
    assert not book.kept.holds(_altered("asStated", padded, short))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"made of": "other shapes"}'])
def test_without_what_is_kept_the_shapes_are_read(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = Shapebook().rules
    assert json.loads(kept.PLACE.read_bytes())["made of"]
    monkeypatch.setattr(kept, "PLACE", tmp_path / "kept.json")
    if text:
        (tmp_path / "kept.json").write_text(text)
    book = Shapebook()
    assert book.kept is None
    assert book.rules == rules


def test_what_they_are_made_of_is_told_alike_by_every_python(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"<urn:a> a <urn:b> .\n")
    assert kept.made_of(find([str(tmp_path)])) == "db7dc253 4e500651 23"
