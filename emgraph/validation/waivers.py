"""Waivers: which findings somebody answers for, until when."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from emgraph.errors import nearest
from emgraph.finding import Finding, Waived
from emgraph.namespaces import EM, shrink
from emgraph.shacl.rules import Rule
from emgraph.terms import Term

_UNUSED, _PAST_REVIEW, _EXPIRED = "EMG007", "EMG008", "EMG009"


class Waiver(NamedTuple):
    """A rule that is waived for a thing or for every thing of a class; dates are YYYY-MM-DD."""

    iri: NamedNode
    rule: str
    focus: str
    reason: str
    owner: str
    granted: str
    review_by: str
    expires: str

    @property
    def complete(self) -> bool:
        """Whether it says all that a waiver must, with days that exist; else it waives nothing."""
        said = (self.rule, self.focus, self.reason, self.owner)
        days = (self.granted, self.review_by, *((self.expires,) if self.expires else ()))
        return all(said) and all(map(_is_day, days))


def _is_day(word: str) -> bool:
    """Whether a word is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


def waivers_of(quads: Iterable[Quad]) -> list[Waiver]:
    """The waivers among the statements, in the order of their IRIs."""
    said: dict[NamedNode, dict[str, str]] = {}
    waiver = NamedNode(EM + "Waiver")
    statements = list(quads)
    of = {quad.subject for quad in statements if quad.object == waiver}
    for quad in sorted((quad for quad in statements if quad.subject in of), key=str):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            key = "type" if quad.object == waiver else quad.predicate.value.removeprefix(EM)
            said.setdefault(quad.subject, {}).setdefault(key, quad.object.value)
    return [
        Waiver(
            iri=iri,
            rule=parts.get("ruleCode", ""),
            focus=parts.get("focus", ""),
            reason=parts.get("reason", ""),
            owner=parts.get("owner", ""),
            granted=parts.get("granted", ""),
            review_by=parts.get("reviewBy", ""),
            expires=parts.get("expires", ""),
        )
        for iri, parts in sorted(said.items(), key=lambda item: item[0].value)
        if "type" in parts
    ]


def waivers_in(store: Store) -> list[Waiver]:
    """The waivers in the default graph of a store."""
    waiver, merge = NamedNode(EM + "Waiver"), DefaultGraph()
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, waiver, merge)}
    return waivers_of(q for s in subjects for q in store.quads_for_pattern(s, None, None, merge))


def apply(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    classes: Callable[[Term], Collection[str]],
    as_of: str,
) -> list[Finding]:
    """The findings, each with the first waiver that covers it on a day.

    `classes` gives the classes of a thing with all their superclasses, `as_of` is YYYY-MM-DD. An
    expired waiver covers nothing, one past its review date still does.
    """
    live: dict[tuple[str, str], tuple[int, Waiver]] = {}
    for number, w in enumerate(waivers):
        if w.complete and not (w.expires and w.expires < as_of):
            live.setdefault((w.rule, w.focus), (number, w))
    rules = {rule for rule, _ in live}

    def _covered(finding: Finding) -> Finding:
        if finding.focus is None or isinstance(finding.focus, Literal):
            return finding
        if finding.rule not in rules:
            return finding
        names = {getattr(finding.focus, "value", ""), *classes(finding.focus)}
        covering = [live[finding.rule, name] for name in names if (finding.rule, name) in live]
        if not covering:
            return finding
        w = min(covering, key=lambda numbered: numbered[0])[1]
        return finding._replace(waived=Waived(w.iri.value, w.reason, w.owner, w.review_by))

    return [_covered(finding) for finding in findings]


def judge(
    waivers: Sequence[Waiver],
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    as_of: str,
    *,
    known: Collection[str],
    judge_unused: bool,
) -> Iterator[Finding]:
    """What is wrong with the waivers themselves: unused, of no rule, past review, expired.

    `findings` have their waivers already; only the rules given here are judged, and only waivers of
    rules that ran can be called unused. `known` are the codes of all rules, also those not judged.
    """
    used = {finding.waived.waiver for finding in findings if finding.waived}
    meant = cache(lambda code: nearest(code, known))
    for w in waivers:
        if w.expires and w.expires < as_of:
            yield from _finding(w, rules, _EXPIRED, f"It expired on {w.expires}.")
        elif w.review_by and w.review_by < as_of:
            yield from _finding(w, rules, _PAST_REVIEW, f"It was to be reviewed by {w.review_by}.")
        if (w.expires and w.expires < as_of) or w.iri.value in used or not judge_unused:
            continue
        if w.rule and w.rule not in known:
            hint = f" Did you mean {meant(w.rule)}?" if meant(w.rule) else ""
            detail = f"There is no rule {w.rule}.{hint}"
            yield from _finding(w, rules, _UNUSED, detail, NamedNode(EM + "ruleCode"))
        elif w.complete and w.rule in rules:
            detail = f"No finding of {w.rule} on {shrink(w.focus)}."
            yield from _finding(w, rules, _UNUSED, detail)


def _finding(
    waiver: Waiver,
    rules: Mapping[str, Rule],
    code: str,
    detail: str,
    path: NamedNode | None = None,
) -> Iterator[Finding]:
    if code in rules:
        yield rules[code].finding(detail, focus=waiver.iri, path=path)
