"""Decided pairs into the mapping lists of a workbook: a row below, or the blank cells of the row that is there. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.decisions.cells import Edit, Fixed, Spot, cell_of, family, framework_of
from workbench.decisions.judging import Stated, Step, Verdict
from workbench.decisions.reviews import Decided, Ends, Pair
from workbench.frameworks import index
from workbench.frameworks.ids import CellValue
from workbench.frameworks.rewriting import rewrite_ids
from workbench.interpretation import Project, text_of
from workbench.model import OTHER, MappingStatus, Relationship, Table, TableColumn
from workbench.settings import Settings
from workbench.sheets import fold_heading
from workbench.words import read_word

NEW = -1
"""The table of a row that goes to a sheet Mapping yet to be made."""
_ENDS = frozenset({"source", "target", "from", "to", "source id", "target id"})
"""Headings of ends that may hold any id, whatever stands below them so far."""
_SPELLED_OUT = frozenset({"exact", "repaired", "expanded", "group", "text"})
"""Remarks of ids that mean the same in a column of any framework."""
_WORDS = {"status": "mapping status", "relationship": "relationship"}
_MODELS = 40
"""So many rows of a list show how it is written."""
Values = Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row below a mapping list. ``cells`` are by frame column (by field where ``table`` is ``NEW``)."""

    table: int
    pair: Pair
    cells: Values


class Lists:
    """The mapping lists of a workbook, and what stands in them of each pair."""

    def __init__(self, project: Project, settings: Settings, fixed: Fixed, said: Mapping[Pair, Sequence[Stated]]) -> None:
        self.project, self.settings, self.fixed, self.said = project, settings, fixed, said
        self.tables = project.book.tables
        self.ends = Ends(project)
        self._words: dict[tuple[str, str], dict[str, str]] = {}
        self.lists = [
            number for number, table in enumerate(self.tables) if table.declaration == "Mapping" and Spot(number) not in fixed
        ]
        mapped = project.mappings
        self._pairs = Counter(zip(mapped["table"].tolist(), mapped["row"].tolist(), strict=True))
        cited = project.citations
        columns = (cited[name].tolist() for name in ("table", "column", "remark"))
        self._short = {(table, column) for table, column, remark in zip(*columns, strict=True) if remark not in _SPELLED_OUT}

    def record(self, verdict: Verdict, *, listed: bool) -> tuple[list[Edit], list[NewRow]]:
        """What says the pair in a mapping list with all that was decided; ``listed``: a cell of its own says it too."""
        values, pair = self.values(verdict), verdict.decided.pair
        needs = {field for field in ("relationship", "rationale") if values[field]}
        needs |= {"status"} if verdict.step is Step.REJECT else set()
        row = self._row_of(pair)
        if row is not None:
            edits = list(self._completed(row, values))
            here = {column.field for column in self.tables[row.table].columns}
            if needs <= here and not any(edit.spot in self.fixed for edit in edits):
                return edits, []
        full = self._fitting(verdict.decided, needs)
        rows = [self.row(verdict, number=full)]
        if full == NEW and not listed and verdict.step is Step.ACCEPT and row is None:
            bare = self._fitting(verdict.decided, set())
            rows += [self.row(verdict, number=bare)] if bare != NEW else []
        return [], rows

    def values(self, verdict: Verdict) -> dict[str, CellValue]:
        """A mapping row by field."""
        one = verdict.decided
        accepted = verdict.step is Step.ACCEPT
        return {
            "source": one.source, "source_title": self._title(one.source), "target": one.target, "target_title": self._title(one.target),
            "relationship": one.relationship, "rationale": one.rationale,
            "status": str(MappingStatus.ACCEPTED if accepted else MappingStatus.REJECTED),
            "method": "hybrid" if one.proposed else "human", "reviewer": one.reviewer, "date": one.date,
        }  # fmt: skip

    def row(self, verdict: Verdict, *, number: int) -> NewRow:
        """The pair as a row of one list, in the words and the spelling of that list."""
        values, one = self.values(verdict), verdict.decided
        if number == NEW:
            return NewRow(NEW, one.pair, values)
        table = self.tables[number]
        ends = self._columns(number, one)
        written = {column.name: values[column.field] for column in table.columns if column.name in values}
        if ends is None:
            return NewRow(number, one.pair, written)
        source, target, turned = ends
        names = (one.target, one.source) if turned else (one.source, one.target)
        if turned:
            written["relationship"] = self._inverse(one.relationship)
            written |= {"source_title": values["target_title"], "target_title": values["source_title"]}
        for field, kind in _WORDS.items():
            written[field] = self._word(table, field, kind, str(written.get(field) or ""))
        for column, name in ((source, names[0]), (target, names[1])):
            written[column.name] = self._spelled(number, column, name)
        known = {column.name for column in table.columns}
        free = {column.name for column in table.named("target") if column.name != target.name}
        return NewRow(number, one.pair, {name: value for name, value in written.items() if name in known - free})

    def _title(self, name: str) -> str:
        framework = framework_of(name)
        return index(framework)[name].title if framework else self.ends.names.get(name, "")

    @staticmethod
    def _inverse(relationship: str) -> str:
        return str(Relationship(relationship).inverse) if relationship else ""

    # --- the row that is there ---------------------------------------------------------------------------------------------

    def _row_of(self, pair: Pair) -> Stated | None:
        """The row that states the pair and no other."""
        rows = [entry for entry in self.said.get(pair, ()) if entry.via == "pair" and self._pairs[entry.table, entry.row] == 1]
        return next((entry for entry in rows if not entry.denied), None)

    def _completed(self, row: Stated, values: Values) -> Iterator[Edit]:
        """The row's blank cells filled in, and its status where it is another."""
        table = self.tables[row.table]
        letters = table.letters()
        for field in ("relationship", "rationale", "status", "method", "reviewer", "date"):
            if field not in letters or not values[field]:
                continue
            spot, before = Spot(row.table, row.row, field), cell_of(table, row.row, field)
            value = self._inverse(str(values[field])) if field == "relationship" and row.turned else values[field]
            decided = field == "status" and row.status != value
            if text_of(before) and not decided:
                continue
            if field == "status" and row.status == value:
                continue
            after = self._word(table, field, _WORDS[field], str(value)) if field in _WORDS else value
            yield Edit(spot, table.sheet, f"{letters[field]}{row.row}", before, after, ())

    def _word(self, table: Table, field: str, kind: str, ours: str) -> str:
        """Our word as the list itself writes it most."""
        if not ours or field not in table.frame.columns:
            return ours
        key = (table.sheet, field)
        if key not in self._words:
            written = Counter(word for word in table.frame[field].tolist() if isinstance(word, str))
            ways = [(read_word(kind, word, self.settings.words), word) for word, _ in written.most_common()]
            self._words[key] = dict(reversed(ways))
        return self._words[key].get(ours, ours)

    # --- a row below --------------------------------------------------------------------------------------------------------

    def _fitting(self, one: Decided, needs: set[str]) -> int:
        """The first list that takes the pair and has columns for all that it needs."""
        for number in self.lists:
            if needs <= {column.field for column in self.tables[number].columns} and self._columns(number, one) is not None:
                return number
        return NEW

    def _columns(self, number: int, one: Decided) -> tuple[TableColumn, TableColumn, bool] | None:
        """The columns that take the two ends, and whether they take them the other way round."""
        ends = (framework_of(one.source), one.framework)
        for first, second, turned in ((*ends, False), *(((*ends[::-1], True),) if ends[0] else ())):
            sources = [column for column in self.tables[number].named("source") if self._takes(number, column, first)]
            targets = [column for column in self.tables[number].named("target") if self._takes(number, column, second)]
            if sources and targets:
                return sources[0], targets[0], turned
        return None

    def _takes(self, number: int, column: TableColumn, framework: str) -> bool:
        """Whether a column is for ids of a framework ("" for controls): by its heading, or because its ids are spelled out."""
        if column.framework == OTHER:
            return False
        if not column.framework or family(column.framework) == family(framework):
            return True
        return fold_heading(column.heading) in _ENDS and (number, column.name) not in self._short

    def _spelled(self, number: int, column: TableColumn, name: str) -> str:
        """An id as the column writes its ids."""
        if not framework_of(name):
            return name
        like = [text for text in self.tables[number].frame[column.name].tolist()[:_MODELS] if isinstance(text, str)]
        edition = self.project.editions.get((number, column.name))
        return rewrite_ids("", [name], like=like, framework=edition.framework if edition else "")
