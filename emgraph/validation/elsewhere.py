"""Validation of a graph where it is, on disk or behind an endpoint, by questions alone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from emgraph.errors import Late, WrongShapes
from emgraph.finding import Finding, Report
from emgraph.rdf.classes import Classes, superclasses
from emgraph.rdf.files import RdfFile, find, ontology
from emgraph.rdf.store import statements
from emgraph.shacl.asked import Asked
from emgraph.shacl.background import annotates, labels_in
from emgraph.shacl.facts import Facts
from emgraph.shacl.rules import Rule, select
from emgraph.stopwatch import Stopwatch
from emgraph.validation import asking
from emgraph.validation import waivers as waiving
from emgraph.validation.asked_rules import AskedRules
from emgraph.validation.judging import blame, judge
from emgraph.validation.locating import Locator, labels_for, spoken_of
from emgraph.validation.masking import Mask, masking
from emgraph.validation.shapebook import Shapebook
from emgraph.validation.survey import First, Survey, Told
from emgraph.validation.validate import (
    UNCODED,
    Selection,
    distinct,
    heads_of,
    order,
    run_triple,
)

_UNUSED = "EMG007"
_THERE = "the waivers there"
_WAIVING = (_UNUSED, "EMG008", "EMG009")


def facts(as_of: str) -> Facts:
    """What rules read of the day (YYYY-MM-DD) and of the bundled ontology."""
    terms = statements(ontology())
    about = {term for quad in terms for term in (quad.subject, quad.object)}
    return Facts.of([*(quad for quad in terms if not annotates(quad)), run_triple(as_of)], about)


def validate(
    place: Asked, as_of: str, selection: Selection, watch: Stopwatch | None = None
) -> Report:
    """All that is wrong there on a day (YYYY-MM-DD), waived or not, as far as it can be asked.

    `watch` learns where the time goes. Raises EmgraphError where there can be no verdict.
    """
    from emgraph.shacl.compiled import COUNTING, Compiled

    watch = watch or Stopwatch()
    watch.lap("reaching the data")
    shapes = Shapebook(selection.shapes)
    rules = shapes.rules
    wanted = select(rules, selection.chosen, selection.ignored)
    terms = statements(ontology())
    engine = Compiled(place, lambda: shapes.quads)
    try:
        verdict = judge(lambda: engine, wanted, rules)
    except WrongShapes as fault:
        raise blame(fault, shapes.readings) from fault
    watch.lap("shapes")
    watch.parts |= verdict.watch.parts
    findings, unanswered, of_files = verdict.findings, engine.unanswered, list[str]()
    file_rules = AskedRules(place, wanted, terms)
    for code, found in file_rules.findings().items():
        if found is None:
            of_files.append(code)
        elif isinstance(found, Late):
            unanswered[code] = str(found)
        else:
            findings += found
    watch.lap("rules about files")
    nodes = verdict.looked_at
    waivers = []
    if selection.waive:
        own = statements(find(selection.waivers))
        there = _answered(lambda: asking.waivers(place), _THERE, unanswered)
        if _THERE in unanswered:
            of_waivers = (code for code in _WAIVING if code in wanted)
            unanswered |= dict.fromkeys(of_waivers, unanswered[_THERE])
        waivers = waiving.waivers_of([*there, *own])
    findings = _waived(
        place, findings, waivers, (wanted, {*rules, UNCODED}), terms, as_of, unanswered
    )
    if unanswered and waivers and _UNUSED in wanted:
        unanswered[_UNUSED] = (
            "what a waiver covers is not known where other rules were not answered."
        )
    watch.lap("waivers")
    located = _worded(place, list(distinct(findings)), terms, rules, unanswered)
    watch.lap("locating")
    looked_at = {code: n for code, n in nodes.items() if code in wanted or code == UNCODED}
    statements_there = 0
    try:
        statements_there = file_rules.statements
        counts = file_rules.looked_at().items()
        looked_at |= {code: n for code, n in counts if code not in of_files}
    except Late as late:
        unanswered.setdefault(COUNTING, str(late))
    looked_at |= {code: len(waivers) for code in _WAIVING if code in wanted}
    watch.lap("counting")
    return Report(
        findings=tuple(map(Mask(located, rules).finding, sorted(located, key=order))),
        files=0,
        statements=statements_there,
        as_of=as_of,
        looked_at=dict(sorted(looked_at.items())),
        nodes=sum(nodes.values()),
        unjudged=(*of_files, *sorted(unanswered)),
        unanswered=dict(sorted(unanswered.items())),
        heads=heads_of(rules, {finding.rule for finding in located}),
        place=place.name,
        skipped=verdict.fallen_back,
    )


def _waived(
    place: Asked,
    findings: Sequence[Finding],
    waivers: Sequence[waiving.Waiver],
    rules: tuple[Mapping[str, Rule], Collection[str]],
    terms: Sequence[Quad],
    as_of: str,
    unanswered: dict[str, str],
) -> list[Finding]:
    """The findings with the waivers that cover them, and what is wrong with the waivers.

    `rules` are those to judge by, and the codes of all.
    """
    wanted, known = rules
    codes = {waiver.rule for waiver in waivers}
    typed, foci = Store(), [finding.focus for finding in findings if finding.rule in codes]
    kinds = _answered(lambda: asking.types(place, foci), "what waivers cover", unanswered)
    for quad in kinds:
        typed.add(Quad(quad.subject, quad.predicate, quad.object))
    found = waiving.apply(findings, waivers, Classes(typed, superclasses(terms)), as_of)
    judged = waiving.judge(waivers, found, wanted, as_of, known=known, judge_unused=not unanswered)
    return [*found, *judged]


def _answered(ask: Callable[[], list[Quad]], what: str, unanswered: dict[str, str]) -> list[Quad]:
    """The statements that were asked for; none where they come too late, which is noted."""
    try:
        return ask()
    except Late as late:
        unanswered.setdefault(what, str(late))
        return []


def _worded(
    place: Asked,
    findings: list[Finding],
    terms: Sequence[Quad],
    rules: Mapping[str, Rule],
    unanswered: dict[str, str],
) -> list[Finding]:
    """The findings with labels and sources, by the few statements that are needed for them."""

    def _said(ask: Callable[[], list[Quad]]) -> list[Quad]:
        return _answered(ask, "sources and names of what is found", unanswered)

    found = findings
    quads = _said(lambda: asking.statements(place, found))
    findings = list(asking.as_found(findings, quads))
    few = _Few(place.name, quads)
    graphs = {q.graph_name for q in quads if isinstance(q.graph_name, NamedNode)}
    few.add(_said(lambda: asking.types(place, graphs)))
    foci = {finding.focus for finding in findings}
    saying = {quad.subject for quad in quads if quad.object in foci}
    few.add(_said(lambda: asking.labels(place, foci | saying)))
    located = Locator(few, superclasses(terms), masking(rules)).locate(findings)
    few.add(_said(lambda: asking.labels(place, map(NamedNode, spoken_of(located)))))
    words = labels_for(located, labels_in(terms), few.store)
    return [_without_file(finding, words) for finding in located]


class _Few(Survey):
    """The few statements that findings are located by, as if they were all that a file says."""

    def __init__(self, name: str, quads: Sequence[Quad]) -> None:
        super().__init__([], ())
        told = _Said(name, quads)
        self.told = [told]
        for number, (subject, _, _, graph) in enumerate(told.parts()):
            self.graphs.setdefault(graph, First(graph, told, number, subject))
        self.add(quads)

    def add(self, quads: Iterable[Quad]) -> None:
        """Know these statements too, but locate nothing by them."""
        self.store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


class _Said(Told):
    """Statements that stand in no file."""

    def __init__(self, name: str, quads: Sequence[Quad]) -> None:
        super().__init__(RdfFile(name, None, RdfFormat.N_QUADS, ""), 0)
        self._kept = [tuple(quad) for quad in quads]


def _without_file(finding: Finding, words: Mapping[str, str]) -> Finding:
    places = tuple(place._replace(file=None) for place in finding.places)
    return finding._replace(file=None, places=places).labelled(words)
