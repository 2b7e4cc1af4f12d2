"""The rules: what can be wrong with a workbook, one function each. Pure.

Everything a person reads about a rule (the command ``explain``, the Rules sheet, the page ``docs/rules.md``) comes from its function.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.model import Finding, Severity
from workbench.rules import applicability, citations, controls, decisions, mappings, registers, workbook
from workbench.rules.context import Context
from workbench.rules.rule import REGISTERED, Hit, Rule
from workbench.settings import OFF, Settings

if TYPE_CHECKING:
    from workbench.interpretation import Project

FAMILIES = {
    "WBK": "The workbook",
    "CTL": "Controls",
    "MAP": "Ids and mappings",
    "SOA": "Statement of Applicability",
    "EVD": "Evidence",
    "SCP": "Scope",
    "POL": "Policies",
    "PRO": "Profile",
}
"""First letters of a code → what these rules are about."""
MODULES = (workbook, controls, citations, mappings, decisions, applicability, registers)
"""Where the rules stand; importing them registers the rules."""
FEW = 5
"""So many findings of one kind on one sheet are always told one by one."""

UNREADABLE = frozenset({"formula without value", "error value"})
"""Of a cell that shows no value, only that is said: what it should say is not known."""

_PLACES = list(FAMILIES)
_CELL = re.compile(r"([A-Z]+)(\d+)")

CATALOGUE: Mapping[str, Rule] = MappingProxyType(
    {code: REGISTERED[code] for code in sorted(REGISTERED, key=lambda code: (_PLACES.index(code[:3]), code))}
)
"""Code → rule, by family."""


def check(project: Project, settings: Settings, as_of: dt.date) -> list[Finding]:
    """All findings, ordered by sheet (workbook order), row, column, rule. Severities as the settings say; "off" rules do not run."""
    context = Context(project, settings, as_of)
    unreadable = {(odd.sheet, odd.cell) for odd in project.book.oddities if odd.kind in UNREADABLE}
    found = [
        (rule, hit)
        for rule in _switched_on(settings)
        for hit in _run(rule, context)
        if (hit.sheet, hit.cell) not in unreadable or rule.function.__module__ == workbook.__name__
    ]
    order = {report.sheet: number for number, report in enumerate(project.book.sheets)}
    found.sort(key=lambda pair: (order.get(pair[1].sheet, -1), *_position(pair[1].cell), pair[0].code))
    findings = (
        Finding(rule.code, rule.severity, hit.message, hit.fix or rule.fix, project.book.name, hit.sheet, hit.cell or "A1")
        for rule, hit in found
    )
    return list(dict.fromkeys(findings))


def _switched_on(settings: Settings) -> list[Rule]:
    """The rules that run, with the severities of the settings."""
    chosen = settings.severities
    return [
        replace(rule, severity=Severity(chosen.get(code, rule.severity)))
        for code, rule in CATALOGUE.items()
        if chosen.get(code, "") != OFF
    ]


def _run(rule: Rule, context: Context) -> Iterator[Hit]:
    """The rule's hits, those that say the same thing all over a sheet told once.

    Raises:
        Exception: whatever the rule raises, which is a bug of the rule; its code is in the notes.
    """
    try:
        hits = list(rule.function(context))
    except Exception as error:
        error.add_note(f"in rule {rule.code} {rule.name}")
        raise
    return _told_once(hits, context)


def _told_once(hits: Iterable[Hit], context: Context) -> Iterator[Hit]:
    hits = list(hits)
    counts = Counter((hit.sheet, hit.topic) for hit in hits if hit.topic)
    told: set[tuple[str, str]] = set()
    for hit in hits:
        key = (hit.sheet, hit.topic)
        if counts[key] <= max(FEW, context.sheet_rows.get(hit.sheet, 0) // 2):
            yield hit
        elif key not in told:
            told.add(key)
            yield replace(hit, message=f"{hit.message} (and {counts[key] - 1} more like this on the sheet)")


def _position(cell: str) -> tuple[int, int]:
    """(row, column) of an A1 reference or of the first cell of a range; a whole row or column stands first in it."""
    match = _CELL.match(cell.replace("$", ""))
    if match is None:
        digits = re.match(r"\d+", cell)
        return (int(digits[0]) if digits else 0), 0
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


__all__ = ["CATALOGUE", "FAMILIES", "MODULES", "Hit", "Rule", "check"]
