"""Written ids: what a cell says → which requirements it cites."""

from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.frameworks import TITLES, citing, index
from workbench.frameworks.ids import REMARKS, canonical, decide_edition, near, parse
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2

FRAMEWORKS = ("", SOC2, ISO_UNDECIDED, ISO2022, ISO2013)
ASSESSABLE = [(framework, name) for framework in TITLES for name, entry in index(framework).items() if entry.assessable]
GROUPS = [(framework, name) for framework in TITLES for name, entry in index(framework).items() if not entry.assessable]
KNOWN = {name for _, name in ASSESSABLE + GROUPS}


def said(value, framework="", number_format=""):
    """(id, framework, remark, title) of each citation, the framework left out where it is the column's."""
    return [
        (cited.id, "" if cited.framework == framework else cited.framework, cited.remark, cited.title)
        for cited in parse(value, framework, number_format=number_format)
    ]


def ids(value, framework=""):
    return [cited.id for cited in parse(value, framework)]


def only(value, framework="", number_format=""):
    """(id, remark, candidates) of the only citation."""
    (cited,) = parse(value, framework, number_format=number_format)
    return cited.id, cited.remark, cited.candidates


def below(framework, group):
    return [name for name, entry in index(framework).items() if entry.parent == group]


# --- one id ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["CC6.1", "cc 6.1", "Cc6.1", "CC-6.1", "CC.6.1", "CC_6.1", "CC\u00a06.1", "  CC6.1\u00a0", "TSC CC6.1", "SOC2 CC6.1", "SOC 2: CC6.1",
     "SOC 2 - CC6.1", "(CC6.1)", "[CC6.1]", '"CC6.1"', "CC6.1.", "• CC6.1", "- CC6.1", "1. CC6.1", "Criterion CC6.1", "see CC6.1", "CC6.1*", "CC6.1 ✓", "CC\u20036.1", "（CC6.1）"],
)  # fmt: skip
def test_soc2_id_is_exact_however_it_is_dressed(written):
    assert said(written, SOC2) == [("CC6.1", "", "exact", "")]
    assert said(written) == [("CC6.1", SOC2, "exact", "")]


@pytest.mark.parametrize(
    "written",
    ["A.5.10", "A5.10", "a.5.10", "A 5.10", "A-5.10", "A. 5.10", "Annex A 5.10", "annex a.5.10", "Annex A: 5.10", "Annex A.5.10", "ISO27001:2022 A.5.10",
     "ISO/IEC 27001:2022 A.5.10", "ISO 27001 A.5.10", "27001 A.5.10", "ISO 27002 5.10", "ISO 27002:2022 5.10", "Control A.5.10", "(A.5.10)", "A.5.10 a)",
     "A.5.10(b)", "A.5.10c", "A.5.10 (2022)", "Clause A.5.10", "ISO/IEC 27001:2022 Annex A 5.10"],
)  # fmt: skip
def test_annex_a_id_is_exact_however_it_is_dressed(written):
    assert said(written, ISO2022) == [("A.5.10", "", "exact", "")]


@pytest.mark.parametrize(
    "written",
    ["Clause 6.1.2", "clause 6.1.2", "Cl. 6.1.2", "cl 6.1.2", "§6.1.2", "§ 6.1.2", "ISMS 6.1.2", "Clause 6.1.2 a)", "clause 6.1.2 (c)", "Clause 6.1.2d",
     "Clause 6.1.2 c) 1)", "Clauses 6.1.2", "ISO 27001:2022 Clause 6.1.2"],
)  # fmt: skip
def test_clause_is_exact_and_list_letters_are_dropped(written):
    assert said(written, ISO2022) == [("Clause 6.1.2", "", "exact", "")]


@pytest.mark.parametrize(
    ("written", "framework", "meant"),
    [
        ("CC6.01", SOC2, "CC6.1"), ("CC06.1", SOC2, "CC6.1"), ("A.05.10", ISO2022, "A.5.10"), ("CC6-1", SOC2, "CC6.1"), ("CC6–1", SOC2, "CC6.1"),
        ("CC6..1", SOC2, "CC6.1"), ("A..5.10", ISO2022, "A.5.10"), ("A.9.2-1", ISO2013, "A.9.2.1"), ("CC61", SOC2, "CC6.1"), ("A.1.1", SOC2, "A1.1"),
        ("Pl1.1", SOC2, "PI1.1"), ("P11.1", SOC2, "PI1.1"), ("CC6.l", SOC2, "CC6.1"), ("CCI.1", SOC2, "CC1.1"), ("AI.2", SOC2, "A1.2"),
        ("A.5.1O", ISO2022, "A.5.10"), ("A.l8.2.3", ISO2013, "A.18.2.3"), ("C.6.1.2", ISO2022, "Clause 6.1.2"),
        ("СС6.1", SOC2, "CC6.1"), ("А1.2", SOC2, "A1.2"), ("А.5.15", ISO2022, "A.5.15"), ("Р6.1", SOC2, "P6.1"), ("РІ1.1", SOC2, "PI1.1"), ("Ϲ1.1", SOC2, "C1.1"),
        ("ＣＣ６．１", SOC2, "CC6.1"), ("CC6․1", SOC2, "CC6.1"), ("CC6·1", SOC2, "CC6.1"), ("CC6。1", SOC2, "CC6.1"), ("CC٦.١", SOC2, "CC6.1"),
        ("CC6\u200b.1", SOC2, "CC6.1"), ("CC6.\u200c1", SOC2, "CC6.1"), ("CC\u00ad6.1", SOC2, "CC6.1"), ("\ufeffCC6.1", SOC2, "CC6.1"),
        ("CC6.1\u200d", SOC2, "CC6.1"), ("CC6.1¹", SOC2, "CC6.1"),
    ],
)  # fmt: skip
def test_what_is_misspelt_in_one_way_only_is_repaired(written, framework, meant):
    assert [row[::2] for row in said(written, framework)] == [(meant, "repaired")]


@pytest.mark.parametrize(
    ("written", "framework", "group", "edition"),
    [
        ("CC6", SOC2, "CC6", SOC2), ("CC 6", SOC2, "CC6", SOC2), ("CC6.0", SOC2, "CC6", SOC2), ("P1.0", SOC2, "P1", SOC2), ("P1", SOC2, "P1", SOC2), ("A1", SOC2, "A1", SOC2),
        ("PI1", SOC2, "PI1", SOC2), ("Availability", SOC2, "A1", SOC2), ("processing integrity", SOC2, "PI1", SOC2),
        ("A.17", ISO2022, "A.17", ISO2013), ("A.9.1", ISO2022, "A.9.1", ISO2013), ("A.9", ISO2022, "A.9", ISO2013), ("A.5", ISO2022, "A.5", ISO2022), ("A5", ISO2022, "A.5", ISO2022),
        ("A.5", ISO2013, "A.5", ISO2013), ("A.8.2", ISO2013, "A.8.2", ISO2013), ("ISO 27001 A.8.2", ISO2013, "A.8.2", ISO2013), ("A.8.2 (2013)", ISO2022, "A.8.2", ISO2013), ("ISO 27001:2013 A.8.2", ISO2022, "A.8.2", ISO2013),
        ("Clause 4", ISO2022, "Clause 4", ISO2022), ("Clause 6.1", ISO2022, "Clause 6.1", ISO2022), ("§ 9.2", ISO2022, "Clause 9.2", ISO2022),
        ("CC6", "", "CC6", SOC2), ("A.17", "", "A.17", ISO2013), ("P1", "", "P1", SOC2),
    ],
)  # fmt: skip
def test_groups_are_cited_as_groups(written, framework, group, edition):
    assert [(c.id, c.framework, c.remark) for c in parse(written, framework)] == [(group, edition, "group")]


@pytest.mark.parametrize(
    "written",
    ["CC6.1-POF3", "CC6.1.3", "CC6.1 POF 3", "CC6.1 POF3", "cc6.1.3", "CC6.1_POF3", "CC6.1 (POF 3)", "CC6.1 Point of focus 3"],
)
def test_points_of_focus_roll_up_to_the_criterion(written):
    assert said(written, SOC2) == [("CC6.1", "", "point of focus", "")]


def test_look_alike_series_stay_apart():
    assert ids("A1.1, C1.1, CC1.1, P1.1, PI1.1", SOC2) == ["A1.1", "C1.1", "CC1.1", "P1.1", "PI1.1"]
    assert only("A.1.1", ISO2022)[:2] == ("", "unknown")
    assert near("A.1.1", ISO2022)[0] == "A1.1"


@pytest.mark.parametrize(
    ("written", "framework", "edition", "candidates"),
    [
        ("A.5.38", ISO2022, ISO2022, ("A.5.37", "A.5.36", "A.5.35")), ("A.6.9", ISO2022, ISO2022, ("A.6.8", "A.6.7", "A.6.6")),
        ("A.19.1", ISO2022, ISO2022, ("A.18.1", "A.17.1", "A.16.1")), ("A.9.8", ISO2022, ISO2013, ("A.9.4", "A.9.3", "A.9.2")),
        ("A.19", ISO2022, ISO2022, ("A.18", "A.17", "A.16")), ("CC10", SOC2, SOC2, ("CC1",)), ("Clause 11", ISO2022, ISO2022, ("A.11", "Clause 10")),
        ("we do A.5.38 here", ISO2022, ISO2022, ("A.5.37", "A.5.36", "A.5.35")), ("Annex A 5.38", ISO2022, ISO2022, ("A.5.37", "A.5.36", "A.5.35")), ("A.9.2.7", ISO2022, ISO2013, ("A.9.2.6", "A.9.2.5", "A.9.2.4")),
        ("A.4.1", ISO2022, ISO2022, ("Clause 4.1", "A.5.1", "A.6.1")), ("Clause 9.4.1", ISO2022, ISO2022, ("A.9.4.1", "Clause 9.3.1", "Clause 9.2.1")),
        ("A.5.15.1", ISO2022, ISO2013, ("A.5.15", "A.5.14", "A.5.16")), ("CC6.9", SOC2, SOC2, ("CC6.8", "CC6.7", "CC6.6")), ("CC10.1", SOC2, SOC2, ("CC1.1",)),
        ("PP1.1", SOC2, SOC2, ("P1.1", "PI1.1")), ("PP1.3", SOC2, SOC2, ("PI1.3",)), ("C6.5", SOC2, SOC2, ("CC6.5", "P6.5")),
        ("C6.5.1", SOC2, SOC2, ("CC6.5", "P6.5")), ("CC6.10", SOC2, SOC2, ("CC6.1",)), ("5.38", ISO2022, ISO2022, ("A.5.37", "A.5.36", "A.5.35")),
    ],
)  # fmt: skip
def test_ids_that_do_not_exist_are_unknown_and_near_ones_named(written, framework, edition, candidates):
    (cited,) = parse(written, framework)
    assert (cited.id, cited.remark, cited.framework, cited.candidates) == ("", "unknown", edition, candidates)


def test_prose_is_searched_for_ids_and_only_unmistakable_ones_are_read():
    assert ids("We apply CC6, A.17 and A.5.15 to a P1 or a 5.1 event (TLS 1.2)") == ["CC6", "A.17", "A.5.15"]
    assert ids("We apply CC6 and A5.15, not P6.9", SOC2) == ["CC6", "A.5.15"]


def test_ids_of_another_framework_are_read_as_what_they_are():
    assert said("CC6.1, A.5.15, A.9.2.1", ISO2022) == [
        ("CC6.1", SOC2, "exact", ""),
        ("A.5.15", "", "exact", ""),
        ("A.9.2.1", ISO2013, "exact", ""),
    ]


def test_edition_of_two_part_ids_is_the_columns():
    assert said("A.8.2", ISO2022) == [("A.8.2", "", "exact", "")]
    assert said("A.8.2", ISO2013) == [("A.8.2", "", "group", "")]
    assert said("A.5.15", ISO2013) == [("A.5.15", ISO2022, "exact", "")]


# --- numbers without letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "framework", "expected"),
    [
        ("5.10", ISO2022, ("A.5.10", "bare", ())),
        ("5.1", ISO2022, ("A.5.1", "bare", ("A.5.1", "Clause 5.1"))),
        ("4.1", ISO2022, ("Clause 4.1", "bare", ())),
        ("9.1", ISO2022, ("Clause 9.1", "bare", ("Clause 9.1", "A.9.1"))),
        ("6.1.1", ISO2022, ("Clause 6.1.1", "bare", ("Clause 6.1.1", "A.6.1.1"))),
        ("6.1.3 d)", ISO2022, ("Clause 6.1.3", "bare", ("Clause 6.1.3", "A.6.1.3"))),
        ("9.4.1", ISO2022, ("A.9.4.1", "bare", ())),
        ("6.1.1", ISO2013, ("A.6.1.1", "bare", ("A.6.1.1", "Clause 6.1.1"))),
        ("9.1", ISO2013, ("A.9.1", "group", ("A.9.1", "Clause 9.1"))),
        ("6.1.1", ISO_UNDECIDED, ("", "ambiguous", ("Clause 6.1.1", "A.6.1.1"))),
        ("9.2.1", ISO_UNDECIDED, ("", "ambiguous", ("Clause 9.2.1", "A.9.2.1"))),
        ("9.4.1", ISO_UNDECIDED, ("A.9.4.1", "bare", ())),
        ("5.1", ISO_UNDECIDED, ("A.5.1", "bare", ("A.5.1", "Clause 5.1"))),
        ("5", ISO2022, ("", "ambiguous", ("A.5", "Clause 5"))),
        ("6.1", SOC2, ("", "ambiguous", ("CC6.1", "P6.1"))),
        ("1.1", SOC2, ("", "ambiguous", ("CC1.1", "A1.1", "C1.1", "PI1.1", "P1.1"))),
        ("9.1", SOC2, ("CC9.1", "bare", ())),
        ("5.10", "", ("", "text", ())),
        ("Control 5.15", ISO2022, ("A.5.15", "bare", ())),
        ("policy 4.2", ISO2022, ("", "text", ())),
        ("5 controls", ISO2022, ("", "text", ())),
        ("PCI 8.2.1, 8.3", ISO2022, ("", "text", ())),
        ("TLS 1.2", SOC2, ("", "text", ())),
    ],
)
def test_a_number_has_the_meaning_that_its_column_gives_it(written, framework, expected):
    assert only(written, framework) == expected


@pytest.mark.parametrize(
    ("value", "number_format", "framework", "expected"),
    [
        (5.1, "General", ISO2022, ("", "number", ("A.5.1", "A.5.10"))),
        (5.1, "", ISO_UNDECIDED, ("", "number", ("A.5.1", "A.5.10"))),
        (5.1, "0.0", ISO2022, ("", "number", ("A.5.1", "A.5.10"))),
        (5.1, "0.000", ISO2022, ("", "number", ("A.5.1", "A.5.10"))),
        (5.1, "0.00", ISO2022, ("A.5.10", "number", ())),
        (5.1, "#,##0.00", ISO2022, ("A.5.10", "number", ())),
        (5.1, "0.00_ ", ISO2022, ("A.5.10", "number", ())),
        (5.1, '"A."0.00;[Red]-0.00', ISO2022, ("A.5.10", "number", ())),
        (5.15, "General", ISO2022, ("A.5.15", "number", ())),
        (8.2, "General", ISO2022, ("", "number", ("A.8.2", "A.8.20"))),
        (7.14, "General", ISO2022, ("A.7.14", "number", ())),
        (7.4, "General", ISO2022, ("A.7.4", "number", ("A.7.4", "Clause 7.4"))),
        (5.1000000000000005, "General", ISO2022, ("", "number", ("A.5.1", "A.5.10"))),
        (8.2999999, "General", ISO2022, ("", "number", ("A.8.3", "A.8.30"))),
        (5, "General", ISO2022, ("", "number", ("A.5", "Clause 5"))),
        (5.0, "0.0", ISO2022, ("", "number", ("A.5", "Clause 5"))),
        (4, "General", ISO2022, ("Clause 4", "number", ())),
        (4.1, "General", ISO2022, ("Clause 4.1", "number", ())),
        (9.1, "General", ISO2013, ("A.9.1", "number", ("A.9.1", "Clause 9.1"))),
        (8.1, "General", ISO2013, ("A.8.1", "number", ("A.8.1", "Clause 8.1"))),
        (12.1, "General", ISO2013, ("A.12.1", "number", ())),
        (6.1, "General", SOC2, ("", "number", ("CC6.1", "P6.1"))),
        (9.1, "General", SOC2, ("CC9.1", "number", ())),
        (5.38, "General", ISO2022, ("", "unknown", ("A.5.37", "A.5.36", "A.5.35"))),
        (5.1, "General", "", ("", "text", ())),
        (2024, "General", ISO2022, ("", "text", ())),
        (-5.1, "General", ISO2022, ("", "text", ())),
        (True, "", ISO2022, ("", "text", ())),
        (float("inf"), "", ISO2022, ("", "text", ())),
        (1000.5, "", ISO2022, ("", "text", ())),
    ],
)
def test_number_cells_are_read_only_where_one_reading_is_left(value, number_format, framework, expected):
    assert only(value, framework, number_format) == expected


@pytest.mark.parametrize(
    ("value", "framework", "candidates"),
    [
        (dt.date(2025, 10, 5), ISO2022, ("A.5.10",)),
        (dt.datetime(2025, 5, 10), ISO2022, ("A.5.10",)),  # noqa: DTZ001 - Excel knows no time zones
        (dt.date(2003, 2, 18), ISO2013, ("A.18.2.3",)),
        (dt.date(2003, 2, 18), ISO2022, ("A.18.2.3",)),
        (dt.date(2009, 2, 1), ISO2013, ("A.9.2.1", "Clause 9.2.1")),
        (dt.date(1937, 5, 1), ISO2022, ("A.5.1", "Clause 5.1", "A.5.37")),
        (dt.date(2025, 1, 6), SOC2, ("CC6.1", "P6.1")),
        (dt.date(2025, 12, 31), ISO2022, ()),
        ("2025-10-05", ISO2022, ("A.5.10",)),
        ("2025-10-05 00:00:00", ISO2022, ("A.5.10",)),
        ("5-Oct", ISO2022, ("A.5.10",)),
        ("Oct-05", ISO2022, ("A.5.10",)),
    ],
)
def test_dates_give_the_ids_they_may_have_been_and_choose_none(value, framework, candidates):
    assert only(value, framework) == ("", "date", candidates)


# --- lists, ranges, wildcards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "framework", "expected"),
    [
        ("CC6.1, CC6.2;CC6.3|CC6.4\nCC6.5/CC6.6 & CC6.7 and CC6.8 und CC7.1 + CC7.2\tCC7.3", SOC2,
         ["CC6.1", "CC6.2", "CC6.3", "CC6.4", "CC6.5", "CC6.6", "CC6.7", "CC6.8", "CC7.1", "CC7.2", "CC7.3"]),
        ("CC6.1 CC6.2  CC6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1CC6.2A1.1", SOC2, ["CC6.1", "CC6.2", "A1.1"]),
        ("CC6.1,, ;CC6.2,", SOC2, ["CC6.1", "CC6.2"]),
        ("- CC6.1\n- CC6.2\n- CC6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("1. CC6.1\n2. CC6.2", SOC2, ["CC6.1", "CC6.2"]),
        ("CC6.1, CC6.1", SOC2, ["CC6.1", "CC6.1"]),
        ("CC6.1, 6.2, 6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1, .2, .3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1, 2 and 3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1 & A1.2; 1.3", SOC2, ["CC6.1", "A1.2", "A1.3"]),
        ("A.9.2.1, 2, 3", ISO2022, ["A.9.2.1", "A.9.2.2", "A.9.2.3"]),
        ("A.5.15/16", ISO2022, ["A.5.15", "A.5.16"]),
        ("A.5.15 & 5.18, 8.2", ISO2022, ["A.5.15", "A.5.18", "A.8.2"]),
        ("Clause 6.1.2, 6.1.3", ISO2022, ["Clause 6.1.2", "Clause 6.1.3"]),
        ("Clauses 4, 5 and 6", ISO2022, ["Clause 4", "Clause 5", "Clause 6"]),
        ("A.9.2.1 → A.5.16", ISO2022, ["A.9.2.1", "A.5.16"]),
        ("Annex A.5.1 - A1.2", ISO2022, ["A.5.1", "A1.2"]),
        ("é CC6.1\tCC6.2", SOC2, ["CC6.1", "CC6.2"]),
        ("A.9.2.1 - A.5.16", ISO2022, ["A.9.2.1", "A.5.16"]),
        ("ISO 27001:2013 A.9.2.1 / ISO 27001:2022 A.5.16", ISO_UNDECIDED, ["A.9.2.1", "A.5.16"]),
        ("See CC6.1 and policy 4.2", SOC2, ["CC6.1"]),
        ("CC6.1, 2 factor authentication", SOC2, ["CC6.1"]),
    ],
)  # fmt: skip
def test_lists_are_split_and_short_forms_filled_in(written, framework, expected):
    assert ids(written, framework) == expected


def test_a_number_after_an_id_is_said_to_be_bare_and_never_guessed():
    assert [cited.remark for cited in parse("CC6.1, 6.2", SOC2)] == ["exact", "bare"]
    assert [(c.id, c.remark, c.candidates) for c in parse("A.5.15, 9.2.1", ISO2022)][1] == (
        "",
        "ambiguous",
        ("Clause 9.2.1", "A.9.2.1"),
    )


@pytest.mark.parametrize(
    ("written", "framework", "expected"),
    [
        ("CC6.1-CC6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1–6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1 - 6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1-3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("CC6.1 through CC6.3", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("ＣＣ６.１—６.３", SOC2, ["CC6.1", "CC6.2", "CC6.3"]),
        ("A.5.1 to A.5.4", ISO2022, ["A.5.1", "A.5.2", "A.5.3", "A.5.4"]),
        ("A.5.1 bis A.5.4", ISO2013, ["A.5.1", "A.5.2", "A.5.3", "A.5.4"]),
        ("5.1-5.4", ISO2022, ["A.5.1", "A.5.2", "A.5.3", "A.5.4"]),
        ("A.5.25–A.5.27", ISO2022, ["A.5.25", "A.5.26", "A.5.27"]),
        ("A.9.2.1-A.9.2.3", ISO2022, ["A.9.2.1", "A.9.2.2", "A.9.2.3"]),
        ("Clauses 6.1.1 - 6.1.3", ISO2022, ["Clause 6.1.1", "Clause 6.1.2", "Clause 6.1.3"]),
        ("CC9.*", SOC2, ["CC9.1", "CC9.2"]),
        ("CC9.x", SOC2, ["CC9.1", "CC9.2"]),
        ("CC9 (all)", SOC2, ["CC9.1", "CC9.2"]),
        ("A.9.1.*", ISO2022, ["A.9.1.1", "A.9.1.2"]),
        ("A.8.2.*", ISO2022, ["A.8.2.1", "A.8.2.2", "A.8.2.3"]),
        ("A.6.x", ISO2022, [f"A.6.{number}" for number in range(1, 9)]),
    ],
)
def test_ranges_and_wildcards_are_expanded(written, framework, expected):
    found = parse(written, framework)
    assert [cited.id for cited in found] == expected
    assert {(cited.remark, cited.text) for cited in found} == {("expanded", written)}


@pytest.mark.parametrize(
    ("written", "framework", "candidates"),
    [
        ("CC6.1-CC7.2", SOC2, ("CC6.1", "CC7.2")),
        ("CC6.3-CC6.1", SOC2, ("CC6.3", "CC6.1")),
        ("CC6.1-CC6.12", SOC2, ("CC6.1",)),
        ("A.5.36-A.6.2", ISO2022, ("A.5.36", "A.6.2")),
        ("A.9.2.1 to A.9.4.5", ISO2022, ("A.9.2.1", "A.9.4.5")),
    ],
)
def test_ranges_across_groups_reversed_or_without_an_end_are_refused(written, framework, candidates):
    assert only(written, framework) == ("", "range", candidates)


@pytest.mark.parametrize(
    ("written", "framework", "expected"),
    [
        ("CC1-CC5", SOC2, ["CC1", "CC2", "CC3", "CC4", "CC5"]),
        ("Clauses 4-10", ISO2022, ["Clause 4", "Clause 5", "Clause 6", "Clause 7", "Clause 8", "Clause 9", "Clause 10"]),
        ("A.5–A.8", ISO2022, ["A.5", "A.6", "A.7", "A.8"]),
        ("A.8.1 (2013) - A.8.3", ISO2022, ["A.8.1", "A.8.2", "A.8.3"]),
        ("A.9-A.12", ISO2022, ["A.9", "A.10", "A.11", "A.12"]),
        ("Privacy", SOC2, ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"]),
    ],
)
def test_a_range_of_groups_cites_the_groups(written, framework, expected):
    assert [(cited.id, cited.remark) for cited in parse(written, framework)] == [(name, "group") for name in expected]


@pytest.mark.parametrize(
    ("written", "framework", "candidates"),
    [
        ("CC6-8", SOC2, ("CC6.8", "CC6", "CC7", "CC8")),
        ("A.5-7", ISO2022, ("A.5.7", "A.5", "A.6", "A.7")),
        ("CC6,1", SOC2, ("CC6.1", "CC1")),
        ("A.5,10", ISO2022, ("A.5.10", "A.10")),
    ],
)
def test_a_hyphen_or_comma_that_may_be_a_dot_is_ambiguous(written, framework, candidates):
    assert only(written, framework) == ("", "ambiguous", candidates)


# --- titles and prose ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "framework", "expected"),
    [
        ("A.5.15 Access control", ISO2022, [("A.5.15", "Access control")]),
        ("5.15 Access control", ISO2022, [("A.5.15", "Access control")]),
        ("CC6.1 - Logical access", SOC2, [("CC6.1", "Logical access")]),
        ("A.9.2.1: User registration", ISO2013, [("A.9.2.1", "User registration")]),
        ("CC6.1 (Logical and Physical Access)", SOC2, [("CC6.1", "Logical and Physical Access")]),
        ("A.5.22 Monitoring, review and change management of supplier services", ISO2022, [("A.5.22", "Monitoring, review and change management of supplier services")]),
        ("A.5.9 Inventory of information and other associated assets, A.5.10 Acceptable use of information and other associated assets", ISO2022,
         [("A.5.9", "Inventory of information and other associated assets"), ("A.5.10", "Acceptable use of information and other associated assets")]),
        ("A.5.7 Threat intelligence and A.5.8 Information security in project management", ISO2022,
         [("A.5.7", "Threat intelligence"), ("A.5.8", "Information security in project management")]),
        ("A.8.20 Networks security / A.8.21 Security of network services", ISO2022, [("A.8.20", "Networks security"), ("A.8.21", "Security of network services")]),
        ("A.5.1 Policies\n5.2 Roles\nA.8.1 End / point 2 devices", ISO2022, [("A.5.1", "Policies"), ("A.5.2", "Roles"), ("A.8.1", "End / point 2 devices")]),
        ("A.5.9 Inventory of information\nand other associated assets", ISO2022, [("A.5.9", "Inventory of information and other associated assets")]),
        ("A.5.9 Inventory\nNot a part of it", ISO2022, [("A.5.9", "Inventory")]),
        ("A.5.9\nInventory of assets", ISO2022, [("A.5.9", "Inventory of assets")]),
        ("A.5.15 Access control (see also A.5.18)", ISO2022, [("A.5.15", "Access control"), ("A.5.18", "")]),
        ("Annex A.5.15 – Access control; Annex A.5.16 – Identity management", ISO2022, [("A.5.15", "Access control"), ("A.5.16", "Identity management")]),
        ("ISO 27001 A.9.1 (access control policy)", ISO2022, [("A.9.1", "access control policy")]),
        ("A.5.1 Policies per ISO 27001, A.5.2", ISO2022, [("A.5.1", "Policies per ISO 27001"), ("A.5.2", "")]),
        ("CC6.1, see policy", SOC2, [("CC6.1", "")]),
        ("We follow CC6.1 here", SOC2, [("CC6.1", "")]),
        ("CC6.1-CC6.2 Logical access", SOC2, [("CC6.1", ""), ("CC6.2", "")]),
        ("CC6.1 TBD", SOC2, [("CC6.1", "")]),
        ("CC6.1: n/a", SOC2, [("CC6.1", "")]),
    ],
)  # fmt: skip
def test_a_title_beside_an_id_belongs_to_it(written, framework, expected):
    assert [(cited.id, cited.title) for cited in parse(written, framework)] == expected


def test_text_is_the_piece_as_written():
    written = "ISO27001:2022  a.5.10 Use; Annex\u00a0A 5.12\nСС6.1 – 6.3, see"
    assert [cited.text for cited in parse(written, ISO2022)] == [
        "ISO27001:2022  a.5.10",
        "Annex\u00a0A 5.12",
        *["СС6.1 – 6.3"] * 3,
    ]


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "  ",
        "\u00a0",
        "-",
        "–",
        "—",
        "n/a",
        "N.A.",
        "None",
        "TBD",
        "tbc",
        "?",
        "...",
        "…",
        "#N/A",
        "#REF!",
        "not applicable",
        "Not mapped",
        float("nan"),
    ],
)
def test_blank_cells_cite_nothing(written):
    assert [parse(written, framework) for framework in FRAMEWORKS] == [()] * len(FRAMEWORKS)


@pytest.mark.parametrize(
    ("written", "framework"),
    [
        ("see policy", SOC2), ("Security", SOC2), ("Yes", ISO2022), ("✓", SOC2), ("ISO 27001:2022", ISO2022), ("SOC 2 Type II", SOC2), ("Annex A", ISO2022),
        ("NIST AC-2, PR.AC-1", SOC2), ("GDPR Art. 5.1", ISO2022), ("radio at 5.1-5.4 GHz", ISO2022), ("HIPAA 164.308(a)", ISO2022), ("A 24/7 SOC", ISO2022), ("A4 paper", ISO2022), ("a 5.1 rating", ISO2022),
        ("Clause 15.2 of the contract", ISO2022), ("DSS05.04", SOC2), ("CC6.1234", SOC2), ("v1.2", SOC2),
        ("AC-001", ""), ("A-12", ""), ("C-01", ""), ("CC-01", ""), ("P1 incidents", ""), ("Availability", ""), ("C6.5", ""), ("6.1.1", ""), ("pi 3.14", ""),
    ],
)  # fmt: skip
def test_a_cell_without_an_id_is_one_text(written, framework):
    (cited,) = parse(written, framework)
    assert (cited.text, cited.id, cited.remark, cited.framework, cited.candidates) == (written, "", "text", framework, ())


def test_a_code_of_another_catalogue_in_a_list_is_kept_as_text():
    assert said("CC6.1, AC-2, CC6.2", SOC2) == [("CC6.1", "", "exact", ""), ("", "", "text", ""), ("CC6.2", "", "exact", "")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ISO 27001:2022: A.8.24; PCI DSS: 8.2.1, 12.1", ["A.8.24"]),
        ("PCI DSS: 8.2.1; A.5.34, 5.15", ["A.5.34", "A.5.15"]),
        ("PCI DSS: 8.2.1; ISO 27001: 5.15, 5.16", ["A.5.15", "A.5.16"]),
        ("SOC 2: CC6.1; HIPAA: 164.312(a)(2)(iv); ISO 27001:2022: A.8.24", ["CC6.1", "A.8.24"]),
        ("ISO 27001 A.5.15; NIST CSF: PR.AC-1; CIS v8: 5.4", ["A.5.15"]),
        ("ISO 27001:2022 5.15; ISO 27701:2019: 6.6", ["A.5.15"]),
        ("A.8.1, A.8.2\nNIST SP 800-53 CM-8, PM-5", ["A.8.1", "A.8.2"]),
        ("CC6.1 (SOC 2), A.5.15 (ISO 27001:2022), 7.2.1 (PCI DSS)", ["CC6.1", "A.5.15"]),
        ("soc_2: cc6.1; iso_27001_2022: 5.15", ["CC6.1", "A.5.15"]),
    ],
)
@pytest.mark.parametrize("framework", ["", ISO2022])
def test_numbers_of_a_standard_that_is_named_are_no_ids_of_ours(written, expected, framework):
    assert [(cited.id, cited.title) for cited in parse(written, framework)] == [(name, "") for name in expected]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A5.38 Something else", [("", "unknown", "Something else")]),
        (
            "5.1 Policies\n6.9 – Something else\n8.35: Other",
            [("A.5.1", "bare", "Policies"), ("", "unknown", "Something else"), ("", "unknown", "Other")],
        ),
        ("8.40 hours", [("", "text", "")]),
        ("6.50 EUR", [("", "text", "")]),
    ],
)
def test_an_unknown_id_before_a_title_is_one(written, expected):
    assert [(cited.id, cited.remark, cited.title) for cited in parse(written, ISO2022)] == expected


def test_marks_of_markdown_and_line_breaks_of_html_part_ids():
    assert ids("**CC6.1**<br>**CC6**<br/>`CC6.3`", SOC2) == ["CC6.1", "CC6", "CC6.3"]
    assert ids("`A.8.32`<br>`8.4`", ISO2022) == ["A.8.32", "A.8.4"]


def test_a_category_in_a_list_is_its_group():
    assert ids("CC6.1, Availability", SOC2) == ["CC6.1", "A1"]


# --- editions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "titles", "heading", "expected"),
    [
        (["A.9.1.1", "A.9.2.1", "A.8.2"], [], "", (ISO2013, "2 of 3 ids are three-part or A.9–A.18")),
        (["A.9.1", "A.17", "A.8.2"], [], "", (ISO2013, "2 of 3 ids are three-part or A.9–A.18")),
        (["A.5.15", "A.8.24", "A.9.2.1", "A.8.2"], [], "", (ISO2022, "2 of 4 ids are in the 2022 edition only")),
        (["A.5.15, A.5.16\nA.8.2"], [], "", (ISO2022, "2 of 3 ids are in the 2022 edition only")),
        (["5.1.1", "5.1.2", "6.1.1"], [], "", (ISO2013, "2 of 3 ids are three-part or A.9–A.18")),
        (["A.8.2"], ["Information classification"], "", (ISO2013, "1 title beside an id of both editions is that of 2013")),
        (["A.8.2"], ["Privileged access rights"], "", (ISO2022, "1 title beside an id of both editions is that of 2022")),
        (["A.8.2 Information classification", "A.6.1 – Internal organisation"], [], "", (ISO2013, "2 titles beside ids of both editions are those of 2013")),
        ([8.2, 5.1], ["Information classification", ""], "", (ISO2013, "1 title beside an id of both editions is that of 2013")),
        (["A.8.2", "A.6.1"], ["Data", "People"], "", (ISO2022, "nothing tells the editions apart (A.8.2, A.6.1 could be either); 2022 is the current one")),
        (["A.9.9.9", "A.5.38", "A.17.1.1", "A.8.2"], ["", "", "", "Information classification"], "",
         (ISO2013, "1 of 2 ids is three-part or A.9–A.18 and 1 title beside an id of both editions is that of 2013")),
        (["A.9.1", "A.5.15"], [], "", (ISO2022, "as many ids of one edition as of the other; 2022 is the current one")),
        (["4.1", "9.1", "10.2", "Clause 7.5"], [], "", (ISO2022, "no id says otherwise; 2022 is the current edition")),
        ([], [], "", (ISO2022, "no id says otherwise; 2022 is the current edition")),
        (["A.5.15", "A.8.2"], [], "ISO 27001:2013", (ISO2013, "the heading says 2013")),
        ([], [], "ISO/IEC 27001 (2013)", (ISO2013, "the heading says 2013")),
        (["A.9.1.1", "A.8.2"], [], "Annex A 2022", (ISO2022, "the heading says 2022")),
        (["A.9.1.1", "A.9.2.1"], [], "ISO 27001:2022", (ISO2013, "the heading says 2022, but no id is of that edition: 2 of 2 ids are three-part or A.9–A.18")),
        (["A.9.1.1"], [], "2013 → 2022", (ISO2013, "1 of 1 ids is three-part or A.9–A.18")),
        (["A.99.9", "see policy", None, True, dt.date(2025, 12, 31)], [], "", (ISO2022, "no id says otherwise; 2022 is the current edition")),
    ],
)  # fmt: skip
def test_the_edition_of_a_column_is_decided_from_all_of_it(cells, titles, heading, expected):
    assert decide_edition([(cell, "") for cell in cells], titles, heading=heading) == expected


# --- laws ------------------------------------------------------------------------------------------------------------

PREFIXES = {
    SOC2: ("", "TSC ", "SOC 2 ", "SOC2: ", "criterion "),
    ISO2022: ("", "ISO 27001:2022 ", "ISO/IEC 27001:2022 - "),
    ISO2013: ("", "ISO 27001:2013 ", "ISO/IEC 27001:2013 "),
}
SEPARATORS = (
    ", ",
    ",",
    "; ",
    ";\n",
    "\n",
    "\r\n",
    " / ",
    "/",
    "|",
    " & ",
    " and ",
    " und ",
    " + ",
    "\t",
    "  ",
    " ",
    "\n- ",
    ", and ",
)


@st.composite
def dressed(draw, pool):
    """(framework, id, the id in some dress that changes nothing of it)."""
    framework, name = draw(st.sampled_from(pool))
    written = draw(st.sampled_from([name, name.lower(), name.upper()]))
    if name.startswith("A."):
        written = draw(
            st.sampled_from([written, f"Annex {written}", f"Annex A {name[2:]}", *([f"A{name[2:]}"] if name[2:] != "1" else [])])
        )
    if name.startswith("Clause"):
        written = written.replace(" ", draw(st.sampled_from([" ", "\u00a0", "  "])))
    around = draw(st.sampled_from([("", ""), ("(", ")"), ("[", "]"), (" ", "\u00a0"), ("", "."), ("\u2022 ", "")]))
    return framework, name, around[0] + draw(st.sampled_from(PREFIXES[framework])) + written + around[1]


@settings(max_examples=400, deadline=None)
@given(dressed(ASSESSABLE))
def test_every_id_is_exact_in_any_dress(case):
    framework, name, written = case
    assert said(written, framework) == [(name, "", "exact", "")]


@settings(max_examples=100, deadline=None)
@given(dressed(GROUPS))
def test_every_group_is_a_group_in_any_dress(case):
    framework, name, written = case
    assert said(written, framework) == [(name, "", "group", "")]


def test_every_canonical_id_is_read_in_every_column():
    for framework, name in ASSESSABLE:
        for column in FRAMEWORKS:
            assert [(c.id, c.framework, c.remark) for c in parse(name, column)] in (
                [(name, framework, "exact")],
                [(name, ISO2013, "group")],
            ), (name, column)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_list_with_any_separators_comes_back_in_order(data):
    framework = data.draw(st.sampled_from(list(TITLES)))
    names = data.draw(st.lists(st.sampled_from(list(index(framework))), min_size=1, max_size=8))
    written = names[0] + "".join(data.draw(st.sampled_from(SEPARATORS)) + name for name in names[1:])
    assert [(c.id, c.framework) for c in parse(written, framework)] == [(name, framework) for name in names]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_titles_of_the_catalogue_come_back_whole(data):
    framework = data.draw(st.sampled_from(list(TITLES)))
    names = data.draw(
        st.lists(st.sampled_from([name for known, name in ASSESSABLE if known == framework]), min_size=1, max_size=4)
    )
    between, after = (
        data.draw(st.sampled_from([" ", ": ", " - ", " – "])),
        data.draw(st.sampled_from(["\n", "; ", ", ", " / ", " | "])),
    )
    written = after.join(f"{name}{between}{index(framework)[name].title}" for name in names)
    assert [(c.id, c.title) for c in parse(written, framework)] == [(name, index(framework)[name].title) for name in names]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_range_is_the_slice_of_the_catalogue(data):
    framework, group = data.draw(st.sampled_from([(known, name) for known, name in GROUPS if len(below(known, name)) > 1]))
    row = below(framework, group)
    start, end = sorted(data.draw(st.lists(st.integers(0, len(row) - 1), min_size=2, max_size=2, unique=True)))
    operator = data.draw(st.sampled_from(["-", "–", " - ", " — ", " to ", " through ", " bis "]))
    assert ids(f"{row[start]}{operator}{row[end]}", framework) == row[start : end + 1]
    assert only(f"{row[end]}{operator}{row[start]}", framework)[:2] == ("", "range")


WRITTEN = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="CAPIlcapOo0123456789.,;-–/ ()*x\n\u200bСС１annexlu§", max_size=40),
    st.lists(st.sampled_from([*sorted(KNOWN), "Annex A", "clause", "ISO 27001:2013", "SOC 2", "to", "-", ",", "and", "(all)", ".x", "6.1", "5", "POF 3", "\n", "title of it"]), max_size=8).map(" ".join),
)  # fmt: skip
VALUES = st.one_of(WRITTEN, st.integers(), st.floats(), st.floats(0, 20), st.dates(), st.datetimes(), st.booleans(), st.none())


@settings(max_examples=1500, deadline=None)
@given(VALUES, st.sampled_from([*FRAMEWORKS, "own"]), st.sampled_from(["", "General", "0.00", "@", '0.00_ ;"x"', "[", '"']))
@example("A.0", ISO2022, "")
@example("ISO 27002 5.10-", ISO2022, "")
@example(10**400, ISO2022, "")
@example("CC6.1, AC\u20102", SOC2, "")
def test_parsing_never_raises_and_gives_only_ids_that_exist(value, framework, number_format):
    for cited in parse(value, framework, number_format=number_format):
        assert cited.remark in REMARKS
        assert (
            (cited.id in index(cited.framework))
            if cited.id
            else (cited.remark not in {"exact", "repaired", "expanded", "group", "point of focus", "bare"})
        )
        assert set(cited.candidates) <= KNOWN
        assert not isinstance(value, str) or cited.text.strip() in value
        assert not isinstance(value, str) or cited.text.strip()


@settings(max_examples=500, deadline=None)
@given(WRITTEN, st.sampled_from(FRAMEWORKS))
def test_canonical_is_idempotent(written, framework):
    once = canonical(written, framework)
    assert canonical(once, framework) == once


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_short_way_for_plain_lists_reads_what_the_long_way_reads(data):
    names = data.draw(
        st.lists(
            st.sampled_from([*sorted(KNOWN), "A.5.38", "CC6.9", "cc 6.2", "A5.10", "CC6.1.2", "6.2", "2", ""]),
            min_size=1,
            max_size=6,
        )
    )
    framework = data.draw(st.sampled_from(FRAMEWORKS))
    written = names[0] + "".join(data.draw(st.sampled_from(SEPARATORS)) + name for name in names[1:])
    assert parse(written, framework) == citing.read(written, framework)


@pytest.mark.parametrize(
    "unit",
    [
        "CC6.1, ",
        "CC6.1",
        "1.",
        "A.",
        "-",
        "(",
        "and ",
        "CC6.1 - ",
        "6.1, ",
        "P1",
        "ISO 27001 ",
        "CC6.1 foo\n",
        "\u200b",
        "A.5.38;",
        *string.punctuation,
    ],
)
def test_the_longest_cell_of_anything_is_read(unit):
    written = "CC6.1 " + unit * (30_000 // len(unit)) + "x"
    assert ids(written, SOC2)[0] == "CC6.1"
