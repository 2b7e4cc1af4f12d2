"""The one look of everything written: colours, fonts, signs, formats, and how high a row must be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workbench.model import ControlStatus, Coverage, Decision, MappingStatus, Severity
from workbench.writing.declarations import Look

FONT = "Calibri"
INK = "#1A1A1A"
NAVY = "#1F3A5F"
GREY = "#5F6B7A"
HAIRLINE = "#BFC5CC"
TINT = "#FFFBE6"
LINK_BLUE = "#1F5F99"

BLUE_FILL, AMBER_FILL, GREY_FILL, RED_FILL = "#D6E6F4", "#FBE6C8", "#EFEFEF", "#F6CFC0"

GOOD, HALF, LATER, BAD, OUT = "●", "◐", "◔", "○", "–"
STATUS_SIGNS: Mapping[str, str] = {
    Coverage.COVERED: GOOD,
    Coverage.PARTIAL: HALF,
    Coverage.PLANNED: LATER,
    Coverage.NONE: BAD,
    Coverage.NOT_APPLICABLE: OUT,
    **{str(status).casefold(): sign for status, sign in zip(ControlStatus, (GOOD, HALF, LATER, BAD, OUT), strict=True)},
    **{str(status).casefold(): sign for status, sign in zip(MappingStatus, (GOOD, LATER, BAD), strict=True)},
    "yes": GOOD,
    "no": OUT,
    "open": LATER,
    "undecided": LATER,
    "done": GOOD,
    "missing": BAD,
    "refused": BAD,
    "failed": BAD,
    "in place": GOOD,
    "in draft": HALF,
    "in progress": HALF,
    "risk accepted": OUT,
    "not needed": OUT,
    "given": GOOD,
    "to be filled": BAD,
    "approved": GOOD,
    "draft": HALF,
}
"""Word, lower case → its sign. Blue for what stands, amber for half, grey for later, red-orange (never beside green) for nothing."""
SEVERITY_SIGNS: Mapping[str, str] = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.NOTE: "○"}

_GREY_TEXT = {"font_color": "#808080"}
SIGN_STYLES: Mapping[Look, Mapping[str, Mapping[str, str]]] = {
    Look.STATUS: {
        GOOD: {"bg_color": BLUE_FILL},
        HALF: {"bg_color": AMBER_FILL},
        LATER: {"bg_color": GREY_FILL},
        BAD: {"bg_color": RED_FILL},
        OUT: _GREY_TEXT,
    },
    Look.SEVERITY: {"■": {"bg_color": RED_FILL}, "▲": {"bg_color": AMBER_FILL}, "○": {"bg_color": GREY_FILL}},
    Look.DECISION: {
        Decision.ACCEPT: {"bg_color": BLUE_FILL},
        Decision.REJECT: {"bg_color": RED_FILL},
        Decision.DEFER: {"bg_color": GREY_FILL},
    },
}
"""What a cell that begins with this text looks like, per look: conditional formats, so that an edit changes the colour too."""

HEAT_SCALE = ("#FFFFFF", "#8DB8DD")
"""From nothing to most; dark text stays readable on all of it."""

BAR: Mapping[str, str] = {
    "covered": "#1F5F99",
    "partial": "#E69F00",
    "planned": "#B8B8B8",
    "none": "#D55E00",
    "not applicable": "#E4E4E4",
    "error": "#D55E00",
    "warning": "#E69F00",
    "note": "#B8B8B8",
    "shared": "#1F5F99",
    "not shared": "#E4E4E4",
    "decided": "#1F5F99",
    "accepted": "#1F5F99",
    "rejected": "#D55E00",
    "deferred": "#E69F00",
    "open": "#B8B8B8",
    "implemented": "#1F5F99",
    "partially implemented": "#E69F00",
    "not implemented": "#D55E00",
    "excluded": "#E4E4E4",
    "not stated": "#6E6E6E",
}
"""Bar colours by series name: blue, orange and grey of the Okabe-Ito palette, told apart by colour-blind readers and in print."""
DARK_BARS = frozenset({"#1F5F99", "#D55E00", "#6E6E6E"})
"""Bars that carry white numbers; all others carry dark ones."""
BAR_CYCLE = ("#1F5F99", "#E69F00", "#B8B8B8", "#56B4E9", "#D55E00", "#6E6E6E")

LINK: Mapping[str, Any] = {"font_color": LINK_BLUE, "underline": 1}
_BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
_CELL: Mapping[str, Any] = {**_BASE, "text_wrap": True, "bottom": 7, "bottom_color": HAIRLINE}
_PERCENT = "0.0%_)"
"""With the room of a parenthesis behind it, because LibreOffice forgets the indent of percentages."""
_NUMERIC: Mapping[str, Any] = {"align": "right", "indent": 1, "text_wrap": False}
"""The indent keeps a number away from the text of the next column."""
LOOKS: Mapping[Look, Mapping[str, Any]] = {
    Look.TEXT: {},
    Look.LONG: {},
    Look.ID: {"num_format": "@"},
    Look.DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Look.NUMBER: {"num_format": "#,##0", **_NUMERIC},
    Look.SCORE: {"num_format": "0.00", **_NUMERIC},
    Look.PERCENT: {"num_format": _PERCENT, **_NUMERIC},
    Look.MARK: {"num_format": '"●";;"·"', "align": "center", "text_wrap": False},
    Look.HEAT: {"num_format": '#,##0;;"·"', "align": "center", "text_wrap": False},
    Look.STATUS: {},
    Look.SEVERITY: {},
    Look.DECISION: {},
    Look.PROPOSAL: {"italic": True, "font_color": GREY},
}
_HEADING: Mapping[str, Any] = {
    "font_name": FONT, "font_size": 11, "bold": True, "font_color": "#FFFFFF", "bg_color": NAVY,
    "text_wrap": True, "valign": "vcenter",
}  # fmt: skip
STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "font_color": NAVY},
    "intro": {**_BASE, "font_color": GREY},
    "link": {**_BASE, **LINK},
    "sentence": {**_BASE, "font_size": 11, "text_wrap": True},
    "section": {**_BASE, "font_size": 11, "bold": True, "font_color": NAVY},
    "label": {**_BASE, "font_color": GREY},
    "paragraph": {**_BASE, "text_wrap": True},
    "figure": {**_CELL, "font_size": 11, "bold": True},
    "big": {**_CELL, "font_size": 11, "bold": True, "num_format": "#,##0", **_NUMERIC},
    "share": {**_CELL, "font_size": 11, "bold": True, "num_format": _PERCENT, **_NUMERIC},
    "heading": _HEADING,
    "number heading": {**_HEADING, **_NUMERIC, "text_wrap": True},
    "middle heading": {**_HEADING, "align": "center"},
    "cell": _CELL,
    "count": {**_CELL, "num_format": "#,##0", **_NUMERIC},
    "fact": {**_BASE, "text_wrap": True, "align": "left"},
}  # fmt: skip


def cell_style(look: Look, *, editable: bool, tinted: bool, number_format: str) -> dict[str, Any]:
    """The XlsxWriter properties of a table cell."""
    style = {**_CELL, **LOOKS[look]}
    if editable:
        style |= {"locked": False} | ({"bg_color": TINT} if tinted else {})
    if number_format:
        style |= {"num_format": number_format}
    return style


def signed(word: str) -> str:
    """A status or severity as every sheet shows it: "◐ Partial", "▲ warning". Words without a sign come back as they are."""
    folded = word.casefold()
    if folded in SEVERITY_SIGNS:
        return f"{SEVERITY_SIGNS[folded]} {folded}"
    sign = STATUS_SIGNS.get(folded)
    return f"{sign} {word[:1].upper()}{word[1:]}" if sign else str(word)


_WIDE = re.compile("[\u2e80-\U0010ffff]")
POINTS_PER_LINE = 13.0
_TALLEST = 409.0


def extent(text: str) -> tuple[float, ...]:
    """The width of each paragraph of ``text`` in average lower-case characters; capitals and East Asian letters are wider."""
    return tuple(map(_width, text.split("\n"))) if "\n" in text else (_width(text),)


def _width(text: str) -> float:
    if text.isascii():
        return len(text) * 1.25 if text.isupper() else float(len(text))
    return len(text) + 0.95 * len(_WIDE.findall(text))


class Room(NamedTuple):
    """What a column of some width holds, in average characters: on one line, and on each line once a text wraps."""

    single: float
    wrapped: float

    def lines(self, paragraphs: tuple[float, ...]) -> int:
        """How many lines the paragraphs take."""
        single, wrapped = self
        return sum(1 if width <= single else math.ceil(width / wrapped) for width in paragraphs)


def room(width: float) -> Room:
    """The room of a column so many of Excel's characters wide."""
    # Fitted to Calibri's metrics on wrapped prose and id lists; a few per cent on the safe side, since screens round up.
    return Room(max(width * 1.05, 1.0), max(width * 1.2 - 4.0, width * 0.7, 1.0))


def heading_lines(heading: str, width: float) -> int:
    """How many lines a heading takes: bold 11 is wider than the cells' 10, and the filter button takes its part."""
    free = max(width * 1.08 - 2.6, 3)
    lines, used = 1, 0.0
    for word in heading.split():
        if used and used + 1 + len(word) > free:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
    return lines


def in_lines(ids: Iterable[str], width: float) -> str:
    """Ids joined by commas, with a line break wherever a column of that width ends: by itself Excel breaks them at their hyphens."""
    free, lines, names = room(width).single, [""], list(ids)
    if 1.25 * len(together := ", ".join(names)) <= free:
        return together
    for name in names:
        longer = f"{lines[-1]}, {name}" if lines[-1] else name
        if lines[-1] and sum(extent(longer)) > free:
            lines[-1] += ","
            lines.append(name)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def row_height(lines: int) -> float:
    """The height in points of a row whose highest cell has so many lines; Excel ends at 409."""
    return min(_TALLEST, max(15.0, lines * POINTS_PER_LINE + 2.5))
