"""The colours of findings in somebody's workbook, and what each of them stands over.

A cell with a finding gets a colour that nobody else uses: a severity's pale fill with the last digit moved by one. Where the cell has a fill of its own, the colour is
one of that one's next neighbours, which no eye tells apart, and each neighbour stands for one fill. Which, is told in a property of the document. So
the cell gets its own fill back even after programs that keep nothing but the colour, and wherever it was moved to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.editing import Workbook
from workbench.editing.styles import Fill
from workbench.model import Severity

BASES: Mapping[Severity, str] = {Severity.ERROR: "F6CFC1", Severity.WARNING: "FBE6C9", Severity.NOTE: "E3ECF5"}
"""Over cells without a fill."""
_HOUSE = frozenset({"F6CFC0", "FBE6C8"})
"""Neighbours that our own deliverables use as colours."""
PROPERTY = "Workbench colours"
_LONGEST = 250
"""Excel keeps 255 characters of a property."""
_ENTRY = re.compile(r"(\d+)((?: \w+=[\w.+-]+)+)")


def _neighbours(base: str) -> list[str]:
    """The colours that differ from ``base`` by at most three in each channel, itself first."""
    red, green, blue = bytes.fromhex(base)
    found = (bytes((red ^ at & 3, green ^ at >> 2 & 3, blue ^ at >> 4)).hex().upper() for at in range(64))
    return [colour for colour in found if colour not in _HOUSE]


_COLOURS: Mapping[Severity, list[str]] = {severity: _neighbours(base) for severity, base in BASES.items()}
_LAST = min(map(len, _COLOURS.values())) - 1
"""Stands over all fills beyond those that have a neighbour of their own; then only the background of the fill tells which."""


class Colours:
    """Which fills of a workbook's own the colours stand over; ``own`` are their attributes by place."""

    def __init__(self, own: Mapping[int, Mapping[str, str]] | None = None) -> None:
        self._own = {place: dict(attributes) for place, attributes in (own or {}).items()}

    @classmethod
    def of(cls, book: Workbook) -> Colours:
        """What the workbook's properties tell."""
        told = " ".join(value for name, value in book.properties.items() if name.startswith(PROPERTY))
        entries = {int(place): dict(one.split("=", 1) for one in said.split()) for place, said in _ENTRY.findall(told)}
        return cls({place: said for place, said in entries.items() if 0 < place < _LAST})

    def over(self, severity: Severity, fill: Fill) -> str | None:
        """The colour for a cell with that fill; None where the fill is a pattern or a gradient, which means something and cannot be told."""
        if fill.pattern == "none":
            return BASES[severity]
        if not fill.can_be_remembered:
            return None
        said = dict(fill.colour)
        place = next((place for place, one in self._own.items() if one == said), 0)
        if not place and len(self._own) < _LAST - 1:
            place = max(self._own, default=0) + 1
            self._own[place] = said
        return _COLOURS[severity][place or _LAST]

    @property
    def told(self) -> dict[str, Mapping[str, str]]:
        """Our colours and the colours under them, nothing for none."""
        known: dict[int, Mapping[str, str]] = {0: {}, **self._own}
        return {one[place]: said for one in _COLOURS.values() for place, said in known.items()}

    @property
    def all(self) -> frozenset[str]:
        """Every colour that may be ours: those told, and those that only their background explains, where there may be such."""
        last = {one[_LAST] for one in _COLOURS.values()} if len(self._own) >= _LAST - 1 else set()
        return frozenset({*self.told, *last})

    def tell(self, book: Workbook) -> None:
        """Put it into the workbook's properties."""
        forget(book)
        for number, text in enumerate(self._texts()):
            book.set_property(PROPERTY + (f" {number + 1}" if number else ""), text)

    def _texts(self) -> Iterator[str]:
        text = ""
        for place, said in self._own.items():
            entry = f"{place} {' '.join(f'{name}={value}' for name, value in said.items())}"
            if text and len(text) + len(entry) + 2 > _LONGEST:
                yield text
                text = ""
            text = f"{text}; {entry}" if text else entry
        if text:
            yield text


def forget(book: Workbook) -> None:
    """The workbook's properties tell nothing of colours."""
    for name in list(book.properties):
        if name.startswith(PROPERTY):
            book.set_property(name, None)
