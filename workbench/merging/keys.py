"""What identifies a row of a sheet: which columns are its key, and what a row's key is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

from workbench.frameworks.ids import CellValue
from workbench.merging.pages import Column, Page, joined, normal

Key = tuple[Hashable, ...]
_WIDESPREAD, _SEVERAL = 0.2, 6
"""So large a share of the rows, and so many, with a key that is not theirs alone, and the key is none."""
_KEYED = 0.9
_WIDE = 8
"""Two columns that identify a row together are among the first so many."""


def agreed(base: Column, other: Column) -> Column:
    """The column as two versions of it are compared: ids where either is known to hold them."""
    return other if other.ids and not base.ids else base


def choose_keys(base: Page, others: Sequence[tuple[Page, Mapping[int, int]]]) -> tuple[int, ...]:
    """The columns of ``base`` that identify a row in every version; () where none do.

    What the sheet was recognized as decides. Where such keys are shared by many rows, one more column is taken if that makes them unique;
    where the sheet is not known, the first column whose cells are unique, running numbers last; else the first two that are unique together.
    A log has no key.
    """
    if any(page.log for page in (base, *(page for page, _ in others))):
        return ()
    whole = [at for at in range(len(base.columns)) if all(at in columns for _, columns in others)]
    pages = [(page, columns) for page, columns in [(base, {at: at for at in whole}), *others] if page.table()]
    declared = base.keys or next((_mapped(page.keys, columns) for page, columns in others if page.keys), ())
    if declared and all(at in whole for at in declared):
        if not any(_is_shared(base, page, columns, declared) for page, columns in pages):
            return declared
        wider = [(*declared, at) for at in whole if at not in declared and _identify(base, pages, (*declared, at))]
        return wider[0] if wider else declared
    single = [at for at in whole if pages and _identify(base, pages, (at,))]
    texts = [at for at in single if not _is_running(base, at)]
    if single or not pages or len(whole) == 2:  # where two columns are all that there is, nothing would be beside the key
        return tuple((texts or single)[:1])
    return next((pair for pair in combinations(whole[:_WIDE], 2) if _identify(base, pages, pair)), ())


def _mapped(keys: Iterable[int], columns: Mapping[int, int]) -> tuple[int, ...]:
    back = {two: one for one, two in columns.items()}
    found = tuple(back.get(at, -1) for at in keys)
    return () if -1 in found else found


def _is_shared(base: Page, page: Page, columns: Mapping[int, int], keys: Iterable[int]) -> bool:
    """Whether many rows have a key that is not theirs alone."""
    every = row_keys(base, page, columns, keys)
    shared = sum(number for number in Counter(every.values()).values() if number > 1)
    return shared >= _SEVERAL and shared > _WIDESPREAD * len(every)


def _identify(base: Page, pages: Iterable[tuple[Page, Mapping[int, int]]], keys: Sequence[int]) -> bool:
    """Whether nearly every row of every version has such a key, each another."""
    for page, columns in pages:
        every = row_keys(base, page, columns, keys)
        whole = [key for key in every.values() if None not in key]
        if not whole or len(set(whole)) < len(whole) or len(whole) < _KEYED * len(page.table()):
            return False
    return True


def _is_running(page: Page, at: int) -> bool:
    return all(isinstance(page.rows[row][at], int | float | None) for row in page.table())


def row_keys(base: Page, page: Page, columns: Mapping[int, int], keys: Iterable[int]) -> dict[int, Key]:
    """Row of ``page`` → its key, for each row below the headings that has any; ``keys`` are positions in ``base``, mapped by ``columns``."""
    places = [(columns[at], agreed(base.columns[at], page.columns[columns[at]])) for at in keys]
    found: dict[int, Key] = {}
    for row in page.table() if places else ():
        cells = page.rows[row]
        key = tuple(key_part(cells[at] if cells[at] is not None else page.above.get((row, at)), column) for at, column in places)
        if any(part is not None for part in key):
            found[row] = key
    return found


def key_part(value: CellValue, column: Column) -> Hashable:
    """A key cell as keys are compared: ids by what they mean, texts without case and spacing."""
    plain = normal(value, column)
    return " ".join(plain.split()).casefold() if isinstance(plain, str) else plain


def label(page: Page, row: int, keys: Iterable[int]) -> str:
    """What a row is called: its key as written, else its number."""
    cells = page.rows[row]
    said = joined(cells[at] if cells[at] is not None else page.above.get((row, at)) for at in keys) if row > page.head else ""
    return said or f"row {row}"
