"""The names in formulas: sheets, tables and defined names, found and renamed.

Only as much of the grammar as that takes (ECMA-376, 18.17): texts and brackets are passed over, a word before ``!`` is a sheet,
any other word that is no function may be a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from workbench.editing.xml import escaped, unescaped

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*"|\#(?:REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|N/A))
    |'(?P<quoted>(?:[^']|'')+)'!
    |(?P<book>\[[^\[\]]*\])?(?P<sheets>[\w.\\?]+(?::[\w.\\?]+)?)!
    |(?P<brackets>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    |(?P<word>[^\W\d][\w.\\?]*)(?![\w.\\?(!])""",
    re.VERBOSE | re.DOTALL,
)
_WITH_FORMULA = rb"f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula|FmlaLink|FmlaRange|FmlaGroup|FmlaTxbx"
_FORMULA = re.compile(
    rb"<(?:[\w.-]+:)?(?:" + _WITH_FORMULA + rb""")(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>([^<]+)<"""
    rb"""|\s(?:textlink|fmlaLink|fmlaRange|fmlaGroup|fmlaTxbx|linkedCell|listFillRange)\s*=\s*("[^"]*"|'[^']*')"""
)
_SOURCE = re.compile(rb"""<(?:[\w.-]+:)?(?:worksheetSource|rangeSet|dataRef)\s(?:[^>"']|"[^"]*"|'[^']*')*>""")
_SOURCE_NAME = re.compile(rb"""\s(sheet|name)\s*=\s*("[^"]*"|'[^']*')""")


def quoted(name: str) -> str:
    """A sheet's name as any formula takes it: in apostrophes, its own doubled."""
    return "'" + name.replace("'", "''") + "'"


def renamed(formula: str, sheets: Mapping[str, str], names: Mapping[str, str] | None = None) -> str:
    """The formula with other names for sheets, and for tables and defined names. The keys are casefolded; what else it holds stays as it is."""

    def change(match: re.Match[str]) -> str:
        said = _sheets_of(match)
        if any(name.casefold() in sheets for name in said):
            return quoted(":".join(sheets.get(name.casefold(), name) for name in said)) + "!"
        word = match["word"]
        return (names or {}).get(word.casefold(), word) if word else match[0]

    return _TOKEN.sub(change, formula)


def mentioned(formula: str) -> Iterator[tuple[str, str]]:
    """The sheets and the words that may be names: ``("sheet", …)`` or ``("name", …)``, as written."""
    for match in _TOKEN.finditer(formula):
        yield from (("sheet", name) for name in _sheets_of(match))
        if match["word"]:
            yield "name", match["word"]


def _sheets_of(match: re.Match[str]) -> list[str]:
    """The sheets that a token names: one, or the first and last of a row of sheets; none where they are another workbook's."""
    if match["quoted"]:
        said = match["quoted"].replace("''", "'")
        return [] if "[" in said else said.split(":")
    return match["sheets"].split(":") if match["sheets"] and match["book"] in {None, "[0]"} else []


def with_formulas(data: bytes, change: Callable[[str], str]) -> bytes:
    """An XML part with every formula changed, whatever kind of part it is; sources of pivot tables are left alone."""

    def changed(match: re.Match[bytes]) -> bytes:
        start, end = match.span(1) if match[1] else (match.start(2) + 1, match.end(2) - 1)
        old = unescaped(data[start:end].decode())
        new = change(old)
        if new == old:
            return match[0]
        return data[match.start() : start] + escaped(new) + data[end : match.end()]

    return _FORMULA.sub(changed, data)


def formulas(data: bytes) -> Iterator[str]:
    """Every formula of an XML part, whatever kind of part it is; the source of a pivot table too, as a formula would name it. Other parts have none."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    for match in _FORMULA.finditer(data):
        text = match[1] or match[2][1:-1]
        yield unescaped(text.decode())
    for source in _SOURCE.finditer(data):
        for match in _SOURCE_NAME.finditer(source[0]):
            name = unescaped(match[2][1:-1].decode())
            yield quoted(name) + "!A1" if match[1] == b"sheet" else name
