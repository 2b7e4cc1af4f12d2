"""A workbook as lines of text that a line-by-line comparison can work on: one cell a line, named by its row's key and its heading. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.merging.changes import name
from workbench.merging.keys import choose_keys, label
from workbench.merging.pages import Page, Version, shown, value_of


def lines(version: Version) -> Iterator[str]:
    """``Controls AC-001 | Owner: Alice`` for each cell, sheet by sheet and row by row as they stand; the headings of a sheet first.

    Neither row numbers nor letters are in it, so that rows and columns that move along with others change no line.
    """
    for page in version.pages:
        keys = choose_keys(page, [])
        headings = [column.heading for column in page.columns if column.heading]
        yield f"{_one_line(page.name)} | {' · '.join(map(_one_line, headings)) or '(no headings)'}"
        for row in page.rows:
            yield from _row(page, row, keys)


def _row(page: Page, row: int, keys: tuple[int, ...]) -> Iterator[str]:
    called = label(page, row, keys)
    start = _one_line(page.name if called == f"row {row}" else f"{page.name} {called}")
    identified = keys if called != f"row {row}" else ()
    cells = [(at, value_of(page.content(row, at))) for at in range(len(page.columns)) if at not in identified]
    said = [f"{start} | {_one_line(name(page, at))}: {_one_line(shown(value))}" for at, value in cells if value is not None]
    yield from said or [start]


def _one_line(text: str) -> str:
    return "\\n".join(text.replace("\\", "\\\\").splitlines())
