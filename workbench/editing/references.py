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
_TAG_END = rb"""(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>"""
_ELEMENT = re.compile(rb"<(?:" + _WITH_FORMULA + rb"|[\w.-]+:(?:" + _WITH_FORMULA + rb"))" + _TAG_END + rb"([^<]+)<")
_ATTRIBUTES = (b"textlink", b"fmlaLink", b"fmlaRange", b"fmlaGroup", b"fmlaTxbx", b"linkedCell", b"listFillRange")
_ATTRIBUTE = re.compile(rb"\s(?:" + b"|".join(_ATTRIBUTES) + rb""")\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SOURCES = (b"worksheetSource", b"rangeSet", b"dataRef")
_SOURCE = re.compile(rb"<(?:[\w.-]+:)?(?:" + b"|".join(_SOURCES) + rb""")\s(?:[^>"']|"[^"]*"|'[^']*')*>""")
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
        (start, end), whole = match.span(match.lastindex or 0), match[0]
        old = unescaped(data[start:end].decode())
        new = change(old)
        written = escaped(new) if data[start - 1 : start] != b"'" else escaped(new).replace(b"'", b"&#39;")
        return whole if new == old else whole[: start - match.start()] + written + whole[end - match.start() :]

    data = _ELEMENT.sub(changed, data)
    return _ATTRIBUTE.sub(changed, data) if _may_hold(data, _ATTRIBUTES) else data


def formulas(data: bytes) -> Iterator[str]:
    """Every formula of an XML part, whatever kind of part it is; the source of a pivot table too, as a formula would name it. Other parts have none."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    patterns = (_ELEMENT, _ATTRIBUTE) if _may_hold(data, _ATTRIBUTES) else (_ELEMENT,)
    for match in (match for pattern in patterns for match in pattern.finditer(data)):
        yield unescaped(match[match.lastindex or 0].decode())
    for source in _SOURCE.finditer(data) if _may_hold(data, _SOURCES) else ():
        for match in _SOURCE_NAME.finditer(source[0]):
            name = unescaped(match[2][1:-1].decode())
            yield quoted(name) + "!A1" if match[1] == b"sheet" else name


def _may_hold(data: bytes, words: tuple[bytes, ...]) -> bool:
    """A quick look, since a part can be large and most hold none of these."""
    return any(word in data for word in words)
