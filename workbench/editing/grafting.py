"""A sheet of a workbook that XlsxWriter wrote, with its whole look, becomes a sheet of somebody's workbook."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from workbench.editing.book import Book, DefinedName, companions_of, tie
from workbench.editing.dialects import STRICT, TRANSITIONAL, as_strict
from workbench.editing.donor import Donor
from workbench.editing.outline import outline
from workbench.editing.ownership import own_parts, refuse_excel_only, remove_parts, table_names, table_roots
from workbench.editing.package import Package, folded
from workbench.editing.references import renamed, with_formulas
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import content_type, declare, is_strict, put_relations, related, relative, rels_name, undeclare
from workbench.editing.sheets import (
    Tab,
    add_tab,
    drop_calc_chain_of,
    free_part,
    refuse_locked,
    refuse_name,
    remove_companions,
    tab,
    tabs,
)
from workbench.editing.styles import Styles
from workbench.editing.transplanting import Terms, days_between, sheet_xml, table_xml, vml_xml
from workbench.editing.vml import blocks
from workbench.editing.xml import Splices, parse, spliced, whole

_LONGEST = 31


def graft(package: Package, content: bytes, name: str, *, source: str | None = None, replaces: str | None = None) -> str:
    """Sheet ``source`` of the workbook ``content`` (None: the first that can be seen) becomes the last sheet, called ``name``; returns its part.

    With ``replaces`` it takes the place, the name, the marks and the number of that sheet instead, which goes with all that only it used. Lists of drop-downs that
    stand on another sheet of the source are written into the rules, or come along on a hidden sheet that ``remove_tab`` takes away again.
    Links to sheets that this workbook does not have are dropped; their texts stay.

    Raises:
        EditRefused: the name is none for a sheet or taken, the structure is protected, or the sheet needs something that this workbook does not have.
    """
    donor = Donor(content, source)
    old = tab(package, replaces) if replaces is not None else None
    lists = donor.written_out()
    hidden = _check(package, donor, lists, old, name)
    styles = Styles(package)
    formats, dxfs = styles.adopt(donor.styles)
    styles.flush()
    if old:
        old = _vacate(package, old)
    return _Graft(package, donor, lists, hidden, Terms(formats, dxfs, donor.strings)).plant(old, old.name if old else name)


def _check(package: Package, donor: Donor, lists: dict[str, str], old: Tab | None, name: str) -> list[Tab]:
    """Refuse what cannot be done while nothing has been done; returns the hidden sheets of the donor that have to come along."""
    book, known = Book(package), {one.name.casefold() for one in tabs(package)}
    needed = donor.sheets_needed(lists)
    hidden = [found for word in needed if (found := donor.hidden(word))]
    present = known | {name.casefold()} | {one.name.casefold() for one in hidden}
    tables = {word.casefold() for word in table_names(package, [one.part for one in tabs(package)])}
    absent = [f"sheet {word}" for word in needed if word.casefold() not in present]
    absent += [f"table {word}" for word in donor.tables_needed(lists) if word.casefold() not in tables]
    if absent:
        raise EditRefused(f"sheet {donor.tab.name} refers to {absent[0]}, which this workbook does not have; add that one first")
    if old is None or hidden or companions_of(book, old.name):
        refuse_locked(book)
    if old is None:
        refuse_name(name, known)
    else:
        refuse_excel_only(package, old.name, own_parts(package, old.part))
        if old.kind != "worksheet":
            raise EditRefused(f"{old.name} is a {old.kind}, and a worksheet cannot take its place; rename it")
    return hidden


def _vacate(package: Package, old: Tab) -> Tab:
    """Nothing is left of the sheet but its place; returns where that is now."""
    parts = own_parts(package, old.part)
    remove_companions(package, companions_of(Book(package), old.name), parts)
    book = Book(package)
    drop_calc_chain_of(book, old.id)
    remove_parts(package, parts[1:])
    if package.find(rels_name(old.part)):
        package.remove(rels_name(old.part))
        undeclare(package, rels_name(old.part))
    index = [one.name for one in tabs(package)].index(old.name)
    book.take_names([one for one in book.defined if one.get("localSheetId") == str(index)])
    book.flush()
    return tab(package, old.name)


class _Graft:
    """One sheet on its way from ``donor`` to ``package``; ``terms`` is what is known of it so far."""

    def __init__(self, package: Package, donor: Donor, lists: dict[str, str], hidden: list[Tab], terms: Terms) -> None:
        self._package, self._donor, self._hidden = package, donor, hidden
        self._names = donor.names_needed(lists)
        self._strict = is_strict(package)
        self._terms, self._lists = terms, lists

    def plant(self, old: Tab | None, title: str) -> str:
        """Put the sheet, and what comes along, into the package; returns its part."""
        companions = self._companions(title)
        self._terms = self._in_full({self._donor.tab.name.casefold(): title} | companions, title)
        part = self._sheet(self._donor.tab, title, old)
        for one in self._hidden:
            self._sheet(one, companions[one.name.casefold()], None, state="hidden")
        self._define(title, companions)
        return part

    def _companions(self, title: str) -> dict[str, str]:
        taken = {one.name.casefold() for one in tabs(self._package)} | {title.casefold()}
        found = {}
        for one in self._hidden:
            found[one.name.casefold()] = new = _free(one.name, taken, " ({})", _LONGEST)
            taken.add(new.casefold())
        return found

    def _in_full(self, sheets: dict[str, str], title: str) -> Terms:
        """The terms with free names for tables and defined names."""
        package, donor, terms = self._package, self._donor, self._terms
        book = Book(package)
        known = tabs(package)
        taken = {word.casefold() for word in table_names(package, [one.part for one in known])}
        taken |= {(one.get("name") or "").casefold() for one in book.defined}
        names: dict[str, str] = {}
        for word in [*table_names(donor.package, [donor.tab.part]), *(one.get("name") or "" for one in self._names)]:
            names[word.casefold()] = new = _free(word, taken, "_{}", 255)
            taken.add(new.casefold())
        days = days_between(old_is_1904=donor.book.is_1904, new_is_1904=book.is_1904)
        theirs = Styles(donor.package)
        moments = frozenset(number for number in terms.formats if theirs.is_date(number)) if days else frozenset()
        links = frozenset(
            {one.name.casefold() for one in known} | {title.casefold()} | {one.casefold() for one in sheets.values()}
        )
        return Terms(terms.formats, terms.dxfs, terms.strings, sheets, names, self._lists, links, moments, days)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _sheet(self, own: Tab, title: str, old: Tab | None, *, state: str = "visible") -> str:
        data = sheet_xml(self._donor.package.read(own.part), own.part, self._terms)
        if old is None:
            part = add_tab(self._package, title, data, state=state)
        else:
            part = old.part
            self._package.put(part, as_strict(data, outline(data, part).root) if self._strict else data)
        self._carry_relations(own.part, part, {folded(own.part): part})
        return part

    def _carry_relations(self, old: str, new: str, carried: dict[str, str]) -> None:
        """The relationships of a part under their ids, and the parts that they lead to."""
        rels = self._donor.package.find(rels_name(old))
        if rels is None:
            return
        data = self._donor.package.read(rels)
        splices = Splices(data)
        nodes = parse(data, rels).all("Relationship")
        for node, relation in zip(nodes, related(self._donor.package, old), strict=True):
            if self._strict:
                splices.attribute(node, "Type", relation.type.replace(TRANSITIONAL, STRICT))
            if relation.target.startswith("#"):
                splices.attribute(node, "Target", "#" + renamed(relation.target[1:], self._terms.sheets, self._terms.names))
            elif not relation.external:
                splices.attribute(node, "Target", relative(new, self._carry(relation.target, carried)))
        put_relations(self._package, rels_name(new), spliced(data, splices.done()))

    def _carry(self, old: str, carried: dict[str, str]) -> str:
        """The part, under a free name of the same kind."""
        if folded(old) not in carried:
            stem, extension = posixpath.splitext(old)
            new = carried[folded(old)] = free_part(self._package, re.sub(r"\d+$", "", stem).replace("{", "{{") + "{}" + extension)
            self._package.put(new, self._changed(old))
            declare(self._package, new, content_type(self._donor.package, old))
            self._carry_relations(old, new, carried)
        return carried[folded(old)]

    def _changed(self, part: str) -> bytes:
        data = self._donor.package.read(part)
        if folded(part).endswith(".vml"):
            return vml_xml(data, max(self._blocks(), default=0) + 1)
        if not folded(part).endswith(".xml"):
            return data
        if parse(data, part).name == "table":
            data = table_xml(data, part, self._terms, max(self._table_numbers(), default=0) + 1)
        else:
            data = with_formulas(data, self._terms.formula)
        return as_strict(data, parse(data, part)) if self._strict else data

    def _blocks(self) -> Iterator[int]:
        for part in self._package.names:
            if folded(part).endswith(".vml"):
                yield from blocks(self._package.read(part))

    def _table_numbers(self) -> Iterator[int]:
        roots = table_roots(self._package, [one.part for one in tabs(self._package)])
        return (whole(root.get("id")) for root in roots)

    # --- defined names -----------------------------------------------------------------------------------------------

    def _define(self, title: str, companions: dict[str, str]) -> None:
        book = Book(self._package)
        known = [one.name.casefold() for one in tabs(self._package)]
        places = {self._donor.tab: known.index(title.casefold())}
        places |= {one: known.index(companions[one.name.casefold()].casefold()) for one in self._hidden}
        local = [
            self._defined(element.get("name") or "", element.text, index, hidden=element.get("hidden") == "1")
            for one, index in places.items()
            for element in self._donor.local_names(self._donor.tabs.index(one))
        ]
        shared = [
            self._defined(self._terms.names[(one.get("name") or "").casefold()], one.text, hidden=one.get("hidden") == "1")
            for one in self._names
        ]
        book.add_names(one.xml(book.prefix) for one in (*local, *shared, *self._ties(book, title, companions.values())))
        book.flush()

    def _defined(self, name: str, text: str, index: int | None = None, *, hidden: bool) -> DefinedName:
        return DefinedName(name, renamed(text, self._terms.sheets, self._terms.names), index, hidden)

    @staticmethod
    def _ties(book: Book, title: str, companions: Iterable[str]) -> Iterator[DefinedName]:
        for number, companion in enumerate(companions):
            yield tie(book, companion, title, after=number)


def _free(name: str, taken: set[str], pattern: str, longest: int) -> str:
    """``name``, with a number behind it where it is taken already."""
    new, number = name, 1
    while new.casefold() in taken:
        number += 1
        end = pattern.format(number)
        new = name[: longest - len(end)] + end
    return new
