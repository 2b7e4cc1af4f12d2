"""Why an edit does not happen. Each reason is one line that says what, where and what to do."""

from __future__ import annotations


class WorkbookRefused(Exception):
    """The file cannot be edited without a risk of losing something."""

    def __init__(self, reason: str) -> None:
        """``reason`` is one line."""
        super().__init__(reason)
        self.reason = reason


class PartMissing(WorkbookRefused, KeyError):
    """The file has no part of that name: a bad call, or a file that points to what is not there."""

    def __init__(self, part: str) -> None:
        """``part`` is the name that was asked for."""
        super().__init__(f"the file is damaged: its part {part!r} is missing; open it in Excel, repair and save it")

    __str__ = Exception.__str__


class EditRefused(WorkbookRefused):
    """One edit cannot be done safely. It changed nothing; other edits can go on."""


class SaveFailed(WorkbookRefused):
    """The result could not be written. What stood there is whole, and nothing is left beside it."""
