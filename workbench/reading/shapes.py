"""What cells look like, cheaply: enough to tell a column of requirement ids from control ids, names and prose. Pure.

Whether an id exists is no question here; ``workbench.frameworks.ids`` reads them properly.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from workbench.frameworks.ids import CellValue
from workbench.words import BLANKS


class Shape:
    """What a cell may be, as bits: several at once. Plain numbers, because they are compared a million times."""

    NONE = 0
    SOC2 = 1
    ANNEX = 2
    """``A.5.15``: a 2022 control or a 2013 objective."""
    LEGACY = 4
    """``A.9.2.1``, or anything in A.9–A.18: only the 2013 edition has them."""
    CLAUSE = 8
    BARE = 16
    """``5.15`` or ``9.2.1`` without a prefix, as text or number."""
    DEEP = 32
    """Three parts, with or without a prefix."""
    OWN = 64
    """``AC-001``: letters and digits, short."""
    WHOLE = 128
    """A whole number."""
    MARK = 256
    PROSE = 512
    LIST = 1024
    """More than one requirement id."""
    TITLED = 2048
    """An id and more words behind it."""
    OTHER = 4096
    CITES = 16384
    """Requirement ids somewhere in a text that does not begin with one."""
    GROUP = 8192
    """``CC6``, ``A.5``: a group of requirements."""


_PREFIXED = Shape.SOC2 | Shape.ANNEX | Shape.LEGACY | Shape.CLAUSE
_MARKS = frozenset(
    [
        "x",
        "✓",
        "✔",
        "☑",
        "✗",
        "●",
        "○",
        "◐",
        "•",
        "■",
        "□",
        "y",
        "n",
        "yes",
        "no",
        "1",
        "0",
        "p",
        "s",
        "true",
        "false",
        "ja",
        "nein",
    ]
)
_PREFIX = (
    r"\W*(?:(?:iso(?:\s*/\s*iec)?|iec|2700[12]|[:v-]?\s?20(?:13|17|22)|soc\s?2|tsc|tsp|aicpa|trust services? criteria|"
    r"common criteria|annex\s+a\s*[:\-–](?=\s*\d)|annex(?:\s+(?=a))?|clause|cl\.|§|controls?|criteri(?:on|a)|section|requirement)"
    r"[\s:.,()\-–—_/]*)*"
)
_SOC2 = (
    r"(?:CC[\s.\-]?\d{1,2}(?:[.\-]\d{1,2}|\.x)?|[AC]\s?1\.\d{1,2}|P[IPl]\s?1\.\d|P\s?[1-8]\.\d{1,2})(?:[.\-](?:POF\s?)?\d{1,2})?"
)
_ANNEX = r"A[.\s\-]{0,2}(?:[4-9]|1[0-8])\.(?:\d{1,2}(?:\.\d{1,2})?|\*|x)|A\.(?:[5-9]|1[0-8])"
_BARE = r"(?:0?[1-9]|1\d|2\d)\.\d{1,2}(?:\.\d{1,2})?(?!\.?\d)"
_END = r"(?![A-Za-z0-9])"
_START = re.compile(rf"({_PREFIX})(?:({_SOC2})|({_ANNEX})|({_BARE})){_END}", re.IGNORECASE)
_ANY = re.compile(rf"(?<![A-Za-z0-9.])(?:({_SOC2})|({_ANNEX})){_END}", re.IGNORECASE)
_CITED = re.compile(rf"{_ANY.pattern}|annex a {_BARE}", re.IGNORECASE)
_MORE = re.compile(rf"(?<![A-Za-z0-9.])(?:{_BARE}){_END}")
_MORE_CLAUSES = re.compile(rf"(?:clauses?|cl\.|§)\s*(?:{_BARE}){_END}", re.IGNORECASE)
_OWN = re.compile(r"(?=.*\d)[A-Za-z][A-Za-z0-9&]{0,11}(?:[-_./: ]{1,2}[A-Za-z0-9]{1,10}){0,4}")
_CLAUSE = re.compile(r"clause|cl\.|§", re.IGNORECASE)
_HEAD = 400
"""Characters of a cell that are looked at."""


def shape(value: CellValue) -> int:
    """The shape of a cell; ``NONE`` for blank and for words that stand for blank."""
    if value is None:
        return Shape.NONE
    if isinstance(value, str):
        return _text_shape(value[:_HEAD])
    if isinstance(value, bool):
        return Shape.MARK
    if isinstance(value, (dt.date, dt.datetime)):
        return Shape.OTHER
    if isinstance(value, int):
        return Shape.WHOLE | (Shape.MARK if value in {0, 1} else Shape.NONE)
    return Shape.BARE if round(value, 2) == value and 1 <= value < 30 else Shape.OTHER


@lru_cache(maxsize=16_384)
def _text_shape(text: str) -> int:
    folded = text.strip().casefold()
    if folded in _MARKS:
        return Shape.MARK | (Shape.WHOLE if folded.isdecimal() else Shape.NONE)
    if folded in BLANKS:
        return Shape.NONE
    found = _START.match(text)
    if found:
        return _id_shape(text, found)
    if folded.isdecimal() and len(folded) <= 5:
        return Shape.WHOLE
    cites = Shape.CITES if _CITED.search(text) else Shape.NONE
    if len(folded) <= 24 and _OWN.fullmatch(text.strip()) and not (cites and " " in folded):
        return Shape.OWN
    return cites | (Shape.PROSE if len(folded) > 60 or folded.count(" ") > 7 else Shape.OTHER)


def _id_shape(text: str, found: re.Match[str]) -> int:
    prefix, soc2, annex, bare = found.groups()
    whole = Shape.NONE
    if soc2:
        whole |= Shape.SOC2 | (Shape.NONE if re.search(r"\d[.\-]\d", soc2) else Shape.GROUP)
    elif annex:
        whole |= _annex_shape(annex)
    elif _CLAUSE.search(prefix):
        whole |= Shape.CLAUSE
    elif "annex" in prefix.casefold():
        whole |= _annex_shape(bare)
    else:
        whole |= Shape.BARE
    if bare and bare.count(".") == 2:
        whole |= Shape.DEEP
    rest = text[found.end() :]
    if rest.strip():
        others = [_annex_shape(match[1]) if match[1] else Shape.SOC2 for match in _ANY.findall(rest)]
        for other in others:
            whole |= other
        several = others or _MORE_CLAUSES.search(rest) or (bare and _MORE.search(rest))
        whole |= Shape.LIST if several else (Shape.TITLED if re.search(r"[A-Za-z]{3}", rest) else Shape.NONE)
    return whole


def _annex_shape(text: str) -> int:
    digits = re.findall(r"\d+", text)
    deep = (Shape.DEEP if len(digits) == 3 else Shape.NONE) | (Shape.GROUP if len(digits) == 1 else Shape.NONE)
    return deep | (Shape.LEGACY if deep & Shape.DEEP or int(digits[0]) > 8 else Shape.ANNEX)


def cited(value: CellValue) -> int:
    """The shapes of all prefixed requirement ids in a text, wherever they stand."""
    found = Shape.NONE
    if isinstance(value, str) and shape(value) & (Shape.CITES | _PREFIXED):
        for match in _ANY.finditer(value[:_HEAD]):
            found |= _annex_shape(match[2]) if match[2] else Shape.SOC2
        if re.search(rf"annex a {_BARE}", value[:_HEAD], re.IGNORECASE):
            found |= Shape.ANNEX
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """What a column holds. ``filled`` cells that say something; ``distinct`` their share of different values; ``length`` the mean length."""

    filled: int
    distinct: float
    length: float
    counts: tuple[int, ...]
    steps: bool = False
    """Whole numbers that only go up by one: a serial number."""

    def share(self, *shapes: int) -> float:
        """The largest share of cells that have one of ``shapes``; 0 for an empty column."""
        return sum(self.counts[one.bit_length() - 1] for one in shapes) / self.filled if self.filled else 0.0

    @property
    def family(self) -> str:
        """``soc2``, ``iso``, ``mixed`` where both are written, ``bare`` where a prefix is missing, else ""."""
        soc2 = self.share(Shape.SOC2)
        iso = self.share(Shape.ANNEX, Shape.LEGACY, Shape.CLAUSE)
        if soc2 >= 0.15 and iso >= 0.15 and soc2 + iso >= 0.6:
            return "mixed"
        if max(soc2, iso) >= 0.5:
            return "soc2" if soc2 > iso else "iso"
        bare = self.share(Shape.BARE)
        if bare + iso >= 0.6:
            return "iso" if iso > bare else "bare"
        return ""

    @property
    def prose(self) -> bool:
        """Sentences, not names or words."""
        return self.share(Shape.PROSE) >= 0.3 or self.length > 70


_BITS = tuple(1 << power for power in range(15))


def profile(values: Sequence[CellValue]) -> Profile:
    """The profile of a column from some of its cells."""
    shapes = [(value, shape(value)) for value in values if value is not None]
    said = [(value, one) for value, one in shapes if one]
    if not said:
        return Profile(0, 0.0, 0.0, (0,) * len(_BITS))
    counts = tuple(sum(1 for _, one in said if one & bit) for bit in _BITS)
    numbers = [int(str(value)) for value, one in said if one & Shape.WHOLE and str(value).strip().isdecimal()]
    texts = [str(value) for value, _ in said]
    steps = len(numbers) == len(said) > 1 and all(after - before == 1 for before, after in pairwise(numbers))
    return Profile(len(said), len(set(texts)) / len(texts), sum(map(len, texts)) / len(texts), counts, steps)


def bare_is_iso(values: Sequence[CellValue]) -> bool:
    """Whether bare numbers run through the groups of Annex A or the clauses as only ISO/IEC 27001 does: nothing below 4, nothing above 18."""
    majors = [
        int(str(value).strip().split(".")[0])
        for value in values
        if shape(value) & Shape.BARE and str(value).strip()[0].isdecimal()
    ]
    return len(majors) >= 2 and min(majors) >= 4 and max(majors) <= 18
