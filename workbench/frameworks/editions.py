"""Which edition of ISO/IEC 27001 a column of ids is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workbench.frameworks import ambiguous, index
from workbench.model import ISO2013, ISO2022, Citation, Requirement

_YEARS = {"2005": ISO2013, "2013": ISO2013, "2017": ISO2013, "2022": ISO2022, "2023": ISO2022, "2024": ISO2022}
_YEAR_OF = {ISO2013: "2013", ISO2022: "2022"}
_ALIKE = 0.5
"""Share of a title's words that must be an edition's for it to be evidence."""
_UNREAD = frozenset({"unknown", "text", "range"})


@dataclass(slots=True)
class _Votes:
    ids: dict[str, int] = field(default_factory=lambda: {ISO2013: 0, ISO2022: 0})
    titles: dict[str, int] = field(default_factory=lambda: {ISO2013: 0, ISO2022: 0})
    both: list[str] = field(default_factory=list)
    total: int = 0

    def of(self, edition: str) -> int:
        return self.ids[edition] + self.titles[edition]

    def reason(self, edition: str) -> str:
        reasons = []
        if ids := self.ids[edition]:
            what = "three-part or A.9–A.18" if edition == ISO2013 else "in the 2022 edition only"
            reasons.append(f"{ids} of {self.total} ids {'is' if ids == 1 else 'are'} {what}")
        if titles := self.titles[edition]:
            many = f"{titles} titles beside ids of both editions are those"
            reasons.append(f"{'1 title beside an id of both editions is that' if titles == 1 else many} of {_YEAR_OF[edition]}")
        return " and ".join(reasons)


def decide(cells: Iterable[tuple[Sequence[Citation], str]], heading: str) -> tuple[str, str]:
    """(framework id, because in words), from the citations of each cell with the title beside it, and the heading."""
    votes = _count(cells)
    said = _said(heading)
    if said:
        other = ISO2022 if said == ISO2013 else ISO2013
        if votes.of(said) or votes.both or not votes.of(other):
            return said, f"the heading says {_YEAR_OF[said]}"
        return other, f"the heading says {_YEAR_OF[said]}, but no id is of that edition: {votes.reason(other)}"
    if votes.of(ISO2013) == votes.of(ISO2022):
        return ISO2022, _undecided(votes)
    edition = ISO2013 if votes.of(ISO2013) > votes.of(ISO2022) else ISO2022
    return edition, votes.reason(edition)


def _undecided(votes: _Votes) -> str:
    if votes.of(ISO2022):
        return "as many ids of one edition as of the other; 2022 is the current one"
    if votes.both:
        return f"nothing tells the editions apart ({', '.join(dict.fromkeys(votes.both[:3]))} could be either); 2022 is the current one"
    return "no id says otherwise; 2022 is the current edition"


def _said(heading: str) -> str:
    editions = {_YEARS[year] for year in re.findall(r"(?<![0-9])20[0-9]{2}(?![0-9])", heading) if year in _YEARS}
    return editions.pop() if len(editions) == 1 else ""


def _count(cells: Iterable[tuple[Sequence[Citation], str]]) -> _Votes:
    votes = _Votes()
    for citations, beside in cells:
        for citation in citations:
            if citation.remark not in _UNREAD and citation.framework in {ISO2013, ISO2022}:
                _vote(votes, citation, citation.title or (beside if len(citations) == 1 else ""))
    return votes


def _vote(votes: _Votes, citation: Citation, title: str) -> None:
    """An id of one edition alone votes for it; one of both does where its title is that of one. Clauses tell nothing."""
    votes.total += 1
    only, both = _editions_of(citation.candidates or (citation.id,))
    if only:
        votes.ids[only] += 1
    if both:
        votes.both.append(both[0].id)
        alike = {entry.framework: _likeness(title, entry.title) for entry in both} if title else {}
        best = max(alike, key=lambda edition: alike[edition], default="")
        if best and alike[best] >= _ALIKE and list(alike.values()).count(alike[best]) == 1:
            votes.titles[best] += 1


@lru_cache(maxsize=1_024)
def _editions_of(names: tuple[str, ...]) -> tuple[str, tuple[Requirement, ...]]:
    """The only edition that has any of the ids, or ""; and the two readings of the first that is in both."""
    both = next((readings for name in names if (readings := ambiguous(name))), ())
    if both or any(name.startswith("Clause") for name in names):
        return "", both
    editions = [edition for edition in (ISO2013, ISO2022) if any(name in index(edition) for name in names)]
    return editions[0] if len(editions) == 1 else "", ()


def _likeness(title: str, official: str) -> float:
    """Share of the words that the two titles have in common, by their beginnings."""
    mine, theirs = _stems(title), _stems(official)
    return len(mine & theirs) / max(len(mine | theirs), 1)


def _stems(title: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]+", title.casefold()) if word not in {"of", "and", "for", "the", "to", "in"}}
