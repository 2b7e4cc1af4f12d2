"""Whether a formula looks at cells that were edited, so that what it last came to may be wrong.

Only then is the workbook told to calculate when it is opened: that touches one more part. Where it is not sure, the answer is yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from workbench.editing.package import Package
from workbench.editing.places import LAST_COLUMN, LAST_ROW, Area, area, column_number
from workbench.editing.references import mentioned
from workbench.editing.relations import main_part
from workbench.editing.sheets import tabs
from workbench.editing.tables import tables
from workbench.editing.xml import attributes_of, holds, parse, unescaped

_CELL_FORMULA = re.compile(rb"""<((?:[\w.-]+:)?f)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>([^<]*)<""")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)worksheet[\s>]")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_REFERENCE = re.compile(
    r"""(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[\w.\\?]+(?::[\w.\\?]+)?))!)?
    (?<![\w.$])(?:(?P<cells>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)
    |\$?(?P<left>[A-Z]{1,3}):\$?(?P<right>[A-Z]{1,3})|\$?(?P<top>\d{1,7}):\$?(?P<bottom>\d{1,7}))(?![\w.(!])""",
    re.VERBOSE,
)

Edited = Mapping[str, Sequence[Area]]
"""The edited cells, by the name of their sheet."""


def refer(package: Package, edited: Edited) -> bool:
    """Whether any formula in a cell looks at one of the edited cells."""
    by_fold = {title.casefold(): areas for title, areas in edited.items()}
    sheets = [tab for tab in tabs(package) if tab.kind == "worksheet" and package.find(tab.part)]
    names: set[str] | None = None
    for tab in sheets:
        for formula, spread in _formulas(package.read(tab.part)):
            if _looks_at(formula, tab.name, by_fold, spread):
                return True
            words = {word.casefold() for kind, word in mentioned(formula) if kind == "name"}
            if words:
                names = _names(package, by_fold) if names is None else names
            if words & (names or set()):
                return True
    return False


def point(package: Package, edited: Edited) -> bool:
    """Whether any formula in a cell, or any defined name, names one of the cells by its place; a table's name does not."""
    by_fold = {title.casefold(): areas for title, areas in edited.items()}
    sheets = [tab for tab in tabs(package) if tab.kind == "worksheet" and package.find(tab.part)]
    cells = any(
        _looks_at(text, tab.name, by_fold, spread) for tab in sheets for text, spread in _formulas(package.read(tab.part))
    )
    return cells or any(_looks_at(text, "", by_fold, (0, 0)) for text in _defined(package).values())


def _formulas(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """The formulas of a sheet's cells, each with how far down and right it is shared."""
    root = _ROOT.search(data)
    start, stop = data.find(b"sheetData"), data.rfind(b"sheetData")
    if root is None or not holds(data, b"<" + root[1] + b"f", start, stop):
        return
    for match in _CELL_FORMULA.finditer(data, start, stop):
        shared = area(attributes_of(match[0]).get("ref", "")) if b"ref" in match[2] else None
        spread = (shared.bottom - shared.top, shared.right - shared.left) if shared else (0, 0)
        if match[3]:
            yield unescaped(match[3].decode()), spread


def _looks_at(formula: str, own: str, edited: Edited, spread: tuple[int, int]) -> bool:
    for match in _REFERENCE.finditer(_TEXT.sub('""', formula)):
        said = (match["quoted"] or "").replace("''", "'") or match["sheet"] or own
        colon = ":" in said
        wanted = edited if colon else {said.casefold(): edited.get(said.casefold(), ())}
        where = _area(match, spread)
        if any(_meet(where, one) for areas in wanted.values() for one in areas):
            return True
    return False


def _area(match: re.Match[str], spread: tuple[int, int]) -> Area:
    if match["left"]:
        return Area(1, column_number(match["left"]), LAST_ROW, column_number(match["right"]) + spread[1])
    if match["top"]:
        return Area(int(match["top"]), 1, int(match["bottom"]) + spread[0], LAST_COLUMN)
    found = area(match["cells"]) or Area(1, 1, LAST_ROW, LAST_COLUMN)
    return Area(found.top, found.left, found.bottom + spread[0], found.right + spread[1])


def _meet(one: Area, other: Area) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def _names(package: Package, edited: Edited) -> set[str]:
    """The names, folded, of tables that hold an edited cell, and of defined names that look at one, directly or through another name."""
    found = {
        table.name.casefold()
        for tab in tabs(package)
        if tab.name.casefold() in edited
        for table in tables(package, tab.part)
        if any(_meet(table.area, one) for one in edited[tab.name.casefold()])
    }
    texts = _defined(package)
    found |= {name for name, text in texts.items() if _looks_at(text, "", edited, (0, 0))}
    while more := {
        name for name, text in texts.items() if name not in found and found & {word.casefold() for _, word in mentioned(text)}
    }:
        found |= more
    return found


def _defined(package: Package) -> dict[str, str]:
    """What the defined names stand for, by name as folded; those of print areas and filters are no formulas that look at cells."""
    part = main_part(package)
    defined = parse(package.read(part), part).child("definedNames")
    found = {one.attributes.get("name", "").casefold(): one.text for one in (defined.all("definedName") if defined else ())}
    return {name: text for name, text in found.items() if not name.startswith("_xlnm")}
