"""One cell, three ways: what several people made of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from workbench.frameworks.ids import CellValue
from workbench.frameworks.rewriting import rewrite_ids
from workbench.merging.pages import Calculated, Column, Content, cited, identical, normal, same, shown, value_of, words_beside

Said = tuple[str, Content]
"""Who, and what stands in the cell there."""


@dataclass(frozen=True, slots=True)
class Take:
    """The cell gets ``value``, which ``by`` brought."""

    value: CellValue
    by: tuple[str, ...]
    writing: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """The cell stays as it is, and ``by`` disagree; ``formula`` because one of them has another formula."""

    by: tuple[str, ...]
    formula: bool = False


def merge_cell(
    base: Content, ours: Content, theirs: Sequence[Said], column: Column, like: Callable[[], Sequence[str]] = tuple
) -> Take | Clash | None:
    """What becomes of a cell of ours; None where it stays and nobody objects.

    Ids of a requirement cell merge as sets, in the order and with the separator of ours (``like`` gives other cells of the column, where
    ours is blank). Any other cell has one value: whoever alone changed it is followed, and so are several who changed it to the same.
    """
    real = [(name, content) for name, content in theirs if not same(base, content, column)]
    if not real:
        return _rewritten(base, ours, theirs)
    if _are_sets(base, ours, real, column):
        return _merge_sets(base, ours, real, column, like)
    wanted = {normal(value_of(content), column) for _, content in real}
    by = tuple(name for name, _ in real)
    if all(same(ours, content, column) for _, content in real):
        return None
    if len(wanted) > 1 or not same(base, ours, column):
        return Clash(by, any(isinstance(content, Calculated) for _, content in real))
    if any(isinstance(content, Calculated) for _, content in real):
        return Clash(by, formula=True)
    return Take(like_kind(_first(real), value_of(base)), by)


def _rewritten(base: Content, ours: Content, theirs: Sequence[Said]) -> Take | None:
    """Another way of writing the same is followed where ours still writes it as the base does; a number or date never becomes its text."""
    if not isinstance(base, str) or ours != base:
        return None
    other = [(name, content) for name, content in theirs if not isinstance(content, Calculated) and content != base]
    if not other:
        return None
    return Take(_first(other), tuple(name for name, _ in other), writing=True)


def _first(said: Sequence[Said]) -> CellValue:
    """Of several ways to write one value the first by its text, so that the order of the copies decides nothing."""
    return min((value_of(content) for _, content in said), key=lambda value: (shown(value), str(type(value))))


def like_kind(value: CellValue, held: CellValue) -> CellValue:
    """A text as the number, day or truth that it spells out, where the cell held such a one: a program that saves only texts made it so."""
    if not isinstance(value, str) or isinstance(held, str | None):
        return value
    kinds = (_truth,) if isinstance(held, bool) else _NUMBERS if isinstance(held, int | float) else _DAYS
    for read in kinds:
        with suppress(ValueError):
            found = read(value.strip())
            if shown(found) == value.strip():
                return found
    return value


def _truth(text: str) -> bool:
    return {"TRUE": True, "FALSE": False}.get(text, False)


_NUMBERS: tuple[Callable[[str], CellValue], ...] = (int, float)
_DAYS: tuple[Callable[[str], CellValue], ...] = (dt.date.fromisoformat, dt.datetime.fromisoformat)


def _are_sets(base: Content, ours: Content, real: Sequence[Said], column: Column) -> bool:
    """Whether everybody changed nothing but ids, in cells of text."""
    every = [base, ours, *(content for _, content in real)]
    if not column.ids or any(not isinstance(content, str | None) for content in every):
        return False
    beside = words_beside(value_of(base), column)
    return all(words_beside(value_of(content), column) == beside for _, content in real)


def _merge_sets(
    base: Content, ours: Content, real: Sequence[Said], column: Column, like: Callable[[], Sequence[str]]
) -> Take | None:
    before, here = cited(value_of(base), column), cited(value_of(ours), column)
    changed = [cited(value_of(content), column) for _, content in real]
    add = sorted({name for ids in changed for name in ids - before - here})
    remove = sorted({name for ids in changed for name in before - ids} & here)
    by = tuple(name for (name, _), ids in zip(real, changed, strict=True) if set(add) & ids or set(remove) - ids)
    if not add and not remove:
        return None
    if identical(value_of(base), value_of(ours)) and len({normal(value_of(content), column) for _, content in real}) == 1:
        return Take(_first(real), by)
    text = value_of(ours)
    written = rewrite_ids(text if isinstance(text, str) else "", add, remove, like=like(), framework=column.framework)
    return Take(written or None, by)
