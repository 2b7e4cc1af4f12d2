"""A workbook as it is compared: sheets of raw cells that know their rows, columns and headings, and when two cells say the same. Pure."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from workbench.frameworks.around import FILLER, PUNCTUATION
from workbench.frameworks.ids import CellValue, canonical, parse
from workbench.sheets import fold_heading

_REFERENCE = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w(.])")
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)\s?%")
_DIGITS, _HALF = 15, 0.51
"""Digits that spreadsheets keep of a number, and how far off, in units of the last, the saved one may be."""
_SPLIT = re.compile(rf"[\s{re.escape(PUNCTUATION)}]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``written`` is the heading's own cell, ``heading`` what it reads as (two heading rows read as one).

    ``field`` is what the column was recognized as (``owner``, ``soc2#2``), "" where it was not. ``ids`` says that its cells hold
    requirement ids, of ``framework`` as far as that is known.
    """

    letter: str
    heading: str
    field: str = ""
    ids: bool = False
    framework: str = ""
    written: CellValue = None

    @property
    def token(self) -> str:
        """The heading as headings are compared: an id as its canonical form, anything else folded."""
        return canonical(self.heading) or fold_heading(self.heading)


@dataclass(frozen=True, slots=True)
class Calculated:
    """What a formula cell holds: the formula, the same formula seen from its cell (so that moving it changes nothing), and its value."""

    formula: str
    relative: str
    value: CellValue


Content = CellValue | Calculated
Cells = tuple[CellValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One sheet. ``rows`` maps Excel's row number to the cells by position of the column; the heading row ``head`` (0: none) is not among them.

    ``keys`` are positions of the columns that identify a row by what the sheet was recognized as, () where that says nothing.
    ``above`` gives (row, position) of key cells that are blank because a cell above stands for them. ``formulas`` gives the text of
    each formula, "" where it is only known that there is one; ``values_only`` says that the file tells no formula from its value.
    ``log`` says that rows are only ever added: what identifies one is all that it says.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Mapping[int, Cells]
    head: int = 0
    declaration: str = ""
    keys: tuple[int, ...] = ()
    above: Mapping[tuple[int, int], CellValue] = field(default_factory=dict)
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    values_only: bool = False
    log: bool = False

    def content(self, row: int, position: int) -> Content:
        """What a cell holds, formulas included; of a blank key cell what stands for it above."""
        value = self.rows[row][position]
        if value is None and (row, position) in self.above:
            return self.above[row, position]
        formula = self.formulas.get((row, position))
        if formula is None:
            return value
        return calculated(formula, row, self.columns[position].letter, value)

    def place(self, row: int, position: int) -> str:
        """``Controls!F17``."""
        return f"{self.name}!{self.columns[position].letter}{row}"

    def table(self) -> list[int]:
        """The rows below the headings."""
        return [row for row in self.rows if row > self.head]


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One workbook to compare: its file name, and its sheets in order; ``lone`` where such a file holds one sheet and never more."""

    name: str
    pages: tuple[Page, ...]
    lone: bool = False


# --- when two cells say the same -------------------------------------------------------------------------------------------------


def same(old: Content, new: Content, column: Column) -> bool:
    """Whether two cells of a column say the same, however it is written: ids as sets, 5 and "5", a date and its text, white space at line ends.

    Two formulas are the same where their text is, or their values are: a new result of an old formula is nobody's edit.
    """
    if isinstance(old, Calculated) and isinstance(new, Calculated) and _same_formula(old, new):
        return True
    old, new = value_of(old), value_of(new)
    return identical(old, new) or normal(old, column) == normal(new, column) or _round_to_one(old, new)


def _round_to_one(old: CellValue, new: CellValue) -> bool:
    """Whether two numbers may be one that a program saved with the 15 digits that spreadsheets show."""
    if not isinstance(old, float) or not isinstance(new, int | float) or not old or not math.isfinite(old):
        return False
    last = 10.0 ** (math.floor(math.log10(abs(old))) - (_DIGITS - 1))
    return abs(old - new) <= _HALF * last


def _same_formula(old: Calculated, new: Calculated) -> bool:
    return not old.formula or not new.formula or old.formula == new.formula or old.relative == new.relative


def untouched(old: Content, new: Content, column: Column) -> bool:
    """Whether nobody typed into a cell: it says the same, and a formula is the same formula, whatever it comes to."""
    if isinstance(old, Calculated) or isinstance(new, Calculated):
        return isinstance(old, Calculated) and isinstance(new, Calculated) and _same_formula(old, new)
    return same(old, new, column)


def saved_as(value: CellValue, saved: CellValue) -> bool:
    """Whether a file without formats may hold ``value`` as ``saved``: a truth as 1 or 0, a share as a percentage."""
    if isinstance(value, bool):
        return isinstance(saved, int | float) and value == saved
    percent = _PERCENT.fullmatch(saved.strip()) if isinstance(saved, str) and isinstance(value, int | float) else None
    return percent is not None and isinstance(value, int | float) and _round_to_one(float(value), float(percent[1]) / 100)


def value_of(content: Content) -> CellValue:
    """The value that a cell shows."""
    return content.value if isinstance(content, Calculated) else content


def identical(old: CellValue, new: CellValue) -> bool:
    """Whether two values are the same in type and value."""
    return type(old) is type(new) and old == new


def normal(value: CellValue, column: Column) -> Hashable:
    """What is compared in place of a value."""
    if isinstance(value, str):
        return _read(value, column.framework) if column.ids else _text(value)
    return None if value is None else shown(value)


def shown(value: CellValue) -> str:
    """A value as a person reads it: no ``.0``, days without a time, TRUE and FALSE; "" for blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def cited(value: CellValue, column: Column) -> frozenset[str]:
    """The canonical ids in a cell of a requirement column; none in any other."""
    if not column.ids or not isinstance(value, str):
        return frozenset()
    return _read(value, column.framework)[0]


def words_beside(value: CellValue, column: Column) -> tuple[str, ...]:
    """What a cell of a requirement column says beside its ids, as words without order; everything, where it is no text."""
    if isinstance(value, str):
        return _read(value, column.framework)[1]
    return (shown(value),) if value is not None else ()


@lru_cache(maxsize=16_384)
def _read(text: str, framework: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The ids of a cell, and the words beside them in order of the alphabet: what is no id, and the titles."""
    ids, rest, end = set(), [], 0
    for citation in parse(text, framework):
        if citation.id:
            ids.add(citation.id)
            start = text.find(citation.text, end)
            if start >= 0:
                rest.append(text[end:start])
                end = start + len(citation.text)
    rest.append(text[end:])
    words = _SPLIT.split(FILLER.sub(" ", " ".join(rest)).casefold())
    return frozenset(ids), tuple(sorted(filter(None, words)))


@lru_cache(maxsize=16_384)
def _text(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return "\n".join(map(str.rstrip, plain.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")))


# --- formulas and places ---------------------------------------------------------------------------------------------------------


def calculated(formula: str, row: int, letter: str, value: CellValue) -> Calculated:
    """A formula cell at ``letter`` and ``row``."""
    return Calculated(formula, _seen_from(formula, row, _number(letter)), value)


def _seen_from(formula: str, row: int, column: int) -> str:
    """The formula with each relative reference as its distance from the cell."""

    def distance(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = found.groups()
        across = letters if fixed_column else f"[{_number(letters) - column}]"
        down = number if fixed_row else f"[{int(number) - row}]"
        return f"R{down}C{across}"

    return _REFERENCE.sub(distance, formula)


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value


def joined(values: Iterable[CellValue]) -> str:
    """The label of a row: what its key cells say."""
    return " → ".join(" ".join(shown(value).split()) for value in values if value is not None)
