"""Groups of SPARQL written otherwise mean the same: anti-joins, and what is around branches."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from emgraph.shacl.groups import is_anti_join, rewritten
from emgraph.shacl.groups import parse as parse_group
from emgraph.tokens import tokens
from tests.test_shacl import STATEMENTS, turtle

_PATTERNS = st.lists(
    st.builds(
        "{} {} {} .".format,
        st.sampled_from(["?a", "?b", "?c", ":a"]),
        st.sampled_from([":p", ":q", "?p", ":p/:q"]),
        st.sampled_from(["?a", "?b", "?c", "?d", "1"]),
    ),
    min_size=1,
    max_size=3,
)
_FILTERS = st.sampled_from(
    [
        *("", "FILTER(?c != ?a)", "FILTER(?d = 1)", "FILTER(isIRI(?b))"),
        *("FILTER NOT EXISTS { ?c :q ?e }", "FILTER NOT EXISTS { ?d :p ?b . ?b :q ?a }"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, _PATTERNS, _PATTERNS, _FILTERS)
def test_an_anti_join_means_what_not_exists_means(
    data: list[str], outer: list[str], inner: list[str], test: str
) -> None:
    group = f"{{ {' '.join(outer)} FILTER NOT EXISTS {{ {' '.join(inner)} {test} }} }}"
    parsed = parse_group(list(tokens(group)), 0)
    other = rewritten(group, parsed, "")
    assert ("MINUS" in other) == is_anti_join(parsed, parsed.denials[0][1])
    store = Store()
    store.extend(turtle(" ".join(data)))
    answers = [_bag(store, text) for text in (group, other)]
    assert answers[0] == answers[1]


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, _PATTERNS, _PATTERNS, _PATTERNS, _FILTERS)
def test_a_branch_means_the_same_with_the_patterns_around_it(
    data: list[str], outer: list[str], one: list[str], other: list[str], test: str
) -> None:
    union = f"{{ {' '.join(one)} {test} }} UNION {{ {' '.join(other)} }}"
    group = f"{{ {' '.join(outer)} {union} }}"
    changed = rewritten(group, parse_group(list(tokens(group)), 0), "")
    store = Store()
    store.extend(turtle(" ".join(data)))
    assert _bag(store, group) == _bag(store, changed)


def test_a_branch_that_is_a_product_gets_the_patterns_around_it() -> None:
    group = "{ ?a :p ?b . { ?a :q ?c . ?b :q ?d } UNION { ?a :q ?b } UNION { ?a :q ?c } }"
    changed = rewritten(group, parse_group(list(tokens(group)), 0), "")
    assert changed.count("?a :p ?b") == 3
    tested = group.replace("?b :q ?d }", "?d :q ?e FILTER(?b = 1) }")
    changed = rewritten(tested, parse_group(list(tokens(tested)), 0), "")
    assert changed.count("?a :p ?b") == 2


def _bag(store: Store, group: str) -> Counter[str]:
    query = f"PREFIX : <http://example.org/> SELECT ?a ?b ?c ?d WHERE {group}"
    return Counter(str(row) for row in store.query(query))  # type: ignore[union-attr]
