"""The bytes of a file as the parser may have them: UTF-8 that can neither crash nor flood it."""

import re
from collections.abc import Callable, Sized
from itertools import accumulate

from pyoxigraph import RdfFormat

from emgraph.errors import BrokenFile
from emgraph.rdf.files import RdfFile, content

LEVELS = 256  # deeper JSON-LD, RDF/XML and triple terms crash the parser or take it quadratic time
LONGEST_PREFIX = 8192
MOST_ATTRIBUTES = 1000  # the parser takes quadratic time for them
_LONGEST_TOKEN = 2**23

_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_NO_RDF = {
    b"\x1f\x8b": "this is a gzip archive. Unpack it",
    b"PK\x03\x04": "this is a zip archive or an office document. Unpack or convert it",
    b"%PDF": "this is a PDF. Name the RDF file that was meant",
    b"BZh": "this is a bzip2 archive. Unpack it",
    b"\x28\xb5\x2f\xfd": "this is a zstd archive. Unpack it",
    b"\xfd7zXZ": "this is an xz archive. Unpack it",
    b"SQLite format 3": "this is a database. Export it as RDF",
}
_TOO_DEEP = f"it nests deeper than {LEVELS} levels. Flatten it."
_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = [1 if byte in b"[{<" else -1 if byte in b"]}>" else 0 for byte in range(256)]
_JSON = rb'"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])'
_TERMS = (
    rb'(?s)"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    rb'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*|<[^<>\s]*>|(?P<open><<)|(?P<close>>>)'
)
_LONG_PREFIX = rb"<[^>\n\r ]{%d}" % LONGEST_PREFIX
_DECLARES = rb"(?i)(?:prefix\s+[^\s:]*:|base)\s*\Z"


def checked(file: RdfFile) -> bytes:
    """The bytes of a file without a byte order mark; raises BrokenFile if they cannot be parsed.

    That is so if they are no UTF-8 text, and if the parser would crash, stall or fill the memory.
    """
    data = content(file)
    if not data.isascii() or b"\0" in data or data.startswith(tuple(_NO_RDF)):
        data = _text(file, data)
    _CHECKS.get(file.format, _check_terms)(file, data)
    return data


def place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (from 1, in characters) of a byte."""
    before = data[:offset].rpartition(b"\n")[2]
    return data.count(b"\n", 0, offset) + 1, len(before.decode(errors="replace")) + 1


def place_of_longest(data: bytes) -> tuple[int, int]:
    """Where the token begins that is longer than the parser takes; it told of it with no place."""
    begins = [0]
    for mark in (b'"', b"'", b"\n", b">"):
        offset = 0
        for piece in data.split(mark):
            if len(piece) > _LONGEST_TOKEN:
                begins.append(offset)
                break
            offset += len(piece) + 1
    return place(data, max(begins))


def _text(file: RdfFile, data: bytes) -> bytes:
    """The bytes without a byte order mark; raises BrokenFile if they are no UTF-8 text."""
    for beginning, what in _NO_RDF.items():
        if data.startswith(beginning):
            raise BrokenFile(file.name, 1, 1, f"{what}.")
    if data.startswith(_UTF16) or (b"\0" in data[:4] and data[:4].strip(b"\0")):
        raise BrokenFile(file.name, 1, 1, "the file is UTF-16 or UTF-32. Save it as UTF-8.")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        what = f"the byte 0x{data[fault.start]:02X} is not UTF-8. Save the file as UTF-8."
        raise BrokenFile(file.name, *place(data, fault.start), what) from fault
    if (nul := data.find(b"\0")) >= 0:
        raise BrokenFile(file.name, *place(data, nul), "a NUL character. Remove it.")
    return data


def _check_terms(file: RdfFile, data: bytes) -> None:
    """Turtle and its kin: no triple terms without end, no prefix that swells what it begins."""
    if data.count(b"<<") > LEVELS:
        _check_depth(file, data, _TERMS)
    blocks = range(0, len(data), LONGEST_PREFIX // 2)
    if all(data.find(b"\n", start, start + LONGEST_PREFIX // 2) >= 0 for start in blocks[:-1]):
        return
    for match in re.finditer(_LONG_PREFIX, data):
        if re.search(_DECLARES, data[max(0, match.start() - 1000) : match.start()]):
            what = f"a prefix or base longer than {LONGEST_PREFIX:,} characters. Shorten it."
            raise BrokenFile(file.name, *place(data, match.start()), what)


def _check_json(file: RdfFile, data: bytes) -> None:
    """JSON-LD: an object or array, not too deep."""
    if data.strip()[:1] not in (b"{", b"[", b""):
        start = len(data) - len(data.lstrip())
        what = "a JSON-LD document is an object or an array. Put this into one."
        raise BrokenFile(file.name, *place(data, start), what)
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    brackets = b"".join(bare).translate(None, _BRACKETS)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > LEVELS:
        _check_depth(file, data, _JSON)


def _check_depth(file: RdfFile, data: bytes, tokens: bytes) -> None:
    depth = 0
    for match in re.finditer(tokens, data):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        if depth > LEVELS:
            raise BrokenFile(file.name, *place(data, match.start()), _TOO_DEEP)


def _check_xml(file: RdfFile, data: bytes) -> None:
    """RDF/XML: well-formed, without entities of its own (they can fill any memory), not too deep.

    No document type is looked up and nothing is fetched.
    """
    from xml.parsers import expat

    parser, depth = expat.ParserCreate("utf-8"), 0

    def _start(_name: str, attributes: Sized) -> None:
        nonlocal depth
        depth += 1
        if len(attributes) > MOST_ATTRIBUTES:
            what = f"an element has more than {MOST_ATTRIBUTES:,} attributes. Use elements instead."
            raise BrokenFile(file.name, *_here(), what)
        if depth > LEVELS:
            raise BrokenFile(file.name, *_here(), _TOO_DEEP)

    def _end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def _entity(*_: object) -> None:
        at = place(data, data.rfind(b"<!ENTITY", 0, parser.CurrentByteIndex + 1))
        raise BrokenFile(file.name, *at, "XML entities are not read. Write the IRIs out.")

    def _here() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    parser.StartElementHandler, parser.EndElementHandler = _start, _end
    parser.EntityDeclHandler = parser.SkippedEntityHandler = _entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        what = f"this is not well-formed XML: {expat.ErrorString(fault.code)}."
        raise BrokenFile(file.name, fault.lineno, fault.offset + 1, what) from fault


_CHECKS: dict[RdfFormat, Callable[[RdfFile, bytes], None]] = {
    RdfFormat.JSON_LD: _check_json,
    RdfFormat.RDF_XML: _check_xml,
}
