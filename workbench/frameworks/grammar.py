"""The grammar of written ids: which pieces of a text are ids, and which requirements they mean.

A *mark* is a piece shaped like an id: letters and a number (``CC6.1``), a number alone (``5.10``), or a run of letters and digits
that could be a misspelt id (``Pl1.1``). Marks are found by one pattern; what they mean depends on the column they stand in. Every
pattern is bounded, so that a hostile text of 30,000 characters takes as long as a harmless one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbench.frameworks import index
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2

Reading = tuple[str, str]
"""(framework, canonical id) of a requirement or group that exists."""

ISO = frozenset({ISO_UNDECIDED, ISO2022, ISO2013})
TYPED = ISO | {SOC2}
"""Column types that give a number without prefix a meaning."""

CONNECTOR = r"(?:and|or|und|oder|et|sowie|plus)"
_NUMBER = r"[0-9]{1,3}(?:\.{1,2}[0-9]{1,3}){0,3}(?![0-9])(?!\.{1,2}[0-9])"
# A look-alike of 0 or 1 right behind the number belongs to it: let the whole run be looked at.
_WHOLE = r"(?!\.?[OIl]{1,2}(?![a-z0-9]))"
_OTHER = (
    r"(?:NIST|CSF|PCI|HIPAA|HITRUST|HITECH|GDPR|CCPA|CIS|CSC|COBIT|COSO|FedRAMP|CMMC|CCM|CAIQ|SOX|NIS[ ]?2|DORA|TISAX|BSI|NERC|FFIEC|ISA|SOC[ -]?1"
    r"|ISO[ ]?/?[ ]?(?:IEC)?[ :/-]{0,2}[0-9]{4,5}(?![0-9]))"
)
"""Names of other standards, where numbers or a colon follow: those numbers are none of ours."""
OF_OTHER = re.compile(rf"[ ]?[(\[][ ]?{_OTHER}(?![a-z])", re.IGNORECASE)
"""The same in brackets behind a number: ``7.2.1 (PCI DSS)``."""
_MARK = re.compile(
    rf"""
    (?<![^\W\d_])(?:
        (?P<iso>(?:ISO[ ]?/?[ ]?(?:IEC)?[ :/_-]{{0,2}}|IEC[ ]?)?(?<![0-9])2700[12](?![0-9])
            (?:[ ]?[:/(_-]?[ ]?(?P<year>20[0-3][0-9])(?![0-9])\)?)?)
      | (?P<soc>SOC[ _-]?2(?![0-9.])|TSC(?![a-z0-9])|TSP[ ]?(?:section[ ]?)?100(?![0-9.]))
      | (?P<other>{_OTHER})(?![a-z])(?=[^:;,|\n0-9]{{0,20}}[:0-9])
      | (?P<letters>Annex[ ]?A|clauses?|cl|isms|§{{1,2}}|CC|PI|A|C|P)(?P<gap>[ .:_-]{{0,3}})(?P<number>{_NUMBER}){_WHOLE}
      | (?P<run>(?=[a-z.]{{1,5}}[0-9])[a-z]{{1,3}}\.?[0-9OIl][0-9OIl.]{{1,9}}(?![^\W_]))
    )
    | (?<![\w.])(?P<bare>\.?{_NUMBER})(?![^\W_]{{2}})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"""
      (?P<all>\.?[ ]?\*(?!\*)|\.x(?![^\W_])|[ ]?\([ ]?(?:all|alle)(?![^\W_])[^)\n]{0,20}\))
    | (?P<focus>[ ]?[-_.(]{0,2}[ ]?(?:POFs?|points?[ ]of[ ]focus)[ ]?[-_#.]?[ ]?[0-9]{1,2}(?![0-9])\)?)
    | (?P<item>[ ]?\(?[a-z][ ]?\)(?:[ ]?\(?[0-9]\))?|[ ]?\([ivx]{1,4}\)|\.?[a-l](?![^\W_]))
    | [ ]?[(:\[][ ]?(?P<year>20[0-3][0-9])(?![0-9])[ ]?[)\]]?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEXT = re.compile(r"(?:CC|PI|A|C|P)\.?[0-9]", re.IGNORECASE)
_LOOKALIKES = str.maketrans("OIL", "011")
_SERIES = tuple(
    (word, re.compile(letters)) for word, letters in (("CC", "CC"), ("PI", "P[I1L]"), ("A", "A"), ("C", "C"), ("P", "P"))
)
_FIRST_2022 = 2022


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a folded text that is shaped like an id.

    ``word`` is what the letters are: CC, PI, P, C, A, Annex or Clause; "" for a number alone, "run" for what could be a
    misspelt id, "standard" for the name of a standard, whose framework is then ``edition``, "other" for the name of one that is not ours. ``edition`` of an id is the one
    written behind it ("A.8.2 (2013)"). ``gap`` stands between letters and number. ``everything`` marks a wildcard, ``focus``
    a point of focus, ``odd`` a leading zero or doubled dot.
    """

    start: int
    end: int
    word: str
    parts: tuple[int, ...] = ()
    gap: str = ""
    edition: str = ""
    everything: bool = False
    focus: bool = False
    odd: bool = False
    upper: bool = True

    @property
    def dotted(self) -> bool:
        """``A.5`` and not ``A5``."""
        return "." in self.gap

    @property
    def spelled(self) -> str:
        """The canonical spelling of what is written, whether it exists or not."""
        number = ".".join(map(str, self.parts))
        if self.word in {"A", "Annex"} and not self.of_availability:
            return f"A.{number}"
        return f"Clause {number}" if self.word == "Clause" else f"{self.word}{number}"

    @property
    def of_availability(self) -> bool:
        """``A1.1`` of SOC 2, which is not ``A.1.1``."""
        return self.word == "A" and self.parts[0] == 1 and not self.dotted


def marks(text: str) -> Iterator[Mark]:
    """All marks of a folded text, in order, none within another."""
    end = 0
    for match in _MARK.finditer(text):
        if match.start() >= end:
            mark = _standard(match) or _run(match) or _id(match, end)
            if mark:
                end = mark.end
                yield mark


def _standard(match: re.Match[str]) -> Mark | None:
    if match["soc"]:
        return Mark(match.start(), match.end(), "standard", edition=SOC2)
    if match["other"]:
        return Mark(match.start(), match.end(), "other")
    if not match["iso"]:
        return None
    return Mark(match.start(), match.end(), "standard", edition=_edition(match["year"]) or ISO_UNDECIDED)


def _edition(year: str | None) -> str:
    return "" if not year else ISO2022 if int(year) >= _FIRST_2022 else ISO2013


def _run(match: re.Match[str]) -> Mark | None:
    return Mark(match.start(), match.end(), "run") if match["run"] else None


def _id(match: re.Match[str], before: int) -> Mark | None:
    """The mark of letters and number or number alone; None where it is only the inside of a longer word."""
    text, start = match.string, match.start()
    number = match["number"] or match["bare"]
    suffix = _SUFFIX.match(text, match.end())
    end = suffix.end() if suffix else match.end()
    inside = start and start != before and text[start - 1].isdigit()
    if inside or (text[end : end + 1].isalnum() and not _NEXT.match(text, end)):
        return None
    written = [part for part in number.split(".") if part]
    return Mark(
        start,
        end,
        _word(match["letters"]),
        tuple(map(int, written)),
        match["gap"] or "." * number.startswith("."),
        _edition(suffix["year"]) if suffix else "",
        everything=bool(suffix and suffix["all"]),
        focus=bool(suffix and suffix["focus"]),
        odd=".." in number or ".." in (match["gap"] or "") or any(part[0] == "0" and part != "0" for part in written),
        upper=text[start].isupper(),
    )


def _word(letters: str | None) -> str:
    word = (letters or "").upper()
    if word.startswith("ANNEX"):
        return "Annex"
    return "Clause" if word.startswith(("CL", "IS", "§")) else word


def order(framework: str) -> tuple[str, ...]:
    """The catalogues, in the order in which a column of ``framework`` looks an id up."""
    if framework == ISO2013:
        return (ISO2013, ISO2022, SOC2)
    return (SOC2, ISO2022, ISO2013)


def lookup(spelled: str, framework: str) -> tuple[Reading, ...]:
    """What a canonical spelling is, the column's own edition first; () when it is nothing."""
    return tuple((catalogue, spelled) for catalogue in order(framework) if spelled in index(catalogue))


def settled(mark: Mark, framework: str) -> Mark:
    """The mark as its column sees it: CC6.1.3 is a point of focus of CC6.1, CC6.0 is CC6, A.1.1 is A1.1 among SOC 2 ids."""
    if mark.word == "A" and mark.dotted and mark.parts[0] == 1 and framework == SOC2:
        mark = replace(mark, gap="", odd=True)
    if mark.word == "C" and mark.dotted and framework in ISO and not lookup(mark.spelled, framework):
        mark = replace(mark, word="Clause", odd=True)
    if len(mark.parts) == 3 and (mark.word in {"CC", "PI", "C", "P"} or mark.of_availability):
        mark = replace(mark, parts=mark.parts[:2], focus=True)
    if len(mark.parts) > 1 and mark.parts[-1] == 0:
        mark = replace(mark, parts=mark.parts[:-1])
    return mark


def readings(mark: Mark, framework: str) -> tuple[Reading, ...]:
    """What a settled mark with letters means, best first."""
    return lookup(mark.spelled, mark.edition or framework)


def bare_readings(parts: tuple[int, ...], framework: str) -> tuple[Reading, ...]:
    """What a number without letters can mean in a column of that type, best first; () in an untyped column.

    In a 2022 column two parts are Annex A before a clause, three parts a clause before a 2013 control.
    """
    if len(parts) > 1 and parts[-1] == 0:
        parts = parts[:-1]
    number = ".".join(map(str, parts))
    if framework == SOC2:
        criterion = ".".join(map(str, parts[:2]))
        return tuple(
            (SOC2, f"{letters}{criterion}") for letters in ("CC", "A", "C", "PI", "P") if f"{letters}{criterion}" in index(SOC2)
        )
    if framework not in ISO:
        return ()
    annex, clause = f"A.{number}", f"Clause {number}"
    wanted = [(ISO2022, annex), (ISO2022, clause), (ISO2013, annex)]
    if framework == ISO2013:
        wanted = [(ISO2013, annex), (ISO2022, annex), (ISO2022, clause)]
    found: dict[str, Reading] = {}
    for catalogue, name in wanted:
        if name in index(catalogue):
            found.setdefault(name, (catalogue, name))
    return tuple(found.values())


def is_open(found: tuple[Reading, ...], parts: tuple[int, ...], framework: str) -> bool:
    """Whether nothing decides between the readings of a number without letters.

    A whole number may always be a clause or a group of Annex A; where the edition is open, 9.1 and 6.1.1 may be a clause or
    of 2013. Everywhere else the column decides.
    """
    if len(found) < 2:
        return False
    editions = {catalogue for catalogue, _ in found}
    return framework == SOC2 or len(parts) == 1 or (framework == ISO_UNDECIDED and ISO2013 in editions)


def misspelt(run: str, framework: str) -> tuple[Reading, ...]:
    """What ``run`` means if O is 0, l and I are 1, 1 and l in P1 are I, or the dot of CC61 is missing; () if nothing."""
    upper = run.upper()
    found: dict[str, Reading] = {}
    for word, pattern in _SERIES:
        letters = pattern.match(upper)
        number = upper[letters.end() :] if letters else ""
        for name, parts in _numbers(number, word):
            mark = settled(Mark(0, 0, word, parts, name), framework)
            for reading in readings(mark, framework)[:1]:
                found.setdefault(reading[1], reading)
    return tuple(found.values())


def _numbers(rest: str, word: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(gap, parts) of what follows the letters, read past look-alikes."""
    written = rest.lstrip(".").translate(_LOOKALIKES)
    gap = "." * rest.startswith(".")
    if not re.fullmatch(r"[0-9]{1,3}(\.{1,2}[0-9]{1,3}){0,2}", written):
        return
    parts = tuple(int(part) for part in written.split(".") if part)
    if len(parts) > 1:
        yield gap, parts
    elif word in {"CC", "PI"} and len(written) == 2 and written[1] != "0":
        yield gap, (int(written[0]), int(written[1]))
