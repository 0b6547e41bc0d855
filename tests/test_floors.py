"""The house: a module imports from lower floors alone, and each library has one door.

pyoxigraph is the language of terms and statements here, so every floor may speak it. Parsing
(`parse`, `Store.load`) has its doors too: store.py for data, and those named below.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import emgraph

PACKAGE = Path(emgraph.__file__).parent
ORDER = [
    ["sharing", "errors", "terms", "stopwatch"],
    ["assets", "child", "screen"],
    ["namespaces"],
    ["dates", "finding"],
    ["tokens", "spans", "files", "classes", "endings", "vocabularies"],
    ["intake", "variables"],
    ["prologue"],
    ["guard", "literals", "store", "turtle", "writing", "queries", "names", "beginning"],
    ["shacl.value_tests", "shacl.paths", "stored", "lines"],
    ["shacl.portable", "shacl.facts", "background"],
    ["shacl.groups", "grammar"],
    ["faults"],
    ["positions", "parameters", "isolate", "rules", "sources", "login"],
    ["transport"],
    ["answers.view", "workbook"],
    [f"answers.{name}" for name in ("table", "markdown", "html", "excel_csv", "xlsx")],
    ["shacl.vocabulary"],
    ["hints", "remote", "results", "waivers", "shacl.wording", "shacl.graphs", "shacl.shapes"],
    ["endpoints", "shacl.sparql", "shacl.spelling"],
    ["described", "building", "shacl.validators", "shacl.soundness", "shacl.jobs"],
    ["shacl.conditions"],
    ["shacl.compiler"],
    ["shacl.planning"],
    ["shacl.listing", "shacl.kept"],
    [
        "shacl.reference",
        "findings.plain",
        "findings.fingerprints",
        "findings.origins",
        "findings.excerpts",
        "mentions",
        "slips",
    ],
    [
        f"findings.{name}"
        for name in (
            *("text", "concise", "json", "sarif", "junit", "github", "gitlab", "html", "xlsx"),
            *("turtle", "stats"),
        )
    ],
    ["findings.formats", "shacl.places"],
    ["shacl.leaves", "shacl.asked"],
    ["shacl.compiled"],
    ["survey"],
    ["locating", "checks", "baseline", "masking"],
    ["judging"],
    ["shapebook"],
    ["validation", "asking"],
    ["asked_rules"],
    ["elsewhere", "probing"],
    ["exchange", "describe", "browsing", "vetting"],
    ["page"],
    ["table", "schema", "plan", "examples"],
    ["graph"],
    ["cli.main"],
    ["cli.interrupting"],
    ["cli.options"],
    ["cli.answering", "cli.asking", "cli.elsewhere", "cli.reporting"],
    [
        f"cli.{verb}"
        for verb in (
            "validate",
            "rules",
            "query",
            "sparql",
            "schema",
            "describe",
            "export",
            "load",
            "init",
        )
    ],
]
CARD = (PACKAGE / "README.md").read_text(encoding="utf-8")
FLOOR = {f"emgraph.{name}": floor for floor, names in enumerate(ORDER) for name in names}
PLAIN = {
    "emgraph",
    "emgraph.__main__",
    "emgraph.cli",
    "emgraph.shacl",
    "emgraph.findings",
    "emgraph.answers",
}
DOORS = {
    "click": "emgraph.cli.",
    "rdflib": "emgraph.shacl.",
    "pyshacl": "emgraph.shacl.reference",
    "SPARQLWrapper": "emgraph.remote",
    "yaml": "emgraph.queries",
    "openpyxl": "emgraph.workbook",
}
MAY_PARSE = {"emgraph.store", "emgraph.lines", "emgraph.namespaces", "emgraph.isolate"}
MAY_PARSE |= {"emgraph.remote"}  # the graphs that a server answers with
MAY_PARSE |= {"emgraph.shacl.kept"}  # the ontology as it is kept
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if "assets" not in path.parts
}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, names imported from packages included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_has_its_floor() -> None:
    assert set(MODULES) - PLAIN == set(FLOOR)


@pytest.mark.parametrize("module", sorted(set(MODULES) - PLAIN))
def test_a_module_imports_from_lower_floors(module: str) -> None:
    higher = [
        name for name in imports(MODULES[module]) if name in FLOOR and FLOOR[name] >= FLOOR[module]
    ]
    assert higher == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_has_one_door(library: str) -> None:
    users = {
        module
        for module, path in MODULES.items()
        if any(name.partition(".")[0] == library for name in imports(path))
    }
    assert users
    assert all(user.startswith(DOORS[library]) for user in users)


def test_files_are_parsed_in_few_places() -> None:
    parsing = {m for m, path in MODULES.items() if "pyoxigraph.parse" in set(imports(path))}
    assert parsing <= MAY_PARSE


@pytest.mark.parametrize("module", sorted(m for m in MODULES if not m.startswith("emgraph.cli")))
def test_nothing_below_the_command_line_prints_exits_or_reads_arguments(module: str) -> None:
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Name):
            assert node.id not in ("print", "input", "exit", "quit", "SystemExit")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named = f"{node.value.id}.{node.attr}"
            assert named not in ("sys.exit", "sys.argv")
            assert named != "os._exit" or module == "emgraph.child"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_file_is_short_and_says_what_it_is(module: str) -> None:
    text = MODULES[module].read_text()
    assert len(text.splitlines()) <= 320
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    members = [child for node in tree.body for child in (node, *getattr(node, "body", ()))]
    for node in members:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"


def test_each_module_has_a_test_file() -> None:
    tested = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    modules = {module.removeprefix("emgraph.") for module in FLOOR if ".cli." not in module}
    assert [m for m in sorted(modules) if m.partition(".")[0] not in tested] == []


def test_the_card_names_every_module() -> None:
    named = {name for names in ORDER for name in names if "." not in name}
    assert [name for name in sorted(named) if f"`{name}`" not in CARD] == []
