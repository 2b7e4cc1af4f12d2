"""The built-in catalogues are complete, and say of every requirement what it asks for."""

import csv
import itertools
import pickle
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from workbench import frameworks
from workbench.model import ISO2013, ISO2022, SOC2, Requirement, UsageError

ALL = (SOC2, ISO2022, ISO2013)
NEW_IN_2022 = (
    "A.5.7", "A.5.23", "A.5.30", "A.7.4", "A.8.9", "A.8.10", "A.8.11", "A.8.12", "A.8.16", "A.8.23", "A.8.28",
)  # fmt: skip
DOCUMENTED = {
    "Clause 4.3", "Clause 5.2", "Clause 6.1.2", "Clause 6.1.3", "Clause 6.2", "Clause 7.2", "Clause 7.5.1", "Clause 8.1", "Clause 8.2",
    "Clause 8.3", "Clause 9.1", "Clause 9.2.2", "Clause 9.3.3", "Clause 10.2",
}  # fmt: skip
COSO = {
    "CC1.1": "1", "CC1.2": "2", "CC1.3": "3", "CC1.4": "4", "CC1.5": "5",
    "CC2.1": "13", "CC2.2": "14", "CC2.3": "15",
    "CC3.1": "6", "CC3.2": "7", "CC3.3": "8", "CC3.4": "9",
    "CC4.1": "16", "CC4.2": "17",
    "CC5.1": "10", "CC5.2": "11", "CC5.3": "12",
}  # fmt: skip


def of_kind(framework_id: str, kind: str) -> list[Requirement]:
    return [entry for entry in frameworks.index(framework_id).values() if entry.kind == kind]


def controls(framework_id: str) -> list[str]:
    return [entry.id for entry in of_kind(framework_id, "control")]


def pairs() -> list[tuple[str, str]]:
    return [(old, new) for old, new, _ in frameworks.transition() if old]


def words(text: str) -> int:
    return len(text.split())


# --- counts -----------------------------------------------------------------------------------------------------


def test_soc2_has_61_criteria_in_20_series():
    assert len(frameworks.framework(SOC2).requirements) == 61
    assert {group.id: len(frameworks.children(SOC2, group.id)) for group in frameworks.framework(SOC2).groups} == {
        "CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2, "A1": 3, "C1": 2, "PI1": 5,
        "P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1,
    }  # fmt: skip


def test_soc2_categories_count_33_common_criteria_and_the_optional_ones():
    assert Counter(entry.attributes["category"] for entry in frameworks.framework(SOC2).requirements) == {
        "Security": 33, "Availability": 3, "Confidentiality": 2, "Processing Integrity": 5, "Privacy": 18,
    }  # fmt: skip


def test_a_series_has_the_category_of_its_criteria():
    known = frameworks.index(SOC2)
    assert [
        entry.id
        for entry in frameworks.framework(SOC2).requirements
        if known[entry.parent].attributes["category"] != entry.attributes["category"]
    ] == []


def test_the_17_coso_principles_stand_in_the_first_five_series():
    assert {entry.id: entry.attributes["coso"] for entry in of_kind(SOC2, "criterion") if "coso" in entry.attributes} == COSO


def test_annex_a_2022_has_93_controls_in_four_themes():
    assert {group.id: len(frameworks.children(ISO2022, group.id)) for group in frameworks.framework(ISO2022).groups} == {
        "A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34,
    }  # fmt: skip
    assert len(controls(ISO2022)) == 93


def test_eleven_controls_are_new_in_2022():
    assert tuple(entry.id for entry in of_kind(ISO2022, "control") if entry.attributes.get("new") == "yes") == NEW_IN_2022


def test_the_2022_clauses_are_41_of_which_30_are_assessed():
    clauses = of_kind(ISO2022, "clause")
    assert len(clauses) == 41
    assert [entry.id for entry in clauses if not entry.assessable] == [
        "Clause 4", "Clause 5", "Clause 6", "Clause 6.1", "Clause 7", "Clause 7.5", "Clause 8", "Clause 9", "Clause 9.2", "Clause 9.3",
        "Clause 10",
    ]  # fmt: skip


def test_annex_a_2013_has_114_controls_in_14_domains():
    domains = [group.id for group in of_kind(ISO2013, "domain")]
    assert {domain: len(frameworks.children(ISO2013, domain)) for domain in domains} == {
        "A.5": 2, "A.6": 7, "A.7": 6, "A.8": 10, "A.9": 14, "A.10": 2, "A.11": 15, "A.12": 14, "A.13": 7, "A.14": 13, "A.15": 5,
        "A.16": 7, "A.17": 4, "A.18": 8,
    }  # fmt: skip
    assert len(controls(ISO2013)) == 114


def test_annex_a_2013_has_35_objectives():
    objectives = of_kind(ISO2013, "objective")
    assert Counter(entry.parent for entry in objectives) == {
        "A.5": 1, "A.6": 2, "A.7": 3, "A.8": 3, "A.9": 4, "A.10": 1, "A.11": 2, "A.12": 7, "A.13": 2, "A.14": 3, "A.15": 2, "A.16": 1,
        "A.17": 2, "A.18": 2,
    }  # fmt: skip
    assert len(objectives) == 35


# --- structure --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework_id", ALL)
def test_no_id_occurs_twice(framework_id):
    path = Path(frameworks.__file__).with_name("data") / f"{framework_id}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        ids = Counter(row["id"] for row in csv.DictReader(file))
    assert [found for found, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("framework_id", ALL)
def test_every_parent_stands_above_its_children_and_begins_their_ids(framework_id):
    above: list[str] = []
    for entry in frameworks.index(framework_id).values():
        assert not entry.parent or (entry.parent in above and entry.id.startswith(f"{entry.parent}."))
        above.append(entry.id)


@pytest.mark.parametrize("framework_id", ALL)
def test_whatever_is_not_assessed_has_children_and_whatever_is_has_none(framework_id):
    for entry in frameworks.index(framework_id).values():
        assert bool(frameworks.children(framework_id, entry.id)) is not entry.assessable


@pytest.mark.parametrize("framework_id", ALL)
def test_requirements_and_groups_together_are_the_whole_index(framework_id):
    known = frameworks.framework(framework_id)
    index = frameworks.index(framework_id)
    assert sorted(entry.id for entry in (*known.requirements, *known.groups)) == sorted(index)
    assert {entry.framework for entry in index.values()} == {framework_id}


def test_children_are_found_at_any_depth_in_order():
    assert frameworks.children(ISO2013, "A.17") == ("A.17.1.1", "A.17.1.2", "A.17.1.3", "A.17.2.1")
    assert frameworks.children(ISO2013, "A.9.1") == ("A.9.1.1", "A.9.1.2")
    assert frameworks.children(ISO2022, "Clause 6") == (
        "Clause 6.1.1",
        "Clause 6.1.2",
        "Clause 6.1.3",
        "Clause 6.2",
        "Clause 6.3",
    )
    assert frameworks.children(ISO2022, "Clause 9.3") == ("Clause 9.3.1", "Clause 9.3.2", "Clause 9.3.3")
    assert frameworks.children(SOC2, "CC5") == ("CC5.1", "CC5.2", "CC5.3")
    assert frameworks.children(SOC2, "CC5.1") == ()
    assert frameworks.children(SOC2, "no such group") == ()


def test_a_framework_that_is_not_built_in_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="nist-csf is no built-in framework; there are soc2-2017, iso27001-2022, iso27001-2013"):
        frameworks.framework("nist-csf")


def test_the_built_in_frameworks_are_listed_soc2_first():
    assert [known.id for known in frameworks.builtin()] == [SOC2, ISO2022, ISO2013]


def test_a_framework_survives_the_way_into_another_process():
    assert pickle.loads(pickle.dumps(frameworks.framework(SOC2))) == frameworks.framework(SOC2)


# --- texts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework_id", ALL)
def test_every_requirement_has_a_title_and_a_summary_to_hold_on_to(framework_id):
    assert [
        entry.id
        for entry in frameworks.framework(framework_id).requirements
        if not entry.title.strip() or not 25 <= words(entry.summary) <= 80
    ] == []


@pytest.mark.parametrize("framework_id", ALL)
def test_every_group_has_a_title_and_a_short_summary(framework_id):
    assert [
        entry.id
        for entry in frameworks.framework(framework_id).groups
        if not entry.title.strip() or not 6 <= words(entry.summary) <= 60
    ] == []


@pytest.mark.parametrize("framework_id", ALL)
def test_texts_are_whole_sentences_without_stray_space(framework_id):
    for entry in frameworks.index(framework_id).values():
        assert entry.title == " ".join(entry.title.split())
        assert entry.summary == " ".join(entry.summary.split())
        assert entry.summary.endswith("."), entry.id


def test_no_summary_is_used_twice():
    times = Counter(entry.summary for framework_id in ALL for entry in frameworks.index(framework_id).values())
    assert [summary for summary, count in times.items() if count > 1] == []


def test_no_two_summaries_of_any_frameworks_are_nearly_the_same():
    entries = [entry for known in frameworks.builtin() for entry in known.requirements]
    alike = [
        (one.framework, one.id, other.framework, other.id)
        for one, other in itertools.combinations(entries, 2)
        if fuzz.ratio(one.summary, other.summary) >= 75
    ]
    assert alike == []


def test_soc2_titles_are_short_and_all_different():
    titles = [entry.title for entry in frameworks.framework(SOC2).requirements]
    assert len(set(titles)) == len(titles)
    assert max(map(words, titles)) <= 8


def test_clauses_say_which_documented_information_they_demand():
    assert {entry.id for entry in frameworks.index(ISO2022).values() if entry.documented} == DOCUMENTED


def test_the_treatment_clause_demands_process_statement_of_applicability_and_plan():
    assert frameworks.index(ISO2022)["Clause 6.1.3"].documented.split("; ") == [
        "Risk treatment process",
        "Statement of Applicability",
        "risk treatment plan",
    ]


def test_no_criterion_and_no_control_demands_documents_by_itself():
    assert [
        entry.id for framework_id in (SOC2, ISO2013) for entry in frameworks.index(framework_id).values() if entry.documented
    ] == []


def test_notes_name_what_changed_in_the_clauses():
    notes = {entry.id: entry.attributes.get("note", "") for entry in of_kind(ISO2022, "clause")}
    assert {found for found, note in notes.items() if "Amendment 1:2024" in note} == {"Clause 4.1", "Clause 4.2"}
    assert notes["Clause 6.3"] == "New in the 2022 edition"
    assert notes["Clause 10.1"] == "Was 10.2 in the 2013 edition"
    assert notes["Clause 10.2"] == "Was 10.1 in the 2013 edition"
    assert sum(map(bool, notes.values())) == 10


@pytest.mark.parametrize(
    ("attribute", "allowed"),
    [
        ("control_type", {"Preventive", "Detective", "Corrective"}),
        ("properties", {"Confidentiality", "Integrity", "Availability"}),
        ("concepts", {"Identify", "Protect", "Detect", "Respond", "Recover"}),
    ],
)
def test_every_2022_control_has_attributes_of_the_closed_lists_of_iso_27002(attribute, allowed):
    values = {entry.id: entry.attributes.get(attribute, "").split("; ") for entry in of_kind(ISO2022, "control")}
    assert {found: value for found, value in values.items() if not set(value) <= allowed} == {}


# --- 2013 → 2022 ------------------------------------------------------------------------------------------------


def test_the_transition_has_115_pairs_from_114_controls_to_82_targets():
    assert len(pairs()) == len(set(pairs())) == 115
    assert {old for old, _ in pairs()} == set(controls(ISO2013))
    assert len({new for _, new in pairs()}) == 82


def test_the_rows_without_a_2013_control_are_the_new_controls():
    assert tuple(new for old, new, _ in frameworks.transition() if not old) == NEW_IN_2022


def test_every_2022_control_is_a_target_or_new():
    assert {new for _, new in pairs()} | set(NEW_IN_2022) == set(controls(ISO2022))
    assert {new for _, new in pairs()}.isdisjoint(NEW_IN_2022)


def test_only_one_2013_control_is_split():
    assert {old: frameworks.successors(old) for old in controls(ISO2013) if len(frameworks.successors(old)) != 1} == {
        "A.18.2.3": ("A.5.36", "A.8.8"),
    }


def test_24_targets_are_merged_from_57_references_and_58_pairs_are_one_to_one():
    sizes = {new: len(frameworks.predecessors(new)) for new in {new for _, new in pairs()}}
    assert sum(size > 1 for size in sizes.values()) == 24
    assert sum(size for size in sizes.values() if size > 1) == 57
    assert sum(size == 1 for size in sizes.values()) == 58


def test_the_change_of_a_pair_agrees_with_the_pairs_and_the_titles():
    def plain(entry: Requirement) -> str:
        # Spelling is no renaming: "reuse" and "synchronisation" are "re-use" and "synchronization" in 2022.
        return entry.title.casefold().replace("-", "").replace("isation", "ization")

    before, now = frameworks.index(ISO2013), frameworks.index(ISO2022)
    expected = {}
    for old, new in pairs():
        merged = len(frameworks.predecessors(new)) > 1
        split = len(frameworks.successors(old)) > 1
        name = "unchanged_title" if plain(before[old]) == plain(now[new]) else "renamed"
        expected[old, new] = ("merged" if merged else name) + ("+split" if split else "")
    assert {(old, new): change for old, new, change in frameworks.transition() if old} == expected
    assert Counter(expected.values()) == {"merged": 55, "merged+split": 2, "renamed": 24, "unchanged_title": 34}


def test_successors_and_predecessors_are_inverse_of_each_other():
    forward = {(old, new) for old in controls(ISO2013) for new in frameworks.successors(old)}
    backward = {(old, new) for new in controls(ISO2022) for old in frameworks.predecessors(new)}
    assert forward == backward == set(pairs())


def test_well_known_successors():
    assert frameworks.successors("A.9.1.1") == ("A.5.15",)
    assert frameworks.predecessors("A.5.15") == ("A.9.1.1", "A.9.1.2")
    assert [frameworks.successors(old) for old in ("A.13.2.1", "A.13.2.2", "A.13.2.3")] == [("A.5.14",)] * 3
    assert frameworks.predecessors("A.8.8") == ("A.12.6.1", "A.18.2.3")
    assert frameworks.predecessors("A.8.12") == ()


def test_a_group_has_the_successors_of_its_controls_in_2022_order():
    assert frameworks.successors("A.17") == ("A.5.29", "A.8.14")
    assert frameworks.successors("A.8.2") == ("A.5.10", "A.5.12", "A.5.13")
    for group in (*of_kind(ISO2013, "objective"), *of_kind(ISO2013, "domain")):
        expected = {new for old in frameworks.children(ISO2013, group.id) for new in frameworks.successors(old)}
        assert frameworks.successors(group.id) == tuple(found for found in frameworks.index(ISO2022) if found in expected)


@given(st.text(max_size=12) | st.sampled_from(["CC6.1", "Clause 6.1.2", "A.5.15", "A.8.12", ""]))
def test_what_is_not_in_the_2013_edition_has_no_successor(text):
    if text not in frameworks.index(ISO2013):
        assert frameworks.successors(text) == ()
    if text not in controls(ISO2022):
        assert frameworks.predecessors(text) == ()


# --- ids with several readings ----------------------------------------------------------------------------------


def readings(found: tuple[Requirement, ...]) -> list[tuple[str, str]]:
    return [(entry.framework, entry.kind) for entry in found]


def test_find_gives_every_reading_2022_first():
    assert readings(frameworks.find("A.8.2")) == [(ISO2022, "control"), (ISO2013, "objective")]
    assert readings(frameworks.find("A.5")) == [(ISO2022, "theme"), (ISO2013, "domain")]
    assert readings(frameworks.find("A.9.2.1")) == [(ISO2013, "control")]
    assert readings(frameworks.find("CC6.1")) == [(SOC2, "criterion")]
    assert readings(frameworks.find("Clause 6.1.2")) == [(ISO2022, "clause")]
    assert frameworks.find("6.1.2") == ()


def test_nine_controls_and_four_themes_of_2022_are_also_groups_of_2013():
    assert {found for framework_id in ALL for found in frameworks.index(framework_id) if frameworks.ambiguous(found)} == {
        "A.5", "A.6", "A.7", "A.8",
        "A.5.1", "A.6.1", "A.6.2", "A.7.1", "A.7.2", "A.7.3", "A.8.1", "A.8.2", "A.8.3",
    }  # fmt: skip


def test_an_id_with_one_meaning_or_none_is_not_ambiguous():
    assert frameworks.ambiguous("A.5.15") == frameworks.ambiguous("A.9.1") == frameworks.ambiguous("nonsense") == ()
    assert frameworks.ambiguous("A.8.1") == frameworks.find("A.8.1")
