"""What is wrong with a query that is no SPARQL: the line, a caret under the fault, a remedy."""

import re
import unicodedata

from emgraph.errors import EmgraphError, WrongQuery, nearest
from emgraph.namespaces import prefixes
from emgraph.sparql.grammar import FUNCTIONS, Misfit, misfit, words
from emgraph.sparql.prologue import declared
from emgraph.tokens import Token, tokens

_WIDTH = 72
_CLOSES = {"{": "}", "(": ")", "[": "]"}
_OPENS = {closing: opening for opening, closing in _CLOSES.items()}
_FEW = 5
_WELL_KNOWN = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "gr": "http://purl.org/goodrelations/v1#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "qb": "http://purl.org/linked-data/cube#",
    "sdo": "https://schema.org/",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}


def explained(error: WrongQuery, text: str) -> EmgraphError:
    """The error of an engine that refused a text, told by what the text itself shows.

    Two to four lines: what is wrong and what to do, the line of the query, and a caret.
    """
    found = list(tokens(text))
    if not found:
        return EmgraphError("the query is empty. Write SELECT, ASK, CONSTRUCT or DESCRIBE.")
    offset, what = (
        _undeclared(found)
        or _misfit(text, found)
        or _relative(found)
        or (_ungrouped(found) if "unbound" in error.what else None)
        or (_offset(text, error.line, error.column), _sentence(error.what))
    )
    return EmgraphError(_shown(text, offset, what))


def _undeclared(found: list[Token]) -> tuple[int, str] | None:
    """The first prefix that nothing declares."""
    own = declared(found)
    known = prefixes()
    for before, token in zip([None, *found], found, strict=False):
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or prefix in own or prefix in known:
            continue
        if before is not None and before.text == "<" and before.end == token.start:
            return None  # an IRI gone wrong
        what = f"the prefix {prefix}: is not declared."
        namespace = _WELL_KNOWN.get(prefix)
        ours = next((name for name, iri in known.items() if iri == namespace), "")
        close = nearest(prefix, {*known, *own}) if prefix else ""
        if ours:
            what += f" Here it is called {ours}:."
        elif namespace:
            what += f" Put PREFIX {prefix}: <{namespace}> before the query."
        elif close:
            what += f" Did you mean {close}:?"
        else:
            what += f" Put PREFIX {prefix}: <...> before the query."
        return token.start, f"{what}\nThose that emgraph schema lists need no PREFIX line."
    return None


def _misfit(text: str, found: list[Token]) -> tuple[int, str] | None:
    """The first token that the grammar has no place for."""
    fault = misfit(text)
    if fault is None:
        return None
    token = fault.token
    if token is None:
        opened = _unclosed(found)
        if opened is not None:
            return opened.start, f"this {opened.text} is never closed."
        return found[-1].end, f"the query ends too early. Expected {_listed(fault)}."
    opened = _unclosed([before for before in found if before.start < token.start])
    if token.text in _OPENS and opened is not None and opened.text != _OPENS[token.text]:
        return opened.start, f"this {opened.text} is never closed."
    return token.start, _unfit(token, fault, text)


def _unfit(token: Token, fault: Misfit, text: str) -> str:
    """Why a token does not fit."""
    if token.text in ('"', "'"):
        return "this string is never closed on its line."
    if token.text == "<" and re.match(r"<\w+:[^>\n]*>", text[token.start :]):
        return "this IRI holds a character that no IRI may hold."
    if token.text in _OPENS and "the end" in fault.expected:
        return f"this {token.text} closes nothing that was opened."
    if token.kind != "word" or token.text.upper() in words():
        return f"{token.text} does not fit here. Expected {_listed(fault)}."
    close = nearest(token.text, _words(fault.expected))
    hint = f"Did you mean {close}?" if close else f"Expected {_listed(fault)}."
    return f"{token.text} is no word of SPARQL. {hint}"


def _words(expected: tuple[str, ...]) -> set[str]:
    """The keywords and functions that would have fitted."""
    fitting = {word for word in expected if word.isalpha() and word.isupper()}
    return fitting | (FUNCTIONS if {"an expression", "a function"} & {*expected} else set())


def _unclosed(found: list[Token]) -> Token | None:
    """The innermost bracket that is still open at the end."""
    opened: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text in _CLOSES:
            opened.append(token)
        elif token.kind == "mark" and opened and _CLOSES[opened[-1].text] == token.text:
            opened.pop()
    return opened[-1] if opened else None


def _listed(fault: Misfit) -> str:
    """What would have fitted, in a few words."""
    expected = tuple(word for word in fault.expected if word != ",") or fault.expected
    if {".", ";", "}"} <= {*expected}:
        expected = (".", ";", "}")
    if {"SELECT", "ASK"} <= {*expected}:
        expected = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    if len(expected) > _FEW:
        phrases = tuple(word for word in expected if word[:1].islower())
        keywords = tuple(word for word in expected if word.isalpha())
        expected = (phrases or keywords or expected)[:_FEW]
    return " or ".join([", ".join(expected[:-1]), expected[-1]] if expected[1:] else expected)


def _relative(found: list[Token]) -> tuple[int, str] | None:
    """The first IRI without a scheme, where no BASE completes it."""
    if any(token.text.upper() == "BASE" for token in found):
        return None
    for token in found:
        if token.kind == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
            what = f"{token.text} is not a whole IRI. Write it out, or give a BASE."
            return token.start, what
    return None


def _ungrouped(found: list[Token]) -> tuple[int, str] | None:
    """The first variable that a SELECT shows beside an aggregate and GROUP BY does not name."""
    groups = [i for i, token in enumerate(found) if token.text.upper() == "GROUP"]
    grouped = {token.text for token in found[groups[-1] :]} if groups else set()
    depth = 0
    for token in found:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{":
            return None
        if token.kind == "variable" and depth == 0 and token.text not in grouped:
            what = f"{token.text} is neither grouped nor aggregated. Add GROUP BY {token.text}."
            return token.start, what
    return None


def _sentence(what: str) -> str:
    """The engine's own words as a sentence."""
    if not what:
        return (
            "the engine refuses what stands before this.\n"
            "Is a variable bound twice, or a blank node used in two groups?"
        )
    return f"{what[:1].lower()}{what[1:].rstrip('.')}."


def _offset(text: str, line: int, column: int) -> int:
    """The place of a line and a column, both from 1, in the text."""
    lines = text.splitlines(keepends=True)[: line - 1]
    return min(sum(map(len, lines)) + column - 1, len(text.rstrip()))


def _shown(text: str, offset: int, what: str) -> str:
    """The complaint, its line of the query cut to the width of a terminal, and a caret below."""
    before = text[:offset]
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    line = re.split(r"[\r\n]", text[start:], maxsplit=1)[0]
    column = offset - start
    number = len(re.split(r"\r\n|[\r\n]", before))
    first, *more = what.split("\n")
    left = max(0, column - _WIDTH + 12) if len(line) > _WIDTH else 0
    piece = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in line)
    cut = f"{'…' if left else ''}{piece[left : left + _WIDTH]}"
    ahead = f"{'…' if left else ''}{piece[left:column]}"
    margin = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in ahead)
    place = f"line {number}, column {column + 1} of the query: "
    return "\n".join([f"{place}{first}", f"  {cut.rstrip()}", f"  {' ' * margin}^", *more])
