"""What a team can set, as one frozen value; ``workbench.toml`` beside the workbooks fills it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2, Layout, Severity, UsageError
from workbench.words import WORDS, nearest

OFF = "off"
FILE_NAME = "workbench.toml"
CATEGORIES = ("Security", "Availability", "Confidentiality", "Processing Integrity", "Privacy")
"""The five SOC 2 categories. Security (the common criteria) is always in scope and may be left out."""


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
    (columns id, text). Paths are relative to ``base``, the folder of the settings file.
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
    values = _FILE(path.name, _document(path))
    suggestions = values.pop("suggestions", {})
    limits = Limits(**values.pop("limits", {}))
    words = {kind.replace("_", " "): table for kind, table in values.pop("words", {}).items()}
    return Settings(**values, **_renamed(suggestions), words=words, limits=limits, base=path.parent)


def find_settings(beside: Path) -> Settings:
    """The settings of the first ``workbench.toml`` in the folder of ``beside`` or above it, else the defaults.

    Raises:
        UsageError: as ``read_settings`` does.
    """
    here = beside.resolve()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return read_settings(folder / FILE_NAME)
    return Settings()


def settings_for(workbook: Path, given: Settings | Path | str | None = None) -> Settings:
    """The settings for one workbook: those given, as a value or as a file, else what ``find_settings`` finds.

    Raises:
        UsageError: as ``read_settings`` does.
    """
    if isinstance(given, Settings):
        return given
    return find_settings(workbook) if given is None else read_settings(Path(given))


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not TOML: {error}") from error


def _renamed(suggestions: Mapping[str, Any]) -> dict[str, Any]:
    names = {"per_control": "suggestions", "floor": "floor"}
    return {names[key]: value for key, value in suggestions.items()}


# A reader turns one TOML value into one value of ours, or says what is wrong with it. ``where`` names the value.
_Reader = Callable[[str, Any], Any]


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{where} must be text in quotes, not {_shown(value)}")
    return value


def _count(where: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError(f"{where} must be a whole number, 0 or more, not {_shown(value)}")
    return value


def _share(where: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise UsageError(f"{where} must be a number from 0 to 1, not {_shown(value)}")
    return float(value)


def _strength(where: str, value: Any) -> str:
    text = str(value)
    if isinstance(value, bool) or text not in {str(step) for step in range(1, 11)}:
        raise UsageError(f"{where} must be a strength from 1 to 10, not {_shown(value)}")
    return text


def _one_of(choices: Sequence[str]) -> _Reader:
    known = {choice.casefold(): str(choice) for choice in choices}

    def read(where: str, value: Any) -> str:
        chosen = known.get(_text(where, value).strip().casefold())
        if chosen is None:
            raise UsageError(f"{where} is {_shown(value)}; use {', '.join(known.values())}")
        return chosen

    return read


def _list_of(reader: _Reader) -> _Reader:
    def read(where: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise UsageError(f"{where} must be a list in [brackets], not {_shown(value)}")
        return tuple(reader(where, entry) for entry in value)

    return read


def _table_of(reader: _Reader) -> _Reader:
    """A table whose keys are the team's: every value is read alike."""

    def read(where: str, value: Any) -> dict[str, Any]:
        return {key: reader(_inside(where, key), entry) for key, entry in _table(where, value).items()}

    return read


def _record(readers: Mapping[str, _Reader]) -> _Reader:
    """A table whose keys are ours: each value has its own reader, and a key without one is refused."""

    def read(where: str, value: Any) -> dict[str, Any]:
        return {key: _known(readers, where, key)(_inside(where, key), entry) for key, entry in _table(where, value).items()}

    return read


def _inside(where: str, key: str) -> str:
    return f"{where}.{key}" if ": " in where else f"{where}: {key}"


def _table(where: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a [table] of its own, not {_shown(value)}")
    return value


def _known(readers: Mapping[str, _Reader], where: str, key: str) -> _Reader:
    if key in readers:
        return readers[key]
    near = nearest(key, readers)
    raise UsageError(
        f"{where}: there is no setting {key!r}; " + (f"did you mean {near!r}?" if near else f"there are {', '.join(readers)}")
    )


def _own_frameworks(where: str, value: Any) -> dict[str, str]:
    found: dict[str, str] = _table_of(_text)(where, value)
    taken = next((key for key in found if key in {SOC2, ISO2022, ISO2013, ISO_UNDECIDED}), None)
    if taken:
        raise UsageError(f"{where}.{taken}: that id is built in; give your catalogue another")
    return found


def _shown(value: Any) -> str:
    return f"{value!r:.60}"


_FILE = _record(
    {
        "organization": _text,
        "classification": _text,
        "texts": _text,
        "soc2_categories": _list_of(_one_of(CATEGORIES)),
        "severities": _table_of(_one_of((*Severity, OFF))),
        "words": _record(
            {
                kind.replace(" ", "_"): _table_of(_strength if kind == "strength" else _one_of(tuple(ours)))
                for kind, ours in WORDS.items()
            }
        ),
        "sheets": _table_of(_one_of((*Layout, "ignore", "read"))),
        "suggestions": _record({"per_control": _count, "floor": _share}),
        "limits": _record({limit.name: _count for limit in fields(Limits)}),
        "frameworks": _own_frameworks,
    }
)
