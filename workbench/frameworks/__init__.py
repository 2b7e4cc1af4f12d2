"""The built-in catalogues: SOC 2 (2017), ISO/IEC 27001:2022 and 2013, and the table from 2013 to 2022.

Ids and short titles are facts; every summary is in our own words and no substitute for the standards.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from workbench.model import ISO2013, ISO2022, SOC2, Framework, Requirement, UsageError

TITLES = {
    SOC2: "SOC 2: AICPA Trust Services Criteria (2017, revised points of focus 2022)",
    ISO2022: "ISO/IEC 27001:2022 with Amendment 1:2024",
    ISO2013: "ISO/IEC 27001:2013 (certificates lost validity on 31 October 2025)",
}
GROUP_KINDS = frozenset({"series", "theme", "objective", "domain"})
_COMMON = frozenset({"id", "kind", "parent", "group", "title", "summary", "assessable", "documented"})


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files(__name__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _requirement(framework: str, row: Mapping[str, str]) -> Requirement:
    return Requirement(
        id=row["id"],
        framework=framework,
        title=row["title"],
        summary=row["summary"],
        group=row["group"],
        kind=row["kind"],
        parent=row["parent"],
        assessable=row["assessable"] == "yes",
        documented=row["documented"],
        attributes={key: value for key, value in row.items() if key not in _COMMON and value},
    )


@cache
def framework(framework_id: str) -> Framework:
    """The built-in framework of that id.

    Raises:
        UsageError: no built-in framework has that id.
    """
    if framework_id not in TITLES:
        raise UsageError(f"{framework_id} is no built-in framework; there are {', '.join(TITLES)}")
    everything = [_requirement(framework_id, row) for row in _rows(f"{framework_id}.csv")]
    return Framework(
        framework_id,
        TITLES[framework_id],
        tuple(entry for entry in everything if entry.kind not in GROUP_KINDS),
        tuple(entry for entry in everything if entry.kind in GROUP_KINDS),
    )


def builtin() -> tuple[Framework, ...]:
    """SOC 2, ISO/IEC 27001:2022, ISO/IEC 27001:2013."""
    return tuple(framework(framework_id) for framework_id in TITLES)


@cache
def index(framework_id: str) -> Mapping[str, Requirement]:
    """Canonical id → requirement, groups included, in the framework's own order."""
    known = framework(framework_id)
    return {entry.id: entry for entry in (*known.groups, *known.requirements)}


def children(framework_id: str, group: str) -> tuple[str, ...]:
    """The assessable ids below a group or a clause heading, in order; () when there are none."""
    below: list[str] = []
    for entry in index(framework_id).values():
        if entry.parent == group:
            below += [entry.id] if entry.assessable else children(framework_id, entry.id)
    return tuple(below)


@cache
def _transition() -> tuple[tuple[str, str, str], ...]:
    return tuple((row["id_2013"], row["id_2022"], row["change"]) for row in _rows("iso27001-2013-to-2022.csv"))


def transition() -> tuple[tuple[str, str, str], ...]:
    """(2013 id, 2022 id, change): 115 pairs, and 11 rows of new controls whose 2013 id is "".

    Source: the correspondence tables of ISO/IEC 27002:2022, Annex B.
    """
    return _transition()


@cache
def _successors() -> Mapping[str, tuple[str, ...]]:
    return _collect((old, new) for old, new, _ in _transition() if old)


@cache
def _predecessors() -> Mapping[str, tuple[str, ...]]:
    return _collect((new, old) for old, new, _ in _transition() if old)


def _collect(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


def successors(id_2013: str) -> tuple[str, ...]:
    """The 2022 controls that a 2013 control, objective or domain became, in 2022 order; () when it is none."""
    leaves = children(ISO2013, id_2013) or (id_2013,)
    order = list(index(ISO2022))
    return tuple(
        sorted(
            {new for leaf in leaves for new in _successors().get(leaf, ())},
            key=order.index,
        )
    )


def predecessors(id_2022: str) -> tuple[str, ...]:
    """The 2013 controls that became a 2022 control; () for the eleven new ones."""
    return _predecessors().get(id_2022, ())
