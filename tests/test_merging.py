"""Merging edited copies: literal tables, and the laws over random edits."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.versions import applied, content, grid, page, version
from workbench.merging.merge import merge
from workbench.merging.merged import Conflict, Merged
from workbench.merging.pages import Page, Version, cited, normal

HEAD = ["Control ID", "Owner", "ISO 27001 controls", "Notes"]
BASE = [
    HEAD,
    ["AC-001", "Alice", "A.5.15, A.5.16", "reviewed"],
    ["AC-002", "Bob", "A.8.1", None],
    ["AC-003", "Carol", None, "open"],
]  # fmt: skip


def edited(name: str, *changes: tuple[int, int, object], rows: list[list[object]] = BASE) -> Version:
    """A copy of the base with cells changed: (row, column, value), counted from 0 with the headings."""
    table = [list(row) for row in rows]
    for row, column, value in changes:
        table[row][column] = value
    return version(name, *table)


def merged(ours: Version, *theirs: Version, base: list[list[object]] = BASE) -> tuple[Merged, list[list[object]]]:
    result = merge(version("base.xlsx", *base), ours, theirs)
    return result, grid(applied(result, ours).pages[0])


def told(conflicts: tuple[Conflict, ...]) -> list[tuple[object, ...]]:
    return [
        (str(one.kind), one.key, one.column, one.base.value, one.ours.value, *(f"{side.version}: {side.value}" for side in one.theirs))
        for one in conflicts
    ]  # fmt: skip


# --- cells ---------------------------------------------------------------------------------------------------------------------------


def test_each_persons_cells_are_in_the_result() -> None:
    result, table = merged(edited("ours", (1, 1, "Dora")), edited("a", (2, 3, "late")), edited("b", (3, 1, "Eve")))
    assert table[1:] == [
        ["AC-001", "Dora", "A.5.15, A.5.16", "reviewed"],
        ["AC-002", "Bob", "A.8.1", "late"],
        ["AC-003", "Eve", None, "open"],
    ]
    assert [(edit.cell, edit.key, edit.heading, edit.old, edit.new, edit.by) for edit in result.edits] == [
        ("D3", "AC-002", "Notes", None, "late", ("a",)),
        ("B4", "AC-003", "Owner", "Carol", "Eve", ("b",)),
    ]
    assert result.conflicts == ()


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    result, table = merged(edited("ours", (1, 1, "Dora")), edited("a", (1, 1, "Dora")), edited("b", (1, 1, "Dora")))
    assert (result.edits, result.conflicts, table[1][1]) == ((), (), "Dora")


def test_different_changes_conflict_and_ours_stays() -> None:
    result, table = merged(edited("ours", (1, 1, "Dora")), edited("a", (1, 1, "Eve")))
    assert told(result.conflicts) == [("cell", "AC-001", "Owner", "Alice", "Dora", "a: Eve")]
    assert (result.edits, table[1][1]) == ((), "Dora")
    assert (result.conflicts[0].ours.place, result.conflicts[0].theirs[0].place) == ("Controls!B2", "Controls!B2")


def test_two_copies_that_disagree_conflict_even_where_ours_is_untouched() -> None:
    result, table = merged(edited("ours"), edited("a", (1, 1, "Dora")), edited("b", (1, 1, "Eve")))
    assert told(result.conflicts) == [("cell", "AC-001", "Owner", "Alice", "Alice", "a: Dora", "b: Eve")]
    assert table[1][1] == "Alice"


def test_a_cell_that_a_copy_emptied_is_emptied() -> None:
    assert merged(edited("ours"), edited("a", (1, 3, None)))[1][1][3] is None


def test_ids_merge_as_sets_in_the_order_and_writing_of_ours() -> None:
    ours, a, b = (
        edited("ours", (1, 2, "A 5.16; A 5.15")),
        edited("a", (1, 2, "A.5.15, A.5.16, A.5.17")),
        edited("b", (1, 2, "A.5.16")),
    )
    result, table = merged(ours, a, b)
    assert (table[1][2], result.conflicts) == ("A 5.16; A 5.17", ())
    assert [(edit.added, edit.removed, edit.by) for edit in result.edits] == [(("A.5.17",), ("A.5.15",), ("a", "b"))]


def test_ids_for_a_blank_cell_are_written_as_the_column_writes_them() -> None:
    base = [HEAD, ["AC-001", None, "A.5.1; A.5.2", None], ["AC-002", None, None, None]]
    ours = edited("ours", (2, 2, "A.8.1"), rows=base)
    assert merged(ours, edited("a", (2, 2, "A.8.2"), rows=base), base=base)[1][2][2] == "A.8.1; A.8.2"


def test_words_beside_ids_are_not_a_set() -> None:
    result, _ = merged(edited("ours", (1, 2, "A.5.15 for staff")), edited("a", (1, 2, "A.5.15 for guests")))
    assert [one[1:] for one in told(result.conflicts)] == [
        ("AC-001", "ISO 27001 controls", "A.5.15, A.5.16", "A.5.15 for staff", "a: A.5.15 for guests")
    ]


def test_another_way_of_writing_is_followed_where_ours_is_untouched_and_never_conflicts() -> None:
    result, table = merged(edited("ours"), edited("a", (1, 2, "A.5.16; A.5.15")))
    assert (table[1][2], [edit.writing for edit in result.edits]) == ("A.5.16; A.5.15", [True])
    result, table = merged(edited("ours", (1, 2, "A.5.15\nA.5.16")), edited("a", (1, 2, "A.5.16; A.5.15")))
    assert (table[1][2], result.edits, result.conflicts) == ("A.5.15\nA.5.16", (), ())


def test_a_copy_that_holds_only_texts_turns_no_number_or_date_into_text() -> None:
    base = [
        HEAD,
        ["AC-001", 1.5, None, dt.date(2026, 2, 1)],
        ["AC-002", True, None, 7],
        ["AC-003", "0", None, dt.date(2026, 3, 1)],
    ]
    copy = [HEAD, ["AC-001", "1.5", None, "2026-02-01"], ["AC-002", "TRUE", None, "8"], ["AC-003", "1", None, "2026-04-01"]]
    result, table = merged(version("ours", *base), version("a", *copy), base=base)
    assert [(edit.cell, edit.new) for edit in result.edits] == [("D3", 8), ("B4", "1"), ("D4", dt.date(2026, 4, 1))]
    assert table[1] == ["AC-001", 1.5, None, dt.date(2026, 2, 1)]
    result, _ = merged(version("ours", *copy), version("a", *base), base=copy)
    assert [(edit.cell, edit.new, edit.writing) for edit in result.edits[:2]] == [
        ("B2", 1.5, True),
        ("D2", dt.date(2026, 2, 1), True),
    ]
    assert merged(version("ours", *base), version("a", HEAD, ["AC-001", "soon", None, "1.2.2026"], *copy[2:]), base=base)[1][1] == [
        "AC-001", "soon", None, "1.2.2026",
    ]  # fmt: skip


# --- rows and columns ----------------------------------------------------------------------------------------------------------------


def test_moved_rows_and_columns_are_no_change_and_edits_find_their_cell() -> None:
    moved = version(
        "a", *[[row[at] for at in (3, 0, 2, 1)] for row in (BASE[0], BASE[3], ["AC-001", "Zoe", *BASE[1][2:]], BASE[2])]
    )
    result, table = merged(edited("ours"), moved)
    assert [(edit.cell, edit.new) for edit in result.edits] == [("B2", "Zoe")]
    assert table[1] == ["AC-001", "Zoe", "A.5.15, A.5.16", "reviewed"]


def test_rows_that_copies_added_are_added_once_with_the_columns_of_ours() -> None:
    new = ["AC-009", "Zoe", "A.7.1", None]
    swapped = [[row[at] for at in (0, 2, 1, 3)] for row in [*BASE, new]]
    result, table = merged(edited("ours"), version("a", *BASE, new), version("b", *swapped))
    assert table[4:] == [new]
    assert [(row.key, row.by, row.places) for row in result.rows] == [("AC-009", ("a", "b"), ("a!Controls!A5", "b!Controls!A5"))]


def test_two_new_rows_of_one_key_agree_or_conflict_cell_by_cell() -> None:
    a, b = version("a", *BASE, ["AC-009", "Zoe", "A.7.1", None]), version("b", *BASE, ["AC-009", "Yan", "A.7.2", "x"])
    result, table = merged(edited("ours"), a, b)
    assert table[4:] == [["AC-009", None, "A.7.1, A.7.2", "x"]]
    assert [(one.key, one.column, one.new_row, [side.value for side in one.theirs]) for one in result.conflicts] == [
        ("AC-009", "Owner", 0, ["Zoe", "Yan"])
    ]
    result, _ = merged(version("ours", *BASE, ["AC-009", "Wu", "A.7.1", None]), b)
    assert [(one.key, one.column, one.row, one.base.value, one.ours.value) for one in result.conflicts] == [
        ("AC-009", "Owner", 5, None, "Wu")
    ]


def test_a_row_that_a_copy_deleted_goes_unless_somebody_edited_it() -> None:
    without = version("a", BASE[0], BASE[1], BASE[3])
    result, table = merged(edited("ours"), without)
    assert [(one.row, one.key, one.by) for one in result.gone] == [(3, "AC-002", ("a",))]
    assert [row[0] for row in table[1:]] == ["AC-001", "AC-003"]
    result, table = merged(edited("ours", (2, 1, "Zoe")), without)
    assert [(str(one.kind), one.key, one.row, [side.present for side in one.theirs]) for one in result.conflicts] == [
        ("row deleted", "AC-002", 3, [False])
    ]
    assert (result.gone, table[2][1]) == ((), "Zoe")


@pytest.mark.parametrize("rows", [[["ZZ-1", "Zoe", None, None]], []])
def test_a_copy_without_any_row_of_the_base_deletes_nothing(rows: list[list[object]]) -> None:
    result, table = merged(edited("ours"), version("a", HEAD, *rows), edited("b", (1, 1, "Dora")))
    assert (result.gone, [(str(one.kind), one.key) for one in result.conflicts]) == ((), [("row deleted", "AC-001")])
    assert [cell.value for cell in result.conflicts[0].ours.cells] == ["AC-001", "Dora", "A.5.15, A.5.16", "reviewed"]
    assert [row[:2] for row in table[1:]] == [
        ["AC-001", "Dora"],
        ["AC-002", "Bob"],
        ["AC-003", "Carol"],
        *(row[:2] for row in rows),
    ]
    assert [one.message for one in result.findings] == [
        "a shares no row with Controls of base.xlsx; is it a copy of it? nothing was deleted"
    ]


def test_a_copy_of_a_kind_without_formulas_changes_none_and_one_that_holds_one_sheet_loses_none() -> None:
    one = page("Controls", [["Control ID", "Owner", "Count"], ["A", "x", 3], ["B", "y", 4]])
    base = Version("b", (replace(one, formulas={(2, 2): "COUNTA(B:B)"}), page("Team", [["Name"], ["Kim"]], known=False)))
    copy = page("a", [["Control ID", "Owner", "Count"], ["A", "z", "5"], ["B", "y", "6"]])
    result = merge(base, replace(base, name="o"), [Version("a", (replace(copy, values_only=True),), lone=True)])
    assert [(edit.cell, edit.new) for edit in result.edits] == [("B2", "z"), ("C3", 6)]
    assert (result.conflicts, [one.message for one in result.findings]) == (
        (),
        ["a calls the sheet Controls a; the name is kept"],
    )


def test_truths_and_shares_stay_when_a_copy_of_a_kind_without_formats_holds_them_otherwise() -> None:
    base = [HEAD, ["AC-001", True, None, 3 / 7], ["AC-002", False, None, 0.5]]
    copy = edited("a", (1, 1, 1), (1, 3, "42.8571428571429%"), (2, 1, 1), (2, 3, "51%"), rows=base)
    copy = replace(copy, pages=(replace(copy.pages[0], values_only=True),))
    result, _ = merged(version("ours", *base), copy, base=base)
    assert [(edit.cell, edit.new) for edit in result.edits] == [("B3", 1), ("D3", "51%")]


def test_a_row_that_ours_deleted_and_a_copy_edited_is_a_conflict_with_all_it_holds() -> None:
    ours = version("ours", BASE[0], BASE[1], BASE[3])
    result, _ = merged(ours, edited("a", (2, 1, "Zoe")))
    (one,) = result.conflicts
    assert (str(one.kind), one.key, one.row, one.ours.present) == ("row edited", "AC-002", 0, False)
    assert [(cell.letter, cell.value) for cell in one.theirs[0].cells] == [("A", "AC-002"), ("B", "Zoe"), ("C", "A.8.1")]
    assert merged(ours, edited("a"))[0] == replace(merged(ours, edited("a"))[0], edits=(), conflicts=())


def test_one_copy_deletes_what_another_edits() -> None:
    result, table = merged(edited("ours"), version("a", BASE[0], BASE[1], BASE[3]), edited("b", (2, 1, "Zoe")))
    assert [(str(one.kind), one.key) for one in result.conflicts] == [("row deleted", "AC-002")]
    assert (result.gone, table[2][1]) == ((), "Zoe")


def test_a_column_that_a_copy_added_is_appended() -> None:
    wider = [
        [*row, extra]
        for row, extra in zip([*BASE, ["AC-009", None, None, None]], ["Risk", "R-1", None, "R-3", "R-9"], strict=True)
    ]
    result, table = merged(edited("ours"), version("a", *wider))
    assert [(one.letter, one.heading, one.cells, one.by) for one in result.columns] == [
        ("+1", "Risk", {2: "R-1", 4: "R-3"}, ("a",))
    ]
    assert table == [[*HEAD, "Risk"], *([*row[:4], row[4]] for row in wider[1:])]


def test_a_column_that_a_copy_deleted_is_kept_and_said() -> None:
    result, table = merged(edited("ours"), version("a", *[row[:3] for row in BASE]))
    assert (table, [one.message for one in result.findings]) == (
        [list(row) for row in BASE],
        ["a no longer has the column Notes of Controls; it is kept"],
    )


def test_what_copies_put_into_a_column_that_ours_deleted_is_a_conflict() -> None:
    result, _ = merged(version("ours", *[row[:3] for row in BASE]), edited("a", (1, 3, "checked")))
    assert told(result.conflicts) == [("cell", "AC-001", "Notes", "reviewed", None, "a: checked")]
    assert (result.conflicts[0].letter, result.conflicts[0].row) == ("", 2)


def test_a_heading_that_a_copy_renamed_is_renamed() -> None:
    result, _ = merged(edited("ours"), edited("a", (0, 1, "Control owner")))
    assert [(edit.cell, edit.old, edit.new) for edit in result.edits] == [("B1", "Owner", "Control owner")]
    result, _ = merged(edited("ours", (0, 1, "Who")), edited("a", (0, 1, "Control owner")))
    assert told(result.conflicts) == [("cell", "headings", "Who", "Owner", "Who", "a: Control owner")]


def test_a_row_whose_key_alone_changed_is_followed() -> None:
    result, table = merged(edited("ours", (1, 3, "checked")), edited("a", (1, 0, "AC-100")))
    assert (table[1], result.conflicts) == (["AC-100", "Alice", "A.5.15, A.5.16", "checked"], ())


def test_a_key_that_two_rows_would_get_is_a_conflict_from_either_side() -> None:
    renamed, added = edited("x", (1, 0, "AC-100")), version("y", *BASE, ["AC-100", "Zoe", None, None])
    for ours, theirs in ((renamed, added), (added, renamed)):
        result, table = merged(ours, theirs)
        assert [one.key for one in result.conflicts] == ["AC-100"]
        assert table == grid(ours.pages[0])


# --- what is never guessed -----------------------------------------------------------------------------------------------------------


def test_rows_that_share_a_key_are_matched_by_what_they_say_and_reported() -> None:
    base = [*BASE, ["AC-001", "Dora", None, None]]
    copy = [row if row[1] != "Dora" else ["AC-001", "Eve", None, None] for row in base]
    result, table = merged(version("ours", *base), version("a", *copy), base=base)
    assert (table[4][1], result.conflicts) == ("Eve", ())
    assert any("rows share a key: AC-001 (rows 2, 5)" in one.message for one in result.findings)


def test_rows_that_share_a_key_and_were_changed_on_both_sides_are_for_people() -> None:
    base = [HEAD, ["K", "a", None, "1"], ["K", "b", None, "2"], ["L", "c", None, None]]
    ours = [HEAD, ["K", "a", None, "3"], ["K", "b", None, "4"], base[3]]
    copy = [HEAD, ["K", "x", None, "1"], ["K", "y", None, "2"], base[3]]
    result, table = merged(version("ours", *ours), version("a", *copy), base=base)
    assert table == ours
    assert [(str(one.kind), one.key, [cell.value for cell in one.theirs[0].cells]) for one in result.conflicts] == [
        ("row", "K", ["K", "x", "1"]),
        ("row", "K", ["K", "y", "2"]),
    ]
    result, table = merged(version("ours", *base), version("a", *copy), base=base)
    assert sorted(map(str, table)) == sorted(map(str, copy))


def test_a_key_typed_twice_in_a_copy_is_asked_for_and_empties_no_row() -> None:
    base = [[*HEAD, "Length"], *([*row, length] for row, length in zip(BASE[1:], [5, 3, 5], strict=True))]
    formulas = {(row, 4): f"LEN(B{row})" for row in (2, 3, 4)}

    def counted(name: str, *changes: tuple[int, int, object], computed: bool = True) -> Version:
        one = edited(name, *changes, rows=base).pages[0]
        rows = {row: cells if computed else (*cells[:4], None) for row, cells in one.rows.items()}
        return Version(name, (replace(one, rows=rows, formulas=formulas),))

    for computed in (True, False):
        result = merge(counted("b"), counted("ours"), [counted("a", (3, 0, "AC-002"), computed=computed)])
        assert (result.gone, result.rows, result.edits) == ((), (), ())
        assert told(result.conflicts) == [("cell", "AC-002", "Control ID", "AC-003", "AC-003", "a: AC-002")]
        result = merge(counted("b"), counted("ours"), [counted("a", (3, 0, "AC-002"), (3, 1, "Zoe"), computed=computed)])
        assert (result.gone, result.rows, result.edits) == ((), (), ())
        assert [(str(one.kind), one.key) for one in result.conflicts] == [("row deleted", "AC-003"), ("row", "AC-002")]


def test_a_row_without_a_key_is_followed_only_where_nothing_else_could_be_meant() -> None:
    base = [*BASE, [None, "Total", None, "3"]]
    result, table = merged(version("ours", *base), version("a", *BASE, [None, "Total", None, "4"]), base=base)
    assert (table[4], result.conflicts) == ([None, "Total", None, "4"], ())


def test_unknown_sheets_are_keyed_by_a_column_whose_cells_are_unique() -> None:
    head, rows = ["Ref", "Risk"], [["r1", "high"], ["r2", "low"], ["r3", "low"]]
    base, ours, theirs = (
        Version(name, (page("Risks", [head, *table], known=False),))
        for name, table in (("b", rows), ("o", rows), ("t", [["r3", "low"], ["r1", "medium"], ["r4", "low"], ["r2", "low"]]))
    )
    result = merge(base, ours, [theirs])
    assert [(edit.cell, edit.new) for edit in result.edits] == [("B2", "medium")]
    assert [row.key for row in result.rows] == ["r4"]


def test_entries_that_several_people_added_to_a_log_are_all_added_once() -> None:
    head, old = ["Decided by", "Control ID", "Decision"], [["Ann", "HP-03", "accept"], ["Ann", "HP-03", "reject"]]
    new = [["Ben", "HP-03", "accept"], ["Cy", "HP-03", "accept"], ["Cy", "HP-04", "accept"]]
    base, ours, a, b = (
        Version(name, (replace(page("Decision log", [head, *old, *rows]), log=True),))
        for name, rows in (("base", []), ("ours", new[:1]), ("a", new[:2]), ("b", new[1:]))
    )
    result = merge(base, ours, [a, b])
    assert (result.edits, result.gone, result.conflicts, result.findings) == ((), (), (), ())
    assert [([cell.value for cell in row.cells], row.by) for row in result.rows] == [(new[1], ("a", "b")), (new[2], ("b",))]


def test_an_unknown_sheet_without_such_a_column_is_compared_by_place_and_says_so_where_it_grew() -> None:
    rows = [["x", "y"], ["a", "1"], ["a", "1"], ["b", "1"]]
    base, ours = (Version(name, (page("Sheet1", rows, known=False),)) for name in "bo")
    same_shape = Version("t", (page("Sheet1", [*rows[:3], ["c", "1"]], known=False),))
    result = merge(base, ours, [same_shape])
    assert ([(edit.cell, edit.new) for edit in result.edits], result.findings) == ([("A4", "c")], ())
    grown = Version("t", (page("Sheet1", [*rows[:3], ["c", "1"], ["d", "1"]], known=False),))
    result = merge(base, ours, [grown])
    assert ([(edit.cell, edit.new) for edit in result.edits], len(result.rows)) == ([("A4", "c")], 1)
    assert ["no column of Sheet1 identifies its rows" in one.message for one in result.findings] == [True]


def test_sheets_that_only_a_copy_has_or_has_no_more_are_said() -> None:
    base = version("b", Controls=BASE, Notes=[["Topic"], ["x"]])
    result = merge(base, replace(base, name="o"), [version("a", Controls=BASE, Ideas=[["Idea", "By"], ["y", "z"]])])
    assert [(one.name, one.by) for one in result.sheets] == [("Ideas", "a")]
    assert [one.message for one in result.findings] == ["a no longer has the sheet Notes; it is kept"]


def test_a_sheet_that_the_base_has_not_is_compared_with_ours_directly() -> None:
    base, new = version("b", Controls=BASE), [["Control ID", "Owner"], ["X", "Alice"]]
    ours, theirs = version("o", Controls=BASE, More=new), version("a", Controls=BASE, More=[new[0], ["X", "Bob"], ["Y", "Eve"]])
    result = merge(base, ours, [theirs])
    assert told(result.conflicts) == [("cell", "X", "Owner", None, "Alice", "a: Bob")]
    assert [row.key for row in result.rows] == ["Y"]


def test_edits_of_a_sheet_that_ours_deleted_are_conflicts() -> None:
    base = version("b", Controls=BASE, More=[["Control ID", "Owner"], ["X", "Alice"]])
    theirs = version("a", Controls=BASE, More=[["Control ID", "Owner"], ["X", "Bob"], ["Y", "Eve"]])
    result = merge(base, version("o", Controls=BASE), [theirs])
    assert [(str(one.kind), one.sheet, one.key) for one in result.conflicts] == [
        ("row edited", "More", "X"),
        ("row", "More", "Y"),
    ]
    assert (result.edits, result.rows) == ((), ())


def test_formulas_stay() -> None:
    table = [["Control ID", "Count"], ["A", 3], ["B", 4]]

    def counted(name: str, value: float, formula: str | None = "COUNTIF(X1:X9,1)") -> Version:
        one = page("Controls", [table[0], ["A", value], ["B", 4]])
        return Version(name, (replace(one, formulas={(2, 1): formula} if formula is not None else {}),))

    base, ours = counted("b", 3), counted("o", 3)
    assert merge(base, ours, [counted("t", 5)]).edits == ()
    result = merge(base, ours, [counted("t", 5, "SUM(Z1:Z2)")])
    assert [(str(one.kind), one.ours.formula, one.theirs[0].formula) for one in result.conflicts] == [
        ("formula", "=COUNTIF(X1:X9,1)", "=SUM(Z1:Z2)")
    ]
    assert [edit.new for edit in merge(base, ours, [counted("t", 5, None)]).edits] == [5]


def test_two_versions_of_one_name_are_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="names of their own"):
        merge(version("b", *BASE), version("x", *BASE), [version("x", *BASE)])


# --- the laws ------------------------------------------------------------------------------------------------------------------------

_KEYS = [f"AC-{number:03}" for number in range(1, 9)]
_NEW = [f"NEW-{number}" for number in range(4)]
_IDS = ["A.5.15", "A.5.16", "A.5.17", "A.8.1", "A.8.2"]
_CELL = {
    1: st.sampled_from([None, "Alice", "Bob", "Carol"]),
    2: st.lists(st.sampled_from(_IDS), unique=True, max_size=3).map(lambda ids: ", ".join(ids) or None),
    3: st.sampled_from([None, "x", "y", 1, 2.5, True]),
}
_OWN = {1: st.integers(1, 10**6).map(str), 2: _CELL[2], 3: st.integers(1, 10**6).map(str)}
"""Texts that nobody else types."""


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    keys = draw(st.lists(st.sampled_from(_KEYS), unique=True, min_size=1, max_size=6))
    return [HEAD, *([key, draw(_CELL[1]), draw(_CELL[2]), draw(_CELL[3])] for key in keys)]


@st.composite
def edits(draw: st.DrawFn, table: list[list[object]], *, renames: bool = True, own: bool = False) -> list[list[object]]:
    """A copy of the table, edited as people do."""
    cell = _OWN if own else _CELL
    rows = [list(row) for row in table[1:]]
    for _ in range(draw(st.integers(0, 4))):
        what = draw(st.sampled_from(["cell", "cell", "cell", "delete", "add", "rename"]))
        if what == "add":
            key = draw(st.sampled_from([key for key in _NEW if all(row[0] != key for row in rows)] or ["NEW-9"]))
            rows.append([key, draw(cell[1]), draw(cell[2]), draw(cell[3])])
        elif rows and what == "cell":
            column = draw(st.integers(1, 3))
            draw(st.sampled_from(rows))[column] = draw(cell[column])
        elif len(rows) > 1 and what == "delete":
            rows.remove(draw(st.sampled_from(rows)))
        elif rows and renames:
            draw(st.sampled_from(rows))[0] = draw(st.sampled_from([key for key in _KEYS if all(row[0] != key for row in rows)]))
    random.Random(draw(st.integers(0, 9))).shuffle(rows)
    columns = draw(st.permutations(range(4)))
    table = [[row[at] for at in columns] for row in (HEAD, *rows)]
    if draw(st.booleans()):
        table = [[*row, extra] for row, extra in zip(table, ["Extra", *(draw(cell[1]) for _ in rows)], strict=True)]
    return table


@st.composite
def cases(
    draw: st.DrawFn, *, renames: bool = True, own: bool = False
) -> tuple[list[list[object]], list[list[object]], list[list[object]], list[list[object]]]:
    base = draw(tables())
    return base, *(draw(edits(base, renames=renames, own=own)) for _ in range(3))


def said(one: Page) -> list[dict[str, object]]:
    return content(one)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_what_one_side_alone_did_is_the_result(case: tuple[list[list[object]], ...]) -> None:
    base, x = version("b", *case[0]), case[1]
    assume({row[0] for row in case[0][1:]} & {row[x[0].index(HEAD[0])] for row in x[1:]})  # else it may be no copy of the base
    for ours, theirs in ((x, case[0]), (case[0], x), (x, x)):
        own = version("o", *ours)
        result = merge(base, own, [version("t", *theirs)])
        assert said(applied(result, own).pages[0]) == said(version("x", *x).pages[0])
        assert result.conflicts == ()


@settings(max_examples=120, deadline=None)
@given(cases(renames=False))
def test_conflicts_are_symmetric(case: tuple[list[list[object]], ...]) -> None:
    base, x, y = (version(name, *table) for name, table in zip("bxy", case, strict=False))
    found = [
        {(one.column, frozenset((side.version, side.place) for side in (one.ours, *one.theirs))) for one in result.conflicts}
        for result in (merge(base, x, [y]), merge(base, y, [x]))
    ]
    assert found[0] == found[1]


@settings(max_examples=120, deadline=None)
@given(cases(own=True))
def test_nothing_that_anybody_typed_is_lost(case: tuple[list[list[object]], ...]) -> None:
    base, ours = version("b", *case[0]), version("o", *case[1])
    theirs = [version("t", *case[2]), version("u", *case[3])]
    result = merge(base, ours, theirs)
    kept = values(applied(result, ours).pages[0])
    for one in result.conflicts:
        for side in (one.ours, *one.theirs):
            kept |= {normal(cell.value, _PLAIN) for cell in side.cells} | {normal(side.value, _PLAIN)}
            kept |= {name for value in (side.value, *(cell.value for cell in side.cells)) for name in cited(value, _ISO)}
    for copy in (ours, *theirs):
        assert values(copy.pages[0]) - values(base.pages[0]) - {None} <= kept


_PLAIN, _ISO = page("x", [HEAD]).columns[1], page("x", [HEAD]).columns[2]


def values(one: Page) -> set[object]:
    """Every value of a sheet; of cells with ids every id."""
    found: set[object] = set()
    for row in one.rows.values():
        for value, column in zip(row, one.columns, strict=True):
            found |= set(cited(value, column)) if column.ids else {normal(value, _PLAIN)}
    return found


@settings(max_examples=120, deadline=None)
@given(cases())
def test_the_order_of_the_copies_decides_nothing(case: tuple[list[list[object]], ...]) -> None:
    base, ours, t, u = (version(name, *table) for name, table in zip("botu", case, strict=True))
    assert merge(base, ours, [t, u]) == merge(base, ours, [u, t])
