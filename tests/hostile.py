"""What tests of harmful files and shapes share: the real command, held to what all must keep.

Every one: the right exit code, a few clear lines that name the file, no traceback, no fetch, and no
end of time or memory.
"""

import resource
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *words: object, given: bytes = b"") -> tuple[int, str]:
    """The exit code of the command and all that it says; it may take 2 GiB and some time."""

    def _limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    done = subprocess.run(
        [sys.executable, "-m", "emgraph", *map(str, words)],
        cwd=folder,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=_limit,
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert "is a bug" not in said
    assert all(c.isprintable() or c in "\n\t" for c in said)
    assert "root:" not in said
    return done.returncode, said
