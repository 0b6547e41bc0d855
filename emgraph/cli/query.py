"""emgraph query"""

from pathlib import Path
from typing import Any

import click

from emgraph import files, queries
from emgraph.cli.answering import Delivery, answer
from emgraph.cli.options import AS_OF, DATA, RESULT, day, deliver, inputs, is_bundled, say
from emgraph.isolate import Rows
from emgraph.parameters import as_date, terms
from emgraph.queries import Question
from emgraph.store import load

NOT_EVIDENCED = "not evidenced in the sources"


@click.command()
@click.argument("name", required=False)
@click.option("-p", "given", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
@AS_OF
@click.option("--show", is_flag=True, help="Print the SPARQL instead of running it.")
@click.option("--cite/--no-cite", default=True, help="With or without the columns that cite.")
@click.option("--queries", "folders", multiple=True, type=click.Path(path_type=Path), metavar="DIR")
@DATA
@RESULT
def query(name: str | None, **options: Any) -> None:
    """Answer a question with its citations; without a name, list the questions.

    Things are named by IRI, name, acronym or alias: -p collaboration=EMOpSS
    """
    folders = options["folders"]
    if name is None:
        deliver(_listing(queries.catalogue(folders)).encode(), options["output"])
        return
    question = queries.find(name, folders)
    read = inputs(options["data"], options["input_format"])
    store = load([*read, *(files.ontology() if is_bundled(options["data"]) else ())])
    values = dict(terms(store, question, options["given"]))
    if "asOf" in question.slots and "asOf" not in values:
        values["asOf"] = [as_date(day(options["as_of"]))]
    text = question.bound(values)
    if options["show"]:
        deliver(text.encode(), options["output"], [*read, question.path])
        return
    delivery = Delivery.of(options)._replace(no_rows=f"No rows: {NOT_EVIDENCED}.")
    found = answer(store, text, delivery, [*read, question.path], None)
    if isinstance(found, Rows) and not found.rows and delivery.format not in (None, "table"):
        say(f"no rows: {NOT_EVIDENCED}.")
    if "asOf" in values:
        say(f"as of {', '.join(term.value for term in values['asOf'])}.")


def _listing(questions: list[Question]) -> str:
    """The questions by topic, each with its parameters and whom it is for."""
    lines, topic = [], ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            lines += ["", topic.capitalize()]
        audience = f" [{', '.join(question.audience)}]" if question.audience else ""
        lines.append(f"  {question.name:<26} {question.question}{audience}")
        if question.parameters:
            shown = " ".join(f"-p {key}=({kind})" for key, kind in question.parameters.items())
            lines.append(f"  {'':<26} {shown}")
    return "\n".join([*lines[1:], "", "To ask one: emgraph query NAME", ""])
