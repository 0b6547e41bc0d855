"""What took how long is told by name."""

import pytest

from emgraph.stopwatch import Stopwatch


def test_time_is_added_up_by_name_even_where_something_fails() -> None:
    watch = Stopwatch()
    with watch.of("b"):
        pass
    first = watch.seconds["b"]
    with pytest.raises(ValueError, match="x"), watch.of("b"):
        raise ValueError("x")
    with watch.of("a"):
        pass
    assert list(watch.seconds) == ["b", "a"]
    assert watch.seconds["b"] > first > 0
