"""Which sheets of a workbook the workbench put there."""

from __future__ import annotations

import re
from html import unescape

from workbench.reading.preflight import Package

_MARK = re.compile(rb"""<(?:\w+:)?definedName\s[^>]*?name\s*=\s*["']_workbench\.(\w+)["'][^>]*>([^<]*)!""")
"""A sheet that the workbench put into somebody's workbook: a defined name says so, whatever the tab is called."""

_LIST = re.compile(rb"""<(?:\w+:)?definedName\s[^>]*?name\s*=\s*["']lstChoices\d+(?:_\d+)?["'][^>]*>([^<]*)!""")


def marks(package: Package) -> dict[str, str]:
    """Tab, case folded → what the workbench marked it as, when it put it there."""
    found = _MARK.findall(package.parts.get("xl/workbook.xml", b""))
    return {_tab(place): kind.decode() for kind, place in found}


def lists(package: Package) -> frozenset[str]:
    """Tabs, case folded, that hold the lists of our long drop-downs."""
    return frozenset(map(_tab, _LIST.findall(package.parts.get("xl/workbook.xml", b""))))


def _tab(place: bytes) -> str:
    name = unescape(place.decode("utf-8", "replace"))
    return (name[1:-1].replace("''", "'") if name.startswith("'") else name).casefold()
