"""What a rule is: one generator function, registered under a code, that says everything about itself in its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model import Severity

if TYPE_CHECKING:
    from workbench.rules.context import Context

SECTIONS = ("Fix", "Fails", "Passes")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule applies.

    ``cell`` is an A1 reference in ``sheet``; "" for both means the workbook. ``fix`` is only given where it says more than the
    rule's own. Hits of one sheet that share a ``topic`` say the same thing: when more than half of its rows do (and more than
    five), they are told once, with their number.
    """

    sheet: str
    cell: str
    message: str
    fix: str = ""
    topic: str = ""


Function = Callable[["Context"], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    ``name`` reads well after "allow". ``why`` and ``fix`` are one paragraph each. ``fails`` and ``passes`` are small sheets as pipe
    tables: a line with the sheet's name, a line of headings, rows; several sheets are parted by a blank line.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    fix: str
    fails: str
    passes: str
    function: Function


REGISTERED: dict[str, Rule] = {}


def rule(code: str, severity: Severity) -> Callable[[Function], Function]:
    """Register the decorated function under ``code``, which is never used for another rule.

    The docstring is: a summary line, a paragraph why, ``Fix:``, ``Fails:`` and ``Passes:``.

    Raises:
        ValueError: the code is taken, or the docstring lacks a part.
    """

    def register(function: Function) -> Function:
        if code in REGISTERED:
            raise ValueError(f"{code} is already the rule {REGISTERED[code].name}")
        REGISTERED[code] = _described(code, severity, function)
        return function

    return register


def _described(code: str, severity: Severity, function: Function) -> Rule:
    parts = _parts(inspect.getdoc(function) or "")
    summary, _, why = parts[""].partition("\n")
    missing = [name for name in SECTIONS if not parts.get(name)] + ([] if summary and why.strip() else ["summary and why"])
    if missing:
        raise ValueError(f"{code} does not say: {', '.join(missing)}")
    return Rule(
        code=code,
        name=function.__name__.replace("_", "-"),
        severity=severity,
        summary=summary,
        why=_paragraph(why),
        fix=_paragraph(parts["Fix"]),
        fails=parts["Fails"],
        passes=parts["Passes"],
        function=function,
    )


def _parts(doc: str) -> dict[str, str]:
    """The docstring cut at its section words; what stands before them is under ""."""
    parts: dict[str, list[str]] = {"": []}
    section = ""
    for line in doc.splitlines():
        word, colon, rest = line.partition(":")
        if colon and word in SECTIONS:
            section = word
            parts[section] = [rest.strip()]
        else:
            parts[section].append(line)
    return {name: inspect.cleandoc("\n".join(lines)).strip() for name, lines in parts.items()}


def _paragraph(text: str) -> str:
    return " ".join(text.split())
