"""Things that are referred to and never described."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emgraph.rdf.files import find
from emgraph.validation.validate import Selection, validate
from tests.conftest import PREFIXES, Write
from tests.derive import AS_OF


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ("collab:a a em:Collaboration . agreement:a em:governs collab:aa .", ["collab:a?"]),
        ("agreement:a em:governs collab:emopps .", ["collab:emopss?"]),
        ("agreement:a em:governs post:emopss .", ["collab:emopss?"]),
        ("agreement:a em:governs collab:zzzzzzzzz .", [""]),
        ("agreement:a em:governs collab:emopss , em:X , <http://example.org/x> , date:2015 .", []),
        ("waiver:a em:focus collab:emopps .", []),
        (
            "agreement:a em:governs collab:b , collab:c . agreement:b em:governs collab:b .",
            ["", ""],
        ),
    ],
)
def test_what_nothing_is_said_of(write: Write, data: str, meant: list[str]) -> None:
    path = write("a.trig", f"pcp19:20 {{ {data} }}")
    report = validate(find([str(path)]), AS_OF, Selection(chosen=["EMG012"]))
    assert len(report.findings) == len(meant)
    assert all(hint in f.message for hint, f in zip(meant, report.findings, strict=True))
    line = PREFIXES.count("\n") + 1
    assert all((f.file, f.line) == (str(path), line) for f in report.findings)


def test_a_broken_file_might_say_it(write: Write) -> None:
    data = write("a.trig", "pcp19:20 { agreement:a em:governs collab:b }")
    broken = write("b.trig", "pcp19:20 { collab:b }")
    report = validate(find([str(data), str(broken)]), AS_OF, Selection(chosen=["EMG012"]))
    assert [f.rule for f in report.findings] == ["EMG001"]
    assert "EMG012" in report.unjudged


_MANY = " , ".join([*(f"collab:m{n:03}" for n in range(99)), "collab:zee", "collab:zee-z"])


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        # A term of the ontology, which a store has in it, is no thing.
        ("agreement:a em:governs <https://w3id.org/emgraph/id/zone/Board> .", set()),
        # Two things that have the same kind and the same name.
        (
            "<https://w3id.org/emgraph/id/board/foo/> em:note 1 . "
            "<https://w3id.org/emgraph/id/board/foo/foo> em:governs "
            "<https://w3id.org/emgraph/id/board/foo/fo> .",
            {"/fo -> <https://w3id.org/emgraph/id/board/foo/>?"},
        ),
        # The first hundred have hints, by their IRIs: zee is before zee-z.
        (f"collab:zed em:note 1 . agreement:a em:governs {_MANY} .", {"/zee -> collab:zed?"}),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_files_and_stores_say_the_same_in_every_run(
    tmp_path: Path, write: Write, data: str, meant: set[str], seed: int
) -> None:
    files, store = write("a.trig", f"pcp19:20 {{ {data} }}"), tmp_path / "store"
    emgraph = (sys.executable, "-m", "emgraph")
    subprocess.run((*emgraph, "load", files, "-o", store), check=True, timeout=60)
    words = ("--rule", "EMG012", "--format", "json")
    for place in (files, store):
        done = subprocess.run(
            (*emgraph, "validate", place, *words),
            check=False,  # a finding
            capture_output=True,
            timeout=60,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
        )
        findings = json.loads(done.stdout)["findings"]
        hints = {(f["focus"], f["message"].partition("Did you mean ")[2]) for f in findings}
        assert {f"/{focus.rpartition('/')[2]} -> {hint}" for focus, hint in hints if hint} == meant
