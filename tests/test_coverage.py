"""Coverage, overlap, gaps and SoA rows: against brute force, and by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from workbench import coverage as figures
from workbench.interpretation import FRAMES, REGISTERS, Project
from workbench.model import ISO2022, SOC2, Book, Coverage, Relationship
from workbench.settings import Settings

CRITERIA = [entry.id for entry in figures.requirements_of(SOC2)]
ANNEX = [entry.id for entry in figures.requirements_of(ISO2022) if entry.kind == "control"]
CLAUSES = [entry.id for entry in figures.requirements_of(ISO2022) if entry.kind == "clause"]
STATUSES = ["Implemented", "Partially implemented", "Planned", "Not implemented", "Not applicable", ""]
PLAIN = Settings()


def frame(name: str, rows: list[dict[str, object]], **defaults: object) -> pd.DataFrame:
    blank = dict.fromkeys(FRAMES[name], "") | {"table": 0, "sheet": "S", "row": 2} | defaults
    return pd.DataFrame([blank | row for row in rows], columns=list(FRAMES[name]), dtype=object)


def project(
    controls: list[tuple[str, str]] = (),
    mappings: list[tuple[str, str, str]] = (),
    *,
    applicable: dict[str, str] | None = None,
    assessed: list[tuple[str, str]] = (),
    statuses: str = "Accepted",
    categories: str | None = "",
) -> Project:
    """Controls (id, status); mappings (source, target, relationship); applicability id → word; assessments (id, status)."""

    def owner(name: str) -> str:
        return SOC2 if name in CRITERIA else ISO2022 if name in ANNEX or name in CLAUSES else ""

    said = {} if categories is None else {"SOC 2 categories in scope": (categories, "Profile", "B5")}
    rows = [
        {
            "source": a,
            "source_framework": owner(a),
            "target": b,
            "target_framework": owner(b),
            "relationship": word,
            "status": statuses,
        }
        for a, b, word in mappings
    ]
    return Project(
        book=Book("x.xlsx", Path("x.xlsx"), "", 0, (), ()),
        citations=frame("citations", []),
        editions={},
        controls=frame(
            "controls", [{"control": name, "id": name, "counts_as": status, "status": status} for name, status in controls]
        ),
        mappings=frame("mappings", rows),
        applicability=frame(
            "applicability",
            [{"id": name, "id_written": name, "applicable": word, "reasons": ()} for name, word in (applicable or {}).items()],
        ),
        assessments=frame("assessments", [{"id": name, "framework": owner(name), "status": status} for name, status in assessed]),
        decisions=frame("decisions", []),
        profile=said,
        **{name: pd.DataFrame(columns=["id", "table", "sheet", "row"]) for name in REGISTERS},
    )


libraries = st.lists(
    st.tuples(
        st.sampled_from(STATUSES),
        st.sets(st.sampled_from(CRITERIA), max_size=4),
        st.sets(st.sampled_from(ANNEX + CLAUSES), max_size=4),
    ),
    max_size=12,
)


def built(library: list[tuple[str, set[str], set[str]]], applicable: dict[str, str] | None = None) -> Project:
    controls = [(f"C-{number}", status) for number, (status, _, _) in enumerate(library)]
    pairs = [
        (f"C-{number}", target, "unspecified") for number, (_, soc2, iso) in enumerate(library) for target in sorted(soc2 | iso)
    ]
    return project(controls, pairs, applicable=applicable, categories=None)


def accepted(
    found: list, direction: str, denominator: str, basis: str = "controls", strictness: str = "as mapped"
) -> tuple[int, int]:
    (row,) = [
        figure
        for figure in found
        if (figure.direction, figure.denominator, figure.basis, figure.strictness, figure.status)
        == (direction, denominator, basis, strictness, "accepted")
    ]
    return row.numerator, row.total


TO_ISO, TO_SOC2 = "soc2-2017->iso27001-2022", "iso27001-2022->soc2-2017"


@given(libraries, st.sets(st.sampled_from(ANNEX), max_size=5))
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_overlap_equals_a_brute_force_count(library: list, out: set[str]) -> None:
    found = figures.overlap(built(library, dict.fromkeys(out, "no")), PLAIN)

    live = [(soc2, iso - out) for status, soc2, iso in library if status in {"Implemented", "Partially implemented"}]
    iso_hit = {name for soc2, iso in live if soc2 for name in iso}
    soc2_hit = {name for soc2, iso in live if iso for name in soc2}
    cited = {name for _, soc2, _ in library for name in soc2}
    category = {name: figures.index(SOC2)[name].attributes["category"] for name in CRITERIA}
    scope = [name for name in CRITERIA if category[name] in {"Security"} | {category[other] for other in cited}]
    assert accepted(found, TO_ISO, "applicable") == (len(iso_hit & set(ANNEX)), 93 - len(out))
    assert accepted(found, TO_ISO, "93") == (len(iso_hit & set(ANNEX)), 93)
    assert accepted(found, TO_ISO, "93 + clauses") == (len(iso_hit), 93 + len(CLAUSES))
    assert accepted(found, TO_SOC2, "61") == (len(soc2_hit), 61)
    assert accepted(found, TO_SOC2, "33") == (len({name for name in soc2_hit if name.startswith("CC")}), 33)
    assert accepted(found, TO_SOC2, "in-scope") == (len(soc2_hit), len(scope))
    assert accepted(found, TO_ISO, "93", strictness="strict") == (0, 93)
    assert (found[0].direction, found[0].basis, found[0].denominator, found[0].strictness, found[0].status) == (
        TO_ISO, "controls", "applicable", "as mapped", "accepted",
    )  # fmt: skip


pairs = st.lists(
    st.tuples(
        st.sampled_from(CRITERIA),
        st.sampled_from(ANNEX + CLAUSES),
        st.sampled_from([str(word) for word in Relationship]),
        st.booleans(),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda pair: pair[:2],
)


@given(pairs)
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_crosswalk_figures_equal_a_brute_force_count_in_both_directions(crosswalk: list) -> None:
    rows = [(a, b, word) if forward else (b, a, str(Relationship(word).inverse)) for a, b, word, forward in crosswalk]
    found = figures.overlap(project(mappings=rows, categories=None), PLAIN)

    stated = [(a, b, word) for a, b, word, _ in crosswalk if word != "no relationship"]
    whole = {b for _, b, word in stated if word in {"equal", "superset of"}} & set(ANNEX)
    assert accepted(found, TO_ISO, "93", "crosswalk") == (len({b for _, b, _ in stated} & set(ANNEX)), 93)
    assert accepted(found, TO_ISO, "93", "crosswalk", "strict") == (len(whole), 93)
    assert accepted(found, TO_SOC2, "61", "crosswalk") == (len({a for a, _, _ in stated}), 61)
    assert accepted(found, TO_SOC2, "61", "crosswalk", "strict") == (
        len({a for a, _, word in stated if word in {"equal", "subset of"}}),
        61,
    )


@given(libraries, st.sets(st.sampled_from(ANNEX), max_size=5))
@hypothesis_settings(max_examples=40, deadline=None)
def test_the_levels_of_coverage_add_up_to_all_requirements(library: list, out: set[str]) -> None:
    given_project = built(library, dict.fromkeys(out, "no"))

    for name, total in ((SOC2, 61), (ISO2022, 93 + len(CLAUSES))):
        levels = figures.coverage(given_project, name, PLAIN)["level"].value_counts()
        assert sum(levels.get(str(level), 0) for level in Coverage) == total


@given(
    libraries,
    st.sampled_from(CRITERIA + ANNEX),
    st.integers(0, 11),
    st.sampled_from(["equal", "superset of", "subset of", "intersects with"]),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_an_accepted_mapping_of_a_new_pair_lowers_nothing(library: list, target: str, control: int, word: str) -> None:
    before = built(library)
    if control >= len(library) or target in library[control][1] | library[control][2]:
        return
    more = frame(
        "mappings",
        [
            {
                "source": f"C-{control}",
                "target": target,
                "target_framework": SOC2 if target in CRITERIA else ISO2022,
                "relationship": word,
                "status": "Accepted",
            }
        ],
    )
    after = replaced(before, mappings=pd.concat([before.mappings, more], ignore_index=True))

    scope = Settings(soc2_categories=("Availability", "Confidentiality", "Processing Integrity", "Privacy"))
    order = [str(level) for level in Coverage]
    for name in (SOC2, ISO2022):
        old, new = (figures.coverage(one, name, scope)["level"].tolist() for one in (before, after))
        assert all(order.index(b) <= order.index(a) for a, b in zip(old, new, strict=True))
    for old, new in zip(figures.overlap(before, scope), figures.overlap(after, scope), strict=True):
        assert (old.numerator <= new.numerator, old.total) == (True, new.total)


def replaced(of: Project, **frames: pd.DataFrame) -> Project:
    from dataclasses import replace

    return replace(of, **frames)


@given(libraries, st.randoms(use_true_random=False))
@hypothesis_settings(max_examples=30, deadline=None)
def test_the_order_of_rows_changes_no_figure(library: list, random: object) -> None:
    before = built(library)
    shuffled = {}
    for name in ("controls", "mappings"):
        rows = list(range(len(getattr(before, name))))
        random.shuffle(rows)
        shuffled[name] = getattr(before, name).iloc[rows].reset_index(drop=True)

    after = replaced(before, **shuffled)

    assert figures.overlap(after, PLAIN) == figures.overlap(before, PLAIN)
    for name in (SOC2, ISO2022):
        assert figures.coverage(after, name, PLAIN).equals(figures.coverage(before, name, PLAIN))


def levels(of: Project, *names: str) -> list[str]:
    both = pd.concat([figures.coverage(of, name, PLAIN) for name in (SOC2, ISO2022)])
    return [dict(zip(both["id"], both["level"], strict=True))[name] for name in names]


def test_levels_follow_the_status_of_the_control_and_the_relationship() -> None:
    of = project(
        [("I", "Implemented"), ("P", "Partially implemented"), ("L", "Planned"), ("N", "Not implemented"), ("X", "Not applicable")],
        [
            ("I", "A.5.1", "unspecified"), ("I", "A.5.2", "equal"), ("I", "A.5.3", "superset of"), ("I", "A.5.4", "subset of"),
            ("I", "A.5.5", "intersects with"), ("I", "A.5.6", "no relationship"), ("P", "A.5.7", "equal"),
            ("L", "A.5.8", "equal"), ("N", "A.5.9", "equal"), ("X", "A.5.10", "equal"), ("ghost", "A.5.11", "equal"),
        ],
    )  # fmt: skip

    assert levels(of, *[f"A.5.{number}" for number in range(1, 12)]) == [
        "covered", "covered", "covered", "partial", "partial", "none", "partial", "planned", "none", "none", "none",
    ]  # fmt: skip


def test_two_partial_mappings_do_not_add_up() -> None:
    of = project([("I", "Implemented"), ("J", "Implemented")], [("I", "A.5.1", "subset of"), ("J", "A.5.1", "intersects with")])

    assert levels(of, "A.5.1") == ["partial"]


def test_a_stated_relationship_says_more_than_a_bare_id() -> None:
    of = project([("I", "Implemented")], [("I", "A.5.1", "unspecified"), ("I", "A.5.1", "subset of")])

    assert levels(of, "A.5.1") == ["partial"]


def test_proposed_and_rejected_mappings_cover_nothing() -> None:
    for status in ("Proposed", "Rejected"):
        of = project([("I", "Implemented")], [("I", "A.5.1", "equal"), ("I", "CC6.1", "equal")], statuses=status)

        assert levels(of, "A.5.1", "CC6.1") == ["none", "none"]


def test_proposed_mappings_and_suggestions_count_with_suggestions_only() -> None:
    of = project([("I", "Implemented")], [("I", "A.5.1", "unspecified")])
    suggestions = pd.DataFrame({"source": ["I", "I"], "target": ["CC5.3", "A.5.2"]})

    found = figures.overlap(of, PLAIN, suggestions)

    assert [(figure.status, figure.numerator) for figure in found[:2]] == [("accepted", 0), ("with suggestions", 2)]


def test_an_excluded_control_and_a_criterion_out_of_scope_are_not_applicable() -> None:
    of = project(
        [("I", "Implemented")],
        [("I", "A.7.1", "equal"), ("I", "P1.1", "equal"), ("I", "CC6.4", "equal")],
        applicable={"A.7.1": "no"},
        categories="Security",
    )

    assert levels(of, "A.7.1", "P1.1", "CC6.4") == ["not applicable", "not applicable", "covered"]
    assert accepted(figures.overlap(of, PLAIN), TO_ISO, "applicable") == (0, 92)


def test_without_controls_an_assessment_gives_the_levels() -> None:
    of = project(assessed=[("A.5.1", "Implemented"), ("A.5.2", "Partially implemented"), ("A.5.3", "Not implemented")])

    assert levels(of, "A.5.1", "A.5.2", "A.5.3", "A.5.4") == ["covered", "partial", "none", "none"]


def test_gaps_are_the_open_requirements_most_urgent_first() -> None:
    of = project(
        [("I", "Implemented"), ("L", "Planned")],
        [("I", name, "equal") for name in ANNEX[2:] + CLAUSES + CRITERIA] + [("L", "A.5.2", "equal")],
    )
    views = {name: figures.coverage(of, name, PLAIN) for name in (SOC2, ISO2022)}

    found = figures.gaps(views, {"A.5.1": ("I", "reads like it")})

    assert found[["id", "priority", "nearest", "action"]].to_numpy().tolist() == [
        ["A.5.1", 1, "I", "See whether I can be extended to A.5.1, else add a control."],
        ["A.5.2", 2, "", "Finish L, then map it to A.5.2."],
    ]


def test_the_soa_invents_nothing_and_marks_what_it_proposes() -> None:
    of = project(
        [("I", "Implemented")], [("I", "A.5.1", "equal"), ("I", "CC5.3", "equal")], applicable={"A.5.2": "yes", "A.5.3": "no"}
    )

    entries = figures.soa_entries(of, figures.coverage(of, ISO2022, PLAIN))

    assert len(entries) == 93
    wanted = ["applicable", "inclusion", "inclusion_proposal", "status", "status_proposal", "soc2", "decided"]
    assert entries[wanted].head(3).to_numpy().tolist() == [
        ["", "", "I is in place and already serves SOC 2 CC5.3.", "", "Implemented", "CC5.3", False],
        ["Yes", "", "", "", "Not implemented", "", True],
        ["No", "", "", "", "", "", True],
    ]
