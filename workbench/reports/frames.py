"""Frames of the analysis as reports walk them: row by row, and in the words people use for frameworks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workbench.model import ISO2013, ISO2022, SOC2

SHORT = {SOC2: "SOC 2", ISO2022: "ISO 27001", ISO2013: "ISO 27001:2013"}
"""Framework ids as people say them."""
_DIGITS = re.compile(r"(\d+)")

Record = Mapping[str, Any]


def records(frame: Any) -> list[Record]:
    """The rows of a frame, each by column name."""
    # What frame.to_dict("records") gives, in a third of its time.
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name].tolist() for name in frame.columns), strict=True)]


def short(framework: str) -> str:
    """A framework as people say it; a team's own by its id."""
    return SHORT.get(framework, framework)


def theme(group: str) -> str:
    """An Annex A theme in one word: Organizational, People, Physical, Technological; any other group as it is.

    Without its id, so that nobody who reads the sheet again takes it for a reference.
    """
    return group.split(" ", 1)[1].removesuffix(" controls") if group.startswith("A.") else group


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts AC-9 before AC-10, whatever else the ids hold; only the same text has the same key."""
    parts = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(text) if part]
    return (*parts, (-1, 0, text))
