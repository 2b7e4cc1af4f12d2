"""What is built in or named by the settings, looked up: frameworks, rules, requirements. Quick: nothing heavy is imported before it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import frameworks
from workbench.frameworks import ids
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, Citation, Framework, Requirement, UsageError
from workbench.settings import Settings, settings_for
from workbench.words import nearest

if TYPE_CHECKING:
    from workbench.rules import Rule

CATALOGUE_FILES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A requirement and where it leads.

    ``successors`` are the 2022 controls that a 2013 id became, ``predecessors`` the 2013 controls that a 2022 control came from, ``children`` the
    ids below a group. ``also`` is what the same id means elsewhere (A.5.1 is a 2022 control and a 2013 objective).
    """

    requirement: Requirement
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    also: tuple[Explanation, ...] = ()


def list_frameworks(*, settings: Settings | Path | str | None = None) -> list[Framework]:
    """The built-in catalogues, and those that the settings name."""
    chosen = settings_for(Path(), settings)
    return [*frameworks.builtin(), *(framework(name, settings=chosen) for name in chosen.frameworks)]


def framework(name: str, *, settings: Settings | Path | str | None = None) -> Framework:
    """One catalogue: a built-in id, one that the settings name, or the path of a CSV or xlsx with id, title, text and perhaps section.

    Raises:
        InputRefused: the file cannot be read, or has no such columns.
        UsageError: there is none of that name; the nearest is named.
    """
    if name in frameworks.TITLES:
        return frameworks.framework(name)
    chosen = settings_for(Path(), settings)
    path = chosen.base / chosen.frameworks[name] if name in chosen.frameworks else Path(name)
    if path.suffix.lower() in CATALOGUE_FILES:
        from workbench.reading import read_framework

        read = read_framework(path, chosen)
        return _named(read, name) if name in chosen.frameworks else read
    known = (*frameworks.TITLES, *chosen.frameworks)
    raise UsageError(
        f"{name} is no framework; {_meant([nearest(name, known)]) or 'there are ' + ', '.join(known) + ', or name a CSV or xlsx file'}"
    )


def _named(catalogue: Framework, name: str) -> Framework:
    """A catalogue under the id that the settings give it."""
    requirements = tuple(replace(entry, framework=name) for entry in catalogue.requirements)
    return replace(catalogue, id=name, requirements=requirements)


def list_rules() -> list[Rule]:
    """Every rule: code, severity, summary, why it matters, what to do, a failing and a passing example."""
    from workbench.rules import CATALOGUE

    return list(CATALOGUE.values())


def explain(text: str) -> Rule | Explanation:
    """A rule by its code, or a requirement by its id as people write it (``"annex a 5.15"``, ``"cc6.1"``, ``"A.9.2.1"``).

    Raises:
        UsageError: it is neither, or several ids; what may have been meant is named.
    """
    if re.fullmatch(r"[A-Za-z]{3}[ -]?\d{1,4}", text.strip()):
        return _rule(re.sub(r"[ -]", "", text).upper())
    cited = max(
        (ids.parse(text, framework_id) for framework_id in ("", ISO_UNDECIDED)), key=lambda found: len(_requirements(found))
    )
    found = _requirements(cited)
    if not found:
        raise UsageError(
            f"{text!r} is neither a rule nor one requirement; {_meant(_candidates(cited)) or '`workbench frameworks` and `workbench rules` list them'}"
        )
    first, *others = (_explanation(entry) for entry in found)
    return Explanation(first.requirement, first.successors, first.predecessors, first.children, tuple(others))


def _rule(code: str) -> Rule:
    rules = {rule.code: rule for rule in list_rules()}
    if code not in rules:
        raise UsageError(f"there is no rule {code}; {_meant([nearest(code, rules)]) or '`workbench rules` lists them'}")
    return rules[code]


def _requirements(cited: tuple[Citation, ...]) -> list[Requirement]:
    """What the one citation means, the reading of today first; all its readings where it is ambiguous."""
    if len(cited) != 1:
        return []
    (one,) = cited
    readings = (one.id,) if one.id else one.candidates if one.remark == "ambiguous" else ()
    clause = (f"Clause {one.text}",) if one.remark == "bare" else ()
    return [entry for reading in (*readings, *clause) for entry in frameworks.find(reading)]


def _candidates(cited: tuple[Citation, ...]) -> list[str]:
    return [candidate for citation in cited for candidate in ([citation.id] if citation.id else citation.candidates)]


def _meant(names: Iterable[str]) -> str:
    meant = ", ".join(list(filter(None, names))[:5])
    return f"did you mean {meant}?" if meant else ""


def _explanation(entry: Requirement) -> Explanation:
    return Explanation(
        entry,
        frameworks.successors(entry.id) if entry.framework == ISO2013 else (),
        frameworks.predecessors(entry.id) if entry.framework == ISO2022 else (),
        frameworks.children(entry.framework, entry.id),
    )
