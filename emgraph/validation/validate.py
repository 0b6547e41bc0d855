"""Everything that can be wrong with a graph, in order, as findings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.errors import EmgraphError
from emgraph.finding import Finding, Head, Report
from emgraph.namespaces import EM, ONTOLOGY, OWL, RDF, RDFS, SH, XSD
from emgraph.rdf.classes import Classes, superclasses
from emgraph.rdf.files import RdfFile, find
from emgraph.shacl.rules import (
    Rule,
    law_words,
    select,
)
from emgraph.stopwatch import Stopwatch
from emgraph.validation import waivers as waiving
from emgraph.validation.checks import file_findings
from emgraph.validation.judging import TIMEOUT, blame, judge, judge_apart, unheeded, unknown_classes
from emgraph.validation.locating import Locator, labels_for
from emgraph.validation.masking import Mask, masking
from emgraph.validation.shapebook import Shapebook
from emgraph.validation.survey import Both, Survey, Told

if TYPE_CHECKING:
    from emgraph.shacl.compiled import Compiled
    from emgraph.shacl.jobs import Plan
    from emgraph.shacl.reference import Reference

ENGINES = ("compiled", "pyshacl")

UNCODED = "EMG000"
_RULES_THAT_NEED_ALL = ("EMG005", "EMG006", "EMG007", "EMG010", "EMG012", "EMG013")
_COMPONENTS_THAT_NEED_ALL = tuple(
    f"{SH}{name}ConstraintComponent"
    for name in ("MinCount", "QualifiedMinCount", "HasValue", "Class")
)


class Selection(NamedTuple):
    """Which shapes (paths) and rules (codes) to judge by, which waivers (paths) to heed, and how.

    The engine is one of ENGINES. Shapes of one's own may take `timeout` seconds.
    """

    shapes: Sequence[str] = ()
    chosen: Sequence[str] = ()
    ignored: Sequence[str] = ()
    waivers: Sequence[str] = ()
    waive: bool = True
    engine: str = ENGINES[0]
    timeout: float = TIMEOUT


EVERYTHING = Selection()


def validate(
    files: Sequence[RdfFile],
    as_of: str,
    selection: Selection = EVERYTHING,
    watch: Stopwatch | None = None,
) -> Report:
    """All that is wrong with the files on a day (YYYY-MM-DD), waived or not.

    Raises EmgraphError where there can be no verdict: shapes that do not parse or run, an unknown
    code, a file that cannot be read. A file that cannot be parsed is a finding.
    """
    watch = watch or Stopwatch()
    shapes = Shapebook(selection.shapes)
    rules = shapes.rules
    files = sorted(files, key=lambda file: file.name)
    files = files if shapes.has_ours else [file.at_home for file in files]
    wanted = select(rules, selection.chosen, selection.ignored)
    beside = [Told(file, len(files) + n) for n, file in enumerate(find(selection.waivers))]
    waiver_quads = [Quad(*parts) for told in beside for parts, _ in told.first()]
    background, ontology = shapes.background, NamedNode(ONTOLOGY)
    known = superclasses(background.quads)
    survey = Survey(files, known, graphs=shapes.reads_graphs)
    watch.lap("reading")
    store = survey.store
    about = list(_about_classes(store))
    above = superclasses([*background.quads, *about]) if about else known
    store.extend(Quad(q.subject, q.predicate, q.object, ontology) for q in background.quads)
    findings = [*file_findings(survey, wanted, known, files, watch)]
    store.remove_graph(ontology)
    watch.lap("rules about files")
    store.extend(Quad(q.subject, q.predicate, q.object) for q in waiver_quads)
    waivers = waiving.waivers_in(store) if selection.waive else []

    plan = shapes.plan(survey) if wanted == rules and not waiver_quads else None

    def _make() -> "Compiled | Reference":
        known_of = [*background.quads, run_triple(as_of)]
        return _engine(selection.engine, survey, waiver_quads, known_of, shapes, plan)

    try:
        engine = None if shapes.is_foreign else _make()
        if engine and engine.is_quick(wanted):
            verdict = judge(lambda: engine, wanted, rules)
        else:
            verdict = judge_apart(
                lambda: engine or _make(), wanted, rules, selection.timeout, len(survey)
            )
    except EmgraphError as fault:
        raise blame(fault, shapes.readings) from fault
    findings += verdict.findings
    watch.lap("shapes")
    watch.stages |= verdict.watch.stages
    watch.parts |= verdict.watch.parts
    unjudged: tuple[str, ...] = ()
    if survey.broken:
        findings, unjudged = _without_guesses(findings, wanted)
    findings = waiving.apply(findings, waivers, Classes(store, above), as_of)
    findings += waiving.judge(
        waivers, findings, wanted, as_of, known={*rules, UNCODED}, judge_unused=not survey.broken
    )
    located = Locator(survey, above, masking(rules), beside).locate(list(distinct(findings)))
    spoken_of = labels_for(located, background.labels, store)
    mask = Mask(located, rules)
    located = [finding.labelled(spoken_of) for finding in sorted(located, key=order)]
    heads = heads_of(rules, {finding.rule for finding in located}, store, files)
    watch.lap("locating")
    looked_at = {
        code: n for code, n in verdict.looked_at.items() if code in wanted or code == UNCODED
    }
    looked_at |= _looked_at_by_file_rules(survey, waivers, wanted)
    return Report(
        findings=tuple(map(mask.finding, located)),
        files=len(files),
        statements=len(survey),
        as_of=as_of,
        looked_at=dict(sorted(looked_at.items())),
        nodes=sum(verdict.looked_at.values()),
        unjudged=unjudged,
        fallen_back=verdict.fallen_back,
        unheeded=(
            (*unheeded(shapes.readings), *unknown_classes(shapes.readings, background.quads))
            if shapes.is_foreign
            else ()
        ),
        heads=heads,
    )


def run_triple(as_of: str) -> Quad:
    """The one statement that tells the rules the day they judge at."""
    day = Literal(as_of, datatype=NamedNode(XSD + "date"))
    return Quad(NamedNode(EM + "run"), NamedNode(EM + "asOf"), day)


def _about_classes(store: Store) -> Iterator[Quad]:
    """What the data say of classes."""
    for predicate, value in (
        (RDFS + "subClassOf", None),
        (RDF + "type", NamedNode(OWL + "Class")),
        (RDF + "type", NamedNode(RDFS + "Class")),
    ):
        yield from store.quads_for_pattern(None, NamedNode(predicate), value, DefaultGraph())


def _engine(
    name: str,
    survey: Survey,
    waivers: Sequence[Quad],
    background: Sequence[Quad],
    shapes: Shapebook,
    plan: "Plan | None",
) -> "Compiled | Reference":
    """The engine that judges by shapes; pySHACL is imported only if asked for, as it is slow."""
    judged = Both(survey.__iter__, waivers.__iter__)
    if name == "compiled":
        from emgraph.shacl.compiled import Compiled
        from emgraph.shacl.places import InMemory

        reads = shapes.reads_graphs
        place = InMemory(
            judged,
            background,
            reads,
            survey.store,
            survey.respelling,
            lenient=not shapes.is_foreign,
        )
        return Compiled(place, lambda: shapes.quads, plan)
    from emgraph.shacl.reference import Reference

    return Reference(judged, background, shapes.quads)


def _without_guesses(
    findings: Sequence[Finding], rules: dict[str, Rule]
) -> tuple[list[Finding], tuple[str, ...]]:
    """The findings that a file which is broken could not explain, and the rules not judged."""
    kept = [
        finding
        for finding in findings
        if finding.component not in _COMPONENTS_THAT_NEED_ALL
        and finding.rule not in _RULES_THAT_NEED_ALL
    ]
    staying = {id(finding) for finding in kept}
    dropped = {finding.rule for finding in findings if id(finding) not in staying}
    return kept, tuple(sorted(dropped | ({*_RULES_THAT_NEED_ALL} & {*rules})))


def _looked_at_by_file_rules(
    survey: Survey,
    waivers: Sequence[waiving.Waiver],
    rules: dict[str, Rule],
) -> dict[str, int]:
    """How many files, statements, graphs, waivers or dates each file rule looked at."""
    files = len(survey.told) + len(survey.broken)
    counts = {
        "EMG001": files,
        "EMG005": len(survey.told),
        "EMG006": len(survey.graphs),
        "EMG007": len(waivers),
        "EMG008": len(waivers),
        "EMG009": len(waivers),
        "EMG010": len(survey.dated),
    }
    return {
        code: counts.get(code, len(survey)) for code, rule in rules.items() if rule.is_file_rule
    }


def distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those of one rule that would read the same once."""
    seen: set[tuple[object, ...]] = set()
    for f in findings:
        same = (f.rule, f.shape, f.focus, f.path, f.value, f.message, f.file, f.line, f.column)
        if f.rule == UNCODED or not f.rule.startswith("EMG") or same not in seen:
            seen.add(same)
            yield f


def heads_of(
    rules: dict[str, Rule],
    broken: set[str],
    store: Store | None = None,
    files: Iterable[RdfFile] = (),
) -> dict[str, Head]:
    """What the rules say of themselves; what they rest on is looked up for the broken ones.

    It is looked up in a store of files if it is in them, else in the bundled graph.
    """
    cited = (iri for code in broken & set(rules) for iri in rules[code].law)
    words = law_words(cited, store, files)
    return {
        code: Head(rule.message, rule.reason, tuple(words[iri] for iri in rule.law if iri in words))
        for code, rule in rules.items()
    }


def order(finding: Finding) -> tuple[object, ...]:
    """By what the findings of a report are sorted: severity, rule, and what they are about."""
    return (
        -finding.severity,
        finding.rule,
        finding.file or "" if finding.focus is None else "",
        finding.label.casefold(),
        str(finding.focus),
        str(finding.path),
        str(finding.value),
        finding.message,
    )
