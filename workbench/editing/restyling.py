"""What an edit appended to the styles part, taken out from below what was appended since.

The lists of that part are referred to by place, so what stands behind the gap moves up, in the part and in the sheets that refer to it: as if the first edit had never been.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.editing.package import Package
from workbench.editing.relations import first, main_part, related
from workbench.editing.stylesheet import ITEMS, Stylesheet
from workbench.editing.xml import Element, Splice, Splices, parse, spliced

_REFERS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FORMAT = re.compile(rb"""<(?:[\w.-]+:)?(?:(?:c|row)\s(?:[^>]*?\s)?s|col\s(?:[^>]*?\s)?style)\s*=\s*["'](\d+)["']""")


def closed_up(package: Package, original: bytes, edited: bytes) -> bool:
    """Take what an edit of the styles part (``original`` → ``edited``) appended out of it; nothing must refer to it any more but formats that were appended since.

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
        if xf >= len(after["cellXfs"]) or xf in used:
            moving.move(xf)
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
        item = self._now.items("cellXfs")[xf]
        element = self._now.element(item)
        splices = Splices(item)
        for attribute, name in _REFERS.items():
            place = int(element.attributes.get(attribute, "0"))
            if place >= self._same[name]:
                splices.attribute(element, attribute, str(self.into.append(name, self._now.items(name)[place])))
        self._number_format(splices, element)
        of = self._now.variants.get(xf)
        new = self.into.append("cellXfs", spliced(item, splices.done()), anew=of is not None)
        if of is not None:
            self.into.variants[new] = self.places.get(of, of)
        self.places[xf] = new

    def _number_format(self, splices: Splices, element: Element) -> None:
        number = element.attributes.get("numFmtId", "0")
        known, here = (_codes(one) for one in (self._now, self.into))
        if number not in known or here.get(number) == known[number]:
            return
        code = known[number]
        new = next((one for one, said in here.items() if said == code), None)
        if new is None:
            new = str(max([163, *map(int, here)]) + 1)
            item = next(one for one in self._now.items("numFmts") if self._now.element(one).attributes.get("numFmtId") == number)
            tag = Splices(item)
            tag.attribute(self._now.element(item), "numFmtId", new)
            self.into.append("numFmts", spliced(item, tag.done()))
        splices.attribute(element, "numFmtId", new)


def _codes(styles: Stylesheet) -> dict[str, str]:
    said = (styles.element(item).attributes for item in styles.items("numFmts"))
    return {one.get("numFmtId", ""): one.get("formatCode", "") for one in said}


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
