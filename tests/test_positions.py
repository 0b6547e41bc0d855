"""The line of a statement."""

from pathlib import Path

import pytest

from emgraph.files import find
from emgraph.positions import lines
from emgraph.store import read

TURTLE = b"@prefix x: <http://x/> .\nx:a x:p 1 ,\n 2 ;\r\n x:q '''two\nlines''' .\n\nx:b x:p 3 .\n"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.ttl", TURTLE, [2, 3, 5, 7]),
        ("a.trig", b"<http://x/g> {\n<http://x/a> <http://x/p> 1 .\n}\n", [2]),
        ("a.nt", b"# no\n<http://x/a> <http://x/p> <http://x/b> .\n", [2]),
        ("a.jsonld", b'{"@id": "http://x/a", "http://x/p": 1}', []),
        ("a.ttl", b"broken", []),
    ],
)
def test_lines(tmp_path: Path, name: str, data: bytes, expected: list[int]) -> None:
    (tmp_path / name).write_bytes(data)
    assert lines(find([str(tmp_path / name)])[0]) == expected


def test_every_statement_of_the_bundled_graph_has_a_line() -> None:
    from emgraph.files import bundled

    for reading in read(bundled()):
        found = lines(reading.file)
        assert len(found) == len(reading.quads)
        assert found == sorted(found)
