"""The rules about files as far as they can be asked of a graph that is not in files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from emgraph.errors import Late, Unanswered
from emgraph.finding import Finding
from emgraph.namespaces import DATE, DCTERMS, EM, EMSH, ONTOLOGY, OWL, RDF, XSD, shrink
from emgraph.rdf.classes import superclasses
from emgraph.shacl.asked import Asked
from emgraph.shacl.portable import ALL
from emgraph.shacl.rules import Rule
from emgraph.shacl.spelling import STORED, respellings
from emgraph.sharing import shared
from emgraph.sparql.queries import check_query
from emgraph.terms import Term
from emgraph.validation.checks import date_fault, in_words, spelt_twice, unknown_term
from emgraph.validation.mentions import MOST_ALIKE, asking_for_alike, undescribed
from emgraph.validation.slips import slips
from emgraph.validation.survey import STATED_OF_DATES

UNASKED = ("EMG001", "EMG005")
_READING_ALIKE = ("EMG002", "EMG010", "EMG013")  # asked one after another, what is read once
_NODES = (NamedNode, BlankNode)
_SYSTEM = "http://www.openlinksw.com/"
_OURS = f'FILTER(?graph != <{ONTOLOGY}> && !STRSTARTS(STR(?graph), "{_SYSTEM}"))'
# What is grouped first is judged once each: a filter is pushed into DISTINCT, to every statement.
_COUNTED = f"""SELECT ?each (COUNT(*) AS ?graphs) WHERE {{
  {{ SELECT ?graph (COUNT(*) AS ?each) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} }} GROUP BY ?graph }}
  {_OURS}
}} GROUP BY ?each"""
_NODES_OF_OURS = f"""SELECT ?value WHERE {{
  {{ SELECT ?value WHERE {{ {{ ?value ?p ?o }} UNION {{ ?s ?q ?value }} }} GROUP BY ?value {ALL} }}
  FILTER(REGEX(STR(?value), "^({EM}|{EMSH}|{DATE})") && isIRI(?value))
}}"""
_USES = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?focus ?path ?value }} {_OURS} }}
  UNION {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?focus ?value ?object }} {_OURS} }}
  UNION {{ VALUES ?value {{ %s }} GRAPH ?graph {{ ?value ?path ?object }} {_OURS} }}
}}"""
_CLASSES = "SELECT DISTINCT ?value WHERE { ?s a ?value }"
_PROPERTIES = "SELECT DISTINCT ?value WHERE { ?s ?value ?o }"
_DESCRIBED = f"""SELECT DISTINCT ?value WHERE {{
  VALUES ?value {{ %s }} GRAPH ?graph {{ ?value ?path ?object }} {_OURS}
}}"""
_LAST, _NONE = "~", "none"  # sorts after all IRIs; a node that cannot be asked about
_THINGS = f"""SELECT ?value (COUNT(DISTINCT ?focus) AS ?n) (MIN(?name) AS ?first) WHERE {{
  VALUES ?value {{ %s }} GRAPH ?graph {{ %s }} {_OURS}
  BIND(IF(isIRI(?focus), STR(?focus), "{_LAST}") AS ?name)
}} GROUP BY ?value"""
_HAVING = {True: "?focus a ?value", False: "?focus ?value ?object"}
_STATED = " ".join(map(str, STATED_OF_DATES))
_BOUNDS = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  VALUES ?path {{ {_STATED} }} ?focus ?path ?value
}}"""
_DATES_OF_ONTOLOGY = f"""SELECT DISTINCT ?focus WHERE {{
  {{ GRAPH <{ONTOLOGY}> {{ {{ ?focus ?p ?o }} UNION {{ ?s ?q ?focus }} }}
    FILTER(isIRI(?focus) && STRSTARTS(STR(?focus), "{DATE}")) }}
  UNION {{ VALUES ?path {{ {_STATED} }} GRAPH <{ONTOLOGY}> {{ ?focus ?path ?value }} }}
}}"""
_DEPRECATED = f"""SELECT DISTINCT ?value ?detail WHERE {{
  ?value <{OWL}deprecated> true OPTIONAL {{ ?value <{DCTERMS}isReplacedBy> ?detail }}
}}"""
_BLANK = f"""SELECT DISTINCT ?focus WHERE {{
  {{ {{ SELECT ?focus WHERE {{ ?focus ?p ?o }} GROUP BY ?focus }}
    FILTER(isBlank(?focus)) GRAPH ?graph {{ ?focus ?a ?b }} }}
  UNION
  {{ {{ SELECT ?focus WHERE {{ ?s ?q ?focus }} GROUP BY ?focus }}
    FILTER(isBlank(?focus)) GRAPH ?graph {{ ?c ?d ?focus }} }}
  {_OURS}
}}"""
_ODD = Literal("007", datatype=NamedNode(XSD + "integer"))
_KEPT = f"SELECT ({_ODD} AS ?value) WHERE {{}}"
_TYPED = ", ".join(f"<{name}>" for name in sorted(STORED))
_SPELT = f"""SELECT DISTINCT ?focus ?path ?value WHERE {{
  {{ SELECT ?focus ?path WHERE {{
      GRAPH ?graph {{ ?focus ?path ?any }} FILTER(isLiteral(?any) && DATATYPE(?any) IN ({_TYPED}))
    }} GROUP BY ?focus ?path HAVING(COUNT(DISTINCT ?any) > 1) }}
  GRAPH ?graph {{ ?focus ?path ?value }} {_OURS}
}}"""
_UNCITED = f"""SELECT DISTINCT ?focus WHERE {{
  {{ SELECT ?focus WHERE {{ GRAPH ?focus {{ ?a ?b ?c }} }} GROUP BY ?focus }}
  MINUS {{ ?focus a ?class FILTER(?class IN (%s)) }}
  GRAPH ?focus {{ ?subject ?property ?value }}
  FILTER NOT EXISTS {{ ?subject <{DCTERMS}source> ?source }}
  FILTER(?focus != <{ONTOLOGY}> && !STRSTARTS(STR(?focus), "{_SYSTEM}"))
}}"""


class AskedRules:
    """The file rules among some, judged at a place; `terms` are the statements of the ontology."""

    def __init__(self, place: Asked, rules: Mapping[str, Rule], terms: Sequence[Quad]) -> None:
        self._place, self._rules, self._terms = place, rules, terms
        self._read: dict[str, int] = {}  # how many dates, by the code of their rule

    def findings(self) -> dict[str, list[Finding] | Late | None]:
        """What each of them finds, or why it was not answered; None if only files tell."""
        ways = {
            "EMG002": self._unknown,
            "EMG003": self._deprecated,
            "EMG004": self._blank,
            "EMG006": self._uncited,
            "EMG010": self._dates,
            "EMG011": self._twice,
            "EMG012": self._undescribed,
            "EMG013": self._slips,
        }

        def _of(code: str) -> list[Finding] | Late | None:
            try:
                if code == "EMG011" and not self._keeps_spellings():
                    return None
                return list(ways[code](self._rules[code]))
            except Late as late:
                return Late(str(late))

        jobs = [(code,) for code in ways if code not in _READING_ALIKE]
        wanted = [[code for code in job if code in self._rules] for job in (_READING_ALIKE, *jobs)]
        several = shared(lambda codes: {c: _of(c) for c in codes}, wanted, self._place.workers)
        found = {code: one for part in several for code, one in part.items()}
        return dict.fromkeys(code for code in UNASKED if code in self._rules) | found

    def looked_at(self) -> dict[str, int]:
        """How many statements, graphs or dates each of them looked at; findings are asked first."""
        statements, graphs = self._counted
        counts = dict.fromkeys(
            ("EMG002", "EMG003", "EMG004", "EMG011", "EMG012", "EMG013"), statements
        )
        counts |= {"EMG006": graphs} | self._read
        return {code: count for code, count in counts.items() if code in self._rules}

    @property
    def statements(self) -> int:
        """How many statements there are; raises EmgraphError where that is not answered."""
        return self._counted[0]

    @cached_property
    def _counted(self) -> tuple[int, int]:
        """How many statements and graphs there are."""
        statements = graphs = 0
        for row in self._place.rows(_COUNTED):
            said = [
                term.value for term in (row["each"], row["graphs"]) if isinstance(term, Literal)
            ]
            if len(said) < 2 or not all(map(str.isdigit, said)):
                raise Unanswered(f"{self._place.name} does not count: it gives what is no number.")
            each, many = map(int, said)
            statements, graphs = statements + each * many, graphs + many
        return statements, graphs

    @cached_property
    def _of_ours(self) -> list[NamedNode]:
        """The terms and dates of ours that statements are about or refer to, the ontology's too."""
        return self._named(_NODES_OF_OURS)

    def _named(self, query: str) -> list[NamedNode]:
        """The IRIs that a query gives as ?value, each once and in order."""
        values = {row["value"] for row in self._place.rows(query)}
        return sorted((value for value in values if isinstance(value, NamedNode)), key=str)

    @cached_property
    def _properties(self) -> list[NamedNode]:
        """The properties that statements there have, the ontology's and a server's own too."""
        return self._named(_PROPERTIES)

    def _unknown(self, rule: Rule) -> Iterator[Finding]:
        declared = _declared(self._terms)
        used = {str(term.value) for term in (*self._of_ours, *self._properties)}
        unknown = {name for name in used - declared if name.startswith((EM, EMSH))}
        known = [shrink(name) for name in sorted(declared) if name.startswith((EM, EMSH))]
        for focus, path, value in self._uses(unknown):
            yield rule.finding(
                unknown_term(value.value, known), focus=focus, path=path, value=value
            )

    def _deprecated(self, rule: Rule) -> Iterator[Finding]:
        successors: dict[str, Term | None] = {}
        for row in self._place.rows(_DEPRECATED):
            if isinstance(row["value"], NamedNode):
                successors[row["value"].value] = row["detail"]
        for quad in self._terms:
            if quad.predicate.value == OWL + "deprecated" and quad.object == Literal(True):
                of = (q.object for q in self._terms if q.subject == quad.subject and _replaces(q))
                if isinstance(quad.subject, NamedNode):
                    successors[quad.subject.value] = next(of, None)
        for focus, path, value in self._uses(successors):
            if focus != value:
                yield rule.finding(
                    in_words(successors[value.value]), focus=focus, path=path, value=value
                )

    def _uses(self, names: Iterable[str]) -> list[tuple[Term, NamedNode | None, NamedNode]]:
        """Where terms are used: of what, as which property or its value."""
        listed = " ".join(f"<{name}>" for name in sorted(names))
        if not listed:
            return []
        found = []
        for row in self._place.rows(_USES.replace("%s", listed)):
            focus, path, value = row["focus"], row["path"], row["value"]
            if isinstance(value, NamedNode):
                if path is None and focus is not None:
                    path = value
                path = path if isinstance(path, NamedNode) else None
                found.append((value if focus is None else focus, path, value))
        return sorted(found, key=str)

    def _blank(self, rule: Rule) -> Iterator[Finding]:
        for focus in self._foci(_BLANK):
            yield rule.finding(focus=focus)

    def _uncited(self, rule: Rule) -> Iterator[Finding]:
        kinds = [
            name
            for name, above in superclasses(self._terms).items()
            if EM + "StatementSource" in above
        ]
        listed = ", ".join(f"<{name}>" for name in sorted(kinds))
        for focus in self._foci(_UNCITED.replace("%s", listed)):
            yield rule.finding(focus=focus)

    def _dates(self, rule: Rule) -> Iterator[Finding]:
        """The meaning of EDTF is known here alone, so the dates there and their bounds are read."""
        bounds = Store()
        for row in self._place.rows(_BOUNDS):
            focus, path, value = row["focus"], row["path"], row["value"]
            if isinstance(focus, _NODES) and isinstance(path, NamedNode) and value is not None:
                bounds.add(Quad(focus, path, value))
        used = (node for node in self._of_ours if node.value.startswith(DATE))
        stated = (quad.subject for quad in bounds if isinstance(quad.subject, _NODES))
        nodes: set[NamedNode | BlankNode] = {*used, *stated}
        foreign = self._foci(_DATES_OF_ONTOLOGY)
        nodes.difference_update(node for node in foreign if not self._place.stands(node))
        self._read[rule.code] = len(nodes)
        for node in sorted(nodes, key=str):
            if words := date_fault(node, bounds):
                yield rule.finding(words, focus=node)

    def _keeps_spellings(self) -> bool:
        """Whether a place gives a value back as it was spelt: our stores and Virtuoso do not."""
        return any(row["value"] == _ODD for row in self._place.rows(_KEPT))

    def _twice(self, rule: Rule) -> Iterator[Finding]:
        """Whatever has several values of one property is asked for, and sorted as in files."""
        found = []
        for row in self._place.rows(_SPELT):
            focus, path, value = row["focus"], row["path"], row["value"]
            if (
                isinstance(focus, _NODES)
                and isinstance(path, NamedNode)
                and isinstance(value, Literal)
            ):
                found.append(Quad(focus, path, value))
        yield from spelt_twice(rule, respellings(sorted(found, key=str)).twice())

    def _undescribed(self, rule: Rule) -> Iterator[Finding]:
        missing = self._foci(check_query("undescribed-thing"))
        nodes = [node for node in missing if isinstance(node, NamedNode)]
        yield from undescribed(rule, nodes, self._alike)

    def _alike(self, missing: Sequence[NamedNode]) -> list[str]:
        """The IRIs of things there of the kinds of some, or of their names; none if too many."""
        try:
            found = self._foci(asking_for_alike(missing))
        except Late:
            return []
        names = [str(term.value) for term in found if isinstance(term, NamedNode)]
        return names if len(found) < MOST_ALIKE else []

    def _slips(self, rule: Rule) -> Iterator[Finding]:
        classes, declared = self._named(_CLASSES), _declared(self._terms)
        found = list(slips(classes, self._properties, declared))
        listed = " ".join(sorted({str(slip.term) for slip in found}))
        if not listed:
            return
        described = {row["value"] for row in self._place.rows(_DESCRIBED % listed)}
        used = {
            (row["value"], is_class): row
            for is_class, pattern in _HAVING.items()
            for row in self._place.rows(_THINGS % (listed, pattern))
        }
        for slip in found:
            row = used.get((slip.term, slip.is_class))
            if row is None or slip.term in described:
                continue
            first, count = row["first"], row["n"]
            if isinstance(first, Literal) and isinstance(count, Literal):
                named = first.value != _LAST
                thing = NamedNode(first.value) if named else BlankNode(_NONE)
                yield slip.finding(rule, thing, int(count.value))

    def _foci(self, query: str) -> list[Term]:
        return sorted(
            (row["focus"] for row in self._place.rows(query) if row["focus"] is not None), key=str
        )


def _declared(terms: Sequence[Quad]) -> set[str]:
    typed = (quad.subject for quad in terms if quad.predicate.value == RDF + "type")
    return {subject.value for subject in typed if isinstance(subject, NamedNode)}


def _replaces(quad: Quad) -> bool:
    return quad.predicate.value == DCTERMS + "isReplacedBy"
