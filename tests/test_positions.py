"""The line and column of a statement and its parts: `lines`, and `tokens` in `spans`."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgraph.rdf.files import find
from emgraph.rdf.lines import lines
from emgraph.rdf.positions import Part, Positions
from emgraph.rdf.spans import spans
from emgraph.rdf.store import read
from emgraph.tokens import tokens

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
    from emgraph.rdf.files import bundled

    for reading in read(bundled()):
        found = lines(reading.file)
        assert len(found) == len(reading.quads)
        assert found == sorted(found)


_NAMES = st.sampled_from(["a", "b", "é", "c.d", "e-f", "x\\,y", "%20z", "𝒳"])
_SPACES = st.sampled_from(
    [" ", "  ", "\n", "\r\n", "\t", " # it's <not> \"a . ; token\n", " #\r\n"]
)
_LITERALS = st.sampled_from([
    *('"x"', "'y'", '"""two\nli"nes"""', "'''three\r\n\r\nlines . x:a '''", '"q\\"uo\\u00e9te"'),
    *("1", "-2.5", "1e6", "true", '"é"@en', '"7"^^x:t', '"7"^^<http://x/t>', '"# no"', '""'),
])  # fmt: skip


class _Page:
    """A text that is written piece by piece and knows where each piece begins."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.text = ""

    def put(self, piece: str) -> tuple[int, int]:
        """Write a piece and white space after it, and tell where it begins."""
        lines = self.text.encode().splitlines(keepends=True)
        tail = "" if not lines or lines[-1].endswith((b"\n", b"\r")) else lines[-1].decode()
        place = len(lines) + (not tail), len(tail) + 1
        self.text += piece + self._draw(_SPACES)
        return place


_Places = list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]
_Written = tuple[str, _Places]


@st.composite
def pages(draw: st.DrawFn, *, graphs: bool) -> tuple[str, _Places]:
    """A Turtle or TriG text, with where subject, property and object of each statement begin."""
    page, places = _Page(draw), _Places()
    for piece in draw(
        st.sampled_from([("@prefix", "x:", "<http://x/>", "."), ("PREFIX", "x:", "<http://x/>")])
    ):
        page.put(piece)
    for number in range(draw(st.integers(1, 3))):
        if graphs:
            for piece in draw(st.sampled_from([(), ("GRAPH",)])):
                page.put(piece)
            page.put(f"x:g{number}")
            page.put("{")
        for _ in range(draw(st.integers(1, 3))):
            _subject(draw, page, places)
        if graphs:
            page.put("}")
    return page.text, places


def _subject(draw: st.DrawFn, page: _Page, places: _Places) -> None:
    subject = page.put(draw(st.one_of(_NAMES.map("x:{}".format), st.just("<http://x/s>"))))
    _properties(draw, page, places, subject, 2)
    page.put(".")


def _properties(
    draw: st.DrawFn, page: _Page, places: _Places, subject: tuple[int, int], depth: int
) -> None:
    for number in range(draw(st.integers(1, 3))):
        if number:
            page.put(";")
        predicate = page.put(draw(st.sampled_from(["x:p", "a", "<http://x/q>", "x:a"])))
        for more in range(draw(st.integers(1, 2))):
            if more:
                page.put(",")
            if depth and draw(st.integers(0, 4)) == 0:
                bracket = page.put("[")
                places.append((subject, predicate, bracket))
                _properties(draw, page, places, bracket, depth - 1)
                page.put("]")
            else:
                term = draw(st.one_of(_LITERALS, _NAMES.map("x:{}".format)))
                places.append((subject, predicate, page.put(term)))


def _stand(path: Path, expected: _Places) -> None:
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    assert len(reading.quads) == len(expected)
    parts = [tuple(found.of(n, part) for part in Part) for n in range(len(expected))]
    assert sorted(parts) == sorted(expected)  # the parser gives nested statements in any order


@given(pages(graphs=False))
def test_columns_in_turtle(tmp_path_factory: pytest.TempPathFactory, page: _Written) -> None:
    path = tmp_path_factory.mktemp("turtle") / "a.ttl"
    path.write_bytes(page[0].encode())
    _stand(path, page[1])


@given(pages(graphs=True))
def test_columns_in_trig(tmp_path_factory: pytest.TempPathFactory, page: _Written) -> None:
    path = tmp_path_factory.mktemp("trig") / "a.trig"
    path.write_bytes(page[0].encode())
    _stand(path, page[1])


@pytest.mark.parametrize(("name", "graph"), [("a.nt", ""), ("a.nq", " <http://x/o>")])
@given(st.lists(st.sampled_from(['"é"', '"a\\nb"@en', "<http://x/o>", "_:b", '"1"^^<http://x/t>'])))
def test_columns_in_n_quads(
    tmp_path_factory: pytest.TempPathFactory, name: str, graph: str, objects: list[str]
) -> None:
    path = tmp_path_factory.mktemp("lines") / name
    start = "<http://x/é> <http://x/p> "
    text = "".join(f"# x\r\n{start}{term}{graph} . # y\n" for term in objects)
    path.write_bytes(text.encode())
    at = [2 * number + 2 for number in range(len(objects))]
    _stand(path, [((n, 1), (n, 14), (n, len(start) + 1)) for n in at])


def test_what_cannot_be_found_again_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@base <http://x/y/> .\n<a> <../p> 1 .\n<a> <p> (\n1 2 ) .\n")
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    assert found.of(0, Part.OBJECT) == (2, 12)
    assert found.of(0, Part.PREDICATE) == (2, 5)
    rest = [found.of(n, Part.PREDICATE).line for n in range(1, len(reading.quads))]
    assert all(line in (3, 4) for line in rest)


@pytest.mark.parametrize("end", ["", " ", "\n# the end", " \n#\n" * 100_000])
def test_what_follows_the_last_token_is_none(end: str) -> None:
    assert [span.value for span in spans(f"<a> <b> 'c' . {end}")] == ["a", "b", "c", "."]
    assert [token.text for token in tokens(f"ASK {{ }} {end}")] == ["ASK", "{", "}"]


@pytest.mark.parametrize("written", ["<>", "<.>", "<../q>", "<b/../c>", "<./d>", "<#e>", "()"])
def test_what_a_base_changes_is_found(tmp_path: Path, written: str) -> None:
    """The written form is not the IRI's end, or nothing of it."""
    path = tmp_path / "a.ttl"
    path.write_text(f"base <http://x/y/z>\n<a> <p> <o>, {written} ; <q> <o> .\n")
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    parts = (Part.SUBJECT, Part.PREDICATE, Part.OBJECT)
    assert [found.of(1, part) for part in parts] == [(2, 1), (2, 5), (2, 14)]
    assert [found.of(n, Part.OBJECT) for n in (0, 2)] == [(2, 9), (2, 21 + len(written))]


def test_other_formats_have_no_positions(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"@id": "http://x/a", "http://x/p": 1}')
    reading = read(find([str(path)]))[0]
    assert Positions(reading.file, reading.quads).of(0, Part.OBJECT) == (None, None)


def test_every_object_of_the_bundled_graph_is_found_again() -> None:
    from emgraph.rdf.files import bundled

    for reading in read(bundled()):
        found = Positions(reading.file, reading.quads)
        text = (reading.file.path or Path()).read_text(encoding="utf-8").splitlines()
        for index, quad in enumerate(reading.quads):
            for part in Part:
                line, column = found.of(index, part)
                assert line, (quad, part)
                assert column, (quad, part)
            line, column = found.of(index, Part.SUBJECT)
            assert line
            assert column
            assert (
                re.split(r"[/:#]", str(quad.subject).strip("<>"))[-1]
                in text[line - 1][column - 1 :]
            )


def test_long_lines_and_long_lists_have_positions(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    rest = " , ".join("[ x:p [] ]" for _ in range(2_000))
    path.write_text(f"@prefix x: <http://x/> .\nx:a x:p '{'é' * 9_000}' , 1 , {rest} .\n")
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    assert set(lines(reading.file)) == {2}
    assert found.of(1, Part.OBJECT) == (2, 9_014)
    assert found.of(1, Part.SUBJECT) == (2, 1)
    assert found.of(len(reading.quads) - 1, Part.OBJECT).line == 2


def test_directives_amid_statements_and_graphs(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    text = [
        "prefix x: <http://x/> # GRAPH <a> { . }",
        "@prefix y.z: <http://y/> . x:a x:p x:b , y.z:c.d .",
        "GRAPH x:g { # {",
        "  x:a x:p 1.5 , .5 , 'a . b } {' .",
        "  x:c x:p x:d } x:h { x:a x:p 7 . } base <http://b/> PREFIX x: <http://q/>",
        "<e> x:p x:f .",
    ]
    path.write_text("\n".join(text))
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    objects = [found.of(n, Part.OBJECT) for n in range(len(reading.quads))]
    assert objects == [(2, 36), (2, 42), (4, 11), (4, 17), (4, 22), (5, 11), (5, 31), (6, 9)]
    assert found.of(7, Part.SUBJECT) == (6, 1)
    assert found.of(7, Part.PREDICATE) == (6, 5)


def test_thousands_of_prefixes_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    lines = [f"@prefix p{n}: <http://x/{n}/> .\np{n}:a p{n}:b {n} ." for n in range(5_000)]
    path.write_text("\n".join(lines))
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    assert [found.of(n, Part.OBJECT).line for n in range(5_000)] == [*range(2, 10_001, 2)]
    assert found.of(0, Part.OBJECT) == (2, 11)


def test_full_stops_without_space_cut_nothing_wrongly(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('@prefix x: <http://x/>.x:a x:p "x".x:b x:p "x".x:c x:p x:d.')
    reading = read(find([str(path)]))[0]
    found = Positions(reading.file, reading.quads)
    columns = [found.of(n, Part.OBJECT).column for n in range(3)]
    assert all(column in (None, right) for column, right in zip(columns, (32, 44, 56), strict=True))
    assert {found.of(n, Part.OBJECT).line for n in range(3)} == {1}
