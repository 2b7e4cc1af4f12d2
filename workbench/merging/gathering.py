"""What a merge gathers, and the sheets that it has to go through. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workbench.merging.aligning import pair_pages
from workbench.merging.merged import Conflict, Edit, GoneRow, NewColumn, NewRow, NewSheet
from workbench.merging.pages import Page, Version
from workbench.model import Finding, Severity


@dataclass(slots=True)
class Found:
    """The merge as it grows."""

    edits: list[Edit] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    gone: list[GoneRow] = field(default_factory=list)
    columns: list[NewColumn] = field(default_factory=list)
    sheets: list[NewSheet] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, workbook: str, sheet: str, message: str, fix: str, cell: str = "A1") -> None:
        """Say what is not followed, or could not be compared."""
        self.findings.append(Finding("", Severity.NOTE, message, fix, workbook, sheet, cell))


def sheets(
    base: Version, ours: Version, theirs: Sequence[Version], found: Found
) -> Iterator[tuple[Page | None, Page | None, list[tuple[str, Page]]]]:
    """Each sheet that has to be merged: base, ours, copies; what only a copy has, or no longer has, is said."""
    paired = {version.name: {id(one): other for one, other in pair_pages(base, version) if one} for version in (ours, *theirs)}
    lone = {version.name for version in theirs if version.lone}
    for page in base.pages:
        found_in = [(version.name, paired[version.name][id(page)]) for version in theirs]
        _say_renamed(page, [(name, copy) for name, copy in found_in if copy or name not in lone], found)
        yield page, paired[ours.name][id(page)], [(name, copy) for name, copy in found_in if copy]
    known = {version.name: {id(page) for page in paired[version.name].values()} for version in (ours, *theirs)}
    new = {page.name.casefold(): page for page in ours.pages if id(page) not in known[ours.name]}
    added: dict[str, list[tuple[str, Page]]] = defaultdict(list)
    for version in theirs:
        for page in version.pages:
            if id(page) in known[version.name]:
                continue
            if page.name.casefold() in new:
                added[page.name.casefold()].append((version.name, page))
            else:
                found.sheets.append(NewSheet(page.name, version.name))
    for folded, copies in added.items():
        found.note(
            ours.name, new[folded].name, f"the base has no sheet {new[folded].name}; the copies of it were compared with ours", ""
        )
        yield None, new[folded], copies


def _say_renamed(page: Page, copies: Sequence[tuple[str, Page | None]], found: Found) -> None:
    """Say which copies no longer have a sheet of the base, or call it otherwise."""
    for name, copy in copies:
        if copy is None:
            message, fix = f"{name} no longer has the sheet {page.name}; it is kept", "Delete it by hand if it is to go."
            found.note(name, page.name, message, fix)
        elif copy.name != page.name:
            message = f"{name} calls the sheet {page.name} {copy.name}; the name is kept"
            found.note(name, copy.name, message, "Rename it by hand.")
