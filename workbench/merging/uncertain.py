"""Rows that nothing tells apart for certain, and where more than one person changed some of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.merging.views import Slot, View, Views

ABOVE, WITHOUT_KEY = "above the headings", "without a key"
"""Groups of rows that only what they say tells apart."""


@dataclass(slots=True)
class _Touched:
    """What one version did to a group of rows."""

    gone: set[Slot] = field(default_factory=set)
    new: set[Slot] = field(default_factory=set)
    changed: bool = False

    def differs(self, other: _Touched) -> bool:
        """Whether it did something, and not the same as the other."""
        return self.changed or (bool(self.gone or self.new) and (self.gone, self.new) != (other.gone, other.new))


def group_of(views: Views, row: Slot) -> Hashable:
    """The rows that a row could be confused with: those of the same shared key, or all without a key; None where its key is its own."""
    key = views.key(row)
    if key is not None:
        return key if key in views.shared else None
    above = row < views.base.page.head if isinstance(row, int) else row[-1]
    return ABOVE if above else WITHOUT_KEY


def uncertain(views: Views, edited: Mapping[str, Mapping[Slot, object]]) -> Iterator[tuple[str, Hashable]]:
    """(version, group) where the version replaced rows of the group, or added some under a key that is shared, and somebody else changed it too.

    What replaced what is then anybody's guess. ``edited`` says which rows of the base each version changed.
    """
    versions = (views.ours, *views.theirs)
    groups = {
        row: group for view in versions for row in (*views.base.rows, *view.rows) if (group := group_of(views, row)) is not None
    }
    touched = {view.name: _touched(views, view, groups, edited[view.name]) for view in versions}
    for name, its in touched.items():
        for group, mine in its.items():
            others = [found[group] for other, found in touched.items() if other != name and group in found]
            replaced = mine.new and (mine.gone or group in views.shared)
            if replaced and any(other.differs(mine) for other in others):
                yield name, group


def _touched(
    views: Views, view: View, groups: Mapping[Slot, Hashable], edited: Mapping[Slot, object]
) -> dict[Hashable, _Touched]:
    found: defaultdict[Hashable, _Touched] = defaultdict(_Touched)
    for row, group in groups.items():
        if row in views.base.rows and row not in view.rows:
            found[group].gone.add(row)
        elif row in edited:
            found[group].changed = True
        elif row in view.rows and row not in views.base.rows:
            found[group].new.add(row)
    return found
