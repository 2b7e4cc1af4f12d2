"""Which sheet, column and row of one version is which of another: by name, heading and key, by content where those fail, never by a guess. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.merging.keys import Key, agreed, choose_keys, row_keys
from workbench.merging.pages import Cells, Page, Version, normal

_MOSTLY = 0.6
"""So much of two columns or sheets must be the same for them to be one under two names."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How ``other`` lies on ``base``: position → position and row → row; ``shared`` are the keys that one of the two has more than once.

    ``keys`` are positions in ``base``, ``other_keys`` in ``other``; () where no column identifies the rows.
    """

    base: Page
    other: Page
    columns: Mapping[int, int]
    rows: Mapping[int, int]
    keys: tuple[int, ...] = ()
    other_keys: tuple[int, ...] = ()
    base_row_keys: Mapping[int, Key] = field(default_factory=dict)
    other_row_keys: Mapping[int, Key] = field(default_factory=dict)
    shared: frozenset[Key] = frozenset()
    by_position: bool = False

    @property
    def extra_columns(self) -> list[int]:
        """Positions of the columns that only ``other`` has."""
        found = set(self.columns.values())
        return [at for at in range(len(self.other.columns)) if at not in found]

    @property
    def extra_rows(self) -> list[int]:
        """The rows that only ``other`` has."""
        found = set(self.rows.values())
        return [row for row in self.other.rows if row not in found]


# --- sheets ----------------------------------------------------------------------------------------------------------------------


def pair_pages(base: Version, other: Version) -> list[tuple[Page | None, Page | None]]:
    """The sheets of both, in the order of ``other``, then those that only ``base`` has: by name, else by being mostly the same."""
    left = {page.name.casefold(): page for page in base.pages}
    found: dict[str, Page] = {page.name: left.pop(page.name.casefold()) for page in other.pages if page.name.casefold() in left}
    for page in other.pages:
        alike = [one for one in left.values() if page.name not in found and _alike(one, page)]
        if len(alike) == 1:
            found[page.name] = left.pop(alike[0].name.casefold())
    return [(found.get(page.name), page) for page in other.pages] + [(page, None) for page in left.values()]


def _alike(one: Page, other: Page) -> bool:
    """Whether a sheet without its like may be another one renamed: the same headings, or mostly the same rows."""
    ours, theirs = set(one.rows.values()), set(other.rows.values())
    if not ours or not theirs:
        return False
    if len(ours & theirs) >= _MOSTLY * max(len(ours), len(theirs)):
        return True
    heads = [[column.token for column in page.columns if column.heading] for page in (one, other)]
    first = [{row[0] for row in page.rows.values()} for page in (one, other)]
    return heads[0] == heads[1] and len(heads[0]) > 1 and len(first[0] & first[1]) >= _MOSTLY * max(map(len, first))


# --- columns ---------------------------------------------------------------------------------------------------------------------


def pair_columns(base: Page, other: Page) -> dict[int, int]:
    """Columns by heading (the first of one heading with the first), then by what they were recognized as."""
    found = _paired(_tokens(base), _tokens(other), {})
    if base.declaration == other.declaration:
        found = _paired(_fields(base), _fields(other), found)
    return found


def _tokens(page: Page) -> dict[Hashable, int]:
    seen: Counter[str] = Counter()
    tokens: dict[Hashable, int] = {}
    for at, column in enumerate(page.columns):
        token = column.token or f"\0{column.letter}"
        seen[token] += 1
        tokens[token, seen[token]] = at
    return tokens


def _fields(page: Page) -> dict[Hashable, int]:
    return {column.field: at for at, column in enumerate(page.columns) if column.field and not column.field.startswith("cell:")}


def _paired(base: Mapping[Hashable, int], other: Mapping[Hashable, int], known: Mapping[int, int]) -> dict[int, int]:
    found, taken = dict(known), set(known.values())
    for name, at in base.items():
        if at not in found and other.get(name, -1) not in {-1, *taken}:
            found[at] = other[name]
            taken.add(other[name])
    return found


def _renamed_columns(base: Page, other: Page, columns: Mapping[int, int], rows: Mapping[int, int]) -> dict[int, int]:
    """Columns that neither heading nor field pairs, where most cells of the rows that are paired are the same."""
    taken = set(columns.values())
    left = [at for at in range(len(base.columns)) if at not in columns]
    free = [at for at in range(len(other.columns)) if at not in taken]
    pairs = [(base.rows[one], other.rows[two]) for one, two in rows.items() if one > base.head] if left and free else []
    worth = {(one, two): _sameness(pairs, one, two) for one in left for two in free}
    found: dict[int, int] = {}
    for (one, two), share in sorted(worth.items(), key=lambda entry: (-entry[1], entry[0])):
        rivals = [pair for pair, other_share in worth.items() if other_share >= share and (pair[0] == one) != (pair[1] == two)]
        if share >= _MOSTLY and not rivals and one not in found and two not in found.values():
            found[one] = two
    return found


def _sameness(pairs: Sequence[tuple[Cells, Cells]], one: int, two: int) -> float:
    cells = [(old[one], new[two]) for old, new in pairs if old[one] is not None or new[two] is not None]
    alike = sum(old == new for old, new in cells)
    return alike / len(cells) if alike > 1 else 0.0


# --- rows ------------------------------------------------------------------------------------------------------------------------


def align(base: Page, other: Page, keys: tuple[int, ...] | None = None) -> Alignment:
    """``other`` laid on ``base``; ``keys`` where all versions of a merge agreed on some."""
    columns = pair_columns(base, other)
    chosen = choose_keys(base, [(other, columns)]) if keys is None else keys
    chosen = chosen if all(at in columns for at in chosen) else ()
    itself = {at: at for at in range(len(base.columns))}
    rows = _Rows(base, other, columns, chosen, row_keys(base, base, itself, chosen), row_keys(base, other, columns, chosen))
    rows.pair()
    return Alignment(
        base,
        other,
        columns | _renamed_columns(base, other, columns, rows.found),
        rows.found,
        chosen,
        tuple(columns[at] for at in chosen),
        rows.base_keys,
        rows.other_keys,
        rows.shared,
        rows.by_position,
    )


@dataclass(slots=True, eq=False)
class _Rows:
    """The pairing of rows: ``found`` grows from what is certain to what is left with one candidate only."""

    base: Page
    other: Page
    columns: Mapping[int, int]
    keys: tuple[int, ...]
    base_keys: Mapping[int, Key]
    other_keys: Mapping[int, Key]
    shared: frozenset[Key] = frozenset()
    found: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    by_position: bool = False
    calculated: frozenset[int] = frozenset()

    def pair(self) -> None:
        """Above the headings by content, then by place; below by key, then by content, then whoever is left alone between the same neighbours."""
        every = (self.base_keys, self.other_keys)
        self.shared = frozenset[Key]().union(*map(several, every))
        theirs_too = {at for _, at in self.other.formulas}
        self.calculated = frozenset(
            {at for _, at in self.base.formulas} | {at for at, its in self.columns.items() if its in theirs_too}
        )
        self._pair_above()
        ours, theirs = _groups(self.base_keys), _groups(self.other_keys)
        for key, rows in ours.items():
            self._pair_group(rows, theirs.get(key, []), unique=key not in self.shared)
        self._pair_keyless()
        self._pair_renamed()

    def _add(self, row: int, other: int) -> None:
        self.found[row] = other
        self.taken.add(other)

    def _pair_above(self) -> None:
        left = [row for row in self.base.rows if row < self.base.head]
        free = [row for row in self.other.rows if row < self.other.head]
        left, free = self._pair_identical(left, free)
        for row in left:
            if row in free:
                self._add(row, row)

    def _pair_group(self, left: list[int], free: list[int], *, unique: bool) -> None:
        if not unique:
            left, free = self._pair_identical(left, free)
        if len(left) == len(free) == 1:
            self._add(left[0], free[0])

    def _pair_keyless(self) -> None:
        left = [row for row in self.base.table() if row not in self.base_keys]
        free = [row for row in self.other.table() if row not in self.other_keys]
        left, free = self._pair_identical(left, free)
        if self.keys:
            if len(left) == len(free) == 1:
                self._add(left[0], free[0])
            return
        pairs = [(one, self.found[one]) for one in self.base.table() if one in self.found]
        sorted_anew = any(one[1] > other[1] for one, other in pairwise(pairs))
        ours, theirs = self._behind(left, pairs, 0), self._behind(free, pairs, 1)
        for anchor, rows in ours.items() if not sorted_anew else ():
            its = theirs.get(anchor, [])
            self.by_position |= bool(its) and len(rows) != len(its)
            for pair in zip(rows, its, strict=False):
                self._add(*pair)
        self.by_position |= bool(left and free) and sorted_anew

    def _behind(self, rows: Iterable[int], pairs: Sequence[tuple[int, int]], side: int) -> dict[int, list[int]]:
        """The rows of one side by how many of the pairs, which come in the order of both, stand above them."""
        places = [pair[side] for pair in pairs]
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows:
            found[bisect_left(places, row)].append(row)
        return found

    def _pair_renamed(self) -> None:
        """A row whose key changed and nothing else, be it to a key that others have: one such row on each side, and something beside the key in it."""
        beside = self._typed() - set(self.keys)
        known = several(self.base_keys)
        left = [row for row, key in self.base_keys.items() if row not in self.found and key not in self.shared]
        free = [row for row, key in self.other_keys.items() if row not in self.taken and key not in known]
        ours, theirs = _groups(self._contents(self.base, left, beside)), _groups(self._contents(self.other, free, beside))
        for content, rows in ours.items():
            said = sum(part is not None for part in content)
            if len(rows) == len(theirs.get(content, ())) == 1 and said >= max(1, min(2, len(beside))):
                self._add(rows[0], theirs[content][0])

    def _pair_identical(self, left: Iterable[int], free: Iterable[int]) -> tuple[list[int], list[int]]:
        """Pairs rows that say the same in all columns that both have, then in those without formulas, in their order; what is left of both."""
        left, free = list(left), list(free)
        for positions in dict.fromkeys((frozenset(self.columns), self._typed())):
            ours = _groups(self._contents(self.base, left, positions))
            theirs = _groups(self._contents(self.other, free, positions))
            for content, rows in ours.items():
                for pair in zip(rows, theirs.get(content, ()), strict=False):
                    if any(part is not None for part in content):
                        self._add(*pair)
            left, free = [row for row in left if row not in self.found], [row for row in free if row not in self.taken]
        return left, free

    def _typed(self) -> frozenset[int]:
        """The columns that both have and in which neither has a formula: a program that does not calculate keeps no results."""
        return frozenset(self.columns) - self.calculated

    def _contents(self, page: Page, rows: Iterable[int], positions: Iterable[int]) -> dict[int, Key]:
        """Row → what it says in the columns at ``positions`` of the base."""
        pairs = [
            (
                at if page is self.base else self.columns[at],
                agreed(self.base.columns[at], self.other.columns[self.columns[at]]),
            )
            for at in sorted(positions)
        ]
        return {row: tuple(normal(page.rows[row][at], column) for at, column in pairs) for row in rows}


def several(keys: Mapping[int, Key]) -> frozenset[Key]:
    """The keys that more than one row has."""
    return frozenset(key for key, number in Counter(keys.values()).items() if number > 1)


def _groups(keys: Mapping[int, Key]) -> dict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for row, key in keys.items():
        found[key].append(row)
    return found
