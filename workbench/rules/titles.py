"""Whose title is it? Whether the words beside an id are the title of another requirement.

People shorten, reword and translate titles, and call a requirement by the name of its group or of its other edition. None of
that is a disagreement. One is only seen where the words are nearly to the letter the title of a requirement that has nothing to
do with the one cited, and share next to nothing with that one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from workbench.frameworks import builtin, children, index, predecessors, successors
from workbench.model import ISO2013, ISO2022, SOC2, Requirement

LONGEST = 14
"""Words of a title; what is longer is a description."""
ALIKE = 0.85
"""Share of common words from which on two titles are one."""
RELATED = 0.34
"""Share of the written words that the cited requirement's own titles may know at most."""
SPELLING = 92
"""Similarity in letters, 0–100, from which on two titles are one, misspelt."""

_EMPTY = frozenset(
    {
        "a", "an", "and", "or", "of", "the", "for", "to", "in", "on", "by", "with", "from", "at", "as", "is", "are", "be", "its", "their",
        "this", "that", "other", "all", "any", "annex", "control", "controls", "clause", "requirement", "criteria", "criterion", "iso",
        "iec", "soc", "information", "security", "cyber", "isms", "ict", "it", "relating", "related",
    }
)  # fmt: skip
"""Words that tell no title from another here."""
_FILLERS = frozenset({"management", "managing", "policy", "policies", "process", "procedure", "procedures", "use", "activities"})
"""Words that a title gains and loses as people please; only a title of nothing else is told by them."""
_GENERIC = frozenset(
    {"general", "policy", "resources", "communication", "competence", "planning", "support", "operation", "scope"}
)
"""One-word clause titles that are also column fillers."""
_ENDINGS = (
    "ations",
    "ation",
    "ating",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "er",
    "ed",
    "es",
    "ity",
    "al",
    "s",
    "y",
    "e",
)
_BRITISH = {
    "programme": "program",
    "labelling": "label",
    "labeling": "label",
    "endpoint": "end point",
    "teleworking": "remote work",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the cited id is really called, and whose title the written words are."""

    own: Requirement
    other: Requirement


def disagreement(cited: str, framework: str, written: str) -> Disagreement | None:
    """The requirement whose title stands beside ``cited``, when that is clearly another one; else None.

    Pure and cached: a workbook repeats the same pairs of id and title.
    """
    own = index(framework).get(cited) if framework in {SOC2, ISO2022, ISO2013} else None
    return _judged(own.id, framework, " ".join(written.split())) if own and written else None


@cache
def _judged(cited: str, framework: str, written: str) -> Disagreement | None:
    said = _stems(written)
    own = index(framework)[cited]
    other = _namesake(own, written)
    if other:
        return Disagreement(own, other)
    if not said or len(written.split()) > LONGEST or _knows(cited, framework, said):
        return None
    other = _owner(cited, framework, written, said)
    return Disagreement(own, other) if other and _clear(own, other, said) else None


def _namesake(own: Requirement, written: str) -> Requirement | None:
    """Another control of the edition whose title is written to the letter: no rewording, whatever words the two titles share."""
    other = _controls_by_title().get((own.framework, _plain(written))) if own.kind == "control" else None
    if other is None or other == own:
        return None
    right = {_plain(title) for title in own_titles(own.id, own.framework)}
    return None if _plain(other.title) in right else other


@cache
def _controls_by_title() -> Mapping[tuple[str, str], Requirement]:
    controls = (entry for framework in builtin() for entry in framework.requirements if entry.kind == "control")
    return {(entry.framework, _plain(entry.title)): entry for entry in controls}


def knows(cited: str, framework: str, written: str) -> bool:
    """Whether what is written may be a title of the requirement, by the words it shares with those that are."""
    return _knows(cited, framework, _stems(written))


def _knows(cited: str, framework: str, said: frozenset[str]) -> bool:
    """Whether the requirement's own titles (other edition, groups, parts) share more than a stray word with what is written."""
    return any(len(said & _stems(title)) > RELATED * len(said) for title in own_titles(cited, framework))


def _clear(own: Requirement, other: Requirement, said: frozenset[str]) -> bool:
    """Whether the other's title is so foreign to the cited requirement that it is no rewording.

    Between two controls of one edition the titles decide. A clause, another edition and a criterion have their own words for one
    thing, so there what is written must be foreign to the summary too. Criteria have no official titles, so people use any: only
    another criterion's title counts.
    """
    if own.framework == SOC2:
        return other.framework == SOC2 and not said & _stems(own.summary)
    if (own.framework, own.kind) == (other.framework, other.kind):
        return True
    return 2 * len(said & _stems(own.summary)) < len(said)


def foreign(cited: str, framework: str, subject: str) -> bool:
    """Whether neither the titles nor the summary of a requirement know half the words of ``subject``."""
    words = _stems(subject)
    known = frozenset(stem for text in (*own_titles(cited, framework), index(framework)[cited].summary) for stem in _stems(text))
    return 2 * len(words & known) < len(words)


@cache
def own_titles(cited: str, framework: str) -> tuple[str, ...]:
    """Every title that is right beside an id: its own, those of its groups and parts, and of the same requirement in the other edition."""
    known = index(framework)
    ids = [cited, *_above(known, cited), *children(framework, cited)]
    if framework == ISO2022:
        old = [entry for name in ids if name == cited or not name.startswith("A.") for entry in predecessors(name)]
        return tuple(known[name].title for name in ids) + _old_titles(old)
    if framework == ISO2013:
        return tuple(known[name].title for name in ids) + tuple(index(ISO2022)[name].title for name in successors(cited))
    return tuple(known[name].title for name in ids)


def _old_titles(ids: Collection[str]) -> tuple[str, ...]:
    old = index(ISO2013)
    above = [name for entry in ids for name in _above(old, entry)]
    return tuple(old[name].title for name in dict.fromkeys((*ids, *above)))


def _above(known: Mapping[str, Requirement], cited: str) -> Iterator[str]:
    parent = known[cited].parent
    while parent:
        yield parent
        parent = known[parent].parent


def _owner(cited: str, framework: str, written: str, said: frozenset[str]) -> Requirement | None:
    """The requirement that is called like that; None when no title is near enough.

    A 2013 objective only counts where it has the cited id: else it is a group, and people use names of groups freely.
    """
    near = (_titled()[number] for number in {number for stem in said for number in _by_stem().get(stem, ())})
    scored = [
        (_likeness(written, said, entry), _preference(entry, cited, framework), entry)
        for entry in near
        if entry.kind != "objective" or entry.id == cited
    ]
    alike = [(score, preference, entry) for score, preference, entry in scored if score >= ALIKE]
    return min(alike, key=lambda found: (-found[0], found[1]))[2] if alike else None


def _likeness(written: str, said: frozenset[str], entry: Requirement) -> float:
    title = _stems(entry.title)
    common = 2 * len(said & title) / (len(said) + len(title))
    from rapidfuzz import fuzz  # noqa: PLC0415 - listing the rules does not need it

    letters = fuzz.ratio(_plain(written), _plain(entry.title))
    if letters == 100:
        return 2.0
    if len(said) < 2:
        return 0.0
    return max(common, letters / 100 if letters >= SPELLING else 0.0)


def _preference(entry: Requirement, cited: str, framework: str) -> tuple[bool, bool, int]:
    """Of equal titles: the same id in the other edition, then the same framework, then the order of the catalogues."""
    return entry.id != cited, entry.framework != framework, _order()[entry.framework, entry.id]


@cache
def _titled() -> tuple[Requirement, ...]:
    """The requirements whose titles tell them apart: no groups (but for 2013 objectives), no one-word clauses such as General."""
    found = [entry for framework in builtin() for entry in framework.requirements if entry.assessable]
    objectives = [entry for entry in index(ISO2013).values() if entry.kind == "objective"]
    return tuple(entry for entry in (*found, *objectives) if _plain(entry.title) not in _GENERIC)


@cache
def _order() -> Mapping[tuple[str, str], int]:
    return {(entry.framework, entry.id): number for number, entry in enumerate(_titled())}


@cache
def _by_stem() -> Mapping[str, tuple[int, ...]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(_titled()):
        for stem in _stems(entry.title):
            found[stem].append(number)
    return {stem: tuple(numbers) for stem, numbers in found.items()}


@cache
def _plain(text: str) -> str:
    """Lower case words with single spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


@cache
def _stems(text: str) -> frozenset[str]:
    """The words of a title that tell it from others, without their endings."""
    words = [part for word in _plain(text).split() for part in _BRITISH.get(word, word).split() if not part.isdigit()]
    telling = [word for word in words if word not in _EMPTY]
    return frozenset(_stem(word) for word in [word for word in telling if word not in _FILLERS] or telling)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
