"""Whole answers from an endpoint, whatever its default graph is and however few rows it gives."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from emgraph.child import TIMEOUT
from emgraph.errors import EmgraphError
from emgraph.namespaces import EM
from emgraph.servers.remote import Endpoint, columns, form_of
from emgraph.sparql.isolate import Answer, Rows
from emgraph.sparql.queries import Question
from emgraph.tokens import tokens

MAX_GRAPHS = 1000
MANY = 10_000  # rows, by which a server is tried
_SUSPECT = 1000  # rows, from which on those of a server that was not tried are counted

_LESS = "Ask for less, or take off the limit of rows there or in a proxy"
_SAMPLE = 100_000
_HEX = "0123456789abcdef"
_DEEPEST = 4  # digits of a hash that parts of an answer are told apart by
_BEYOND = f"""SELECT ?g WHERE {{
  {{ SELECT ?g ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_SAMPLE} }}
  FILTER NOT EXISTS {{ ?s ?p ?o }}
}} LIMIT 1"""
# Virtuoso takes minutes for SELECT DISTINCT with LIMIT, and milliseconds for GROUP BY.
_GRAPHS = f"SELECT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g LIMIT {MAX_GRAPHS + 1}"
_UNBOUND = """SELECT ?x ?y WHERE {
  VALUES ?x { 1 }
  { SELECT ?x ?y WHERE { { BIND(2 AS ?y) } UNION { BIND(1 AS ?x) BIND(3 AS ?y) } } }
}"""
_DIGITS = " ".join(f'"{digit}"' for digit in range(10))
_MANY = f"""SELECT (CONCAT(?a, ?b, ?c, ?d) AS ?x) WHERE {{
  VALUES ?a {{ {_DIGITS} }} VALUES ?b {{ {_DIGITS} }}
  VALUES ?c {{ {_DIGITS} }} VALUES ?d {{ {_DIGITS} }}
}}"""
_KNOWN = f"""ASK {{ GRAPH ?g {{ ?thing a ?class }} FILTER(STRSTARTS(STR(?class), "{EM}")) }}"""


def run(url: str, query: str, *, timeout: float = TIMEOUT) -> Answer:
    """The whole answer of an endpoint to a query of the user's own, asked as it stands.

    `timeout` is in seconds, for everything together. Raises EmgraphError.
    """
    return whole(Endpoint(url, timeout=timeout), query)


def ask(
    endpoint: Endpoint,
    question: Question,
    values: Mapping[str, Sequence[NamedNode | Literal]] | None = None,
) -> Answer:
    """The whole answer to a question, with these parameters, of an endpoint that `citing` gave.

    A server that joins VALUES wrongly with what is unbound (Virtuoso) is asked for all values of a
    parameter that is a column, and the values are picked here. Raises EmgraphError also where no
    row comes because nothing there is known to us.
    """
    bound = dict(values or {})
    picked = _picked(question, bound)
    if picked and len(endpoint.rows(_UNBOUND).rows) == 2:
        picked = {}
    text = question.bound({name: () if name in picked else bound[name] for name in bound})
    answer = whole(endpoint, text)
    if isinstance(answer, Rows):
        answer = _ordered(_distinct(_narrowed(answer, picked), text), text) if picked else answer
        if not answer.rows and endpoint.run(_KNOWN).answer is not True:
            raise endpoint.error(
                "no named graph there holds a thing of emgraph's ontology. Load the TriG or "
                "N-Quads of a graph, which keep the graphs that are cited"
            )
    return answer


def _picked(
    question: Question, values: Mapping[str, Sequence[NamedNode | Literal]]
) -> dict[str, Sequence[NamedNode | Literal]]:
    """The values that could as well be picked from the answer: of columns otherwise left open.

    Of an answer in groups they are those that tell the groups apart. Several values are picked even
    if one is the default: Virtuoso crashes over two in areas-for-improvement.
    """
    outer = _outermost(question.text)
    top = [word for word, _ in outer]
    if set(top) & {"LIMIT", "OFFSET", "HAVING"}:
        return {}
    free = set(columns(question.text))
    if "GROUP" in top:
        start = next(at for word, at in outer if word == "GROUP")
        end = next((at for word, at in outer if word == "ORDER"), len(question.text))
        free &= {token.text[1:] for token in tokens(question.text[start:end])}
    return {
        name: terms
        for name, terms in values.items()
        if name in free and (terms if name in question.left_open else len(terms) > 1)
    }


def _narrowed(rows: Rows, picked: Mapping[str, Sequence[NamedNode | Literal]]) -> Rows:
    """The rows with one of these values in each of these columns, as a join with VALUES has it."""
    found = rows.rows
    for name, terms in picked.items():
        at = rows.variables.index(name)
        found = [
            (*row[:at], term, *row[at + 1 :])
            for row in found
            for term in dict.fromkeys(terms)
            if row[at] in (None, term)
        ]
    return rows._replace(rows=found)


def capped(endpoint: Endpoint) -> Endpoint:
    """The endpoint, knowing how many rows it gives whole, or to how many it cuts, if to less.

    Nobody tells of it where a proxy cuts, so one question with MANY rows is asked. Raises
    EmgraphError where one row at most is left, from which nothing can be put together.
    """
    found = len(endpoint.rows(_MANY).rows)
    if found < 2 or found > MANY:
        raise endpoint.error(
            f"of the {MANY:,} rows of a question it gives {found:,}, so that nothing it says can "
            "be relied on. Take off the limit of rows there or in a proxy, or name another address"
        )
    return replace(endpoint, least=found) if found == MANY else replace(endpoint, most=found)


def citing(endpoint: Endpoint) -> Endpoint:
    """The endpoint, seen so that its default graph holds what its named graphs hold.

    Whether it does is tried with at most 100,000 statements. Where it does not, Oxigraph is told to
    make it so, and any other server is given the name of each graph in the request; raises
    EmgraphError where these are more than MAX_GRAPHS.
    """
    united = replace(endpoint, parameters=(("union-default-graph", "true"),))
    for seen in (endpoint, united):
        if not seen.rows(_BEYOND).rows:
            return seen
    named = whole(endpoint, _GRAPHS)
    rows = named.rows if isinstance(named, Rows) else []
    graphs = sorted(getattr(row[0], "value", "") for row in rows)
    if len(graphs) > MAX_GRAPHS:
        raise endpoint.error(
            f"its default graph lacks what its named graphs hold, and more than {MAX_GRAPHS:,} "
            "graphs cannot be named in a request. Make the default graph the union of the others "
            "(docs/endpoints.md says how), or load their merge into it"
        )
    kinds = ("default-graph-uri", "named-graph-uri")
    pairs = tuple((kind, graph) for graph in graphs for kind in kinds)
    return replace(endpoint, parameters=pairs)


def whole(endpoint: Endpoint, query: str) -> Answer:
    """The answer to a query, put together from parts where the server cuts it.

    A server says so (Virtuoso), is known for it (`capped`), or is suspected: then the rows are
    counted. All parts together have the time of one query. SELECT DISTINCT is made distinct once
    more, because Virtuoso is lax. Raises EmgraphError for an answer that stays cut, and as
    Endpoint.run does.
    """
    if endpoint.deadline is None:
        endpoint = replace(endpoint, deadline=time.monotonic() + endpoint.timeout)
    given = endpoint.run(query)
    answer = given.answer
    if not isinstance(answer, Rows):
        if isinstance(answer, list) and answer and form_of(query) == "CONSTRUCT":
            _check_graph(endpoint, query)
        return answer
    found = len(answer.rows)
    is_cut = given.most is not None and found >= given.most
    if is_cut or _is_suspect(endpoint, found):
        total = _total(endpoint, query)
        if total is None and is_cut:
            raise endpoint.error(f"the server gives no more than {found:,} rows. {_LESS}")
        if total is not None and total > found:
            rows = [row for part in _parts(endpoint, query, answer, found) for row in part.rows]
            answer = _ordered(_distinct(Rows(answer.variables, rows), query), query)
            if len(answer.rows) != total:
                raise endpoint.error(
                    f"the server gives no more than {found:,} of {total:,} rows. {_LESS}"
                )
    return _distinct(answer, query)


def _is_suspect(endpoint: Endpoint, found: int) -> bool:
    """Whether so many rows can be a part of an answer that is cut without a word.

    A server that was not tried is asked for one row more, where these are few.
    """
    if endpoint.most is not None or found == 0:
        return False
    if endpoint.least or found >= _SUSPECT:
        return found >= endpoint.least
    more = found + 1
    listed = " ".join(map(str, range(more)))
    try:
        return len(endpoint.rows(f"SELECT ?x WHERE {{ VALUES ?x {{ {listed} }} }}").rows) != more
    except EmgraphError:
        return True


def _total(endpoint: Endpoint, query: str) -> int | None:
    """How many rows the whole answer has; nothing where that cannot be asked."""
    total = _fresh(query, "total")
    try:
        rows = endpoint.rows(_around(query, f"(COUNT(*) AS ?{total})", "")).rows
        return int(getattr(rows[0][0], "value", "")) if len(rows) == 1 else None
    except (EmgraphError, ValueError):
        return None


def _parts(
    endpoint: Endpoint, query: str, cut: Rows, most: int, digits: str = ""
) -> Iterator[Rows]:
    """The rows of an answer in parts that are small enough, told apart by a hash of each row."""
    texts = (f'IF(BOUND(?{v}) && !isBlank(?{v}), STR(?{v}), "")' for v in cut.variables)
    key = f'MD5(CONCAT({", ".join(texts)}, ""))'
    shown = " ".join(f"?{name}" for name in cut.variables)
    for digit in _HEX:
        start = digits + digit
        condition = f'FILTER(STRSTARTS({key}, "{start}"))'
        part = endpoint.rows(_around(query, shown, condition))
        if len(part.rows) < most:
            yield part
        elif len(start) < _DEEPEST:
            yield from _parts(endpoint, query, cut, most, start)
        else:
            raise endpoint.error(f"the server gives no more than {most:,} rows. {_LESS}")


def _around(query: str, shown: str, condition: str) -> str:
    """A query over the rows of another, which becomes its sub-select."""
    start = next(token.start for token in tokens(query) if token.text.upper() == "SELECT")
    inner = f"{{ {query[start:]}\n}}"
    return f"{query[:start]}\nSELECT {shown} WHERE {{ {inner} {condition} }}"


def _fresh(query: str, name: str) -> str:
    """A variable name that a query does not use."""
    return next(f"{name}{n}" for n in count() if f"{name}{n}" not in query)


def _check_graph(endpoint: Endpoint, query: str) -> None:
    """Raise EmgraphError if the solutions that a CONSTRUCT is made of are cut."""
    found = list(tokens(query))
    form = next(token for token in found if token.text.upper() == "CONSTRUCT")
    where = next((t for t in found if t.text.upper() == "WHERE" and t.start > form.start), None)
    if where is not None:
        solutions = f"{query[: form.start]}SELECT * {query[where.start :]}"
        given = endpoint.run(solutions)
        many = len(given.answer.rows) if isinstance(given.answer, Rows) else 0
        is_cut = given.most is not None
        if is_cut or (_is_suspect(endpoint, many) and (_total(endpoint, solutions) or 0) > many):
            raise endpoint.error(f"the server gives no more than {many:,} solutions. {_LESS}")


def _outermost(query: str) -> list[tuple[str, int]]:
    """The words outside all brackets, in capitals, and where each starts."""
    depth, outer = 0, []
    for token in tokens(query):
        depth += (token.text in "{(") - (token.text in "})") if token.kind == "mark" else 0
        if depth == 0:
            outer.append((token.text.upper(), token.start))
    return outer


def _tail(query: str) -> str:
    """The ORDER BY of the outermost group, without what comes after it."""
    top = _outermost(query)
    order = max((start for word, start in top if word == "ORDER"), default=None)
    ends = [start for word, start in top if word in ("LIMIT", "OFFSET", "VALUES")]
    if order is None:
        return ""
    return query[order : min((end for end in ends if end > order), default=len(query))]


def _ordered(rows: Rows, query: str) -> Rows:
    """The rows in the order that the query asks for, as our own engine sorts."""
    order = _tail(query)
    used = {token.text[1:] for token in tokens(order) if token.kind == "variable"}
    is_blank = any(isinstance(term, BlankNode) for row in rows.rows for term in row)
    if not order or is_blank or not used <= set(rows.variables):
        return rows
    lines = "\n".join(f"({' '.join(str(t or 'UNDEF') for t in row)})" for row in rows.rows)
    shown = " ".join(f"?{name}" for name in rows.variables)
    start = next(token.start for token in tokens(query) if token.text.upper() == "SELECT")
    text = f"{query[:start]}\nSELECT {shown} WHERE {{ VALUES ({shown}) {{ {lines} }} }} {order}"
    sorted_rows = Store().query(text)
    assert isinstance(sorted_rows, QuerySolutions)
    return Rows(rows.variables, [tuple(row) for row in sorted_rows])


def _distinct(rows: Rows, query: str) -> Rows:
    found = [token.text.upper() for token in tokens(query)]
    if found[found.index("SELECT") + 1 :][:1] != ["DISTINCT"]:
        return rows
    return rows._replace(rows=list(dict.fromkeys(rows.rows)))
