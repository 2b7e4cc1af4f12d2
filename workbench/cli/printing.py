"""What commands print: lines for people, JSON and SARIF for programs. Nothing here computes a result."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from workbench.cli.options import told
from workbench.model import Figure, Finding, Framework, Requirement, SheetReport, Suggestion
from workbench.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from workbench.batch import Checked, Failure, Outcome
    from workbench.lookup import Explanation
    from workbench.rules import Rule


def show(style: str, data: object, lines: Iterable[str]) -> None:
    """The result on stdout: ``data`` as JSON, or ``lines`` as text."""
    text = as_json(data) if style != "text" else "\n".join(one_line(line) for line in lines)
    if text:
        click.echo(text)


def tell(*lines: str) -> None:
    """Lines beside the result, on stderr; none with --quiet."""
    if not told("quiet"):
        for line in lines:
            click.echo(one_line(line), err=True)


def tell_failure(failure: Failure) -> None:
    """Why a workbook failed, on stderr, whatever was asked for; where, with --debug."""
    if failure.trace and told("debug"):
        click.echo(failure.trace, err=True)
    click.echo(f"workbench: {one_line(failure.message)}", err=True)


def one_line(text: str) -> str:
    """``text`` as one line that does nothing to a terminal: what came from a cell may hold anything."""
    return "".join(character if character.isprintable() else _visible(character) for character in text)


def _visible(character: str) -> str:
    return " " if character.isspace() else f"\\u{ord(character):04x}"


def as_json(data: object) -> str:
    """JSON in ASCII, so that no console and no pipe can damage it."""
    return json.dumps(_plain(data), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:  # noqa: PLR0911  one line per kind of value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence | frozenset | set):
        return [_plain(entry) for entry in (sorted(value) if isinstance(value, frozenset | set) else value)]
    if isinstance(value, dt.date):
        return value.isoformat() if value == value else None  # noqa: PLR0124  NaT is a date that is not itself
    return value.item() if hasattr(value, "item") else str(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as a list of rows."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows in columns, as wide as they need to be; the last column is not padded."""
    cells = [[one_line(str(cell)) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(headings))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def plural(number: int, word: str) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


# --- check ---------------------------------------------------------------------------------------------------------


def detected(workbook: str, sheets: Iterable[SheetReport]) -> list[str]:
    """What a workbook's sheets were read as, and why; what was not read, and why not."""
    return [workbook, *(line for sheet in sheets for line in _detected(sheet))]


def _detected(sheet: SheetReport) -> list[str]:
    state = "" if sheet.state == "visible" else f" ({sheet.state})"
    if sheet.layout is None:
        return [f"  {sheet.sheet}{state}: ignored: {sheet.because}"]
    what = sheet.declaration if sheet.layout == "register" else sheet.layout
    read = f"  {sheet.sheet}{state}: {what}, headings in row {sheet.heading_row}, {plural(sheet.rows, 'row')}: {sheet.because}"
    ignored = [f"    not understood, carried along: {', '.join(sheet.ignored)}"] if sheet.ignored else []
    return [read, *ignored]


def checked(style: str, every: Sequence[Checked]) -> None:
    """Each workbook: what was detected, its findings, their number. JSON and SARIF hold the findings of all."""
    findings = [finding for one in every for finding in one.findings]
    done = [one for one in every if one.sheets or not one.failure]
    if style == "text":
        show(style, None, [line for one in done for line in _checked(one)])
        return
    tell(*(line for one in done for line in detected(one.workbook, one.sheets)))
    show(style, sarif(findings) if style == "sarif" else findings, ())


def _checked(one: Checked) -> list[str]:
    lines = [finding_line(finding) for finding in one.findings]
    return lines if told("quiet") else [*detected(one.workbook, one.sheets), *lines, counts(one.findings)]


def finding_line(finding: Finding) -> str:
    """``acme.xlsx!Controls!F17  MAP004  A.9.1.1 is an ISO 27001:2013 id; 2022: A.5.15``."""
    return f"{finding.place}  {finding.rule}  {finding.message}"


def counts(findings: Sequence[Finding]) -> str:
    """``2 errors, 1 warning, 0 notes``."""
    from workbench.batch import counted

    return ", ".join(plural(number, severity) for severity, number in counted(findings).items())


def sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as a SARIF 2.1.0 log; a cell's row is the line, and the place is said in full beside it."""
    from workbench.rules import CATALOGUE

    used = sorted({finding.rule for finding in findings})
    driver = {"name": "workbench", "semanticVersion": VERSION, "rules": [_sarif_rule(CATALOGUE[code]) for code in used]}
    results = [_sarif_result(finding, used.index(finding.rule)) for finding in findings]
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_result(finding: Finding, index: int) -> dict[str, Any]:
    row = "".join(filter(str.isdigit, finding.cell.partition(":")[0])) or "1"
    place = {"artifactLocation": {"uri": quote(finding.workbook)}, "region": {"startLine": max(1, int(row))}}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": f"{finding.message} {finding.fix}".strip()},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": finding.place}]}],
    }


# --- run ---------------------------------------------------------------------------------------------------------------


def outcome(one: Outcome) -> dict[str, Any]:
    """One workbook of a run, as JSON has it."""
    from workbench.batch import counted

    return {
        "workbook": one.workbook,
        "folder": str(one.folder),
        "headline": figure(one.headline) if one.headline else None,
        "findings": counted(one.findings),
        "files": [path.name for path in one.files],
        "failure": one.failure.message if one.failure else "",
    }


def outcomes(every: Sequence[Outcome], output: Path, *, dry_run: bool) -> list[str]:
    """Each workbook of a run on one line: headline, findings, folder; then what the summary is."""
    if dry_run:
        return [
            f"would write {path}"
            for one in every
            for path in (*one.files, *([output / "summary.xlsx"] if one is every[-1] else []))
        ]
    failed = sum(one.failure is not None for one in every)
    if failed == len(every):
        return []
    lines = [line for one in every for line in _outcome(one)]
    return [*lines, f"{plural(len(every) - failed, 'workbook')} done, {failed} failed; summary in {output / 'summary.xlsx'}"]


def _outcome(one: Outcome) -> list[str]:
    if one.failure or one.headline is None:
        return [f"{one.workbook}: failed; nothing was written"]
    line = f"{one.workbook}: {headline(one.headline)} {counts(one.findings)}. {one.folder}"
    return [line, *(f"  {remark}" for remark in one.remarks)]


# --- figures, suggestions, frames ----------------------------------------------------------------------------------


def figure(one: Figure) -> dict[str, Any]:
    """One row of the overlap table, as JSON has it."""
    return {**dataclasses.asdict(one), "percentage": one.percentage}


def figures(every: Sequence[Figure]) -> list[str]:
    """The headline as a sentence, then the whole table."""
    headings = ("direction", "basis", "of", "strictness", "status", "figure", "%")
    rows = [
        (
            one.direction,
            one.basis,
            one.denominator,
            one.strictness,
            one.status,
            f"{one.numerator}/{one.total}",
            f"{one.percentage:.1f}",
        )
        for one in every
    ]
    return [headline(every[0]), "", *table(headings, rows)]


def headline(one: Figure) -> str:
    """What the first figure says, in one sentence."""
    means = (
        "are served by controls that also serve SOC 2" if one.basis == "controls" else "are reached from SOC 2 by the crosswalk"
    )
    return f"{one.numerator} of {one.total} applicable Annex A controls ({one.percentage:.1f} %) {means}."


def suggestions(every: Sequence[Suggestion], at_most: int | None = None) -> list[str]:
    """The best suggestions as a table, and how many there are."""
    shown = every[:at_most]
    rows = [
        (one.source, one.target, one.rank, f"{one.score:.2f}", f"{one.confidence:.2f}", one.band, one.reason) for one in shown
    ]
    lines = table(("source", "target", "rank", "score", "confidence", "band", "reason"), rows) if rows else []
    rest = len(every) - len(shown)
    return [*lines, plural(len(every), "suggestion") + (f", {rest} of them not shown here" if rest else "")]


def gaps(frame: pd.DataFrame) -> list[str]:
    """How many gaps of each level per framework, then those of the highest priority."""
    every = records(frame)
    numbers = Counter((row["framework"], row["level"]) for row in every)
    levels = [f"{name}: {plural(number, 'requirement')} {level}" for (name, level), number in numbers.items()]
    first = [row for row in every if row["priority"] == 1]
    rows = [(row["id"], row["title"], row["action"]) for row in first]
    return [*levels, "", *table(("id", "title", "what to do first"), rows)]


def statement(frame: pd.DataFrame) -> list[str]:
    """How far the Statement of Applicability is, then every entry."""
    rows = [(row["id"], row["applicable"] or "open", row["status"] or "–", row["title"]) for row in records(frame)]
    decided = sum(bool(done) for done in frame["decided"].tolist())
    return [f"{decided} of {len(frame)} controls are decided.", "", *table(("id", "applicable", "status", "title"), rows)]


# --- catalogues ----------------------------------------------------------------------------------------------------


def requirement(one: Requirement) -> dict[str, Any]:
    """One requirement, as JSON has it."""
    return {"id": one.id, "title": one.title, "summary": one.summary, "group": one.group} | {
        "kind": one.kind,
        "parent": one.parent,
        "assessable": one.assessable,
        "documented": one.documented,
        "attributes": dict(one.attributes),
    }


def framework(one: Framework) -> dict[str, Any]:
    """One framework, as JSON has it: the requirements that are counted, and the groups above them."""
    return {
        "id": one.id,
        "title": one.title,
        "requirements": [requirement(entry) for entry in one.requirements],
        "groups": [requirement(entry) for entry in one.groups],
    }


def framework_lines(every: Sequence[Framework], *, in_full: bool) -> list[str]:
    """Frameworks, one a line; ``in_full`` their requirements by group too."""
    if not in_full:
        return table(
            ("id", "requirements", "title"),
            [(one.id, len([entry for entry in one.requirements if entry.assessable]), one.title) for one in every],
        )
    return [line for one in every for line in (f"{one.id}  {one.title}", *_by_group(one.requirements))]


def _by_group(requirements: Sequence[Requirement]) -> list[str]:
    lines, group = [], ""
    for entry in requirements:
        if entry.group != group:
            group = entry.group
            lines += ["", f"  {group}"]
        lines.append(f"    {entry.id:<14}{entry.title}")
    return lines


def rule(one: Rule) -> dict[str, Any]:
    """One rule, as JSON has it."""
    names = ("code", "name", "severity", "summary", "why", "fix", "fails", "passes")
    return {name: getattr(one, name) for name in names}


def rule_lines(one: Rule) -> list[str]:
    """A rule with all it says."""
    examples = [("Fails", one.fails), ("Passes", one.passes)]
    shown = [line for word, text in examples for line in ("", f"{word}:", *(f"  {row}" for row in text.splitlines()))]
    return [f"{one.code}  {one.severity}  {one.summary}", "", *_wrapped(one.why), "", *_wrapped(f"What to do: {one.fix}"), *shown]


def explanation(one: Explanation) -> dict[str, Any]:
    """A requirement and where it leads, as JSON has it."""
    return {
        **requirement(one.requirement),
        "framework": one.requirement.framework,
        "successors": list(one.successors),
        "predecessors": list(one.predecessors),
        "children": list(one.children),
        "also": [explanation(other) for other in one.also],
    }


def explanation_lines(one: Explanation) -> list[str]:
    """A requirement, where it leads, and what else its id means."""
    entry = one.requirement
    facts = [
        ("Group", entry.group),
        ("Became in 2022", ", ".join(one.successors)),
        ("Was in 2013", ", ".join(one.predecessors)),
        ("Holds", ", ".join(one.children)),
        ("Documented information", entry.documented),
        *((name.replace("_", " ").capitalize(), value) for name, value in entry.attributes.items()),
    ]
    lines = [
        f"{entry.id}  {entry.title}  ({entry.kind} of {entry.framework})",
        *(["", *_wrapped(entry.summary)] if entry.summary else []),
        "",
    ]
    lines += [f"{name + ':':<24}{value}" for name, value in facts if value]
    for other in one.also:
        lines += ["", "The id also means:", *explanation_lines(other)]
    return lines


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 100)


def written(path: Path | None, style: str, *, dry_run: bool) -> None:
    """Say which file was written, or would be: below a text result, beside any other."""
    if path is None or told("quiet"):
        return
    click.echo(one_line(f"{'would write' if dry_run else 'wrote'} {path}"), err=style != "text")
