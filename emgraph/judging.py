"""Validation of a graph where it is, on disk or behind an endpoint, by questions alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from emgraph import asked_rules, asking, names
from emgraph import waivers as waiving
from emgraph.classes import classes_of_things, superclasses
from emgraph.errors import EmgraphError
from emgraph.files import RdfFile, find, ontology
from emgraph.finding import Finding, Report
from emgraph.locating import Locator, labels_for, spoken_of
from emgraph.rules import Rule, select
from emgraph.shacl.asked import Asked
from emgraph.shacl.facts import Facts
from emgraph.store import Dataset, Reading, statements
from emgraph.validation import (
    UNCODED,
    Selection,
    annotates,
    distinct,
    heads,
    order,
    run_triple,
    shapes_and_rules,
)

MOST = 100_000
_WAIVING = ("EMG007", "EMG008", "EMG009")


def facts(as_of: str) -> Facts:
    """What rules read of the day (YYYY-MM-DD) and of the bundled ontology."""
    terms = statements(ontology())
    about = {term for quad in terms for term in (quad.subject, quad.object)}
    return Facts.of([*(quad for quad in terms if not annotates(quad)), run_triple(as_of)], about)


def validate(place: Asked, as_of: str, selection: Selection) -> Report:
    """All that is wrong there on a day (YYYY-MM-DD), waived or not, as far as it can be asked.

    Raises EmgraphError where there can be no verdict, and for more than MOST findings.
    """
    from emgraph.shacl.compiled import Compiled

    shape_quads, rules = shapes_and_rules(selection.shapes)
    wanted = select(rules, selection.chosen, selection.ignored)
    terms = statements(ontology())
    engine = Compiled(place, shape_quads)
    findings: list[Finding] = []
    for finding in engine.findings(wanted):
        findings.append(finding)
        if len(findings) > MOST:
            more = f"{place.name} has more than {MOST:,} findings, of {finding.rule} among others."
            raise EmgraphError(f"{more} Judge fewer rules at a time: --rule CODE.")
    findings += asked_rules.findings(place, wanted, terms)
    nodes = engine.looked_at(rules)
    waivers = []
    if selection.waive:
        own = statements(find(selection.waivers))
        waivers = waiving.waivers_of([*asking.waivers(place), *own])
    findings = _waived(place, findings, waivers, wanted, terms, as_of)
    located = _worded(place, list(distinct(findings)), terms)
    statements_there = place.number(asked_rules.STATEMENTS)
    looked_at = {code: n for code, n in nodes.items() if code in wanted or code == UNCODED}
    looked_at |= asked_rules.looked_at(place, wanted, statements_there)
    looked_at |= {code: len(waivers) for code in _WAIVING if code in wanted}
    return Report(
        findings=tuple(sorted(located, key=order)),
        files=0,
        statements=statements_there,
        as_of=as_of,
        looked_at=dict(sorted(looked_at.items())),
        nodes=sum(nodes.values()),
        unjudged=tuple(code for code in asked_rules.UNASKED if code in wanted),
        heads=heads(rules, {finding.rule for finding in located}),
        place=place.name,
        skipped=engine.fallen_back,
    )


def _waived(
    place: Asked,
    findings: Sequence[Finding],
    waivers: Sequence[waiving.Waiver],
    rules: Mapping[str, Rule],
    terms: Sequence[Quad],
    as_of: str,
) -> list[Finding]:
    """The findings with the waivers that cover them, and what is wrong with the waivers."""
    codes = {waiver.rule for waiver in waivers}
    typed = asking.types(place, (f.focus for f in findings if f.rule in codes))
    things = classes_of_things(typed, superclasses(terms))
    found = waiving.apply(findings, waivers, things, as_of)
    return [*found, *waiving.judge(waivers, found, rules, as_of, judge_unused=True)]


def _worded(place: Asked, findings: list[Finding], terms: Sequence[Quad]) -> list[Finding]:
    """The findings with labels and sources, by the few statements that are needed for them."""
    quads = asking.statements(place, findings)
    findings = list(asking.as_found(findings, quads))
    quads += asking.types(
        place, {q.graph_name for q in quads if isinstance(q.graph_name, NamedNode)}
    )
    file = RdfFile(place.name, None, RdfFormat.N_QUADS, "")
    dataset = Dataset([Reading(file, tuple(quads))], [])
    located = Locator(dataset, Store(), superclasses(terms)).locate(findings)
    store = Store()
    named = asking.labels(place, [*(f.focus for f in located), *map(NamedNode, spoken_of(located))])
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in named)
    words = labels_for(located, terms, store)
    return [_at(finding, words, store) for finding in located]


def _at(finding: Finding, words: Mapping[str, str], store: Store) -> Finding:
    """A finding without the place in a file that it cannot have."""
    focus, label = finding.focus, finding.label
    label = names.label(store, focus.value) if isinstance(focus, NamedNode) else label
    places = tuple(replace(place, file=None) for place in finding.places)
    return replace(finding, file=None, places=places, labels=words, label=label)
