"""A few hundred different workbooks to edit, made when they are asked for, and some that must be refused (``refused.py``).

Each has a sheet of controls (headings, rows of text) and a text cell to edit: in D4, in the column of ISO ids. Most come from
``handmade_features.FEATURES`` (one feature each) and from respelling a few of those (``dialects``); the others are written by XlsxWriter
and openpyxl (``written.py``). The same call gives the same bytes, but for the time that openpyxl notes in a file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import dialects
import handmade_books  # noqa: F401 - registers features
import handmade_cells  # noqa: F401
import handmade_objects  # noqa: F401
import written_by_openpyxl  # noqa: F401 - registers workbooks
from dialects import Parts
from handmade import Pack
from handmade_features import FEATURES
from written import WRITTEN

EDITS = ("cell", "column", "rows", "highlight", "note", "sheet", "graft")


@dataclass(frozen=True, slots=True)
class Sample:
    """One workbook: what it is, why it is here, where to edit it, and which of ``EDITS`` must be refused there."""

    name: str
    why: str
    make: Callable[[], bytes]
    sheet: str = "Controls"
    cell: str = "D4"
    heading: int = 1
    refuses: frozenset[str] = frozenset()

    @property
    def data(self) -> bytes:
        """The file."""
        return _made(self.make)

    @property
    def features(self) -> tuple[str, ...]:
        """Its name as words."""
        return tuple(self.name.replace("-", " ").split())


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()


def _functions(result: str) -> dict[str, Callable[[Parts], Any]]:
    """The public functions of ``dialects`` with that result."""
    public = (
        (name, one)
        for name, one in vars(dialects).items()
        if inspect.isfunction(one) and one.__module__ == "dialects" and name[0] != "_"
    )
    return {name: one for name, one in public if inspect.signature(one).return_annotation == result}


DIALECTS: dict[str, Callable[[Parts], Parts]] = _functions("Parts")
CONTAINERS: dict[str, Callable[[Parts], bytes]] = _functions("bytes")
CROSSED = "strict prefixed spaced single_quoted annotated expanded spaced_tags"
TARGETS = (
    "a_table table_with_totals notes threads filtered conditional_formats extended_formats validations extended_validations pivot "
    "calculated_target column_looks printed labelled pictures shared_child kinds_of_cells"
)
MIXED = (
    ("prefixed", "strict"),
    ("prefixed", "spaced", "undeclared"),
    ("without_refs", "spaced", "single_quoted"),
    ("inline", "without_spans", "spaced_tags"),
    ("annotated", "remarked", "marked"),
    ("inline", "unstyled", "prefixed"),
    ("lower_declared", "absolute", "rows_without_refs"),
    ("strict", "without_refs", "expanded"),
)
FULL = frozenset({"column", "rows"})
TITLES = ("R&D <controls>", "It's", "Übersicht 東京 😀", 'a "b"', "1 2026", "R1C1")


def _built(
    features: tuple[str, ...], respellings: tuple[str, ...] = (), container: str = "plain", title: str = "Controls"
) -> Callable[[], bytes]:
    def make() -> bytes:
        pack = Pack(title)
        for name in features:
            FEATURES[name].add(pack)
        parts = pack.build()
        for name in respellings:
            parts = DIALECTS[name](parts)
        return CONTAINERS[container](parts)

    return make


def _sample(feature: str, *respellings: str, container: str = "plain") -> Sample:
    one = FEATURES[feature]
    words = (feature, *respellings, *((container,) if container != "plain" else ()))
    why = " ".join([one.why, *((DIALECTS[name].__doc__ or "") for name in respellings), (CONTAINERS[container].__doc__ or "")])
    return Sample("-".join(words).replace("_", "-"), why, _built((feature,), respellings, container), refuses=one.refuses)


def _respelled() -> Iterator[Sample]:
    for dialect in DIALECTS:
        yield _sample("nothing", dialect)
        if "style" not in dialect:
            yield _sample("of_analysts", dialect)
    for dialect, feature in product(CROSSED.split(), TARGETS.split()):
        yield _sample(feature, dialect)
    for mixture in MIXED:
        yield _sample("nothing", *mixture)
        yield _sample("notes", *mixture, container="streamed")


def _samples() -> Iterator[Sample]:
    yield from map(_sample, FEATURES)
    yield from _respelled()
    for container, feature in product([one for one in CONTAINERS if one != "plain"], ("nothing", "of_analysts")):
        yield _sample(feature, container=container)
    for title in TITLES:
        yield Sample(
            f"title-{title}", "A name of a sheet that must be quoted or escaped.", _built(("a_table",), title=title), sheet=title
        )
    for name, (make, why) in WRITTEN.items():
        yield Sample(
            name, why, make, refuses=FULL if "many-columns" in name else frozenset(), heading=3 if "hand-over" in name else 1
        )


@cache
def workbooks() -> tuple[Sample, ...]:
    """All workbooks that can be edited."""
    return tuple(_samples())
