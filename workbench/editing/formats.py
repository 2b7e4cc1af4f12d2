"""Number formats: the built-in ones (ISO/IEC 29500-1, 18.8.30), and which of any show a date."""

from __future__ import annotations

import re

FIRST_CUSTOM = 164
DATE, MOMENT = 14, 22
"""The built-in formats of a day, and of a day with its time: Excel shows them as the reader's own country writes them."""

_EVERYWHERE = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    45: "mm:ss", 46: "[h]:mm:ss", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_BY_COUNTRY = {
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    47: "mmss.0", **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
}  # fmt: skip
_NO_LETTERS = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|am/pm|a/p|e[+-]', re.IGNORECASE)


def built_in(number: int) -> str | None:
    """The code of a built-in format; what depends on the reader's country as an American has it."""
    return _EVERYWHERE.get(number) or _BY_COUNTRY.get(number)


def number_of(code: str) -> int | None:
    """The built-in format of that code, where it is the same in every country."""
    return next((number for number, known in _EVERYWHERE.items() if known == code), None)


def shows_moment(code: str) -> bool:
    """Whether a number in that format is read as a day or a time."""
    return bool(set(_letters(code)) & set("dmyhs"))


def shows_day(code: str) -> bool:
    """Whether a day can be told from a number in that format: not from one of times only."""
    letters = set(_letters(code))
    return bool(letters & set("dy")) or ("m" in letters and not letters & set("hs"))


def _letters(code: str) -> str:
    """The letters of the first section that stand for something, in lower case."""
    return _NO_LETTERS.sub("", code).partition(";")[0].lower()
