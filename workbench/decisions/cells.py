"""Accepted pairs into the cells where a workbook lists such things: a control's own cell, a row of an assessment, the mark of a grid. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from workbench.decisions.reviews import Decided, Pair
from workbench.frameworks import index
from workbench.frameworks.ids import CellValue, parse
from workbench.frameworks.rewriting import rewrite_ids
from workbench.interpretation import NOT_MARKED, UNDECIDED_MARKS, Project, text_of
from workbench.model import ISO2013, ISO2022, SOC2, Layout, Relationship, Table, TableColumn
from workbench.settings import Settings
from workbench.sheets import fold_heading
from workbench.words import read_word

_MODELS = 40
"""So many other cells of a column show how it is written."""
_MARK = "x"
"""What goes into a grid that has no mark yet."""
_SHORT = {SOC2: "SOC 2", ISO2022: "ISO 27001", ISO2013: "ISO 27001"}


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of a table, by its row and frame column; row 0 and column "" are the table as a whole."""

    table: int
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The cell that is to say a pair, and how: by the id that it gains, or in a grid by the relationship ("" for a bare mark)."""

    spot: Spot
    id: str = ""
    framework: str = ""
    relationship: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell with another value, and the pairs that it says then. ``ids`` are those that it gains, with their frameworks."""

    spot: Spot
    sheet: str
    cell: str
    before: CellValue
    after: CellValue
    pairs: tuple[Pair, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()


Fixed = Mapping[Spot, str]
"""Cells that must not be changed, and why."""


def family(framework: str) -> str:
    """``soc2`` or ``iso`` for every edition; "" for none."""
    return "soc2" if framework == SOC2 else "iso" if framework.startswith("iso27001") else ""


def framework_of(name: str) -> str:
    """The built-in framework that a canonical id is of, "" for a control; 2022 before 2013."""
    return next((one for one in (SOC2, ISO2022, ISO2013) if name in index(one)), "")


def cell_of(table: Table, row: int, column: str) -> CellValue:
    """What a cell of a table holds."""
    return cast("CellValue", table.frame.at[row, column])


class Cells:
    """The cells of a workbook in which a pair can be said."""

    def __init__(self, project: Project, settings: Settings, fixed: Fixed) -> None:
        self.project, self.settings, self.fixed = project, settings, fixed
        self.tables = project.book.tables
        self._columns: dict[tuple[int, str], list[tuple[int, str]]] = {}

    def home(self, one: Decided) -> tuple[Home | None, str]:
        """The cell that is to say the pair; else None, and why there is none where one would look for it."""
        why = ""
        for homes in (self._listed(one), self._crossed(one)):
            for home in homes:
                if isinstance(home, str):
                    why = why or home
                    continue
                wrong = self.fixed.get(home.spot) or self._shared(home.spot) or self._unclear(home)
                if not wrong:
                    return home, ""
                why = f"{self.tables[home.spot.table].sheet}!{self.address(home.spot)} {wrong}"
        return None, why

    def edits(self, wanted: Mapping[Spot, Sequence[tuple[Home, Pair]]]) -> Iterator[Edit]:
        """The cells with what is wanted in them, each once."""
        for spot, every in wanted.items():
            ids = tuple((home.id, home.framework) for home, _ in every if home.id)
            after = (
                self._mark(spot, every[0][0].relationship)
                if self._is_grid(spot)
                else self._listing(spot, [name for name, _ in ids])
            )
            pairs = tuple(pair for _, pair in every)
            yield Edit(spot, self.tables[spot.table].sheet, self.address(spot), self.value(spot), after, pairs, ids)

    def address(self, spot: Spot) -> str:
        """``G7``."""
        return f"{self.tables[spot.table].letters()[spot.column]}{spot.row}"

    def value(self, spot: Spot) -> CellValue:
        """What the cell holds."""
        return cell_of(self.tables[spot.table], spot.row, spot.column)

    def like(self, spot: Spot) -> list[str]:
        """The texts of the other cells of the column, which show how it is written."""
        texts = self._texts(spot.table, spot.column)
        return [text for row, text in texts[: _MODELS + 1] if row != spot.row]

    def _texts(self, number: int, column: str) -> list[tuple[int, str]]:
        if (number, column) not in self._columns:
            frame = self.tables[number].frame
            cells = zip(frame.index.tolist(), frame[column].tolist(), strict=True)
            self._columns[number, column] = [(row, text) for row, text in cells if isinstance(text, str)]
        return self._columns[number, column]

    def _is_grid(self, spot: Spot) -> bool:
        return self.tables[spot.table].layout is Layout.GRID

    # --- lists of ids in a row of a control or a requirement -------------------------------------------------------------

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, int]]]:
        """Control, or requirement that an assessment judges by itself → its rows."""
        found: dict[str, list[tuple[int, int]]] = {}
        frame = self.project.controls
        for control, table, row in zip(*(frame[name].tolist() for name in ("control", "table", "row")), strict=True):
            if self.tables[table].declaration == "Controls":
                found.setdefault(control, []).append((table, row))
        judged: dict[tuple[int, int], list[str]] = {}
        frame = self.project.citations
        for table, row, column, name in zip(*(frame[key].tolist() for key in ("table", "row", "column", "id")), strict=True):
            if self.tables[table].declaration == "Applicability" and column == "id":
                judged.setdefault((table, row), []).append(name)
        for place, names in judged.items():
            if len(names) == 1 and names[0]:
                found.setdefault(names[0], []).append(place)
        return found

    def _listed(self, one: Decided) -> Iterator[Home | str]:
        ends = [(one.source, one.target, one.framework), (one.target, one.source, framework_of(one.source))]
        for end, other, framework in ends if ends[1][2] else ends[:1]:
            for table, row in self._rows.get(end, ()):
                columns = self._fitting(table, other, framework)
                yield from (Home(Spot(table, row, column.name), other, framework) for column in columns)
                if not columns and self.tables[table].declaration == "Controls":
                    yield f"{self.tables[table].sheet} has no column for {_SHORT.get(framework, framework)}"

    def _fitting(self, number: int, name: str, framework: str) -> list[TableColumn]:
        """The columns of a sheet that list ids of a framework: the edition itself first, clauses where the heading speaks of them."""
        library = self.tables[number].declaration == "Controls"
        found = []
        for at, column in enumerate(self.tables[number].columns):
            edition = self.project.editions.get((number, column.name))
            lists = column.field in {"soc2", "iso"} or (library and bool(column.framework) and column.field not in {"id", "name"})
            if edition is not None and lists and family(edition.framework) in {"", family(framework)}:
                clauses = "clause" in (folded := fold_heading(column.heading)) and not {"annex", "controls"} & set(folded.split())
                found.append(
                    ((edition.framework != framework, not edition.framework, clauses != name.startswith("Clause"), at), column)
                )
        return [column for _, column in sorted(found, key=lambda entry: entry[0])]

    def _listing(self, spot: Spot, ids: Sequence[str]) -> str:
        edition = self.project.editions[spot.table, spot.column].framework
        return rewrite_ids(self._written(spot) or "", ids, like=self.like(spot), framework=edition)

    def _written(self, spot: Spot) -> str | None:
        """The ids of a cell as text, None where a number or date of it can be read in several ways."""
        value = self.value(spot)
        if value is None or isinstance(value, str):
            return value or ""
        table, edition = self.tables[spot.table], self.project.editions[spot.table, spot.column].framework
        found = parse(value, edition, number_format=table.formats.get((spot.row, spot.column), ""))
        return found[0].text if len(found) == 1 and found[0].id else None

    def _unclear(self, home: Home) -> str:
        value = self.value(home.spot)
        if self._is_grid(home.spot):
            folded = text_of(value).casefold().strip(" .")
            return "" if folded in NOT_MARKED or folded in UNDECIDED_MARKS else f"says '{text_of(value)}'"
        if self._written(home.spot) is not None:
            return ""
        kind = "date" if isinstance(value, dt.date) else "number"
        return f"holds a {kind} that can be read as several ids; type it as text first"

    def _shared(self, spot: Spot) -> str:
        """Whether a cell is merged with those of other controls or columns, which would change with it."""
        table = self.tables[spot.table]
        if (spot.row, spot.column) in table.filled:
            return "is merged with the cell above"
        row = spot.row + 1
        while (row, spot.column) in table.filled:
            if self._end(spot.table, row) != self._end(spot.table, spot.row):
                return "is merged with the cell below"
            row += 1
        beside = [other for place, other in table.filled if place == spot.row and other in table.frame.columns]
        value = self.value(spot)
        across = value is not None and any(cell_of(table, spot.row, other) == value for other in beside)
        return "is merged with the cell beside it" if across else ""

    @cached_property
    def _ends(self) -> dict[tuple[int, int], str]:
        return {place: end for end, places in self._rows.items() for place in places}

    def _end(self, table: int, row: int) -> str:
        return self._ends.get((table, row), "")

    # --- grids -------------------------------------------------------------------------------------------------------------

    def _crossed(self, one: Decided) -> Iterator[Home | str]:
        """The cells of grids where the two ends meet, whichever of them stands down the side."""
        inverse = str(Relationship(one.relationship).inverse) if one.relationship else ""
        ways = ((one.source, one.target, one.relationship), (one.target, one.source, inverse))
        for number, (rows, columns) in self._grids.items():
            for down, across, relationship in ways:
                yield from (
                    Home(Spot(number, row, column), relationship=relationship)
                    for row in rows.get(down, ())
                    for column in columns.get(across, ())
                )

    @cached_property
    def _grids(self) -> dict[int, tuple[dict[str, list[int]], dict[str, list[str]]]]:
        """Grid → rows and columns by the one end that each stands for."""
        cited: dict[tuple[int, int | str], list[str]] = {}
        frame = self.project.citations
        columns = (frame[name].tolist() for name in ("table", "row", "column", "role", "id"))
        for table, row, column, role, name in zip(*columns, strict=True):
            if self.tables[table].layout is Layout.GRID:
                cited.setdefault((table, column if role == "heading" else row), []).append(name)
        found: dict[int, tuple[dict[str, list[int]], dict[str, list[str]]]] = {}
        for number, table in enumerate(self.tables):
            if table.layout is not Layout.GRID:
                continue
            rows: dict[str, list[int]] = {}
            headings: dict[str, list[str]] = {}
            for row, own in zip(table.frame.index.tolist(), table.frame["source"].tolist(), strict=True):
                names = cited.get((number, row), [text_of(own)])
                if len(names) == 1 and names[0]:
                    rows.setdefault(names[0], []).append(row)
            for column in table.named("cell"):
                names = cited.get((number, column.name), [column.heading])
                if len(names) == 1 and names[0]:
                    headings.setdefault(names[0], []).append(column.name)
            found[number] = (rows, headings)
        return found

    def _mark(self, spot: Spot, relationship: str) -> CellValue:
        """The mark that the grid uses most for a relationship; "" is a bare mark."""
        table = self.tables[spot.table]
        meant = relationship or str(Relationship.UNSPECIFIED)
        marks = Counter(
            mark for column in table.named("cell") for mark in table.frame[column.name].tolist() if isinstance(mark, str | int)
        )
        same = [mark for mark, _ in marks.most_common() if read_word("relationship", text_of(mark), self.settings.words) == meant]
        return same[0] if same else relationship or _MARK
