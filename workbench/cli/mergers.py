"""What send-out and merge print. Nothing here computes a result."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from workbench.cli.differences import before_and_after, short
from workbench.cli.printing import plural
from workbench.merging.merged import Conflict, Edit, Given, GoneRow, Merged, NewRow, Side
from workbench.merging.pages import shown
from workbench.revising import Merge, Resolution


def sent_lines(base: Path, copies: Mapping[str, Path], *, dry_run: bool) -> Iterator[str]:
    """Which file is for whom."""
    would = "would be " if dry_run else ""
    for name, file in copies.items():
        yield f"{file}  {would}for {name}"
    yield f"{base}  {would}kept, to merge on: workbench merge --find-base OURS {shlex.join(map(str, copies.values()))}"


# --- merge ---------------------------------------------------------------------------------------------------------------------------


def merged_lines(done: Merge, output: Path, *, dry_run: bool) -> Iterator[str]:
    """What the merge changed in ours and who brought it, by sheet; what people have to decide; how much it is."""
    one = done.merged
    entries = [*((edit.sheet, line) for edit in one.edits for line in [_edit(edit)]), *_rows(done)]
    order = {name: number for number, name in enumerate(dict.fromkeys(sheet for sheet, _ in entries))}
    for sheet, found in groupby(sorted(entries, key=lambda entry: order[entry[0]]), key=lambda entry: entry[0]):
        yield sheet
        yield from (f"  {line}" for _, line in found)
    if one.conflicts:
        yield "To decide:"
        yield from (f"  {_conflict(conflict)}" for conflict in one.conflicts)
    yield ""
    yield _sums(one)
    yield f"{'would write' if dry_run else 'wrote'} {output}, which is {one.ours} with the changes of {', '.join(one.theirs)}"
    if one.gone:
        yield "deleted rows are emptied and keep their place, because formulas elsewhere may count on it"
    if one.conflicts:
        yield f"choose on its sheet {done.conflicts or 'Conflicts'}, then: workbench merge --resolve {shlex.quote(str(output))}"


def _edit(edit: Edit) -> str:
    old, new = before_and_after(edit.old, edit.new)
    ids = ", ".join([*(f"+{name}" for name in edit.added), *(f"-{name}" for name in edit.removed)])
    return (
        f"{edit.sheet}!{edit.cell}  {edit.key}  {edit.heading}: {old} → {new}{f' ({ids})' if ids else ''}  [{', '.join(edit.by)}]"
    )


def _rows(done: Merge) -> Iterator[tuple[str, str]]:
    one = done.merged
    for column in one.columns:
        yield column.sheet, f"+ column {column.heading}  {plural(len(column.cells), 'cell')}  [{', '.join(column.by)}]"
    for row, number in zip(one.rows, done.rows, strict=True):
        if number:
            yield row.sheet, f"+ {row.key}  {row.sheet}!A{number}  {_cells(row.cells)}  [{', '.join(row.by)}]"
    for gone in one.gone:
        yield gone.sheet, f"- {gone.key}  {gone.sheet}!A{gone.row}  {_cells(gone.cells)}  [{', '.join(gone.by)}]"


def _cells(cells: Sequence[Given]) -> str:
    return "; ".join(f"{given.heading or given.letter}: {short(shown(given.value))}" for given in cells)


def _conflict(one: Conflict) -> str:
    where = f"{one.sheet}!{one.letter or 'A'}{one.row}" if one.row else one.sheet
    said = [("ours", one.ours), *((side.version, side) for side in one.theirs)]
    values = "; ".join(f"{name}: {_side(side, one)}" for name, side in said)
    return f"{where}  {one.key}  {one.column or one.kind}: {values}{f' ({one.reason})' if one.reason else ''}"


def _side(side: Side, one: Conflict) -> str:
    if one.column:
        return side.formula or short(shown(side.value)) or "(blank)"
    return _cells(side.cells) if side.present else "(no such row)"


def _sums(one: Merged) -> str:
    said = (
        (len(one.edits), "cell changed", "cells changed"), (len(one.rows), "row added", "rows added"), (len(one.gone), "row deleted", "rows deleted"),
        (len(one.columns), "column added", "columns added"), (len(one.conflicts), "conflict", "conflicts"),
    )  # fmt: skip
    words = [f"{number:,} {word if number == 1 else words}" for number, word, words in said if number]
    return ", ".join(words) or "nothing to change: the copies say what ours says"


def merged(done: Merge) -> list[dict[str, Any]]:
    """The merge as JSON has it: a flat list, conflicts last."""
    one = done.merged
    return [
        *(_entry("cell changed", edit, edit.heading, edit.cell, edit.old, edit.new, edit.by) for edit in one.edits),
        *(
            _entry(
                "column added",
                column,
                column.heading,
                "",
                None,
                {str(row): value for row, value in column.cells.items()},
                column.by,
            )
            for column in one.columns
        ),
        *(
            _entry("row added", row, "", f"A{number}" if number else "", None, _given(row.cells), row.by)
            for row, number in zip(one.rows, done.rows, strict=True)
        ),
        *(_entry("row deleted", gone, "", f"A{gone.row}", _given(gone.cells), None, gone.by) for gone in one.gone),
        *map(conflict, one.conflicts),
    ]


def _entry(kind: str, part: Any, column: str, cell: str, old: object, new: object, by: Sequence[str]) -> dict[str, Any]:
    key = part.key if isinstance(part, Edit | NewRow | GoneRow) else ""
    return {"kind": kind, "sheet": part.sheet, "key": key, "column": column, "cell": cell, "old": old, "new": new, "by": list(by)}


def conflict(one: Conflict) -> dict[str, Any]:
    """One conflict as JSON has it."""
    return {
        "kind": "conflict", "what": str(one.kind), "sheet": one.sheet, "key": one.key, "column": one.column,
        "cell": f"{one.letter or 'A'}{one.row}" if one.row else "", "base": _value(one.base, one), "ours": _value(one.ours, one),
        "theirs": [{"copy": side.version, "place": side.place, "value": _value(side, one)} for side in one.theirs], "reason": one.reason,
    }  # fmt: skip


def _value(side: Side, one: Conflict) -> object:
    return (side.formula or side.value) if one.column else _given(side.cells) if side.present else None


def _given(cells: Sequence[Given]) -> dict[str, object]:
    return {given.heading or given.letter: given.value for given in cells}


# --- resolve -------------------------------------------------------------------------------------------------------------------------


def resolved_lines(done: Resolution, path: Path, *, dry_run: bool) -> Iterator[str]:
    """What was decided and where it is now, then what is left and why."""
    for one in done.resolved:
        where = f"  {one.cell}" if one.cell else ""
        yield f"{one.conflict.sheet}  {one.conflict.key}  {one.conflict.column or one.conflict.kind}: {one.choice}{where}"
    for left in done.left:
        yield f"left: {left.conflict.sheet}  {left.conflict.key}  {left.conflict.column or left.conflict.kind}: {left.why}"
    yield ""
    yield f"{plural(len(done.resolved), 'conflict')} decided, {len(done.left):,} left"
    if done.changes:
        kept = f"; the file as it was is kept as {done.changes.backup.name}" if done.changes.backup else ""
        yield f"{'would change' if dry_run else 'changed'} {path}{kept}"


def resolved(done: Resolution) -> dict[str, Any]:
    """The resolution as JSON has it."""
    return {
        "resolved": [{**conflict(one.conflict), "choice": one.choice, "cell": one.cell} for one in done.resolved],
        "left": [{**conflict(one.conflict), "why": one.why} for one in done.left],
    }
