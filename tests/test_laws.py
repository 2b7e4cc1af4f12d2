"""The laws of the design, held through files and the real commands: what a person could check with a workbook, a pencil and a second program."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import (
    ANNEX,
    CATEGORY,
    CLAUSES,
    CRITERIA,
    HEADINGS,
    RELATIONSHIP_WORDS,
    Library,
    Sheet,
    crosswalks,
    libraries,
    name,
    rows,
    saved,
    sheets,
    shuffled,
)
from python_calamine import CalamineWorkbook

import workbench
from workbench.model import ISO2022, SOC2, Coverage, Figure
from workbench.writing import Column, DataSheet, Workbook, write_workbook

ROOT = Path(__file__).resolve().parent.parent
AS_OF = dt.date(2026, 11, 24)


def law(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# --- the overlap is what a brute-force count finds (design, section 5) ---------------------------------------------------------------------


def counted(library: Library) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """(direction, basis, denominator, strictness) → (numerator, total), accepted mappings only."""
    stated = accepted_mappings(library)
    scope = in_scope(library, stated)
    in_place = {name(number) for number, (status, _, _) in enumerate(library.controls) if status in {"in place", "partly"}}
    crossing = any(not source.startswith("AC-") for source, *_ in library.mappings)
    counts = {"controls": shared(stated, in_place, scope)} if library.controls or not crossing else {}
    if crossing:
        counts["crosswalk"] = implied([row for row in stated if not row[0].startswith("AC-")], scope)
    return {
        (direction, basis, denominator, strictness): (len(hit[strictness] & of), len(of))
        for basis, hit in counts.items()
        for direction, denominator, of in denominators(scope)
        for strictness in ("as mapped", "strict")
    }


def accepted_mappings(library: Library) -> list[tuple[str, str, str]]:
    """(source, target, relationship) of all that is stated and accepted, but for what is stated to be unrelated."""
    stated = [(name(number), target, "bare") for number, (_, soc2, iso) in enumerate(library.controls) for target in soc2 + iso]
    stated += [(source, target, word) for source, target, word, said in library.mappings if said == "accepted"]
    return [row for row in stated if row[2] != "none"]


def in_scope(library: Library, stated: list[tuple[str, str, str]]) -> set[str]:
    """Criteria of the categories that are said, else cited; Annex A controls that are not excluded; all clauses."""
    said = library.categories
    if said is None:
        ends = {end for row in library.mappings if row[3] == "accepted" for end in row[:2]} | {target for _, target, _ in stated}
        said = {category(id_) for id_ in ends if id_ in CRITERIA} | {"Security"}
    out = {id_ for id_, applies in library.applicable.items() if not applies}
    return {id_ for id_ in CRITERIA if category(id_) in said} | (set(ANNEX) - out) | set(CLAUSES)


def category(id_: str) -> str:
    return CATEGORY[re.match(r"[A-Z]+", id_).group()]


def denominators(scope: set[str]):
    to_iso, to_soc2 = f"{SOC2}->{ISO2022}", f"{ISO2022}->{SOC2}"
    return [
        (to_iso, "applicable", set(ANNEX) & scope),
        (to_iso, "93", set(ANNEX)),
        (to_iso, "93 + clauses", set(ANNEX + CLAUSES)),
        (to_soc2, "in-scope", set(CRITERIA) & scope),
        (to_soc2, "33", {id_ for id_ in CRITERIA if id_.startswith("CC")}),
        (to_soc2, "61", set(CRITERIA)),
    ]


def shared(stated: list[tuple[str, str, str]], in_place: set[str], scope: set[str]) -> dict[str, set[str]]:
    """What a control in place serves, if it serves something in scope of both frameworks."""
    found: dict[str, set[str]] = {}
    for strictness, words in (("as mapped", set(RELATIONSHIP_WORDS)), ("strict", {"equal", "superset"})):
        found[strictness] = set()
        for control in in_place:
            served = {target for source, target, word in stated if source == control and word in words and target in scope}
            if served & set(CRITERIA) and served - set(CRITERIA):
                found[strictness] |= served
    return found


def implied(crosswalk: list[tuple[str, str, str]], scope: set[str]) -> dict[str, set[str]]:
    """Both ends of a pair in scope; strictly the end that the other covers whole."""
    inside = [(a, b, word) for a, b, word in crosswalk if a in scope and b in scope]
    whole = {b for _, b, word in inside if word in {"equal", "superset"}} | {
        a for a, _, word in inside if word in {"equal", "subset"}
    }
    return {"as mapped": {end for a, b, _ in inside for end in (a, b)}, "strict": whole}


def accepted(figures: list[Figure]) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    return {
        (one.direction, one.basis, one.denominator, one.strictness): (one.numerator, one.total)
        for one in figures
        if one.status == "accepted"
    }


@law(40)
@given(libraries, st.randoms(use_true_random=False))
def test_the_overlap_of_a_control_library_is_what_a_brute_force_count_finds(tmp_path, library, chance):
    path = saved(tmp_path / "acme.xlsx", sheets(library, chance))
    assert accepted(workbench.overlap(path, as_of=AS_OF)) == counted(library)


@law(30)
@given(crosswalks, st.randoms(use_true_random=False))
def test_the_overlap_of_a_pair_list_is_what_a_brute_force_count_finds(tmp_path, library, chance):
    path = saved(tmp_path / "pairs.xlsx", sheets(library, chance))
    assert accepted(workbench.overlap(path, as_of=AS_OF)) == counted(library)


def test_a_pair_list_counts_distinct_annex_a_controls_and_no_clauses(tmp_path):
    pairs = [
        ("CC6.1", "A.5.15; A.5.15\nA.8.3"),
        ("CC6.2", "A.5.15"),
        ("CC6.2", "Clause 7.2"),
        ("CC9.2", "A.5.19"),
        ("CC9.2", "A.9.9.9"),
    ]
    path = saved(tmp_path / "pairs.xlsx", {"Pairs": [["SOC 2", "ISO 27001:2022"], *map(list, pairs)]})
    found = accepted(workbench.overlap(path, as_of=AS_OF))
    to_iso = [
        found[f"{SOC2}->{ISO2022}", "crosswalk", denominator, "as mapped"] for denominator in ("applicable", "93", "93 + clauses")
    ]
    assert to_iso == [(3, 93), (3, 93), (4, 93 + len(CLAUSES))]


# --- levels add up, and more mappings never mean less ------------------------------------------------------------------


def levels(library: Library) -> dict[str, str]:
    """The coverage of every requirement by the controls of a library, as the design's words have it."""
    stated: dict[tuple[str, str], set[str]] = {}
    for source, target, word in accepted_mappings(library):
        stated.setdefault((source, target), set()).add(word)
    scope, best = in_scope(library, accepted_mappings(library)), dict.fromkeys(CRITERIA + ANNEX + CLAUSES, "none")
    status = {name(number): word for number, (word, _, _) in enumerate(library.controls)}
    for (source, target), words in stated.items():
        level = level_of(status.get(source, ""), words - {"bare"} or words)
        best[target] = min(best[target], level, key=list(Coverage).index)
    return {id_: level if id_ in scope else "not applicable" for id_, level in best.items()}


def level_of(status: str, words: set[str]) -> str:
    if status == "in place":
        return "covered" if words & {"equal", "superset", "bare"} else "partial"
    return {"partly": "partial", "planned": "planned"}.get(status, "none")


def coverage(path: Path) -> dict[str, str]:
    found = workbench.analyse(path, as_of=AS_OF).coverage
    return {id_: level for view in found.values() for id_, level in zip(view["id"], view["level"], strict=True)}


@law(25)
@given(libraries, st.randoms(use_true_random=False))
def test_every_requirement_has_the_level_that_its_controls_give_it(tmp_path, library, chance):
    found = coverage(saved(tmp_path / "acme.xlsx", sheets(library, chance)))
    assert found == levels(library)
    assert Counter(found.values()).total() == 61 + 93 + len(CLAUSES)


@law(15)
@given(libraries, rows(controls=True), st.randoms(use_true_random=False))
def test_one_more_accepted_mapping_lowers_no_figure(tmp_path, library, row, chance):
    seed = chance.random()
    more = replace(library, mappings=[*library.mappings, (*row[:3], "accepted")])
    old, new = (
        accepted(workbench.overlap(saved(tmp_path / "acme.xlsx", sheets(one, random.Random(seed))), as_of=AS_OF))
        for one in (library, more)
    )
    assert [key for key in old if new[key][0] < old[key][0]] == []
    if library.categories is not None:
        assert [key for key in old if new[key][1] != old[key][1]] == []


@law(15)
@given(
    libraries,
    st.integers(0, 14),
    st.sampled_from(CRITERIA + ANNEX + CLAUSES),
    st.sampled_from(list(RELATIONSHIP_WORDS)),
    st.randoms(use_true_random=False),
)
def test_an_accepted_mapping_of_a_new_pair_lowers_no_level(tmp_path, library, number, target, word, chance):
    if any((source, end) == (name(number), target) for source, end, _ in accepted_mappings(library)):
        return
    library = replace(library, categories=("Security", *list(CATEGORY.values())[1:]))
    more = replace(library, mappings=[*library.mappings, (name(number), target, word, "accepted")])
    old, new = (coverage(saved(tmp_path / "acme.xlsx", sheets(one, chance))) for one in (library, more))
    assert [id_ for id_ in old if list(Coverage).index(new[id_]) > list(Coverage).index(old[id_])] == []


# --- no order of anything changes anything ---------------------------------------------------------------------------

FAULTS = ("A.9.2.1", "A.5.38", "see policy", "CC6.1", "A.5.15, A.5.15", "5.1", "A.9", "CC3.9", "P9.9", "ISO 27001:2013 A.12.3.1")
TEXTS = (
    ("Access reviews", "Managers review the access of their staff every quarter and remove what is no longer needed."),
    ("Backups", "Backups are made every night and restored in a test each quarter."),
    ("Background checks", "Candidates are screened before they join."),
    ("Supplier reviews", "Suppliers are assessed before a contract and every year."),
    ("Incident response", "Incidents are classified, answered and learned from."),
)
PLACES = {"How it was made", "Findings", "Sheets read", "How it was read"}
"""Sheets that name cells or rows of the input, or describe its sheets in their order."""


def faulty(tabs: dict[str, Sheet], chance: random.Random) -> dict[str, Sheet]:
    """The library with realistic texts, and with things wrong in its ISO column."""
    library = next(iter(tabs[one] for one in tabs if one not in {"Mapping", "Applicability", "SoA", "Profile"}))
    head = next(number for number, row in enumerate(library) if len(row) > 2)
    places = {field: library[head].index(word) for field, words in HEADINGS.items() for word in words if word in library[head]}
    for row in library[head + 1 :]:
        row[places["name"]], row[places["description"]] = chance.choice(TEXTS)
        if chance.random() < 0.3:
            row[places["iso"]] = ", ".join(filter(None, [row[places["iso"]], chance.choice(FAULTS)]))
    return tabs


def reordered(rows: Sheet, chance: random.Random) -> Sheet:
    """The rows below the heading and all columns in another order."""
    head = next(number for number, row in enumerate(rows) if len(row) > 1)
    body, order = rows[head + 1 :], list(range(len(rows[head])))
    chance.shuffle(body)
    chance.shuffle(order)
    return [*rows[:head], *([row[place] for place in order] for row in [rows[head], *body])]


def outcome(path: Path, folder: Path) -> tuple[dict[str, object], Counter[tuple[str, ...]]]:
    """What a run says and writes: its figures, the rows of every sheet but those that name places, and its findings, with their words where those name no cell."""
    (one,) = workbench.run([path], folder, as_of=AS_OF, force=True)
    assert one.failure is None
    content: dict[str, object] = {"headline": one.headline}
    for file in one.files[1:-1]:
        book = CalamineWorkbook.from_path(file)
        content |= {f"{file.stem} {name}": rows_of(book, name) for name in book.sheet_names if name not in PLACES}
    return content, Counter((finding.rule, re.sub(r".*!.*|.*[(]and \d+ more.*", "", finding.message)) for finding in one.findings)


def rows_of(book: CalamineWorkbook, name: str) -> list[list[object]]:
    return [row for row in book.get_sheet_by_name(name).to_python() if row[0] != "SHA-256 of the input"]


@law(12)
@given(libraries, st.integers(0, 10**6))
def test_no_order_of_sheets_rows_or_columns_changes_what_is_found_and_written(tmp_path, library, seed):
    chance = random.Random(seed)
    first = faulty(sheets(library, chance), chance)
    second = {name: reordered(rows, chance) for name, rows in shuffled(first, chance).items()}
    old, new = (outcome(saved(tmp_path / "acme.xlsx", tabs), tmp_path / "out") for tabs in (first, second))
    assert new[1] == old[1]
    assert {name: rows for name, rows in new[0].items() if rows != old[0][name]} == {}


# --- what was written is read back -----------------------------------------------------------------------------------

TYPED = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    [
        "=1+1",
        "-5",
        "+1",
        "@x",
        "5.10",
        "007",
        "1e5",
        "TRUE",
        "2026-01-05",
        "#N/A",
        'say "so"',
        "a\nb",
        "a\tb",
        " a ",
        "_x0041_",
        "<r>x</r>",
        "&amp;",
        "'x",
    ]
)
CELLS = st.one_of(
    TYPED, st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9).map(lambda number: number / 1024),
    st.dates(dt.date(1905, 1, 1), dt.date(2090, 1, 1)),
)  # fmt: skip
HEADING = ("Control ID", "Policy", "SOC 2 criteria", "Notes")


def read_back(path: Path) -> dict[int, tuple[object, ...]]:
    """Excel row → id, policy and notes of each row read."""
    (table,) = workbench.read(path).book.tables
    columns = [
        table.frame[field].tolist() if field in table.frame else [None] * len(table.frame) for field in ("id", "policy", "notes")
    ]
    return dict(zip(table.frame.index.tolist(), zip(*columns, strict=True), strict=True))


def as_read(value: object) -> object:
    """A cell as the contract has it: nothing and white space are blank, whole numbers are integers."""
    if isinstance(value, str):
        return value if value.strip() else None
    return int(value) if isinstance(value, float) and value.is_integer() else value


@law(30)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_the_workbench_wrote_it_reads_back_cell_by_cell(tmp_path, cells):
    rows = [(f"AC-{number}", one, "CC6.1", other) for number, (one, other) in enumerate(cells)]
    columns = tuple(Column(heading) for heading in HEADING)
    sheet = DataSheet("Controls", "Controls", "", columns, rows, table="tblControls")
    assert write_workbook(tmp_path / "x.xlsx", Workbook("x", "", (sheet,)), as_of=AS_OF).remarks == ()
    found = read_back(tmp_path / "x.xlsx")
    wanted = {sheet.heading_row + 1 + at: (row[0], as_read(row[1]), as_read(row[3])) for at, row in enumerate(rows)}
    assert found == wanted
    assert [list(map(type, row)) for row in found.values()] == [list(map(type, row)) for row in wanted.values()]


@law(40)
@given(
    st.lists(st.tuples(TYPED, TYPED), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_text_file_is_read_back_cell_by_cell_whatever_its_dialect(tmp_path, cells, mark, end, encoding):
    rows = [(f"AC-{number}", one, "CC6.1", other) for number, (one, other) in enumerate(cells)]
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator=end).writerows([HEADING, *rows])
    (tmp_path / "x.csv").write_bytes(text.getvalue().encode(encoding))
    assert read_back(tmp_path / "x.csv") == {at: (row[0], as_read(row[1]), as_read(row[3])) for at, row in enumerate(rows, 2)}


# --- suggestions and decisions -----------------------------------------------------------------------------------------


@law(15)
@given(libraries, st.integers(0, 10**6))
def test_the_signals_of_every_suggestion_add_up_to_its_score(tmp_path, library, seed):
    chance = random.Random(seed)
    for one in workbench.suggest(saved(tmp_path / "acme.xlsx", faulty(sheets(library, chance), chance)), as_of=AS_OF):
        assert sum(one.signals.values()) == pytest.approx(one.score, abs=1e-9)
        assert 0 < one.score <= 1


def decided(review: Path, project: Path, decisions: dict[tuple[str, str], str]) -> None:
    """Type decisions into the review workbook, and copy its sheet Suggestions into the project's, as a person would."""
    sheet = openpyxl.load_workbook(review)["Suggestions"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Control")
    at = {cell.value: cell.column - 1 for cell in head}
    book = openpyxl.load_workbook(project)
    book.create_sheet("Suggestions")
    for row in sheet.iter_rows(min_row=head[0].row):
        pair = row[at["Control"]].value, row[at["Suggested requirement"]].value
        values = [cell.value for cell in row]
        if pair in decisions:
            values[at["Decision"]], values[at["Rationale"]], values[at["Decided by"]] = (
                decisions[pair],
                "not ours, I think",
                "Kim",
            )
        book["Suggestions"].append(values)
    book.save(project)


@pytest.mark.parametrize("name", ["quay-logistics.xlsx", "article-case.xlsx", "alder-health.xlsx"])
def test_decisions_are_read_back_and_what_was_rejected_does_not_come_back(name, tmp_path):
    project = tmp_path / name
    project.write_bytes((ROOT / "input_workbooks" / name).read_bytes())
    first = workbench.suggest(project, output=tmp_path / "review.xlsx", as_of=AS_OF)
    decisions = {
        (one.source, one.target): word for one, word in zip(first, ["Reject", "Accept", "Defer"] * len(first), strict=False)
    }
    decided(tmp_path / "review.xlsx", project, decisions)

    frame = workbench.read(project).decisions
    typed = zip(*(frame[column].tolist() for column in ("source", "target", "decision", "rationale", "reviewer")), strict=True)
    assert {row[:2]: row[2:] for row in typed} == {pair: (word, "not ours, I think", "Kim") for pair, word in decisions.items()}
    again = {(row.source, row.target): row.decision for row in workbench.analyse(project, as_of=AS_OF).suggestions.itertuples()}
    assert {pair: again.get(pair) for pair in decisions} == {
        pair: None if word == "Reject" else word for pair, word in decisions.items()
    }
    old = workbench.analyse(ROOT / "input_workbooks" / name, as_of=AS_OF)
    assert [figure for figure in workbench.overlap(project, as_of=AS_OF) if figure.status == "accepted"] == [
        figure for figure in old.figures if figure.status == "accepted"
    ]
