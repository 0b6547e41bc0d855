"""Run a command to its end or to a limit, with what it took."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Run(NamedTuple):
    """One whole process: seconds by the clock and of processor, peak memory in MB, and its output.

    `seconds` is nothing if it was stopped at the limit; `failed` is what a failed one said last.
    """

    seconds: float | None
    cpu: float
    peak: float
    output: bytes
    failed: str = ""


def run(command: Sequence[str], limit: float) -> Run:
    """Run a command; at the limit (seconds) its whole process group is killed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True
        )
        status, usage = 0, None
        seconds: float | None = None
        while usage is None:
            pid, status, found = os.wait4(process.pid, os.WNOHANG)
            elapsed = time.perf_counter() - started
            if pid:
                seconds, usage = elapsed, found
            elif elapsed > limit:
                os.killpg(process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(process.pid, 0)
            else:
                time.sleep(min(0.05, max(0.0005, elapsed / 100)))
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = err.read().decode(errors="replace").strip().splitlines()
        failed = (said[-1] if said else "") if process.returncode not in (0, 1) else ""
        cpu = usage.ru_utime + usage.ru_stime
        return Run(seconds, cpu, usage.ru_maxrss / 1024, out.read(), failed)


class Figure(NamedTuple):
    """What was measured of one thing: its runs in seconds, and the peak of memory in MB."""

    name: str
    seconds: tuple[float, ...] = ()
    peak: float = 0.0
    cpu: float = 0.0
    remark: str = ""

    @property
    def median(self) -> float | None:
        """The median of the runs, or nothing if there is none."""
        return median(self.seconds) if self.seconds else None


def several(command: Sequence[str], runs: int, limit: float) -> list[Run]:
    """So many runs of a command; one alone if it reaches the limit."""
    done = [run(command, limit)]
    return (
        done
        if done[0].seconds is None
        else [*done, *(run(command, limit) for _ in range(runs - 1))]
    )


def figure(name: str, runs: Sequence[Run], limit: float, remark: str = "") -> Figure:
    """The figure of some runs of one thing; a remark tells why their times are not to be told."""
    ended = [one.seconds for one in runs if one.seconds is not None]
    if not remark and len(ended) < len(runs):
        remark = f"> {limit:,.0f} s"
    if remark:
        return Figure(name, remark=remark)
    peak = max((one.peak for one in runs), default=0.0)
    return Figure(name, tuple(ended), peak, min((one.cpu for one in runs), default=0.0))


def shown(seconds: float) -> str:
    """Seconds as a reader wants them."""
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"


def remembered(path: Path, make: Sequence[str]) -> Path:
    """A file that a command makes once."""
    if not path.exists():
        subprocess.run(make, check=True, timeout=3600, stdout=subprocess.DEVNULL)
    return path
