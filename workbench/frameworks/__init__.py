"""The built-in catalogues: SOC 2 (2017), ISO/IEC 27001:2022 and 2013, and the table from 2013 to 2022.

Ids and short titles are facts (SOC 2 criteria have no official titles; theirs are the usual words of the trade); every
summary is in our own words and no substitute for the standards. One csv file per framework, in the framework's own order.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from workbench.model import ISO2013, ISO2022, SOC2, Framework, Requirement, UsageError

TITLES = {
    SOC2: "SOC 2: AICPA Trust Services Criteria (2017, revised points of focus 2022)",
    ISO2022: "ISO/IEC 27001:2022 with Amendment 1:2024",
    ISO2013: "ISO/IEC 27001:2013 (certificates lost validity on 31 October 2025)",
}
GROUP_KINDS = frozenset({"series", "theme", "objective", "domain"})
_COMMON = frozenset({"id", "kind", "parent", "group", "title", "summary", "assessable", "documented"})
# Not importlib.resources: importing it takes longer than reading all four files.
_DATA = Path(__file__).with_name("data")


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
def index(framework_id: str) -> Mapping[str, Requirement]:
    """Canonical id → requirement, groups included, in the framework's own order: a group stands before what is in it.

    Raises:
        UsageError: no built-in framework has that id.
    """
    if framework_id not in TITLES:
        raise UsageError(f"{framework_id} is no built-in framework; there are {', '.join(TITLES)}")
    return {row["id"]: _requirement(framework_id, row) for row in _rows(f"{framework_id}.csv")}


@cache
def framework(framework_id: str) -> Framework:
    """The built-in framework of that id.

    Raises:
        UsageError: no built-in framework has that id.
    """
    everything = index(framework_id).values()
    return Framework(
        framework_id,
        TITLES[framework_id],
        tuple(entry for entry in everything if entry.kind not in GROUP_KINDS),
        tuple(entry for entry in everything if entry.kind in GROUP_KINDS),
    )


def builtin() -> tuple[Framework, ...]:
    """SOC 2, ISO/IEC 27001:2022, ISO/IEC 27001:2013."""
    return tuple(framework(framework_id) for framework_id in TITLES)


def find(requirement_id: str) -> tuple[Requirement, ...]:
    """Every built-in requirement or group with that canonical id, 2022 before 2013; () when there is none."""
    return tuple(found for framework_id in TITLES if (found := index(framework_id).get(requirement_id)))


def ambiguous(requirement_id: str) -> tuple[Requirement, ...]:
    """The readings of an id that means something in both ISO editions, 2022 first; () when it has one meaning or none.

    Thirteen ids are so: A.5 to A.8 are 2022 themes and 2013 domains, and A.5.1, A.6.1, A.6.2, A.7.1 to A.7.3 and A.8.1 to
    A.8.3 are 2022 controls and 2013 objectives about something else.
    """
    readings = find(requirement_id)
    return readings if len(readings) > 1 else ()


@cache
def _leaves(framework_id: str) -> Mapping[str, tuple[str, ...]]:
    known = index(framework_id)
    below: dict[str, tuple[str, ...]] = {}
    for entry in known.values():
        above = entry.parent if entry.assessable else ""
        while above:
            below[above] = (*below.get(above, ()), entry.id)
            above = known[above].parent
    return below


def children(framework_id: str, group: str) -> tuple[str, ...]:
    """The assessable ids below a group or a clause heading, at any depth, in order; () when there are none."""
    return _leaves(framework_id).get(group, ())


@cache
def transition() -> tuple[tuple[str, str, str], ...]:
    """(2013 id, 2022 id, change): 115 pairs, and 11 rows of new controls whose 2013 id is "".

    ``change`` is merged, renamed, unchanged_title or new, with "+split" where the 2013 control has a second successor.
    Source: the correspondence tables of ISO/IEC 27002:2022, Annex B.
    """
    return tuple((row["id_2013"], row["id_2022"], row["change"]) for row in _rows("iso27001-2013-to-2022.csv"))


@cache
def _successors() -> Mapping[str, tuple[str, ...]]:
    known, place = index(ISO2013), {found: number for number, found in enumerate(index(ISO2022))}
    became: dict[str, set[str]] = {}
    for old, new, _ in transition():
        above = old
        while above:
            became.setdefault(above, set()).add(new)
            above = known[above].parent
    return {old: tuple(sorted(new, key=place.__getitem__)) for old, new in became.items()}


@cache
def _predecessors() -> Mapping[str, tuple[str, ...]]:
    were: dict[str, tuple[str, ...]] = {}
    for old, new, _ in transition():
        if old:
            were[new] = (*were.get(new, ()), old)
    return were


def successors(id_2013: str) -> tuple[str, ...]:
    """The 2022 controls that a 2013 control, objective or domain became, in 2022 order; () when it is none."""
    return _successors().get(id_2013, ())


def predecessors(id_2022: str) -> tuple[str, ...]:
    """The 2013 controls that became a 2022 control, in 2013 order; () for the eleven new ones and for whatever is no control."""
    return _predecessors().get(id_2022, ())
