"""Where a table begins: the heading row among the first rows of a sheet, alone or with the row of group headings above it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from workbench.frameworks.ids import CellValue
from workbench.reading import headings
from workbench.reading.shapes import Shape, shape
from workbench.sheets import SHEETS, fold_heading

Rows = Sequence[Sequence[CellValue]]
Span = tuple[int, int, int, int]
"""A merged range in indices of the rows: first row, first column, last row, last column."""
_FIRST_ROWS = 40
_ANSWERS = frozenset({"yes", "no", "y", "n", "n/a", "na", "ja", "nein"})
"""Headings of columns to tick: what is asked stands in the group heading above."""
_LEAST = 1.4
"""What the cells of a heading row must be worth together: two headings, one of them surely known."""
_IDS = Shape.SOC2 | Shape.ANNEX | Shape.LEGACY | Shape.BARE | Shape.CLAUSE


@dataclass(frozen=True, slots=True)
class Head:
    """A heading row: ``row`` is the last row of it, ``texts`` one heading per column ("" for none), ``worth`` how sure it is.

    ``last`` are the texts of that row alone; ``joined`` the columns whose heading was put together with the row above.
    """

    row: int
    texts: tuple[str, ...]
    worth: float
    last: tuple[str, ...]
    joined: frozenset[int] = frozenset()

    @property
    def top(self) -> int:
        """The first row that belongs to the heading."""
        return self.row - 1 if self.joined else self.row


def text(value: CellValue) -> str:
    """A cell as a heading reads."""
    return "" if value is None else " ".join(str(value).split())


def repeats(row: Sequence[CellValue], head: Head) -> bool:
    """Whether a row is the heading row once more, as exports repeat it on every page."""
    said = _casefolded(head.last)
    first = next((cell for cell in row if cell is not None), None)
    if not isinstance(first, str) or first.strip().casefold() not in said:
        return False
    filled = [cell for cell in row if cell is not None]
    return len(filled) >= 2 and sum(text(cell).casefold() in said for cell in filled) >= 0.6 * len(filled)


@lru_cache(maxsize=256)
def _casefolded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one.casefold() for one in texts if one)


def find_heads(rows: Rows, merges: Sequence[Span] = ()) -> list[Head]:
    """The rows that may be the heading, surest first; [] when none looks like one."""
    found: list[Head] = []
    best = 0.0
    for row in _first_rows(rows):
        head = _single(rows, row)
        candidates = [one for one in (head, _with_groups(rows, row, merges, head)) if one and one.worth >= _LEAST]
        found += [_less_what_follows(rows, one) for one in candidates]
        best = max([best, *(candidate.worth for candidate in found)])
        if best >= 3 and found and row > found[-1].row + 4:
            break
    found = found or _above_ids(rows)
    return sorted(found, key=lambda head: (-round(head.worth, 2), head.row, len(head.joined)))


def _above_ids(rows: Rows) -> list[Head]:
    """Where no heading is known: the row of texts above the first row with a requirement id."""
    texts = -1
    for row in _first_rows(rows):
        if any(shape(cell) & (Shape.SOC2 | Shape.ANNEX | Shape.LEGACY) for cell in rows[row]):
            return [_single(rows, texts)] if texts >= 0 else []
        if all(cell is None or isinstance(cell, str) for cell in rows[row]):
            texts = row
    return []


def first_texts(rows: Rows) -> tuple[int, tuple[str, ...]]:
    """The first row with two texts, and them: what a reader would call the headings where nothing was recognized; (-1, ()) for none."""
    for row in _first_rows(rows):
        texts = tuple(text(cell) for cell in rows[row] if isinstance(cell, str))
        if len(texts) > 1:
            return row, texts
    return -1, ()


def _less_what_follows(rows: Rows, head: Head) -> Head:
    """A row that another row of headings follows is less likely the last of them."""
    below = rows[head.row + 1] if head.row + 1 < len(rows) else ()
    filled = [cell for cell in below if cell is not None]
    more = len(filled) >= 2 and not any(shape(cell) & (_IDS | Shape.OWN | Shape.WHOLE) for cell in filled)
    return replace(head, worth=head.worth - 1.0) if more and heading_row_worth(below) >= _LEAST else head


def heading_row_worth(row: Sequence[CellValue]) -> float:
    """How much the cells of a row speak for being headings."""
    return sum(_worth(cell, text(cell)) for cell in row)


def _first_rows(rows: Rows) -> Iterator[int]:
    seen = 0
    for row, cells in enumerate(rows):
        if sum(cell is not None for cell in cells) >= 2:
            yield row
            seen += 1
        if seen >= _FIRST_ROWS or row > 200:
            return


def _single(rows: Rows, row: int) -> Head:
    texts = tuple(text(cell) for cell in rows[row])
    return Head(row, texts, sum(_worth(cell, one) for cell, one in zip(rows[row], texts, strict=True)), texts)


def _worth(cell: CellValue, heading: str) -> float:
    if cell is None:
        return 0.0
    if not isinstance(cell, str):
        return -0.5
    return _text_worth(heading) if len(heading) <= 120 else -0.3


@lru_cache(maxsize=8192)
def _text_worth(heading: str) -> float:
    """How much a text speaks for being a heading: a declared one, one with a framework's name, or one with a heading's words."""
    looks = shape(heading)
    sense = headings.sense(heading) if len(heading) <= 90 else headings.Sense(heading, "", "")
    framed = sense.family in {"soc2", "iso", headings.MIXED} and sense.role in {"reference", "title", "text"}
    tests = (
        (framed and not looks & _IDS, 1.3),
        (fold_heading(heading) in _known(), 1.0),
        (looks & _IDS, -1.0),
        (looks & (Shape.MARK | Shape.WHOLE), -0.5),
        (looks & Shape.PROSE or len(heading.split()) > 9, -0.2),
    )
    for holds, worth in tests:
        if holds:
            return worth
    if _names_something(heading):
        return 0.7
    if sense.role or sense.framework:
        return 0.4
    return -0.4 if looks & Shape.OWN else 0.0


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(
        fold_heading(written) for sheet in SHEETS for column in sheet.columns for written in (column.heading, *column.aliases)
    )


def _names_something(heading: str) -> bool:
    return any(
        headings.fields(heading, name) or headings.near(heading, name)[0] for name in ("Controls", "Mapping", "Applicability")
    )


def _with_groups(rows: Rows, row: int, merges: Sequence[Span], single: Head) -> Head | None:
    """``row`` read together with group headings in the row above, where that says more than ``row`` alone."""
    if row == 0 or any(shape(cell) & _IDS for cell in rows[row]):
        return None
    groups = _groups(rows, row - 1, merges)
    if not groups:
        return None
    texts, joined = list(single.texts), set()
    for column, group in groups.items():
        below = single.texts[column]
        if not below:
            texts[column] = group
            joined.add(column)
        elif group != below and _says_more(group, below):
            texts[column] = f"{group} {below}"
            joined.add(column)
    worth = sum(_text_worth(one) if one else 0.0 for one in texts)
    if not joined or worth < single.worth + 0.25:
        return None
    return Head(row, tuple(texts), worth, single.last, frozenset(joined))


def _says_more(group: str, below: str) -> bool:
    """Whether ``below`` needs the group heading over it: a note in brackets, a yes or no, below a framework's name, or known only together."""
    if below.startswith("(") or below.casefold() in _ANSWERS:
        return True
    above, under = headings.sense(group), headings.sense(below)
    if above.framework and not under.framework and under.role in {"reference", "title", "text"}:
        return True
    return _text_worth(below) < 1 and _text_worth(f"{group} {below}") > _text_worth(below)


def _groups(rows: Rows, row: int, merges: Sequence[Span]) -> dict[int, str]:
    """Column → group heading of a row: over the columns of its merged range, else to the right as far as the row is blank."""
    cells = rows[row]
    filled = [column for column, cell in enumerate(cells) if cell is not None]
    if not filled or any(not isinstance(cells[column], str) or len(str(cells[column])) > 80 for column in filled):
        return {}
    spans = {left: min(right, len(cells) - 1) for top, left, _, right in merges if top == row}
    width = max((column for column, cell in enumerate(rows[row + 1]) if cell is not None), default=0)
    found: dict[int, str] = {}
    for at, column in enumerate(filled):
        following = filled[at + 1] if at + 1 < len(filled) else width + 1
        last = spans.get(column, column if spans else following - 1)
        found.update(dict.fromkeys(range(column, last + 1), text(cells[column])))
    lonely = len(set(found.values())) == 1 and (len(found) >= width or filled[0] == 0)
    return {} if lonely else found
