"""What changed from one version of a workbook to another: cell by cell, by row key. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.frameworks.ids import CellValue
from workbench.merging.aligning import Alignment, align, pair_pages
from workbench.merging.fitting import fitted
from workbench.merging.keys import agreed, key_part, label
from workbench.merging.pages import Calculated, Column, Content, Page, Version, cited, identical, same, value_of
from workbench.merging.remarks import remarks
from workbench.model import Finding
from workbench.sheets import SUGGESTIONS

_DECIDED = {"decision", "relationship", "rationale", "reviewer", "date"}


class ChangeKind(StrEnum):
    """What happened. The last three are no changes of anybody's: what people say is the same."""

    CELL = "cell changed"
    KEY = "key changed"
    ROW_ADDED = "row added"
    ROW_DELETED = "row deleted"
    COLUMN_ADDED = "column added"
    COLUMN_REMOVED = "column removed"
    COLUMN_RENAMED = "column renamed"
    SHEET_ADDED = "sheet added"
    SHEET_REMOVED = "sheet removed"
    SHEET_RENAMED = "sheet renamed"
    WRITING = "written differently"
    RECALCULATED = "recalculated"
    SUGGESTED = "suggested anew"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``key`` is the row's key as written; ``old`` and ``new`` are values, for a row {heading: value}, for a column {key: value}.

    ``old_cell`` and ``new_cell`` are A1 references in the two files, "" where there is nothing. ``added`` and ``removed`` are the canonical ids
    that a requirement cell gained and lost. ``formula`` says how a formula changed with the value, "" where none did.
    """

    kind: ChangeKind
    sheet: str
    key: str = ""
    column: str = ""
    old: CellValue | Mapping[str, CellValue] = None
    new: CellValue | Mapping[str, CellValue] = None
    old_cell: str = ""
    new_cell: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes from ``old`` to ``new`` (file names), in the order of the new file; ``writing`` are differences that change nothing said."""

    old: str
    new: str
    changes: tuple[Change, ...]
    writing: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


def diff(old: Version, new: Version) -> Changes:
    """What changed from ``old`` to ``new``.

    Rows pair by key, columns by heading; neither order counts, nor how an id is written. What cannot be paired for certain is said as deleted and
    added, with a finding that says why.
    """
    found: list[Change] = []
    findings: list[Finding] = []
    for before, after in pair_pages(old, new):
        if before is None or after is None:
            found.append(_whole_sheet(before, after))
            continue
        base, other = fitted([before, after])
        alignment = align(base, other)
        found += (
            _as_suggested(_sheet(alignment), other)
            if SUGGESTIONS.name == base.declaration == other.declaration
            else _sheet(alignment)
        )
        findings += remarks(alignment, old.name, new.name)
    quiet = {ChangeKind.WRITING, ChangeKind.RECALCULATED, ChangeKind.SUGGESTED}
    return Changes(
        old.name,
        new.name,
        tuple(change for change in found if change.kind not in quiet),
        tuple(change for change in found if change.kind in quiet),
        tuple(findings),
    )


def _whole_sheet(before: Page | None, after: Page | None) -> Change:
    if after is not None:
        return Change(ChangeKind.SHEET_ADDED, after.name, new=after.name)
    gone = before.name if before else ""
    return Change(ChangeKind.SHEET_REMOVED, gone, old=gone)


def _sheet(alignment: Alignment) -> Iterator[Change]:
    base, other = alignment.base, alignment.other
    if base.name != other.name:
        yield Change(ChangeKind.SHEET_RENAMED, other.name, old=base.name, new=other.name)
    yield from _columns(alignment)
    pairs = [(one, two, agreed(base.columns[one], other.columns[two])) for one, two in sorted(alignment.columns.items())]
    for row, its in _in_order(alignment):
        if row is None and its is not None:
            yield _row(ChangeKind.ROW_ADDED, other, its, alignment.other_keys, other.name)
        elif row is not None and its is None:
            yield _row(ChangeKind.ROW_DELETED, base, row, alignment.keys, other.name)
        elif row is not None and its is not None:
            yield from _cells(alignment, row, its, pairs)


def _as_suggested(changes: Iterator[Change], page: Page) -> Iterator[Change]:
    """On the sheet that the program fills with suggestions, what people decide is a change; which suggestions there are, and their scores, is none."""
    decided = {name(page, at) for at, column in enumerate(page.columns) if column.field in _DECIDED}
    for change in changes:
        row = change.new if change.kind is ChangeKind.ROW_ADDED else change.old
        says = decided & row.keys() if isinstance(row, Mapping) else change.column in decided
        of_rows = change.kind in {ChangeKind.CELL, ChangeKind.ROW_ADDED, ChangeKind.ROW_DELETED}
        yield replace(change, kind=ChangeKind.SUGGESTED) if of_rows and not says else change


def _in_order(alignment: Alignment) -> list[tuple[int | None, int | None]]:
    """Pairs of rows as the new file has them, each deleted one behind the row that it stood behind."""
    placed: list[tuple[int, int, int | None, int | None]] = []
    last = 0
    for row in alignment.base.rows:
        its = alignment.rows.get(row)
        last = last if its is None else its
        placed.append((last, 0 if its is not None else row, row, its))
    placed += [(row, 0, None, row) for row in alignment.extra_rows]
    return [(row, its) for _, _, row, its in sorted(placed, key=lambda entry: entry[:2])]


def _row(kind: ChangeKind, page: Page, row: int, keys: Sequence[int], sheet: str) -> Change:
    values = {name(page, at): value for at, value in enumerate(page.rows[row]) if value is not None}
    cell = f"{page.columns[keys[0] if keys else 0].letter}{row}"
    one = Change(kind, sheet, label(page, row, keys))
    return replace(one, new=values, new_cell=cell) if kind is ChangeKind.ROW_ADDED else replace(one, old=values, old_cell=cell)


def name(page: Page, at: int) -> str:
    """What a column is called: its heading, with its letter where another has the same or it has none."""
    column = page.columns[at]
    alone = column.heading and sum(one.heading == column.heading for one in page.columns) == 1
    return column.heading if alone else f"{column.heading} (column {column.letter})".strip()


def _columns(alignment: Alignment) -> Iterator[Change]:
    base, other = alignment.base, alignment.other
    for at, its in sorted(alignment.columns.items(), key=lambda pair: pair[1]):
        old, new = base.columns[at], other.columns[its]
        if old.heading != new.heading:
            kind = ChangeKind.WRITING if old.token == new.token else ChangeKind.COLUMN_RENAMED
            yield Change(kind, other.name, "", new.heading, old.heading, new.heading, _head(base, at), _head(other, its))
    for its in alignment.extra_columns:
        values = _column_values(other, its, alignment.other_keys)
        yield Change(ChangeKind.COLUMN_ADDED, other.name, "", name(other, its), None, values, "", _head(other, its))
    for at in range(len(base.columns)):
        if at not in alignment.columns:
            values = _column_values(base, at, alignment.keys)
            yield Change(ChangeKind.COLUMN_REMOVED, other.name, "", name(base, at), values, None, _head(base, at), "")


def _head(page: Page, at: int) -> str:
    return f"{page.columns[at].letter}{page.head or 1}"


def _column_values(page: Page, at: int, keys: Sequence[int]) -> dict[str, CellValue]:
    values: dict[str, CellValue] = {}
    for row in page.table():
        if page.rows[row][at] is not None:
            called = label(page, row, keys)
            values[called if called not in values else f"{called} (row {row})"] = page.rows[row][at]
    return values


def _cells(alignment: Alignment, row: int, its: int, pairs: Sequence[tuple[int, int, Column]]) -> Iterator[Change]:
    base, other = alignment.base, alignment.other
    before, after = base.rows[row], other.rows[its]
    for one, two, column in pairs:
        if identical(before[one], after[two]):
            continue
        old, new = base.content(row, one), other.content(its, two)
        if identical(value_of(old), value_of(new)):
            continue
        kind = _kind(old, new, column, is_key=one in alignment.keys and row > base.head)
        if (base.values_only and isinstance(new, Calculated)) or (other.values_only and isinstance(old, Calculated)):
            kind = ChangeKind.RECALCULATED  # such a file keeps the value of a formula alone
        gained, lost = ids_changed(value_of(old), value_of(new), column)
        yield Change(
            kind, other.name, label(other, its, alignment.other_keys), name(other, two), value_of(old), value_of(new),
            f"{base.columns[one].letter}{row}", f"{other.columns[two].letter}{its}", gained, lost, _formula(old, new),
        )  # fmt: skip


def _kind(old: Content, new: Content, column: Column, *, is_key: bool) -> ChangeKind:
    key = is_key and key_part(value_of(old), column) == key_part(value_of(new), column)
    if key or same(old, new, column):
        formulas = isinstance(old, Calculated) and isinstance(new, Calculated)
        return ChangeKind.RECALCULATED if formulas else ChangeKind.WRITING
    return ChangeKind.KEY if is_key else ChangeKind.CELL


def ids_changed(old: CellValue, new: CellValue, column: Column) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids that a cell gained, and those that it lost."""
    before, after = cited(old, column), cited(new, column)
    return tuple(sorted(after - before)), tuple(sorted(before - after))


def _formula(old: Content, new: Content) -> str:
    """How the formula changed: ``=A1 → =B1``, one side blank where there is none."""
    was = f"={old.formula}" if isinstance(old, Calculated) else ""
    now = f"={new.formula}" if isinstance(new, Calculated) else ""
    return f"{was} → {now}".strip() if was != now else ""
