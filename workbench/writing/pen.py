"""What all sheets of one workbook share while they are written: styles, texts, lists, remarks, and how a value becomes a cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote as url_quote

from xlsxwriter.url import Url

from workbench.model import WorkbenchError
from workbench.writing.declarations import (
    Cell,
    Column,
    Formula,
    Link,
    Look,
    Neighbour,
    SummarySheet,
    Workbook,
    column_letter,
    quoted,
    sheet_name,
)
from workbench.writing.look import LINK, LOOKS, SIGN_STYLES, STYLES, cell_style
from workbench.writing.package import BulkSheet, BulkWorkbook
from workbench.writing.texts import safe_text, xml_text

MAX_LINKS = 65_530
MAX_URL = 2_079
_EPOCH = dt.date(1899, 12, 30)
_FIRST_DAY = dt.date(1900, 3, 1)


def done(code: int | None, what: str) -> None:
    """XlsxWriter says by a return code that it did not write something; that is never passed over."""
    if code:
        raise WorkbenchError(f"XlsxWriter refused {what} (code {code}); this is a bug in a report's declaration")


class Pen:
    """One workbook being written."""

    def __init__(self, declared: Workbook, as_of: dt.date) -> None:
        self.declared = _safe(declared)
        self.as_of = as_of
        self.book = BulkWorkbook()
        self.texts = self.book.texts
        self.remarks: list[str] = []
        self.lists: dict[tuple[str, ...], str] = {}
        self.summary = next((sheet.name for sheet in declared.sheets if isinstance(sheet, SummarySheet)), "")
        self._formats: dict[object, Any] = {}
        self._styles: dict[str, Styles] = {}

    def style(self, name: str) -> Styles:
        """A named style in its variants."""
        if name not in self._styles:
            self._styles[name] = Styles(self, name, STYLES[name])
        return self._styles[name]

    def format(self, key: object, properties: Callable[[], Mapping[str, Any]]) -> Any:
        """The XlsxWriter format under ``key``, made on first use."""
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties())
        return self._formats[key]

    def sign_format(self, look: Look, sign: str) -> Any:
        """The conditional format of a cell whose text begins with ``sign``."""
        return self.format((look, sign), lambda: SIGN_STYLES[look][sign])

    def list_range(self, choices: tuple[str, ...]) -> str:
        """The defined name of a drop-down too long for its cell, on the hidden sheet of lists."""
        return "=" + self.lists.setdefault(choices, f"lstChoices{len(self.lists) + 1}")


def _safe(declared: Workbook) -> Workbook:
    """What stands in footer and properties, without characters that no file can hold."""

    def safe(text: str) -> str:
        return safe_text(text)[0]

    return replace(
        declared,
        title=safe(declared.title),
        subject=safe(declared.subject),
        organization=safe(declared.organization),
        version=safe(declared.version),
        classification=safe(declared.classification),
        custom={name: safe(value) for name, value in declared.custom.items()},
    )


class Styles:
    """One style and its variants, as the numbers by which cells refer to them; each is made when it is first used."""

    def __init__(
        self,
        pen: Pen,
        key: object,
        style: Mapping[str, Any],
        *,
        locked: Mapping[str, Any] | None = None,
        dated: Mapping[str, Any] = LOOKS[Look.DATE],
    ) -> None:
        self._pen = pen
        self._key = key
        self._style = style
        self._locked = locked
        self._dated = dated

    @classmethod
    def of(cls, pen: Pen, column: Column) -> Styles:
        """The style of a table's column."""
        key = (column.look, column.number_format)

        def style(*, editable: bool) -> dict[str, Any]:
            return cell_style(column.look, editable=editable, tinted=not column.quiet, number_format=column.number_format)

        dated = {} if column.number_format else LOOKS[Look.DATE]
        if column.editable:
            return cls(pen, (*key, column.quiet), style(editable=True), locked=style(editable=False), dated=dated)
        return cls(pen, key, style(editable=False), dated=dated)

    @cached_property
    def format(self) -> Any:
        """As XlsxWriter holds it."""
        return self._pen.format((self._key, "plain"), lambda: self._style)

    @cached_property
    def plain(self) -> int:
        """For whatever needs nothing else."""
        return self._pen.book.style_number(self.format)

    @cached_property
    def quoted(self) -> int:
        """For text that would become a formula when somebody edits it."""
        return self._number("quoted", {"quote_prefix": True})

    @cached_property
    def linked(self) -> int:
        """Blue and underlined."""
        return self._number("linked", LINK)

    @cached_property
    def linked_quoted(self) -> int:
        """Both."""
        return self._number("linked quoted", {**LINK, "quote_prefix": True})

    @cached_property
    def dated(self) -> int:
        """For a date among other things."""
        return self._number("dated", self._dated)

    @cached_property
    def locked(self) -> int:
        """For a formula of ours in an editable column."""
        if self._locked is None:
            return self.plain
        style = self._locked
        return self._pen.book.style_number(self._pen.format((self._key, "locked"), lambda: style))

    def _number(self, variant: str, more: Mapping[str, Any]) -> int:
        return self._pen.book.style_number(self._pen.format((self._key, variant), lambda: {**self._style, **more}))


class Cells:
    """The cells of one sheet as XML; what they need beside it, links and remarks, goes to the page and the pen."""

    def __init__(self, pen: Pen, page: BulkSheet, name: str) -> None:
        self._pen = pen
        self._page = page
        self._name = name
        self._links = 0

    def cell(self, row: int, column: int, value: Cell, styles: Styles) -> str:
        """Any value, at row and column counted from 0."""
        start = f'<c r="{column_letter(column)}{row + 1}" s="'
        if isinstance(value, Formula):
            return f'{start}{styles.locked}"{formula_xml(value)}'
        if isinstance(value, Link | Neighbour):
            return start + self._link(row, column, value, styles)
        found = value if isinstance(value, str) else plain_value(value)
        if found is None or found == "":
            return f'{start}{styles.plain}"/>'
        if isinstance(found, str):
            text = self._pen.texts[str(found)]
            self.remark(row, column, text.problem)
            return f'{start}{styles.quoted if text.quoted else styles.plain}" t="s"><v>{text.index}</v></c>'
        if isinstance(found, bool):
            return f'{start}{styles.plain}" t="b"><v>{int(found)}</v></c>'
        style = styles.dated if isinstance(value, dt.date) else styles.plain
        return f'{start}{style}"><v>{found!r}</v></c>'

    def link(self, row: int, column: int, target: str) -> None:
        """Make the cell lead to a place in the workbook, whatever it shows."""
        self._page.hyperlinks[row][column] = Url(f"internal:{target}")

    def remark(self, row: int, column: int, problem: str) -> None:
        """Remember what was not written as it was given, if anything."""
        if problem:
            self._pen.remarks.append(f"{self._name}!{column_letter(column)}{row + 1}: {problem}")

    def _link(self, row: int, column: int, link: Link | Neighbour, styles: Styles) -> str:
        url, words = link_url(link)
        text = self._pen.texts[words]
        self.remark(row, column, text.problem)
        self._links += url is not None
        if url is not None and self._links <= MAX_LINKS:
            self._page.hyperlinks[row][column] = url
            style = styles.linked_quoted if text.quoted else styles.linked
        else:
            self.remark(row, column, "" if url is None else f"over {MAX_LINKS:,} links, so this one is text")
            style = styles.quoted if text.quoted else styles.plain
        return f'{style}" t="s"><v>{text.index}</v></c>'


def formula_xml(formula: Formula) -> str:
    """The rest of a cell after its style: formula and cached value."""
    text = xml_text(formula.text.removeprefix("="))
    value = formula.value
    if isinstance(value, bool):
        return f' t="b"><f>{text}</f><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f' t="str"><f>{text}</f><v>{xml_text(safe_text(value)[0])}</v></c>'
    return f"><f>{text}</f><v>{value!r}</v></c>"


def plain_value(value: object) -> str | int | float | bool | None:
    """A value as the file holds it: dates as Excel's day numbers, NaN and NaT as blank, anything unknown as its text."""
    if value is None or isinstance(value, bool | int) or value != value:  # noqa: PLR0124 - only NaN and NaT differ from themselves
        return value if isinstance(value, bool | int) else None
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dt.date):
        return _day_number(value)
    item: Callable[[], object] | None = getattr(value, "item", None)  # numpy scalars
    return plain_value(item()) if item else str(value)


def _day_number(value: dt.date) -> str | int | float:
    """Days since 1899-12-30; text before March 1900, where Excel's own calendar is wrong."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if day < _FIRST_DAY:
        return value.isoformat()
    days = (day - _EPOCH).days
    if not isinstance(value, dt.datetime):
        return days
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return days + seconds / 86_400 if seconds else days


def link_url(link: Link | Neighbour) -> tuple[Url | None, str]:
    """XlsxWriter's link, None where the target is none that a deliverable may open, and the text of the cell."""
    if isinstance(link, Neighbour):
        return _neighbour(link), link.text or link.path
    target = link.target.strip()
    if target.startswith("#"):
        return Url("internal:" + target[1:]), link.text or target[1:]
    text = link.text or target
    safe = target.casefold().startswith(("http://", "https://", "mailto:")) and target.isprintable() and " " not in target
    if safe and len(target.encode("utf-16-le")) <= 2 * MAX_URL:
        scheme, colon, rest = target.partition(":")
        return Url(scheme.lower() + colon + rest), text
    return None, text if text == target else f"{text} ({link.target})"


def _neighbour(link: Neighbour) -> Url:
    parts = link.path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
        raise WorkbenchError(f"{link.path} does not lie below the workbook that links to it; this is a bug in a report")
    url = Url("external:" + link.path)
    url._relationship_link = url_quote(link.path)  # noqa: SLF001 - XlsxWriter would write backslashes, which only Windows follows
    return url


# --- what every workbook gets ----------------------------------------------------------------------------------------


def lists_sheet(pen: Pen) -> None:
    """The hidden sheet behind long drop-downs, one column a list."""
    if not pen.lists:
        return
    name = sheet_name("Lists", (sheet.name for sheet in pen.declared.sheets))
    page: BulkSheet = pen.book.add_worksheet(name)
    page.hide()
    cells, style = Cells(pen, page, name), pen.style("paragraph")
    lists = [(defined, *choices) for choices, defined in pen.lists.items()]
    for row in range(max(map(len, lists))):
        held = [(column, words[row]) for column, words in enumerate(lists) if row < len(words)]
        page.add_row(row, 15.0, "".join(cells.cell(row, column, word, style) for column, word in held))
    for column, (defined, *choices) in enumerate(lists):
        letter = column_letter(column)
        done(pen.book.define_name(defined, f"={quoted(name)}!${letter}$2:${letter}${len(choices) + 1}"), defined)
    page.extend(len(page.rows) - 1, len(lists) - 1)


def print_setup(pen: Pen, page: BulkSheet) -> None:
    """A4 landscape, one page wide, with the footer."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    page.set_footer(footer(pen.declared, pen.as_of))


def footer(declared: Workbook, as_of: dt.date) -> str:
    """Classification and organization, title and version, date and page; what came from data is shortened and escaped."""
    version = f"version {declared.version}" if declared.version else ""
    left = _footer_words(declared.classification, declared.organization)
    middle = _footer_words(declared.title, version, declared.state)
    return f"&L&8 {left}&C&8 {middle}&R&8 {as_of.isoformat()} · page &P of &N"


def _footer_words(*parts: str) -> str:
    return " · ".join(map(_footer_word, filter(None, parts)))


def _footer_word(text: str) -> str:
    """At most 38 of the 255 UTF-16 units that Excel allows for all of a footer, with & doubled."""
    double = sum(character == "&" or character > "\uffff" for character in text[:38])
    return text[: 38 - double].replace("&", "&&")
