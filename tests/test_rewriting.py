"""Ids into and out of a cell: what stays is as it was, what is read is what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.frameworks import index
from workbench.frameworks.ids import parse
from workbench.frameworks.rewriting import rewrite_ids
from workbench.model import ISO2022, SOC2


@pytest.mark.parametrize(
    ("text", "add", "remove", "result"),
    [
        ("CC 6.1; CC 6.3", ["CC6.2"], [], "CC 6.1; CC 6.2; CC 6.3"),
        ("CC6.3, CC6.1", ["CC6.2"], [], "CC6.3, CC6.1, CC6.2"),
        ("A5.15/A5.17", ["A.5.16"], [], "A5.15/A5.16/A5.17"),
        ("- CC6.1\n- CC6.2", ["CC5.3"], ["CC6.1"], "- CC5.3\n- CC6.2"),
        ("5.15, 5.16", ["A.5.17"], [], "5.15, 5.16, 5.17"),
        ("Annex A 5.15", ["A.5.16"], [], "Annex A 5.15, Annex A 5.16"),
        ("cc6.1, cc6.2", ["A1.1"], [], "cc6.1, cc6.2, a1.1"),
        ("CC6.1, 6.2", [], ["CC6.1"], "CC6.2"),
        ("CC6.1, 6.2", ["CC5.1"], [], "CC5.1, CC6.1, 6.2"),
        ("CC6.1-CC6.3", [], ["CC6.2"], "CC6.1, CC6.3"),
        ("CC6.1-CC6.3", ["CC7.1"], [], "CC6.1-CC6.3, CC7.1"),
        ("CC6.x", [], ["CC6.2"], "CC6.1, CC6.3, CC6.4, CC6.5, CC6.6, CC6.7, CC6.8"),
        ("A.5.15 Access control\nA.5.16 Identity management", ["A.5.17"], ["A.5.15"], "A.5.16 Identity management\nA.5.17"),
        ("CC6.1 (primary), CC6.2 (secondary)", [], ["CC6.1"], "CC6.2 (secondary)"),
        ("CC6.1 (primary), CC6.2 (secondary)", [], ["CC6.2"], "CC6.1 (primary)"),
        ("Covers CC6.1 and CC6.2 with reviews.", ["CC6.3"], [], "Covers CC6.1 and CC6.2 with reviews.\nCC6.3"),
        ("Covers CC6.1 and CC6.2 with reviews.", [], ["CC6.2"], "Covers CC6.1 with reviews."),
        ("CC6.1, AC-2", ["CC6.2"], ["CC6.1"], "AC-2, CC6.2"),
        ("see policy", ["CC6.1"], [], "see policy, CC6.1"),
        ("CC6.1", [], ["CC6.1"], ""),
        ("n/a", ["CC6.1"], [], "CC6.1"),
        ("", ["CC6.2", "CC6.1"], [], "CC6.1, CC6.2"),
        ("CC6.1", ["CC6.1"], ["CC6.2"], "CC6.1"),
        ("CC6.1", ["CC6.1"], ["CC6.1"], "CC6.1"),
    ],
)
def test_a_cell_keeps_its_separator_its_spelling_and_its_order(text: str, add: list[str], remove: list[str], result: str) -> None:
    assert rewrite_ids(text, add, remove) == result


def test_other_cells_of_the_column_show_how_an_empty_or_single_one_is_written() -> None:
    assert rewrite_ids("", ["CC6.1", "CC6.2"], like=["CC 1.1 / CC 1.2", "CC 2.1"]) == "CC 6.1 / CC 6.2"
    assert rewrite_ids("CC6.1", ["CC6.2"], like=["CC1.1\nCC1.2"]) == "CC6.1\nCC6.2"


_CRITERIA = sorted(name for name, entry in index(SOC2).items() if entry.assessable)
_ANNEX = sorted(name for name, entry in index(ISO2022).items() if entry.assessable)
_STYLES = [
    lambda name: name,
    lambda name: name.lower(),
    lambda name: name.replace("A.", "Annex A ", 1),
    lambda name: name.replace("CC", "CC ").replace("A.", "A ", 1),
    lambda name: f"{name} Some title",
    lambda name: f"{name} (key)",
]


@st.composite
def _edits(draw: st.DrawFn) -> tuple[str, str, list[str], list[str]]:
    framework, names = draw(st.sampled_from([(SOC2, _CRITERIA), (ISO2022, _ANNEX)]))
    one = st.lists(st.sampled_from(names), max_size=6, unique=True)
    style = draw(st.sampled_from(_STYLES))
    text = draw(st.sampled_from([", ", "; ", "\n", " / ", "\n- ", " and "])).join(map(style, draw(one)))
    return framework, text, draw(one), draw(one)


@settings(max_examples=300, deadline=None)
@given(_edits())
def test_exactly_the_ids_meant_are_read_from_the_result(edit: tuple[str, str, list[str], list[str]]) -> None:
    framework, text, add, remove = edit
    before = {citation.id for citation in parse(text, framework)}
    after = {citation.id for citation in parse(rewrite_ids(text, add, remove, framework=framework), framework)}
    assert after == (before - set(remove)) | set(add)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("CA.156 ,;/\n-()see"), max_size=30), st.sampled_from(_CRITERIA))
def test_whatever_a_cell_holds_is_still_there_when_an_id_is_added(text: str, name: str) -> None:
    result = rewrite_ids(text, [name], framework=SOC2)
    before = {citation.id for citation in parse(text, SOC2) if citation.id}
    assert {citation.id for citation in parse(result, SOC2) if citation.id} == before | {name}
