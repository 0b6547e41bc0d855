"""emgraph rules"""

import textwrap
from pathlib import Path

import click

from emgraph.cli.options import deliver
from emgraph.errors import unknown
from emgraph.files import ontology
from emgraph.namespaces import shrink
from emgraph.rules import Rule, catalogue, shape_files


@click.command()
@click.argument("code", required=False)
@click.option("--shapes", multiple=True, metavar="PATH|bundled", help="Shapes to read.")
@click.option("--sparql", is_flag=True, help="The queries that the rule is compiled to.")
def rules(code: str | None, shapes: tuple[str, ...], sparql: bool) -> None:
    """List the rules; with a CODE, one rule with its reason, remedy, law and both examples."""
    known = catalogue(shape_files(shapes))
    if code is None:
        deliver(_listing(list(known.values())).encode(), None)
        return
    if code.upper() not in known:
        raise unknown("rule", code, known)
    if sparql:
        deliver(_queries(known[code.upper()], shapes).encode(), None)
        return
    deliver(_page(known[code.upper()]).encode(), None)


def _listing(found: list[Rule]) -> str:
    lines, topic = [], ""
    for rule in found:
        if rule.topic != topic:
            topic = rule.topic
            lines += ["", topic.capitalize()]
        lines.append(f"  {rule.code}  {rule.severity.word:<9}  {rule.message}")
    return "\n".join([*lines[1:], "", "One rule in full: emgraph rules CODE", ""])


def _queries(rule: Rule, shapes: tuple[str, ...]) -> str:
    if rule.is_file_rule:
        return f"# {rule.code} is a rule about files, and no shape.\n"
    from emgraph.shacl.listing import queries_of
    from emgraph.store import statements

    quads = statements(shape_files(shapes))
    return "\n".join(queries_of(rule.code, quads, statements(ontology())))


def _page(rule: Rule) -> str:
    law = ", ".join(shrink(iri) for iri in rule.law)
    said = [("Why", rule.reason), ("To do", rule.remedy), ("Rests on", law)]
    parts = [
        f"{rule.code}  {rule.severity.word}  {rule.name}\n\n{_wrapped(rule.message)}",
        *(f"{head}\n{_wrapped(text)}" for head, text in said if text),
    ]
    for head, path in zip(("Keeps it", "Breaks it"), rule.examples, strict=True):
        if path.is_file():
            parts.append(f"{head} ({path.name})\n{_example(path)}")
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 80, initial_indent="  ", subsequent_indent="  ")


def _example(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [line for line in lines if not line.startswith("@prefix")]
    return textwrap.indent("\n".join(shown).strip(), "  ")
