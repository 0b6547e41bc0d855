"""Ctrl-C ends what Python would wait for: a file that the engine reads in one call."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from emgraph.cli.main import INTERRUPTED

_MOST_TRIES = 5


@contextmanager
def ending_at_once(
    unfinished: Path | None = None, last: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """While this lasts, Ctrl-C ends the process at once, and removes a folder that is unfinished.

    Nothing else may be half written meanwhile. `last` leaves the terminal as it was.
    """
    if threading.current_thread() != threading.main_thread():
        yield
        return
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    before = signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(readable, unfinished, last), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writable)
        watcher.join()
        os.close(readable)


def _watch(readable: int, unfinished: Path | None, last: Callable[[], object]) -> None:
    """Wait for the number of a signal; end the process if it is that of Ctrl-C."""
    while number := os.read(readable, 1):
        if number[0] == signal.SIGINT:
            try:
                if unfinished is not None:
                    _remove(unfinished)
                last()
            finally:
                os._exit(INTERRUPTED)


def _remove(folder: Path) -> None:
    """Remove a folder into which the engine still writes: again, if something came meanwhile."""
    from shutil import rmtree

    for _ in range(_MOST_TRIES):
        rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
