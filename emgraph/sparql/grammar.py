"""Where a query stops being SPARQL: its tokens against the grammar of SPARQL 1.1, section 19.8.

The engine names the place at which it gave up, which is often far behind the fault. This is asked
only after the engine has refused a query, so what it lets through is no harm. In the rules below a
word in capitals is a keyword, one in small letters a kind of token, one in both another rule.
"""

import re
from functools import cache
from typing import NamedTuple

from emgraph.tokens import Token, tokens

_RULES = """
Query = Prologue ( Select | Construct | Describe | Ask ) Values?
Prologue = ( BASE iri | PREFIX name iri )*
Select = SelectClause Dataset* Where Modifiers
SelectClause = SELECT ( DISTINCT | REDUCED )? ( Projected+ | '*' )
Projected = variable | '(' Expression AS variable ')'
Construct = CONSTRUCT ( Template Dataset* Where | Dataset* WHERE Template ) Modifiers
Template = '{' Triples? '}'
Describe = DESCRIBE ( Name+ | '*' ) Dataset* Where? Modifiers
Ask = ASK Dataset* Where Modifiers
Dataset = FROM NAMED? Iri
Where = WHERE? Group
Modifiers = ( GROUP BY Grouping+ )? ( HAVING Constraint+ )? ( ORDER BY Order+ )? Slice*
Slice = LIMIT number | OFFSET number
Grouping = variable | '(' Expression ( AS variable )? ')' | Call
Order = variable | ( ASC | DESC ) '(' Expression ')' | Constraint
Values = VALUES ( variable '{' Value* '}' | '(' variable* ')' '{' ( '(' Value* ')' )* '}' )
Value = Iri | Literal | UNDEF
Group = '{' ( SubSelect | Triples? ( Pattern '.'? Triples? )* ) '}'
SubSelect = SelectClause Where Modifiers Values?
Pattern = Group ( UNION Group )* | ( OPTIONAL | MINUS | LATERAL ) Group | GRAPH Name Group | Values
 | SERVICE SILENT? Name Group | FILTER Constraint | BIND '(' Expression AS variable ')'
Triples = Subject ( '.' Subject? )*
Subject = Simple Properties | Nested Properties?
Properties = Verb Objects ( ';' ( Verb Objects )? )*
Verb = variable | Path
Objects = Object ( ',' Object )*
Object = Simple | Nested
Simple = variable | Iri | Literal | blank
Nested = '(' Object* ')' | '[' Properties? ']'
Name = variable | Iri
Iri = iri | name
Path = Steps ( '|' Steps )*
Steps = Step ( '/' Step )*
Step = '^'? ( Iri | A | '!' Excluded | '(' Path ')' ) ( '?' | '*' | '+' )?
Excluded = '^'? ( Iri | A ) | '(' ( '^'? ( Iri | A ) ( '|' '^'? ( Iri | A ) )* )? ')'
Constraint = '(' Expression ')' | Call
Call = Iri Arguments | NOT? EXISTS Group | function Arguments
Arguments = '(' ( DISTINCT? ( '*' | Expressions ) ( ';' SEPARATOR '=' string )? )? ')'
Expressions = Expression ( ',' Expression )*
Expression = Both ( '|' '|' Both )*
Both = Compared ( '&' '&' Compared )*
Compared = Sum ( ( '=' | '!' '=' | '<' '='? | '>' '='? ) Sum | NOT? IN List )?
List = '(' Expressions? ')'
Sum = Product ( ( '+' | '-' ) Product )*
Product = Signed ( ( '*' | '/' ) Signed )*
Signed = ( '!' | '+' | '-' )* ( '(' Expression ')' | Call | Iri | Constant | variable )
Literal = ( '+' | '-' )? Constant
Constant = string ( language | '^' '^' Iri )? | '.'? number | TRUE | FALSE
"""
_CALLED = {
    "Query": "a query: SELECT, ASK, CONSTRUCT or DESCRIBE",
    "Group": "{",
    "Object": "an object",
    "Verb": "a property",
    "Expression": "an expression",
    "Constraint": "a condition in parentheses",
    "Iri": "an IRI",
    "Name": "a variable or an IRI",
    "Projected": "a variable",
    "Values": "VALUES",
    "function": "a function",
    "blank": "a blank node",
    "A": "a",
    "variable": "a variable",
    "number": "a number",
    "string": "a string",
    "iri": "an IRI in angle brackets",
    "name": "a prefix with its colon",
}
_FUNCTIONS = """
ABS ADJUST AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
GROUP_CONCAT HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGMATCHES LCASE
MAX MD5 MIN MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS
SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID
SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE URI UUID YEAR
"""
FUNCTIONS = set(_FUNCTIONS.split())
_KINDS = {"variable", "iri", "name", "number", "string", "language", "blank", "function"}

_Rule = tuple[str, tuple["_Rule", ...], str]


class Misfit(NamedTuple):
    """The first token that does not fit (nothing where the text ends), and what would."""

    token: Token | None
    expected: tuple[str, ...]


def misfit(text: str) -> Misfit | None:
    """Where a query leaves the grammar, or nothing if it does not or nests too deep to say."""
    reader = _Reader([part for token in tokens(text) for part in _whole(token)])
    try:
        end = reader.read(_rules()["Query"], 0)
    except RecursionError:
        return None
    if end == len(reader.found):
        return None
    if end is not None:
        reader.expect(end, "the end")
    at = reader.furthest
    token = reader.found[at] if at < len(reader.found) else None
    return Misfit(token, tuple(sorted(reader.expected)))


class Span(NamedTuple):
    """The tokens, from the first to before the last, that one rule took."""

    rule: str
    first: int
    last: int


def spans(text: str) -> tuple[list[Token], list[Span]]:
    """The tokens of a query that is in the grammar, and what each rule took, outer before inner."""
    reader = _Reader([part for token in tokens(text) for part in _whole(token)])
    reader.read(_rules()["Query"], 0)
    return reader.found, sorted(reader.spans, key=lambda span: (span.first, -span.last))


def words() -> set[str]:
    """Every keyword and function of the language, in capitals."""
    return set(re.findall(r"\b[A-Z]{2,}\b", _RULES)) | FUNCTIONS


def _whole(token: Token) -> list[Token]:
    """A token, a number before a full stop as two."""
    if token.kind == "number" and token.text.endswith("."):
        stop = token.end - 1
        return [
            Token("number", token.text[:-1], token.start, stop),
            Token("mark", ".", stop, token.end),
        ]
    return [token]


class _Reader:
    """Reads tokens by rules and remembers the furthest place at which it was disappointed."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.furthest = 0
        self.expected: set[str] = set()
        self.spans: list[Span] = []

    def expect(self, at: int, what: str) -> None:
        """Note what would have fitted at a token."""
        if at > self.furthest:
            self.furthest, self.expected = at, set()
        if at == self.furthest:
            self.expected.add(what)

    def read(self, rule: _Rule, at: int) -> int | None:
        """The token after what a rule takes, or nothing if it does not fit."""
        kind, parts, name = rule
        if kind == "rule":
            return self._named(name, at)
        if kind == "token":
            fits = at < len(self.found) and _fits(self.found[at], name)
            if not fits:
                self.expect(at, _CALLED.get(name, name))
            return at + 1 if fits else None
        if kind == "one of":
            ends = (self.read(part, at) for part in parts)
            return next((end for end in ends if end is not None), None)
        place: int | None = at
        if kind == "all":
            for part in parts:
                place = self.read(part, place) if place is not None else None
            return place
        return self._repeated(parts[0], name, at)

    def _repeated(self, part: _Rule, how: str, at: int) -> int | None:
        place = self.read(part, at)
        if how == "+" and place is None:
            return None
        while how != "?" and place is not None and place > at:
            at, place = place, self.read(part, place)
        return at if place is None else place

    def _named(self, name: str, at: int) -> int | None:
        before, expected, known = self.furthest, set(self.expected), len(self.spans)
        end = self.read(_rules()[name], at)
        if end is None:
            del self.spans[known:]
        else:
            self.spans.append(Span(name, at, end))
        if end is None and name in _CALLED and self.furthest == at:
            self.expected = expected if before == at else set()
            self.expect(at, _CALLED[name])
        return end


def _fits(token: Token, name: str) -> bool:
    if name == "function":
        return token.kind == "word" and token.text.upper() in FUNCTIONS
    if name == "A":
        return token.kind == "word" and token.text == "a"
    if name in _KINDS:
        return token.kind == name
    return token.kind in ("word", "mark") and token.text.upper() == name


@cache
def _rules() -> dict[str, _Rule]:
    """The rules, read once."""
    lines = re.sub(r"\n ", " ", _RULES.strip()).splitlines()
    return {
        name.strip(): _alternatives(re.findall(r"'[^']'|\w+|[()|?*+]", body)[::-1])
        for name, _, body in (line.partition(" = ") for line in lines)
    }


def _alternatives(left: list[str]) -> _Rule:
    found = [_sequence(left)]
    while left and left[-1] == "|":
        left.pop()
        found.append(_sequence(left))
    return ("one of", tuple(found), "")


def _sequence(left: list[str]) -> _Rule:
    found: list[_Rule] = []
    while left and left[-1] not in "|)":
        word = left.pop()
        part: _Rule
        if word == "(":
            part = _alternatives(left)
            left.pop()
        elif word[0] == "'":
            part = ("token", (), word[1])
        else:
            part = ("token" if word.isupper() or word in _KINDS else "rule", (), word)
        if left and left[-1] in ("?", "*", "+"):
            part = ("repeat", (part,), left.pop())
        found.append(part)
    return ("all", tuple(found), "")
