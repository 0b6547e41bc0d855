"""Words from a user to terms of a question's parameters."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from emgraph.dates import from_words, iri_of_date, meaning
from emgraph.errors import EmgraphError, unknown
from emgraph.namespaces import EM, XSD, expand
from emgraph.rdf.names import resolve
from emgraph.sparql.queries import Question

ALL = "all"
_NOT_EVIDENCED = "not evidenced in the sources."
_ACCEPTED = "Write a day as 2025-05-14, 20250514, 14 May 2025 or 14/05/2025, or say today."
_FORMS = {
    "integer": r"[+-]?[0-9]+",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "boolean": r"true|false|1|0",
    "gYear": r"-?[0-9]{4,}",
    "string": r"(?s).*",
    "anyURI": r"\S+",
}


def as_date(word: str, end: str = "") -> Literal:
    """An xsd:date of a day written 2025-05-14, 20250514, 14 May 2025 or 14/05/2025, or of today.

    Raises EmgraphError for another word, and for a date that is no day; but where a span begins
    (`end` is "from") or ends ("to") with such a date, its first or its last day is meant.
    """
    edtf = from_words(word)
    if edtf.casefold() == "today":
        edtf = date.today().isoformat()
    try:
        found = meaning(edtf)
    except EmgraphError:
        wrong = "in the calendar" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", edtf) else "a date"
        raise EmgraphError(f"{word!r} is not {wrong}. {_ACCEPTED}") from None
    earliest, latest = found.earliest, found.latest
    is_about = edtf.endswith(("~", "?", "%"))
    day = {"from": earliest, "to": latest}.get(end, earliest if earliest == latest else None)
    if day is None or is_about:
        example = latest or earliest
        why = "it is marked as uncertain" if earliest == latest else _span(earliest, latest)
        raise EmgraphError(f"{word!r} is not a day: {why}. Give one, such as {example}.")
    return Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))


def _span(earliest: date | None, latest: date | None) -> str:
    if earliest is None or latest is None:
        return f"it can be any day {f'from {earliest} on' if earliest else f'until {latest}'}"
    return f"it can be any day from {earliest} to {latest}"


def term(store: Store, word: str, kind: str, name: str = "") -> NamedNode | Literal:
    """The term that a word means, of a class or an XML Schema type; raises EmgraphError.

    A date of the graph (em:Date) is named by its EDTF form, or by its label. A parameter that is
    called `from` or `to` begins or ends a span of time.
    """
    iri = expand(kind)
    if iri == EM + "Date":
        try:
            return resolve(store, iri_of_date(from_words(word)), iri)
        except EmgraphError:
            return resolve(store, word, iri)
    if iri == EM + "FinancialYear":
        return _financial_year(store, word, iri)
    if not iri.startswith(XSD):
        return resolve(store, word, iri)
    type_ = iri.removeprefix(XSD)
    if type_ == "date":
        return as_date(word, name)
    if not re.fullmatch(_FORMS.get(type_, r"(?s).*"), word):
        raise EmgraphError(f"{word!r} is not of type {kind}.")
    return Literal(word, datatype=NamedNode(iri))


def _financial_year(store: Store, word: str, class_: str) -> NamedNode:
    """The year of a name, or of 2019/20 and the like where it is called 2019-20."""
    years = re.fullmatch(r"([0-9]{4})\s*[-/\u2013]\s*(?:[0-9]{2})?([0-9]{2})", word.strip())
    try:
        return resolve(store, word, class_)
    except EmgraphError:
        if years is None:
            raise
    return resolve(store, f"{years[1]}-{years[2]}", class_)


def terms(
    store: Store, question: Question, given: Sequence[str]
) -> Mapping[str, list[NamedNode | Literal]]:
    """The terms of `NAME=VALUE` words, several of one name together; raises EmgraphError.

    `all` alone stands for every value of a parameter that is a thing: its list of terms is empty.
    """
    values: dict[str, list[NamedNode | Literal]] = {}
    for pair in given:
        typed, equals, word = pair.partition("=")
        if not equals:
            raise EmgraphError(f"{pair!r} is not NAME=VALUE. Write -p {typed}=...")
        name = _slot(question, typed)
        kind = question.parameters.get(name)
        if kind is None:
            raise EmgraphError(f"{question.path}: its header gives no type for {name}.")
        if word.casefold() == ALL and not expand(kind).startswith(XSD):
            found: list[NamedNode | Literal] = []
        else:
            found = [term(store, word, kind, name)]
        if name in values and bool(values[name]) != bool(found):
            raise EmgraphError(f"{name} is {ALL} and something besides. Give the one or the other.")
        values[name] = list(dict.fromkeys([*values.get(name, []), *found]))
        if expand(kind) == XSD + "date" and len(values[name]) > 1:
            raise EmgraphError(f"{name} is one day. Give it once.")
    _check_span(question, values)
    return values


def _check_span(question: Question, values: Mapping[str, Sequence[NamedNode | Literal]]) -> None:
    """Raise EmgraphError where a span of time ends before it begins."""
    both = [values.get(name) or question.defaults.get(name) for name in ("from", "to")]
    first, last = (terms[0].value if terms else "" for terms in both)
    if first and last and first > last:
        by_default = [name for name in ("from", "to") if name not in values]
        told = [
            f"{name} {day}{' (the default)' * (name in by_default)}"
            for name, day in (("from", first), ("to", last))
        ]
        what_to_do = f"Give {by_default[0]} too" if by_default else "Swap them"
        raise EmgraphError(f"{told[0]} is after {told[1]}. {what_to_do}.")


def on_nothing(
    question: Question,
    values: Mapping[str, Sequence[NamedNode | Literal]],
    *,
    is_empty: bool = False,
) -> str:
    """What it means that a question has no row, in sentences; `is_empty` are data without any.

    A span of days that nobody gave is told, for it may be why.
    """
    if is_empty:
        return "No rows: the data hold no statement at all."
    said = f"No rows: {question.none_means or _NOT_EVIDENCED}"
    by_default = [name for name in ("from", "to") if name in question.defaults]
    told = [
        f"{name} {question.defaults[name][0].value}" for name in by_default if name not in values
    ]
    if told:
        said += f" By default it is asked {' '.join(told)}: give from and to for a wider span."
    return said


def _slot(question: Question, name: str) -> str:
    """The parameter that is meant: --financial-year is financialYear."""
    plain = name.replace("-", "").replace("_", "").casefold()
    meant = [slot for slot in question.slots if slot.casefold() == plain]
    if name in question.slots or not meant:
        if name not in question.slots:
            raise unknown(f"parameter of {question.name}", name, question.slots)
        return name
    return meant[0]
