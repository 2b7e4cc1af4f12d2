"""suggest --write: the review of suggestions into the user's own workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.analysis import Analysis
from workbench.editing import Changes
from workbench.revising import review_sheet
from workbench.revising.opening import in_our_words, open_own


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """What was written into the workbook, or would be: the tab ("" where there is nothing to suggest), its rows, and how many of them people had typed into.

    ``instead`` names a sheet Suggestions that is somebody's own and was left alone. ``suggestions``: columns as ``Analysis.suggestions``.
    """

    sheet: str
    rows: int
    kept: int
    changes: Changes
    suggestions: pd.DataFrame
    instead: str = ""


def write_suggestions(path: Path, analysis: Analysis, *, output: Path | None, force: bool, dry_run: bool) -> Proposed:
    """Put the suggestions for the workbook at ``path`` into it, or into a copy of it at ``output``.

    Raises:
        InputRefused: it is of a kind that is never changed, or cannot be edited safely.
        OutputError: the result could not be written; what stood there is whole.
    """
    book = open_own(path)
    with in_our_words(path):
        old = review_sheet.standing(book, analysis.project, analysis.settings.limits)
        if (
            analysis.suggestions.empty and analysis.project.controls.empty and not old.sheet
        ):  # else people can type rows of their own
            return Proposed(
                "", 0, 0, book.changes() if dry_run or not output else book.save(output, force=force), analysis.suggestions
            )
        taken = next((name for name in book.sheet_names if name.casefold() == review_sheet.NAME.casefold()), "")
        made = review_sheet.write(book, analysis.project, analysis.suggestions, old, analysis.as_of).sheet
        changes = book.changes() if dry_run else book.save(output, force=force)
    kept = sum(one.kept for one in old.rows)
    instead = taken if taken not in {made.name, old.sheet} else ""
    return Proposed(made.name, len(made.rows), kept, changes, analysis.suggestions, instead)
