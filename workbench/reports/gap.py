"""The gap workbook: what each requirement of both frameworks is served by, what is missing, and who does what about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.analysis import Analysis
from workbench.frameworks import framework, index
from workbench.model import ISO2022, SOC2, Coverage, Severity
from workbench.reports.clauses import ADVICE
from workbench.reports.documents import Demanded, demanded, documented
from workbench.reports.frames import Record, records, theme
from workbench.reports.provenance import basis, document, facts, how_it_was_made, stands_on
from workbench.settings import CATEGORIES
from workbench.writing import Cell, Chart, Column, DataSheet, Formula, Headline, Look, SummarySheet, Workbook, in_lines, signed

LEVELS = tuple(Coverage)
_OUT = "excluded by the Statement of Applicability, or a SOC 2 criterion of a category out of scope"
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "controls": {
        Coverage.COVERED: "an implemented control is mapped to it as equal to it, as superset of it, or without a stated relationship",
        Coverage.PARTIAL: "only controls that are partially implemented, or mapped as subset of it or intersecting it; partials never add up to covered",
        Coverage.PLANNED: "nothing that counts yet, but a control mapped to it is planned",
        Coverage.NONE: "nothing mapped to it is in place or planned",
        Coverage.NOT_APPLICABLE: _OUT,
    },
    "assessment": {
        Coverage.COVERED: "assessed as implemented",
        Coverage.PARTIAL: "assessed as partially implemented",
        Coverage.PLANNED: "assessed as planned",
        Coverage.NONE: "assessed as not implemented, or not assessed",
        Coverage.NOT_APPLICABLE: _OUT,
    },
    "crosswalk": {
        Coverage.COVERED: "a requirement of the other framework covers it: equal to it, superset of it, or mapped without a stated relationship",
        Coverage.PARTIAL: "only requirements that are a subset of it or intersect it; partials never add up to covered",
        Coverage.PLANNED: "does not occur: a crosswalk says nothing of plans",
        Coverage.NONE: "nothing in the crosswalk reaches it",
        Coverage.NOT_APPLICABLE: _OUT,
    },
}
"""Basis → level of coverage → what it means, as the sheets say it."""
PRIORITIES = {1: "nothing in place", 2: "planned", 3: "in place in part"}
ACTION_STATES = ("open", "in progress", "done", "risk accepted", "not needed")
DOCUMENT_STATES = ("in place", "in draft", "missing", "not needed")
SLOW = {
    "Clause 4.3": "the scope",
    "Clause 6.1.2": "risk assessment",
    "Clause 9.2.2": "internal audit",
    "Clause 9.3.1": "management review",
}
"""What everything else waits for, or what has to have happened once before stage 2 of a certification audit."""
_CLAUSES = "Clauses 4–10"
_MOST_OWNERS = 60
_SERVED = 18
"""The width of the columns that list controls."""
_PRIORITY_NOTE = "\n".join(f"{number}: {words}" for number, words in PRIORITIES.items())


def gap(analysis: Analysis) -> Workbook:
    """Summary, ISO 27001, SOC 2, Clauses 4-10, Mandatory documents, Actions, Findings, How it was made."""
    about = document(analysis.project, analysis.settings)
    iso, gaps, meanings = records(analysis.coverage[ISO2022]), _gaps(analysis), _meanings(analysis)
    levels = "\n".join(f"{word}: {meaning}." for word, meaning in meanings)
    actions = _actions(analysis, gaps, levels)
    following = _Following(gaps, levels, *(actions.range(heading) for heading in ("ID", "Owner", "Due")))
    views = (_annex(iso, following), _criteria(records(analysis.coverage[SOC2]), following), _clauses(iso, following))
    others = (_documents(analysis, iso), actions, _findings(analysis))
    made = how_it_was_made(analysis, meanings)
    return Workbook(
        title="Gap analysis",
        subject=f"SOC 2 and ISO/IEC 27001 gap analysis of {about.organization or analysis.project.book.name}",
        sheets=(_summary(analysis, following, views, others, made), *views, *others, made),
        organization=about.organization,
        version=about.version,
        classification=about.classification,
    )


def _meanings(analysis: Analysis) -> list[tuple[str, str]]:
    """Level as it is shown, and what it means on the basis that this analysis stands on."""
    bases = basis(analysis) or ("controls",)
    return [(signed(level), "; or ".join(dict.fromkeys(MEANINGS[name][level] for name in bases))) for level in LEVELS]


def _gaps(analysis: Analysis) -> dict[str, Record]:
    """Requirement → its gap, most urgent first, with the name beside the id of the nearest control."""
    controls = analysis.project.controls
    names = dict(zip(controls["control"].tolist(), controls["name"].tolist(), strict=True))
    rows = records(analysis.gaps)
    return {row["id"]: {**row, "nearest": f"{row['nearest']} {names.get(row['nearest'], '')}".strip()} for row in rows}


def _title(requirement: str, title: str) -> str:
    """The title; "General" with that of the clause above, which says what it is general about."""
    entry = index(ISO2022).get(requirement)
    return f"{index(ISO2022)[entry.parent].title}: general" if entry and title == "General" else title


# --- requirements ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Following:
    """The gaps, what the levels of coverage mean here, and where Actions lists requirements, owners and due dates."""

    gaps: Mapping[str, Record]
    levels: str
    ids: str
    owners: str
    due: str

    def cells(self, requirement: str) -> tuple[Cell, Cell]:
        """Owner and due date of a requirement as Actions says them, wherever somebody sorts its row to; blank where nothing is open."""
        if requirement not in self.gaps:
            return None, None
        place = f'MATCH("{requirement}",{self.ids},0)'
        owner, due = f"INDEX({self.owners},{place})", f"INDEX({self.due},{place})"
        return Formula(f'=IFERROR({owner}&"","")', ""), Formula(f'=IFERROR(IF({due}="","",{due}),"")', "")


def _annex(iso: Sequence[Record], following: _Following) -> DataSheet:
    return DataSheet(
        "ISO 27001",
        "ISO/IEC 27001:2022, Annex A: coverage and gaps",
        "One row is one of the 93 Annex A controls. Owner and due date are typed on the sheet Actions and shown here.",
        columns=_view_columns("Theme", following.levels),
        rows=[_view_row(row, theme(row["group"]), following) for row in iso if row["kind"] == "control"],
        table="tblAnnexA",
        freeze=2,
        protect=True,
    )


def _criteria(criteria: Sequence[Record], following: _Following) -> DataSheet:
    return DataSheet(
        "SOC 2",
        "SOC 2 (Trust Services Criteria): coverage and gaps",
        "One row is one of the 61 criteria. Criteria of categories out of scope are marked – Not applicable and count in no figure. "
        "Owner and due date are typed on the sheet Actions and shown here.",
        columns=_view_columns("Category", following.levels),
        rows=[_view_row(row, _category(row["id"]), following) for row in criteria],
        table="tblCriteria",
        freeze=2,
        protect=True,
    )


def _category(criterion: str) -> str:
    return index(SOC2)[criterion].attributes["category"]


def _view_columns(group: str, levels: str) -> tuple[Column, ...]:
    return (
        Column("ID", 9, Look.ID),
        Column("Title", 28),
        Column(group, 18),
        Column("Coverage", 17, Look.STATUS, note=levels),
        Column(
            "Served by",
            _SERVED,
            Look.ID,
            note="The controls that count. Below “not yet:” those that are mapped but not in place.",
        ),
        Column("Evidence", 20),
        Column("What is missing", 46, Look.LONG),
        Column(
            "Nearest control",
            24,
            Look.ID,
            note="The control of this workbook that comes closest and does not list the requirement.",
        ),
        Column("Why this one", 34, Look.LONG),
        Column("Priority", 9, Look.NUMBER, note=_PRIORITY_NOTE),
        *_OWNER_COLUMNS,
    )


_OWNER_COLUMNS = (
    Column("Owner", 15, note="Shows what the sheet Actions says."),
    Column("Due", 11, Look.DATE, note="Shows what the sheet Actions says."),
)


def _view_row(row: Record, group: str, following: _Following) -> tuple[Cell, ...]:
    gap_row = following.gaps.get(row["id"])
    missing = row["missing"] if row["level"] != Coverage.NOT_APPLICABLE else _why_out(row)
    nearest = (gap_row["nearest"], gap_row["nearest_reason"], gap_row["priority"]) if gap_row else (None, None, None)
    what = (row["id"], row["title"], group, row["level"], _served(row), "\n".join(row["evidence"]), missing)
    return (*what, *nearest, *following.cells(row["id"]))


def _why_out(row: Record) -> str:
    if row["kind"] == "criterion":
        return f"Out of scope: the category {_category(row['id'])} is not examined."
    return "Excluded by the Statement of Applicability."


def _served(row: Record) -> str:
    """What the coverage rests on, in words."""
    if row["basis"] == "assessment":
        return "as assessed"
    if row["basis"] == "crosswalk":
        return in_lines((f"crosswalk: {row['crosswalk'][0]}", *row["crosswalk"][1:]), _SERVED)
    planned = in_lines((f"not yet: {row['planned'][0]}", *row["planned"][1:]), _SERVED) if row["planned"] else ""
    return "\n".join(part for part in (in_lines(row["controls"], _SERVED), planned) if part)


def _clauses(iso: Sequence[Record], following: _Following) -> DataSheet:
    return DataSheet(
        "Clauses 4-10",
        "ISO/IEC 27001:2022, clauses 4–10: the management system",
        "One row is one requirement of the clauses, in our own words. All of them are mandatory, and here the two frameworks differ most: "
        "a SOC 2 report says little about them.",
        columns=tuple(replace(one, note=following.levels) if one.heading == "Coverage" else one for one in _CLAUSE_COLUMNS),
        rows=[_clause_row(row, following) for row in iso if row["kind"] == "clause"],
        table="tblClauses",
        freeze=2,
        protect=True,
    )


_CLAUSE_COLUMNS = (
    Column("ID", 13, Look.ID),
    Column("Title", 24),
    Column("What it asks for", 58, Look.LONG, note="A summary in our own words; the standard itself is what counts."),
    Column("Documented information", 24, note="What must exist in writing. Blank: nothing is demanded in writing."),
    Column("Coverage", 17, Look.STATUS),
    Column("Served by", _SERVED, Look.ID),
    Column("What to have ready", 50, Look.LONG, note="What a certification auditor usually asks to see."),
    Column("What SOC 2 usually brings", 34, Look.LONG, note="From the controls that companies with a SOC 2 report mostly have."),
    *_OWNER_COLUMNS,
)


def _clause_row(row: Record, following: _Following) -> tuple[Cell, ...]:
    entry, advice = index(ISO2022)[row["id"]], ADVICE[row["id"]]
    asked = (entry.id, _title(entry.id, entry.title), entry.summary, "\n".join(documented(entry)))
    return (*asked, row["level"], _served(row), advice.ready, advice.from_soc2, *following.cells(entry.id))


# --- mandatory documents ----------------------------------------------------------------------------------------------


def _documents(analysis: Analysis, iso: Sequence[Record]) -> DataSheet:
    serving = {row["id"]: (*row["controls"], *row["planned"]) for row in iso}
    return DataSheet(
        "Mandatory documents",
        "Documents and records that ISO/IEC 27001:2022 demands",
        "One row is one document or record. What seems to be it was found by references and titles only: open it, and say whether it is.",
        columns=_DOCUMENT_COLUMNS,
        rows=[_document_row(one) for one in demanded(analysis.project, serving)],
        table="tblDocuments",
        freeze=2,
        protect=True,
    )


_DOCUMENT_COLUMNS = (
    Column("Clause", 13, Look.ID),
    Column("Document or record", 34),
    Column("Where the standard asks for it", 30),
    Column("Seems to be", 40, Look.LONG, note="Policies, evidence and controls of the workbook, likeliest first."),
    Column("Because", 28),
    Column("Status", 14, Look.STATUS, note="Yours to say.", choices=DOCUMENT_STATES, editable=True),
    Column("File or link", 32, editable=True, note="Where the current version is, so that an auditor can open it."),
    Column("Owner", 18, editable=True, note="The role that keeps it current."),
)


def _document_row(one: Demanded) -> tuple[Cell, ...]:
    seems, because = ("\n".join(words) for words in zip(*one.candidates, strict=True)) if one.candidates else ("", "")
    return (one.clause.id, one.name, _title(one.clause.id, one.clause.title), seems, because, None, None, None)


# --- actions and findings -----------------------------------------------------------------------------------------------


def _actions(analysis: Analysis, gaps: Mapping[str, Record], levels: str) -> DataSheet:
    rows = [_action_row(number, row) for number, row in enumerate(gaps.values(), 1)]
    return DataSheet(
        "Actions",
        "Actions: one for each open gap",
        "Give each row an owner and a due date, filter by owner, and set the status as work goes on. The other sheets show what is typed here. "
        + ("Most urgent first." if rows else "There is no open gap."),
        columns=(
            Column("No", 6, Look.NUMBER),
            Column("ID", 13, Look.ID, note="The requirement that is not covered."),
            Column("Requirement", 28),
            Column("Framework", 15),
            Column("Priority", 9, Look.NUMBER, note=_PRIORITY_NOTE),
            Column("Coverage", 13, Look.STATUS, note=levels),
            Column("Action", 54, Look.LONG),
            Column("Nearest control", 24, Look.ID, note="The control that comes closest; extending it may be less work than a new one."),
            Column("Owner", 18, note="The role that does it; a role outlives a name.", choices=_owners(analysis), open_choices=True, editable=True),
            Column("Due", 12, Look.DATE, editable=True),
            Column("Status", 16, Look.STATUS, note="Done, risk accepted and not needed close the action.", choices=ACTION_STATES, editable=True),
            Column("Comment", 30, editable=True),
        ),
        rows=rows,
        table="tblActions",
        freeze=3,
    )  # fmt: skip


def _owners(analysis: Analysis) -> tuple[str, ...]:
    """The owners that the workbook names, for the drop-down."""
    found = sorted(
        {name for name in analysis.project.controls["owner"].tolist() if name and len(name) <= 80 and "\n" not in name}
    )
    return tuple(found[:_MOST_OWNERS])


def _action_row(number: int, row: Record) -> tuple[Cell, ...]:
    owner = "SOC 2" if row["framework"] == SOC2 else "ISO clause" if row["kind"] == "clause" else "ISO Annex A"
    requirement = (row["id"], _title(row["id"], row["title"]), owner, row["priority"], row["level"])
    return (number, *requirement, row["action"], row["nearest"], None, None, ACTION_STATES[0], None)


def _findings(analysis: Analysis) -> DataSheet:
    shown = [one for one in analysis.findings if one.severity is not Severity.NOTE]
    notes = len(analysis.findings) - len(shown)
    more = f" {notes} note{'s are' if notes != 1 else ' is'} in the findings workbook only." if notes else ""
    return DataSheet(
        "Findings",
        "Findings that this analysis rests on",
        f"What is wrong with the workbook itself; as long as an error stands, a figure here may be wrong.{more}",
        columns=(
            Column("Severity", 12, Look.SEVERITY),
            Column("Rule", 9, Look.ID),
            Column("Sheet", 18),
            Column("Cell", 9, Look.ID),
            Column("What is wrong", 64, Look.LONG),
            Column("What to do", 56, Look.LONG),
        ),
        rows=[(one.severity, one.rule, one.sheet, one.cell, one.message, one.fix) for one in shown],
        table="tblFindings",
        protect=True,
    )


# --- summary --------------------------------------------------------------------------------------------------------------


def _summary(
    analysis: Analysis,
    following: _Following,
    views: tuple[DataSheet, DataSheet, DataSheet],
    others: tuple[DataSheet, DataSheet, DataSheet],
    made: DataSheet,
) -> SummarySheet:
    about = document(analysis.project, analysis.settings)
    whose = about.organization or "this organization"
    documents, actions, findings = others
    return SummarySheet(
        "Gap analysis" + (f": {about.organization}" if about.organization else ""),
        f"What {whose} has in place for SOC 2 and ISO/IEC 27001:2022, requirement by requirement, and what is still missing; for whoever plans "
        f"the work and whoever does it. It stands on {stands_on(analysis)}. Draft.",
        facts=facts(analysis),
        headlines=tuple(_headlines(views, actions)),
        paragraphs=tuple(_paragraphs(following)),
        charts=tuple(_charts(views)),
        links=(
            (actions.link(), f"one action for each open gap ({len(actions.rows)}), ready for owners: who does what until when"),
            *zip((view.link() for view in views), _VIEW_WORDS, strict=True),
            (documents.link(), f"the documents and records that must exist ({len(documents.rows)}), and what seems to be them"),
            (findings.link(), f"errors and warnings ({len(findings.rows)}) in the workbook that this analysis rests on"),
            (made.link(), "input, hashes, sheets read, settings, and what the words mean"),
        ),
    )


_VIEW_WORDS = (
    "the 93 Annex A controls with coverage, controls, evidence and what is missing",
    "the 61 criteria, likewise; those out of scope are marked",
    "the 30 requirements of the management system: what they ask for and what to have ready",
)


def _count(view: DataSheet, level: str) -> Formula:
    return Formula(f'=COUNTIF({view.range("Coverage")},"{signed(level)}")', _cached(view, level))


def _cached(view: DataSheet, level: str, group: str = "") -> int:
    """How many rows have a level, and stand in a group."""
    at = [column.heading for column in view.columns].index("Coverage")
    return sum(1 for row in view.rows if row[at] == level and group in {"", row[2]})


def _applicable(view: DataSheet) -> Formula:
    out = _cached(view, Coverage.NOT_APPLICABLE)
    cells = view.range("Coverage")
    return Formula(f'=ROWS({cells})-COUNTIF({cells},"{signed(Coverage.NOT_APPLICABLE)}")', len(view.rows) - out)


def _headlines(views: tuple[DataSheet, DataSheet, DataSheet], actions: DataSheet) -> Iterator[Headline]:
    annex, criteria, clauses = views
    covered = Coverage.COVERED
    yield Headline(
        "Annex A controls covered", _count(annex, covered), _applicable(annex),
        "of the Annex A controls that apply; excluded ones do not count, and partly covered ones are not covered",
    )  # fmt: skip
    yield Headline(
        "Clauses 4–10 covered", _count(clauses, covered), _applicable(clauses), "of the requirements of the management system"
    )
    yield Headline(
        "SOC 2 criteria covered", _count(criteria, covered), _applicable(criteria), "of the criteria in the categories in scope"
    )
    if actions.rows:
        yield Headline(
            "Actions open",
            _open_actions(actions),
            len(actions.rows),
            "of the actions listed; done, accepted and not needed ones are closed",
        )


def _open_actions(actions: DataSheet) -> Formula:
    closed = "".join(f'-COUNTIF({actions.range("Status")},"{signed(state)}")' for state in ACTION_STATES[2:])
    return Formula(f"=ROWS({actions.range('ID')}){closed}", len(actions.rows))


def _paragraphs(following: _Following) -> Iterator[tuple[str, str]]:
    if following.gaps:
        yield "Where to begin", " ".join(_where_to_begin(list(following.gaps.values())))
    yield "What the words mean", following.levels


def _where_to_begin(rows: Sequence[Record]) -> Iterator[str]:
    nothing = sum(1 for row in rows if row["level"] == Coverage.NONE)
    open_clauses = [row["id"] for row in rows if row["kind"] == "clause"]
    yield f"Open requirements: {len(rows)}; nothing is in place or planned for {nothing}."
    if open_clauses:
        yield f"Clauses of the management system among them, which a SOC 2 report hardly touches: {len(open_clauses)}."
    slow = [f"{words} ({clause})" for clause, words in SLOW.items() if clause in open_clauses]
    if slow:
        yield f"Begin with {', '.join(slow)}: each needs time before an auditor can see it working."


def _charts(views: tuple[DataSheet, DataSheet, DataSheet]) -> Iterator[Chart]:
    annex, criteria, clauses = views
    themes = [theme(f"{group.id} {group.title}") for group in framework(ISO2022).groups if group.kind == "theme"]
    rows = [(name, _levels(annex, "Theme", name)) for name in themes]
    rows.append((_CLAUSES, tuple(_count(clauses, level) for level in LEVELS)))
    yield _chart("ISO/IEC 27001:2022: coverage by Annex A theme, and of the clauses", "Theme", rows)
    yield _chart("SOC 2: coverage by category", "Category", [(name, _levels(criteria, "Category", name)) for name in CATEGORIES])


def _levels(view: DataSheet, heading: str, group: str) -> tuple[Formula, ...]:
    groups, cells = view.range(heading), view.range("Coverage")
    return tuple(
        Formula(f'=COUNTIFS({groups},"{group}",{cells},"{signed(level)}")', _cached(view, level, group)) for level in LEVELS
    )


def _chart(title: str, unit: str, rows: Sequence[tuple[str, tuple[Formula, ...]]]) -> Chart:
    words = [
        f"{group}: " + ", ".join(f"{value.value} {level}" for level, value in zip(LEVELS, values, strict=True) if value.value)
        for group, values in rows
    ]
    return Chart(title, unit, tuple(str(level) for level in LEVELS), tuple(rows), alt=f"{title}. {'; '.join(words)}.")
