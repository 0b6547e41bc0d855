"""An answer as Markdown (GitHub's tables): the question, the table, what was asked and cut."""

import re

from emgraph.answers.view import View
from emgraph.screen import one_line

_MARKUP = re.compile(r"[\\`*_\[\]|~$]")


def render(shown: View) -> str:
    """The question as a bold line where there is one, the table, and a list of what was asked."""
    lines = [f"**{_text(shown.about.question)}**", ""] if shown.about.question else []
    if shown.rows or not shown.about.question:
        lines += [_row(shown.heads), _row(["---"] * len(shown.heads))]
        lines += [_row([_text(text) for text in row]) for row in shown.texts()]
    else:
        lines.append(_text(shown.about.no_rows))
    lines += ["", _text(shown.cut())] if shown.cut() else []
    asked = [f"- {_text(head)}: {_text(text)}" for head, text, _ in shown.about.facts]
    lines += ["", "Asked:", "", *asked] if asked else []
    return "".join(f"{line}\n" for line in lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Text that is text: nothing in it marks up, links, or is HTML."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\g<0>", plain)
