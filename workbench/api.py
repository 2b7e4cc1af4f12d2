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
from pathlib import Path

import pandas as pd

from workbench import analysis, batch, comparing, matching, reading, reports, revising, rules
from workbench.analysis import Analysis
from workbench.batch import Checked, Outcome, Progress
from workbench.editing.saving import swap_with_backup
from workbench.frameworks import TITLES
from workbench.frameworks.ids import canonical
from workbench.interpretation import Project, interpret
from workbench.lookup import framework
from workbench.merging.changes import Changes
from workbench.model import Figure, Finding, Framework, Suggestion, UsageError
from workbench.revising import Accepted, Annotated, Merge, Proposed, Resolution, Restored, Sent
from workbench.revising.opening import in_our_words
from workbench.settings import Settings
from workbench.writing import safe_name

Location = Path | str
Given = Settings | Path | str | None


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


def annotate(
    paths: Location | Sequence[Location],
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Checked]:
    """Check workbooks and put the findings into them: cells with findings coloured and noted, all of them on a sheet Findings with links to the cells.

    Findings of an earlier run are replaced, and nothing else in the workbooks changes; ``restore`` takes them out again. With ``output`` a copy is annotated instead
    (a folder for several workbooks), over an existing one only with ``force``; with ``dry_run`` nothing is written.
    """
    files, day = batch.workbooks(_paths(paths)), as_of or today()
    targets = batch.copies(files, _path(output))
    if not dry_run:
        batch.make_folders(targets)

    def put(path: Path, findings: Sequence[Finding]) -> Annotated:
        return revising.annotate(path, findings, day, output=targets[path], force=force, dry_run=dry_run)

    return batch.check_all(files, settings, day, only=tuple(sheets), annotate=put, progress=progress)


def restore(
    paths: Location | Sequence[Location],
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[Checked]:
    """Take everything out of workbooks that ``annotate`` put there: each is what it was before, byte for byte, apart from what people changed.

    What people typed beside findings is only let go with ``force``. With ``output`` that is a copy instead (a folder for several workbooks); with ``dry_run`` nothing is
    written. Files in folders that are of a kind that cannot be annotated are passed over.
    """
    named = _paths(paths)
    files = [file for file in batch.workbooks(named) if file in named or file.suffix.lower() in revising.EDITABLE]
    targets = batch.copies(files, _path(output))
    if not dry_run:
        batch.make_folders(targets)

    def take(path: Path) -> Restored:
        return revising.clear(path, output=targets[path], force=force, dry_run=dry_run)

    return batch.restore_all(files, take, today(), progress=progress)


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
    return as_suggestions(worked.suggestions)


def as_suggestions(frame: pd.DataFrame) -> list[Suggestion]:
    """The rows of ``Analysis.suggestions`` as values."""
    fields = ("source", "target", "rank", "score", "confidence", "band", "reason", "signals")
    return [Suggestion(*row) for row in zip(*(frame[name].tolist() for name in fields), strict=True)]


def write_suggestions(
    path: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> Proposed:
    """Put the suggestions into the workbook itself as a sheet to decide on, or into a copy of it at ``output``; nothing else in it changes.

    A second time the sheet is made anew, and what people typed into it stays beside its pair. With ``dry_run`` nothing is written.
    """
    reviews = [table.sheet for table in read(path, settings=settings).book.declared("Suggestions")] if sheets else []
    worked = analyse(path, settings=settings, as_of=as_of, sheets=(*sheets, *(name for name in reviews if name not in sheets)))
    return revising.write_suggestions(Path(path), worked, output=_path(output), force=force, dry_run=dry_run)


def accept(
    path: Location,
    reviews: Sequence[Location] = (),
    *,
    by: str = "",
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
) -> Accepted:
    """Fold into the workbook what people decided of suggestions: in its own sheet Suggestions, and in the review workbooks ``reviews``.

    Accepted ids go into the control's own cell, rejected pairs are remembered, who and when is logged. What cannot be followed is a finding and
    changes nothing. ``by`` is who decided where a row does not say. With ``output`` a copy is changed instead, with ``dry_run`` nothing.
    """
    chosen = batch.configured(Path(path), settings)
    return revising.accept(
        Path(path), _paths(reviews), chosen, as_of or today(), by=by, output=_path(output), force=force, dry_run=dry_run
    )


def rank(
    source: str, target: str, *, top: int = 10, confirmed: Location | None = None, settings: Given = None
) -> list[Suggestion]:
    """The requirements of catalogue ``target`` that each of ``source`` comes nearest to, rank 1 first.

    A catalogue is a framework's id (``soc2-2017``, or one that the settings name) or a CSV or xlsx file with columns id, title, text and perhaps section.
    ``confirmed`` is a CSV or xlsx of pairs (source, target) that people have confirmed; they sharpen the rest
    and are not proposed again.
    """
    chosen = batch.configured(Path(), settings)
    ends = _catalogue(source, chosen), _catalogue(target, chosen)
    sources, targets = map(matching.catalogue_texts, ends)
    known = _pairs(confirmed, ends, chosen) if confirmed else []
    return matching.rank(sources, targets, chosen, top=top, confirmed=known, rejected=known)


def evaluate(source: str, target: str, pairs: Location, *, warm: bool = False, settings: Given = None) -> matching.Evaluation:
    """How good ``rank`` is on two catalogues whose true pairs are known (a CSV or xlsx with source and target).

    With ``warm`` the pairs of all other sources count as confirmed while one is asked for (in five folds).
    """
    chosen = batch.configured(Path(), settings)
    ends = _catalogue(source, chosen), _catalogue(target, chosen)
    sources, targets = map(matching.catalogue_texts, ends)
    return matching.evaluate(sources, targets, _pairs(pairs, ends, chosen), chosen, warm=warm)


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


def diff(
    old: Location,
    new: Location,
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
    sheets: Sequence[str] = (),
) -> Changes:
    """What changed from one version of a workbook to another: rows by their key, columns by their heading, ids by what they mean.

    With ``output`` a workbook of the changes is written there too, over an existing file only with ``force``, and with ``dry_run`` not at all.
    """
    if output:
        for given in (old, new):
            batch.refuse_place(Path(output), Path(given), force=force)
    found = comparing.compare(old, new, settings=settings, sheets=sheets)
    if output and not dry_run:
        day = as_of or today()
        batch.write(Path(output), "changes", reports.changes_workbook(found), day)
    return found


def send_out(
    path: Location,
    to: Sequence[str],
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    as_of: dt.date | None = None,
) -> Sent:
    """A copy of the workbook for each name of ``to``, and the workbook as it is now beside them, in ``output`` (None: the workbook's folder).

    The copies say in their document properties what they were made of, so that ``merge`` finds the base when they come back.
    """
    return revising.send_out(Path(path), to, _path(output) or Path(path).parent, as_of or today(), force=force, dry_run=dry_run)


def merge(
    base: Location | None,
    ours: Location,
    theirs: Sequence[Location],
    *,
    output: Location | None = None,
    force: bool = False,
    dry_run: bool = False,
    settings: Given = None,
    as_of: dt.date | None = None,
) -> Merge:
    """What edited copies of ``base`` change in ``ours``; ``base`` None: found by what ``send_out`` wrote into the copies.

    With ``output`` that is written: ours byte for byte with the others' changes spliced in, over an existing file only with ``force``. Where people disagree
    ours stays, and a sheet Conflicts asks; ``resolve`` applies the answers. None of the files that are read is changed.
    """
    copies = _paths(theirs)
    if not copies:
        raise UsageError("there is nothing to merge; name at least one copy")
    found = Path(base) if base is not None else revising.find_base(Path(ours), copies)
    target = None if dry_run else _path(output)
    chosen = batch.configured(Path(ours), settings)
    return revising.merge_files(found, Path(ours), copies, target, chosen, as_of or today(), force=force)


def resolve(path: Location, *, dry_run: bool = False, settings: Given = None, as_of: dt.date | None = None) -> Resolution:
    """Put the choices on the sheet Conflicts of a merged workbook into its cells; decided rows leave the sheet, and it goes with the last of them.

    The workbook is changed in place and kept as it was as a backup (see ``undo``); with ``dry_run`` nothing is written.
    """
    return revising.resolve(Path(path), batch.configured(Path(path), settings), as_of or today(), dry_run=dry_run)


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
    path = Path(output) if output else Path(folder) / f"{safe_name(name.removesuffix('.xlsx'))}.xlsx"
    batch.refuse_place(path, force=force)
    if not dry_run:
        day = as_of or today()
        batch.write(path, "", reports.template(batch.configured(path, settings), day), day)
    return path


def undo(path: Location, *, dry_run: bool = False) -> Path:
    """Take the last change of the workbench to a workbook back: its backup is put in its place, byte for byte. Returns the backup's path.

    What stood there is the backup now, so that undoing twice brings the change back. ``dry_run`` only looks whether that can be done.
    """
    with in_our_words(Path(path)):
        return swap_with_backup(Path(path), dry_run=dry_run)


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


def _path(path: Location | None) -> Path | None:
    return Path(path) if path else None


def _paths(paths: Location | Sequence[Location]) -> list[Path]:
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


def _catalogue(name: str, settings: Settings) -> Framework:
    return reading.with_texts(framework(name, settings=settings), settings)


def _pairs(path: Location, ends: tuple[Framework, Framework], settings: Settings) -> list[tuple[str, str]]:
    """Pairs as written; ids of built-in frameworks may be written as people write them."""
    return [(_id(one, ends[0]), _id(other, ends[1])) for one, other in reading.read_pairs(Path(path), settings)]


def _id(written: str, catalogue: Framework) -> str:
    return (canonical(written, catalogue.id) if catalogue.id in TITLES else "") or written
