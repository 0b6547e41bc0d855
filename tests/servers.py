"""Real SPARQL servers on this machine: Oxigraph and Virtuoso, each on a free port of 127.0.0.1.

`running` is a server of one's own, whose data can be changed. `shared` is one for the whole run of
the tests, whichever process asks first: a keeper process (this module, run) holds it and stops it
when the last user is gone, however that ended, because a lock ends with its process.
"""

import ctypes
import fcntl
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple, TextIO
from urllib.error import URLError
from urllib.request import Request, urlopen

from pyoxigraph import Quad, RdfFormat, parse, serialize

KINDS = ("oxigraph", "virtuoso")
START, LOAD = 120, 1800  # seconds that a server may take to start, and a file to load

_PACKAGE = {"oxigraph": "pip install oxigraph", "virtuoso": "apt-get install {}"}
_DEBIAN = "virtuoso-opensource-7-bin"
_INI = """
[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = /
{memory}
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 10000
"""
_SMALL = "NumberOfBuffers = 60000\nMaxDirtyBuffers = 45000"
_LARGE = """NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
MaxQueryMem = 2G
ThreadsPerQuery = 2"""


class Server(NamedTuple):
    """A server that runs: its kind, its SPARQL endpoint, and the port of its SQL (Virtuoso's)."""

    kind: str
    url: str
    sql: int

    def load(self, quads: Path) -> None:
        """Replace all data by an N-Quads file; Oxigraph gets the merge in its default graph."""
        if self.kind == "oxigraph":
            self.update("CLEAR ALL")
            url = self.url.replace("/query", "/store?no_transaction")
            with TemporaryFile() as file:
                serialize(_with_merge(quads), file, RdfFormat.N_QUADS)
                size = file.tell()
                file.seek(0)
                _post(url, file, "application/n-quads", size)
        else:
            text = f"DB.DBA.TTLP_MT(file_open('{quads.resolve()}'), '', 'urn:none', 512);"
            self.isql(f"RDF_GLOBAL_RESET(); log_enable(2); {text} checkpoint;")

    def update(self, text: str) -> None:
        """Change the data of an Oxigraph server by SPARQL."""
        url = self.url.replace("/query", "/update")
        body = text.encode()
        _post(url, io.BytesIO(body), "application/sparql-update", len(body))

    def isql(self, text: str) -> str:
        """What Virtuoso says to statements of its SQL; raises AssertionError at an error."""
        words = ["isql-vt", f"127.0.0.1:{self.sql}", "dba", "dba", f"exec={text}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=LOAD, check=False)
        assert done.returncode == 0 and "*** Error" not in done.stdout + done.stderr, done  # noqa: PT018
        return done.stdout


def missing(kind: str) -> str:
    """What to install for a kind of server, or nothing if it is there."""
    needed = (_program("oxigraph"),) if kind == "oxigraph" else ("virtuoso-t", "isql-vt")
    if all(shutil.which(program) for program in needed):
        return ""
    return f"no {kind} server here. Install it: {_PACKAGE[kind].format(_DEBIAN)}"


@contextmanager
def running(
    kind: str, folder: Path, quads: Path | None = None, *, is_large: bool = False
) -> Iterator[Server]:
    """A server of one's own that keeps its files in a folder, with an N-Quads file loaded.

    It ends with the block, and with this process. A Virtuoso takes four seconds to start; a large
    one has 2.7 GB for its pages, as a million quads need.
    """
    folder.mkdir(parents=True, exist_ok=True)
    process, server = _start(kind, folder, _LARGE if is_large else _SMALL)
    try:
        if quads is not None:
            server.load(quads)
        yield server
    finally:
        process.kill()
        process.wait(30)


@contextmanager
def shared(kind: str, folder: Path, quads: Path) -> Iterator[Server]:
    """The one server of its kind with this folder, started if nobody has; its data stays as is."""
    folder.mkdir(parents=True, exist_ok=True)
    address = folder / "address"
    with (folder / "users").open("w") as users, (folder / "starting").open("w") as starting:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not address.exists():
            _keep(kind, folder, quads)
        fcntl.flock(starting, fcntl.LOCK_UN)
        url, sql = address.read_text().split()
        yield Server(kind, url, int(sql))


def _keep(kind: str, folder: Path, quads: Path) -> None:
    """Start the keeper of a shared server, and wait until it has written the address."""
    words = [sys.executable, "-m", "tests.servers", kind, str(folder), str(quads)]
    log, kept = folder / "keeper.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [(os.POSIX_SPAWN_OPEN, number, str(log), kept, 0o600) for number in (1, 2)]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    keeper = os.posix_spawn(words[0], words, here, file_actions=files, setsid=True)
    while not (folder / "address").exists():
        assert os.waitpid(keeper, os.WNOHANG) == (0, 0), log.read_text()
        time.sleep(0.02)


def _hold(kind: str, folder: Path, quads: Path) -> None:
    """Run a shared server until nobody holds the lock of its users, even while it starts."""
    data, address, new = folder / "data", folder / "address", folder / "address.new"
    with (folder / "users").open("w") as users:
        threading.Thread(target=_end_when_unused, args=(users,), daemon=True).start()
        try:
            with running(kind, data, quads) as server:
                new.write_text(f"{server.url} {server.sql}")
                new.replace(address)
                while True:
                    signal.pause()
        finally:
            address.unlink(missing_ok=True)
            shutil.rmtree(data, ignore_errors=True)


def _end_when_unused(users: TextIO) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)
    os.kill(os.getpid(), signal.SIGTERM)


def _start(kind: str, folder: Path, memory: str) -> tuple[subprocess.Popen[bytes], Server]:
    """A process that answers; another port is tried where somebody else took the free one."""
    for _ in range(3):
        http, sql = _free_ports()
        if kind == "oxigraph":
            words = [_program("oxigraph"), "serve", "-l", "store", "-b", f"127.0.0.1:{http}"]
            server = Server(kind, f"http://127.0.0.1:{http}/query", 0)
        else:
            (folder / "virtuoso.ini").write_text(_INI.format(http=http, sql=sql, memory=memory))
            words = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
            server = Server(kind, f"http://127.0.0.1:{http}/sparql", sql)
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                words, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )  # fmt: skip
        if _answers(process, server):
            return process, server
        process.kill()
        process.wait(30)
    raise AssertionError((folder / "server.log").read_text(errors="replace"))


def _answers(process: subprocess.Popen[bytes], server: Server) -> bool:
    """Whether a server gives an answer before it ends or the time is up."""
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(URLError, OSError), urlopen(f"{server.url}?query=ASK%7B%7D", timeout=10):
            return True
        time.sleep(0.02)
    return False


def _with_merge(quads: Path) -> Iterator[Quad]:
    """The statements of a file, and each of them in the default graph too."""
    yield from parse(path=quads, format=RdfFormat.N_QUADS)
    for quad in parse(path=quads, format=RdfFormat.N_QUADS):
        yield Quad(quad.subject, quad.predicate, quad.object)


def _post(url: str, body: BinaryIO, kind: str, size: int) -> None:
    headers = {"Content-Type": kind, "Content-Length": str(size)}
    with urlopen(Request(url, body, headers), timeout=LOAD) as answer:
        answer.read()


def _program(name: str) -> str:
    """A program of this Python's environment, else of the PATH."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _die_with_parent() -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _hold(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
