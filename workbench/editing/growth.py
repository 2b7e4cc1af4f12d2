"""What reaches to the last row or column of a sheet, and has to reach the new last one when rows or a column are added.

Excel lets tables, filters, validations and formats grow when a person types below them; a file that is edited from outside has to do it itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from workbench.editing.outline import outline
from workbench.editing.package import Package
from workbench.editing.places import LAST_ROW, Area, area, with_areas
from workbench.editing.relations import main_part, related
from workbench.editing.sheets import Tab
from workbench.editing.xml import Element, Splices, escaped, parse

_PRINTED = {"_xlnm.Print_Area", "_xlnm._FilterDatabase"}
_X14 = "http://schemas.microsoft.com/office/excel/2006/main"
_SHEET_AREA = re.compile(r"((?:'(?:[^']|'')*'|[^'!,()\s]+)!)(\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+)")


@dataclass(frozen=True, slots=True)
class Growth:
    """What was added: rows below ``bottom`` down to ``new_bottom``, or a column right of ``right`` at ``new_right``. ``top`` is the heading row."""

    top: int
    bottom: int
    right: int
    new_bottom: int
    new_right: int

    def down(self, old: Area) -> Area:
        """A range of data that ended with the data reaches the new last row; a single cell does only where it was all the data."""
        several = old.bottom > old.top or old.top == self.top + 1
        if several and old.top <= self.bottom <= old.bottom < self.new_bottom:
            return replace(old, bottom=self.new_bottom)
        return old

    def across(self, old: Area) -> Area:
        """A range over the whole width, from the heading or from the first row of data, reaches the new column."""
        if old.left < old.right == self.right < self.new_right and old.top <= self.top + 1:
            return replace(old, right=self.new_right)
        return old

    def both(self, old: Area) -> Area:
        """As the filter and the print area grow."""
        return self.across(self.down(old))


def grow(package: Package, tab: Tab, index: int, growth: Growth) -> None:
    """Everything on the sheet, and about it elsewhere, that reached its edge. ``index`` is the place of ``tab`` in the tab order. Tables are not touched here."""
    _grow_sheet(package, tab.part, growth)
    _grow_names(package, index, growth)
    if growth.new_bottom > growth.bottom:
        for part in _pivot_sources(package):
            _grow_pivot(package, part, tab.name, growth)


def _grow_sheet(package: Package, part: str, growth: Growth) -> None:
    data = package.read(part)
    root = outline(data, part).root
    splices = Splices(data)
    for element, name, change in _ranges(root, growth):
        old = element.attributes.get(name, "")
        _set(splices, element, name, old, with_areas(old, change))
    for kind, change in (("conditionalFormatting", growth.both), ("dataValidation", growth.down)):
        for parent in root.walk(kind):
            for element in parent.children:
                if element.name == "sqref" and element.space == _X14 and with_areas(element.text, change) != element.text:
                    splices.replace(element.opened, element.closing, escaped(with_areas(element.text, change)))
    package.splice(part, splices.done())


def _set(splices: Splices, element: Element, name: str, old: str, new: str) -> None:
    if new != old:
        splices.attribute(element, name, new)


def _ranges(root: Element, growth: Growth) -> Iterator[tuple[Element, str, Callable[[Area], Area]]]:
    """Each element of the sheet that names a range, the attribute that does, and how it grows."""
    for found in root.all("autoFilter"):
        yield found, "ref", growth.both
    for found in root.all("conditionalFormatting"):
        yield found, "sqref", growth.both
    for group, one in (
        ("dataValidations", "dataValidation"),
        ("protectedRanges", "protectedRange"),
        ("ignoredErrors", "ignoredError"),
    ):
        for parent in root.all(group):
            for found in parent.all(one):
                yield found, "sqref", growth.down


def _grow_names(package: Package, index: int, growth: Growth) -> None:
    """The print area and the hidden name of the filter."""
    part = main_part(package)
    data = package.read(part)
    names = parse(data, part).child("definedNames")
    if names is None:
        return
    splices = Splices(data)
    for one in names.all("definedName"):
        if one.attributes.get("name") in _PRINTED and one.attributes.get("localSheetId") == str(index):
            new = _SHEET_AREA.sub(lambda match: match[1] + with_areas(match[2], growth.both), one.text)
            if new != one.text:
                splices.replace(one.opened, one.closing, escaped(new))
    package.splice(part, splices.done())


def _pivot_sources(package: Package) -> list[str]:
    return [relation.target for relation in related(package, main_part(package)) if relation.kind == "pivotCacheDefinition"]


def _grow_pivot(package: Package, part: str, title: str, growth: Growth) -> None:
    """The source of a pivot table that is a range of this sheet."""
    if not package.find(part):
        return
    data = package.read(part)
    splices = Splices(data)
    for source in parse(data, part).walk("worksheetSource"):
        said = source.attributes
        old = area(said.get("ref", ""))
        if old and said.get("sheet", "").casefold() == title.casefold() and "id" not in said and old.bottom < LAST_ROW:
            _set(splices, source, "ref", said["ref"], with_areas(said["ref"], growth.down))
    package.splice(part, splices.done())
