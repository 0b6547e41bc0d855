"""The group graph patterns of a SPARQL query, as far as rewriting them needs: who binds what.

Three rewritings. A NOT EXISTS of several patterns becomes an anti-join (MINUS), because engines
take quadratic time over it. A group that speaks of $this without binding it gets the target's
pattern, because SHACL binds $this in every group beforehand (SHACL section 5.3.1). And a group that
is evaluated by itself, but whose patterns only hang together by those around it, gets these too:
otherwise it is a product of everything with everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from emgraph.errors import Uncovered
from emgraph.tokens import Token

_FORBIDDEN = ("MINUS", "VALUES", "SERVICE")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass
class Pattern:
    """Triple patterns up to a full stop: where they stand, and what they mention.

    Plain ones, without paths and blank nodes, give no row twice: saying them again changes nothing.
    """

    start: int
    end: int
    variables: set[str]
    is_plain: bool = True


@dataclass
class Group:
    """A group between braces: what it certainly binds, what it mentions, what stands in it.

    `patterns` are its own triple patterns.
    """

    start: int
    end: int = 0
    bound: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)
    denials: list[tuple[int, Group]] = field(default_factory=list)
    inner: list[Group] = field(default_factory=list)
    tests: list[Group] = field(default_factory=list)
    steps: int = 0
    projected: set[str] | None = None
    patterns: list[Pattern] = field(default_factory=list)
    is_branch: bool = False


def parse(found: Sequence[Token], index: int) -> Group:
    """The group whose opening brace is the token at an index; raises Uncovered."""
    return _Parser(found).group(index)[0]


class _Parser:
    """Walks tokens; each method gives what it read and the index after it."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._found = found

    def _token(self, index: int) -> Token:
        if index >= len(self._found):
            raise Uncovered("SPARQL whose braces do not match")
        return self._found[index]

    def _word(self, index: int) -> str:
        token = self._token(index)
        return token.text.upper() if token.kind == "word" else ""

    def group(self, index: int) -> tuple[Group, int]:
        """A group, and the index after its closing brace."""
        if self._token(index).text != "{":
            raise Uncovered("SPARQL with a group that is not understood")
        group = Group(self._token(index).start)
        index += 1
        if self._word(index) == "SELECT":
            index = self._select(group, index)
        while self._token(index).text != "}":
            index = self._element(group, index)
        group.end = self._token(index).end
        return group, index + 1

    def _select(self, group: Group, index: int) -> int:
        """A sub-select: it binds what it projects and certainly binds."""
        projected: set[str] = set()
        while self._token(index).text != "{":
            if self._token(index).text == "*":
                raise Uncovered("SELECT * in a sub-select")
            if self._token(index).kind == "variable":
                projected.add(self._token(index).text[1:])
            index += 1
        inside, index = self.group(index)
        group.inner.append(inside)
        group.projected = projected
        group.used |= inside.used
        group.bound |= inside.bound & projected
        depth = 0
        while depth or self._token(index).text != "}":
            token = self._token(index)
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if token.kind == "variable":
                group.used.add(token.text[1:])
            index += 1
        return index

    def _element(self, group: Group, index: int) -> int:
        word, token = self._word(index), self._token(index)
        if word in _FORBIDDEN:
            raise Uncovered(f"{word}, which SHACL does not allow")
        if word == "FILTER":
            return self._filter(group, index)
        if word == "BIND":
            return self._expression(group, index + 1)
        if word == "OPTIONAL":
            inside, index = self.group(index + 1)
            self._take(group, inside)
            return index
        if word == "GRAPH":
            name = self._token(index + 1)
            inside, index = self.group(index + 2)
            self._take(group, inside)
            group.bound |= inside.bound
            if name.kind == "variable":
                group.bound.add(name.text[1:])
                group.used.add(name.text[1:])
            return index
        if token.text == "{":
            return self._union(group, index)
        return self._triples(group, index)

    def _triples(self, group: Group, index: int) -> int:
        token = self._token(index)
        if token.text != ".":
            before = group.patterns[-1] if group.patterns else None
            if before is None or before.end != self._found[index - 1].end:
                before = Pattern(token.start, token.end, set())
                group.patterns.append(before)
            before.end = token.end
            before.variables.update([token.text[1:]] if token.kind == "variable" else [])
            before.is_plain &= token.kind not in ("mark", "blank") or token.text in (";", ",")
        if token.kind == "variable":
            group.bound.add(token.text[1:])
            group.used.add(token.text[1:])
        following = self._found[index + 1] if index + 1 < len(self._found) else token
        ends = following.text == "}" or following.text.upper() in ("FILTER", "OPTIONAL", "BIND")
        group.steps += token.text in ("/", "|", "^", "+", "*", ";", ",") or (
            token.text == "." and not ends
        )
        return index + 1

    def _union(self, group: Group, index: int) -> int:
        inside, index = self.group(index)
        inside.is_branch = True
        self._take(group, inside)
        certain = set(inside.bound)
        while self._word(index) == "UNION":
            inside, index = self.group(index + 1)
            inside.is_branch = True
            self._take(group, inside)
            certain &= inside.bound
        group.bound |= certain
        return index

    @staticmethod
    def _take(group: Group, inside: Group) -> None:
        group.inner.append(inside)
        group.used |= inside.used

    def _filter(self, group: Group, index: int) -> int:
        start = self._token(index).start
        if (self._word(index + 1), self._word(index + 2)) == ("NOT", "EXISTS"):
            inside, index = self.group(index + 3)
            group.denials.append((start, inside))
        elif self._word(index + 1) == "EXISTS":
            inside, index = self.group(index + 2)
        else:
            while self._token(index + 1).text != "(":
                index += 1
            return self._expression(group, index + 1)
        group.tests.append(inside)
        group.used |= inside.used
        return index

    def _expression(self, group: Group, index: int) -> int:
        """An expression in brackets; the variables that it needs count as tested by the group."""
        depth = 0
        while True:
            token = self._token(index)
            if token.text == "{":
                inside, index = self.group(index)
                group.tests.append(inside)
                group.used |= inside.used
                continue
            if token.kind == "variable":
                group.tested.add(token.text[1:])
                group.used.add(token.text[1:])
            depth += (token.text == "(") - (token.text == ")")
            index += 1
            if depth == 0:
                return index


def rewritten(text: str, group: Group, this: str) -> str:
    """The text of a query with its groups rewritten; `this` is the pattern that binds ?this."""
    group.bound.add("this")
    changes = sorted(_edits(text, group, this), key=lambda change: change[:2], reverse=True)
    for start, end, replacement in changes:
        text = text[:start] + replacement + text[end:]
    return text


def _edits(text: str, group: Group, this: str) -> Iterator[tuple[int, int, str]]:
    """What to change in the text: from where to where, and by what."""
    plain = [pattern for pattern in group.patterns if pattern.is_plain]
    around = " ".join(f"{text[pattern.start : pattern.end]} ." for pattern in plain)
    given = set().union(*(pattern.variables for pattern in plain))
    for start, denied in group.denials:
        if is_anti_join(group, denied):
            body = text[denied.start + 1 : denied.end]
            yield start, denied.end, ""
            beside = "" if _hangs_together(denied) else around
            yield group.end - 1, group.end - 1, f" MINUS {{ {beside} {body} "
    for inside in group.inner:
        if inside.projected is not None:
            if "this" not in inside.projected:
                raise Uncovered("a sub-select that does not give $this")
        else:
            needed = inside.tested.union(*(test.used for test in inside.tests))
            if "this" in needed - inside.bound:
                inside.bound.add("this")
                yield inside.start + 1, inside.start + 1, f" {this} "
            if inside.is_branch and _gains(inside, given) and not (needed - inside.bound) & given:
                inside.bound |= given
                yield inside.start + 1, inside.start + 1, f" {around} "
        yield from _edits(text, inside, this)


def _gains(branch: Group, given: set[str]) -> bool:
    """Whether the patterns around a branch of a union, which bind `given`, make it smaller."""
    own = set().union(*(pattern.variables for pattern in branch.patterns))
    return bool(own & given) and (len(own & given) > 1 or not _hangs_together(branch))


def _hangs_together(group: Group) -> bool:
    """Whether the triple patterns of a group are joined by variables of their own."""
    waiting = [pattern.variables for pattern in group.patterns]
    reached = waiting.pop() if waiting else set()
    while waiting:
        joined = next((variables for variables in waiting if variables & reached), None)
        if joined is None:
            return False
        waiting.remove(joined)
        reached = reached | joined
    return True


def is_anti_join(group: Group, denied: Group) -> bool:
    """Whether FILTER NOT EXISTS {P} at the top of a group means the same as MINUS {P}.

    It does if P shares a variable that is certainly bound on both sides, and certainly binds every
    variable that it has in common with what stands around it. Only a P of several patterns is
    worth it.
    """
    shared = denied.bound & group.bound
    around = group.bound.union(group.tested, *(inside.used for inside in group.inner))
    taken = (denied.used - denied.bound) & around
    return bool(shared) and not taken and not denied.inner and denied.steps > 0
