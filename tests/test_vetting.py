"""Questions of one's own: each check is seen to fail."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Store

from emgraph.assets import folder
from emgraph.errors import EmgraphError
from emgraph.pages import vetting
from emgraph.rdf.files import find, ontology
from emgraph.rdf.store import load
from emgraph.sparql.queries import Question
from tests.conftest import SIGNED, Cli, Write

GOOD = """#+ question: Which collaborations are there?
#+ audience: [analysts]
#+ params:
#+   thing: em:Collaboration
# All of them.
PREFIX em: <https://w3id.org/emgraph/ns/>
SELECT ?thing ?citation WHERE {
  VALUES ?thing { UNDEF }
  GRAPH ?citation { ?thing a em:Collaboration }
}
ORDER BY ?thing ?citation
"""


@pytest.fixture
def store(write: Write) -> Store:
    return load([*find([str(write("good.trig", SIGNED))]), *ontology()])


def faults(tmp_path: Path, store: Store, text: str | bytes, name: str = "mine") -> list[str]:
    """What is wrong with a question, without the folder."""
    path = tmp_path / f"{name}.rq"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = vetting.check(Question(name, "own", path), store)
    return [str(fault).removeprefix(f"{tmp_path}/") for fault in found]


def test_a_good_question_has_no_fault(tmp_path: Path, store: Store) -> None:
    assert faults(tmp_path, store, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("are there?", "are there", "mine.rq:1: its header asks no question"),
        ("audience", "audiance", "mine.rq:2: no header line is called 'audiance'. Did you mean"),
        ("audience: [analysts]", "answers: all", "mine.rq:2: answers is no list"),
        ("#+ audience: [analysts]\n", "", "it is for nobody"),
        ("em:Collaboration\n#", "em:Colaboration\n#", "mine.rq:4: the type of thing"),
        ("em:Collaboration\n#", "xx:A\n#", "mine.rq:4: the type of thing, xx:A, is unknown"),
        ("em:Collaboration\n#", "xsd:time\n#", "mine.rq:4: the type of thing, xsd:time, is none"),
        ("#+   thing", "#+   thin", "mine.rq:8: VALUES ?thing is a parameter without a type"),
        ("#+   thing", "#+   thin", "mine.rq:4: thin is a parameter without a VALUES line"),
        ("SELECT ?thing ", "SELECT ?thing ?citaton ", "mine.rq:7: ?citaton is bound nowhere"),
        ("ORDER BY ?thing ", "ORDER BY ?thingg ", "mine.rq:11: ?thingg is bound nowhere"),
        ("?thing a em:Coll", "?thing a em:Col", "em:Colaboration is not a term of the ontology"),
        ("#+ params:", "#+ params: [", "mine.rq:4: its #+ header is not YAML at line 4"),
        ("# All", "#+ pounds: cost\n# All", "mine.rq:5: pounds is no list on one line"),
        ("# All", "#+ pounds: [cost]\n# All", "mine.rq:5: pounds names ?cost"),
        ("SELECT ?thing ?citation", "SELECT *", "mine.rq:7: it selects *"),
        ("ORDER BY ?thing ?citation", "", "its rows have no order"),
        ("?citation", "?where", "no column cites"),
        ("a em:Collaboration }", "a em:Board }", "it has no row here"),
        ("# All", "#+ none-means: there is one\n# All", "mine.rq:5: none-means is no sentence"),
        ("# All", "#+ none-means:\n#+   Two.\n# All", "mine.rq:5: none-means is no sentence"),
        ("# All", '#+ none-means: "All are."\n# All', "mine.rq:5: none-means is no sentence"),
        ("# All", "#+ none: true\n# All", "it says none: true and has rows"),
        ("GRAPH ?citation {", "GRAPH ?citation", "mine.rq:9: line 9, column 19 of the query"),
        ("GRAPH", "SERVICE", "SERVICE is not allowed"),
        ("{ UNDEF }", "{ UNDEF em:a }", "it answers otherwise when its defaults are given"),
        ("SELECT ?thing ?citation WHERE", "ASK", "it is no SELECT"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, store: Store, old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = faults(tmp_path, store, GOOD.replace(old, new))
    assert [fault for fault in found if fault.startswith(("mine.rq: " + said, said))], found


def test_what_cannot_be_read_is_a_fault(tmp_path: Path, store: Store) -> None:
    assert "UTF-8" in faults(tmp_path, store, b"\xff")[0]
    assert "lower-case words" in faults(tmp_path, store, GOOD, "My Question")[0]


def test_a_folder_is_checked(cli: Cli, write: Write, tmp_path: Path) -> None:
    data, own = write("good.trig", SIGNED), tmp_path / "questions" / "money"
    own.mkdir(parents=True)
    command = ("query", "--check", tmp_path / "questions", "--data", data)
    assert (cli(*command).code, "holds no question" in cli(*command).err) == (2, True)
    (own / "mine.rq").write_text(GOOD)
    assert cli(*command)[:2] == (0, "1 question checked, 0 faults.\n")
    (own / "members.rq").write_text(GOOD)
    found = cli(*command)
    assert found.code == 1
    assert "members.rq: members is the name of a bundled question" in found.out
    assert cli("query", "members", *command[1:]).code == 2
    assert cli(*command, "--format", "csv").code == 2


def test_a_copy_of_the_bundled_folder_is_held_to_what_it_is(cli: Cli, tmp_path: Path) -> None:
    shutil.copytree(folder("queries"), tmp_path / "queries")
    checked = cli("query", "--check", tmp_path / "queries")
    assert (checked.code, checked.out.endswith(" questions checked, 0 faults.\n")) == (0, True)
    (tmp_path / "queries" / "money" / "budget.rq").unlink()
    beside = cli("query", "--check", tmp_path / "queries")
    assert beside.code == 1
    assert "members is the name of a bundled question" in beside.out


def test_a_missing_folder_is_no_verdict(store: Store) -> None:
    with pytest.raises(EmgraphError, match="no such folder"):
        vetting.vet(Path("/nowhere"), store)
