"""One sheet of several versions, each laid on the base: the same slot is the same row or column in all of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.merging.aligning import Alignment, align, pair_columns, several
from workbench.merging.fitting import fitted
from workbench.merging.keys import Key, choose_keys, label
from workbench.merging.merged import Given, Side
from workbench.merging.pages import Calculated, Column, Content, Page, identical, normal, same, saved_as, value_of

Slot = int | tuple[Hashable, ...]
"""Of a column or row of the base its position or number; of any other what it is called in every version that has it."""


@dataclass(frozen=True, eq=False)
class View:
    """One version of the sheet. ``columns`` maps slots to positions of ``page``, ``rows`` slots to its rows."""

    name: str
    alignment: Alignment
    columns: Mapping[Slot, int]
    rows: Mapping[Slot, int]
    missing: bool = False

    @property
    def page(self) -> Page:
        """The sheet as this version has it."""
        return self.alignment.other

    def content(self, row: Slot, column: Slot) -> Content:
        """What stands there; None where the version has no such row or column."""
        if row not in self.rows or column not in self.columns:
            return None
        return self.page.content(self.rows[row], self.columns[column])

    def place(self, row: Slot, column: Slot | None = None) -> str:
        """``Controls!F17``; without a column the row's first key cell; "" where there is nothing."""
        if row not in self.rows or (column is not None and column not in self.columns):
            return ""
        first = self.alignment.other_keys[0] if self.alignment.other_keys else 0
        return self.page.place(self.rows[row], self.columns[column] if column is not None else first)

    def label(self, row: Slot) -> str:
        """What the row is called."""
        return label(self.page, self.rows[row], self.alignment.other_keys)

    def identity(self, row: Slot, letters: Mapping[Slot, str]) -> tuple[Given, ...]:
        """The key cells of a row that the version has."""
        keys = set(self.alignment.other_keys) if self.rows[row] > self.page.head else set()
        columns = [slot for slot, at in self.columns.items() if at in keys]
        return tuple(
            Given(letters.get(slot, ""), self.page.columns[self.columns[slot]].heading, value_of(self.content(row, slot)))
            for slot in columns
        )

    def side(self, row: Slot, column: Slot) -> Side:
        """What the version says in a cell."""
        content = self.content(row, column)
        formula = f"={content.formula}" if isinstance(content, Calculated) else ""
        return Side(self.name, self.place(row, column), value_of(content), present=row in self.rows, formula=formula)

    def whole(self, row: Slot, letters: Mapping[Slot, str]) -> Side:
        """A whole row of the version, its columns by the letters of ours."""
        return Side(self.name, self.place(row), cells=self.given(row, letters), present=row in self.rows)

    def given(self, row: Slot, letters: Mapping[Slot, str]) -> tuple[Given, ...]:
        """The cells of a row that hold something."""
        if row not in self.rows:
            return ()
        cells = [(slot, at, value_of(self.content(row, slot))) for slot, at in self.columns.items()]
        return tuple(
            Given(letters.get(slot, ""), self.page.columns[at].heading, value) for slot, at, value in cells if value is not None
        )


@dataclass(frozen=True, eq=False)
class Views:
    """The base's sheet and how ours and each copy differ from it. ``shared`` are keys that some version has more than once."""

    base: View
    ours: View
    theirs: tuple[View, ...]
    keys: tuple[int, ...]
    shared: frozenset[Key]

    @cached_property
    def columns(self) -> dict[Slot, Column]:
        """Every column of any version, the base's first: as cells of it are compared."""
        found: dict[Slot, Column] = {}
        for view in (self.base, self.ours, *self.theirs):
            for slot, at in view.columns.items():
                column = view.page.columns[at]
                known = found.setdefault(slot, column)
                if column.ids and not known.ids:
                    found[slot] = replace(known, ids=True, framework=column.framework)
        return found

    @cached_property
    def letters(self) -> dict[Slot, str]:
        """The letter of each column in ours; "+1", "+2" … for those that ours has to get."""
        known: dict[Slot, str] = {slot: self.ours.page.columns[at].letter for slot, at in self.ours.columns.items()}
        used = {column.letter for column in self.ours.page.columns}
        for at, column in enumerate(self.base.page.columns):
            if at not in known and not column.heading and column.letter not in used:
                known[at] = column.letter  # a column without a heading that ours has emptied is still there
        new = sorted((slot for slot in self.columns if isinstance(slot, tuple) and slot not in known), key=str)
        return known | {slot: f"+{number}" for number, slot in enumerate(new, 1)}

    def key(self, row: Slot) -> Key | None:
        """The key of a row of the base, or of one that others added; None for a row without."""
        if isinstance(row, int):
            return self.base.alignment.base_row_keys.get(row)
        return row[1] if row[0] == "key" else row[2]  # type: ignore[return-value]  # as ``_row_slots`` makes them

    def edited(self, view: View, row: Slot) -> list[Slot]:
        """The columns in which a version differs from the base in a row that both have, in whatever way; not what a file without formulas makes of one."""
        number = self.base.rows[row]
        before, after = self.base.page.rows[number], view.page.rows[view.rows[row]]
        found: list[Slot] = [
            slot for slot, at in view.columns.items() if not identical(before[slot] if isinstance(slot, int) else None, after[at])
        ]
        if not view.page.values_only:
            return found
        return [
            slot
            for slot in found
            if not isinstance(slot, int)
            or not ((number, slot) in self.base.page.formulas or saved_as(before[slot], after[view.columns[slot]]))
        ]

    @cached_property
    def shared_in_base(self) -> frozenset[Key]:
        """The keys that the base has more than once."""
        return several(self.base.alignment.base_row_keys)

    def doubled(self, view: View) -> list[Slot]:
        """The rows that only a version has, under keys that it has more than once and the base has not: each may be any row that it lacks."""
        new = [row for row in view.rows if row not in self.base.rows]
        return [row for row in new if self.key(row) in self.shared - self.shared_in_base]

    def is_stranger(self, view: View) -> bool:
        """Whether a version has none of the rows of the base's table: it may be a copy of another workbook."""
        table = self.base.page.table()
        return not view.missing and not self.base.missing and bool(table) and not any(row in view.rows for row in table)

    def said(self, view: View, row: Slot, columns: Sequence[Slot]) -> list[Slot]:
        """Those of ``columns`` in which it says something else than the base."""
        return [slot for slot in columns if not same(self.base.content(row, slot), view.content(row, slot), self.columns[slot])]


def lay(base: Page | None, ours: tuple[str, Page | None], theirs: Sequence[tuple[str, Page]]) -> Views:
    """The views of one sheet; where the base or ours has none, an empty one stands for it."""
    first = next(page for page in (base, ours[1], *(page for _, page in theirs)) if page)
    ground = base or replace(first, rows={}, above={}, formulas={})
    own = ours[1] or replace(ground, rows={}, above={}, formulas={})
    ground, *pages = fitted([ground, own, *(page for _, page in theirs)])
    keys = choose_keys(ground, [(page, pair_columns(ground, page)) for page in pages])
    names = [ours[0], *(name for name, _ in theirs)]
    alignments = [align(ground, page, keys) for page in pages]
    shared = frozenset[Key]().union(*(alignment.shared for alignment in alignments))
    views = [
        View(name, alignment, _column_slots(alignment), _row_slots(alignment, shared))
        for name, alignment in zip(names, alignments, strict=True)
    ]
    itself = align(ground, ground, keys)
    return Views(
        View("", itself, {at: at for at in range(len(ground.columns))}, {row: row for row in ground.rows}, missing=base is None),
        replace(views[0], missing=ours[1] is None),
        tuple(views[1:]),
        keys,
        shared,
    )


def _column_slots(alignment: Alignment) -> dict[Slot, int]:
    slots: dict[Slot, int] = dict(sorted(alignment.columns.items()))
    seen: Counter[str] = Counter()
    for at in alignment.extra_columns:
        column = alignment.other.columns[at]
        token = column.token or f"column {column.letter}"
        seen[token] += 1
        slots[token, seen[token]] = at
    return slots


def _row_slots(alignment: Alignment, shared: frozenset[Key]) -> dict[Slot, int]:
    """Rows of the base by their number there; others by their key; by what they say where they have none of their own."""
    slots: dict[Slot, int] = dict(alignment.rows.items())
    seen: Counter[tuple[Hashable, ...]] = Counter()
    for row in alignment.extra_rows:
        key = alignment.other_row_keys.get(row)
        if key is not None and key not in shared:
            slots["key", key] = row
            continue
        said = _said(alignment.other, row)
        seen[key, said] += 1
        slots["row", said, key, seen[key, said], row < alignment.other.head] = row
    return slots


def _said(page: Page, row: int) -> Hashable:
    return frozenset(
        (column.token or column.letter, normal(value, column))
        for column, value in zip(page.columns, page.rows[row], strict=True)
        if value is not None
    )
