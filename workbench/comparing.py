"""Two workbooks compared, and one as text for git. Quick: neither pandas nor a catalogue's matching is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.merging.changes import Changes
from workbench.merging.changes import diff as differences
from workbench.merging.lines import lines
from workbench.merging.pages import Version
from workbench.model import InputRefused
from workbench.reading.versions import read_version
from workbench.settings import Settings, settings_for

NOTHING = frozenset({"/dev/null", "nul"})
"""What git names where a file did not exist."""


def compare(
    old: Path | str, new: Path | str, *, settings: Settings | Path | str | None = None, sheets: Sequence[str] = ()
) -> Changes:
    """What changed from ``old`` to ``new`` (xlsx, xlsm; csv, tsv, xls, xlsb, ods too), in all sheets or in those named.

    Raises:
        InputRefused: one of them cannot be read, or neither has a sheet that ``sheets`` names.
    """
    versions = [_read(Path(path), settings) for path in (old, new)]
    names = {page.name for version in versions for page in version.pages}
    for wanted in sheets:
        if wanted not in names:
            raise InputRefused(
                f"neither {Path(old).name} nor {Path(new).name} has a sheet called {wanted}; they have {', '.join(sorted(names))}"
            )
    before, after = (_only(version, sheets) for version in versions)
    return differences(before, after)


def as_text(path: Path | str, *, settings: Settings | Path | str | None = None) -> list[str]:
    """A workbook as lines (see ``merging.lines``), which is what git compares when it is told to.

    Raises:
        InputRefused: it cannot be read.
    """
    return list(lines(_read(Path(path), settings)))


def _only(version: Version, sheets: Sequence[str]) -> Version:
    return Version(version.name, tuple(page for page in version.pages if not sheets or page.name in sheets))


def _read(path: Path, settings: Settings | Path | str | None) -> Version:
    if str(path).casefold() in NOTHING:
        return Version("(nothing)", ())
    return read_version(path, settings_for(path, settings))
