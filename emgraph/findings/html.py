"""A report as one HTML file that needs nothing else, for reading and for printing."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from emgraph.finding import Finding, Head, Report, Severity
from emgraph.findings.plain import (
    counted,
    details,
    fit,
    place,
    said_by,
    scope,
    statement,
    subject,
    waived_words,
)
from emgraph.shacl.rules import Rule

_HEADS = {
    Severity.VIOLATION: "Violations",
    Severity.WARNING: "Warnings",
    Severity.INFO: "For information",
}
_STYLE = """
:root { color-scheme: light dark; --line: #c9d1d9; --soft: #f4f6f8; --quiet: #57606a;
  --violation: #b42318; --warning: #9a6700; --info: #0969da; }
@media (prefers-color-scheme: dark) { :root { --line: #444c56; --soft: #22272e; --quiet: #adbac7;
  --violation: #ff938a; --warning: #e3b341; --info: #79c0ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: .25rem; } h2 { border-bottom: 2px solid var(--line); margin-top: 2.5rem; }
h3 { margin: 1.75rem 0 .25rem; } .violation { color: var(--violation); }
.warning { color: var(--warning); } .info { color: var(--info); }
.waived { color: var(--quiet); } p { margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; table-layout: fixed; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
pre { margin: .25rem 0; white-space: pre-wrap; font-size: .875em; }
th { background: var(--soft); } code { font-size: .875em; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--quiet); }
@media print { :root { color-scheme: light; --line: #999; --soft: #eee; --quiet: #333;
  --violation: #900; --warning: #630; --info: #036; }
  body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: Report, rules: Mapping[str, Rule]) -> str:
    """The report as a page: counts, findings by severity and rule, waived findings at the end."""
    live = [finding for finding in report.findings if not finding.waived]
    waived = [finding for finding in report.findings if finding.waived]
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>emgraph validate, {_text(report.as_of)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<header><h1>Findings as of {_text(report.as_of)}</h1>",
        f"<p><strong>{_text(counted(report))}</strong></p>",
        f"<p>{_text(scope(report))}</p></header><main>",
    ]
    if report.unjudged:
        codes = ", ".join(report.unjudged)
        parts.append(f"<p>Not judged, because {report.why_unjudged}: {_text(codes)}.</p>")
    if not report.findings:
        parts.append("<p>Nothing was found.</p>")
    for severity, head in _HEADS.items():
        found = [finding for finding in live if finding.severity == severity]
        parts += _section(head, severity.word, found, rules, report.heads)
    parts += _section("Waived", "waived", waived, rules, report.heads)
    idle = [code for code, count in report.looked_at.items() if not count]
    parts.append("</main><footer>")
    if idle:
        parts.append(f"<p>Rules that had nothing to look at: {_text(', '.join(idle))}.</p>")
    parts.append("<p>emgraph rules CODE shows a rule with its examples.</p></footer></body></html>")
    return "\n".join([*parts, ""])


def _section(
    head: str,
    kind: str,
    findings: list[Finding],
    rules: Mapping[str, Rule],
    heads: Mapping[str, Head],
) -> Iterator[str]:
    if not findings:
        return
    yield f'<section><h2 class="{kind}">{head} ({len(findings):,})</h2>'
    for code, group in groupby(sorted(findings, key=lambda f: f.rule), key=lambda f: f.rule):
        rule = rules.get(code)
        message = rule.message if rule else "A shape of your own is met."
        yield f"<h3>{_text(code)} {_text(message)}</h3>"
        members = list(group)
        if rule and rule.reason:
            yield f"<p>Why: {_text(rule.reason)}</p>"
        if members[0].remedy:
            yield f"<p>To do: {_text(members[0].remedy)}</p>"
        if rests_on := heads.get(code, Head("")).rests_on:
            yield f"<p>Rests on: {_text('; '.join(rests_on))}</p>"
        yield '<table><thead><tr><th scope="col">What</th><th scope="col">Where</th></tr></thead>'
        yield "<tbody>"
        yield from (_row(finding, message) for finding in members)
        yield "</tbody></table>"
    yield "</section>"


def _row(finding: Finding, message: str) -> str:
    said = finding.message.removeprefix(message).strip()
    what = [f"<strong>{_text(subject(finding))}</strong>"]
    what += [_text(said)] if said else []
    what += [_text(statement(finding))] if statement(finding) else []
    what += [_text(text) for text in details(finding)]
    what += [f"<pre>{_text(finding.excerpt)}</pre>"] if finding.excerpt else []
    what += [_text(waived_words(finding))] if finding.waived else []
    where = [f"<code>{_text(place(finding))}</code>"] if finding.file else []
    where += [f"said by {_text(said_by(finding))}"] if finding.sources else []
    return f"<tr><td>{'<br>'.join(what)}</td><td>{'<br>'.join(where)}</td></tr>"


def _text(text: str) -> str:
    return escape(fit(text))
