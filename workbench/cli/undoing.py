"""undo: the backup that every change of a user's own workbook leaves, put back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

import workbench
from workbench.cli import options, printing


@click.command()
@options.PATH
@options.DRY_RUN
@options.common
def undo(path: Path, dry_run: bool) -> None:
    """Take the last change to a workbook back.

    Whenever the workbench changes a workbook of yours it keeps the file as it was beside it, as NAME.xlsx.bak. That file is put back, byte for byte, and what
    it replaces is kept in its stead: to undo twice is to redo. Edits of your own since then go the same way; nothing is thrown away.

    \b
    Example:
      workbench undo acme.xlsx             # as it was before the last change
      workbench undo acme.xlsx --dry-run   # what would be put back
    """
    backup = workbench.undo(path, dry_run=dry_run)
    saved = dt.datetime.fromtimestamp((backup if dry_run else path).stat().st_mtime, tz=dt.UTC).astimezone()
    if dry_run:
        line = f"would put {backup} of {saved:%Y-%m-%d %H:%M} back as {path}"
    else:
        line = f"{path} is again the file of {saved:%Y-%m-%d %H:%M}; what it replaced is kept as {backup.name}, and undo brings it back"
    printing.show("text", None, [line])
