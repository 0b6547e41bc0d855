"""Rewrite all that is derived: dates, prefixes, kept shapes, goldens, docs/rules, README.md.

Run it by `make derived`; test_derived.py compares the files with what this would write.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.answers import results
from emgraph.dates import edtf_of, meaning
from emgraph.finding import Report
from emgraph.findings import json as findings_json
from emgraph.namespaces import EM, EMSH, GRAPH, RDF, RDFS, XSD
from emgraph.pages.examples import declarations
from emgraph.rdf import turtle
from emgraph.rdf.files import bundled, find, ontology
from emgraph.rdf.store import graph_names, load, read, statements
from emgraph.shacl import kept, rules
from emgraph.shacl.places import selected, understands
from emgraph.shacl.planning import compiler_for_all, planned
from emgraph.shacl.shapes import Shapes
from emgraph.shacl.spelling import Altered, Reads, reads
from emgraph.sparql import isolate, queries
from emgraph.validation.checks import dates_used
from emgraph.validation.shapebook import Shapebook
from emgraph.validation.validate import Selection, validate
from tests import rules_page
from tests.readme import README, rerun

ROOT = Path(__file__).parent.parent
GOLDENS = ROOT / "tests" / "goldens"
DATES = ROOT / "data" / "dates.ttl"
PREFIXES = ROOT / "shapes" / "prefixes.ttl"
AS_OF = "2027-01-01"
_KEPT = ("rule", "severity", "focus", "path", "value", "sources", "waived")


def _quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), value, DefaultGraph())


def dates() -> bytes:
    """The label and bounds of every date that the data use."""
    files = [file for file in find([str(ROOT / "data")]) if file.path != DATES]
    used = dates_used(quad for reading in read(files) for quad in reading.quads)
    return turtle.write(_date_statements(used), "turtle")


def _date_statements(used: set[str]) -> Iterator[Quad]:
    graph = GRAPH + "dates"
    yield _quad(graph, RDF + "type", NamedNode(EM + "DerivedDataset"))
    yield _quad(graph, RDFS + "label", Literal("bounds of dates", language="en"))
    for iri in used:
        edtf = edtf_of(iri) or ""
        label, earliest, latest = meaning(edtf)
        yield _quad(iri, RDF + "type", NamedNode(EM + "Date"))
        yield _quad(iri, RDFS + "label", Literal(label, language="en"))
        yield _quad(iri, EM + "edtf", Literal(edtf))
        for name, bound in (("earliest", earliest), ("latest", latest)):
            if bound is not None:
                day = Literal(bound.isoformat(), datatype=NamedNode(XSD + "date"))
                yield _quad(iri, EM + name, day)


def declared_prefixes() -> bytes:
    """The prefixes as SHACL declares them for SPARQL in shapes, SHACL section 5.2.1."""
    return turtle.write(declarations(EMSH), "turtle")


def kept_shapes() -> bytes:
    """The bundled shapes, compiled for data of any class."""
    book = Shapebook(use_kept=False)
    shapes, terms, nothing = Shapes(book.quads), statements(ontology()), Store()

    can_match = partial(understands, partial(selected, nothing))
    plan = planned(shapes, lambda: compiler_for_all(shapes, terms, can_match), Altered([]))
    read = [reads(shapes, shape) for shape in shapes.targeted()]
    whole = Reads(*(frozenset[str]().union(*part) for part in zip(*read, strict=True)))
    every = [*book.rules.values()]
    return kept.write(book.files, kept.Kept(every, plan, whole, book.reads_graphs, book.background))


def goldens() -> dict[str, Callable[[], bytes]]:
    """What writes each golden, by its file name."""
    found: dict[str, Callable[[], bytes]] = {
        f"{question.name}.csv": partial(answer, question) for question in queries.catalogue()
    }
    found["catalogue.txt"] = catalogue
    found["graphs.csv"] = graphs
    found["findings.json"] = partial(findings, waive=True)
    found["findings-unwaived.json"] = partial(findings, waive=False)
    return found


@cache
def store() -> Store:
    """The bundled graph with its ontology."""
    return load([*bundled(), *ontology()])


def answer(question: queries.Question) -> bytes:
    """What a question answers with its defaults, as CSV with short IRIs, or as Turtle."""
    found = isolate.run(store(), question.bound({}))
    if not isinstance(found, isolate.Rows):
        return results.render(found, None)
    return results.w3c(found, "csv").replace(b"\r\n", b"\n")


def catalogue() -> bytes:
    """Every rule on a line: code, severity, name, message."""
    lines = [
        f"{rule.code}  {rule.severity.word:<9}  {rule.name}  {rule.message}"
        for rule in rules.listed(rules.shape_files())
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def graphs() -> bytes:
    """Every graph of the bundled data with its number of statements."""
    store = load(bundled())
    lines = [
        f"{sum(1 for _ in store.quads_for_pattern(None, None, None, NamedNode(name)))},{name}\n"
        for name in graph_names(store)
    ]
    return "".join(lines).encode()


@cache
def report(waive: bool) -> Report:
    """What validation says of the bundled graph on a fixed day."""
    return validate(bundled(), AS_OF, Selection(waive=waive))


def findings(*, waive: bool) -> bytes:
    """What validation finds in the bundled graph on a fixed day."""
    document = findings_json.document(report(waive))
    short = {
        "lookedAt": {code: n for code, n in document["lookedAt"].items() if code > "EMG1"},
        "findings": [{key: f[key] for key in _KEPT} for f in document["findings"]],
    }
    return (json.dumps(short, indent=1, ensure_ascii=False) + "\n").encode()


def main() -> None:
    """Write them all, and remove goldens of what is no more."""
    DATES.write_bytes(dates())
    PREFIXES.write_bytes(declared_prefixes())
    kept.PLACE.write_bytes(kept_shapes())
    GOLDENS.mkdir(exist_ok=True)
    wanted = goldens()
    for path in GOLDENS.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (GOLDENS / name).write_bytes(content())
    pages = rules_page.pages()
    for page, text in pages.items():
        page.parent.mkdir(exist_ok=True)
        page.write_bytes(text)
    README.write_text(rerun(), encoding="utf-8")
    print(f"wrote {len(wanted)} goldens, {len(pages)} pages, {README.name} and the rest")


if __name__ == "__main__":
    main()
