"""How the package is built: what may import what, and what every module owes its reader."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import emgraph

PACKAGE = Path(emgraph.__file__).parent
ORDER = [
    *("ground", "rdf", "sparql", "answers", "shacl", "servers", "findings", "validation", "pages"),
    *("table", "graph", "cli"),
]
DOORS = {
    "click": "emgraph.cli.",
    "rdflib": "emgraph.shacl.",
    "pyshacl": "emgraph.shacl.reference",
    "SPARQLWrapper": "emgraph.servers.remote",
    "yaml": "emgraph.sparql.queries",
    "openpyxl": "emgraph.answers.workbook",
}
AS_ONE = ("answers", "cli", "findings", "shacl")  # packages that a test file may be named after
MAY_PARSE = {
    "emgraph.namespaces",
    "emgraph.rdf.lines",
    "emgraph.rdf.store",
    "emgraph.servers.remote",  # the graphs that a server answers with
    "emgraph.shacl.kept",  # the ontology as it is kept
    "emgraph.sparql.isolate",
}
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if "assets" not in path.parts
}
TOP = {"emgraph", "emgraph.__main__"}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, names imported from packages included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


IMPORTED = {
    module: {name for name in imports(path) if name in MODULES and name != module} - TOP
    for module, path in MODULES.items()
    if module not in TOP
}


def floor(module: str) -> int:
    """The floor of the package that a module is in; those in none are the ground."""
    package = module.split(".")[1]
    return ORDER.index(package if package in ORDER else "ground")


@pytest.mark.parametrize("module", sorted(IMPORTED))
def test_a_module_imports_from_its_own_package_and_lower_ones(module: str) -> None:
    assert [name for name in sorted(IMPORTED[module]) if floor(name) > floor(module)] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert set(TopologicalSorter(IMPORTED).static_order()) == set(IMPORTED)


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
    """A test file has the name of a module, or says `module` at its head, or is of AS_ONE."""
    files = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    heads = [ast.get_docstring(ast.parse(path.read_text())) for path in files]
    tested = {path.stem for path in files}
    modules = [module for module in IMPORTED if MODULES[module].stem != "__init__"]
    names = {module: module.split(".")[1:] for module in modules}
    assert [
        module
        for module, parts in sorted(names.items())
        if tested.isdisjoint(f"test_{part}" for part in parts if part in (parts[-1], *AS_ONE))
        and not any(f"`{parts[-1]}`" in (head or "") for head in heads)
    ] == []


def test_the_card_names_every_package_and_what_is_in_none() -> None:
    card = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = {module.split(".")[1] for module in IMPORTED}
    assert [name for name in sorted(named) if f"`{name}" not in card] == []
