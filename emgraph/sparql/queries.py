"""Questions: .rq files with a `#+` header, whose VALUES lines are their parameters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from emgraph.assets import folder
from emgraph.errors import EmgraphError, unknown
from emgraph.rdf.files import reason
from emgraph.tokens import Token, tokens

HEADER = ("question", "answers", "audience", "params", "pounds", "none", "none-means")
_NO_QUESTIONS = ("checks", "profiles", "imports")


class Slot(NamedTuple):
    """A parameter as it stands in the text: its name, its VALUES line, the terms between braces."""

    name: str
    start: int
    end: int
    inner_start: int
    inner_end: int


class Question:
    """One .rq file: it runs as it stands, and says what it answers."""

    def __init__(self, name: str, topic: str, path: Path) -> None:
        self.name = name
        self.topic = topic
        self.path = path

    @cached_property
    def text(self) -> str:
        """The SPARQL, header and defaults included; raises EmgraphError if it cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise EmgraphError(f"{self.path}: not UTF-8. Save the file as UTF-8.") from error
        except OSError as error:
            raise EmgraphError(f"{self.path}: {reason(error)}.") from error

    @cached_property
    def header(self) -> dict[str, Any]:
        """The `#+` lines, read as YAML; raises EmgraphError if they are no mapping."""
        import yaml

        lines = [line[2:] for line in self.text.splitlines() if line.startswith("#+")]
        indent = " " if all(line.startswith(" ") or not line for line in lines) else ""
        try:
            text = "\n".join(line.removeprefix(indent) for line in lines)
            header = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
        except yaml.YAMLError as error:
            raise EmgraphError(f"{self.path}: {_not_yaml(self.text, error)}") from error
        if not isinstance(header, dict):
            raise EmgraphError(f"{self.path}: its #+ header is not a list of `key: value` lines.")
        return header

    @property
    def question(self) -> str:
        """The question in words."""
        return str(self.header.get("question", self.name))

    @property
    def audience(self) -> tuple[str, ...]:
        """Whom the answer is for."""
        named = self.header.get("audience", ())
        return (named,) if isinstance(named, str) else tuple(str(item) for item in named)

    @property
    def parameters(self) -> dict[str, str]:
        """Each parameter with the class or XML Schema type its values have, as prefix:name."""
        return {str(k): str(v) for k, v in (self.header.get("params") or {}).items()}

    @property
    def pounds(self) -> tuple[str, ...]:
        """The columns that hold amounts of money."""
        listed = re.search(r"^#\+\s*pounds\s*:\s*\[([^\]]*)\]", self.text, re.MULTILINE)
        return tuple(name.strip() for name in listed[1].split(",")) if listed else ()

    @property
    def none_means(self) -> str:
        """What an answer without rows means, in a sentence; nothing where it does not say."""
        said = re.search(r"^#\+[ \t]*none-means[ \t]*:[ \t]*(\S.*)$", self.text, re.MULTILINE)
        return said[1].strip() if said else ""

    @property
    def note(self) -> str:
        """What its comments say before the query begins: how to read the answer."""
        lines = [line for line in self.text.splitlines() if not line.startswith("#+")]
        heading = takewhile(lambda line: line.startswith("#") or not line.strip(), lines)
        return " ".join(line.lstrip("# ").strip() for line in heading).strip()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of its answer in their order; none for a CONSTRUCT or SELECT *."""
        found = list(tokens(self.text))
        begin = next((i for i, t in enumerate(found) if t.text.upper() == "SELECT"), len(found))
        head = takewhile(lambda t: t.text != "{" and t.text.upper() != "WHERE", found[begin:])
        named, depth, last = [], 0, ""
        for token in head:
            depth += (token.text == "(") - (token.text == ")")
            if token.kind == "variable" and depth == 0:
                named.append(token.text[1:])
            elif token.kind == "variable":
                last = token.text[1:]
            elif token.text == ")" and depth == 0:
                named.append(last)
        return tuple(named)

    @cached_property
    def defaults(self) -> dict[str, list[NamedNode | Literal]]:
        """The terms that stand in its VALUES lines; a parameter that is left UNDEF is not there."""
        return {
            slot.name: self._terms(slot) for slot in self.slots.values() if not self._is_open(slot)
        }

    @property
    def left_open(self) -> frozenset[str]:
        """The parameters that its text leaves UNDEF, which means all."""
        return frozenset(slot.name for slot in self.slots.values() if self._is_open(slot))

    def _is_open(self, slot: Slot) -> bool:
        return self.text[slot.inner_start : slot.inner_end].split() == ["UNDEF"]

    def _terms(self, slot: Slot) -> list[NamedNode | Literal]:
        """The terms of a slot as the engine reads them, after the question's own prefixes."""
        forms = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
        begin = next(t.start for t in tokens(self.text) if t.text.upper() in forms)
        inner = self.text[slot.inner_start : slot.inner_end]
        asked = f"{self.text[:begin]} SELECT ?value {{ VALUES ?value {{ {inner} }} }}"
        try:
            rows = Store().query(asked)
        except SyntaxError as error:
            raise EmgraphError(f"{self.path}: VALUES ?{slot.name} is not valid SPARQL.") from error
        assert isinstance(rows, QuerySolutions)
        found = [row["value"] for row in rows]
        return [term for term in found if isinstance(term, NamedNode | Literal)]

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """The parameters as they stand in the text."""
        return {slot.name: slot for slot in _slots(self.text)}

    def bound(self, values: Mapping[str, Sequence[NamedNode | Literal]]) -> str:
        """The SPARQL with these terms as its parameters; one without terms is taken out.

        One that is not given keeps its default, and is taken out if that is UNDEF. Raises
        EmgraphError for a parameter that the question does not have.
        """
        for name in values:
            if name not in self.slots:
                raise unknown(f"parameter of {self.name}", name, self.slots)
        text = self.text
        for slot in sorted(self.slots.values(), key=lambda slot: -slot.start):
            if values.get(slot.name):
                terms = " ".join(map(_written, values[slot.name]))
                text = f"{text[: slot.inner_start]} {terms} {text[slot.inner_end :]}"
            elif slot.name in values or self._is_open(slot):
                text = text[: slot.start] + text[slot.end :]
        return text


def _written(term: NamedNode | Literal) -> str:
    """A term as SPARQL, which no engine can read as another.

    SPARQL 1.1, section 19.2, has code points replaced before the text is read. rdflib does so even
    behind an escaped backslash, so that a value with a backslash and u0022 could end its string,
    and takes eight digits where there are as many. So such a u is escaped too, with eight digits.
    """
    return re.sub(r"\\\\([uU])|\\u([0-9A-Fa-f]{4})|\\.", _unmistakable, str(term))


def _unmistakable(match: re.Match[str]) -> str:
    if match[1]:
        return f"\\\\\\U{ord(match[1]):08X}"
    return f"\\U0000{match[2]}" if match[2] else match[0]


def _not_yaml(text: str, error: Exception) -> str:
    """What is wrong with a header, and in which line of the file."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    numbers = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    where = f" at line {numbers[min(mark.line, len(numbers) - 1)]}" if mark and numbers else ""
    return f"its #+ header is not YAML{where}: {' '.join(str(problem or error).split())}."


def _slots(text: str) -> Iterator[Slot]:
    """The one-variable VALUES lines at the start of the outermost group."""
    found = list(tokens(text))
    position = _body(found)
    while position + 3 < len(found):
        word, variable, opening = found[position : position + 3]
        if (word.text.upper(), variable.kind, opening.text) != ("VALUES", "variable", "{"):
            return
        closing = next(
            (i for i in range(position + 3, len(found)) if found[i].text == "}"), len(found) - 1
        )
        end = found[closing]
        yield Slot(variable.text[1:], word.start, end.end, opening.end, end.start)
        position = closing + 1


def _body(found: list[Token]) -> int:
    """Where the outermost group begins: after the first brace, or after that of WHERE."""
    opened = [i for i, token in enumerate(found) if token.text == "{"]
    if not opened:
        return len(found)
    where = next((i for i, t in enumerate(found) if t.text.upper() == "WHERE"), -1)
    is_template = any(t.text.upper() == "CONSTRUCT" for t in found[: opened[0]])
    return next((i for i in opened if not is_template or i > where), opened[0]) + 1


def catalogue(folders: Sequence[Path] = ()) -> list[Question]:
    """Every question, the bundled ones and those of further folders, by topic and name.

    queries/checks, profiles and imports are no questions. A folder may hold topics or .rq files.
    """
    found: dict[str, Question] = {}
    for place in (folder("queries"), *folders):
        found |= {question.name: question for question in questions_in(place)}
    return sorted(found.values(), key=lambda question: (question.topic, question.name))


def questions_in(place: Path) -> list[Question]:
    """The questions of a folder, by path; raises EmgraphError if it is missing or holds none."""
    if not place.is_dir():
        raise EmgraphError(f"{place}: no such folder of questions.")
    paths = sorted([*place.glob("*.rq"), *place.glob("*/*.rq")])
    named = [(path, path.parent.name if path.parent != place else "own") for path in paths]
    found = [
        Question(path.stem, topic, path) for path, topic in named if topic not in _NO_QUESTIONS
    ]
    if not found:
        raise EmgraphError(f"{place}: this folder holds no question (.rq).")
    return found


def find(name: str, folders: Sequence[Path] = (), listing: str = "emgraph query") -> Question:
    """The question of a name; raises EmgraphError with names that are near if there is none.

    Where none is near it says that `listing` lists them.
    """
    known = {question.name: question for question in catalogue(folders)}
    if name in known or name.casefold() in known:
        return known.get(name) or known[name.casefold()]
    if listed := _alike(name, known):
        raise EmgraphError(f"no question is called {name!r}. Did you mean {' or '.join(listed)}?")
    raise unknown("question", name, known, listing)


def _alike(name: str, known: Mapping[str, Question]) -> list[str]:
    """At most five names of questions that share a word with a name that is no slip of the pen."""
    from difflib import SequenceMatcher

    plain = name.casefold().replace("_", "-")
    if any(SequenceMatcher(None, plain, other).ratio() > 0.75 for other in known):
        return []
    words = {word.rstrip("s") for word in re.findall(r"\w{4,}", plain.replace("-", " "))}
    told = {other: f"{other} {question.question}".casefold() for other, question in known.items()}
    in_name = [other for other in known if any(word in other for word in words)]
    in_text = [other for other, text in told.items() if any(word in text for word in words)]
    return (in_name or in_text)[:5]


def check_query(name: str) -> str:
    """The SPARQL of queries/checks/<name>.rq; raises EmgraphError if there is none."""
    path = folder("queries") / "checks" / f"{name}.rq"
    if not re.fullmatch(r"[a-z][a-z-]*", name) or not path.is_file():
        raise EmgraphError(f"no check is called {name!r}: {path} is missing.")
    return path.read_text(encoding="utf-8")
