"""The workbench as functions: each command is one of them, and a notebook can do all that the commands do.

What they share: ``path`` is a workbook (xlsx, xlsm, csv, tsv, xls, xlsb, ods). ``settings`` is a ``Settings``, the path of a settings file, or
None for the ``workbench.toml`` beside the workbook or above it. ``as_of`` is the day that counts as today (None: the environment's
``SOURCE_DATE_EPOCH``, else today); the same input, settings and day give the same bytes. ``sheets`` names the tabs to read (empty: all that
can be read). Whatever is wrong with a workbook's content is a finding; a workbook that cannot be read at all raises ``InputRefused``,
wrong settings ``UsageError``, an output that cannot be written ``OutputError``, each with one line that says what to do.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench import analysis, batch, frameworks, matching, reading, reports, rules
from workbench.analysis import Analysis
from workbench.batch import Checked, Outcome, Progress
from workbench.frameworks import ids
from workbench.interpretation import Project, interpret
from workbench.model import ISO2013, ISO2022, Figure, Finding, Framework, Requirement, Suggestion, UsageError
from workbench.rules import Rule
from workbench.settings import Settings
from workbench.words import nearest

Location = Path | str
Given = Settings | Path | str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A requirement and where it leads.

    ``successors`` are the 2022 controls that a 2013 id became, ``predecessors`` the 2013 controls that a 2022 control came from, ``children`` the
    ids below a group. ``also`` is what the same id means in another edition (A.5.1 is a 2022 control and a 2013 objective).
    """

    requirement: Requirement
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    also: tuple[Explanation, ...] = ()


def read(path: Location, *, settings: Given = None, sheets: Sequence[str] = ()) -> Project:
    """The workbook at ``path``, understood: controls, mappings, applicability and the rest as frames whose rows know their cells.

    ``read(path).book.sheets`` says what each sheet was read as, or why it was not.
    """
    chosen = batch.configured(Path(path), settings)
    return interpret(reading.read_book(Path(path), chosen, only=tuple(sheets)), chosen)


def analyse(path: Location, *, settings: Given = None, as_of: dt.date | None = None, sheets: Sequence[str] = ()) -> Analysis:
    """Everything about one workbook as one value: findings, suggestions, coverage, figures, gaps, SoA."""
    return analysis.analyse(Path(path), batch.configured(Path(path), settings), as_of or today(), only=tuple(sheets))


def check(path: Location, *, settings: Given = None, as_of: dt.date | None = None, sheets: Sequence[str] = ()) -> list[Finding]:
    """What is wrong with a workbook, each with its cell: ``check("acme.xlsx")[0].place == "acme.xlsx!Controls!F17"``."""
    chosen = batch.configured(Path(path), settings)
    return rules.check(read(path, settings=chosen, sheets=sheets), chosen, as_of or today())


def check_all(
    paths: Sequence[Location],
    *,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Checked]:
    """``check`` for many workbooks and for whole folders; one that cannot be read says so and stops no other."""
    return batch.check_all(_paths(paths), settings, as_of or today(), only=tuple(sheets), progress=progress)


def suggest(
    path: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> list[Suggestion]:
    """What each control seems to serve and does not list, best first, with signals that add up to the score and a reason in words.

    With ``output`` the review workbook is written there too, over an existing file only with ``force``, and with ``dry_run`` not at all.
    """
    worked = _worked(path, "suggestions", output, force=force, dry_run=dry_run, settings=settings, as_of=as_of, sheets=sheets)
    fields = ("source", "target", "rank", "score", "confidence", "band", "reason", "signals")
    return [Suggestion(*row) for row in zip(*(worked.suggestions[name].tolist() for name in fields), strict=True)]


def rank(
    source: str, target: str, *, top: int = 10, confirmed: Location | None = None, settings: Given = None
) -> list[Suggestion]:
    """The requirements of catalogue ``target`` that each of ``source`` comes nearest to, rank 1 first.

    A catalogue is a framework's id (``soc2-2017``, or one that the settings name) or a CSV or xlsx file with columns id, title, text and perhaps section.
    ``confirmed`` is a CSV or xlsx of pairs (source, target) that people have confirmed; they sharpen the rest.
    """
    chosen = batch.configured(Path(), settings)
    sources, targets = (_texts(framework(name, settings=chosen)) for name in (source, target))
    pairs = reading.read_pairs(Path(confirmed), chosen) if confirmed else []
    return matching.rank(sources, targets, chosen, top=top, confirmed=pairs)


def evaluate(source: str, target: str, pairs: Location, *, warm: bool = False, settings: Given = None) -> matching.Evaluation:
    """How good ``rank`` is on two catalogues whose true pairs are known (a CSV or xlsx with source and target).

    With ``warm`` half of the pairs count as confirmed, and the other half is looked for.
    """
    chosen = batch.configured(Path(), settings)
    sources, targets = (_texts(framework(name, settings=chosen)) for name in (source, target))
    return matching.evaluate(sources, targets, reading.read_pairs(Path(pairs), chosen), chosen, warm=warm)


def overlap(
    path: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> list[Figure]:
    """How much of one framework the other's controls already serve: the whole table, headline first, numerator and denominator each.

    With ``output`` the overlap workbook is written there too, over an existing file only with ``force``, and with ``dry_run`` not at all.
    """
    return list(
        _worked(path, "overlap", output, force=force, dry_run=dry_run, settings=settings, as_of=as_of, sheets=sheets).figures
    )


def gap(
    path: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> pd.DataFrame:
    """Every requirement that is not covered, most urgent first, with the nearest control to extend (columns: ``workbench.coverage.gaps``).

    With ``output`` the gap workbook is written there too, over an existing file only with ``force``, and with ``dry_run`` not at all.
    """
    return _worked(path, "gap", output, force=force, dry_run=dry_run, settings=settings, as_of=as_of, sheets=sheets).gaps


def soa(
    path: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> pd.DataFrame:
    """The Statement of Applicability, one row per Annex A control and control from elsewhere (columns: ``workbench.coverage.soa_entries``).

    With ``output`` the SoA workbook is written there too, over an existing file only with ``force``, and with ``dry_run`` not at all.
    """
    return _worked(path, "soa", output, force=force, dry_run=dry_run, settings=settings, as_of=as_of, sheets=sheets).soa


def run(
    paths: Sequence[Location] = ("input_workbooks",),
    output: Location = "output",
    *,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Outcome]:
    """The main job for every workbook of files and folders: five deliverables each, and a summary workbook over all.

    ``run(["clients/"], "output")`` writes ``output/acme/acme-gap.xlsx`` and so on, and replaces what an earlier run wrote there. One bad workbook stops no
    other: its outcome says why. ``dry_run`` only names the files.
    """
    return batch.run(
        _paths(paths),
        Path(output),
        settings,
        as_of or today(),
        only=tuple(sheets),
        force=force,
        dry_run=dry_run,
        progress=progress,
    )


def init(
    name: str,
    *,
    folder: Location = "input_workbooks",
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
) -> Path:
    """A fresh project workbook: every sheet with its headings, drop-downs, notes and a few examples. Returns its path.

    That is ``output``, else ``name`` made a file name in ``folder``. An existing file is replaced only with ``force``.
    """
    path = Path(output) if output else Path(folder) / f"{batch.safe_name(name.removesuffix('.xlsx'))}.xlsx"
    batch.refuse_place(path, force=force)
    if not dry_run:
        batch.write(path, "", reports.template(batch.configured(path, settings)), as_of or today())
    return path


def list_frameworks(*, settings: Given = None) -> list[Framework]:
    """The built-in catalogues, and those that the settings name."""
    chosen = batch.configured(Path(), settings)
    return [*frameworks.builtin(), *(framework(name, settings=chosen) for name in chosen.frameworks)]


def framework(name: str, *, settings: Given = None) -> Framework:
    """One catalogue: a built-in id, one that the settings name, or the path of a CSV or xlsx with id, title, text and perhaps section.

    Raises:
        UsageError: there is none of that name; the nearest is named.
    """
    chosen = batch.configured(Path(), settings)
    if name in frameworks.TITLES:
        return frameworks.framework(name)
    path = chosen.base / chosen.frameworks.get(name, "") if name in chosen.frameworks else Path(name)
    if path.suffix.lower() in batch.SUFFIXES:
        return reading.read_framework(path, chosen)
    known = (*frameworks.TITLES, *chosen.frameworks)
    near = nearest(name, known)
    raise UsageError(
        f"{name} is no framework; "
        + (f"did you mean {near}?" if near else f"there are {', '.join(known)}, or name a CSV or xlsx file")
    )


def list_rules() -> list[Rule]:
    """Every rule: code, severity, summary, why it matters, what to do, a failing and a passing example."""
    return list(rules.CATALOGUE.values())


def explain(text: str) -> Rule | Explanation:
    """A rule by its code, or a requirement by its id as people write it (``"annex a 5.15"``, ``"cc6.1"``, ``"A.9.2.1"``).

    Raises:
        UsageError: it is neither; what may have been meant is named.
    """
    code = text.strip().upper()
    if code in rules.CATALOGUE:
        return rules.CATALOGUE[code]
    cited = ids.parse(text)
    found = [entry for citation in cited for entry in frameworks.find(citation.id)] or [
        entry
        for citation in cited
        for candidate in citation.candidates
        for entry in frameworks.find(candidate)
        if citation.remark == "ambiguous"
    ]
    if not found:
        near = [candidate for citation in cited for candidate in citation.candidates] or [nearest(code, rules.CATALOGUE)]
        meant = ", ".join(filter(None, near))
        raise UsageError(
            f"{text!r} is neither a rule nor a requirement"
            + (f"; did you mean {meant}?" if meant else "; `workbench rules` and `workbench frameworks` list them")
        )
    first, *others = (_explanation(entry) for entry in found)
    return Explanation(first.requirement, first.successors, first.predecessors, first.children, tuple(others))


def today() -> dt.date:
    """The day that counts as today: that of ``SOURCE_DATE_EPOCH`` (seconds, UTC) where the environment sets it, so that outputs can be made again.

    Raises:
        UsageError: it is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.fromtimestamp(time.time(), tz=dt.UTC).astimezone().date()
    try:
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds since 1970") from error


def _paths(paths: Sequence[Location]) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def _worked(
    path: Location,
    name: str,
    output: Location | None,
    *,
    force: bool,
    dry_run: bool,
    settings: Given,
    as_of: dt.date | None,
    sheets: Sequence[str],
) -> Analysis:
    """The workbook worked through, and the deliverable ``name`` written to ``output`` where that is wanted."""
    if output:
        batch.refuse_place(Path(output), Path(path), force=force)
    worked = analyse(path, settings=settings, as_of=as_of, sheets=sheets)
    if output and not dry_run:
        batch.write(Path(output), name, batch.DELIVERABLES[name](worked), worked.as_of)
    return worked


def _texts(catalogue: Framework) -> list[matching.Text]:
    return [
        matching.Text(entry.id, entry.title, entry.summary, entry.group) for entry in catalogue.requirements if entry.assessable
    ]


def _explanation(entry: Requirement) -> Explanation:
    return Explanation(
        entry,
        frameworks.successors(entry.id) if entry.framework == ISO2013 else (),
        frameworks.predecessors(entry.id) if entry.framework == ISO2022 else (),
        frameworks.children(entry.framework, entry.id),
    )
