"""No canned question grows faster with the data than n log n, unless its answer does."""

import pytest
from pyoxigraph import Store

from benchmarks import growth

SIZES = (10_000, 100_000)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> list[Store]:
    """The nation at both sizes."""
    return growth.stores(tmp_path_factory.mktemp("nation"), SIZES)


def test_no_question_grows_faster_than_its_data_or_its_answer(stores: list[Store]) -> None:
    """A disturbed measurement can look steep: what does is measured once more."""
    steep = {one.name for one in growth.questions(stores) if one.is_steep(SIZES)}
    again = growth.questions(stores) if steep else ()
    assert [one for one in again if one.name in steep and one.is_steep(SIZES)] == []
