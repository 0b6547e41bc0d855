"""A report as JUnit XML, as Jenkins' junit-10.xsd has it: what test pages of build servers read.

That schema has no place for file and line: they stand in the text of a case.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from emgraph.finding import Finding, Report, Severity
from emgraph.findings.plain import fit, line, place, said_by, sentence, statement, waived_words
from emgraph.shacl.rules import Rule

_KINDS = ("failure ", "skipped ")


def render(report: Report, rules: Mapping[str, Rule], threshold: Severity | None) -> str:
    """The report with a suite a topic and a case a finding, or a rule that has none.

    A finding at or above the threshold is a failure, one below it passes and says so in its output,
    a waived one and a rule that could not be judged are skipped.
    """
    found: dict[str, list[Finding]] = {code: [] for code in report.looked_at}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    for code in report.unjudged:
        found.setdefault(code, [])
    suites: list[str] = []
    totals = [0, 0, 0]
    by_topic = sorted((_topic(code, rules), code) for code in found)
    for topic, pairs in groupby(by_topic, key=lambda pair: pair[0]):
        cases: list[str] = []
        for _, code in pairs:
            cases += _cases(code, found[code], report, rules, threshold)
        counts = [len(cases), *(sum(f"<{kind}" in c for c in cases) for kind in _KINDS)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        suites.append(f"  <testsuite name={quoteattr(topic)} {_counts(counts)}>")
        suites += [*cases, "  </testsuite>"]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    tests, failures, _ = totals
    total = f'tests="{tests}" failures="{failures}" errors="0"'
    opening = f'<testsuites name="emgraph validate" {total}>'
    return "\n".join([head, opening, *suites, "</testsuites>", ""])


def _topic(code: str, rules: Mapping[str, Rule]) -> str:
    rule = rules.get(code)
    return rule.topic if rule else "own"


def _counts(counts: list[int]) -> str:
    tests, failures, skipped = counts
    return f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'


def _cases(
    code: str,
    findings: list[Finding],
    report: Report,
    rules: Mapping[str, Rule],
    threshold: Severity | None,
) -> Iterator[str]:
    rule = rules.get(code)
    name = line(f"{code} {rule.message if rule else 'A shape of your own is met.'}")
    topic = _topic(code, rules)
    if not findings:
        why = f'<skipped message="Not judged, because {report.why_unjudged}."/>'
        inside = why if code in report.unjudged else ""
        yield _case(name, topic, inside)
    for finding in findings:
        yield _case(f"{code} {sentence(finding)}", topic, _inside(finding, threshold))


def _case(name: str, topic: str, inside: str) -> str:
    attributes = f"classname={quoteattr(f'emgraph.{topic}')} name={quoteattr(line(name))}"
    ending = f">{inside}</testcase>" if inside else "/>"
    return f"    <testcase {attributes}{ending}"


def _inside(finding: Finding, threshold: Severity | None) -> str:
    if finding.waived:
        return f"<skipped message={quoteattr(waived_words(finding))}/>"
    if threshold is None or finding.severity < threshold:
        return f"<system-out>{finding.severity.word}: {escape(_details(finding))}</system-out>"
    attributes = f"type={quoteattr(finding.severity.word)} message={quoteattr(sentence(finding))}"
    return f"<failure {attributes}>{escape(_details(finding))}</failure>"


def _details(finding: Finding) -> str:
    parts = {
        "": sentence(finding),
        "At": place(finding),
        "Found": statement(finding),
        "Said by": said_by(finding),
        "To do": finding.remedy,
    }
    said = [f"{head}: {text}" if head else text for head, text in parts.items() if text]
    return fit("\n".join(said))
