"""The W3C's SHACL tests, by both engines; skipped, and said so, where they are not at hand."""

import pytest

from emgraph.shacl.reference import Reference
from tests.shacl_suite import Case, cases, compiled, folder, outcome

SUITE = folder()
# The reference fails these three; the compiled engine fails the last alone, which asks for
# $shapesGraph and so is left to the reference.
UNMET = {"core/property/uniqueLang-002", "sparql/node/prefixes-001"}
UNCOVERED = {"sparql/pre-binding/shapesGraph-001"}


@pytest.mark.skipif(SUITE is None, reason="the W3C suite is not here: set EMGRAPH_SHACL_SUITE")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", list(cases(SUITE)) if SUITE else [], ids=lambda case: case.name)
def test_the_suite_of_the_w3c(case: Case) -> None:
    ours, _ = outcome(compiled, case.data, case.shapes)
    theirs, _ = outcome(Reference, case.data, case.shapes)
    assert (ours == case.expected) == (case.name not in UNCOVERED)
    assert (theirs == case.expected) == (case.name not in UNCOVERED | UNMET)


def test_the_suite_is_whole() -> None:
    if SUITE is None:
        pytest.skip("the W3C suite is not here: set EMGRAPH_SHACL_SUITE")
    assert sum(1 for _ in cases(SUITE)) == 121
