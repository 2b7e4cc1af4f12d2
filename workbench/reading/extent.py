"""How far a table goes: where it ends, which rows count, and what stands beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_letters

from workbench.frameworks.ids import CellValue
from workbench.reading.columns import Seen
from workbench.reading.heads import Head, Rows, heading_row_worth, repeats
from workbench.reading.shapes import Shape, shape
from workbench.sheets import fold_heading

_SECOND_HEADING = 2.4
"""What a row after a blank one must be worth as headings to begin another table."""
_CLOSING = re.compile(
    r"\W*(?:sub|grand)?\s*(?:total|count|sum|average|notes?|legend|key|source|sources|prepared|disclaimer|copyright|©|\*)",
    re.IGNORECASE,
)
_IDS = Shape.SOC2 | Shape.ANNEX | Shape.LEGACY | Shape.CLAUSE | Shape.BARE
_ID_LIKE = _IDS | Shape.OWN | Shape.WHOLE


def blank(row: Sequence[CellValue]) -> bool:
    """Whether a row holds nothing."""
    return row.count(None) == len(row)


def table_end(rows: Rows, head: Head) -> tuple[int, int]:
    """The row after the last one of the table below ``head``, and the heading row of a second table below it (-1 for none)."""
    last = max((row for row in range(len(rows)) if not blank(rows[row])), default=-1) + 1
    gap = -1
    for row in range(head.row + 1, last):
        if blank(rows[row]):
            gap = row if gap < 0 else gap
        else:
            if gap > head.row + 1 and _begins_another(rows, row, head):
                return gap, row
            gap = -1
    return last, -1


def _begins_another(rows: Rows, row: int, head: Head) -> bool:
    filled = [cell for cell in rows[row] if cell is not None]
    if len(filled) < 2 or repeats(rows[row], head) or any(not isinstance(cell, str) or shape(cell) & _ID_LIKE for cell in filled):
        return False
    return heading_row_worth(rows[row]) >= _SECOND_HEADING


def without_neighbours(columns: Sequence[Seen], rows: Rows, head: Head, end: int) -> tuple[list[Seen], list[int]]:
    """The columns of the table itself, and the first column of each other table beside it.

    Blocks are what blank columns divide. A block is another table when it has a heading of this one again, or fills only a few rows.
    """
    blocks: list[list[Seen]] = []
    for one in columns:
        if blocks and one.at == blocks[-1][-1].at + 1:
            blocks[-1].append(one)
        else:
            blocks.append([one])
    if len(blocks) == 1:
        return list(columns), []
    main = max(blocks, key=lambda block: (any(one.family or one.own for one in block), len(block), -block[0].at))
    height = _height(main, rows, head, end)
    others = [
        block for block in blocks if block is not main and _is_another(block, main, _height(block, rows, head, end), height)
    ]
    kept = [one for block in blocks if block not in others for one in block]
    return kept, [block[0].at for block in others if any(one.heading for one in block)]


def _height(block: Sequence[Seen], rows: Rows, head: Head, end: int) -> int:
    return sum(any(rows[row][one.at] is not None for one in block) for row in range(head.row + 1, end))


def _is_another(block: Sequence[Seen], main: Sequence[Seen], height: int, whole: int) -> bool:
    said = {fold_heading(one.heading) for one in main if one.heading}
    if not any(one.heading for one in block) or any(fold_heading(one.heading) in said for one in block if one.heading):
        return True
    return whole >= 8 and height * 3 < whole and height > 0 and not any(one.family for one in block)


def data_rows(rows: Rows, head: Head, end: int, columns: Iterable[int], keys: Sequence[int]) -> tuple[int, ...]:
    """The rows that count: not blank, no section's title, not the heading again, without totals and notes after the last row with an id."""
    placed = list(columns)
    kept = [
        row
        for row in range(head.row + 1, end)
        if any(rows[row][at] is not None for at in placed) and not repeats(rows[row], head)
    ]
    while kept and not _identified(rows[kept[-1]], placed, keys, follows=not blank(rows[kept[-1] - 1])):
        kept.pop()
    titles = _sections(rows, kept, placed, keys)
    return tuple(row for row in kept if row not in titles)


def _sections(rows: Rows, kept: Sequence[int], placed: Sequence[int], keys: Sequence[int]) -> frozenset[int]:
    """The rows that only title those below: one text where most rows have an id, or a group and its title ("A.5", "Organizational controls")."""
    for key in keys:
        looks = [shape(rows[row][key]) for row in kept]
        for wanted in (_IDS, Shape.OWN | Shape.WHOLE):
            if 2 * sum(bool(look & wanted) for look in looks) >= len(kept):
                found = (row for row, look in zip(kept, looks, strict=True) if _is_section(rows[row], placed, keys, look, wanted))
                return frozenset(found)
    return frozenset()


def _is_section(row: Sequence[CellValue], placed: Sequence[int], keys: Sequence[int], look: int, wanted: int) -> bool:
    filled = [at for at, cell in enumerate(row) if cell is not None]
    group = wanted == _IDS and bool(look & (Shape.GROUP | Shape.WHOLE))
    if len(filled) == 1:
        return isinstance(row[filled[0]], str) and (group or not shape(row[filled[0]]) & (wanted | _IDS))
    words = [row[at] for at in placed if row[at] is not None and at not in keys]
    named = words or [row[at] for at in filled if at not in keys]
    ids = [at for at in keys if row[at] is not None]
    return group and len(ids) == 1 and len(named) == 1 and bool(shape(named[0]) & (Shape.OTHER | Shape.PROSE))


def _identified(row: Sequence[CellValue], placed: Sequence[int], keys: Sequence[int], *, follows: bool) -> bool:
    """Whether a row at the end belongs to the table: it has an id, or more than one cell, with a key's or directly below the row before."""
    filled = [row[at] for at in placed if row[at] is not None]
    first = next((cell for cell in row if cell is not None), None)
    if isinstance(first, str) and _CLOSING.match(first) and not any(shape(row[at]) & _IDS for at in keys):
        return False
    looks = [shape(row[at]) for at in keys if row[at] is not None]
    return any(one & _ID_LIKE for one in looks) or (len(filled) >= 2 and (bool(looks) or follows or not keys))


def heading_continues(rows: Rows, head: Head, kept: Sequence[int], keys: Sequence[int]) -> bool:
    """Whether the row below the heading says more about the columns ("Mapped ids") where the rows that follow have ids."""
    if len(kept) < 2 or kept[0] != head.row + 1:
        return False
    filled = [cell for cell in rows[kept[0]] if cell is not None]
    if any(not isinstance(cell, str) or shape(cell) & (_ID_LIKE | Shape.MARK) or not shape(cell) for cell in filled):
        return False
    said = [at for at in keys if rows[kept[0]][at] is not None]
    return bool(said) and all(2 * sum(bool(shape(rows[row][at]) & _ID_LIKE) for row in kept[1:]) >= len(kept) - 1 for at in said)


def begins_blocks(rows: Rows, kept: Sequence[int], column: int) -> bool:
    """Whether a column names one id where a block of rows begins, in order and none twice: not what single rows of any order cite."""
    cells = [str(rows[row][column]).strip() for row in kept if rows[row][column] is not None]
    letters = [cell[: len(cell) - len(cell.lstrip(ascii_letters))].casefold() for cell in cells]
    places = [
        (letters.index(series), *map(int, re.findall(r"[0-9]+", cell))) for series, cell in zip(letters, cells, strict=True)
    ]
    return not any(shape(cell) & Shape.LIST for cell in cells) and all(one < other for one, other in pairwise(places))


def omits_repeats(rows: Rows, kept: Sequence[int], column: int, others: Sequence[int]) -> bool:
    """Whether a column names an id once and leaves it blank in the rows that follow, which have ids in ``others``."""
    if not kept or rows[kept[0]][column] is None:
        return False
    open_rows = [row for row in kept if rows[row][column] is None and any(rows[row][at] is not None for at in others)]
    return len(open_rows) >= max(2, 0.2 * len(kept))
