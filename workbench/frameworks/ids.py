"""Requirement ids as people write them → citations. One grammar; pure; never raises for what is in a cell.

What can happen to a written id is its remark, one of ``REMARKS``:

exact            the canonical id, or the same but for case, prefix words ("Annex A", "ISO27001:2022") or spacing
repaired         a look-alike letter, zero-width or full-width character, missing or doubled dot, leading zero was read past
expanded         one of the ids of a range (CC6.1-CC6.3) or wildcard (A.9.2.*, CC6.x, "CC6 (all)")
group            a group above the requirements was cited (A.17, A.9.1, CC6); id is the group's
point of focus   CC6.1-POF3 or CC6.1.3, rolled up to the criterion
bare             no prefix (5.10), readable only because the column is typed
number           typed as a number: 5.1 with format General may be 5.1 or 5.10; id "" and candidates given, unless the
                 number format says two decimals, then id is given
date             Excel made a date of it; id "" and candidates given
ambiguous        several readings (bare 6.1.1 is a clause or a 2013 control); id "", candidates given
range            a range that cannot be expanded (across groups, reversed, ends unknown); id ""
unknown          shaped like an id, but no such id exists; id "", candidates are near ones
text             not an id at all ("see policy")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from workbench.model import Citation

REMARKS = (
    "exact", "repaired", "expanded", "group", "point of focus", "bare", "number", "date", "ambiguous", "range",
    "unknown", "text",
)  # fmt: skip

CellValue = str | int | float | bool | dt.date | dt.datetime | None


def parse(value: CellValue, framework: str = "", *, number_format: str = "") -> tuple[Citation, ...]:
    """The citations in one cell, in the order written.

    ``framework`` is what the column is decided to hold: ``soc2-2017``, ``iso27001-2022``, ``iso27001-2013``,
    ``iso27001`` (Annex A or clauses, edition open), or "" for any of them. An id that clearly belongs to another framework
    than the column's is still read, with its own framework in the citation (the rules say that it stands in the wrong column).
    Blank, and a cell that says none/n.a./-/TBD, gives (). Separators: comma, semicolon, pipe, slash, ampersand, "and", line break, tab,
    and runs of spaces between ids. An id followed by its title in one cell ("A.5.15 Access control") is one citation with a title.
    """
    raise NotImplementedError


def decide_edition(
    cells: Iterable[tuple[CellValue, str]],
    titles: Sequence[str] = (),
    *,
    heading: str = "",
) -> tuple[str, str]:
    """The framework of one ISO column, from all its (value, number format) cells, the titles beside them and its heading.

    Returns (framework id, because in words). ``iso27001-2013`` when three-part ids or A.9–A.18 prevail (then A.8.2 is a 2013
    objective), ``iso27001-2022`` otherwise; the edition the heading states wins unless no id of the column fits it.
    """
    raise NotImplementedError


def canonical(text: str, framework: str = "") -> str:
    """The canonical id that ``text`` means as one id, or "". ``canonical("annex a 5.15") == "A.5.15"``."""
    found = parse(text, framework)
    return found[0].id if len(found) == 1 else ""
