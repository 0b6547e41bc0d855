"""The format that something is written in: the one that is named, else what its file ends in."""

from collections.abc import Sequence
from pathlib import Path

from emgraph.errors import EmgraphError, unknown

_HOLDS = {
    **{name: (name,) for name in ("tsv", "html", "xlsx", "trig", "jsonld")},
    "csv": ("csv", "excel-csv"),
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdfxml"),
    "srj": ("json",),
    "srx": ("xml",),
    "md": ("markdown",),
    "htm": ("html",),
    "ttl": ("turtle",),
    "nt": ("ntriples",),
    "nq": ("nquads",),
    "rdf": ("rdfxml",),
}
_OF_OFFICES = {
    "xlsx": ("xls", "xlsm", "xlsb", "ods", "numbers"),
    "html": ("pdf", "doc", "docx", "odt", "rtf"),
}
_OF_ANYTHING = ("", "txt")


def format_of(
    name: str | None, output: Path | None, formats: Sequence[str], kind: str
) -> str | None:
    """The format that is named for a kind of result, else that of its file; nothing if neither is.

    Raises EmgraphError for a name that is none of the formats, for a file that is at odds with it,
    and without one for an ending that stands for none.
    """
    ending = output.suffix[1:].lower() if output else ""
    if name is not None and name not in formats:
        raise unknown(f"format of {kind}", name, formats)
    for near, others in _OF_OFFICES.items():
        if near in formats and ending in others:
            raise EmgraphError(f"{kind} is not written as .{ending}. Write -o FILE.{near} instead.")
    holds = _HOLDS.get(ending, ())
    if name and holds and name not in holds:
        raise EmgraphError(
            f"a .{ending} file is {holds[0]}, not {name}. Change the one or the other."
        )
    if name or ending in _OF_ANYTHING:
        return name
    if not holds or holds[0] not in formats:
        raise EmgraphError(f".{ending} stands for no format of {kind}. Say --format {formats[0]}.")
    return holds[0]
