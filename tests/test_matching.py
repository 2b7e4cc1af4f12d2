"""Suggestions: laws, what must come first, whole workbooks by hand, and the figures of the evaluation on a toy."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

import numpy as np
import pytest
from analyses import frame, project
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from workbench.frameworks import framework
from workbench.matching import BANDS, Text, catalogue_texts, evaluate, nearest_controls, rank, row_texts, suggest
from workbench.matching.concepts import lexicon
from workbench.matching.evaluation import scores
from workbench.matching.projects import natural
from workbench.matching.stems import stem, stems
from workbench.matching.streams import read
from workbench.matching.weights import read_weights, weights
from workbench.model import ISO2013, ISO2022, SOC2
from workbench.settings import Settings

PLAIN = Settings()
SOC2_TEXTS, ISO_TEXTS = catalogue_texts(framework(SOC2)), catalogue_texts(framework(ISO2022))
CONTROLS = list(csv.DictReader((Path(__file__).parent / "data" / "company-controls.csv").read_text("utf-8").splitlines()))

WORDS = (
    "access review user password encrypt backup restore vendor contract incident report log monitor change approve the of policy"
)
words = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)
texts = st.builds(Text, id=st.sampled_from("ABCDEFGH"), title=words, text=words, section=st.sampled_from(["", "one", "two"]))
some = st.lists(texts, max_size=5, unique_by=lambda text: text.id)
pairs = st.sets(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")), max_size=8)
modest = hypothesis_settings(max_examples=60, deadline=None)


def found(ranked, source="S"):
    return [one.target for one in ranked if one.source == source]


def first(text: Text, targets: list[Text], count: int = 5) -> list[str]:
    return found(rank([text], targets, PLAIN, top=count), text.id)


# --- laws ------------------------------------------------------------------------------------------------------------


@modest
@given(some, some, pairs, pairs)
def test_signals_add_up_to_the_score_which_falls_with_the_rank(sources, targets, confirmed, rejected):
    ranked = rank(sources, targets, PLAIN, confirmed=confirmed, rejected=rejected)
    for one in ranked:
        assert round(sum(one.signals.values()), 6) == one.score
        assert 0 < one.score <= 1
        assert 0 <= one.confidence <= 1
    for source in sources:
        own = [one for one in ranked if one.source == source.id]
        assert [one.rank for one in own] == list(range(1, len(own) + 1))
        assert own == sorted(own, key=lambda one: (-one.score, one.target))
        assert [one.confidence for one in own] == sorted((one.confidence for one in own), reverse=True)


@modest
@given(some, some, pairs, pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(sources, targets, confirmed, rejected, chance):
    ranked = rank(sources, targets, PLAIN, confirmed=confirmed, rejected=rejected)
    shuffled = [chance.sample(list(side), len(side)) for side in (sources, targets, sorted(confirmed), sorted(rejected))]
    again = rank(shuffled[0], shuffled[1], PLAIN, confirmed=shuffled[2], rejected=shuffled[3])
    assert sorted(again, key=lambda one: (one.source, one.rank)) == sorted(ranked, key=lambda one: (one.source, one.rank))


@modest
@given(some, some, pairs, pairs)
def test_a_rejected_pair_never_comes_back_and_moves_no_other(sources, targets, confirmed, rejected):
    ranked = rank(sources, targets, PLAIN, confirmed=confirmed)
    left = rank(sources, targets, PLAIN, confirmed=confirmed, rejected=rejected)
    expected = [(one.source, one.target, one.score, one.confidence) for one in ranked if (one.source, one.target) not in rejected]
    assert [(one.source, one.target, one.score, one.confidence) for one in left] == expected


@modest
@given(texts, some, some, pairs, st.data())
def test_confirming_a_mapping_never_lowers_its_rank_for_an_identical_twin(text, others, targets, confirmed, data):
    if not targets:
        return
    target = data.draw(st.sampled_from([one.id for one in targets]))
    twins = [Text(name, text.title, text.text, text.section) for name in ("twin-1", "twin-2")]
    sources = [*others, *twins]

    def place(pairs_confirmed):
        own = found(rank(sources, targets, PLAIN, top=len(targets), confirmed=pairs_confirmed), "twin-2")
        return own.index(target) if target in own else len(targets)

    assert place({*confirmed, ("twin-1", target)}) <= place(confirmed)


@modest
@given(some, some)
def test_a_source_ranks_alike_alone_and_among_others(sources, targets):
    together = rank(sources, targets, PLAIN)
    assert together == [one for source in sources for one in rank([source], targets, PLAIN)]


@given(st.text(max_size=60), st.text(max_size=60))
@hypothesis_settings(max_examples=80, deadline=None)
def test_no_text_whatever_raises(one, other):
    ranked = rank([Text("S", one, other), Text("S", other)], [Text("T", other, one, one), Text("U", one)], PLAIN)
    assert all(suggestion.reason for suggestion in ranked)


# --- odd input -------------------------------------------------------------------------------------------------------


def test_nothing_gives_nothing():
    assert rank([], ISO_TEXTS, PLAIN) == []
    assert rank([Text("S", "Backup")], [], PLAIN) == []
    assert rank([Text("S", "Backup")], ISO_TEXTS, PLAIN, top=0) == []
    assert rank([Text("S"), Text("R", "the of and", "  ")], ISO_TEXTS, PLAIN) == []
    assert rank([Text("S", "Backup")], [Text("T")], PLAIN) == []


def test_a_catalogue_of_one_is_ranked():
    assert found(rank([Text("S", "Backup of data")], [Text("T", "Information backup")], PLAIN)) == ["T"]


def test_another_language_and_no_match_is_no_suggestion():
    german = Text("S", "Zugriffsrechte", "Zugriffsrechte werden vierteljährlich durch Vorgesetzte geprüft.")
    assert rank([german, Text("R", "Lunch", "The canteen serves soup.")], ISO_TEXTS, PLAIN, abstain=True) == []


def test_a_cell_of_30000_characters_is_read_to_its_end():
    long = Text("S", "Controls", "lorem ipsum dolor " * 1700 + "fire suppression and smoke detectors")
    assert len(long.text) > 30_000
    assert "A.7.5" in first(long, ISO_TEXTS)
    assert rank([Text("S", "x" * 30_000)], ISO_TEXTS, PLAIN) == []


def test_equal_targets_stand_in_the_order_of_their_ids_and_an_id_is_suggested_once():
    targets = [Text("T2", "Backup"), Text("T10", "Backup"), Text("T1", "Backup"), Text("T1", "Backup"), Text("T0", "Fire")]
    assert found(rank([Text("S", "Backup")], targets, PLAIN)) == ["T1", "T10", "T2"]


def test_ids_that_both_sides_share_are_no_trouble():
    both = [Text("A", "Backup"), Text("B", "Fire protection")]
    assert [(one.source, one.target) for one in rank(both, both, PLAIN, top=1)] == [("A", "A"), ("B", "B")]


def test_markup_and_formulas_in_a_text_are_text():
    plain, dressed = Text("S", "Backup", "daily backups"), Text("S", '=HYPERLINK("x")', "+Backup <b>daily backups</b>")
    assert first(plain, ISO_TEXTS, 1) == first(dressed, ISO_TEXTS, 1) == ["A.8.13"]


def test_more_targets_than_the_shortlist_are_ranked_when_asked_for():
    targets = [Text(f"T{number:03}", f"Backup {'word ' * number}") for number in range(120)]
    ranked = rank([Text("S", "Backup")], targets, PLAIN, top=120)
    assert len(ranked) == 120
    assert rank([Text("S", "Backup")], targets, PLAIN, top=7) == ranked[:7]


# --- what must come first ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text", "soc2", "iso"),
    [
        ("Quarterly user access reviews", "", {"CC6.2", "CC6.3"}, {"A.5.18"}),
        ("Multi-factor authentication", "Staff sign in to the VPN with a second factor.", {"CC6.1"}, {"A.8.5"}),
        ("Leavers", "Accounts are disabled when people leave.", {"CC6.2"}, {"A.5.18", "A.6.5"}),
        ("Restore test", "A backup is restored twice a year.", {"A1.3"}, {"A.8.13"}),
        ("Pentest", "An outside firm attacks the application once a year.", {"CC4.1"}, {"A.8.8"}),
        ("Visitors", "Guests sign in at reception and are escorted.", {"CC6.4"}, {"A.7.2"}),
        ("Vendor due diligence", "New suppliers are assessed before the contract.", {"CC9.2"}, {"A.5.19"}),
        ("Change approval", "Changes are tested and approved before they go live.", {"CC8.1"}, {"A.8.32"}),
        ("Background checks", "", {"CC1.4"}, {"A.6.1"}),
        ("Subject access requests", "Answered within a month.", {"P5.1"}, {"A.5.34"}),
        ("Risk register", "Risks with owners and treatment plans.", {"CC3.2"}, {"Clause 6.1.3"}),
    ],
)
def test_practice_finds_its_requirements_among_the_first_five(title, text, soc2, iso):
    assert soc2 <= set(first(Text("S", title, text), SOC2_TEXTS))
    assert iso <= set(first(Text("S", title, text), ISO_TEXTS))


def test_our_own_controls_are_matched_far_better_than_by_rapidfuzz_alone():
    for targets, column in ((SOC2_TEXTS, "soc2"), (ISO_TEXTS, "iso")):
        true = {(row["id"], name) for row in CONTROLS for name in row[column].replace("Clause ", "Clause_").split()}
        measured = evaluate(row_texts(CONTROLS), targets, {(one, other.replace("_", " ")) for one, other in true}, PLAIN)
        assert measured.unknown == 0
        assert measured.engine.recall_at_5 >= 0.9
        assert measured.engine.recall_at_5 >= measured.rapidfuzz.recall_at_5 + 0.1
        assert measured.calibration_error <= 0.1
        assert measured.bands["strong"].right >= 0.8


def test_an_annex_a_control_goes_before_a_clause_that_says_the_same():
    same = {"title": "Awareness training", "text": "People are trained in security."}
    targets = [Text("A.1", kind="control", **same), Text("Clause 1", kind="clause", **same), Text("A.9", "Fire")]
    ranked = rank([Text("S", "Awareness training")], targets, PLAIN)
    assert found(ranked) == ["A.1", "Clause 1"]
    assert [one.signals.get("kind", 0) for one in ranked] == [0, -weights().kinds["clause"]]


def test_a_confirmed_mapping_of_a_similar_control_is_followed_and_named():
    sources = [Text("AC-1", "Soup", "Soup is served on Monday."), Text("AC-2", "Soup", "Soup is served at noon.")]
    cold = rank([sources[1]], SOC2_TEXTS, PLAIN)
    warm = rank([sources[1]], SOC2_TEXTS, PLAIN, confirmed={("AC-1", "CC9.1")}, known=sources)
    assert "CC9.1" not in found(cold, "AC-2")[:3]
    assert found(warm, "AC-2")[0] == "CC9.1"
    assert warm[0].reason.startswith("as mapped for the similar AC-1")
    assert warm[0].signals["confirmed"] > 0
    assert rank(sources[:1], SOC2_TEXTS, PLAIN, confirmed={("AC-1", "CC9.1")}) == rank(
        sources[:1], SOC2_TEXTS, PLAIN, confirmed={("AC-1", "CC9.1"), ("no such", "CC1.1")}
    )


def test_the_reason_says_what_is_shared_in_the_words_of_the_source():
    text = Text("S", "Quarterly user access reviews", "Managers confirm the least privilege of each account.")
    reason = rank([text], ISO_TEXTS, PLAIN, top=1)[0].reason
    assert reason == "both about access review and least privilege; shares 'privilege', 'account'"


def test_abstaining_drops_what_is_below_the_useful_band_and_below_the_floor():
    text = Text("S", "Quarterly user access reviews")
    everything = rank([text], ISO_TEXTS, PLAIN)
    kept = rank([text], ISO_TEXTS, PLAIN, abstain=True)
    assert [one for one in everything if one.band != "weak"] == kept != everything
    floor = kept[0].confidence
    assert rank([text], ISO_TEXTS, Settings(floor=floor), abstain=True) == kept[:1]
    assert rank([text], ISO_TEXTS, Settings(floor=floor)) == everything


# --- stems and concepts ------------------------------------------------------------------------------------------------


def test_forms_of_a_word_have_one_stem():
    families = (
        "authorize authorised authorization authorizing", "encrypt encrypted encryption", "policy policies", "review reviews reviewed reviewer",
        "vulnerable vulnerability vulnerabilities", "classify classified classification", "retain retained retention",
        "supplier suppliers supply", "comply compliance compliant", "analyze analysis analysed", "restore restored restoration",
        "log logs logged logging", "destroy destruction", "label labelling labelled labels",
    )  # fmt: skip
    for family in families:
        assert len({stem(word) for word in family.split()}) == 1, family


@pytest.mark.parametrize("pair", ["identity identify", "access assess", "policy police", "personnel personal", "rest restore"])
def test_words_that_only_look_alike_have_two(pair):
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_glue_and_common_words_are_left_out_of_stems():
    assert stems("The organization shall ensure that 24 backups are reviewed annually") == ["backup", "review"]


def named(text):
    known = lexicon()
    return {known.names[concept] for concept in known.find(read([Text("S", text=text)]))[1]}


def test_a_phrase_is_found_in_any_order_and_a_few_words_apart():
    assert "access review" in named("The rights of users to access systems are reviewed")
    assert "access review" in named("Access review")
    assert "access review" not in named("Access needs a badge, a key card and a guard. The board reviews that.")
    assert "encryption at rest" in named("Data at rest is encrypted")
    assert named("The canteen serves soup") == set()


def test_the_lexicon_names_each_concept_once_and_every_phrase_says_something():
    known = lexicon()
    assert len(known.names) == len(set(known.names)) >= 110
    assert (known.profile.sum(1).round(4) == 1).all()


# --- weights and bands -------------------------------------------------------------------------------------------------


def test_weights_add_up_to_one_and_confidence_rises_with_the_standing():
    chosen = weights()
    assert sum(chosen.signals.values()) == pytest.approx(1, abs=1e-3)
    for meaning in (chosen.cold, chosen.warm):
        assert list(meaning.standing) == sorted(set(meaning.standing))
        assert list(meaning.confidence) == sorted(meaning.confidence)


def test_each_band_has_its_plain_sentence():
    assert [band.word for band in BANDS] == ["strong", "likely", "possible", "weak"]
    assert [band.least for band in BANDS] == sorted((band.least for band in BANDS), reverse=True)
    assert BANDS[-1].least == 0
    for band in BANDS[:3]:
        assert band.sentence == f"about {round(10 * band.measured)} in 10 like this were right"
    assert weights().band(BANDS[1].least) == "likely"


# --- whole workbooks ---------------------------------------------------------------------------------------------------

REVIEW = {"control": "AC-2", "name": "User access reviews", "description": "Access rights are reviewed quarterly by managers."}
BACKUP = {"control": "AC-10", "name": "Daily backups", "description": "Databases are backed up daily and restores are tested."}


def suggested(of, **more):
    table = suggest(of, more.pop("settings", PLAIN), **more)
    return list(zip(table["source"], table["target"], table["rank"], strict=True))


def targets_of(rows, source):
    return [target for name, target, _ in rows if name == source]


def test_a_control_is_offered_what_it_serves_and_does_not_list():
    rows = suggested(project([BACKUP, REVIEW], [("AC-2", "CC6.2", "unspecified")]))
    assert [name for name, _, _ in rows] == sorted((name for name, _, _ in rows), key=natural)
    assert "A.5.18" in targets_of(rows, "AC-2")
    assert "CC6.3" in targets_of(rows, "AC-2")
    assert "CC6.2" not in targets_of(rows, "AC-2")
    assert "A.8.13" in targets_of(rows, "AC-10")


def test_at_most_so_many_for_each_framework_as_the_settings_say():
    table = suggest(project([REVIEW, BACKUP]), Settings(suggestions=1))
    assert table.groupby(["source", "target_framework"]).size().max() == 1
    assert set(table["rank"]) == {1}


def test_a_control_that_does_not_apply_gets_no_suggestion():
    assert suggested(project([REVIEW | {"status": "Not applicable"}])) == []


def test_an_excluded_annex_a_control_is_not_suggested_and_the_caller_may_say_what_is():
    excluded = project([REVIEW], applicability=[{"id": "A.5.18", "applicable": "no"}])
    assert "A.5.18" not in targets_of(suggested(excluded), "AC-2")
    assert targets_of(suggested(project([REVIEW]), among={"A.5.18"}), "AC-2") == ["A.5.18"]


def with_decisions(of, *rows):
    from dataclasses import replace

    return replace(
        of, decisions=frame("decisions", [dict(zip(("source", "target", "decision"), row, strict=True)) for row in rows])
    )


def test_a_rejected_suggestion_stays_away_and_other_decisions_stay_beside_theirs():
    decided = with_decisions(
        project([REVIEW]), ("AC-2", "A.5.18", "Reject"), ("AC-2", "CC6.3", "Defer"), ("AC-2", "PI1.5", "Accept")
    )
    table = suggest(decided, PLAIN)
    assert "A.5.18" not in table["target"].tolist()
    said = dict(zip(table["target"], table["decision"], strict=True))
    assert said["CC6.3"] == "Defer"
    assert said["PI1.5"] == "Accept", "what a person accepted stays, however unlikely"


def test_a_rejected_mapping_is_not_suggested():
    mapped = project([REVIEW], [("AC-2", "A.5.18", "unspecified")])
    mapped.mappings["status"] = "Rejected"
    assert "A.5.18" not in targets_of(suggested(mapped), "AC-2")


CITED_2013 = {"table": 0, "row": 2, "role": "requirement", "framework": ISO2013}


def test_successors_of_cited_2013_ids_stand_first_with_their_own_signal():
    old = project([REVIEW], citations=[CITED_2013 | {"id": "A.9.2.1"}])
    table = suggest(old, PLAIN)
    row = table[table["target_framework"] == ISO2022].iloc[0]
    assert (row["target"], row["rank"], row["band"]) == ("A.5.16", 1, "strong")
    assert row["reason"].startswith("A.9.2.1 (2013) became A.5.16")
    assert row["signals"]["lineage"] == 0.5
    assert round(sum(row["signals"].values()), 6) == row["score"]


def test_a_2013_domain_offers_all_its_successors_even_beyond_the_limit():
    old = project([REVIEW], citations=[CITED_2013 | {"id": "A.17"}])
    rows = targets_of(suggested(old, settings=Settings(suggestions=1)), "AC-2")
    assert {"A.5.29", "A.8.14"} <= set(rows)


def test_who_cites_a_group_is_not_offered_its_members():
    cites = project([REVIEW], citations=[CITED_2013 | {"id": "CC6", "framework": SOC2}])
    assert not [target for target in targets_of(suggested(cites), "AC-2") if target.startswith("CC6.")]


def test_without_controls_requirements_without_a_mapping_get_suggestions():
    crosswalk = project(
        mappings=[("CC6.4", "A.7.2", "equal")],
        citations=[
            {"role": "source", "id": "CC6.4", "framework": SOC2, "row": 2},
            {"role": "source", "id": "CC8.1", "framework": SOC2, "row": 3},
        ],
    )
    rows = suggested(crosswalk)
    assert {name for name, _, _ in rows} == {"CC8.1"}
    assert targets_of(rows, "CC8.1")[0] == "A.8.32"


def test_the_order_of_rows_changes_no_suggestion():
    one = suggest(project([REVIEW, BACKUP], [("AC-2", "CC6.2", "equal"), ("AC-10", "A1.2", "equal")]), PLAIN)
    other = suggest(project([BACKUP, REVIEW], [("AC-10", "A1.2", "equal"), ("AC-2", "CC6.2", "equal")]), PLAIN)
    assert one.to_dict("records") == other.to_dict("records")


def test_rows_with_the_same_id_are_one_control():
    parts = [{"control": "AC-2", "name": "Access"}, {"control": "AC-2", "description": REVIEW["description"]}]
    whole = [{"control": "AC-2", "name": "Access", "description": REVIEW["description"]}]
    assert suggested(project(parts)) == suggested(project(whole)) != []


def test_an_empty_workbook_has_no_suggestions_but_the_columns():
    table = suggest(project(), PLAIN)
    assert len(table) == 0
    assert list(table.columns)[:3] == ["source", "source_title", "target"]


def test_the_nearest_control_to_a_gap_is_named_with_the_reason():
    of = project([REVIEW, BACKUP], [("AC-10", "A.8.13", "equal")])
    near = nearest_controls(of, ["A.5.18", "A.8.13", "A.7.4"])
    assert near["A.5.18"][0] == "AC-2 User access reviews"
    assert "access review" in near["A.5.18"][1]
    assert set(near) == {"A.5.18"}, "the backup control lists A.8.13 already, and nothing is near to A.7.4"


# --- evaluation --------------------------------------------------------------------------------------------------------


def test_the_figures_are_those_counted_by_hand():
    ranked = {"a": ["t1", "t2", "t3"], "b": ["t4", "t5", "t6", "t7", "t8", "t9"], "c": ["t1"]}
    true = {("a", "t1"), ("a", "t3"), ("b", "t9"), ("c", "t2")}
    measured = scores(ranked, true)
    assert measured.recall_at_1 == round((1 / 2 + 0 + 0) / 3, 4)
    assert measured.recall_at_5 == round((1 + 0 + 0) / 3, 4)
    assert measured.recall_at_10 == round((1 + 1 + 0) / 3, 4)
    assert measured.hit_at_5 == round(1 / 3, 4)
    assert measured.mrr == round((1 + 1 / 6 + 0) / 3, 4)
    assert measured.map == round(((1 + 2 / 3) / 2 + 1 / 6 + 0) / 3, 4)


def test_an_evaluation_counts_what_it_was_given_and_speaks_as_text_and_json():
    sources = [Text("a", "Backup"), Text("b", "Visitors"), Text("c", "Nothing true")]
    targets = [Text("t1", "Information backup"), Text("t2", "Visitor log"), Text("t3", "Fire")]
    measured = evaluate(sources, targets, {("a", "t1"), ("b", "t2"), ("a", "no such"), ("x", "t1")}, PLAIN)
    assert (measured.sources, measured.targets, measured.pairs, measured.unknown) == (2, 3, 2, 2)
    assert measured.engine.recall_at_1 == measured.engine.mrr == measured.engine.map == 1
    assert sum(row.count for row in measured.calibration) == sum(row.count for row in measured.bands.values())
    assert json.loads(json.dumps(measured.as_dict()))["engine"]["recall_at_1"] == 1
    assert "2 sources with 2 true pairs, 3 targets" in str(measured)
    assert {"workbench", "rapidfuzz"} <= set(str(measured).split())


def test_a_warm_evaluation_learns_from_other_sources_and_never_from_the_source_itself():
    sources = [Text(f"s{number}", "Badge readers", "Doors open by badge.") for number in range(6)]
    cold = evaluate(sources, SOC2_TEXTS, {(text.id, "CC9.1") for text in sources}, PLAIN)
    warm = evaluate(sources, SOC2_TEXTS, {(text.id, "CC9.1") for text in sources}, PLAIN, warm=True)
    assert (cold.engine.recall_at_1, warm.engine.recall_at_1) == (0, 1)
    own = [Text("s0", "Badge readers"), Text("s1", "Insurance"), Text("s2", "Soup")]
    alone = evaluate(own, SOC2_TEXTS, {("s0", "PI1.5")}, PLAIN, warm=True)
    assert alone.engine == evaluate(own, SOC2_TEXTS, {("s0", "PI1.5")}, PLAIN).engine


def test_nothing_true_is_measured_as_nothing():
    assert evaluate([Text("a", "Backup")], [Text("t", "Backup")], set(), PLAIN).engine.recall_at_5 == 0


# --- the script that fits the weights ------------------------------------------------------------------------------------


@pytest.fixture
def fitting(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "scripts"))
    return importlib.import_module("fit_weights")


def test_the_regression_finds_what_matters_and_no_weight_is_negative(fitting):
    chance = np.random.default_rng(7)
    signals = chance.random((4000, 3))
    true = (chance.random(4000) < 1 / (1 + np.exp(4 - 6 * signals[:, 0] + 3 * signals[:, 2]))).astype(float)
    weights_found = fitting.logistic(signals, true, np.ones(4000))
    assert weights_found == pytest.approx([6, 0, 0], abs=0.8)
    assert (weights_found >= 0).all()


def test_the_table_of_meanings_pools_what_falls(fitting):
    seen = np.array([[1, 0, 1], [2, 1, 1], [3, 0, 1], [4, 1, 1]], float)
    assert fitting.isotonic(seen) == ([1.0, 2.5, 4.0], [0.0, 0.5, fitting.MOST])


def test_what_the_script_writes_is_read_back(fitting):
    seen = np.array([[1, 0, 1], [2, 1, 1]], float)
    meaning = fitting.Meaning(0.1, 0.05, [1.0, 2.0], [0.0, 0.9], seen)
    shares = np.array([0.3, 0.3, 0.2, 0.1, 0.05, 0.05])
    back = read_weights(fitting.written(shares, 0.08, {"cold": meaning, "warm": meaning}))
    assert list(back.signals.values()) == list(shares)
    assert back.kinds == {"clause": 0.08}
    assert (back.cold.standing, back.cold.confidence) == ((1.0, 2.0), (0.0, 0.9))
    assert [band.word for band in back.bands] == ["strong", "likely", "possible", "weak"]
