"""init, run, check."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack

import click

import workbench
from workbench.cli import options, printing


@click.command()
@click.argument("name")
@options.output("FILE", "input_workbooks/NAME.xlsx")
@options.FORCE
@options.DRY_RUN
@options.configured
@options.AS_OF
def init(name: str, output: Path | None, force: bool, dry_run: bool, settings: Path | None, as_of: dt.date | None) -> None:
    """Make a fresh, formatted project workbook.

    It has every sheet the workbench knows, with drop-downs, notes on the headings and a few examples that are easy to delete.

    \b
    Example:
      workbench init acme                  # input_workbooks/acme.xlsx
    """
    folder = options.home() / "input_workbooks"
    path = workbench.init(name, folder=folder, output=output, force=force, dry_run=dry_run, settings=settings, as_of=as_of)
    printing.written(path, "text", dry_run=dry_run)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@options.output("FOLDER", "output/")
@options.FORCE
@options.DRY_RUN
@options.style()
@options.fail_on("never")
@options.reading
def run(
    paths: tuple[Path, ...],
    output: Path | None,
    force: bool,
    dry_run: bool,
    style: str,
    fail_on: str,
    **reading: Unpack[options.Reading],
) -> None:
    """The main job: check, suggest, overlap, gap and SoA for every workbook.

    PATH is a workbook or a folder of them; without any it is input_workbooks/. Each gets a folder of its own with five workbooks and run.json, the
    record of what was read and written; summary.xlsx stands over all. What an earlier run wrote there is replaced; anything else is not, without
    --force. A workbook that cannot be read stops no other.

    \b
    Example:
      workbench run                        # input_workbooks/ into output/
      workbench run clients/ -o reports/
    """
    where, folder = paths or _input_workbooks(), output or options.home() / "output"
    with _progress() as progress:
        outcomes = workbench.run(where, folder, force=force, dry_run=dry_run, progress=progress, **reading)
    printing.show(style, [printing.outcome(one) for one in outcomes], printing.outcomes(outcomes, folder, dry_run=dry_run))
    _end(outcomes, fail_on)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--annotate", is_flag=True, help="Put the findings into the workbooks: colours, notes, a sheet Findings.")
@click.option("--clear", is_flag=True, help="Take out of the workbooks what --annotate put there; checks nothing.")
@options.output(
    "FILE",
    "with --annotate and --clear: the workbook itself, its old version kept as NAME.xlsx.bak; of several, a folder for copies",
)
@options.FORCE
@options.DRY_RUN
@options.style("sarif")
@options.fail_on("error")
@options.reading
def check(
    paths: tuple[Path, ...],
    annotate: bool,
    clear: bool,
    output: Path | None,
    force: bool,
    dry_run: bool,
    style: str,
    fail_on: str,
    **reading: Unpack[options.Reading],
) -> None:
    """Say what is wrong with workbooks, and in which cell.

    PATH is a workbook or a folder of them. First comes what was read as what, and why; then one finding a line. `workbench explain CODE` says
    why a finding matters and what to do.

    With --annotate the findings are in your own workbook too (.xlsx, .xlsm): their cells coloured, with a note each, and all of them on a sheet Findings
    with links. A second run replaces the first, and columns that you add to that sheet stay. --clear takes all of it out again: what nobody has
    edited since is, byte for byte, the file that it was. Nothing else in the workbook changes.

    \b
    Example:
      workbench check acme.xlsx
      workbench check clients/ --format sarif --fail-on warning
      workbench check acme.xlsx --annotate         # and later: --clear
    """
    from workbench.cli.annotations import annotated, restored

    if annotate and clear:
        raise click.UsageError("--annotate puts findings into a workbook and --clear takes them out; give one of them")
    if not (annotate or clear) and (output or force or dry_run):
        raise click.UsageError("--output, --force and --dry-run go with --annotate or --clear; by itself check writes nothing")
    with _progress() as progress:
        if clear:
            checked = workbench.restore(paths, output=output, force=force, dry_run=dry_run, progress=progress)
        elif annotate:
            checked = workbench.annotate(paths, output=output, force=force, dry_run=dry_run, progress=progress, **reading)
        else:
            checked = workbench.check_all(paths, progress=progress, **reading)
    if clear:
        restored(style, checked, dry_run=dry_run)
    else:
        printing.checked(style, checked)
        annotated(style, checked, dry_run=dry_run)
    _end(checked, fail_on)


def _input_workbooks() -> tuple[Path]:
    folder = options.home() / "input_workbooks"
    if not folder.is_dir():
        raise workbench.InputRefused(
            f"{folder}: there is no such folder here; name your workbooks, or begin with `workbench init NAME`"
        )
    return (folder,)


def _end(results: list[workbench.Checked] | list[workbench.Outcome], fail_on: str) -> None:
    from workbench.batch import exit_code

    for failure in filter(None, (one.failure for one in results)):
        printing.tell_failure(failure)
    click.get_current_context().exit(exit_code(results, fail_on))


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on stderr while many workbooks are worked through; only a terminal gets one."""
    if options.told("quiet") or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, file=sys.stderr, show_eta=False, item_show_func=lambda name: name) as bar:

        def progress(done: int, total: int, name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos, name)

        yield progress
