"""An answer as one HTML file that needs nothing else, for reading and for printing."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from pyoxigraph import Literal, NamedNode

from emgraph.answers.view import Cell, Fact, View, link_targets, word
from emgraph.namespaces import XSD
from emgraph.screen import visible
from emgraph.terms import Term

_STYLE = """
:root { color-scheme: light dark; --line: #c9d1d9; --soft: #f4f6f8; --quiet: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --line: #444c56; --soft: #22272e; --quiet: #adbac7; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; color: var(--quiet); }
dt, dd { margin: 0; } .cut { font-weight: bold; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left;
  vertical-align: top; min-width: 4rem; white-space: pre-line; mso-number-format: "\\@"; }
th { background: var(--soft); }
.number { text-align: right; white-space: nowrap; mso-number-format: General; }
code { font-size: .875em; overflow-wrap: anywhere; }
@media print { :root { color-scheme: light; --line: #999; --soft: #eee; --quiet: #333; }
  @page { size: A4 landscape; margin: 15mm; }
  body { font-size: 9pt; margin: 0; max-width: none; padding: 0; } .wide { overflow: visible; }
  h1, h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; } th, td { min-width: 0; overflow-wrap: anywhere; }
}
"""
_AS_TEXT = ' sdnum="2057;0;@"'  # LibreOffice calculates no cell that is text; Excel by the style
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_DIGITS = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_NUMBERS = tuple(XSD + name for name in ("integer", "decimal", "double", "float"))


def render(shown: View) -> str:
    """The question, what was asked, the table with its citations, and what they are of."""
    title = shown.about.question or "Answer"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(title)}</title>",
            f"<style>{_STYLE}</style></head><body>",
            f"<header><h1>{_text(title)}</h1>",
            *_facts(shown),
            "</header><main>",
            *_table(shown),
            "</main><footer>",
            *_sources(shown),
            "</footer></body></html>",
            "",
        ]
    )


def _facts(shown: View) -> Iterator[str]:
    facts = [*shown.about.facts, Fact("Rows", f"{len(shown.rows):,}")]
    yield "<dl>"
    yield from (f"<dt>{_text(head)}</dt><dd>{_text(text)}</dd>" for head, text, _ in facts)
    yield "</dl>"
    if shown.cut():
        yield f'<p class="cut">{_text(shown.cut())}</p>'


def _table(shown: View) -> Iterator[str]:
    if not shown.rows:
        yield f"<p>{_text(shown.about.no_rows)}</p>"
        return
    anchors = {place.iri: f"p{n}" for n, place in enumerate(link_targets(shown), 1)}
    heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in shown.heads)
    yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in shown.rows:
        cells = zip(shown.variables, row, strict=True)
        yield f"<tr>{''.join(_cell(name, cell, shown, anchors) for name, cell in cells)}</tr>"
    yield "</tbody></table></div>"


def _cell(name: str, cell: Cell, shown: View, anchors: dict[str, str]) -> str:
    links = [anchors[t.value] for t in cell if isinstance(t, NamedNode) and t.value in anchors]
    if links and len(links) == len(cell):
        parts = [
            f'<a href="#{anchor}">{_text(word(term, shown.about))}</a>'
            for anchor, term in zip(links, cell, strict=True)
        ]
        return f"<td{_AS_TEXT}>{'; '.join(parts)}</td>"
    kind = ' class="number"' if cell and all(map(_is_number, cell)) else _AS_TEXT
    return f"<td{kind}>{_text(shown.text(name, cell))}</td>"


def _is_number(term: Term) -> bool:
    """Whether a term is a number in its type and in its letters, which a spreadsheet goes by."""
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return False
    return _DIGITS.fullmatch(term.value) is not None


def _sources(shown: View) -> Iterator[str]:
    places = link_targets(shown)
    if shown.about.sources:
        yield '<h2>Documents</h2><div class="wide"><table><thead><tr>'
        heads = ("Document", "Title", "Protective marking", "Licence")
        yield from (f'<th scope="col">{head}</th>' for head in heads)
        yield "</tr></thead><tbody>"
        yield from (_line(source) for source in shown.about.sources)
        yield "</tbody></table></div>"
    if places:
        yield "<h2>Places cited</h2><ul>"
        for number, place in enumerate(places, 1):
            label, iri = _text(place.label), _text(place.iri)
            yield f'<li id="p{number}">{label} <code>{iri}</code></li>'
        yield "</ul>"


def _line(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(text: str) -> str:
    return escape(visible(text))
