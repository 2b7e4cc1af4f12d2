"""What a heading says: which declared field, which framework, an id or a title. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2
from workbench.sheets import BY_NAME, fold_heading

EXACT, STRIPPED, CONTAINED, NEAR = 99, 91, 79, 85
"""How surely a heading names a field, at least: its heading or an alias; the same without framework words or brackets; an alias inside it; a typo."""
MIXED, OTHER = "mixed", "other"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SOC2 = re.compile(
    r"\bsoc[\s\-_]?(?:2|ii)\b|\bsoc2|\btsc\b|\btsp\b|\btscs\b|trust services?\b|\baicpa\b|common criteria|\bcc\b(?!m)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)2700[12](?!\d)|\bannex\s?a\b|\biso\b|\biso(?=/)|\b27k\b", re.IGNORECASE)
_ISO_NUMBER = re.compile(r"\biso\b[\s/\-]*(?:iec)?[\s/:\-]*(\d{4,5})", re.IGNORECASE)
_OTHER = re.compile(
    r"\bnist\b|\bcsf\b|800-\d+|\bpci\b|\bhipaa\b|\bhitrust\b|\bgdpr\b|\bcis\b|\bcobit\b|\bfedramp\b|\bcmmc\b|\bccm\b|\bcaiq\b|\bsox\b|\bitgc\b|"
    r"\bnis\s?2\b|\bdora\b|\bccpa\b|\bc5\b|\btisax\b|\bcoso\b|\bsoc\s?1\b|\bhitech\b|\bffiec\b|\bglba\b|\bcyber essentials\b|\bessential (?:8|eight)\b|"
    r"\bbsi\b|\bens\b|\bitil\b|\bcsa\b|\bowasp\b|\bscf\b|secure controls framework",
    re.IGNORECASE,
)
_FRAMEWORK_WORDS = _words(
    "iso iec 27001 27002 2013 2017 2022 v2013 v2017 v2022 soc soc2 2 ii tsc tscs tsp aicpa trust service services annex a "
    "isms 27k std standard framework frameworks the of for to with used in"
)
REFERENCE_WORDS = _words(
    "id ids ref refs reference references no nr number numbers num # code codes control controls criteria criterion mapping "
    "mappings mapped map maps requirement requirements clause clauses section sections article articles item items point "
    "points focus cc common related relevant applicable equivalent corresponding identifier s crosswalk citation citations kriterien massnahme massnahmen referenz nummer "
    "annexa new old sec"
)
_ID_WORDS = _words("id ids ref refs reference references # no number code")
_TITLE_WORDS = _words("title titles name names short titel bezeichnung")
_TEXT_WORDS = _words(
    "description descriptions beschreibung desc text statement wording detail details narrative language objective specification summary "
    "question questions"
)
_SUBJECTS = _words("topic topics subject subjects")
_GROUP_WORDS = _words(
    "category categories domain domains theme themes family series area pillar topic topics subject subjects group chapter principle principles"
)
_TURNS = _words(
    "gap remediation recommended recommendation recommendations action actions finding findings question test testing risk "
    "auditor guidance example previous target residual inherent sample observation corrective management"
)
"""Words in front of another that make it mean something else: a gap description describes no control."""

_REAL_WORDS = _words(
    "stage phase level levels scope score scored state states dates hours tiers types roles goals rates costs users files "
    "sites tasks teams terms times years titled tests tested tester policing placed mature mapper owners owned noted "
    "reviews reviewer evidenced approver approved compliance assessor assessed assess included exclude include reasons "
    "causes clauses contractor controller control controlled"
)


@dataclass(frozen=True, slots=True)
class Sense:
    """What a heading says. ``framework``: an id, ``ISO_UNDECIDED``, ``MIXED``, ``OTHER`` or ""; ``role``: reference, title, text, group or ""."""

    text: str
    framework: str
    role: str

    @property
    def family(self) -> str:
        """``soc2`` or ``iso`` when the heading names one of the two, else the framework as it is."""
        return family(self.framework)


def family(framework: str) -> str:
    """``soc2`` or ``iso`` of a framework id; anything else stays."""
    if framework == SOC2:
        return "soc2"
    return "iso" if framework in {ISO2013, ISO2022, ISO_UNDECIDED} else framework


@lru_cache(maxsize=4096)
def sense(heading: str) -> Sense:
    """What ``heading`` says by itself, whatever stands below it."""
    text = " ".join(unicodedata.normalize("NFKC", heading).replace("_", " ").split())
    framework = _framework(text)
    folded = fold_heading(text).split()
    words = set(folded)
    rest = words - _FRAMEWORK_WORDS
    if folded and folded[-1] in _ID_WORDS and not rest & _TURNS - {"question"}:
        role = "reference"
    elif rest & _TITLE_WORDS:
        role = "title"
    elif rest & _TEXT_WORDS:
        role = "text"
    elif rest <= REFERENCE_WORDS or (rest & _ID_WORDS and rest <= REFERENCE_WORDS | _GROUP_WORDS):
        role = "reference"
    elif rest & _GROUP_WORDS:
        role = "title" if framework and rest & _SUBJECTS else "group"
    else:
        role = ""
    if not framework and role in {"title", "text"} and words & {"criteria", "criterion"}:
        framework = SOC2
    return Sense(text, framework, role)


def _framework(text: str) -> str:
    soc2, iso = bool(_SOC2.search(text)), bool(_ISO.search(text))
    numbers = set(_ISO_NUMBER.findall(text))
    if iso and numbers and not numbers & {"27001", "27002"}:
        iso = False
        if not soc2:
            return OTHER
    if soc2 and iso:
        return MIXED
    if soc2:
        return SOC2
    if iso:
        return edition(text)
    return OTHER if _OTHER.search(text) else ""


def names_iso(text: str) -> bool:
    """Whether a text names ISO/IEC 27001 or 27002."""
    return bool(_ISO.search(text)) and bool(not _ISO_NUMBER.search(text) or {"27001", "27002"} & set(_ISO_NUMBER.findall(text)))


def edition(text: str) -> str:
    """The framework id of the edition that a text about ISO/IEC 27001 names, else ``ISO_UNDECIDED``."""
    said = set(re.findall(r"(?<!\d)(2005|2013|2022)(?!\d)", text))
    if said == {"2022"}:
        return ISO2022
    if said == {"2013"}:
        return ISO2013
    return OTHER if said == {"2005"} else ISO_UNDECIDED


@lru_cache(maxsize=64)
def _aliases(declaration: str) -> dict[str, dict[str, int]]:
    """Folded heading or alias → the fields it may name, in declared order, and its place among the field's names: 0 is our own heading."""
    found: dict[str, dict[str, int]] = {}
    for column in BY_NAME[declaration].columns:
        for place, written in enumerate((column.heading, *column.aliases)):
            found.setdefault(fold_heading(written), {}).setdefault(column.field, place)
    return found


@lru_cache(maxsize=8192)
def fields(heading: str, declaration: str) -> tuple[tuple[str, float], ...]:
    """The declared fields that ``heading`` may name, with how surely, best first; typos are left to ``near``.

    Of two headings for one field the one that the declaration names earlier is a little surer.
    """
    aliases = _aliases(declaration)
    scores: dict[str, float] = {}
    for variant, score in _variants(heading):
        for field, place in aliases.get(variant, {}).items():
            scores.setdefault(field, score - min(place, 40) / 50)
    return tuple(sorted(scores.items(), key=lambda item: -item[1]))


def _variants(heading: str) -> list[tuple[str, int]]:
    """The heading folded, and what is left of it without brackets, framework words, side words; surest first."""
    whole = fold_heading(heading)
    plain = fold_heading(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading))
    found = [(whole, EXACT + 1), (plain, STRIPPED + 4)]
    words = plain.split()
    bare = [word for word in words if word not in _FRAMEWORK_WORDS - {"a", "of", "for", "to", "in", "used", "the", "with"}]
    found += [(" ".join(bare), STRIPPED + 1), (_spaced(whole), STRIPPED + 1)]
    found.append((whole.removesuffix("s") if whole.endswith("s") else f"{whole}s", STRIPPED + 1))
    parts = [fold_heading(part) for part in re.split(r"[/|&\n]|\band\b|\bor\b", plain if "/" not in heading else heading)]
    found += [(part, CONTAINED + 7) for part in parts[:3]]
    if not _TURNS & set(words):
        found += [(" ".join(bare[start:]), CONTAINED + 5 - start) for start in range(1, min(len(bare), 4))]
        found += [(re.split(r" (?:of|for|in|by|per|specified|performed|provided|described) ", plain)[0], CONTAINED + 1)]
    return [(variant, score) for variant, score in found if variant]


@lru_cache(maxsize=1)
def _unspaced() -> dict[str, str]:
    return {alias.replace(" ", ""): alias for sheet in BY_NAME.values() for alias in _aliases(sheet.name) if " " in alias}


def _spaced(folded: str) -> str:
    """``controlid`` → ``control id``; anything else as it is."""
    return _unspaced().get(folded, folded)


@lru_cache(maxsize=4096)
def near(heading: str, declaration: str) -> tuple[str, str]:
    """The field and the declared heading or alias that ``heading`` is a typo of, or ("", "").

    Word by word: one slip in a word of five letters, two in eight. A word that means something by itself ("type", "test") is no typo.
    """
    words = fold_heading(heading).split()
    if words and any(len(word) >= 5 for word in words):
        for alias, named in _aliases(declaration).items():
            theirs = alias.split()
            if len(theirs) == len(words) and all(_slips(word, right) for word, right in zip(words, theirs, strict=True)):
                return next(iter(named)), alias
    return "", ""


def _slips(word: str, right: str) -> bool:
    if word == right:
        return True
    if min(len(word), len(right)) < 4 or len(right) < 5 or word in _vocabulary():
        return False
    return OSA.distance(word, right, score_cutoff=3) <= (2 if len(right) >= 8 else 1)


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Words that are no typos of each other."""
    declared = {word for sheet in BY_NAME.values() for alias in _aliases(sheet.name) for word in alias.split()}
    return frozenset(declared | _TURNS | _FRAMEWORK_WORDS | REFERENCE_WORDS | _GROUP_WORDS | _TEXT_WORDS | _REAL_WORDS)


def nearest(heading: str) -> str:
    """The declared heading of any main sheet that ``heading`` comes nearest to, "" when none is near."""
    folded = fold_heading(heading)
    names = {
        fold_heading(column.heading): column.heading
        for name in ("Controls", "Mapping", "Applicability")
        for column in BY_NAME[name].columns
    }
    found = process.extractOne(folded, list(names), scorer=fuzz.ratio, score_cutoff=70)
    return names[found[0]] if found and names[found[0]].casefold() != heading.strip().casefold() else ""
