"""The laws of the design, held through files and the real commands: what a person could check with a workbook, a pencil and a second program."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import (
    ANNEX,
    CATEGORY,
    CLAUSES,
    CRITERIA,
    RELATIONSHIP_WORDS,
    Library,
    crosswalks,
    libraries,
    name,
    rows,
    saved,
    sheets,
)

import workbench
from workbench.model import ISO2022, SOC2, Coverage, Figure

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
