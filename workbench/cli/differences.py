"""What diff prints: changes as lines that read like a review, grouped by sheet and row. Nothing here computes a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from workbench.cli.printing import plural
from workbench.frameworks.ids import CellValue
from workbench.merging.changes import Change, ChangeKind, Changes
from workbench.merging.pages import shown

_LONG = 60
_AROUND = 20
"""Characters shown before and behind the place where two long texts differ."""
_SIGNS = {
    ChangeKind.ROW_ADDED: "+", ChangeKind.ROW_DELETED: "-", ChangeKind.COLUMN_ADDED: "+", ChangeKind.COLUMN_REMOVED: "-",
    ChangeKind.COLUMN_RENAMED: "~",
}  # fmt: skip


def change_lines(changes: Changes, *, literal: bool) -> list[str]:
    """The changes, those of writing too where ``literal``; then how many there are."""
    every = [*changes.changes, *(changes.writing if literal else ())]
    lines = [line for sheet, found in groupby(_by_sheet(every), key=lambda one: one.sheet) for line in _sheet(sheet, found)]
    return [*lines, *([""] if lines else []), _summary(changes, literal=literal)]


def _by_sheet(every: Sequence[Change]) -> list[Change]:
    order = {name: number for number, name in enumerate(dict.fromkeys(change.sheet for change in every))}
    return sorted(every, key=lambda change: order[change.sheet])


def _sheet(name: str, found: Iterable[Change]) -> Iterator[str]:
    yield name
    last = ""
    for change in found:
        if change.kind in {ChangeKind.SHEET_ADDED, ChangeKind.SHEET_REMOVED}:
            yield f"  {change.kind}"
        elif change.kind is ChangeKind.SHEET_RENAMED:
            yield f"  sheet renamed: {change.old} → {change.new}"
        elif change.kind in _SIGNS:
            yield _whole(change)
            last = ""
        else:
            if change.key != last:
                yield f"  {change.key or 'headings'}"
                last = change.key
            yield f"    {_cell(change)}"


def _whole(change: Change) -> str:
    """A row or column that came or went."""
    sign, place = _SIGNS[change.kind], f"{change.sheet}!{change.new_cell or change.old_cell}"
    if change.kind is ChangeKind.COLUMN_RENAMED:
        return f"  {sign} column {change.old} → {change.new}  {place}"
    values = change.new if change.kind in {ChangeKind.ROW_ADDED, ChangeKind.COLUMN_ADDED} else change.old
    values = values if isinstance(values, Mapping) else {}
    if change.column:
        return f"  {sign} column {change.column}  {place}  {plural(len(values), 'cell')}"
    said = "; ".join(f"{heading}: {short(shown(value))}" for heading, value in values.items())
    return f"  {sign} {change.key}  {place}  {said}"


def _cell(change: Change) -> str:
    old, new = before_and_after(change.old, change.new)
    ids = [*(f"+{name}" for name in change.added), *(f"-{name}" for name in change.removed)]
    notes = ", ".join([*ids, *([change.formula] if change.formula else []), *_only(change.kind)])
    place = f"{change.sheet}!{change.new_cell or change.old_cell}"
    return f"{place}  {change.column}: {old} → {new}{f' ({notes})' if notes else ''}"


def _only(kind: ChangeKind) -> list[str]:
    return [] if kind is ChangeKind.CELL else [str(kind)]


def _text(value: CellValue | Mapping[str, CellValue]) -> str:
    said = "" if isinstance(value, Mapping) else shown(value)
    return " ".join(said.split()) or ("(blank)" if not said else repr(said))


def before_and_after(before: CellValue | Mapping[str, CellValue], after: CellValue | Mapping[str, CellValue]) -> tuple[str, str]:
    """Both values as text; of long ones the part that differs, with some words around it."""
    old, new = _text(before), _text(after)
    if max(len(old), len(new)) <= _LONG:
        return old, new
    same = _shared(old, new)
    tail = _shared(old[same:][::-1], new[same:][::-1])
    return _around(old, same, tail), _around(new, same, tail)


def _shared(one: str, other: str) -> int:
    """How many characters the two have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _around(text: str, same: int, tail: int) -> str:
    start, end = max(0, same - _AROUND), min(len(text), len(text) - tail + _AROUND)
    start = 0 if start < _AROUND else text.find(" ", start, same) + 1 or start
    end = len(text) if len(text) - end < _AROUND else max(text.rfind(" ", len(text) - tail, end), len(text) - tail)
    return ("…" if start else "") + short(text[start:end], 4 * _LONG) + ("…" if end < len(text) else "")


def short(text: str, longest: int = _LONG) -> str:
    """The beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _summary(changes: Changes, *, literal: bool) -> str:
    """``2 cells changed, 1 row added; 3 cells only written differently``."""
    counts = Counter(str(change.kind) for change in changes.changes)
    said = [f"{plural(number, kind.split()[0])} {kind.split()[1]}" for kind, number in counts.items()]
    words = ", ".join(said) or f"{changes.old} and {changes.new} say the same"
    anew = sum(change.kind is ChangeKind.SUGGESTED for change in changes.writing)
    quiet = [(len(changes.writing) - anew, "cell", "only written differently"), (anew, "value", "suggested anew")]
    aside = [f"{plural(number, word)} {what}" for number, word, what in quiet if number]
    return "; ".join([words, *aside]) + (" (--literal lists them)" if aside and not literal else "")
