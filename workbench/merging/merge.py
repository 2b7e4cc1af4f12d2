"""Three-way merge: what edited copies of a workbook change in ours, cell by cell, and what people have to decide. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from workbench.frameworks.ids import CellValue
from workbench.merging.cells import Clash, Take, merge_cell
from workbench.merging.changes import ids_changed
from workbench.merging.gathering import Found, sheets
from workbench.merging.keys import Key, key_part, label
from workbench.merging.merged import (
    HEADINGS,
    Conflict,
    ConflictKind,
    Edit,
    Given,
    GoneRow,
    Merged,
    NewColumn,
    NewRow,
    Side,
)
from workbench.merging.pages import Column, Version, shown, value_of
from workbench.merging.remarks import remarks, stranger
from workbench.merging.uncertain import ABOVE, group_of, uncertain
from workbench.merging.views import Slot, View, Views, lay

_LIKE = 200
"""So many cells show how ids are written in a column."""


def merge(base: Version, ours: Version, theirs: Sequence[Version]) -> Merged:
    """What ``theirs`` change in ``ours``, all of them being edited copies of ``base``.

    Rows pair by key and columns by heading, as in ``changes.diff``; moved rows and columns are no change. A cell that one side alone changed is
    followed, ids of requirement cells merge as sets; where sides disagree ours stays and a ``Conflict`` says so. Whatever a version
    holds that the base does not is in ours after the merge, or in a conflict. The order of ``theirs`` decides nothing.

    Raises:
        ValueError: two versions have one name.
    """
    if len({ours.name, *(one.name for one in theirs)}) <= len(theirs):
        raise ValueError("ours and each of theirs need names of their own")
    found = Found()
    theirs = sorted(theirs, key=lambda one: one.name)
    for before, own, copies in sheets(base, ours, theirs, found):
        _Sheet(lay(before, (ours.name, own), copies), base.name, found).merge()
    return Merged(
        base.name, ours.name, tuple(one.name for one in theirs), tuple(found.edits), tuple(found.rows), tuple(found.gone),
        tuple(found.columns), tuple(found.sheets), tuple(found.conflicts), tuple(dict.fromkeys(found.findings)),
    )  # fmt: skip


class _Sheet:
    """The merge of one sheet."""

    def __init__(self, views: Views, base: str, found: Found) -> None:
        self.views, self.found = views, found
        self.base, self.ours, self.theirs = views.base, views.ours, views.theirs
        self.base_name = base
        self.sheet = self.ours.page.name
        self.new_cells: dict[Slot, dict[int, CellValue]] = defaultdict(dict)
        self.edited = {view.name: self._edited(view) for view in (self.ours, *self.theirs)}
        self.uncertain = set(uncertain(views, self.edited))
        self.doubled = {view.name for view in self.theirs if views.doubled(view)}
        self.strangers = {view.name for view in self.theirs if views.is_stranger(view)}

    def _edited(self, view: View) -> dict[Slot, list[Slot]]:
        """Row of the base → columns in which the version differs, for the rows that differ."""
        every = ((row, self.views.edited(view, row)) for row in view.rows if row in self.base.rows)
        return {row: columns for row, columns in every if columns}

    def _says(self, view: View, row: Slot) -> bool:
        """Whether a version says something else than the base in a row."""
        return bool(self.views.said(view, row, self.edited[view.name].get(row, [])))

    def merge(self) -> None:
        """Headings, rows of the base, rows that copies added, and last the columns that came with either."""
        before = len(self.found.conflicts)
        self._remarks()
        self._headings()
        for row in self.base.rows:
            self._base_row(row)
        added = list(dict.fromkeys(row for view in self.theirs for row in view.rows if row not in self.base.rows))
        for row in added:
            if row in self.ours.rows:
                self._row_of_both(row)
        self._give_keys_to_followers()
        taken = self._settle_keys()
        for row in added:
            if row not in self.ours.rows:
                self._added_row(row, taken)
        self._new_columns()
        self.found.conflicts[before:] = map(self._as_edited, self.found.conflicts[before:])

    # --- what is said and not followed -------------------------------------------------------------------------------------------

    def _remarks(self) -> None:
        for view in (self.ours, *self.theirs):
            if not view.missing and not self.base.missing:
                self.found.findings += remarks(view.alignment, self.base_name, view.name)
        for view in self.theirs:
            if view.name in self.strangers:
                self.found.findings.append(stranger(view.page, view.name, self.sheet, self.base_name))
            gone = [
                column for at, column in enumerate(self.base.page.columns) if at not in view.columns and at in self.ours.columns
            ]
            for column in gone:
                what = column.heading or f"column {column.letter}"
                self.found.note(
                    view.name, view.page.name, f"{view.name} no longer has the column {what} of {self.sheet}; it is kept",
                    "Delete it by hand if it is to go.",
                )  # fmt: skip

    def _headings(self) -> None:
        """A heading that a copy changed."""
        if not self.base.page.head or not self.ours.page.head or self.base.missing:
            return
        for slot, at in self.ours.columns.items():
            if not isinstance(slot, int):
                continue
            before, own = self.base.page.columns[slot], self.ours.page.columns[at]
            named = [
                (view, view.page.columns[view.columns[slot]]) for view in self.theirs if slot in view.columns and view.page.head
            ]
            said = [(view.name, column.written) for view, column in named if column.token != before.token]
            plain = Column("", "")
            result = merge_cell(before.written, own.written, said, plain)
            row = self.ours.page.head
            if isinstance(result, Take):
                self.found.edits.append(
                    Edit(self.sheet, row, own.letter, HEADINGS, own.heading, own.written, result.value, result.by)
                )
            elif result:
                sides = [
                    Side(view.name, f"{view.page.name}!{column.letter}{view.page.head}", column.written)
                    for view, column in named
                    if view.name in result.by
                ]
                base = Side(self.base_name, f"{self.base.page.name}!{before.letter}{self.base.page.head}", before.written)
                mine = Side(self.ours.name, f"{self.sheet}!{own.letter}{row}", own.written)
                self.found.conflicts.append(
                    Conflict(ConflictKind.CELL, self.sheet, HEADINGS, own.heading, row, own.letter, base, mine, tuple(sides))
                )

    # --- rows --------------------------------------------------------------------------------------------------------------------

    def _base_row(self, row: Slot) -> None:
        deleted = [
            view for view in self.theirs if row not in view.rows and (view.name, group_of(self.views, row)) not in self.uncertain
        ]
        editors = [view for view in self.theirs if row in view.rows and row in self.edited[view.name]]
        if row not in self.ours.rows:
            said = [view for view in editors if self._says(view, row)]
            if said:
                self._row_conflict(ConflictKind.EDITED, row, said)
            return
        doubtful = any(view.name in self.doubled for view in deleted)
        if deleted and (doubtful or any(self._says(view, row) for view in editors) or self._says(self.ours, row)):
            self._row_conflict(ConflictKind.DELETED, row, deleted)
        elif by := tuple(view.name for view in deleted if view.name not in self.strangers):
            cells = self.ours.given(row, self.views.letters)
            self.found.gone.append(GoneRow(self.sheet, self.ours.rows[row], self.ours.label(row), cells, by))
            return
        for column in dict.fromkeys(slot for view in editors for slot in self.edited[view.name][row]):
            self._cell(row, column, [view for view in editors if column in self.edited[view.name][row]])

    def _row_of_both(self, row: Slot) -> None:
        """A row that the base has not, and ours has too."""
        having = [view for view in self.theirs if row in view.rows]
        for column in dict.fromkeys(slot for view in having for slot in view.columns):
            self._cell(row, column, [view for view in having if view.content(row, column) is not None])

    def _added_row(self, row: Slot, taken: set[Key]) -> None:
        """A row that only copies have: to be added, unless it has no certain place."""
        having = [view for view in self.theirs if row in view.rows]
        group, key = group_of(self.views, row), self.views.key(row)
        uncertain = group is not None and any((view.name, group) in self.uncertain for view in having)
        if self.ours.missing or uncertain or group == ABOVE or (key in taken and key not in self.views.shared_in_base):
            self._row_conflict(ConflictKind.ROW, row, having)
        else:
            self._new_row(row, having)

    def _new_row(self, row: Slot, having: Sequence[View]) -> None:
        cells: list[Given] = []
        index = len(self.found.rows)
        for column in dict.fromkeys(slot for view in having for slot in view.columns):
            said = [(view.name, value_of(view.content(row, column))) for view in having]
            said = [(name, value) for name, value in said if value is not None]
            result = merge_cell(None, None, said, self.views.columns[column])
            letter = self.views.letters.get(column, "")
            if isinstance(result, Take) and letter:
                cells.append(Given(letter, self.views.columns[column].heading, result.value))
            elif result:
                self._cell_conflict(row, column, having, formula=False, new_row=index)
        if not cells:
            self.found.conflicts = [one for one in self.found.conflicts if one.new_row != index]
            self._row_conflict(ConflictKind.ROW, row, having)
            return
        places = tuple(f"{view.name}!{view.place(row)}" for view in having)
        by = tuple(view.name for view in having)
        self.found.rows.append(NewRow(self.sheet, having[0].label(row), tuple(cells), by, places))

    # --- cells -------------------------------------------------------------------------------------------------------------------

    def _cell(self, row: Slot, column: Slot, views: Sequence[View]) -> None:
        declared = self.views.columns[column]
        ours = self.ours.content(row, column)
        said = [(view.name, view.content(row, column)) for view in views]
        result = merge_cell(self.base.content(row, column), ours, said, declared, partial(self._like, column))
        if isinstance(result, Clash):
            self._cell_conflict(row, column, views, formula=result.formula)
        elif isinstance(result, Take):
            self._take(row, column, result)

    def _take(self, row: Slot, column: Slot, result: Take) -> None:
        letter, number = self.views.letters.get(column, ""), self.ours.rows[row]
        declared = self.views.columns[column]
        if not letter:  # a column that ours has deleted
            if not result.writing:
                self._cell_conflict(row, column, [view for view in self.theirs if view.name in result.by], formula=False)
        elif letter.startswith("+"):
            self.new_cells[column][number] = result.value
        else:
            old = value_of(self.ours.content(row, column))
            gained, lost = ids_changed(old, result.value, declared)
            heading = self.ours.page.columns[self.ours.columns[column]].heading if column in self.ours.columns else ""
            self.found.edits.append(
                Edit(self.sheet, number, letter, self.ours.label(row), heading, old, result.value, result.by, result.writing, gained, lost)
            )  # fmt: skip

    def _like(self, column: Slot) -> list[str]:
        """Other cells of ours that show how ids are written in a column."""
        if column not in self.ours.columns:
            return []
        at = self.ours.columns[column]
        texts = (cells[at] for cells in self.ours.page.rows.values())
        return [text for text in texts if isinstance(text, str)][:_LIKE]

    def _new_columns(self) -> None:
        for slot, letter in self.views.letters.items():
            if letter.startswith("+"):
                having = [view for view in self.theirs if slot in view.columns]
                values = dict(sorted(self.new_cells[slot].items()))
                by = tuple(view.name for view in having)
                self.found.columns.append(
                    NewColumn(self.sheet, letter, self.views.columns[slot].heading, self.ours.page.head, values, by)
                )

    # --- keys --------------------------------------------------------------------------------------------------------------------

    def _give_keys_to_followers(self) -> None:
        """A row whose key stands in a row above that is emptied now says it itself."""
        page, gone = self.ours.page, {one.row for one in self.found.gone if one.sheet == self.sheet}
        for at in self.ours.alignment.other_keys:
            lost = False
            for row in page.rows:
                follows = (row, at) in page.above
                lost = (lost or row in gone) if follows else row in gone
                if follows and lost and row not in gone:
                    column, value = page.columns[at], page.above[row, at]
                    by = tuple(dict.fromkeys(name for one in self.found.gone if one.sheet == self.sheet for name in one.by))
                    key = label(page, row, self.ours.alignment.other_keys)
                    self.found.edits.append(
                        Edit(self.sheet, row, column.letter, key, column.heading, None, value, by, writing=True)
                    )
                    lost = False

    def _settle_keys(self) -> set[Key]:
        """The keys of ours after the merge. An edit that would give a row the key of another becomes a conflict."""
        places = {self.ours.page.columns[at].letter: n for n, at in enumerate(self.ours.alignment.other_keys)}
        gone = {one.row for one in self.found.gone if one.sheet == self.sheet}
        keys = {row: key for row, key in self.ours.alignment.other_row_keys.items() if row not in gone}
        edits = [one for one in self.found.edits if one.sheet == self.sheet and one.letter in places and one.row in keys]
        for one in edits:
            declared = self.views.columns[self.views.keys[places[one.letter]]]
            parts = list(keys[one.row])
            parts[places[one.letter]] = key_part(one.new, declared)
            keys[one.row] = tuple(parts)
        counts = Counter(keys.values())
        for one in edits:
            if counts[keys[one.row]] > 1 and keys[one.row] not in self.views.shared_in_base:
                self.found.edits.remove(one)
                self._key_conflict(one)
        return set(keys.values())

    def _key_conflict(self, edit: Edit) -> None:
        row = next(slot for slot, number in self.ours.rows.items() if number == edit.row)
        column = next(slot for slot, at in self.ours.columns.items() if self.ours.page.columns[at].letter == edit.letter)
        views = [view for view in self.theirs if view.name in edit.by]
        self._cell_conflict(row, column, views, formula=False)
        self.found.conflicts[-1] = replace(self.found.conflicts[-1], key=shown(edit.new))

    # --- conflicts ---------------------------------------------------------------------------------------------------------------

    def _cell_conflict(self, row: Slot, column: Slot, views: Sequence[View], *, formula: bool, new_row: int = -1) -> None:
        kind = ConflictKind.FORMULA if formula else ConflictKind.CELL
        letter = self.views.letters.get(column, "")
        named = self.ours if row in self.ours.rows else views[0]
        self.found.conflicts.append(
            Conflict(
                kind, self.sheet, named.label(row), self.views.columns[column].heading, self.ours.rows.get(row, 0), letter,
                self._of_base(self.base.side(row, column)), self.ours.side(row, column),
                tuple(view.side(row, column) for view in views if row in view.rows), named.identity(row, self.views.letters), new_row,
            )
        )  # fmt: skip

    def _row_conflict(self, kind: ConflictKind, row: Slot, views: Sequence[View]) -> None:
        letters = self.views.letters
        named = next(view for view in (self.base, self.ours, *views) if row in view.rows)
        self.found.conflicts.append(
            Conflict(
                kind, self.sheet, named.label(row), "", self.ours.rows.get(row, 0), "", self._of_base(self.base.whole(row, letters)),
                self.ours.whole(row, letters), tuple(view.whole(row, letters) for view in views),
                self.ours.identity(row, letters) if row in self.ours.rows else (),
            )
        )  # fmt: skip

    def _as_edited(self, one: Conflict) -> Conflict:
        """A conflict about a row that stays in ours, with the cells that others change in it: it shows what the workbook will hold."""
        if one.kind is not ConflictKind.DELETED:
            return one
        row = next(slot for slot, number in self.ours.rows.items() if number == one.row)
        new = {edit.letter: edit.new for edit in self.found.edits if edit.sheet == self.sheet and edit.row == one.row}
        new |= {self.views.letters[slot]: cells[one.row] for slot, cells in self.new_cells.items() if one.row in cells}
        cells = {given.letter: given for given in self.ours.given(row, self.views.letters)}
        cells |= {letter: Given(letter, self._heading(letter), value) for letter, value in new.items()}
        return replace(one, ours=replace(one.ours, cells=tuple(cell for cell in cells.values() if cell.value is not None)))

    def _heading(self, letter: str) -> str:
        return next(self.views.columns[slot].heading for slot, other in self.views.letters.items() if other == letter)

    def _of_base(self, side: Side) -> Side:
        return Side(self.base_name, side.place, side.value, side.cells, side.present, side.formula)
