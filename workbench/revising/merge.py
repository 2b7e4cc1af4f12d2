"""Edited copies of a workbook, merged into it: ours, byte for byte, with the others' changes spliced in."""

from __future__ import annotations

import datetime as dt
import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.editing import Changes
from workbench.merging.merge import merge
from workbench.merging.merged import Merged
from workbench.merging.pages import Version
from workbench.model import InputRefused, OutputError, UsageError
from workbench.reading.versions import read_version
from workbench.revising import conflicts_sheet
from workbench.revising.conflicts_sheet import Line
from workbench.revising.opening import in_our_words, open_own
from workbench.revising.send_out import of_another_base
from workbench.revising.splicing import Splicing
from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge did, or would do. ``merged.conflicts`` are what stands on the sheet ``conflicts`` ("" where there are none).

    ``rows`` are the rows of ours that ``merged.rows`` became, 0 where the file did not take one. ``changes`` says which parts of the file differ from ours.
    """

    merged: Merged
    rows: tuple[int, ...]
    conflicts: str
    changes: Changes


def merge_files(
    base: Path,
    ours: Path,
    theirs: Sequence[Path],
    output: Path | None,
    settings: Settings,
    as_of: dt.date,
    *,
    force: bool = False,
) -> Merge:
    """Merge ``theirs`` into a copy of ``ours`` at ``output`` (None: only say what would happen). None of the files that are read is changed.

    Rows that copies added stand below the last row, looking like it; rows that they deleted are emptied and stay, because formulas
    and formats elsewhere count on their places. Disagreements keep ours and go to a sheet (see ``conflicts_sheet``).

    Raises:
        UsageError: ``output`` is of another kind than ours.
        InputRefused: a file cannot be read, ours cannot be edited or holds conflicts of an earlier merge.
        OutputError: ``output`` is one of the files that are read, exists (without ``force``), or could not be written.
    """
    if output:
        _refuse_output(output, (base, ours, *theirs))
    book = open_own(ours)
    if book.marked(conflicts_sheet.MARK):
        raise InputRefused(
            f"{ours.name} has conflicts of an earlier merge; decide them first (workbench merge --resolve {shlex.quote(ours.name)})"
        )
    versions = _named([read_version(path, settings) for path in (ours, *theirs)])
    merged = merge(read_version(base, settings), versions[0], versions[1:])
    merged = replace(merged, findings=(*of_another_base(base, theirs), *merged.findings))
    with in_our_words(ours):
        splicing = Splicing(book, versions)
        done = splicing.splice(merged)
        sheet = conflicts_sheet.write(book, [Line(one) for one in done.conflicts], as_of) if done.conflicts else ""
        changes = book.save(output, force=force) if output else book.changes()
    return Merge(done, splicing.rows, sheet, changes)


def _refuse_output(output: Path, inputs: Sequence[Path]) -> None:
    ours = inputs[1]
    if output.suffix.lower() != ours.suffix.lower():
        raise UsageError(f"{output}: what is written is {ours.name} with the changes of others; name it …{ours.suffix}")
    for path in inputs:
        if output.resolve() == path.resolve():
            raise OutputError(f"{output} is one of the files to merge; name another output")


def _named(versions: Sequence[Version]) -> list[Version]:
    """The versions, each under a name of its own: that of its file, with a number where another has it."""
    seen: Counter[str] = Counter()
    named = []
    for version in versions:
        seen[version.name.casefold()] += 1
        number = seen[version.name.casefold()]
        named.append(replace(version, name=version.name if number == 1 else f"{version.name} ({number})"))
    return named
