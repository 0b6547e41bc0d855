"""The console blocks of README.md, run again: after `$ ` a command, the rest what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def rerun() -> str:
    """README.md with every console block as its commands answer now."""
    return _BLOCK.sub(lambda block: _answered(block[0]), README.read_text(encoding="utf-8"))


def _answered(block: str) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_said(command)}" for command in commands)


def _said(command: str) -> str:
    """What a command says in a terminal of 100 columns, in the checkout, after `make demo`."""
    (ROOT / "build").mkdir(exist_ok=True)
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env={"PATH": beside, "COLUMNS": "100", "LANG": "C.UTF-8", "HOME": str(ROOT / "build")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
        encoding="utf-8",
    )
    return done.stdout
