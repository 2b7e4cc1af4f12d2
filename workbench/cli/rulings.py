"""What suggest --write and accept print of a workbook that they changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.printing import finding_line, plural, show, tell

if TYPE_CHECKING:
    from workbench.editing import Changes
    from workbench.revising import Accepted, Proposed, Ruling


def proposed(one: Proposed, path: Path, style: str, *, dry_run: bool) -> None:
    """Which sheet was written into which workbook, and what was kept: below a text result, beside any other."""
    if one.instead:
        tell(f"{path}: the sheet {one.instead} is your own and was left alone; the suggestions are on {one.sheet}")
    kept = f", {plural(one.kept, 'row')} with what was typed before" if one.kept else ""
    what = "would write" if dry_run else "wrote"
    line = f"{what} the sheet {one.sheet} into {path}: {plural(one.rows, 'row')}{kept}"
    same = f"the sheet {one.sheet} is as it was" if one.sheet else "there is nothing to suggest"
    lines = [line + _backup(one.changes)] if one.changes else [f"{path}: {same}; nothing to do"]
    lines += [f"  {change}" for change in one.changes.lines()] if dry_run else []
    _beside(lines, style)


def _beside(lines: list[str], style: str) -> None:
    if style == "text":
        show("text", None, lines)
    else:
        tell(*lines)


def _backup(changes: Changes) -> str:
    return f"; backup {changes.backup.name}" if changes.backup else ""


def accepted(one: Accepted, path: Path, style: str, *, dry_run: bool) -> None:
    """Findings as ``check`` prints them, cells that changed, and one line that counts."""
    show(style, _as_data(one, path, dry_run=dry_run), _lines(one, path, dry_run=dry_run))
    tell(*(f"{one.workbook}: {remark}" for remark in one.remarks))


def _as_data(one: Accepted, path: Path, *, dry_run: bool) -> dict[str, Any]:
    return {
        "workbook": one.workbook,
        "output": str(path),
        "changed": bool(one.changes) and not dry_run,
        "backup": str(one.changes.backup) if one.changes.backup else "",
        "decisions": one.rulings,
        "findings": one.findings,
        "remarks": one.remarks,
    }


def _lines(one: Accepted, path: Path, *, dry_run: bool) -> Iterator[str]:
    yield from map(finding_line, one.findings)
    for cell in dict.fromkeys(ruling.cell for ruling in one.rulings if ruling.after):
        same = [ruling for ruling in one.rulings if ruling.cell == cell and ruling.after]
        ids = ", ".join(f"{ruling.control} → {ruling.requirement}" for ruling in same)
        yield f"{one.workbook}!{cell}  {same[0].before or '(blank)'} → {same[0].after}  ({ids})"
    for ruling in one.rulings:
        yield from (f"{one.workbook}!{line}" for line in _besides(ruling))
    yield _counts(one, path, dry_run=dry_run)
    if dry_run:
        yield from (f"  {change}" for change in one.changes.lines())


def _besides(ruling: Ruling) -> Iterator[str]:
    pair = f"{ruling.control} → {ruling.requirement}"
    if ruling.remark:
        yield f"Mapping  {pair} stands only here: {ruling.remark}"
    if ruling.outcome == "known":
        yield f"{ruling.cell}  {pair} stands here already: nothing to do"


def _counts(one: Accepted, path: Path, *, dry_run: bool) -> str:
    """``12 accepted into 9 cells, 3 rejected, 2 deferred; backup acme.xlsx.bak``."""
    cells = len({ruling.cell for ruling in one.rulings if ruling.after})
    into = f" into {plural(cells, 'cell')}" if cells else ""
    said = [f"{one.count('accepted')} accepted{into}", f"{one.count('rejected')} rejected", f"{one.count('deferred')} deferred"]
    said += [f"{one.count('known')} known already"] if one.count("known") else []
    said += [plural(len(one.findings), "finding")] if one.findings else []
    if not one.changes:
        return f"{', '.join(said)}: nothing to do, {path} is as it was"
    return ", ".join(said) + ("; nothing was written (--dry-run)" if dry_run else f"; {path} written" + _backup(one.changes))
