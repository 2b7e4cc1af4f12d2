"""A text of a cell → its citations: which marks are ids where they stand, ranges and lists, titles, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from workbench.frameworks import children, index
from workbench.frameworks.around import FILL, LISTED, PUNCTUATION, TAIL, is_empty, phrases, says_nothing, title
from workbench.frameworks.grammar import (
    CONNECTOR,
    ISO,
    OF_OTHER,
    TYPED,
    Mark,
    Reading,
    bare_readings,
    is_open,
    marks,
    misspelt,
    order,
    readings,
    settled,
)
from workbench.frameworks.lookalikes import fold
from workbench.frameworks.nearest import near
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2, Citation

_OPENS = re.compile(rf"(?:[,;|/&+\n\t(\[•:·]|(?:^|\s)-|\b{CONNECTOR}\b)\s{{0,4}}(?:{FILL}[ .:]{{1,3}}){{0,3}}$", re.IGNORECASE)
_CLOSES = re.compile(rf"[ )\]\"'.*]{{0,4}}(?:\Z|[,;|/&+\n\t(]|{CONNECTOR}\b|-)", re.IGNORECASE)
_ENTITLED = re.compile(r"[ )\]*]{0,3}(?:[:–—-][ ]{0,2}|[ ]{1,3})[A-Z][a-z]{2}")
"""A title behind an id: a capital after a space, colon or dash."""
_RANGE = re.compile(r"[ ]{0,3}(?:--?|to|through|thru|until|bis|\.{2,3}|~)[ ]{0,3}", re.IGNORECASE)
_LIST_WORD = 24

_CATEGORIES = {
    "availability": ("A1",),
    "confidentiality": ("C1",),
    "processing integrity": ("PI1",),
    "privacy": ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"),
}
"""SOC 2 categories, which people cite by name. Security is no citation: it is most of the catalogue."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One mark or range that was read. ``mark`` is what a number after it may borrow its letters from."""

    start: int
    end: int
    citations: tuple[Citation, ...]
    mark: Mark
    titled: bool


def read(written: str, framework: str) -> tuple[Citation, ...]:
    """The citations of a text; () where it says nothing, one with remark "text" where it holds no id."""
    return _Reader(written, framework).read()


def unknown(text: str, spelled: str, framework: str) -> Citation:
    """The citation of an id that does not exist, with the near ones."""
    return Citation(text, "", framework, "unknown", candidates=near(spelled, framework))


class _Reader:
    """Reads one text from left to right. ``end`` is where what is understood ends."""

    def __init__(self, written: str, framework: str) -> None:
        self.folded = fold(written)
        self.text = self.folded.text
        self.framework = framework
        self.items: list[_Item] = []
        self.end = 0
        self.begin: int | None = None
        self.annex = False
        self.entered = False

    def read(self) -> tuple[Citation, ...]:
        found = list(marks(self.text))
        skip = False
        for mark, following in zip_longest(found, found[1:]):
            if skip:
                skip = False
            elif mark.word == "standard":
                self._enter(mark)
            elif mark.word == "other" or (self.abroad and mark.word in {"", "run"}):
                self._leave(mark)
            else:
                skip = self._read_mark(mark, following)
        cited = any(item.citations for item in self.items)
        return tuple(self._with_titles()) if cited else self._without_ids()

    @property
    def abroad(self) -> bool:
        """Whether what was read last is of a standard that is not ours."""
        return bool(self.items) and self.items[-1].mark.word == "other" and not self.entered

    def _leave(self, mark: Mark) -> None:
        """A standard that is not ours is named, or a number of it: neither it nor what follows without letters is an id."""
        self.items.append(_Item(mark.start, mark.end, (), replace(mark, word="other"), titled=False))
        self.end, self.begin, self.entered = mark.end, None, False

    def _enter(self, mark: Mark) -> None:
        """A standard is named: what follows is of it. A name without an edition leaves the column's edition be."""
        self.entered = True
        if self.begin is None or not self._is_clean(mark.start):
            self.begin = mark.start
        if mark.edition != ISO_UNDECIDED or self.framework not in ISO:
            self.framework = mark.edition
        self.annex = "27002" in self.text[mark.start : mark.end]
        self.end = mark.end

    def _read_mark(self, mark: Mark, following: Mark | None) -> bool:
        """Whether the following mark was read along with this one, as the end of its range."""
        opening = self._opening(mark.start)
        if self.begin is not None and (not self._is_clean(mark.start) or LISTED.search(self.text, self.end, mark.start)):
            self.begin = None
        if self.annex and not mark.word and self._is_clean(mark.start):
            mark = replace(mark, word="Annex")
        pair = following and self._pair(mark, following, opening)
        item = pair or self._single(mark, opening)
        if item:
            self.items.append(item)
            self.end = item.end
            self.begin, self.annex = None, False
        return bool(pair)

    # --- where a mark stands ---------------------------------------------------------------------------------------

    def _opening(self, start: int) -> str:
        """What stands before a mark: "start", "list" (nothing but separators), "after" (words, then a separator), or "prose"."""
        if self._is_clean(start):
            return "list" if self.items else "start"
        return "after" if _OPENS.search(self.text[max(self.end, start - TAIL) : start]) else "prose"

    def _is_clean(self, start: int) -> bool:
        return start - self.end <= TAIL and is_empty(self.text[self.end : start])

    def _closes(self, mark: Mark) -> bool:
        return bool(_CLOSES.match(self.text, mark.end))

    def _is_entitled(self, mark: Mark, opening: str) -> bool:
        """Whether a mark begins an item of the list, or a line, and a title follows it."""
        begins = opening in {"start", "list"} or self.text[max(0, mark.start - TAIL) : mark.start].rstrip(" \t•*`").endswith("\n")
        return begins and bool(_ENTITLED.match(self.text, mark.end))

    def _piece(self, start: int, end: int) -> str:
        return self.folded.piece(start if self.begin is None else self.begin, end)

    # --- one mark --------------------------------------------------------------------------------------------------

    def _single(self, mark: Mark, opening: str) -> _Item | None:
        if mark.word == "run":
            citations = self._misspelt(mark, opening)
        elif mark.word:
            mark = settled(mark, self.framework)
            citations = self._prefixed(mark, opening)
        else:
            mark, citations = (mark, ()) if OF_OTHER.match(self.text, mark.end) else self._bare(mark, opening)
        if not citations:
            return None
        start = mark.start if self.begin is None else self.begin
        return _Item(start, mark.end, citations, mark, titled=opening != "prose" and len(citations) == 1)

    def _prefixed(self, mark: Mark, opening: str) -> tuple[Citation, ...]:
        found = readings(mark, self.framework)
        if found:
            return self._cite(mark, found) if self._is_meant(mark, opening) else ()
        return self._misspelt(mark, opening) or self._unknown(mark, opening)

    def _is_meant(self, mark: Mark, opening: str) -> bool:
        """Whether the piece is an id where it stands, given that the id exists."""
        opens = opening != "prose"
        if mark.word in {"Annex", "Clause"}:
            return True
        glued = not mark.gap or mark.dotted
        if len(mark.parts) > 1:
            article = mark.word == "A" and not glued and not mark.upper
            return (opens and (not article or self._closes(mark))) or (glued and mark.upper)
        if (mark.word == "A" and mark.dotted) or (mark.word == "CC" and not mark.gap and not mark.odd):
            return mark.upper or opens
        if self.framework not in TYPED:
            return self.text.strip() == mark.spelled
        family = ISO if mark.word == "A" and not mark.of_availability else {SOC2}
        return opens and self.framework in family and (glued or self._closes(mark))

    def _unknown(self, mark: Mark, opening: str) -> tuple[Citation, ...]:
        """An id that does not exist, where the piece cannot be meant as anything else."""
        alone = opening != "prose" and self._closes(mark)
        if len(mark.parts) > 1 and mark.word == "A" and self.framework in ISO and not mark.of_availability:
            alone = alone or self._is_entitled(mark, opening)
        if len(mark.parts) == 1:
            said = alone and (mark.word in {"CC", "Annex", "Clause"} or (mark.word == "A" and mark.dotted))
        elif mark.word in {"CC", "Annex"} or (mark.word == "A" and mark.dotted):
            said = opening != "prose" or mark.upper
        else:
            said = alone and self.framework in TYPED
        if not said:
            return ()
        framework = self._framework_of(mark)
        return (unknown(self._piece(mark.start, mark.end), mark.spelled, framework),)

    def _framework_of(self, mark: Mark) -> str:
        """The framework that an unknown id would be of."""
        if mark.word == "Clause":
            return ISO2022
        if mark.word not in {"A", "Annex"} or mark.of_availability:
            return SOC2
        legacy = len(mark.parts) == 3 or 9 <= mark.parts[0] <= 18
        return ISO2013 if legacy or (mark.edition or self.framework) == ISO2013 else ISO2022

    def _cite(self, mark: Mark, found: tuple[Reading, ...], *, bare: bool = False) -> tuple[Citation, ...]:
        piece = self._piece(mark.start, mark.end)
        if mark.everything:
            for framework, name in found:
                below = children(framework, name)
                if below:
                    return tuple(Citation(piece, leaf, framework, "expanded") for leaf in below)
        framework, name = found[0]
        remark = self._remark(mark, whole=not index(framework)[name].assessable, bare=bare)
        names = tuple(dict.fromkeys(other for _, other in found)) if bare else ()
        return (Citation(piece, name, framework, remark, candidates=names if len(names) > 1 else ()),)

    def _remark(self, mark: Mark, *, whole: bool, bare: bool) -> str:
        if mark.focus:
            return "point of focus"
        if whole:
            return "group"
        if bare:
            return "bare"
        return "repaired" if mark.odd or self._is_altered(mark) else "exact"

    def _is_altered(self, mark: Mark) -> bool:
        glued = mark.start > 0 and self.text[mark.start - 1].isdigit()
        return glued or self.folded.altered(mark.start, mark.end)

    def _misspelt(self, mark: Mark, opening: str) -> tuple[Citation, ...]:
        """An id read past look-alikes; else, where nothing else stands, an unknown one with near ones."""
        if opening == "prose":
            return ()
        run = self.text[mark.start : mark.end].replace(" ", "")
        piece = self._piece(mark.start, mark.end)
        found = misspelt(run, self.framework)
        if len(found) == 1:
            return (Citation(piece, found[0][1], found[0][0], "repaired"),)
        if found:
            return (self._ambiguous(piece, found),)
        alone = mark.word == "run" and run[:2].isalpha() and self.framework in TYPED and self._closes(mark)
        meant = near(run.upper(), self.framework) if alone else ()
        return (Citation(piece, "", self.framework, "unknown", candidates=meant),) if meant else ()

    def _ambiguous(self, piece: str, found: tuple[Reading, ...]) -> Citation:
        return Citation(piece, "", found[0][0], "ambiguous", candidates=tuple(name for _, name in found))

    # --- numbers alone ---------------------------------------------------------------------------------------------

    def _bare(self, mark: Mark, opening: str) -> tuple[Mark, tuple[Citation, ...]]:
        """A number alone has the letters of the id before it in a list, else those that its column gives it."""
        if opening == "list" and (carried := self._carried(mark)):
            return carried
        if mark.dotted or self.framework not in TYPED or opening == "prose" or (opening == "after" and not self.items):
            return mark, ()
        piece = self._piece(mark.start, mark.end)
        if len(mark.parts) == 1 and self.text.strip(PUNCTUATION) != self.text[mark.start : mark.end]:
            return mark, ()
        framework = mark.edition or self.framework
        found = bare_readings(mark.parts, framework)
        if not found:
            return mark, self._unknown_number(mark, framework)
        if is_open(found, mark.parts, framework):
            return mark, (self._ambiguous(piece, found),)
        focus = framework == SOC2 and len(mark.parts) == 3
        return mark, self._cite(replace(mark, focus=focus), found, bare=True)

    def _unknown_number(self, mark: Mark, framework: str) -> tuple[Citation, ...]:
        entitled = self._is_entitled(mark, self._opening(mark.start)) and 4 <= mark.parts[0] <= 18
        if len(mark.parts) == 1 or not (self._closes(mark) or entitled):
            return ()
        meant = replace(mark, word="CC" if framework == SOC2 else "Annex")
        return (unknown(self._piece(mark.start, mark.end), meant.spelled, self._framework_of(meant)),)

    def _carried(self, mark: Mark) -> tuple[Mark, tuple[Citation, ...]] | None:
        """``6.2`` or ``.2`` or ``2`` after CC6.1: as deep as that one, else with its letters alone."""
        before = self.items[-1].mark
        short = len(mark.parts) == 1 or mark.dotted
        gap = self.text[self.end : mark.start]
        if before.word in {"", "run", "other"} or (short and not (self._closes(mark) and LISTED.search(gap))):
            return None
        for parts in _tails(before.parts, mark):
            meant = settled(replace(mark, word=before.word, gap=before.gap, parts=parts, edition=before.edition), self.framework)
            found = readings(meant, self.framework)
            others = bare_readings(parts, self.framework) if len(parts) > len(before.parts) else ()
            if found and found[0] not in others[1:]:
                return meant, self._cite(meant, found, bare=True)
            if found:
                return meant, (self._ambiguous(self._piece(mark.start, mark.end), others),)
        return None

    # --- ranges ----------------------------------------------------------------------------------------------------

    def _pair(self, first: Mark, last: Mark, opening: str) -> _Item | None:
        """Two marks that are one thing: a range, or a number whose dot is a hyphen or comma (``CC6-1``)."""
        joiner = self.text[first.end : last.start]
        comma = joiner == "," and len(first.parts) == 1
        if "run" in {first.word, last.word} or last.word in {"standard", "other"} or not (comma or _RANGE.fullmatch(joiner)):
            return None
        start = self._first(first, opening)
        if not start or (not last.word and len(last.parts) == 1 and not self._closes(last)):
            return None
        if not _same_family(start, last):
            return None
        citations = self._comma(start, last) if comma else self._range(start, last)
        if not citations:
            return None
        mark = replace(settled(replace(start, parts=_ends(start, last)[0]), self.framework), end=last.end)
        begin = first.start if self.begin is None else self.begin
        return _Item(begin, last.end, citations, mark, titled=len(citations) == 1)

    def _first(self, mark: Mark, opening: str) -> Mark | None:
        """The first mark of a pair with the letters that its column gives it; None where it is no id."""
        mark = settled(mark, self.framework)
        if mark.word:
            known = bool(readings(mark, self.framework))
            return mark if (self._is_meant(mark, opening) if known else self._unknown(mark, opening)) else None
        if opening == "prose" or len(mark.parts) == 1:
            return None
        found = bare_readings(mark.parts, self.framework)
        if not found or is_open(found, mark.parts, self.framework):
            return None
        name = found[0][1]
        word = "Clause" if name.startswith("Clause") else "Annex" if name.startswith("A.") else re.sub(r"[^A-Z]", "", name)
        return replace(mark, word=word)

    def _comma(self, first: Mark, last: Mark) -> tuple[Citation, ...]:
        """``CC6,1``: a decimal comma, or CC6 and CC1."""
        below = self._below(first, last)
        if not below or self.text[last.end : last.end + 1] == ",":
            return ()
        beside = readings(replace(first, parts=last.parts), self.framework)
        return (self._one_of(first, last, (*below, *beside)),)

    def _below(self, first: Mark, last: Mark) -> tuple[Reading, ...]:
        """What the two numbers mean if the character between them is a dot."""
        if last.word or len(last.parts) != 1 or last.dotted:
            return ()
        joined = settled(replace(first, parts=first.parts + last.parts), self.framework)
        return () if joined.focus else readings(joined, self.framework)

    def _range(self, first: Mark, last: Mark) -> tuple[Citation, ...]:
        joiner = self.folded.piece(first.end, last.start)
        below = self._below(first, last) if len(joiner) == 1 else ()
        span = next((found for parts in _ends(first, last) if (found := self._span(first, parts))), ())
        if below and (joiner == "-" or not span):
            return (self._one_of(first, last, (*below, *span)),)
        piece = self._piece(first.start, last.end)
        if span:
            return tuple(Citation(piece, name, framework, _expanded(framework, name)) for framework, name in span)
        ends = (
            readings(first, self.framework),
            readings(settled(replace(first, parts=_ends(first, last)[0]), self.framework), self.framework),
        )
        known = tuple(found[0] for found in ends if found)
        if last.word and len({framework for framework, _ in known}) == 2:
            return ()
        framework = known[0][0] if known else self._framework_of(first)
        return (Citation(piece, "", framework, "range", candidates=tuple(name for _, name in known)),)

    def _span(self, first: Mark, parts: tuple[int, ...]) -> tuple[Reading, ...]:
        """All ids from one to another, where both stand in order below the same parent."""
        start, end = first.spelled, settled(replace(first, parts=parts), self.framework).spelled
        for framework in order(first.edition or self.framework):
            known = index(framework)
            if start in known and end in known:
                above = known[start].parent
                row = [name for name, entry in known.items() if entry.parent == above and entry.kind == known[start].kind]
                if end in row and row.index(start) <= row.index(end):
                    return tuple((framework, name) for name in row[row.index(start) : row.index(end) + 1])
        return ()

    def _one_of(self, first: Mark, last: Mark, found: tuple[Reading, ...]) -> Citation:
        piece = self._piece(first.start, last.end)
        if len(found) > 1:
            return self._ambiguous(piece, found)
        framework, name = found[0]
        return Citation(piece, name, framework, "repaired")

    # --- what stands around the ids --------------------------------------------------------------------------------

    def _with_titles(self) -> Iterator[Citation]:
        yield from self._left_over(0, self.items[0].start)
        ends = [*(item.start for item in self.items[1:]), len(self.text)]
        for item, end in zip(self.items, ends, strict=True):
            beside = title(self.folded, item.end, end) if item.titled else ""
            if beside:
                yield replace(item.citations[0], title=beside)
            else:
                yield from item.citations
                yield from self._left_over(item.end, end) if item.citations else ()

    def _left_over(self, start: int, end: int) -> Iterator[Citation]:
        """Codes of other catalogues and names of categories in a list of ids; prose around them is left alone."""
        if not self.text[start:end].strip(PUNCTUATION):
            return
        found = phrases(self.folded, start, end)
        if any(len(plain) > _LIST_WORD or plain.count(" ") > 1 for plain, _ in found):
            return
        for plain, written in found:
            if self.framework == SOC2 and plain in _CATEGORIES:
                yield from _category(plain, written)
            elif " " not in plain and re.search(r"[a-z]", plain) and re.search(r"[0-9]", plain):
                yield Citation(written, "", self.framework, "text")

    def _without_ids(self) -> tuple[Citation, ...]:
        if says_nothing(self.text):
            return ()
        found = phrases(self.folded, 0, len(self.text))
        if self.framework == SOC2 and found and all(plain in _CATEGORIES for plain, _ in found):
            return tuple(citation for phrase in found for citation in _category(*phrase))
        return (Citation(self.folded.written.strip(), "", self.framework, "text"),)


def _category(name: str, written: str) -> Iterator[Citation]:
    for series in _CATEGORIES[name]:
        yield Citation(written, series, SOC2, "group")


def _expanded(framework: str, name: str) -> str:
    return "expanded" if index(framework)[name].assessable else "group"


def _tails(before: tuple[int, ...], mark: Mark) -> Iterator[tuple[int, ...]]:
    """The numbers that a short one may stand for after ``before``, most likely first."""
    if len(mark.parts) < len(before):
        yield before[: -len(mark.parts)] + mark.parts
    if not mark.dotted:
        yield mark.parts


def _ends(first: Mark, last: Mark) -> list[tuple[int, ...]]:
    """What the end of a range may be: as written, or with the beginning of the first (``CC6.1-3``)."""
    if last.word or len(last.parts) >= len(first.parts):
        return [last.parts]
    return [first.parts[: -len(last.parts)] + last.parts, last.parts]


def _same_family(first: Mark, last: Mark) -> bool:
    annex = {"A", "Annex"}
    if not last.word or first.word == last.word:
        return first.of_availability == last.of_availability if last.word else True
    return {first.word, last.word} <= annex and not (first.of_availability or last.of_availability)
