"""emgraph init"""

import shlex
from pathlib import Path

import click

from emgraph.cli.options import deliver


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new graph of one's own in DIR, ready to validate in CI.

    DIR is new or empty. It gets an example paper to replace, a rule and a question of one's own,
    and the files for GitHub, GitLab and pre-commit.
    """
    from emgraph.pages.beginning import begin

    made = begin(folder)
    lines = [
        f"A new graph stands in {folder}:",
        *(f"  {name}" for name in made),
        "Next:",
        f"  cd {shlex.quote(str(folder))}",
        "  emgraph validate data --shapes bundled --shapes shapes",
        "  emgraph query agreement-register --data data --queries queries",
    ]
    deliver(("\n".join(lines) + "\n").encode(errors="backslashreplace"), None)
