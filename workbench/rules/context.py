"""What the rules look things up in: the project's frames as rows and dictionaries, each built once per check."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from workbench import words
from workbench.model import Layout, MappingStatus, Relationship, Table, TableColumn
from workbench.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from workbench.decisions import Decided, Fault
    from workbench.interpretation import Project

Row = TypeVar("Row")


class Cited(NamedTuple):
    """A row of ``Project.citations``."""

    table: int
    sheet: str
    row: int
    column: str
    cell: str
    role: str
    text: str
    id: str
    framework: str
    remark: str
    title: str
    candidates: tuple[str, ...]


class Mapped(NamedTuple):
    """A row of ``Project.mappings``."""

    source: str
    source_framework: str
    target: str
    target_framework: str
    relationship: str
    relationship_written: str
    strength: float
    strength_written: str
    rationale: str
    status: str
    via: str
    table: int
    sheet: str
    row: int
    cell: str

    @property
    def counts(self) -> bool:
        """Whether it says that something is served: neither rejected nor "no relationship"."""
        return self.status != MappingStatus.REJECTED and self.relationship != Relationship.NONE


class Control(NamedTuple):
    """A row of ``Project.controls``."""

    control: str
    id: str
    name: str
    description: str
    owner: str
    status: str
    status_written: str
    policy: str
    evidence: str
    frequency: str
    last_tested: Any
    table: int
    sheet: str
    row: int


class Entry(NamedTuple):
    """A row of ``Project.applicability``."""

    id: str
    id_written: str
    applicable: str
    applicable_written: str
    reasons: tuple[str, ...]
    inclusion: str
    exclusion: str
    status: str
    how: str
    controls: str
    evidence: str
    review_date: Any
    table: int
    sheet: str
    row: int


class Artefact(NamedTuple):
    """A row of ``Project.evidence``."""

    id: str
    link: str
    collected: Any
    valid_until: Any
    controls: str
    table: int
    sheet: str
    row: int


class Policy(NamedTuple):
    """A row of ``Project.policies``."""

    id: str
    title: str
    reviewed: Any
    file: str
    table: int
    sheet: str
    row: int


class Component(NamedTuple):
    """A row of ``Project.scope``."""

    component: str
    in_soc2: str
    in_isms: str
    reason: str
    table: int
    sheet: str
    row: int


class Reviewed(NamedTuple):
    """A row of ``Project.decisions``."""

    source: str
    target: str
    decision: str
    table: int
    sheet: str
    row: int


@dataclass(frozen=True, eq=False)
class Context:
    """A project, the settings and the day it is judged on, with the lookups that several rules share."""

    project: Project
    settings: Settings
    as_of: dt.date

    @cached_property
    def citations(self) -> list[Cited]:
        """Every citation, in the project's order."""
        return _rows(Cited, self.project.citations)

    @cached_property
    def mappings(self) -> list[Mapped]:
        """Every mapping, in the project's order."""
        return _rows(Mapped, self.project.mappings)

    @cached_property
    def controls(self) -> list[Control]:
        """Every control row, in the project's order."""
        return _rows(Control, self.project.controls)

    @cached_property
    def entries(self) -> list[Entry]:
        """Every row of an assessment of Annex A."""
        return _rows(Entry, self.project.applicability)

    @cached_property
    def artefacts(self) -> list[Artefact]:
        """The evidence register."""
        return _rows(Artefact, self.project.evidence)

    @cached_property
    def policies(self) -> list[Policy]:
        """The policy register."""
        return _rows(Policy, self.project.policies)

    @cached_property
    def components(self) -> list[Component]:
        """The scope sheet."""
        return _rows(Component, self.project.scope)

    @cached_property
    def decisions(self) -> list[Reviewed]:
        """What people decided of suggestions."""
        return _rows(Reviewed, self.project.decisions)

    @cached_property
    def _judged(self) -> tuple[list[Decided], list[Fault]]:
        from workbench.decisions import Ends, Step, judge, read_decisions  # noqa: PLC0415 - loads pandas, as below

        decided, faults = read_decisions(self.project, Ends(self.project))
        verdicts, more = judge(self.project, decided)
        return [verdict.decided for verdict in verdicts if verdict.step is Step.ACCEPT], [*faults, *more]

    @property
    def faults(self) -> list[Fault]:
        """Why decisions on suggestions cannot be followed."""
        return self._judged[1]

    @property
    def accepted(self) -> list[Decided]:
        """The decisions to accept a suggestion that the workbook does not say yet."""
        return self._judged[0]

    @cached_property
    def remarked(self) -> Mapping[str, list[Cited]]:
        """Remark → citations with it."""
        return grouped(self.citations, lambda cited: cited.remark)

    @cached_property
    def by_row(self) -> Mapping[tuple[int, int], list[Cited]]:
        """(table, row) → the citations written in that row."""
        return grouped(self.citations, lambda cited: (cited.table, cited.row))

    @cached_property
    def by_column(self) -> Mapping[tuple[int, str], list[Cited]]:
        """(table, column name) → the citations written in that column."""
        return grouped(self.citations, lambda cited: (cited.table, cited.column))

    @cached_property
    def served(self) -> Mapping[str, list[Mapped]]:
        """Control → the mappings that say what it serves."""
        serving = (mapped for mapped in self.mappings if not mapped.source_framework and mapped.counts)
        return grouped(serving, lambda mapped: mapped.source)

    @cached_property
    def serving(self) -> Mapping[str, list[Mapped]]:
        """Requirement → the mappings that say which controls serve it."""
        serving = (mapped for mapped in self.mappings if not mapped.source_framework and mapped.counts)
        return grouped(serving, lambda mapped: mapped.target)

    @cached_property
    def control_ids(self) -> Mapping[str, Control]:
        """Folded control id → the first control of that id."""
        found: dict[str, Control] = {}
        for control in self.controls:
            if control.id:
                found.setdefault(folded(control.id), control)
        return found

    @cached_property
    def evidenced(self) -> frozenset[str]:
        """Folded ids of the controls that the evidence register lists."""
        return frozenset(folded(piece) for artefact in self.artefacts for piece in pieces(artefact.controls))

    @cached_property
    def _requirements(self) -> Mapping[int, list[str]]:
        return {table: [name for _, name in keys] for table, keys in grouped(self.project.editions, lambda key: key[0]).items()}

    def requirement_columns(self, table: int) -> list[str]:
        """The names of the columns of a sheet that cite requirements."""
        return self._requirements.get(table, [])

    @cached_property
    def _columns(self) -> Mapping[tuple[int, str], TableColumn]:
        return {(number, column.name): column for number, table in enumerate(self.tables) for column in table.columns}

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the workbook; the index is ``table`` in every frame."""
        return self.project.book.tables

    def column(self, table: int, name: str) -> TableColumn | None:
        """The column of that name (for a field's first column: the field); None when the sheet has none."""
        return self._columns.get((table, name))

    @cached_property
    def sheet_rows(self) -> Mapping[str, int]:
        """Sheet → how many rows it has below its headings."""
        return {table.sheet: len(table.frame) for table in self.tables}

    def first_mark(self, table: int) -> str:
        """The name of a grid's first mark column."""
        return next(column.name for column in self.tables[table].columns if column.field == "cell")

    def is_row_id(self, cited: Cited) -> bool:
        """Whether an id names the row of an assessment, where headings of sections stand among the requirements."""
        return cited.column == "id" and self.tables[cited.table].layout is Layout.ASSESSMENT

    def is_soa(self, table: int) -> bool:
        """Whether a sheet decides what applies, rather than only judging how far it is done."""
        return self.tables[table].layout is Layout.ASSESSMENT and self.has(table, "applicable", "exclusion")

    def has(self, table: int, *names: str) -> bool:
        """Whether the sheet has any of these columns."""
        return any((table, name) in self._columns for name in names)

    def cell(self, table: int, row: int, *names: str) -> str:
        """The A1 reference of the row's cell in the first of these columns that exists; column A when none does."""
        found = (self._columns[table, name].letter for name in names if (table, name) in self._columns)
        return f"{next(found, 'A')}{row}"

    def heading(self, table: int, *names: str) -> str:
        """The A1 reference of the heading of the first of these columns that exists."""
        return self.cell(table, self.tables[table].heading_row, *names)

    def rows(self, table: int) -> int:
        """How many rows the sheet has below its heading."""
        return len(self.tables[table].frame)

    def filled(self, table: int, name: str) -> float:
        """The share of the sheet's rows in which the column holds something."""
        if not self.has(table, name) or not self.rows(table):
            return 0.0
        return self._filled(table, name) / self.rows(table)

    def _filled(self, table: int, name: str) -> int:
        return sum(value is not None and str(value).strip() != "" for value in self.tables[table].frame[name].tolist())

    def read(self, kind: str, text: str) -> str:
        """Our word for ``text``, by the team's own table and the built-in one; "" when neither has it."""
        return words.read_word(kind, text, self.settings.words)

    def understands(self, mark: object) -> bool:
        """Whether a cell of a grid says something about a mapping, be it that there is none."""
        from workbench.interpretation import mark_understood  # noqa: PLC0415 - loads pandas, which listing the rules does not need

        return mark_understood(mark, self.settings)

    def of_layout(self, layout: Layout) -> frozenset[int]:
        """The tables of one layout."""
        return frozenset(number for number, table in enumerate(self.tables) if table.layout is layout)


def _rows(kind: Callable[..., Row], frame: pd.DataFrame) -> list[Row]:
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    return [kind(*values) for values in zip(*(frame[name].tolist() for name in names), strict=True)]


Key = TypeVar("Key")


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """The rows under their keys, both in the order of first appearance."""
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def blank(value: object) -> bool:
    """Whether a cell says nothing: empty, or one of the words for nothing."""
    return value is None or str(value).strip().casefold() in words.BLANKS


def pieces(text: object) -> list[str]:
    """The items of a list written in one cell, without those that say nothing."""
    if not text:
        return []
    return [piece.strip() for piece in re.split(r"[,;|\n\t]+", str(text)) if not blank(piece)]


def folded(text: str) -> str:
    """An id or name as it is compared: lower case, single spaces."""
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def skeleton(text: str) -> str:
    """An id without its style: "CTL-0005", "ctl 5" and "Ctl.05" are all "ctl5"."""
    return "".join(part.lstrip("0") or "0" if part.isdigit() else part for part in re.findall(r"[^\W\d_]+|\d+", text.casefold()))


WORDS_ALIKE = 85
"""Likeness from which on a word is another one misspelt; "not tested" is no "not started"."""


def nearest(text: str, choices: Iterable[str], at_least: int = 75) -> str:
    """The one choice that ``text`` probably means, or "". ``at_least`` is the likeness in letters, 0–100."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where something is wrong

    known = list(choices)
    for choice in known:
        if skeleton(choice) == skeleton(text):
            return choice
    best = process.extractOne(text, known, scorer=fuzz.ratio, processor=folded, score_cutoff=at_least)
    return str(best[0]) if best else ""


def did_you_mean(candidates: Iterable[str]) -> str:
    """``; did you mean A, B or C?``, or "" without candidates."""
    names = [name for name in candidates if name][:3]
    return f"; did you mean {listed(names, 'or')}?" if names else ""


def listed(names: Iterable[str], word: str = "and", at_most: int = 12) -> str:
    """``A, B and C``; of a long list the first ones and how many more."""
    parts = list(names)
    if len(parts) > at_most:
        return f"{', '.join(parts[:at_most])} and {len(parts) - at_most} more"
    return f" {word} ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def shortened(text: str, width: int = 60) -> str:
    """The text on one line, cut at ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")


def as_date(value: object) -> dt.date | None:
    """The day a cell says; None when it says none, or one that can be read in two ways."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    readings = date_readings(value) if isinstance(value, str) else ()
    return readings[0] if len(readings) == 1 else None


def date_readings(text: str) -> tuple[dt.date, ...]:
    """The days a text can mean: day first, then month first; () when it is no date."""
    text = text.strip()
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return _days([(year, month, day)])
    if match := _NUMERIC_DATE.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
        return _days([(year, second, first), (year, first, second)])
    for form in ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y"):
        try:
            return (dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date(),)
        except ValueError:
            continue
    return ()


def _days(parts: list[tuple[int, int, int]]) -> tuple[dt.date, ...]:
    found = []
    for part in parts:
        try:
            found.append(dt.date(*part))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


_INTERVALS = (
    (r"continu|real.?time|ongoing|automat|always|24x7|permanent", 1),
    (r"hour|daily|\bday|per day|shift", 1),
    (r"bi.?weekly|fortnight|every (two|2) weeks", 14),
    (r"weekly|\bweek", 7),
    (r"bi.?monthly|every (two|2) months", 61),
    (r"semi.?annual|bi.?annual|half.?year|twice (a|per) year|every (six|6) months|6.?monthly", 183),
    (r"every (two|2) years|biennial", 731),
    (r"every (three|3) years|triennial", 1096),
    (r"quarter|every (three|3) months", 91),
    (r"month", 31),
    (r"annual|year|every (twelve|12) months|p\.?a\.?$", 366),
    (
        r"on event|ad.?hoc|as (needed|required)|on.?demand|event|when|upon|on change|per |each |every |trigger|occurrence|one.?time|once",
        0,
    ),
)


@lru_cache(maxsize=1024)
def interval(frequency: str) -> int | None:
    """The days between two runs of a control; 0 when it runs on events, None when the words are not understood."""
    text = folded(frequency)
    for pattern, days in _INTERVALS:
        if re.search(pattern, text):
            return days
    return None


GRACE = 31
SHORTEST = 92


def allowed_age(frequency: str) -> int | None:
    """How old, in days, a test or an artefact of a control may be.

    One interval and a month of grace; a control that runs more often than quarterly is looked at by the quarter. None: no limit.
    """
    days = interval(frequency)
    return max(days, SHORTEST) + GRACE if days else None
