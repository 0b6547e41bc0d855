"""A report as SARIF 2.1.0, for code scanning: OASIS standard of 27 March 2020."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from emgraph import __version__
from emgraph.finding import Finding, Head, Place, Report, Severity
from emgraph.findings.fingerprints import fingerprints
from emgraph.findings.origins import Origin, origins
from emgraph.findings.plain import fit, line, named, sentence, statement, uri
from emgraph.namespaces import shrink
from emgraph.rdf.files import RdfFile
from emgraph.shacl.rules import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.VIOLATION: "error"}
_FINGERPRINT = "emgraph/v1"
_BASE = "EMGRAPH"
_OWN = "A shape of one's own is met."


def render(report: Report, rules: Mapping[str, Rule], shapes: Sequence[RdfFile]) -> str:
    """The report as SARIF; the rules' lines are looked up in the files of shapes."""
    found = origins(shapes)
    codes = sorted({*report.looked_at, *(finding.rule for finding in report.findings)})
    index = {code: number for number, code in enumerate(codes)}
    prints = fingerprints(report.findings)
    run = {
        "tool": {
            "driver": {
                "name": "emgraph",
                "version": __version__,
                "informationUri": "https://w3id.org/emgraph/",
                "rules": [_rule(code, rules.get(code), report.heads.get(code)) for code in codes],
            }
        },
        "automationDetails": {"id": "emgraph/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _BASE: {"description": {"text": "The folder that holds emgraph's own shapes."}}
        },
        "invocations": [{"executionSuccessful": True}],
        "properties": {"asOf": report.as_of, "unjudged": list(report.unjudged)},
        "results": [
            _result(finding, index[finding.rule], fingerprint, found.get(finding.shape))
            for finding, fingerprint in zip(report.findings, prints, strict=True)
        ],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str, rule: Rule | None, head: Head | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code, "shortDescription": {"text": _OWN}, "help": {"text": _OWN}}
    law = head.rests_on if head else [shrink(iri) for iri in rule.law]
    parts = {"Why": rule.reason, "To do": rule.remedy, "Rests on": "; ".join(law)}
    said = {head: text for head, text in parts.items() if text}
    plain = "\n".join([rule.message, *(f"{head}: {text}" for head, text in said.items())])
    rich = "\n\n".join([rule.message, *(f"**{head}.** {text}" for head, text in said.items())])
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.message or code},
        "fullDescription": {"text": rule.reason or rule.message or code},
        "help": {"text": plain or code, "markdown": rich or code},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.topic], "restsOn": list(rule.law)},
    }


def _result(
    finding: Finding, index: int, fingerprint: str, origin: Origin | None
) -> dict[str, Any]:
    details = [sentence(finding), statement(finding)]
    remedy = f"To do: {finding.remedy}" if finding.remedy else ""
    text = " — ".join(line(part) for part in (*details, remedy) if part)
    related = [_cited(finding, number, place) for number, place in enumerate(finding.places, 1)]
    for inner in finding.details:
        if physical := _physical(Place("", inner.file, inner.line, inner.column)):
            said = {"id": len(related) + 1, "message": {"text": sentence(inner)}}
            related.append(said | {"physicalLocation": physical})
    if origin is not None:
        related.append(_origin(len(related) + 1, finding.rule, origin))
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding)],
        "relatedLocations": related,
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "suppressions": _suppressions(finding),
        "properties": {"sources": list(finding.sources)},
    }


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    place = Place("", finding.file, finding.line, finding.column)
    if physical := _physical(place):
        location["physicalLocation"] = physical
    if finding.focus is not None:
        name = fit(getattr(finding.focus, "value", str(finding.focus)))
        logical = {"fullyQualifiedName": name, "kind": "resource"}
        if finding.label:
            logical["name"] = line(finding.label)
        location["logicalLocations"] = [logical]
    return location


def _cited(finding: Finding, number: int, place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "id": number,
        "message": {"text": f"said by {named(finding, place.source)}"},
        "logicalLocations": [{"fullyQualifiedName": place.source, "kind": "resource"}],
    }
    if physical := _physical(place):
        location["physicalLocation"] = physical
    return location


def _origin(number: int, code: str, origin: Origin) -> dict[str, Any]:
    physical = _physical(Place("", origin.file, origin.line, None))
    if origin.is_bundled:
        physical["artifactLocation"]["uriBaseId"] = _BASE
    return {"id": number, "message": {"text": f"the rule {code}"}, "physicalLocation": physical}


def _physical(place: Place) -> dict[str, Any]:
    """A physical location, or nothing where no file is known (or it was standard input)."""
    if place.file in (None, "-"):
        return {}
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(str(place.file))}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
        if place.column is not None:
            physical["region"]["startColumn"] = place.column
    return physical


def _suppressions(finding: Finding) -> list[dict[str, Any]]:
    """The waiver; an empty list says that there is none (section 3.27.23)."""
    waived = finding.waived
    if waived is None:
        return []
    return [
        {
            "kind": "external",
            "justification": line(waived.reason),
            "properties": {
                "waiver": waived.waiver,
                "owner": waived.owner,
                "reviewBy": waived.review_by,
            },
        }
    ]
