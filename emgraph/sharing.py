"""Work shared among threads: the engine works outside the lock of Python, so two are faster.

Threads are daemons: a process that is told to end does not wait for them.
"""

import os
from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(do: Callable[[_T], _R], jobs: Sequence[_T], workers: int) -> list[_R]:
    """What each job gives, in the order of jobs; each thread takes the next job that is left.

    Raises what the first job to fail raises.
    """
    if workers < 2:
        return [do(job) for job in jobs]
    from threading import Thread

    numbers, done = count(), dict[int, _R]()
    faults: list[BaseException] = []

    def _work() -> None:
        try:
            while not faults and (number := next(numbers)) < len(jobs):
                done[number] = do(jobs[number])
        except BaseException as fault:
            faults.append(fault)

    threads = [Thread(target=_work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return [done[number] for number in range(len(jobs))]
