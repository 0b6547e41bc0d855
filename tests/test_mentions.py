"""Things that are referred to and never described."""

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
