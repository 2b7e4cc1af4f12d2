"""Requirement ids as people write them → citations. One grammar; pure; never raises for what is in a cell.

What can happen to a written id is its remark, one of ``REMARKS``:

exact            the canonical id, or the same but for case, prefix words ("Annex A", "ISO27001:2022"), spacing, what stands
                 between letters and number (A5.10, CC-6.1), or the letter of a list item (Clause 6.1.3 d)
repaired         a look-alike letter, zero-width or full-width character, missing or doubled dot, leading zero was read past
expanded         one of the ids of a range (CC6.1-CC6.3) or wildcard (A.9.2.*, CC6.x, "CC6 (all)")
group            a group above the requirements was cited (A.17, A.9.1, CC6, Clause 6.1, "Availability"), alone or in a range
                 of groups; id is the group's
point of focus   CC6.1-POF3 or CC6.1.3, rolled up to the criterion
bare             no prefix: 5.10, readable only because the column is typed, or 6.2 after CC6.1; where it could be something
                 else too, candidates has all readings, the one taken first
number           typed as a number. 5.1 with format General may be 5.1 or 5.10: id "" and candidates given; id given where there
                 is only one reading, or the number format says two decimals
date             Excel made a date of it; id "" and candidates given
ambiguous        several readings (bare 6.1.1 is a clause or a 2013 control, CC6-8 is CC6.8 or CC6 to CC8); id "", candidates given
range            a range that cannot be expanded (across groups, reversed, an end unknown); id "", candidates are its known ends
unknown          shaped like an id, but no such id exists; id "", candidates are near ones
text             not an id at all ("see policy")

Where two remarks fit, the one that says more about the meaning stands: point of focus, group, bare, repaired, exact.
How the parts fit together: ``lookalikes`` makes a text plain, ``grammar`` finds and reads marks in it, ``around`` knows titles and
separators, ``citing`` makes citations of all that, ``nearest`` knows near ids, ``editions`` decides the edition of a column.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat

from workbench.frameworks import editions
from workbench.frameworks.citing import read, unknown
from workbench.frameworks.grammar import TYPED, Reading, bare_readings, is_open
from workbench.frameworks.nearest import near
from workbench.model import ISO2022, ISO_UNDECIDED, SOC2, Citation

__all__ = ["REMARKS", "CellValue", "canonical", "decide_edition", "near", "parse"]

REMARKS = (
    "exact", "repaired", "expanded", "group", "point of focus", "bare", "number", "date", "ambiguous", "range",
    "unknown", "text",
)  # fmt: skip

CellValue = str | int | float | bool | dt.date | dt.datetime | None

_SEPARATORS = re.compile(r"[,;|/&+\n\t]| and ")
_SIMPLE = re.compile(r"(?:(?:Annex )?[A-Za-z]{1,2}[ .-]?|Clause )[0-9]{1,2}(?:\.[0-9]{1,2}){1,2}")
_TWO_DECIMALS = re.compile(r"[^.;]*0\.00(?![0#?.])[^;]*(?:;.*)?", re.DOTALL)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_TEXT = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[ T]00:00:00)?"
    r"|(?P<day2>[0-9]{1,2})[- ](?P<name>[A-Za-z]{3})|(?P<name2>[A-Za-z]{3})[- ](?P<number>[0-9]{1,2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CACHED = 1_000
"""Longest text whose citations are remembered."""
_LARGEST = 1_000


def parse(value: CellValue, framework: str = "", *, number_format: str = "") -> tuple[Citation, ...]:
    """The citations in one cell, in the order written.

    ``framework`` is what the column is decided to hold: ``soc2-2017``, ``iso27001-2022``, ``iso27001-2013``,
    ``iso27001`` (Annex A or clauses, edition open), or "" for any of them. An id that clearly belongs to another framework
    than the column's is still read, with its own framework in the citation (the rules say that it stands in the wrong column).
    In an untyped column numbers without letters are no ids, nor are A1, C1 and P1 beside other words.
    Blank, and a cell that says none/n.a./-/TBD or holds an error value, gives (). Separators: comma, semicolon, pipe, slash,
    ampersand, "and", line break, tab, and runs of spaces between ids. An id followed by its title in one cell ("A.5.15 Access
    control") is one citation with a title. In a sentence with ids in it the ids are read; one without gives one citation
    with remark "text". A short code in a list of ids that is none of ours (AC-2) gives one with remark "text" too.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return _parse_text(value, framework) if len(value) <= _CACHED else _text(value, framework)
    if isinstance(value, bool):
        return (Citation(str(value).upper(), "", framework, "text"),)
    if isinstance(value, dt.date):
        return (_date(value, framework),)
    if isinstance(value, (int, float)):
        return _number(value, framework, number_format)
    return (Citation(str(value), "", framework, "text"),)


def decide_edition(
    cells: Iterable[tuple[CellValue, str]],
    titles: Sequence[str] = (),
    *,
    heading: str = "",
) -> tuple[str, str]:
    """The framework of one ISO column, from all its (value, number format) cells, the titles beside them and its heading.

    Returns (framework id, because in words). ``iso27001-2013`` when three-part ids or A.9–A.18 prevail (then A.8.2 is a 2013
    objective), ``iso27001-2022`` otherwise; the edition the heading states wins unless no id of the column fits it. A title that
    is of one edition alone decides for an id that is in both ("Information classification" makes A.8.2 a 2013 objective).
    """
    beside = chain(titles, repeat(""))
    cited = (
        (parse(value, ISO_UNDECIDED, number_format=number_format), title)
        for (value, number_format), title in zip(cells, beside, strict=False)
    )
    return editions.decide(cited, heading)


def canonical(text: str, framework: str = "") -> str:
    """The canonical id that ``text`` means as one id, or "". ``canonical("annex a 5.15") == "A.5.15"``."""
    found = parse(text, framework)
    return found[0].id if len(found) == 1 else ""


def _text(text: str, framework: str) -> tuple[Citation, ...]:
    """A plain list of ids takes the short way: every item is read once and remembered."""
    found: list[Citation] = []
    for piece in _SEPARATORS.split(text):
        citation = _simple(piece.strip(), framework)
        if not citation:
            return _date_text(text, framework) or read(text, framework)
        found.append(citation)
    return tuple(found)


_parse_text = lru_cache(maxsize=8_192)(_text)


@lru_cache(maxsize=8_192)
def _simple(piece: str, framework: str) -> Citation | None:
    """The citation of an item that means the same wherever it stands: letters, a number of two or three parts, nothing else."""
    if len(piece) > 24 or not _SIMPLE.fullmatch(piece):
        return None
    found = read(piece, framework)
    return found[0] if len(found) == 1 and found[0].remark != "text" else None


# --- numbers and dates ---------------------------------------------------------------------------------------------


def _number(value: float, framework: str, number_format: str) -> tuple[Citation, ...]:
    """A number cell: every way the id may have been written before Excel made a number of it."""
    if isinstance(value, float) and math.isnan(value):
        return ()
    if not -_LARGEST < value < _LARGEST:
        shown = f"{value:.15g}" if isinstance(value, float) or abs(value) < 10**15 else "a very large number"
        return (Citation(shown, "", framework, "text"),)
    shown = f"{value:.6g}"
    spellings = [shown]
    if _TWO_DECIMALS.fullmatch(_LITERAL.sub("", number_format)):
        shown = f"{value:.2f}"
        spellings = [shown]
    elif re.fullmatch(r"[0-9]+\.[0-9]", shown):
        spellings.append(f"{shown}0")
    found = [(parts, told) for parts in map(_parts, spellings) if parts and (told := bare_readings(parts, framework))]
    if not found:
        return (_no_number(shown, framework),)
    at_home = [(parts, told) for parts, told in found if told[0][0] == framework]
    return (_numbered(shown, at_home or found, framework),)


def _parts(spelling: str) -> tuple[int, ...]:
    return tuple(map(int, spelling.split("."))) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", spelling) else ()


def _numbered(shown: str, found: Sequence[tuple[tuple[int, ...], tuple[Reading, ...]]], framework: str) -> Citation:
    if len(found) > 1:
        return Citation(shown, "", found[0][1][0][0], "number", candidates=tuple(told[0][1] for _, told in found))
    parts, told = found[0]
    names = tuple(name for _, name in told)
    decided = "" if is_open(told, parts, framework) else names[0]
    return Citation(shown, decided, told[0][0], "number", candidates=names if len(names) > 1 else ())


def _no_number(shown: str, framework: str) -> Citation:
    if framework not in TYPED or not re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", shown):
        return Citation(shown, "", framework, "text")
    return unknown(shown, f"CC{shown}" if framework == SOC2 else f"A.{shown}", framework)


def _date(value: dt.date, framework: str) -> Citation:
    shown = value.isoformat()[:10]
    if framework not in TYPED:
        return Citation(shown, "", framework, "date")
    return _dated(shown, _spelled_dates(value.day, value.month, value.year), framework)


def _dated(shown: str, ways: Iterable[tuple[int, ...]], framework: str) -> Citation:
    """Candidates of three parts go before those of two, and alone: Excel puts the current year only where none was typed."""
    told = [(parts, reading) for parts in ways for reading in bare_readings(parts, framework)]
    deep = [reading for parts, reading in told if len(parts) == 3]
    chosen = dict.fromkeys(deep or [reading for _, reading in told])
    home = next(iter(chosen))[0] if chosen else ISO2022 if framework == ISO_UNDECIDED else framework
    return Citation(shown, "", home, "date", candidates=tuple(name for _, name in chosen))


def _spelled_dates(day: int, month: int, year: int) -> Iterator[tuple[int, ...]]:
    """d.m.y, m.d.y, y.m.d, d.m and m.d; m.y where the day is the first, which Excel adds."""
    short = year % 100
    if short and year > 2000:
        yield from ((day, month, short), (month, day, short), (short, month, day))
    yield from ((day, month), (month, day))
    if day == 1:
        yield (month, short)


def _date_text(text: str, framework: str) -> tuple[Citation, ...]:
    """A date as text, as csv files have it: 2025-10-05, 5-Oct, Oct-05."""
    match = _DATE_TEXT.fullmatch(text.strip()) if framework in TYPED else None
    if not match:
        return ()
    if match["year"]:
        ways = list(_spelled_dates(int(match["day"]), int(match["month"]), int(match["year"])))
    else:
        name = (match["name"] or match["name2"]).casefold()
        if name not in _MONTHS:
            return ()
        month, number = _MONTHS.index(name) + 1, int(match["day2"] or match["number"])
        ways = [(number, month), (month, number)]
    return (_dated(text.strip(), ways, framework),)
