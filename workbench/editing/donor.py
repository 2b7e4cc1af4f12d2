"""A workbook that XlsxWriter wrote, of which a sheet is to be taken: what the sheet needs of the rest of it."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cached_property

from workbench.editing.book import Book
from workbench.editing.outline import outline
from workbench.editing.ownership import own_parts, sheets_in, table_names
from workbench.editing.package import Package
from workbench.editing.places import area, name
from workbench.editing.references import formulas, mentioned
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import first, related
from workbench.editing.sheet import Sheet
from workbench.editing.sheets import Tab, tab, tabs
from workbench.editing.values import string_of_xml
from workbench.editing.xml import Element, strings

_CARRIED = {"table", "comments", "vmlDrawing", "drawing", "image", "chart", "chartUserShapes", "hyperlink"}
_LONGEST_LIST = 255
_IMAGE_IN_CELL = re.compile(rb'<c [^>]*\bvm="')


class Donor:
    """The workbook and one of its sheets."""

    def __init__(self, content: bytes, source: str | None) -> None:
        """``source`` is the sheet; None is the first that can be seen.

        Raises:
            EditRefused: there is no such sheet, or it holds what cannot be carried along.
        """
        self.package = Package(content)
        self.book = Book(self.package)
        self.tabs = tabs(self.package)
        self.tab = self._tab(source)
        self.index = self.tabs.index(self.tab)
        self.parts = own_parts(self.package, self.tab.part)
        self._refuse_foreign()
        found = first(self.package, self.book.part, "sharedStrings")
        self.strings = strings(self.package.read(found.target)) if found else []

    def _tab(self, source: str | None) -> Tab:
        if source is not None:
            return tab(self.package, source)
        found = next((one for one in self.tabs if one.kind == "worksheet" and one.state == "visible"), None)
        if found is None:
            raise EditRefused("the workbook to take a sheet of has none that can be seen")
        return found

    def _refuse_foreign(self) -> None:
        kinds = {relation.kind for part in self.parts for relation in related(self.package, part)}
        other = next(iter(sorted(kinds - _CARRIED)), "an image within a cell" if _IMAGE_IN_CELL.search(self.data) else "")
        if other or self.book.prefix or self.tab.kind != "worksheet":
            raise EditRefused(f"sheet {self.tab.name} cannot be carried to another workbook: it holds {other or self.tab.kind}")

    @property
    def data(self) -> bytes:
        """The worksheet part."""
        return self.package.read(self.tab.part)

    @property
    def styles(self) -> bytes:
        """The styles part."""
        found = first(self.package, self.book.part, "styles")
        return self.package.read(found.target) if found else b""

    def local_names(self, index: int) -> list[Element]:
        """The names defined on the sheet at ``index``: print area and titles, the filter, its own."""
        return [one for one in self.book.defined if one.get("localSheetId") == str(index)]

    def workbook_name(self, word: str) -> Element | None:
        """The name of the whole workbook that is that word."""
        names = (one for one in self.book.defined if one.get("localSheetId") is None)
        return next((one for one in names if (one.get("name") or "").casefold() == word.casefold()), None)

    # --- lists of drop-downs -----------------------------------------------------------------------------------------

    def written_out(self) -> dict[str, str]:
        """The drop-downs whose list stands on another sheet and can be written into the rule: its formula → the list in quotes."""
        rules = [one for one in outline(self.data, self.tab.part).root.walk("dataValidation") if one.get("type") == "list"]
        sources = {one.text for rule in rules for one in rule.all("formula1") if not one.text.startswith('"')}
        found = ((source, self._choices(source)) for source in sorted(sources))
        return {source: f'"{",".join(choices)}"' for source, choices in found if choices and _can_be_written(choices)}

    def _choices(self, source: str) -> list[str] | None:
        """The texts of the cells that the source of a list refers to; None where it is no range of another sheet, or they are no texts."""
        named = self.workbook_name(source)
        sheet, _, range_ = (named.text if named is not None else source).rpartition("!")
        said, cells = sheets_in(f"{sheet}!A1") if sheet else set(), area(range_)
        owner = next((one for one in self.tabs if {one.name.casefold()} == said), None)
        if owner is None or cells is None or owner == self.tab:
            return None
        held = Sheet(self.package, owner.part, owner.name)
        refs = (name(row, column) for row in range(cells.top, cells.bottom + 1) for column in range(cells.left, cells.right + 1))
        values = [held.value(ref, lambda index: string_of_xml(self.strings[index])) for ref in refs]
        return [value for value in values if isinstance(value, str)] if all(isinstance(value, str) for value in values) else None

    # --- what the sheet refers to ------------------------------------------------------------------------------------

    def names_needed(self, lists: dict[str, str]) -> list[Element]:
        """The workbook's names that the sheet uses, directly or through each other."""
        needed: list[Element] = []
        waiting = list(self._formulas(lists))
        while waiting:
            words = (word for kind, word in mentioned(waiting.pop()) if kind == "name")
            for found in filter(None, map(self.workbook_name, words)):
                if found not in needed:
                    needed.append(found)
                    waiting.append(found.text)
        return needed

    def sheets_needed(self, lists: dict[str, str]) -> list[str]:
        """The other sheets that the sheet or a name of it refers to, as written."""
        texts = [*self._formulas(lists), *(one.text for one in self.names_needed(lists))]
        said = {word.casefold(): word for text in texts for kind, word in mentioned(text) if kind == "sheet"}
        said.pop(self.tab.name.casefold(), None)
        return list(said.values())

    def tables_needed(self, lists: dict[str, str]) -> list[str]:
        """The tables on other sheets that a formula of the sheet names."""
        others = table_names(self.package, [one.part for one in self.tabs if one != self.tab])
        words = {word.casefold() for text in self._formulas(lists) for kind, word in mentioned(text) if kind == "name"}
        return [name for name in others if name.casefold() in words]

    def hidden(self, sheet: str) -> Tab | None:
        """The hidden sheet of that name, such as holds the lists of drop-downs."""
        return next((one for one in self.tabs if one.name.casefold() == sheet.casefold() and one.state != "visible"), None)

    def _formulas(self, lists: Container[str]) -> list[str]:
        return [one for one in self._all_formulas if one not in lists]

    @cached_property
    def _all_formulas(self) -> list[str]:
        """Each formula of the sheet and its parts once."""
        found = dict.fromkeys(one for part in self.parts for one in formulas(self.package.read(part)))
        return [*found, *(one.text for one in self.local_names(self.index))]


def _can_be_written(choices: list[str]) -> bool:
    """Whether a rule can hold the list itself: Excel parts it at commas, trims it and takes 255 characters."""
    if any(sign in choice for choice in choices for sign in ',"\n'):
        return False
    return (
        all(choice and choice == choice.strip() for choice in choices)
        and len(",".join(choices).encode("utf-16-le")) <= 2 * _LONGEST_LIST
    )
