"""accept: what people decided of suggestions, folded into the workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

import workbench
from workbench.cli import options, rulings


@click.command()
@options.PATH
@click.option(
    "--from",
    "reviews",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="REVIEW",
    help="A review workbook with decisions, such as acme-suggestions.xlsx; repeat it for more reviewers.",
)
@click.option("--by", default="", metavar="NAME", help="Who decided, where a row does not say.")
@options.output("FILE", "the workbook itself, its old version kept as NAME.xlsx.bak")
@options.FORCE
@options.DRY_RUN
@options.style()
@options.fail_on("error")
@options.configured
@options.AS_OF
def accept(
    path: Path,
    reviews: tuple[Path, ...],
    by: str,
    output: Path | None,
    force: bool,
    dry_run: bool,
    style: str,
    fail_on: str,
    settings: Path | None,
    as_of: dt.date | None,
) -> None:
    """Fold what people decided of suggestions into the workbook.

    PATH is your own workbook; decisions are read from its sheet Suggestions (see `suggest --write`) and from the reviews named with --from. An
    accepted id goes into the control's own cell, written as that cell writes its ids; relationship, reason, who and when go into a row of the sheet
    Mapping. A rejected pair is remembered there and never proposed again, a deferred one stays. Every decision is logged, and nothing else in
    the workbook changes. What cannot be followed (an unknown word, two reviewers who disagree) is a finding, and stays where it is.

    \b
    Example:
      workbench accept acme.xlsx
      workbench accept acme.xlsx --from kim.xlsx --from lee.xlsx --dry-run
    """
    from workbench.batch import Checked, exit_code

    done = workbench.accept(path, reviews, by=by, output=output, force=force, dry_run=dry_run, settings=settings, as_of=as_of)
    rulings.accepted(done, output or path, style, dry_run=dry_run)
    click.get_current_context().exit(exit_code([Checked(done.workbook, findings=done.findings)], fail_on))
