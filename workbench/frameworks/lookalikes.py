"""Characters that look like the ones in an id: text as typed → the plain ASCII that an id's reader can go by."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_LETTERS = dict(
    zip(
        "АВСЕНІӀЈКМОРЅТХУаесіӏјорѕхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹοαινρϲᏟᎪᏢꓚꓮꓑ",
        "ABCEHIIJKMOPSTXYaeciljopsxyABEZHIKMNOPTYXCoaivpcCAPCAP",
        strict=True,
    )
)
"""Cyrillic, Greek, Cherokee and Lisu letters that NFKC leaves alone."""
_DOTS = frozenset("。･·‧∙⋅٫۔․﹒")
_DASHES = frozenset("−⁃˗")
_LINE_ENDS = frozenset("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_PLAIN = dict.fromkeys(range(32), " ") | {ord(end): "\n" for end in _LINE_ENDS} | {9: "\t", 127: " "}


class Folded(NamedTuple):
    """``text`` is plain; ``origin[i]`` is the place in ``written`` that character i of it comes from, plus one for the end."""

    text: str
    written: str
    origin: Sequence[int]

    def piece(self, start: int, end: int) -> str:
        """What was written where ``text[start:end]`` now is."""
        return self.written[self.origin[start] : self.origin[end - 1] + 1] if end > start else ""

    def altered(self, start: int, end: int) -> bool:
        """Whether a look-alike or an invisible character in or right beside that piece had to be read past."""
        before = self.origin[start - 1] + 1 if start else 0
        written = self.written[before : self.origin[end]]
        return not written.isascii() and any(_alters(letter) for letter in written)


def fold(written: str) -> Folded:
    """Compatibility forms, look-alikes, dots, dashes and spaces made plain; invisible and superscript characters dropped.

    Any white space becomes a space, a tab or a line feed. Runs in linear time.
    """
    if written.isascii():
        return Folded(written.translate(_PLAIN), written, range(len(written) + 1))
    pieces: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(written):
        plain = _fold_letter(letter)
        pieces.append(plain)
        origin += [place] * len(plain)
    origin.append(len(written))
    return Folded("".join(pieces), written, origin)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if letter in _DOTS:
        return "."
    # A superscript digit is a footnote mark: NFKC would make CC6.1¹ a CC6.11.
    if unicodedata.category(letter) == "Cf" or unicodedata.decomposition(letter).startswith(("<super>", "<sub>")):
        return ""
    return "".join(_plain_letter(part) for part in unicodedata.normalize("NFKC", letter))


def _plain_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _LINE_ENDS:
        return "\n"
    if category == "Pd" or letter in _DASHES:
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if letter != "\t" and category in {"Zs", "Cc"}:
        return " "
    return _LETTERS.get(letter, letter)


def _alters(letter: str) -> bool:
    plain = _fold_letter(letter)
    return letter > "\x7f" and plain != letter and plain not in {" ", "-", "\n"}
