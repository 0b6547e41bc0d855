"""Waivers by themselves; with findings they are tested in test_validation.py."""

from emgraph.rdf.files import find
from emgraph.rdf.store import read
from emgraph.validation.waivers import waivers_of
from tests.conftest import Write


def test_a_waiver_says_everything_or_waives_nothing(write: Write) -> None:
    path = write(
        "w.ttl",
        """waiver:a a em:Waiver ; em:ruleCode "EMG301" ; em:focus em:Collaboration ;
        em:reason "R" ; em:owner post:x ; em:granted "2025-01-01" ; em:reviewBy "2026-01-01" .
        waiver:b a em:Waiver ; em:ruleCode "EMG301" ; em:focus em:Collaboration .
        waiver:d a em:Waiver ; em:ruleCode "EMG301" ; em:focus em:Collaboration ; em:reason "R" ;
        em:owner post:x ; em:granted "2025-01-01" ; em:reviewBy "soon" ; em:expires "9 Jan" .
        waiver:c em:ruleCode "EMG301" .""",
    )
    first, second, third = waivers_of(read(find([str(path)]))[0].quads)
    assert (first.complete, second.complete, third.complete) == (True, False, False)
    assert (first.rule, first.expires) == ("EMG301", "")
