"""What rules read that does not stand with the data, to be written into their queries.

A store that is only read, and somebody's endpoint, hold neither the day of the run nor our
ontology. A query that reads more of either than can be written out is not compiled for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from emgraph.errors import Uncovered
from emgraph.finding import Path
from emgraph.namespaces import EM, OWL, RDF, RDFS, shrink
from emgraph.rdf.classes import closure
from emgraph.shacl.paths import predicates
from emgraph.shacl.value_tests import as_stored
from emgraph.terms import Term
from emgraph.tokens import Token, tokens

_RUN, _AS_OF = f"<{EM}run>", f"<{EM}asOf>"
_TYPES = ("a", f"<{RDF}type>")


class Facts(NamedTuple):
    """The day to judge at, and of the ontology: what is below each class and who is in it.

    `predicates` are its properties, `about` all that it names, which may stand with the data too.

    Without a day all of that stands with the data, and nothing is written out.
    """

    day: Literal | None = None
    under: Mapping[str, set[str]] = {}
    members: Mapping[str, set[str]] = {}
    predicates: Collection[str] = ()
    about: Collection[Term] = ()

    @classmethod
    def of(cls, background: Iterable[Quad], about: Collection[Term] = ()) -> Facts:
        """The facts among the statements of the ontology and the run; `about` is all it names."""
        day: Literal | None = None
        under: dict[str, set[str]] = {}
        members: dict[str, set[str]] = {}
        used = set()
        for subject, predicate, value, _ in background:
            if predicate.value == EM + "asOf" and isinstance(value, Literal):
                day = value
                continue
            used.add(predicate.value)
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
                continue
            if predicate.value == RDFS + "subClassOf":
                under.setdefault(value.value, set()).add(subject.value)
            elif predicate.value == RDF + "type" and not value.value.startswith((OWL, RDFS)):
                members.setdefault(value.value, set()).add(subject.value)
        return cls(day, under, members, frozenset(used), about)

    def things(self, class_: str) -> set[str]:
        """What the ontology itself puts in a class or in one below it."""
        classes = closure(class_, self.under)
        return {thing for name in classes for thing in self.members.get(name, ())}

    def check(self, path: Path | None) -> None:
        """Raise Uncovered for a path along what the ontology says; rdf:type is of the data."""
        for predicate in set(predicates(path)) - {RDF + "type"} if self.day is not None else ():
            if predicate in self.predicates:
                raise Uncovered(f"a path along {shrink(predicate)}, which is the ontology's")

    def kept(self, terms: Sequence[Term]) -> Sequence[Term]:
        """The terms, which a shape names to be compared with values as they are written.

        In files these are so compared: raises Uncovered for one that a store spells otherwise.
        """
        for term in terms if self.day is None else ():
            if isinstance(term, Literal) and as_stored(term) != term:
                raise Uncovered(f"{term}, whose spelling a store changes")
        return terms

    def written(self, text: str) -> str:
        """A query (its IRIs whole) with the day in it; raises Uncovered if it reads more."""
        if self.day is None:
            return text
        found = list(tokens(text))
        iris = {token.text[1:-1] for token in found if token.kind == "iri"}
        for iri in sorted(iris):
            if iri != RDF + "type" and (iri in self.predicates or self.things(iri)):
                raise Uncovered(f"SPARQL about {shrink(iri)}, of which the ontology speaks")
        words = {token.text.upper() for token in found if token.kind == "word"}
        for token, after in pairwise(found):
            if token.text in _TYPES and after.kind == "variable" and "IN" not in words:
                raise Uncovered("SPARQL about any class, also those of the ontology")
        for index in reversed(range(len(found))):
            if found[index].text == _AS_OF:
                text = self._with_day(text, found, index)
                found = list(tokens(text))
        return text

    def _with_day(self, text: str, found: Sequence[Token], index: int) -> str:
        """A text without `em:run em:asOf ?day .`, and with the day for the variable."""
        subject, value = found[index - 1], found[index + 1]
        opened = [i for i, token in enumerate(found) if token.text == "{"]
        closed = [i for i, token in enumerate(found) if token.text == "}"]
        places = [i for i, token in enumerate(found) if token.text[1:] == value.text[1:]]
        selects = sum(token.text.upper() == "SELECT" for token in found)
        inside = all(opened[0] < place < closed[-1] for place in places)
        if subject.text != _RUN or value.kind != "variable" or not inside or selects > 1:
            raise Uncovered("SPARQL that asks for the day in another way than em:run em:asOf ?day")
        for place in reversed(places):
            token = found[place]
            if place == index + 1:
                after = found[place + 1]
                end = after.end if after.text == "." else token.end
                text = text[: subject.start] + text[end:]
            elif token.kind == "variable":
                if found[place - 1].text.upper() == "AS":
                    raise Uncovered("SPARQL that says another thing of the day")
                text = text[: token.start] + str(self.day) + text[token.end :]
        return text


NOTHING = Facts()
