"""diff, textconv: versions of a workbook."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import click

from workbench.cli import options, printing
from workbench.model import InputRefused
from workbench.settings import find_settings

_GIT = 7
"""What git gives to a program that shows differences: path, old file, its hash and mode, new file, its hash and mode (and more for a renamed file)."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="OLD NEW")
@options.style()
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the changes as a workbook too.")
@options.FORCE
@options.DRY_RUN
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Compare only this tab; repeat it for more.")
@click.option("--literal", is_flag=True, help="List what is only written differently too.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there are changes.")
@click.option("--git", is_flag=True, help="Take the arguments that git gives to a diff command (docs/git.md).")
@options.AS_OF
@options.configured
def diff(
    paths: tuple[Path, ...],
    style: str,
    output: Path | None,
    force: bool,
    dry_run: bool,
    sheets: tuple[str, ...],
    literal: bool,
    exit_code: bool,
    git: bool,
    as_of: dt.date | None,
    settings: Path | None,
) -> None:
    """Say what changed from one version of a workbook to another.

    Rows are followed by their key (Control ID, source and target, …) and columns by their heading, so that sorting rows or moving columns is no change, nor
    is writing "CC 6.1" for CC6.1 or listing ids in another order. What cannot be matched for certain is shown as deleted and added, and said.

    \b
    Example:
      workbench diff acme-march.xlsx acme-june.xlsx
      workbench diff old.xlsx new.xlsx -o changes.xlsx
    """
    if git:
        _for_git(paths, settings, sheets)
        return
    if len(paths) != 2:
        raise click.UsageError("give two workbooks, OLD and NEW", click.get_current_context())
    old, new = paths
    if output:
        import workbench

        found = workbench.diff(
            old, new, output=output, force=force, dry_run=dry_run, settings=settings, as_of=as_of, sheets=sheets
        )
    else:
        from workbench.comparing import compare

        found = compare(old, new, settings=settings, sheets=sheets)
    from workbench.cli.differences import change_lines

    printing.tell(*(f"{finding.place}  {finding.message}" for finding in found.findings))
    listed = [*found.changes, *(found.writing if literal else ())]
    printing.show(style, listed, change_lines(found, literal=literal))
    printing.written(output, style, dry_run=dry_run)
    click.get_current_context().exit(int(exit_code and bool(found.changes)))


def _for_git(arguments: tuple[Path, ...], settings: Path | None, sheets: tuple[str, ...]) -> None:
    """The differences of one file as git asks for them; a version that cannot be read is said and stops no other file."""
    from workbench.cli.differences import change_lines
    from workbench.comparing import compare

    path = arguments[0]
    if len(arguments) < _GIT:
        printing.show("text", None, [f"workbench diff {path}", "not merged yet"])
        return
    try:
        found = compare(arguments[1], arguments[4], settings=settings or find_settings(path), sheets=sheets)
    except InputRefused as refusal:
        printing.show("text", None, [f"workbench diff {path}", str(refusal)])
        return
    printing.show("text", None, [f"workbench diff {path}", *change_lines(found, literal=False)])


@click.command()
@options.PATH
@options.configured
def textconv(path: Path, settings: Path | None) -> None:
    """Print a workbook as text, a cell a line, for git to compare.

    `git config diff.xlsx.textconv "workbench textconv"` makes git diff, log -p and blame show cells (docs/git.md). A file that cannot be read becomes one
    line that says so, so that a history goes on.

    \b
    Example:
      workbench textconv acme.xlsx
    """
    from workbench.comparing import as_text

    try:
        lines = as_text(path, settings=settings or find_settings(Path()))
    except InputRefused as refusal:
        if not path.is_file():
            raise
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines = [str(refusal), f"SHA-256 {digest}"]
    printing.show("text", None, lines)
