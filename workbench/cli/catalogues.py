"""frameworks, rules, explain, evaluate: what is built in, and how good it is."""

from __future__ import annotations

from pathlib import Path

import click

import workbench
from workbench.cli import options, printing


@click.command()
@click.argument("name", metavar="[ID]", required=False)
@options.style()
@options.configured
def frameworks(name: str | None, style: str, settings: Path | None) -> None:
    """Show what is built in: SOC 2, ISO/IEC 27001:2022 and 2013.

    With an id, one of them in full; catalogues of your own (see docs/settings.md) are listed too. Ids and short titles are the standards'; every
    summary is in our own words.

    \b
    Example:
      workbench frameworks
      workbench frameworks iso27001-2022 --format json
    """
    found = [workbench.framework(name, settings=settings)] if name else workbench.list_frameworks(settings=settings)
    printing.show(style, [printing.framework(one) for one in found], printing.framework_lines(found, in_full=name is not None))


@click.command()
@options.style()
@options.common
def rules(style: str) -> None:
    """List every rule that a workbook is checked by.

    \b
    Example:
      workbench rules
      workbench explain MAP004             # one of them in full
    """
    found = workbench.list_rules()
    printing.show(
        style,
        [printing.rule(one) for one in found],
        printing.table(("code", "severity", "what"), [(one.code, one.severity, one.summary) for one in found]),
    )


@click.command()
@click.argument("name", metavar="CODE-or-ID", nargs=-1, required=True)
@options.style()
@options.common
def explain(name: tuple[str, ...], style: str) -> None:
    """Explain a rule or a requirement.

    A rule by its code; a requirement by its id, as people write it. A 2013 id says what became of it.

    \b
    Example:
      workbench explain MAP004
      workbench explain A.9.2.1
      workbench explain annex a 5.15
    """
    found = workbench.explain(" ".join(name))
    if isinstance(found, workbench.Explanation):
        printing.show(style, printing.explanation(found), printing.explanation_lines(found))
    else:
        printing.show(style, printing.rule(found), printing.rule_lines(found))


@click.command()
@click.option("--source", required=True, metavar="CATALOGUE", help="A framework's id, or a CSV or xlsx with id, title, text.")
@click.option("--target", required=True, metavar="CATALOGUE", help="The catalogue to find requirements in.")
@click.option(
    "--pairs",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The true pairs: a CSV or xlsx with source, target.",
)
@click.option("--warm", is_flag=True, help="Take the pairs of all other sources as confirmed.")
@options.style()
@options.configured
def evaluate(source: str, target: str, pairs: Path, warm: bool, style: str, settings: Path | None) -> None:
    """Measure the suggestions against known pairs.

    \b
    Example:
      workbench evaluate --source a.csv --target b.csv --pairs pairs.csv
    """
    result = workbench.evaluate(source, target, pairs, warm=warm, settings=settings)
    printing.show(style, result, str(result).splitlines())
