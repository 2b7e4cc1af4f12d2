"""The columns of one table as they are seen: heading, content, and what both together say. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from workbench.frameworks.ids import CellValue
from workbench.model import ISO_UNDECIDED, SOC2
from workbench.reading import headings
from workbench.reading.headings import Sense
from workbench.reading.heads import Head, Rows, repeats
from workbench.reading.shapes import Profile, Shape, bare_is_iso, cited, profile
from workbench.sheets import fold_heading
from workbench.words import read_word

_SAMPLE = 120
_SPEAKING = 0.8
"""The share of known words above which even texts that are all different are words."""
_SERIAL = frozenset(
    {"#", "no", "nr", "s no", "sr no", "sl no", "s n", "sno", "number", "row", "item", "index", "seq", "order", "", "serial"}
)
_FOREIGN = frozenset(
    [
        "risk",
        "risks",
        "evidence",
        "policy",
        "document",
        "request",
        "pbc",
        "asset",
        "assets",
        "vendor",
        "vendors",
        "supplier",
        "incident",
        "action",
        "actions",
        "finding",
        "findings",
        "issue",
        "issues",
        "task",
        "tasks",
        "test",
        "tests",
        "ticket",
        "version",
        "phase",
        "week",
        "milestone",
        "priority",
        "date",
        "system",
        "user",
        "users",
        "project",
        "exception",
        "kpi",
        "metric",
        "audit",
        "nonconformity",
    ]
)
"""What else may have an id: a row of such a sheet is no control."""
_ISO_CONTEXT = re.compile(r"2700[12]|\biso\b|annex a|\bsoa\b|statement of applicability|\bclauses?\b|\bisms\b", re.IGNORECASE)
_SHAPES = {"soc2": Shape.SOC2, "iso": Shape.ANNEX | Shape.LEGACY | Shape.CLAUSE}
_CATEGORIES = frozenset({"security", "availability", "confidentiality", "processing integrity", "privacy", "common criteria"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One column. ``family``: soc2, iso or mixed when it holds requirement ids, else "". ``own``: it may hold the organization's control ids.

    ``serial``: it numbers the rows. ``words``: its different texts, when they are short and few.
    """

    at: int
    heading: str
    sense: Sense
    profile: Profile
    family: str
    own: bool
    serial: bool
    words: frozenset[str] = frozenset()

    @property
    def framework(self) -> str:
        """What the heading says, where the content does not contradict it; else what the content says; "" for a mixed column."""
        if self.family == headings.MIXED or self.profile.share(Shape.OWN) >= 0.2:
            return ""
        if self.sense.family == self.family:
            return self.sense.framework
        return SOC2 if self.family == "soc2" else ISO_UNDECIDED

    @property
    def listed(self) -> bool:
        """Whether its cells cite several requirements, or the same ones again and again: no key."""
        return self.profile.share(Shape.LIST) > 0.1 or self.profile.distinct < 0.95

    @property
    def text(self) -> bool:
        """Names or sentences: nothing that is an id, a mark, a number or a date."""
        return not self.family and self.profile.share(Shape.OTHER, Shape.PROSE, Shape.TITLED) >= 0.5

    def speaks(self, kind: str) -> float:
        """The share of its words that belong to a vocabulary of ``workbench.words``."""
        return _speaks(self.words, kind)

    def named(self, declaration: str) -> dict[str, float]:
        """The declared fields its heading may name, with how surely; a typo counts as nearly sure."""
        found = dict(headings.fields(self.heading, declaration)) if self.heading else {}
        if max(found.values(), default=0) < headings.STRIPPED:
            field, _ = headings.near(self.heading, declaration)
            if field:
                found[field] = max(headings.NEAR, found.get(field, 0))
        return found


def sample(first: int, last: int) -> list[int]:
    """At most ``_SAMPLE`` row indices, evenly spread."""
    step = max(1, -(-(last - first) // _SAMPLE))
    return list(range(first, last, step))


def see(tab: str, rows: Rows, head: Head, last: int) -> list[Seen]:
    """The columns of the table below ``head``, up to row ``last`` (exclusive); columns with neither heading nor content are left out."""
    picked = [row for row in sample(head.row + 1, last) if not repeats(rows[row], head)]
    above = " ".join(str(cell) for row in rows[: head.top] for cell in row if isinstance(cell, str))
    iso = bool(_ISO_CONTEXT.search(f"{tab.replace('_', ' ')} {above[:2000]} {' '.join(head.texts)}"))
    columns = []
    for at, heading in enumerate(head.texts):
        values = [rows[row][at] for row in picked if rows[row][at] is not None]
        if heading or values:
            columns.append(_seen(at, heading, values, iso=iso))
    return _titles_for_ids(_own_numbering(columns))


def _titles_for_ids(columns: list[Seen]) -> list[Seen]:
    """Some write a control's title where its id belongs: a column headed as citations, beside ids and without another of its framework."""
    found = columns
    for family in ("soc2", "iso"):
        ids = [one for one in found if one.family or one.own]
        headed = [one for one in found if not one.family and one.sense.family == family and one.sense.role == "reference"]
        if (
            ids
            and len(headed) == 1
            and headed[0].text
            and not headed[0].profile.prose
            and all(one.family != family for one in ids)
        ):
            found = [replace(one, family=family) if one is headed[0] else one for one in found]
    return found


def _seen(at: int, heading: str, values: Sequence[CellValue], *, iso: bool) -> Seen:
    sense, content = headings.sense(heading), profile(values)
    family = _family(sense, content, values, iso=iso)
    texts = frozenset(value.strip() for value in values if isinstance(value, str))
    few = len(texts) <= max(3, 0.6 * len(values)) or _speaks(texts, "status") >= _SPEAKING
    return Seen(
        at,
        heading,
        sense,
        content,
        family,
        own=not family and _is_own(heading, sense, content),
        serial=content.steps and fold_heading(heading) in _SERIAL,
        words=texts if few and not family and all(len(word) < 40 for word in texts) else frozenset(),
    )


@lru_cache(maxsize=1024)
def _speaks(words: frozenset[str], kind: str) -> float:
    return sum(bool(read_word(kind, word)) for word in words) / len(words) if words else 0.0


def _family(sense: Sense, content: Profile, values: Sequence[CellValue], *, iso: bool) -> str:
    """``soc2``, ``iso`` or ``mixed`` when the column holds requirement ids: content first, then what the heading says."""
    if sense.framework == headings.OTHER:
        return ""
    found = content.family
    if found == "bare":
        return _bare_family(sense, content, values, iso=iso)
    if found:
        return "" if sense.role in {"title", "text"} and content.prose and content.share(Shape.TITLED) < 0.5 else found
    return sense.family if _says_citations(sense, content, values) else ""


def _bare_family(sense: Sense, content: Profile, values: Sequence[CellValue], *, iso: bool) -> str:
    """The family of ids without a prefix: what the heading says, or ISO where they run as its ids do and something around says so."""
    if sense.role == "reference" and sense.family in _SHAPES:
        return sense.family
    named = sense.role == "reference" and (iso or content.filled >= 8)
    return "iso" if bare_is_iso(values) and (named or (iso and not sense.role)) else ""


def _says_citations(sense: Sense, content: Profile, values: Sequence[CellValue]) -> bool:
    """Whether a column whose heading names a framework cites it, though its cells do not begin with ids."""
    wanted = _SHAPES.get(sense.family, Shape.NONE)
    if wanted and sense.role not in {"title", "text"} and _cites(values, wanted) >= 0.5:
        return True
    if sense.role != "reference" or sense.family not in {*_SHAPES, headings.MIXED}:
        return False
    categories = sense.family == "soc2" and content.share(Shape.SOC2) and content.share(Shape.SOC2) + _categories(values) >= 0.5
    return bool(categories) or _may_cite(content, sense)


def _cites(values: Sequence[CellValue], wanted: int) -> float:
    """The share of cells with an id of the wanted shape anywhere in their text."""
    return sum(bool(cited(value) & wanted) for value in values) / len(values) if values else 0.0


def _categories(values: Sequence[CellValue]) -> float:
    return sum(str(value).strip().casefold() in _CATEGORIES for value in values) / len(values)


def _may_cite(content: Profile, sense: Sense) -> bool:
    """Whether a column that is headed as citations but shows no known id may still hold them: blank, or short texts that are no marks."""
    if not content.filled:
        return True
    if content.share(Shape.MARK) >= 0.5 or content.prose or content.length > 30:
        return False
    if content.share(Shape.WHOLE) >= 0.5:
        return "clause" in sense.text.casefold()
    return content.share(Shape.OWN, Shape.SOC2, Shape.ANNEX, Shape.LEGACY, Shape.CLAUSE, Shape.BARE) >= 0.25


def _is_own(heading: str, sense: Sense, content: Profile) -> bool:
    words = set(fold_heading(heading).split())
    if words & _FOREIGN or "urn" in words or content.prose or sense.role in {"title", "text"}:
        return False
    named = dict(headings.fields(heading, "Controls")).get("id", 0) if heading else 0
    if headings.near(heading, "Controls")[0] == "id":
        named = max(named, headings.NEAR)
    if not content.filled:
        return named >= headings.NEAR and fold_heading(heading) not in {"control", "no", "#"}
    if content.share(Shape.MARK) >= 0.5 or content.length > 30 or content.share(Shape.WHOLE) >= 0.8:
        return named >= headings.NEAR and content.share(Shape.WHOLE) >= 0.8 and content.distinct > 0.95
    if named >= headings.NEAR and "id" in words | {heading[-2:].casefold()}:
        return content.length <= 30
    looks = content.share(Shape.OWN) + (content.share(Shape.BARE) if named else 0.0)
    return (
        looks >= (0.5 if named >= headings.CONTAINED else 0.7)
        and content.length <= 20
        and content.distinct >= (0.2 if named else 0.8)
    )


def _own_numbering(columns: list[Seen]) -> list[Seen]:
    """A library may number its controls after the criteria (CC6.1.1): such a column beside one of criteria is the control's own id."""
    criteria = [one for one in columns if one.family == "soc2"]
    plain = [one for one in criteria if one.sense.framework == SOC2 or "criteri" in one.heading.casefold()]
    numbered = [
        one for one in criteria
        if plain and one not in plain and "control" in one.heading.casefold() and dict(headings.fields(one.heading, "Controls")).get("id", 0) >= headings.STRIPPED
    ]  # fmt: skip
    return [_as_own(one) if one in numbered else one for one in columns]


def _as_own(one: Seen) -> Seen:
    return replace(one, family="", own=True)
