"""What stands around the ids in a text: separators, filler words, titles, and words that say nothing."""

from __future__ import annotations

import re

from workbench.frameworks.grammar import CONNECTOR
from workbench.frameworks.lookalikes import Folded

FILL = (
    r"(?:annex|iso|iec|soc|aicpa|controls?|criteri(?:a|on)|sections?|clauses?|refs?|references?|nos?|requirements?|domains?|objectives?|"
    r"see|cf|ids?|also|br)"
)
"""Words before an id that add nothing to it."""
FILLER = re.compile(rf"\b(?:annex a|{FILL}|{CONNECTOR})\b", re.IGNORECASE)
LISTED = re.compile(rf"[,;|/&+\n\t]|\b{CONNECTOR}\b", re.IGNORECASE)
"""What separates the items of a list."""
PUNCTUATION = " \t\n,;|/&+()[]{}<>\"'`.:-_•·*=→"
TAIL = 40
"""Characters that are looked at before a mark and at the beginning of a line: enough for any filler words, and a bound."""

_BEFORE_TITLE = re.compile(r"[ )\]\"'.*]*")
_NO_TITLE = re.compile(rf"[ ]*(?:[,;|/&+\t]|{CONNECTOR}\b)", re.IGNORECASE)
_AFTER_TITLE = re.compile(rf"(?:^|(?<=\W))(?:{CONNECTOR}|see|also|cf)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3}")
_ENDS = " \t\n,;|/&+([:-•·→=\"'"
_NOTHING = frozenset(
    {
        "", "n/a", "na", "n.a", "none", "nil", "null", "nan", "tbd", "tbc", "x.x", "not applicable", "not mapped", "unmapped",
        "no mapping", "no equivalent", "new", "new control", "new in 2022",
    }
)  # fmt: skip
_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)


def says_nothing(text: str) -> bool:
    """Whether a text stands for a blank cell, as n/a, TBD or a dash do; an error value of Excel's does too."""
    return text.casefold().strip(" \n\t.-?_…*/()[]") in _NOTHING or bool(_ERROR_VALUE.fullmatch(text.strip()))


def is_empty(text: str) -> bool:
    """Whether there is nothing but separators, connecting and filler words."""
    return not FILLER.sub(" ", text).strip(PUNCTUATION)


def title(folded: Folded, start: int, end: int) -> str:
    """The title that follows an id which ends at ``start``, as written; "" where none does.

    It ends at a line break, unless the next line goes on in lower case, and before the separator of the next id at ``end``.
    """
    text = folded.text
    lead = _BEFORE_TITLE.match(text, start, end)
    if _NO_TITLE.match(text, lead.end() if lead else start, end) or text[start : start + 1].isalnum():
        return ""
    start = lead.end() if lead else start
    start += len(text[start:end]) - len(text[start:end].lstrip(" :-=\n→"))
    if text[start : start + 1] == "(":
        start, end = start + 1, _place(text, ")", start, end)
    words = _trimmed(text[start : _end_of_lines(text, start, end)])
    if says_nothing(words) or not _WORD.search(FILLER.sub(" ", words)):
        return ""
    return " ".join(folded.piece(start, start + len(words)).split())


def phrases(folded: Folded, start: int, end: int) -> list[tuple[str, str]]:
    """(lower case, as written) of what stands between separators, where it is anything."""
    found = []
    for separator in [*LISTED.finditer(folded.text, start, end), None]:
        until = separator.start() if separator else end
        begin = until - len(folded.text[start:until].lstrip(PUNCTUATION))
        words = folded.text[begin:until].rstrip(PUNCTUATION)
        if words:
            found.append((words.casefold(), folded.piece(begin, begin + len(words))))
        start = separator.end() if separator else end
    return found


def _end_of_lines(text: str, start: int, end: int) -> int:
    place = _place(text, "\n", start, end)
    while place < end:
        rest = text[place : place + TAIL].lstrip()
        if not rest or not rest[0].islower():
            return place
        place = _place(text, "\n", place + 1, end)
    return end


def _place(text: str, what: str, start: int, end: int) -> int:
    place = text.find(what, start, end)
    return end if place < 0 else place


def _trimmed(text: str) -> str:
    """Without the separators and connecting words at its end."""
    text = text.rstrip(_ENDS)
    while connector := _AFTER_TITLE.search(text[-12:]):
        text = text[: len(text) - len(connector[0])].rstrip(_ENDS)
    return text
