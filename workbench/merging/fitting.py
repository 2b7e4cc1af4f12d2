"""A sheet read as another version of it was: an edit may make a program see other headings, but nobody moves them by typing into a cell. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.frameworks.ids import CellValue
from workbench.merging.pages import Cells, Column, Page, shown
from workbench.sheets import fold_heading

_ENOUGH = 0.6
"""So many of the headings must stand in a row to make it the row of headings."""


def fitted(pages: Sequence[Page]) -> list[Page]:
    """Versions of one sheet, all of them with the headings of the first that was recognized (of the first, where none was)."""
    like = next((page for page in pages if page.declaration), pages[0])
    return [page if page is like else _fitted(page, like) for page in pages]


def _fitted(page: Page, like: Page) -> Page:
    if not like.head:
        return _without_headings(page) if page.head and not page.declaration else page
    wanted = Counter(_texts(column.written for column in like.columns))
    known = Counter(column.token for column in like.columns if column.heading)
    here = (Counter(column.token for column in page.columns if column.heading) & known).total()
    worth = {row: (Counter(_texts(cells)) & wanted).total() for row, cells in _every(page).items()}
    best = max(worth, key=lambda row: (worth[row], row == page.head), default=0)
    if here >= known.total() or not best or worth[best] <= here or worth[best] < _ENOUGH * wanted.total():
        return page
    return _with_headings(page, best, like)


def _texts(cells: Iterable[CellValue]) -> list[str]:
    return [fold_heading(shown(cell)) for cell in cells if cell is not None]


def _every(page: Page) -> dict[int, Cells]:
    """All rows, that of the headings too."""
    head = {page.head: tuple(column.written for column in page.columns)} if page.head else {}
    return dict(sorted({**page.rows, **head}.items()))


def _without_headings(page: Page) -> Page:
    columns = tuple(Column(column.letter, "") for column in page.columns)
    return replace(page, columns=columns, rows=_every(page), head=0, keys=(), above={})


def _with_headings(page: Page, head: int, like: Page) -> Page:
    """The sheet with row ``head`` as its headings, each meaning what it means in ``like``."""
    rows = _every(page)
    written = rows.pop(head)
    means = {key: at for at, key in enumerate(_numbered(column.written for column in like.columns))}
    places = [means.get(key, -1) for key in _numbered(written)]
    columns = tuple(
        replace(like.columns[place], letter=column.letter, written=cell)
        if cell is not None and place >= 0
        else Column(column.letter, " ".join(shown(cell).split()), written=cell)
        for column, cell, place in zip(page.columns, written, places, strict=True)
    )
    keys = tuple(places.index(at) for at in like.keys if at in places)
    whole = len(keys) == len(like.keys)
    return replace(
        page, columns=columns, rows=rows, head=head, declaration=like.declaration, keys=keys if whole else (), above={}
    )


def _numbered(cells: Iterable[CellValue]) -> list[tuple[str, int]]:
    """Each heading with how many of the same stand before it."""
    seen: Counter[str] = Counter()
    found = []
    for cell in cells:
        text = fold_heading(shown(cell))
        found.append((text, seen[text]))
        seen[text] += 1
    return found
