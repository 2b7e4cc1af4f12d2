"""XlsxWriter with a bulk path: row XML is made here, everything else (tables, notes, drop-downs, charts) stays XlsxWriter's.

XlsxWriter keeps a Python object per cell and writes each with several calls, about 8 µs; here a cell is one formatted
string. Texts are made safe once per distinct text, however often they stand in the workbook.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook as XlsxWorkbook
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from workbench.writing.look import extent

MAX_TEXT = 32_767
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "|")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NEEDS_CARE = re.compile("[&<>\n\t]|^ | $|  |_x[0-9A-Fa-f]{4}_")
_LITERAL_ESCAPE = re.compile("(?=_x[0-9A-Fa-f]{4}_)")


class Text:
    """One distinct text: its place in the workbook's shared strings, and what its cells need to know."""

    __slots__ = ("index", "paragraphs", "problem", "quoted", "text", "width")

    def __init__(self, index: int, text: str, problem: str) -> None:
        self.index = index
        self.text = text
        self.paragraphs = extent(text)
        self.width = self.paragraphs[0] if len(self.paragraphs) == 1 else 1e9
        self.quoted = text.startswith(_FORMULA_STARTS)
        self.problem = problem


def safe_text(text: str) -> tuple[str, str]:
    """``text`` as a cell can hold it, and in words what had to change ("" for nothing).

    Control characters become their visible pictures (␀ ␁ …), halves of characters and non-characters become �; what is over
    Excel's 32,767 is cut, and the text says so at its end.
    """
    problems = []
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if _UNSAFE.search(text):
        text = _UNSAFE.sub(_visible, text)
        problems.append("control characters are shown as signs")
    units = len(text) if len(text) < MAX_TEXT // 2 else len(text.encode("utf-16-le")) // 2
    if units > MAX_TEXT:
        note = (
            f" … [cut here: Excel holds {MAX_TEXT:,} characters in a cell and the text has {units:,}; the input holds all of it]"
        )
        text = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(note))].decode("utf-16-le", "ignore") + note
        problems.append(f"the text of {units:,} characters is cut to {MAX_TEXT:,}")
    return text, "; ".join(problems)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code == 0x7F:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def shared_item(text: str) -> str:
    """The <si> element of a text. Always escaped: XlsxWriter itself would take "<r>…</r>" from a cell for its own XML."""
    if not _NEEDS_CARE.search(text):
        return f"<si><t>{text}</t></si>"
    text = _LITERAL_ESCAPE.sub("_x005F", text) if "_x" in text else text
    return f'<si><t xml:space="preserve">{xml_text(text)}</t></si>'


def xml_text(text: str) -> str:
    """``text`` as the content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Texts(dict[str, Text]):
    """Text as given → ``Text``; made on first use."""

    def __init__(self, shared: Any) -> None:
        super().__init__()
        self._index = shared._get_shared_string_index  # noqa: SLF001 - XlsxWriter has no public way

    def __missing__(self, raw: str) -> Text:
        text, problem = safe_text(raw)
        entry = self[raw] = Text(self._index(text), text, problem)
        return entry


class BulkSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows may come as finished XML; ``rows`` None leaves them to XlsxWriter."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] | None = None

    def extend(self, last_row: int, last_column: int) -> None:
        """Say how far the sheet goes, counted from 0."""
        self._check_dimensions(0, 0)
        self._check_dimensions(last_row, last_column)

    def add_long_table(self, first_row: int, last_row: int, last_column: int, options: dict[str, Any]) -> int:
        """``add_table`` from column A; XlsxWriter would note every one of its cells to find overlaps, which one table a sheet has not."""
        code: int = self.add_table(first_row, 0, first_row + 1, last_column, options)
        if not code:
            whole = xl_range(first_row, 0, last_row, last_column)
            self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}
        return code

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        # Ours use no function newer than Excel 2007, so that there is nothing to look for in them.
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        if self.rows is None:
            super()._write_rows()
        else:
            self.fh.write("".join(self.rows))


class _Packager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if not table.count:
            return
        self._filename("xl/sharedStrings.xml").write(
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' count="{table.count}" uniqueCount="{table.unique_count}">'
            f"{''.join(map(shared_item, table.string_array))}</sst>"
        )


class BulkWorkbook(XlsxWorkbook):  # type: ignore[misc]
    """A workbook in memory whose sheets are ``BulkSheet``; ``pack`` gives its bytes, the same for the same content."""

    worksheet_class = BulkSheet

    def __init__(self) -> None:
        super().__init__(
            BytesIO(),
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )

    def style_number(self, look: Any) -> int:
        """The number by which cells refer to a format."""
        number: int = look._get_xf_index()  # noqa: SLF001 - the bulk path writes what XlsxWriter would
        return number

    def pack(self) -> bytes:
        """The finished package."""
        self.close()
        packed: bytes = self.filename.getvalue()
        return packed

    def _get_packager(self) -> Packager:
        return _Packager()
