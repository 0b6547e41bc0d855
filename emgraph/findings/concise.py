"""A report with one line a finding, for editors and problem matchers."""

from emgraph.finding import Report
from emgraph.findings.plain import counted, line, place, sentence, waived_words


def render(report: Report) -> str:
    """`file:line:column: CODE severity message` a line, then a line of counts.

    What is not known of the place is left out; a finding without a file has "-" for one.
    """
    lines = []
    for finding in report.findings:
        where = line(place(finding)) or "-"
        waived = f" [{waived_words(finding)}]" if finding.waived else ""
        said = f"{finding.rule} {finding.severity.word} {sentence(finding)}{waived}"
        lines.append(f"{where}: {said}\n")
    return "".join([*lines, f"{counted(report)}\n"])
