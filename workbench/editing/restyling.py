"""What an edit appended to the styles part, taken out from below what was appended since.

The lists of that part are referred to by place, so what stands behind the gap moves up, in the part and in the sheets that refer to it: as if the first edit had never been.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.editing.formats import FIRST_CUSTOM
from workbench.editing.package import Package
from workbench.editing.relations import first, main_part, related
from workbench.editing.stylesheet import ITEMS, Stylesheet
from workbench.editing.xml import Splice, Splices, parse, spliced, whole

_REFERS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FORMAT = re.compile(rb"""<(?:[\w.-]+:)?(?:(?:c|row)\s(?:[^>]*?\s)?s|col\s(?:[^>]*?\s)?style)\s*=\s*["'](\d+)["']""")


_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")


def closed_up(package: Package, original: bytes, edited: bytes, *, instead: Mapping[int, int]) -> bool:
    """Take what an edit of the styles part (``original`` → ``edited``) appended out of it; nothing must refer to it any more but formats that were appended since.

    Formats that were appended since stay whether they are used or not. ``instead`` are formats that cells had and those that they have now, which take their place.

    False, and nothing is done, where the part was written anew since, or something else than cell formats was appended.
    """
    part = first(package, main_part(package), "styles")
    if part is None:
        return False
    now = Stylesheet(package)
    before, after = _lengths(original), _items(edited)
    if any(now.items(name)[: len(after[name])] != after[name] for name in ITEMS) or len(now.items("dxfs")) > len(after["dxfs"]):
        return False
    sheets = [
        tab.target for tab in related(package, main_part(package)) if tab.kind.endswith("sheet") and package.find(tab.target)
    ]
    used = {int(found[1]) for sheet in sheets for found in _FORMAT.finditer(package.read(sheet))}
    package.put(part.target, original)
    moving = _Moving(now, Stylesheet(package), before)
    for xf in range(before["cellXfs"], len(now.items("cellXfs"))):
        if xf in used or xf >= len(after["cellXfs"]):
            moving.move(instead.get(xf, xf))
    moving.into.flush()
    for sheet in sheets:
        package.splice(sheet, list(_renumbered(package.read(sheet), moving.places)))
    return True


class _Moving:
    """Cell formats of one styles part on their way into another, whose lists begin the same."""

    def __init__(self, now: Stylesheet, into: Stylesheet, same: Mapping[str, int]) -> None:
        self._now, self.into, self._same = now, into, same
        self.places: dict[int, int] = {}

    def move(self, xf: int) -> None:
        if xf in self.places or xf < self._same["cellXfs"]:
            return
        item = self._now.items("cellXfs")[xf]
        said = self._now.element(item).attributes
        changes = {}
        for attribute, name in _REFERS.items():
            place = whole(said.get(attribute))
            if place >= self._same[name]:
                changes[attribute] = str(self.into.append(name, self._now.items(name)[place]))
        changes["numFmtId"] = self._number_format(said.get("numFmtId", "0"))
        of = self._now.variants.get(xf)
        new = self.into.append(
            "cellXfs",
            _with(item, {name: new for name, new in changes.items() if new != said.get(name, "0")}),
            anew=of is not None,
        )
        if of is not None:
            self.into.variants[new] = self.places.get(of, of)
        self.places[xf] = new

    def _number_format(self, number: str) -> str:
        """The number under which the other part has a number format; one more where it has none."""
        known, here = _codes(self._now), _codes(self.into)
        if number not in known or (number in here and here[number][0] == known[number][0]):
            return number
        code, item = known[number]
        new = next((one for one, (other, _) in here.items() if other == code), None)
        if new is None:
            new = str(max([FIRST_CUSTOM - 1, *map(int, here)]) + 1)
            self.into.append("numFmts", _with(item, {"numFmtId": new}))
        return new


def _codes(styles: Stylesheet) -> dict[str, tuple[str, bytes]]:
    """The codes of number formats, and their entries, by their numbers."""
    said = ((styles.element(item).attributes, item) for item in styles.items("numFmts"))
    return {one.get("numFmtId", ""): (one.get("formatCode", ""), item) for one, item in said}


def _with(item: bytes, changes: Mapping[str, str]) -> bytes:
    """An entry with attributes changed, and nothing else."""
    tag, splices = _TAG.match(item), Splices(item)
    for name, value in changes.items():
        splices.tag_attribute(0, tag.end() if tag else 0, name, value)
    return spliced(item, splices.done())


def _items(data: bytes) -> dict[str, list[bytes]]:
    root = parse(data, "styles")
    return {
        name: [data[one.start : one.end] for one in found.all(item)] if (found := root.child(name)) else []
        for name, item in ITEMS.items()
    }


def _lengths(data: bytes) -> dict[str, int]:
    return {name: len(items) for name, items in _items(data).items()}


def _renumbered(data: bytes, places: Mapping[int, int]) -> Iterator[Splice]:
    for found in _FORMAT.finditer(data):
        new = places.get(int(found[1]))
        if new is not None:
            yield Splice(found.start(1), found[1], str(new).encode())
