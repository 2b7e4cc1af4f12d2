"""send-out, merge: a workbook that several people edit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

import workbench
from workbench.cli import options, printing


@click.command()
@options.PATH
@click.option("--to", multiple=True, required=True, metavar="NAME", help="Whom a copy is for; repeat it for more people.")
@options.output("FOLDER", "the workbook's own folder")
@options.FORCE
@options.DRY_RUN
@options.style()
@options.AS_OF
@options.common
def send_out(
    path: Path, to: tuple[str, ...], output: Path | None, force: bool, dry_run: bool, style: str, as_of: dt.date | None
) -> None:
    """Make copies of a workbook for other people to edit.

    Each copy is the workbook, byte for byte, but for a note in its document properties (File, Info in Excel) that says what it was made of, for whom and when. The
    workbook as it is now is kept beside them as NAME-base: `merge --find-base` finds it when the copies come back.

    \b
    Example:
      workbench send-out acme.xlsx --to alice --to bob -o review/
    """
    from workbench.cli.mergers import sent_lines

    sent = workbench.send_out(path, to, output=output, force=force, dry_run=dry_run, as_of=as_of)
    data = {"base": str(sent.base), "copies": {name: str(file) for name, file in sent.copies.items()}}
    printing.show(style, data, sent_lines(sent.base, sent.copies, dry_run=dry_run))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BASE OURS THEIRS...")
@options.output("FILE", "OURS-merged.xlsx beside OURS")
@click.option("--find-base", is_flag=True, help="OURS THEIRS...: find BASE by what send-out wrote into the copies.")
@click.option("--resolve", is_flag=True, help="MERGED: apply the choices on its sheet Conflicts.")
@options.FORCE
@options.DRY_RUN
@options.style()
@options.AS_OF
@options.configured
def merge(
    paths: tuple[Path, ...],
    output: Path | None,
    find_base: bool,
    resolve: bool,
    force: bool,
    dry_run: bool,
    style: str,
    as_of: dt.date | None,
    settings: Path | None,
) -> None:
    """Merge edited copies of a workbook into it.

    BASE is the workbook that the copies were made of, OURS is what became of it here, THEIRS are the copies that came back. What is written is OURS, byte for byte,
    with the others' changes in it: colours, comments, charts and sheets that nobody touched stay as they are. Ids in one cell merge as sets; added rows stand below
    the last; deleted rows are emptied. Where people disagree OURS stays, a sheet Conflicts asks whose value holds, and the exit code is 1; --resolve applies the
    answers.

    \b
    Example:
      workbench merge acme-base.xlsx acme.xlsx acme-alice.xlsx acme-bob.xlsx -o acme-merged.xlsx
      workbench merge --find-base acme.xlsx acme-alice.xlsx acme-bob.xlsx
      workbench merge --resolve acme-merged.xlsx
    """
    if resolve:
        _resolve(paths, output, style, dry_run=dry_run, settings=settings, as_of=as_of)
        return
    if len(paths) < (2 if find_base else 3):
        raise click.UsageError(
            "give OURS and at least one copy" if find_base else "give BASE, OURS and at least one copy (or --find-base)",
            click.get_current_context(),
        )
    from workbench.cli import mergers

    base, ours, theirs = (None, paths[0], paths[1:]) if find_base else (paths[0], paths[1], paths[2:])
    target = output or ours.with_name(f"{ours.stem}-merged{ours.suffix}")
    done = workbench.merge(base, ours, theirs, output=target, force=force, dry_run=dry_run, settings=settings, as_of=as_of)
    printing.tell(*(f"{finding.place}  {finding.message}" for finding in done.merged.findings))
    printing.show(style, mergers.merged(done), mergers.merged_lines(done, target, dry_run=dry_run))
    if style != "text":
        printing.written(target, style, dry_run=dry_run)
    click.get_current_context().exit(int(bool(done.merged.conflicts)))


def _resolve(
    paths: tuple[Path, ...], output: Path | None, style: str, *, dry_run: bool, settings: Path | None, as_of: dt.date | None
) -> None:
    from workbench.cli import mergers

    if len(paths) != 1 or output:
        raise click.UsageError("--resolve changes one merged workbook in place; give its name alone", click.get_current_context())
    done = workbench.resolve(paths[0], dry_run=dry_run, settings=settings, as_of=as_of)
    printing.show(style, mergers.resolved(done), mergers.resolved_lines(done, paths[0], dry_run=dry_run))
    click.get_current_context().exit(int(bool(done.left)))
