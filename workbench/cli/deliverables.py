"""suggest, overlap, gap, soa: one deliverable each."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

import workbench
from workbench.cli import options, printing, rulings


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--source", metavar="CATALOGUE", help="Rank for this catalogue: a framework's id, or a CSV or xlsx with id, title, text."
)
@click.option("--target", metavar="CATALOGUE", help="Rank among this catalogue.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="With --source: so many per source.")
@click.option(
    "--confirmed", type=click.Path(path_type=Path), metavar="PAIRS", help="With --source: pairs (source, target) to learn from."
)
@click.option("--write", is_flag=True, help="Put the review into the workbook itself, as a sheet Suggestions.")
@options.writing
@options.style()
@options.reading
def suggest(
    path: Path | None,
    source: str | None,
    target: str | None,
    top: int,
    confirmed: Path | None,
    write: bool,
    style: str,
    place: options.Place,
    **reading: Unpack[options.Reading],
) -> None:
    """Propose mappings, with a reason each.

    For a workbook: what each control seems to serve and does not list, as a review workbook with drop-downs. For two catalogues: the
    requirements of one that each of the other comes nearest to. A suggestion is never a mapping until a person accepts it.

    With --write the review is a sheet of your own workbook (.xlsx, .xlsm); everything else in it stays as it is, byte for byte, and so does, when
    you run it again, whatever was typed into that sheet. `workbench accept` then folds the decisions in.

    \b
    Example:
      workbench suggest acme.xlsx
      workbench suggest acme.xlsx --write
      workbench suggest --source soc2-2017 --target iso27001-2022 --top 5 --format json
    """
    if path is not None and write and not (source or target):
        from workbench.api import as_suggestions

        proposed = workbench.write_suggestions(path, output=place.output, force=place.force, dry_run=place.dry_run, **reading)
        found = as_suggestions(proposed.suggestions)
        printing.show(style, found, printing.suggestions(found, at_most=20))
        rulings.proposed(proposed, place.output or path, style, dry_run=place.dry_run)
    elif path is not None and not (write or source or target):
        into = place.target(path, "suggestions", style)
        found = workbench.suggest(path, **into, **reading)
        printing.show(style, found, printing.suggestions(found, at_most=20))
        printing.written(into["output"], style, dry_run=place.dry_run)
    elif source and target and path is None and place.output is None and not write:
        found = workbench.rank(source, target, top=top, confirmed=confirmed, settings=reading["settings"])
        printing.show(style, found, printing.suggestions(found))
    else:
        raise click.UsageError("give a workbook, or --source and --target (which write no file)", click.get_current_context())


@click.command()
@options.PATH
@options.writing
@options.style()
@options.reading
def overlap(path: Path, style: str, place: options.Place, **reading: Unpack[options.Reading]) -> None:
    """Count how much of one framework the other's controls serve.

    The headline is what SOC 2 already buys for ISO 27001; the table has both directions, every denominator, strict and as mapped, with and
    without open suggestions. With --format json a file is only written where -o names one.

    \b
    Example:
      workbench overlap acme.xlsx
      workbench overlap acme.xlsx --format json
    """
    into = place.target(path, "overlap", style)
    figures = workbench.overlap(path, **into, **reading)
    printing.show(style, [printing.figure(one) for one in figures], printing.figures(figures))
    printing.written(into["output"], style, dry_run=place.dry_run)


@click.command()
@options.PATH
@options.writing
@options.style()
@options.reading
def gap(path: Path, style: str, place: options.Place, **reading: Unpack[options.Reading]) -> None:
    """List what is not covered, and what to do about it.

    Every requirement of both frameworks that no control covers, most urgent first, with the nearest control to extend.

    \b
    Example:
      workbench gap acme.xlsx -o acme-gap.xlsx
    """
    into = place.target(path, "gap", style)
    frame = workbench.gap(path, **into, **reading)
    printing.show(style, printing.records(frame), printing.gaps(frame))
    printing.written(into["output"], style, dry_run=place.dry_run)


@click.command()
@options.PATH
@options.writing
@options.style()
@options.reading
def soa(path: Path, style: str, place: options.Place, **reading: Unpack[options.Reading]) -> None:
    """Write the Statement of Applicability.

    93 Annex A controls and whatever the team added: applicable or not and why, status, implementing controls, evidence. What nobody has
    decided is a marked proposal, and the document is a draft until all is decided and approved.

    \b
    Example:
      workbench soa acme.xlsx -o acme-soa.xlsx
    """
    into = place.target(path, "soa", style)
    frame = workbench.soa(path, **into, **reading)
    printing.show(style, printing.records(frame), printing.statement(frame))
    printing.written(into["output"], style, dry_run=place.dry_run)
