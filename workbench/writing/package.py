"""XlsxWriter with a bulk path: row XML is made here, everything else (tables, notes, drop-downs, charts) stays XlsxWriter's.

XlsxWriter keeps a Python object per cell and writes each with several calls, about 8 µs; here a cell is one formatted string.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook as XlsxWorkbook
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from workbench.writing.texts import Texts, shared_item

COMPRESSION = 3
"""Two thirds of the time of zlib's usual 6, for files a tenth larger."""


class BulkSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows come as finished XML, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []

    def extend(self, last_row: int, last_column: int) -> None:
        """Say how far the sheet goes, counted from 0."""
        self._check_dimensions(0, 0)
        self._check_dimensions(last_row, last_column)

    def add_row(self, row: int, height: float, cells: str, *, fixed: bool = False) -> None:
        """Append row ``row`` (from 0), ``height`` in points. Without ``fixed`` Excel and LibreOffice fit it again when its text changes."""
        custom = ' customHeight="1"' if fixed else ""
        self.rows.append(f'<row r="{row + 1}" ht="{height:g}"{custom}>{cells}</row>')

    def know_height(self, row: int, height: float) -> None:
        """Tell XlsxWriter the height of a row, so that notes and charts near it are drawn in their size."""
        self.row_sizes[row] = [int(height * 4 / 3 + 0.5), False]

    def add_long_table(self, first_row: int, last_row: int, last_column: int, options: dict[str, Any]) -> int:
        """``add_table`` from column A; XlsxWriter would note every one of its cells to find overlaps, which one table a sheet has not."""
        code: int = self.add_table(first_row, 0, first_row + 1, last_column, options)
        if not code:
            whole = xl_range(first_row, 0, last_row, last_column)
            self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}
        return code

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        # Conditional formats of ours use no function newer than Excel 2007, so XlsxWriter need not look for 120 of them.
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        self.fh.write("".join(self.rows))


class _Packager(Packager):  # type: ignore[misc]
    """Keeps the parts for ``BulkWorkbook.pack`` instead of giving them to XlsxWriter's zip file."""

    def _create_package(self) -> list[object]:
        self.workbook.parts = super()._create_package()
        return []

    def _write_shared_strings_file(self) -> None:
        table, plain = self.workbook.str_table, self.workbook.texts.plain
        if table.count:
            items = [f"<si><t>{text}</t></si>" if text in plain else shared_item(text) for text in table.string_array]
            self._filename("xl/sharedStrings.xml").write(
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
                f' count="{table.count}" uniqueCount="{table.unique_count}">{"".join(items)}</sst>'
            )


class BulkWorkbook(XlsxWorkbook):  # type: ignore[misc]
    """A workbook in memory whose sheets are ``BulkSheet``; ``pack`` gives its bytes, the same for the same content."""

    worksheet_class = BulkSheet

    def __init__(self) -> None:
        never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers", "nan_inf_to_errors"), False)
        super().__init__(BytesIO(), {"in_memory": True, **never})
        self.texts = Texts(self.str_table._get_shared_string_index)  # noqa: SLF001 - XlsxWriter has no public way
        self.parts: list[tuple[StringIO | BytesIO, str, bool]] = []

    def style_number(self, style: Any) -> int:
        """The number by which cells refer to a format."""
        number: int = style._get_xf_index()  # noqa: SLF001 - the bulk path writes what XlsxWriter would
        return number

    def pack(self) -> bytes:
        """The finished package."""
        self.close()
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as package:
            for part, name, _ in self.parts:
                content = part.getvalue()
                info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                package.writestr(info, content, ZIP_DEFLATED, COMPRESSION)
        return packed.getvalue()

    def _get_packager(self) -> Packager:
        return _Packager()
