"""Grids: requirement ids down one column and across one heading row, marks where they meet. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2
from workbench.reading import headings
from workbench.reading.assign import Placed
from workbench.reading.columns import sample
from workbench.reading.heads import Rows, text
from workbench.reading.shapes import Shape, bare_is_iso, profile, shape

_PREFIXED = Shape.SOC2 | Shape.ANNEX | Shape.LEGACY | Shape.CLAUSE
_LEAST, _LEAST_BARE = 4, 8
_FIRST_ROWS = 30
_CONTROL = re.compile(r"[A-Z]{2,8}[-_.]\d{1,4}")
_LONGEST_MARK = 25


@dataclass(frozen=True, slots=True)
class Grid:
    """``head`` is the row of ids across; ``columns`` are the source, its title, and one ``cell`` column for each id across."""

    head: int
    source: int
    columns: tuple[Placed, ...]


def find_grid(rows: Rows) -> Grid | None:
    """The grid on a sheet, or None. A row of groups ("CC6", "A.5") is its head only where no row of single requirements stands below it."""
    groups: Grid | None = None
    for head in range(min(_FIRST_ROWS, len(rows) - 1)):
        across = _across(rows, head)
        found = _grid(rows, head, across) if across else None
        if found and not any(shape(rows[head][column]) & Shape.GROUP for column in across):
            return found
        groups = groups or found
    return groups


def _across(rows: Rows, head: int) -> list[int]:
    """The columns whose cell in the row ``head`` is one id, when there are enough different ones; [] otherwise."""
    shapes = [(column, cell, shape(cell)) for column, cell in enumerate(rows[head]) if cell is not None]
    for wanted, least in ((_PREFIXED, _LEAST), (Shape.BARE, _LEAST_BARE)):
        found = [(column, cell) for column, cell, one in shapes if one & wanted and not one & (Shape.LIST | Shape.PROSE)]
        if len(found) >= least and len({text(cell) for _, cell in found}) == len(found):
            if wanted == Shape.BARE and not bare_is_iso([cell for _, cell in found]):
                continue
            return [column for column, _ in found]
    controls = [(column, cell) for column, cell, _ in shapes if isinstance(cell, str) and _CONTROL.fullmatch(cell.strip())]
    return [column for column, _ in controls] if len(controls) >= _LEAST + 1 and len(controls) >= len(shapes) - 4 else []


def _grid(rows: Rows, head: int, across: Sequence[int]) -> Grid | None:
    below = sample(head + 1, len(rows))
    cells = [rows[row][column] for row in below for column in across[:40] if rows[row][column] is not None]
    ids = sum(bool(shape(cell) & (_PREFIXED | Shape.BARE)) for cell in cells)
    long = sum(len(str(cell)) > _LONGEST_MARK for cell in cells)
    if ids > 0.2 * len(cells) or long > 0.3 * len(cells) + len(across):
        return None
    beside = [column for column in range(len(rows[head])) if column not in set(across)]
    source = _source(rows, below, beside, across)
    if source is None:
        return None
    at, family = source
    above = [text(cell) for row in rows[: head + 1] for cell in row if isinstance(cell, str) and not shape(cell) & _PREFIXED]
    controls = all(_CONTROL.fullmatch(text(rows[head][column])) for column in across)
    if controls and not family:
        return None
    columns = [Placed(at, "source", "source", _heading(rows, head, at), _framework(family, above))]
    title = _title(rows, below, beside, at)
    if title is not None:
        columns.append(Placed(title, "source_title", "source_title", _heading(rows, head, title)))
    for column in across:
        heading = text(rows[head][column])
        columns.append(Placed(column, "", "cell", heading, _framework(profile([heading]).family, above)))
    return Grid(head, at, tuple(sorted(columns, key=lambda one: one.at)))


def _source(rows: Rows, below: Sequence[int], beside: Sequence[int], across: Sequence[int]) -> tuple[int, str] | None:
    """The column of ids down, and their family ("" for control ids); requirement ids go before control ids, left before right."""
    own: int | None = None
    for column in beside:
        content = profile([rows[row][column] for row in below])
        if content.filled < 2:
            continue
        family = content.family
        if family == "bare":
            family = "iso" if bare_is_iso([rows[row][column] for row in below]) else ""
        if family and content.share(Shape.LIST) < 0.3:
            return column, family
        if own is None and content.share(Shape.OWN) >= 0.6 and content.distinct >= 0.8 and column < max(across):
            own = column
    return None if own is None else (own, "")


def _title(rows: Rows, below: Sequence[int], beside: Sequence[int], source: int) -> int | None:
    for column in sorted(beside, key=lambda one: (one < source, abs(one - source))):
        if column != source and profile([rows[row][column] for row in below]).share(Shape.OTHER, Shape.PROSE) >= 0.5:
            return column if abs(column - source) <= 2 else None
    return None


def _heading(rows: Rows, head: int, column: int) -> str:
    """The heading of a column beside the ids: in the row of ids, or the nearest above it."""
    return next((text(rows[row][column]) for row in range(head, max(head - 3, -1), -1) if rows[row][column] is not None), "")


def _framework(family: str, above: Sequence[str]) -> str:
    """The framework of ids down or across; the edition where the headings and the title above name exactly one."""
    if family in {"soc2", ""}:
        return SOC2 if family else ""
    if family == headings.MIXED:
        return ""
    said = {headings.edition(one) for one in above if headings.names_iso(one)} & {ISO2013, ISO2022}
    return said.pop() if len(said) == 1 else ISO_UNDECIDED
