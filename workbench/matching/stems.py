"""Words → stems: "reviews", "reviewed" and "reviewing" are one, "the" and "shall" are none. Small, ours, English."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40
"""Letters of a word that count: a cell of 30,000 letters without a space is no word."""

_IRREGULAR = {
    "retention": "retain", "maintenance": "maintain", "acquisition": "acquir", "response": "respond",
    "destruction": "destroy", "programme": "program", "centre": "center", "licence": "licens", "defence": "defens",
    "analysis": "analyz", "analyses": "analyz", "analyse": "analyz", "data": "data", "media": "media",
    "business": "business", "process": "process", "access": "access", "integrity": "integrity", "identity": "identity",
    "authority": "authority", "general": "general", "operating": "operat", "written": "writ", "wrote": "writ",
    "kept": "keep", "held": "hold", "transmission": "transmit", "permission": "permit", "decision": "decid",
    "provision": "provision", "removable": "removable", "security": "secur", "during": "during", "string": "string",
    "visitor": "visit", "leaver": "leaver", "joiner": "joiner", "mover": "mover", "register": "registr",
    "registry": "registr", "availability": "availability", "available": "availability", "accountability": "accountability",
    "responsibility": "responsib", "responsible": "responsib", "policy": "polici", "privacy": "privaci", "private": "privat",
    "physical": "physic", "personnel": "personnel", "personal": "personal", "person": "person", "relationship": "relationship",
    "server": "server", "testing": "test", "tested": "test", "united": "united", "need": "need", "speed": "speed",
    "embedded": "embed", "thing": "thing", "ongoing": "ongoing", "building": "building", "meeting": "meeting",
    "training": "train", "media's": "media", "international": "international", "internal": "internal",
    "external": "external", "critical": "critic", "disposition": "dispos", "supervision": "supervis",
    "authentic": "authentic", "employee": "employ", "install": "install", "safety": "saf", "deprovision": "deprovision", "administer": "administr", "cryptography": "cryptograph",
}  # fmt: skip
"""What the rules would get wrong, or would miss, in this field."""

_SUFFIXES = (
    ("ific", "ifi", 2), ("ograph", "ograph", 4), ("izat", "iz", 3), ("isat", "iz", 3), ("ional", "ion", 3), ("ement", "", 4),
    ("ment", "", 4), ("ness", "", 3), ("less", "", 4), ("ful", "", 4), ("abiliti", "abl", 3), ("ibiliti", "abl", 3),
    ("anc", "", 4), ("enc", "", 4), ("anci", "", 4), ("enci", "", 4), ("ant", "", 5), ("ent", "", 5), ("abl", "", 4),
    ("ibl", "", 4), ("iti", "", 4), ("eri", "", 4), ("ator", "", 4), ("itor", "it", 3), ("actor", "act", 2), ("essor", "ess", 2),
    ("tion", "t", 4), ("sion", "s", 4), ("ution", "ut", 3), ("etion", "et", 3), ("ation", "at", 2), ("ial", "i", 4), ("ical", "ic", 3),
    ("al", "", 4), ("iv", "", 4), ("ous", "", 4), ("li", "", 5), ("er", "", 5), ("ship", "", 4), ("at", "", 5), ("is", "iz", 4),
    ("ys", "yz", 3), ("ic", "", 5), ("aci", "", 5), ("atori", "", 4), ("ctual", "ct", 2),
)  # fmt: skip
"""(ending, what stands for it, letters that must be left before it), of words without their final e and y."""
_BY_LETTER = {last: [rule for rule in _SUFFIXES if rule[0][-1] == last] for last in {suffix[-1] for suffix, _, _ in _SUFFIXES}}
_VOWEL = re.compile(r"[aeiouy]")
_SHORTEST = 3
"""Letters that a stem keeps at least."""
_PASSES = 4


def _without_plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= _SHORTEST and _VOWEL.search(base):
            return base[:-1] if base[-1] == base[-2] and base[-1] not in "sz" else base
    return word


def _without_last_letter(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "i"
    if word.endswith("e") and len(word) > _SHORTEST:
        return word[:-1]
    return word[:-1] if word.endswith("ll") else word


def _without_suffix(word: str) -> str:
    for suffix, replacement, least in _BY_LETTER.get(word[-1], ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= least:
            return word[: -len(suffix)] + replacement
    return word


@cache
def stem(word: str) -> str:
    """The stem of a lower-case word; of "" it is "".

    A light stemmer after the idea of M. F. Porter (An algorithm for suffix stripping, 1980): plural, tense, final e or y,
    then derivational endings while enough letters are left; -ise and -ize are one.
    """
    singular = _without_plural(word) if len(word) > _SHORTEST else word
    for form in (word, singular):
        if form in _IRREGULAR:
            return _IRREGULAR[form]
    if len(singular) <= _SHORTEST or not singular.isalpha():
        return singular
    base = _without_tense(singular)
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    base = _without_last_letter(base)
    for _ in range(_PASSES):
        shorter = _without_suffix(base)
        if shorter == base:
            break
        base = shorter
    return base


def _words(name: str) -> frozenset[str]:
    text = (resources.files("workbench.matching") / "data" / name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def glue_words() -> frozenset[str]:
    """English words that are left out of every text."""
    return _words("glue-words.txt")


@cache
def common_stems() -> frozenset[str]:
    """Stems that tell nothing when they stand alone: "ensure", "organization", "annually" and the like."""
    return frozenset(stem(word) for word in _words("common-words.txt"))


class _Numbers(dict[str, int]):
    """Word → number of its stem, -1 for glue, digits and single letters; grows as words are met."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: list[str] = []
        self.common: list[bool] = []
        self._known: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self[word] = -1 if _is_empty(word) else self._number(stem(word[:_LONGEST]))
        return number

    def _number(self, found: str) -> int:
        if found not in self._known:
            self._known[found] = len(self.stems)
            self.stems.append(found)
            self.common.append(found in common_stems())
        return self._known[found]


def _is_empty(word: str) -> bool:
    return (len(word) < 2 and word.isascii()) or word.isdigit() or word in glue_words()


_NUMBERS = _Numbers()


def folded(text: str) -> str:
    """A text as its words are compared: lower case, and look-alike forms of letters as one."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def stem_numbers(text: str) -> list[int]:
    """The stems of a text in order, glue left out, each as its number in ``known_stems()``."""
    numbers = _NUMBERS
    return [number for word in _WORD.findall(folded(text)) if (number := numbers[word]) >= 0]


def placed_stems(text: str) -> list[tuple[int, int, int]]:
    """(stem number, begin, end) of every word of a folded text that is no glue."""
    numbers = _NUMBERS
    return [(number, *match.span()) for match in _WORD.finditer(text) if (number := numbers[match[0]]) >= 0]


def known_stems() -> list[str]:
    """Every stem met so far; its place is its number, for as long as the process lives."""
    return _NUMBERS.stems


def is_common() -> list[bool]:
    """Of every stem met so far, whether it tells nothing when it stands alone."""
    return _NUMBERS.common


def stems(text: str) -> list[str]:
    """The stems of a text in order, without glue and without common ones."""
    return [_NUMBERS.stems[number] for number in stem_numbers(text) if not _NUMBERS.common[number]]
