"""Which sheets of a workbook the workbench put there."""

from __future__ import annotations

import re
from html import unescape

from workbench.reading.preflight import Package

_MARK = re.compile(rb"""<(?:\w+:)?definedName\s[^>]*?name\s*=\s*["']_workbench\.(\w+)["'][^>]*>([^<]*)!""")
"""A sheet that the workbench put into somebody's workbook: a defined name says so, whatever the tab is called."""


def marks(package: Package) -> dict[str, str]:
    """Tab, case folded → what the workbench marked it as, when it put it there."""
    found = _MARK.findall(package.parts.get("xl/workbook.xml", b""))
    places = ((kind.decode(), unescape(place.decode("utf-8", "replace"))) for kind, place in found)
    return {(name[1:-1].replace("''", "'") if name.startswith("'") else name).casefold(): kind for kind, name in places}
