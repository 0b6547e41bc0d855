"""Which class is a kind of which."""

from pyoxigraph import NamedNode

from emgraph.namespaces import EM
from emgraph.rdf.classes import Classes, superclasses
from emgraph.rdf.files import find
from emgraph.rdf.store import load, read
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
    store = load(find([str(path)]))
    (thing,) = {quad.subject for quad in quads if quad.object == NamedNode(EM + "Z")}
    assert Classes(store, above)(thing) == {EM + name for name in "ABCDZ"}
