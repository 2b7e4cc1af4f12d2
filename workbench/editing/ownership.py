"""Which parts belong to a sheet alone, what else names it, and what goes with it when it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.editing.book import Book, marks_of
from workbench.editing.package import Package, folded
from workbench.editing.references import formulas, mentioned
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import related, rels_name, undeclare
from workbench.editing.xml import Element, parse

_EXCEL_ONLY = {"pivotTable": "a pivot table", "slicer": "a slicer", "timeline": "a timeline", "queryTable": "a query"}


def reached(package: Package, part: str, seen: set[str]) -> Iterator[str]:
    """Every part that ``part`` leads to, and those that these lead to; none of ``seen``, which grows."""
    for relation in related(package, part):
        found = None if relation.external else package.find(relation.target)
        if found and folded(found) not in seen:
            seen.add(folded(found))
            yield found
            yield from reached(package, found, seen)


def own_parts(package: Package, part: str) -> list[str]:
    """The part, and those that nothing but it leads to."""
    others = {folded(one) for one in reached(package, "", {folded(part)})}
    return [part, *(one for one in reached(package, part, {folded(part)}) if folded(one) not in others)]


def remove_parts(package: Package, parts: Iterable[str]) -> None:
    """The parts are not there, nor their relationships and content types; whoever leads to them is left alone."""
    for part in parts:
        for one in (rels_name(part), part):
            if package.find(one):
                package.remove(one)
                undeclare(package, one)


def refuse_excel_only(package: Package, title: str, parts: Iterable[str]) -> None:
    """Raises EditRefused where the parts of a sheet hang together with others in ways that only Excel can undo."""
    kinds = {relation.kind for part in parts for relation in related(package, part)}
    what = next((what for kind, what in _EXCEL_ONLY.items() if kind in kinds), None)
    if what:
        raise EditRefused(f"sheet {title} holds {what}; move or delete that in Excel first")


def table_roots(package: Package, parts: Iterable[str]) -> Iterator[Element]:
    """The tables among what the parts lead to."""
    for part in parts:
        for relation in related(package, part):
            if relation.kind == "table" and package.find(relation.target):
                yield parse(package.read(relation.target), relation.target)


def table_names(package: Package, parts: Iterable[str]) -> list[str]:
    """The names of these tables as formulas have them."""
    return [root.get("displayName") or root.get("name") or "" for root in table_roots(package, parts)]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A sheet that is to go: its place in the tab order, its own parts, and the defined names that go with it."""

    title: str
    index: int
    parts: list[str]
    names: list[Element]


def leaving(book: Book, title: str, index: int, part: str, *, with_names: bool = False) -> Leaving:
    """What goes with a sheet: the names defined on it and its marks; ``with_names``: also those of the workbook that refer to nothing else.

    What Excel itself names (print titles, filters) is the sheet's own wherever it is defined: openpyxl numbers sheets without the chart sheets.
    """
    names = [one for one in book.defined if one.get("localSheetId") == str(index)] + marks_of(book, title)
    names += [
        one for one in book.defined if (one.get("name") or "").startswith("_xlnm.") and sheets_in(one.text) == {title.casefold()}
    ]
    if with_names:
        names += [one for one in book.defined if one not in names and sheets_in(one.text) == {title.casefold()}]
    return Leaving(title, index, own_parts(book.package, part), [one for one in book.defined if one in names])


def sheets_in(formula: str) -> set[str]:
    """The sheets that a formula names, casefolded."""
    return {name.casefold() for kind, name in mentioned(formula) if kind == "sheet"}


def referring(book: Book, gone: Leaving, titles: dict[str, str], besides: Iterable[str] = ()) -> str:
    """Where something that stays refers to the sheet, a table on it or a name that goes with it; "" for nowhere.

    ``titles``: folded part → sheet. The parts ``besides`` are not looked at.
    """
    words = [
        *table_names(book.package, gone.parts),
        *(one.get("name") or "" for one in gone.names if not one.get("localSheetId")),
    ]
    wanted = {("sheet", gone.title.casefold()), *(("name", word.casefold()) for word in words)}
    for one in book.defined:
        if one not in gone.names and _mentions(one.text, wanted):
            return f"the defined name {one.get('name')}"
    skipped = {folded(book.part), *map(folded, gone.parts), *map(folded, besides)}
    for part in reached(book.package, "", set()):
        if folded(part) not in skipped and any(_mentions(one, wanted) for one in formulas(book.package.read(part))):
            return f"sheet {titles[folded(part)]}" if folded(part) in titles else part
    return ""


def _mentions(formula: str, wanted: set[tuple[str, str]]) -> bool:
    return any((kind, name.casefold()) in wanted for kind, name in mentioned(formula))
