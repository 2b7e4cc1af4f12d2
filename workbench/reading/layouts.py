"""Which sheet is what: the layout of a sheet, its heading row and its columns, from its rows alone. Pure.

Content goes before headings: a column of requirement ids is one whatever its heading says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.model import Kind, Layout
from workbench.reading import headings
from workbench.reading.assign import Placed, assign, place_ids, spread, titles
from workbench.reading.columns import Seen, see
from workbench.reading.deciding import REGISTERS, SENTENCE, Plan, View, decide
from workbench.reading.extent import begins_blocks, data_rows, heading_continues, omits_repeats, table_end, without_neighbours
from workbench.reading.grids import Grid, find_grid
from workbench.reading.heads import Head, Rows, Span, find_heads, first_texts, text
from workbench.sheets import BY_NAME, SHEETS, fold_heading

_ASIDE = re.compile(
    r"\b(dash ?board|instructions?|read ?me|legends?|lists|look ?ups?|drop ?downs?|road ?map|time ?line|change ?log|version history|revision history|"
    r"glossary|pivot|summary|statistics|cover|definitions)\b|^list$",
    re.IGNORECASE,
)
_PRACTICE = re.compile(r"implement|\bhow\b|current|practice|existing|response", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """An oddity of a heading: ``kind`` as in ``model.ODDITIES``, the column (an index), and words."""

    kind: str
    at: int
    detail: str


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet that can be read. Rows and columns are indices into the rows given; ``rows`` are the data rows that count."""

    layout: Layout
    declaration: str
    head: int
    top: int
    columns: tuple[Placed, ...]
    unread: tuple[tuple[int, str], ...]
    rows: tuple[int, ...]
    because: tuple[int, ...]
    """Columns that decided it; of a grid its source, first and last mark."""
    remarks: tuple[Remark, ...] = ()
    fill: int = -1
    """Column whose blanks repeat the cell above: a pair list that names its source once."""
    below: int = -1
    """Heading row of another table below, which is not read."""
    beside: tuple[int, ...] = ()
    """First column of each other table beside this one, which is not read."""
    aside: bool = False
    """Its tab says that it is a summary, a list or the like: read only where nothing else is."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet that cannot be read, why, and the headings of the row that looks most like one (``head`` is its index, -1 for none)."""

    because: str
    head: int = -1
    headings: tuple[str, ...] = ()
    missing: str = ""
    """The required heading that a sheet of this name lacks."""


def recognize(tab: str, rows: Rows, merges: Sequence[Span] = (), *, force: Layout | None = None) -> Found | Unread:
    """What the sheet called ``tab`` is.

    ``rows`` are its rows, all of one width, with merged ranges that span rows filled down; ``merges`` are the merged ranges in indices of
    ``rows``; ``force`` is the layout a person has set.
    """
    if all(cell is None for row in rows for cell in row):
        return Unread("it is empty")
    grid = find_grid(rows) if force in {None, Layout.GRID} else None
    if grid:
        return replace(_found_grid(rows, grid), aside=_is_aside(tab) and force is None)
    heads = find_heads(rows, merges)
    if not heads:
        return Unread("no row of it looks like headings", *first_texts(rows), missing=_missing(tab))
    reasons: list[Unread] = []
    for head in heads[:4]:
        if reasons and head.worth < heads[0].worth * 0.6:
            break
        found = _recognize_at(tab, rows, head, force)
        if isinstance(found, Found):
            return replace(found, aside=_is_aside(tab) and force is None)
        reasons.append(found)
    return reasons[0]


def _is_aside(tab: str) -> bool:
    return bool(_ASIDE.search(tab.replace("_", " ").replace("-", " ")))


def _recognize_at(tab: str, rows: Rows, head: Head, force: Layout | None) -> Found | Unread:
    end, below = table_end(rows, head)
    title = " ".join(text(cell) for row in rows[: head.top] for cell in row if isinstance(cell, str))[:500]
    columns, beside = without_neighbours(see(tab, rows, head, end), rows, head, end)
    view = View(tab, title, head, columns)
    plan = decide(view, force)
    placed = _place(view, plan) if isinstance(plan, Plan) else []
    if isinstance(plan, str) or not placed:
        because = plan if isinstance(plan, str) else "none of its columns could be told from its heading"
        return Unread(because, head.row, tuple(one for one in head.texts if one), _missing(tab))
    kept = data_rows(rows, head, end, (entry.at for entry in placed), _key_columns(plan, placed))
    more = heading_continues(rows, head, kept, [one.at for one, _ in plan.keys if one.family])
    kept = kept[1:] if more else kept
    taken = {entry.at for entry in placed}
    return Found(
        plan.layout, plan.declaration, head.row + more, head.top, tuple(placed),
        tuple((one.at, one.heading) for one in columns if one.at not in taken and one.heading),
        kept, tuple(entry.at for entry in _deciding(plan, placed)), tuple(_heading_remarks(view, plan, placed)),
        fill=_named_once(plan, rows, kept), below=below, beside=tuple(beside),
    )  # fmt: skip


def _named_once(plan: Plan, rows: Rows, kept: Sequence[int]) -> int:
    """The column whose blanks repeat the id above, -1 for none: the source of a pair list, the criteria left of the controls that meet them."""
    if plan.layout not in {Layout.PAIR_LIST, Layout.CONTROL_LIBRARY}:
        return -1
    within = "source" if plan.layout is Layout.PAIR_LIST else "id"
    own = next((one.at for one, field in plan.keys if field == "id"), -1)
    ids = [one.at for one, field in plan.keys if (field == within if within == "source" else one.at < own)]
    others = [one.at for one, _ in plan.keys if one.at not in ids]
    if plan.layout is Layout.CONTROL_LIBRARY:
        ids = [at for at in ids if begins_blocks(rows, kept, at)]
    return next((at for at in ids if omits_repeats(rows, kept, at, others)), -1)


def _key_columns(plan: Plan, placed: Sequence[Placed]) -> list[int]:
    """The columns whose cells say that a row is one: ids, or the names of a library without ids, or a register's key."""
    keys = [one.at for one, _ in plan.keys]
    if plan.layout is Layout.REGISTER:
        sheet = BY_NAME[plan.declaration]
        return [entry.at for entry in placed if entry.field == sheet.key] or [entry.at for entry in placed]
    if plan.layout is Layout.CONTROL_LIBRARY:
        return keys + [entry.at for entry in placed if entry.field in {"name", "description"}]
    return keys


def _deciding(plan: Plan, placed: Sequence[Placed]) -> list[Placed]:
    """The columns that explain the decision, in sheet order: ids first of all, then what is done with them."""
    ids = {one.at for one, _ in plan.keys}
    first = [entry for entry in placed if entry.at in ids]
    rest = [entry for entry in placed if entry.at not in ids and not entry.field.endswith("title")]
    return sorted([*first, *rest][:4], key=lambda entry: entry.at)


def _missing(tab: str) -> str:
    """The required heading of the sheet that ``tab`` names, "" when it names none; others' names for a register are no promise to be one."""
    folded = fold_heading(tab)
    for sheet in SHEETS:
        aliases = () if sheet.name in REGISTERS else sheet.aliases
        if folded in {fold_heading(sheet.name), *map(fold_heading, aliases)}:
            return next((column.heading for column in sheet.columns if column.required), "")
    return ""


def _found_grid(rows: Rows, grid: Grid) -> Found:
    texts = tuple(text(cell) for cell in rows[grid.head])
    head = Head(grid.head, texts, 0.0, texts)
    end, below = table_end(rows, head)
    placed = {entry.at for entry in grid.columns}
    kept = tuple(row for row in data_rows(rows, head, end, placed, [grid.source]) if rows[row][grid.source] is not None)
    unread = tuple((at, one) for at, one in enumerate(head.texts) if one and at not in placed)
    cells = [entry.at for entry in grid.columns if entry.field == "cell"]
    return Found(
        Layout.GRID, "Grid", grid.head, grid.head, grid.columns, unread, kept, (grid.source, cells[0], cells[-1]), below=below
    )


# --- its columns ------------------------------------------------------------------------------------------------------------------------


def _place(view: View, plan: Plan) -> list[Placed]:
    """The columns under the plan's names, in sheet order."""
    placed = place_ids(plan.keys)
    ids = {entry.at for entry in placed}
    others = [
        one
        for one in view.columns
        if one.at not in ids and (not one.family or one.sense.role in {"title", "text"} or not plan.keys)
    ]
    placed += titles(plan.keys, others, plan.declaration)
    placed += spread(others) if plan.layout is Layout.ASSESSMENT else []
    taken = {entry.at for entry in placed}
    free = [one for one in others if one.at not in taken and _may_hold(plan, one)]
    placed += assign(free, plan.declaration, _fields(plan) - {entry.field for entry in placed})
    return sorted(_with_words(view, plan, placed), key=lambda entry: entry.at)


def _fields(plan: Plan) -> set[str]:
    """What headings alone decide: all but requirement ids, ids that content decided, and titles that stand beside them."""
    declared = BY_NAME[plan.declaration].columns
    by_headings = {column.field for column in declared if column.kind is not Kind.REQUIREMENTS}
    beside = {"Controls": {"id"}, "Mapping": {"source", "target", "source_title", "target_title"}, "Applicability": {"title"}}
    return by_headings - beside.get(plan.declaration, set())


def _may_hold(plan: Plan, one: Seen) -> bool:
    """Whether a column may stand for a field: a framework's title describes no control, a requirement's text is not how it is implemented."""
    if plan.layout is Layout.CONTROL_LIBRARY:
        return not (one.sense.family in {"soc2", "iso"} and one.sense.role in {"title", "text"})
    if plan.layout is Layout.ASSESSMENT and one.sense.role == "text":
        return bool(_PRACTICE.search(one.heading)) or "how" not in one.named("Applicability")
    return True


def _with_words(view: View, plan: Plan, placed: list[Placed]) -> list[Placed]:
    """A library needs words to be read by: where no heading names them, its first columns of text do."""
    if plan.layout is not Layout.CONTROL_LIBRARY or {"name", "description"} & {entry.field for entry in placed}:
        return placed
    taken = {entry.at for entry in placed}
    texts = [
        one for one in view.columns
        if one.at not in taken and one.text and one.sense.role != "group" and one.profile.distinct > 0.6 and _may_hold(plan, one)
    ]  # fmt: skip
    long = [one for one in texts[1:] if one.profile.prose or one.profile.length > SENTENCE]
    return [
        *placed,
        *(
            Placed(one.at, field, field, one.heading)
            for one, field in zip([*texts[:1], *long], ("name", "description"), strict=False)
        ),
    ]


def _heading_remarks(view: View, plan: Plan, placed: Sequence[Placed]) -> Iterable[Remark]:
    yield from _near_headings(plan, placed)
    yield from _duplicates(view, plan, placed)
    if view.head.joined:
        yield Remark("two heading rows", min(view.head.joined), "the headings stand in two rows and were read together")
    sheet = BY_NAME[plan.declaration]
    wanted = "id" if plan.layout is Layout.CONTROL_LIBRARY else sheet.key if plan.layout is Layout.REGISTER else ""
    if wanted and wanted not in {entry.field for entry in placed}:
        found = listed(one.heading for one in view.columns if one.heading)
        yield Remark("missing column", placed[0].at, f"{sheet.column(wanted).heading} is missing; found {found}")


def _near_headings(plan: Plan, placed: Sequence[Placed]) -> Iterable[Remark]:
    declared = {column.field: column for column in BY_NAME[plan.declaration].columns}
    for entry in placed:
        if entry.framework:
            continue
        sure = max(dict(headings.fields(entry.heading, plan.declaration)).values(), default=0) >= headings.STRIPPED
        if not sure and entry.field in declared and headings.near(entry.heading, plan.declaration)[0] == entry.field:
            yield Remark("near heading", entry.at, f'"{entry.heading}" was read as {declared[entry.field].heading}')


def _duplicates(view: View, plan: Plan, placed: Sequence[Placed]) -> Iterable[Remark]:
    """Headings that a column of the table has again, unless both hold requirement ids: several of those are read."""
    held = {entry.at: entry for entry in placed if entry.field in {column.field for column in BY_NAME[plan.declaration].columns}}
    first: dict[str, Placed] = {}
    for one in view.columns:
        folded, here = fold_heading(one.heading), held.get(one.at)
        earlier = first.get(folded)
        if earlier and (here is None or (here.field == earlier.field and not here.framework)):
            yield Remark("duplicate heading", one.at, one.heading)
        elif here and folded:
            first.setdefault(folded, here)


def listed(names: Iterable[str]) -> str:
    """The first eight names, and how many more there are."""
    found = list(names)
    return ", ".join(found[:8]) + (f" and {len(found) - 8} more" if len(found) > 8 else "")
