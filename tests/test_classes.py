"""Which class is a kind of which."""

from emgraph.classes import classes_of_things, superclasses
from emgraph.files import find
from emgraph.namespaces import EM
from emgraph.store import read
from tests.conftest import Write


def test_superclasses_are_followed_even_in_circles(write: Write) -> None:
    path = write(
        "o.ttl",
        """em:A a owl:Class ; rdfs:subClassOf em:B . em:B rdfs:subClassOf em:C .
        em:C rdfs:subClassOf em:A . em:D a owl:Class . collab:x a em:D , em:A , em:Z .""",
    )
    quads = read(find([str(path)]))[0].quads
    above = superclasses(quads)
    assert above[EM + "A"] == {EM + "A", EM + "B", EM + "C"}
    assert above[EM + "D"] == {EM + "D"}
    (classes,) = [c for c in classes_of_things(quads, above).values() if EM + "Z" in c]
    assert classes == {EM + name for name in "ABCDZ"}
