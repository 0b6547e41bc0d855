"""Work shared among threads gives what it gives in turn."""

import pytest

from emgraph.sharing import cores, shared


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_answers_come_in_the_order_of_jobs(workers: int) -> None:
    assert shared(lambda number: number * number, range(50), workers) == [n * n for n in range(50)]
    assert shared(str, [], workers) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_fails_the_whole(workers: int) -> None:
    def _fail(number: int) -> int:
        if number == 7:
            raise KeyError(number)
        return number

    with pytest.raises(KeyError):
        shared(_fail, range(20), workers)


def test_there_is_a_core() -> None:
    assert cores() >= 1
