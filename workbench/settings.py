"""What a team can set, as one frozen value; ``workbench.toml`` beside the workbooks fills it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from workbench.model import Layout, Severity, UsageError

OFF = "off"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may hold before it is refused; every refusal names the limit.

    ``container`` is the file's bytes; ``part`` and ``total`` inflated bytes; ``ratio`` inflated to
    compressed above one megabyte.
    """

    container: int = 50_000_000
    entries: int = 2_000
    part: int = 128_000_000
    total: int = 256_000_000
    ratio: int = 100
    cells: int = 2_000_000
    rows: int = 200_000
    columns: int = 1_000
    merges: int = 10_000
    sheets: int = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, each with the default that suits most teams.

    ``soc2_categories``: categories in scope beside Security; None takes them from the Profile sheet, else from the
    criteria the workbook cites. ``severities``: rule code → error, warning, note or off. ``words``: kind of word →
    {as people write it: ours}, added to the built-in table. ``sheets``: tab → layout word, "ignore", or "read".
    ``suggestions``: how many per control at most. ``floor``: confidence below which nothing is suggested.
    ``frameworks``: id → path of a catalogue of the team's own. ``texts``: path of the team's licensed requirement texts
    (columns id, text). Paths are relative to the settings file.
    """

    soc2_categories: tuple[str, ...] | None = None
    severities: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    suggestions: int = 3
    floor: float = 0.0
    organization: str = ""
    classification: str = "Confidential"
    frameworks: Mapping[str, str] = field(default_factory=dict)
    texts: str = ""
    limits: Limits = field(default_factory=Limits)
    base: Path = Path()


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file.

    Raises:
        UsageError: the file is not TOML, a key is unknown (the nearest is named) or a value has the wrong type.
    """
    raise NotImplementedError


def find_settings(beside: Path) -> Settings:
    """The settings of the first ``workbench.toml`` in the folder of ``beside`` or above it, else the defaults."""
    raise NotImplementedError


__all__ = [
    "OFF",
    "Layout",
    "Limits",
    "Settings",
    "Severity",
    "UsageError",
    "find_settings",
    "read_settings",
    "replace",
]
_ = (tomllib, fields)
