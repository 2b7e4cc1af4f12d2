"""What ``check --annotate`` and ``check --clear`` print of what they did to workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workbench.cli.printing import plural, show, tell

if TYPE_CHECKING:
    from workbench.batch import Checked
    from workbench.revising import Annotated, Restored


def annotated(style: str, every: Sequence[Checked], *, dry_run: bool) -> None:
    """Each workbook that findings were put into: below the findings as text, beside any other format."""
    lines = [line for one in every if one.annotated for line in _annotated(one.workbook, one.annotated, dry_run=dry_run)]
    if style == "text":
        show(style, None, lines)
    else:
        tell(*lines)


def _annotated(workbook: str, one: Annotated, *, dry_run: bool) -> Iterator[str]:
    listed = f"all findings on the sheet {one.sheet}" if one.sheet else "nothing to list"
    what = f"{plural(one.cells, 'cell')} coloured, {plural(one.notes, 'note')}, {listed}"
    if dry_run:
        yield f"{workbook}: would have {what}"
        yield from (f"  {line}" for line in one.changes.lines())
    elif not one.changes.parts and not one.changes.backup:
        yield f"{workbook}: nothing was found, and nothing was put into it"
    else:
        where = "" if one.path.name == workbook else f"; {one.path} written"
        yield f"{workbook}: {what}{where}" + (f"; backup {one.changes.backup.name}" if one.changes.backup else "")
    yield from (f"  {remark}" for remark in one.remarks)


def restored(style: str, every: Sequence[Checked], *, dry_run: bool) -> None:
    """Each workbook that findings were taken out of."""
    done = [(one.workbook, one.restored) for one in every if one.restored]
    show(
        style,
        [_restored_data(name, one) for name, one in done],
        [line for name, one in done for line in _restored(name, one, dry_run=dry_run)],
    )


def _restored(workbook: str, one: Restored, *, dry_run: bool) -> Iterator[str]:
    was = one.cleared
    if not (was.cells or was.notes or was.sheet or was.exact):
        yield f"{workbook}: no findings are in it; nothing to do"
        return
    sheet = f" and the sheet {was.sheet}" if was.sheet else ""
    what = f"colours of {plural(was.cells, 'cell')}, {plural(was.notes, 'note')}{sheet}"
    exact = "; it is what it was before, byte for byte" if was.exact else ""
    where = "" if one.path.name == workbook else f"; {one.path} written"
    backup = f"; backup {one.changes.backup.name}" if one.changes.backup else ""
    yield f"{workbook}: {'would take out' if dry_run else 'took out'} {what}{exact}{where}{backup}"
    yield from (f"  {line}" for line in one.changes.lines() if dry_run)


def _restored_data(workbook: str, one: Restored) -> dict[str, Any]:
    was = one.cleared
    return {
        "workbook": workbook,
        "file": str(one.path),
        "cells": was.cells,
        "notes": was.notes,
        "sheet": was.sheet or "",
        "exact": was.exact,
        "backup": str(one.changes.backup) if one.changes.backup else "",
    }
