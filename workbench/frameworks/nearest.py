"""Ids near a written one that does not exist: "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import zip_longest

from workbench.frameworks import TITLES, index

_MOST = 3
_LONGEST = 24


@lru_cache(maxsize=2048)
def near(id_text: str, framework: str) -> tuple[str, ...]:
    """At most three canonical ids that ``id_text`` may have meant, best first; ids of ``framework`` before others.

    Near is: the same number under another prefix (A.4.1 and Clause 4.1, A.1.1 and A1.1), one character too many, too few
    or wrong, or one level too deep. Among those the same letters and the nearest numbers go first.
    """
    wanted = _spelling(id_text)
    if not wanted or len(wanted) > _LONGEST:
        return ()
    twins = _twins(wanted)
    found = _around(wanted) | twins
    shorter, dot, _ = wanted.rpartition(".")
    if dot and shorter.count(".") >= _depth(wanted):
        found |= _around(shorter)
    found.pop(id_text, None)
    ranked = sorted(found, key=lambda known: (known not in twins, *_distance(wanted, known), found[known] != framework, known))
    return tuple(ranked[:_MOST])


def _depth(spelling: str) -> int:
    return 2 if spelling.startswith("A.") else 1


def _spelling(written: str) -> str:
    return "".join(written.upper().split())


def _deletions(spelling: str) -> set[str]:
    return {spelling, *(spelling[:place] + spelling[place + 1 :] for place in range(len(spelling)))}


@cache
def _neighbourhood() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Every id with up to one character left out → the (id, framework) it came from."""
    near_by: dict[str, tuple[tuple[str, str], ...]] = {}
    for framework in TITLES:
        for known in index(framework):
            for shorter in _deletions(_spelling(known)):
                near_by[shorter] = (*near_by.get(shorter, ()), (known, framework))
    return near_by


def _around(wanted: str) -> dict[str, str]:
    return {known: framework for spelling in _deletions(wanted) for known, framework in _neighbourhood().get(spelling, ())}


def _twins(wanted: str) -> dict[str, str]:
    if not wanted.startswith(("A.", "CLAUSE")):
        return {}
    number = ".".join(_numbers(wanted))
    same = (f"A.{number}", f"A{number}", f"Clause {number}")
    return {known: framework for framework in TITLES for known in same if known in index(framework)}


def _numbers(spelling: str) -> list[str]:
    return re.findall(r"[0-9]+", spelling)


def _letters(spelling: str) -> str:
    return re.sub(r"[^A-Z]", "", spelling)


def _distance(wanted: str, known: str) -> tuple[int, int]:
    """How far the letters are apart (a doubled one is near), and the numbers (in the first one it weighs more)."""
    mine, theirs = _letters(wanted), _letters(_spelling(known))
    letters = 0 if mine == theirs else 1 if set(mine) == set(theirs) else 2
    steps = [abs(int(a) - int(b)) for a, b in zip_longest(_numbers(wanted), _numbers(known), fillvalue="0")]
    return letters, sum(steps) + 9 * steps[0] if steps else 0
