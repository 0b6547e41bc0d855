"""The questions for other people's tools: as SPARQL examples (SIB), and as files for grlc."""

from collections.abc import Iterator, Sequence
from io import StringIO

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from emgraph.errors import EmgraphError, unknown
from emgraph.namespaces import OWL, RDF, RDFS, SH, XSD, expand, prefixes
from emgraph.rdf import turtle
from emgraph.sparql.queries import Question, Slot
from emgraph.tokens import tokens

FORMS = ("sparql-examples", "grlc")
_QUERY = "https://w3id.org/emgraph/query/"
_SCHEMA = "https://schema.org/"
_KINDS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
}


def exported(
    questions: Sequence[Question], form: str, endpoint: str | None = None
) -> dict[str, bytes]:
    """The files of a form of FORMS by name; `endpoint` is where they are to be asked.

    Raises EmgraphError for another form.
    """
    if form not in FORMS:
        raise unknown("form of questions", form, FORMS)
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise EmgraphError(f"{endpoint}: not an endpoint. Give its http or https address.")
    if form == "grlc":
        return {f"{q.name}.rq": grlc(q, endpoint).encode() for q in questions}
    files = {f"{q.name}.ttl": turtle.write(_example(q, endpoint), "turtle") for q in questions}
    return {**files, "prefixes.ttl": turtle.write(declarations(_QUERY), "turtle")}


def _quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), value, DefaultGraph())


def _example(question: Question, endpoint: str | None) -> Iterator[Quad]:
    """A question as https://github.com/sib-swiss/sparql-examples has it."""
    iri = _QUERY + question.name
    words = (token.text.upper() for token in tokens(question.text) if token.kind == "word")
    class_, property_ = _KINDS[next(word for word in words if word in _KINDS)]
    yield _quad(iri, RDF + "type", NamedNode(SH + "SPARQLExecutable"))
    yield _quad(iri, RDF + "type", NamedNode(SH + class_))
    yield _quad(iri, RDFS + "comment", Literal(question.question, language="en"))
    yield _quad(iri, SH + "prefixes", NamedNode(_QUERY + "prefixes"))
    yield _quad(iri, SH + property_, Literal(_bare(question.text)))
    for keyword in (question.topic, *question.audience):
        yield _quad(iri, _SCHEMA + "keywords", Literal(keyword))
    if endpoint is not None:
        yield _quad(iri, _SCHEMA + "target", NamedNode(endpoint))


def declarations(namespace: str) -> Iterator[Quad]:
    """The project's prefixes as an ontology in a namespace declares them, SHACL section 5.2.1."""
    ontology = namespace + "prefixes"
    yield _quad(ontology, RDF + "type", NamedNode(OWL + "Ontology"))
    for prefix, iri in prefixes().items():
        node = f"{namespace}prefix-{prefix}"
        yield _quad(ontology, SH + "declare", NamedNode(node))
        yield _quad(node, SH + "prefix", Literal(prefix))
        yield _quad(node, SH + "namespace", Literal(iri, datatype=NamedNode(XSD + "anyURI")))


def _bare(text: str) -> str:
    """A query without its header."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+"))


def grlc(question: Question, endpoint: str | None = None) -> str:
    """A question as grlc reads it: header, and parameters as variables that it puts values for.

    A parameter is optional, and its default stands in the query; so the file runs as it stands.
    """
    text = question.text
    shown = {}
    for slot in sorted(question.slots.values(), key=lambda slot: -slot.start):
        inner = text[slot.inner_start : slot.inner_end].split()
        kind = question.parameters.get(slot.name)
        if kind is None or len(inner) > 1:
            continue
        variable = _variable(slot, kind)
        default = f"COALESCE({variable}, {inner[0]})" if inner != ["UNDEF"] else variable
        text = f"{text[: slot.start]}BIND({default} AS ?{slot.name}){text[slot.end :]}"
        default_terms = question.defaults.get(slot.name)
        if default_terms:
            shown[slot.name] = default_terms[0].value
    header = StringIO()
    header.write(f"#+ summary: {_quoted(question.question)}\n")
    header.write(f"#+ tags:\n#+   - {_quoted(question.topic)}\n")
    if endpoint is not None:
        header.write(f"#+ endpoint: {_quoted(endpoint)}\n")
    if shown:
        defaults = [f"#+   - {name}: {_quoted(value)}\n" for name, value in sorted(shown.items())]
        header.write("".join(["#+ defaults:\n", *defaults]))
    return header.getvalue() + _bare(text)


def _variable(slot: Slot, kind: str) -> str:
    """The variable by which grlc knows an optional parameter and its type."""
    if not expand(kind).startswith(XSD):
        return f"?__{slot.name}_iri"
    return f"?__{slot.name}_{'literal' if kind == 'xsd:string' else kind.replace(':', '_')}"


def _quoted(text: str) -> str:
    """A text as YAML's double-quoted scalar, which JSON's string is."""
    import json

    return json.dumps(text, ensure_ascii=False)
