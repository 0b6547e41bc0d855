"""Run work in a child process, because an engine cannot be stopped and can be crashed.

The child is a fork where the system has that (0.8 ms), else a new Python that is handed the data.
It has a limit of memory and of processor time, writes no core file, and dies with its parent.
"""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from emgraph.errors import Stopped

MEMORY = 512 * 2**20
TIMEOUT = 30.0

TOO_LARGE = "it needs more memory than it may have"
TOO_DEEP = "it is too long, or nests too deep"
_SERVE = (
    "import sys; sys.path.insert(0, sys.argv[1]); from emgraph import child; child.serve_once()"
)
_FORKING = threading.Lock()
_CRASHES = {signal.SIGABRT: TOO_LARGE, signal.SIGSEGV: TOO_DEEP}


def call(
    function: Callable[..., bytes],
    *arguments: object,
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    fork: bool = hasattr(os, "fork"),
) -> bytes:
    """What a function gives, at least one byte, when it is called in a child process.

    `timeout` is in seconds, `memory` in bytes beyond what this process has. Raises Stopped if the
    child took too much or did not live to answer. Without fork, everything has to be picklable.
    """
    started = time.monotonic()
    if fork:
        reply, status = _in_fork(function, arguments, timeout, memory)
    else:
        reply, status = _in_new_process(function, arguments, timeout, memory)
    if not reply:
        raise _stopped(status, time.monotonic() - started, timeout)
    return reply


def _in_fork(
    function: Callable[..., bytes], arguments: tuple[object, ...], timeout: float, memory: int
) -> tuple[bytes, int]:
    """The child's reply and wait status; the reply is empty if it did not live to give one."""
    parent = os.getpid()
    with _FORKING:  # a child of another thread would hold this pipe open
        readable, writable = os.pipe()
        child = os.fork()
        if child:
            os.close(writable)
    if child == 0:
        code = 1
        try:
            os.close(readable)
            _confine(parent, timeout, memory)
            with os.fdopen(writable, "wb") as pipe:
                pipe.write(function(*arguments))
            code = 0
        finally:
            os._exit(code)
    reply, complete = b"", False
    try:
        reply, complete = _read(readable, timeout)
    finally:
        os.close(readable)
        if not complete:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return reply if complete and status == 0 else b"", status


def _read(readable: int, timeout: float) -> tuple[bytes, bool]:
    """All that comes through a pipe, and whether its end came within the time (seconds)."""
    deadline = time.monotonic() + timeout
    parts: list[bytes] = []
    poll = select.poll()
    poll.register(readable, select.POLLIN | select.POLLHUP)
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            part = os.read(readable, 2**20)
            if not part:
                return b"".join(parts), True
            parts.append(part)
    return b"", False


def _in_new_process(
    function: Callable[..., bytes], arguments: tuple[object, ...], timeout: float, memory: int
) -> tuple[bytes, int]:
    import pickle
    import subprocess

    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _SERVE, str(Path(__file__).parent.parent)],
            input=pickle.dumps((function, arguments, timeout, memory)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b"", 0
    return done.stdout if done.returncode == 0 else b"", -min(done.returncode, 0)


def serve_once() -> None:
    """Make the one call on standard input, its answer on standard output; for a child only."""
    import pickle

    function, arguments, timeout, memory = pickle.loads(sys.stdin.buffer.read())
    _confine(os.getppid(), timeout, memory)
    sys.stdout.buffer.write(function(*arguments))


def _confine(parent: int, timeout: float, memory: int) -> None:
    """Limit this process, silence the engine when it crashes, and die with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "faulthandler" in sys.modules:
        sys.modules["faulthandler"].disable()
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:
        return
    seconds = int(timeout) + 2
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _size() + memory),
    ):
        with contextlib.suppress(OSError, ValueError):
            hard = resource.getrlimit(limit)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)  # noqa: PLW2901
            resource.setrlimit(limit, (value, hard))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _size() -> int:
    """The address space of this process in bytes, as far as the system tells."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 2**34


def _stopped(status: int, seconds: float, timeout: float) -> Stopped:
    number = status & 0x7F
    if seconds >= timeout or number == getattr(signal, "SIGXCPU", -1):
        return Stopped(seconds)
    cause = signal.Signals(number).name if number in set(signal.Signals) else "no reason given"
    return Stopped(seconds, next((c for crash, c in _CRASHES.items() if crash == number), cause))
