"""What could not be compared for certain, as findings: keys that several rows share, rows without one, sheets without any. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workbench.merging.aligning import Alignment
from workbench.merging.keys import Key, label
from workbench.merging.pages import Page
from workbench.model import Finding, Severity

_NAMED = 5
"""So many are named in one finding."""


def remarks(alignment: Alignment, base: str, other: str) -> Iterator[Finding]:
    """The findings about one sheet of two files, ``base`` and ``other``, each with the first cell that it is about."""
    yield from _shared(alignment.base, alignment.base_row_keys, alignment.keys, alignment, base)
    yield from _shared(alignment.other, alignment.other_row_keys, alignment.other_keys, alignment, other)
    yield from _without_key(alignment, base, other)
    if alignment.by_position:
        yield _finding(
            alignment.other, other, 1, 0,
            f"no column of {alignment.other.name} identifies its rows: rows that say the same were matched, the others by their neighbours where those stayed",
            "Give each row an id of its own in one column.",
        )  # fmt: skip


def stranger(page: Page, name: str, sheet: str, base: str) -> Finding:
    """A copy that has no row of the base's table: nothing of it is taken for deleted."""
    return _finding(
        page, name, max(page.head, 1), 0, f"{name} shares no row with {sheet} of {base}; is it a copy of it? nothing was deleted",
        "Merge copies of one workbook; where all its rows are to go, delete them by hand.",
    )  # fmt: skip


def _shared(page: Page, keys: Mapping[int, Key], at: tuple[int, ...], alignment: Alignment, name: str) -> Iterator[Finding]:
    rows: dict[Key, list[int]] = {}
    for row, key in keys.items():
        if key in alignment.shared:
            rows.setdefault(key, []).append(row)
    several = [found for found in rows.values() if len(found) > 1]
    if several:
        said = _named(f"{label(page, found[0], at)} (rows {', '.join(map(str, found))})" for found in several)
        yield _finding(
            page, name, several[0][0], at[0],
            f"rows share a key: {said}; those that say the same were matched, the others cannot be told apart",
            "Give each row a key of its own in every copy, and compare again.",
        )  # fmt: skip


def _without_key(alignment: Alignment, base: str, other: str) -> Iterator[Finding]:
    """Rows of a keyed sheet that have no key and no like in the other file."""
    if not alignment.keys:
        return
    gone = [row for row in alignment.base.table() if row not in alignment.base_row_keys and row not in alignment.rows]
    new = [row for row in alignment.extra_rows if row > alignment.other.head and row not in alignment.other_row_keys]
    sides = ((alignment.base, base, alignment.keys, gone), (alignment.other, other, alignment.other_keys, new))
    for page, name, keys, rows in sides:
        if rows:
            heading = " and ".join(page.columns[at].heading for at in keys) or "key"
            said = _named(map(str, rows))
            yield _finding(
                page, name, rows[0], keys[0], f"{page.name} has rows without {heading} that nothing in the other file equals: row {said}",
                "Give them one if they are to be followed from copy to copy.",
            )  # fmt: skip


def _named(what: Iterable[str]) -> str:
    every = list(what)
    return ", ".join(every[:_NAMED]) + (f" and {len(every) - _NAMED} more" if len(every) > _NAMED else "")


def _finding(page: Page, name: str, row: int, at: int, message: str, fix: str) -> Finding:
    letter = page.columns[at].letter if page.columns else "A"
    return Finding("", Severity.WARNING, message, fix, name, page.name, f"{letter}{row}")
