"""The overlap workbook: how much one framework already buys for the other, every figure a live count over the rows beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.analysis import Analysis
from workbench.coverage import DENOMINATORS, DIRECTIONS, STATUSES, STRICTNESS, categories_in_scope
from workbench.frameworks import framework, index
from workbench.model import ISO2022, SOC2, Figure
from workbench.reports.frames import Record, records, theme
from workbench.reports.provenance import document, facts, how_it_was_made
from workbench.writing import Cell, Chart, Column, DataSheet, Formula, Headline, Look, SummarySheet, Workbook

ARROWS = {DIRECTIONS[ISO2022]: "SOC 2 → ISO 27001", DIRECTIONS[SOC2]: "ISO 27001 → SOC 2"}
AGAINST = {
    "applicable": "Annex A controls that apply",
    "93": "all 93 Annex A controls",
    "93 + clauses": "all Annex A controls and clauses 4–10",
    "in-scope": "SOC 2 criteria in scope",
    "33": "the 33 common criteria",
    "61": "all 61 criteria",
}
"""Denominators in words."""
_MEMBERS = {
    "applicable": ("Applies", "Annex A"),
    "93": ("Annex A",),
    "93 + clauses": (),
    "in-scope": ("Applies",),
    "33": ("Common criterion",),
    "61": (),
}
"""Denominator → the marks that a row must have to be counted."""
_OF = {name: framework_id for framework_id, names in DENOMINATORS.items() for name in names}
_SERVES = {
    (ISO2022, "controls"): "served by a control that also serves a SOC 2 criterion in scope",
    (ISO2022, "crosswalk"): "mapped to a SOC 2 criterion in scope",
    (SOC2, "controls"): "served by a control that also serves an ISO requirement that applies",
    (SOC2, "crosswalk"): "mapped to an ISO requirement that applies",
}
_STRICT = {"as mapped": "", "strict": "; only mappings stated as equal or superset count"}
_STATUS = {"accepted": "", "with suggestions": "; proposed mappings and open suggestions count as if they were accepted"}
JOINED = {"controls": ("Shares a control", "share a control with"), "crosswalk": ("Mapped", "are mapped to")}
"""Basis of the headline → how one requirement, and how several, are joined to the other framework."""
_MEANINGS = {
    "Shares a control": "One control that is implemented, or partially implemented, is mapped to a requirement of both frameworks.",
    "Mapped": "A pair of the crosswalk joins the two.",
    "As mapped": "Every accepted mapping counts, also a bare id, a subset and an intersection.",
    "Strict": "Only mappings stated as equal to or superset of the requirement count. A bare id states nothing.",
    "Accepted": "Mappings that a person has made or accepted.",
    "With suggestions": "As if all proposed mappings and open suggestions had been accepted: an upper end, never the headline.",
    "Basis: controls": "The workbook's own controls join the frameworks.",
    "Basis: crosswalk": "A table of pairs joins them, on the assumption that the requirements of the other framework are met.",
}


def overlap(analysis: Analysis) -> Workbook:
    """Summary, Overlap table (headline first), Grid, ISO 27001, SOC 2, How it was made."""
    about = document(analysis.project, analysis.settings)
    series = _series(analysis)
    sides = {name: _side(analysis, name, series) for name in (ISO2022, SOC2)}
    table = _table(analysis.figures, sides)
    grid = _grid(analysis, sides[ISO2022], series)
    made = how_it_was_made(analysis, list(_MEANINGS.items()))
    return Workbook(
        title=f"Overlap: {analysis.project.book.name}",
        subject="How much of ISO/IEC 27001 the SOC 2 controls already serve, and the reverse",
        sheets=(_summary(analysis, table, sides, (grid, made)), table, grid, sides[ISO2022], sides[SOC2], made),
        organization=about.organization,
        version=about.version,
        classification=about.classification,
    )


# --- the rows that are counted ---------------------------------------------------------------------------------------


def _series(analysis: Analysis) -> dict[str, tuple[str, frozenset[str]]]:
    """Heading → (category, its criteria): every category in scope, and for Security also each series CC1–CC9."""
    scope = categories_in_scope(analysis.project, analysis.settings)
    criteria = [entry for entry in framework(SOC2).requirements if entry.assessable]
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for category in scope:
        members = [entry for entry in criteria if entry.attributes["category"] == category]
        found[category] = (category, frozenset(entry.id for entry in members))
        parents = dict.fromkeys(entry.parent for entry in members)
        for parent in parents if len(parents) > 1 else ():
            heading = f"{parent} {index(SOC2)[parent].title}"
            found[heading] = (category, frozenset(entry.id for entry in members if entry.parent == parent))
    return found


def _rows(analysis: Analysis) -> list[Record]:
    """The flags row by row, themes in one word."""
    return [{**row, "group": theme(row["group"])} for row in records(analysis.flags)]


def _side(analysis: Analysis, framework_id: str, series: Mapping[str, tuple[str, frozenset[str]]]) -> DataSheet:
    """One framework: a row per requirement, a mark per thing that figures count."""
    iso, basis = framework_id == ISO2022, analysis.figures[0].basis
    one = JOINED[basis][0]
    flags = [name for name in analysis.flags.columns if "|" in name]
    rows = [row for row in _rows(analysis) if row["framework"] == framework_id]
    rows.sort(key=lambda row: row["kind"] == "clause")
    columns = (
        Column("ID", 13, Look.ID),
        Column("Title", 36),
        Column("Theme" if iso else "Category", 26 if iso else 20),
        Column(
            "Applies", 9, Look.MARK, note="Not excluded by the SoA; clauses always apply." if iso else "Its category is in scope."
        ),
        Column("Annex A" if iso else "Common criterion", 11, Look.MARK, note="To tell the denominators apart."),
        Column(f"{one} with" if basis == "controls" else f"{one} to", 40, Look.LONG, note=_MEANINGS[one]),
        *(Column(heading(name), 13, Look.MARK, note=_flag_note(framework_id, name)) for name in flags),
        *(Column(f"with {name}", 14, Look.MARK, outline=True) for name in (series if iso else ())),
    )
    what = "Annex A controls and the clauses 4–10" if iso else "SOC 2 criteria"
    return DataSheet(
        "ISO 27001" if iso else "SOC 2",
        f"{'ISO/IEC 27001:2022' if iso else 'SOC 2'}: what the figures count",
        f"One row is one of the {what}. A dot is a 1 that the formulas of the overlap table count.",
        columns=columns,
        rows=[_side_row(row, flags, series if iso else {}) for row in rows],
        table="tblIso" if iso else "tblSoc2",
        freeze=2,
        protect=True,
    )


def _side_row(row: Record, flags: Sequence[str], series: Mapping[str, tuple[str, frozenset[str]]]) -> tuple[Cell, ...]:
    shared = row["shared"]
    annex = row["kind"] == "control" if row["framework"] == ISO2022 else row["common"]
    partners = set(shared) if row[flags[0]] else set()
    return (
        row["id"],
        row["title"],
        row["group"],
        int(row["applicable"]),
        int(annex),
        ", ".join(shared),
        *(int(row[name]) for name in flags),
        *(int(not partners.isdisjoint(members)) for _, members in series.values()),
    )


def heading(flag: str) -> str:
    """A flag of ``coverage.overlap_flags`` as a column's heading: "Controls, as mapped, accepted"."""
    return flag.replace("|", ", ").capitalize()


def _flag_note(framework_id: str, flag: str) -> str:
    basis, strictness, status = flag.split("|")
    return f"1 where the row is {_SERVES[framework_id, basis]}{_STRICT[strictness]}{_STATUS[status]}."


# --- the figures -----------------------------------------------------------------------------------------------------


def _table(figures: Sequence[Figure], sides: Mapping[str, DataSheet]) -> DataSheet:
    columns = (
        Column("Figure", 10, Look.ID),
        Column("Direction", 20, note="What the left one already buys for the right one."),
        Column("Basis", 11, note="Controls join the frameworks, or a crosswalk does."),
        Column("Counted against", 36, note="The denominator."),
        Column("Strictness", 12, note=_MEANINGS["Strict"]),
        Column("Mappings", 18, note=_MEANINGS["With suggestions"]),
        Column("Number", 10, Look.NUMBER, note="Counted by the sheet from the dots on the sheets ISO 27001 and SOC 2."),
        Column("Of", 8, Look.NUMBER),
        Column("Share", 9, Look.PERCENT),
        Column("In words", 70, Look.LONG),
    )
    sheet = DataSheet(
        "Overlap table",
        "The overlap table",
        "One row is one figure: direction, denominator, strictness and status in all combinations. The headline comes first; quote no "
        "other one without its row.",
        columns=columns,
        rows=[],
        table="tblOverlap",
        freeze=2,
        protect=True,
    )
    rows = [_figure_row(number, figure, sides[_OF[figure.denominator]], sheet) for number, figure in enumerate(figures)]
    return replace(sheet, rows=rows)


def _figure_row(number: int, figure: Figure, side: DataSheet, sheet: DataSheet) -> tuple[Cell, ...]:
    members = [side.range(name) for name in _MEMBERS[figure.denominator]]
    flag = side.range(heading(f"{figure.basis}|{figure.strictness}|{figure.status}"))
    count, of = sheet.cell(number, "Number"), sheet.cell(number, "Of")
    share = figure.numerator / figure.total if figure.total else 0
    return (
        "Headline" if number == 0 else str(number + 1),
        ARROWS[figure.direction],
        figure.basis,
        AGAINST[figure.denominator],
        figure.strictness,
        figure.status,
        Formula(_count([flag, *members]), figure.numerator),
        Formula(_count(members) if members else f"=ROWS({flag})", figure.total),
        Formula(f"=IF({of}=0,0,{count}/{of})", share),
        _in_words(figure),
    )


def _count(marks: Sequence[str]) -> str:
    """How many rows have all the marks."""
    return f"=SUMPRODUCT({'*'.join(f'({mark}=1)' for mark in marks)})"


def _in_words(figure: Figure) -> str:
    of = _OF[figure.denominator]
    against = AGAINST[figure.denominator]
    return f"Of {against}, those {_SERVES[of, figure.basis]}{_STRICT[figure.strictness]}{_STATUS[figure.status]}."


# --- category by theme -----------------------------------------------------------------------------------------------


def _grid(analysis: Analysis, iso: DataSheet, series: Mapping[str, tuple[str, frozenset[str]]]) -> DataSheet:
    """Annex A controls of each theme that share a control with each SOC 2 category or series."""
    annex = [row for row in _rows(analysis) if row["framework"] == ISO2022 and row["kind"] == "control" and row["applicable"]]
    themes = list(dict.fromkeys(theme(entry.group) for entry in framework(ISO2022).requirements if entry.kind == "control"))
    flag = next(name for name in analysis.flags.columns if "|" in name)
    rows: list[tuple[Cell, ...]] = []
    for name, (category, members) in series.items():
        marks = [iso.range(mark) for mark in ("Applies", "Annex A", f"with {name}")]
        hits = [row["group"] for row in annex if row[flag] and not members.isdisjoint(row["shared"])]
        cells = [
            Formula(f'=SUMPRODUCT(({iso.range("Theme")}="{word}")*{"*".join(f"({mark}=1)" for mark in marks)})', hits.count(word))
            for word in themes
        ]
        rows.append(
            (
                name if name != "Security" else "Security (any common criterion)",
                category,
                *cells,
                Formula(_count(marks), len(hits)),
            )
        )
    return DataSheet(
        "Grid",
        "SOC 2 criteria by ISO 27001 theme",
        f"A cell counts the applicable Annex A controls of the theme that {JOINED[analysis.figures[0].basis][1]} at least one criterion of the "
        "row. One Annex A control can stand in several rows, so rows do not add up.",
        columns=(
            Column("SOC 2 criteria", 46),
            Column("Category", 20),
            *(Column(word, 17, Look.HEAT) for word in themes),
            Column("All themes", 12, Look.NUMBER),
        ),
        rows=rows,
        table="tblGrid",
        protect=True,
    )


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(
    analysis: Analysis, table: DataSheet, sides: Mapping[str, DataSheet], others: tuple[DataSheet, DataSheet]
) -> SummarySheet:
    grid, made = others
    return SummarySheet(
        f"Overlap: {analysis.project.book.name}",
        "How much of ISO/IEC 27001:2022 the controls for SOC 2 already serve, and the reverse. For whoever has to say what the second framework "
        "will cost: every figure is a count over the sheets beside it.",
        facts=facts(analysis),
        headlines=tuple(_headlines(analysis.figures, table)),
        paragraphs=(("Ready for a mail", mail(analysis)),),
        charts=tuple(_charts(analysis, sides)),
        links=(
            (table.link(), "Every figure: direction, denominator, strictness, status"),
            (grid.link(), "SOC 2 categories and series by Annex A theme"),
            (sides[ISO2022].link(), "One row per Annex A control and clause, with what is counted"),
            (sides[SOC2].link(), "One row per SOC 2 criterion, with what is counted"),
            (made.link(), "What this was computed from, and what the words mean"),
        ),
    )


def _headlines(figures: Sequence[Figure], table: DataSheet) -> Iterator[Headline]:
    """The headline, its mirror image, and the headline's strict and hopeful variants."""
    first = figures[0]
    wanted = (
        ("headline", first.direction, "applicable", STRICTNESS[0], STATUSES[0]),
        ("the other way", DIRECTIONS[SOC2], "in-scope", STRICTNESS[0], STATUSES[0]),
        ("strict", first.direction, "applicable", STRICTNESS[1], STATUSES[0]),
        ("with open suggestions", first.direction, "applicable", STRICTNESS[0], STATUSES[1]),
    )
    for label, direction, denominator, strictness, status in wanted:
        key = (direction, first.basis, denominator, strictness, status)
        number, figure = next(
            (number, one)
            for number, one in enumerate(figures)
            if (one.direction, one.basis, one.denominator, one.strictness, one.status) == key
        )
        count, of = (f"='{table.name}'!{table.cell(number, name)}" for name in ("Number", "Of"))
        yield Headline(
            f"{ARROWS[direction]}, {label}", Formula(count, figure.numerator), Formula(of, figure.total), _in_words(figure)
        )


def mail(analysis: Analysis) -> str:
    """What the headline counts and what it does not, in a paragraph that can be sent as it is."""
    headline = analysis.figures[0]
    mirror = next(one for one in analysis.figures if one.direction == DIRECTIONS[SOC2] and one.denominator == "in-scope")
    scope = ", ".join(categories_in_scope(analysis.project, analysis.settings))
    name = document(analysis.project, analysis.settings).organization or analysis.project.book.name
    if headline.basis == "controls":
        how = f"already have a control in place that also serves a SOC 2 criterion in scope ({scope})"
        counted = "Counted are accepted mappings of controls that are implemented or partially implemented, whole or in part"
        also = "are served by a control that also serves ISO 27001"
    else:
        how = f"are mapped to a SOC 2 criterion in scope ({scope}), by the crosswalk in the workbook"
        counted = "Counted are accepted pairs of the crosswalk, on the assumption that the SOC 2 criteria in scope are met"
        also = "are mapped to a requirement of ISO 27001"
    return (
        f"As of {analysis.as_of.isoformat()}, {_share(headline)} applicable Annex A controls of ISO/IEC 27001:2022 at {name} {how}. "
        f"{counted}. Not counted are planned controls, open suggestions, excluded Annex A controls and the clauses 4–10, which certification "
        "demands in any case. The figure does not say that these Annex A controls are fully met, nor that an auditor will accept the same "
        f"evidence for both. The other direction is another figure: {_share(mirror)} SOC 2 criteria in scope {also}."
    )


def _share(figure: Figure) -> str:
    return f"{figure.numerator} of {figure.total} ({figure.percentage:.1f}\u00a0%)"


def _charts(analysis: Analysis, sides: Mapping[str, DataSheet]) -> Iterator[Chart]:
    flag, joined = next(name for name in analysis.flags.columns if "|" in name), JOINED[analysis.figures[0].basis][1]
    for framework_id, unit, title in (
        (ISO2022, "Theme", f"Applicable Annex A controls that {joined} SOC 2"),
        (SOC2, "Category", f"SOC 2 criteria in scope that {joined} ISO 27001"),
    ):
        side = sides[framework_id]
        marks = [side.range(name) for name in _MEMBERS["applicable" if framework_id == ISO2022 else "in-scope"]]
        rows = [
            row
            for row in _rows(analysis)
            if row["framework"] == framework_id and row["applicable"] and (framework_id == SOC2 or row["kind"] == "control")
        ]
        yield Chart(
            title,
            unit,
            ("Shared", "Not shared"),
            tuple(
                (
                    group,
                    tuple(
                        _part(side, unit, flag, marks, shared=value, rows=[row for row in rows if row["group"] == group])
                        for value in (1, 0)
                    ),
                )
                for group in dict.fromkeys(row["group"] for row in rows)
            ),
            f"Stacked bars by {unit.lower()}: {title}, and the others.",
        )


def _part(side: DataSheet, unit: str, flag: str, marks: Sequence[str], *, shared: int, rows: Sequence[Record]) -> Formula:
    tests = [f"({side.range(unit)}={{category}})", f"({side.range(heading(flag))}={shared})", *(f"({mark}=1)" for mark in marks)]
    return Formula(f"=SUMPRODUCT({'*'.join(tests)})", sum(1 for row in rows if row[flag] == bool(shared)))
