"""emgraph rules"""

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from emgraph.cli.options import OUTPUT, deliver
from emgraph.endings import format_of
from emgraph.errors import EmgraphError
from emgraph.findings.plain import line
from emgraph.rdf.files import ontology
from emgraph.screen import visible
from emgraph.shacl.rules import Rule, called, catalogue, law_words, read_shapes, shape_files

FORMATS = ("text", "json", "csv")
_WIDTH = 80
_PIECES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^\s"])+')
_CLAUSES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^"])+?(?: ;(?= |$)|$)')


@click.command()
@click.argument("code", required=False)
@click.option("--shapes", multiple=True, metavar="PATH|bundled", help="Shapes to read; repeatable.")
@click.option("--sparql", is_flag=True, help="The queries that the rule is compiled to.")
@click.option("--format", "format_", metavar="FORMAT", help=f"{', '.join(FORMATS)}. Default: text.")
@OUTPUT
def rules(
    code: str | None,
    shapes: tuple[str, ...],
    sparql: bool,
    format_: str | None,
    output: Path | None,
) -> None:
    """List the rules; with a CODE, tell one in full, with examples.

    A rule is found by its name too. In full: its message, its reason, what to do, the law that it
    rests on, and an example each that keeps and breaks it.
    """
    if sparql and code is None:
        raise EmgraphError("--sparql needs the CODE of a rule. List them: emgraph rules")
    if sparql and format_ not in (None, "text"):
        raise EmgraphError("--sparql prints queries. Leave --format out.")
    chosen = "text" if sparql else format_of(format_, output, FORMATS, "a list of rules")
    known = catalogue(shape_files(shapes))
    found = list(known.values()) if code is None else [called(code, known)]
    if chosen == "json":
        text = _json([_told(rule) for rule in found])
    elif chosen == "csv":
        text = _csv([_told(rule) for rule in found])
    elif code is None:
        text = _listing(found)
    else:
        text = _queries(found[0], shapes) if sparql else _page(found[0])
    deliver((visible(text) if output is None and sys.stdout.isatty() else text).encode(), output)


def _told(rule: Rule) -> dict[str, str]:
    """What a program may want to know of a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "topic": rule.topic,
        "severity": rule.severity.word,
        "message": rule.message,
        "reason": rule.reason,
        "remedy": rule.remedy,
        "restsOn": "; ".join(law_words(rule.law).values()),
        "shape": rule.shape,
    }


def _json(found: list[dict[str, str]]) -> str:
    import json

    return f"{json.dumps(found, indent=2, ensure_ascii=False)}\n"


def _csv(found: list[dict[str, str]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(found[0])
    writer.writerows(rule.values() for rule in found)
    return text.getvalue()


def _listing(found: list[Rule]) -> str:
    lines, topic = [], ""
    for rule in found:
        if rule.topic != topic:
            topic = rule.topic
            lines += ["", line(topic.capitalize())]
        head = f"  {line(rule.code)}  {rule.severity.word:<9}  "
        lines += _wrapped(rule.message, head, " " * len(head)) or [head.rstrip()]
    return "\n".join([*lines[1:], "", "One rule in full: emgraph rules CODE (or its name)", ""])


def _queries(rule: Rule, shapes: tuple[str, ...]) -> str:
    if rule.is_file_rule:
        return f"# {rule.code} is a rule about files, and no shape.\n"
    from emgraph.rdf.store import statements
    from emgraph.shacl.listing import queries_of
    from emgraph.validation.judging import blame, defined

    readings = read_shapes(shape_files(shapes))
    try:
        queries = [*queries_of(rule.code, defined(readings), statements(ontology()))]
    except EmgraphError as fault:
        raise blame(fault, readings) from fault
    return "\n".join(queries or [f"# {rule.code} looks at no node, and asks nothing.\n"])


def _page(rule: Rule) -> str:
    law = "; ".join(law_words(rule.law).values())
    said = [("Why", rule.reason), ("To do", rule.remedy), ("Rests on", law)]
    title = "  ".join((line(rule.code), rule.severity.word, line(rule.name)))
    parts = [
        "\n".join([title, "", *_wrapped(rule.message)]),
        *("\n".join([head, *_wrapped(text)]) for head, text in said if text),
    ]
    for head, path in zip(("Keeps it", "Breaks it"), rule.examples, strict=True):
        if path.is_file():
            parts.append(f"{head}\n{_example(path)}\n\n  The whole file: {_from_here(path)}")
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, first: str = "  ", rest: str = "  ") -> list[str]:
    return textwrap.wrap(
        line(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _example(path: Path) -> str:
    """An example without its prefixes, folded between words, which changes nothing of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [row for row in lines if not row.startswith("@prefix")]
    text = "\n".join(shown).strip()
    if '"""' in text:
        return textwrap.indent(text, "  ")
    return "\n".join(folded for row in text.splitlines() for folded in _folded(row))


def _folded(row: str) -> Iterator[str]:
    """A line of TriG in lines that fit, a literal always whole."""
    indent = " " * (len(row) - len(row.lstrip()) + 2)
    if row.startswith("#"):
        yield from _wrapped(row[1:], "  # ", "  # ")
        return
    shown = ""
    for clause in _CLAUSES.findall(row):
        fits = len(indent) + 4 + len(clause) <= _WIDTH
        for piece in [clause.strip()] if fits else _PIECES.findall(clause):
            if not shown:
                shown = indent + piece
            elif len(shown) + 1 + len(piece) <= _WIDTH:
                shown += f" {piece}"
            else:
                yield shown
                shown = f"{indent}    {piece}"
    yield shown


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if here in path.parents else path
