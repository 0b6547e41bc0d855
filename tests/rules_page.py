"""docs/rules.md, and docs/rules/<topic>.md with the rules of a topic and their examples."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from emgraph.assets import folder
from emgraph.namespaces import EM
from emgraph.shacl.rules import Rule, law_words, listed, shape_files

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
_NOTE = "<!-- Made from shapes/ by `make derived`. -->"


def pages() -> dict[Path, bytes]:
    """Every page by its path."""
    rules = listed(shape_files())
    words = law_words(iri for rule in rules for iri in rule.law)
    topics = [(topic, list(of)) for topic, of in groupby(rules, key=lambda rule: rule.topic)]
    found = {DOCS / "rules.md": _text(_index(topics))}
    for topic, members in topics:
        found[DOCS / "rules" / f"{topic}.md"] = _text(_topic(topic, members, words))
    return found


def _text(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _index(topics: list[tuple[str, list[Rule]]]) -> Iterator[str]:
    yield from ("# Rules", "", _NOTE, "")
    yield "What `emgraph validate` judges by. A code links to the rule in full, with an example"
    yield "that keeps it and one that breaks it; `emgraph rules CODE` shows the same in a terminal."
    for topic, rules in topics:
        yield from ("", f"## {_name(topic)}", "", "| Code | Severity | What ought to hold |")
        yield "| --- | --- | --- |"
        for rule in rules:
            link = f"[{rule.code}](rules/{topic}.md#{rule.code.lower()})"
            yield f"| {link} | {rule.severity.word} | {_cell(rule.message)} |"


def _topic(topic: str, rules: list[Rule], words: dict[str, str]) -> Iterator[str]:
    yield from (f"# Rules: {_name(topic)}", "", _NOTE, "", "[All rules](../rules.md)")
    for rule in rules:
        yield from ("", f"## {rule.code}", "", f"**{rule.message}** ({rule.severity.word})", "")
        yield f"- Why: {rule.reason}"
        yield f"- To do: {rule.remedy}"
        if rule.law:
            yield f"- Rests on: {'; '.join(_law(iri, words) for iri in rule.law)}"
        yield f"- Name: `{rule.name}`"
        for head, path in zip(("keeps", "breaks"), rule.examples, strict=True):
            link = f"../../shapes/{path.relative_to(folder('shapes')).as_posix()}"
            yield from ("", f"<details><summary>An example that {head} it</summary>", "")
            yield from ("```trig", *_example(path), "```", "")
            yield from (f"[The whole file, with its prefixes]({link})", "</details>")


def _law(iri: str, words: dict[str, str]) -> str:
    """A provision with a link to its text; a paragraph of a paper by its name."""
    return words[iri] if iri.startswith(EM.removesuffix("ns/")) else f"[{words[iri]}]({iri})"


def _example(path: Path) -> Iterator[str]:
    text = "\n".join(
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("@prefix")
    )
    yield from text.strip().splitlines()


def _name(topic: str) -> str:
    return "files" if topic == "file" else topic


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
