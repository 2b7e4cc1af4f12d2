"""Ids into and out of a cell without touching the rest of it: its separator, its way of writing ids and its order stay. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.frameworks import index
from workbench.frameworks.around import is_empty, says_nothing
from workbench.frameworks.grammar import CONNECTOR
from workbench.frameworks.ids import parse
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2

_SEPARATOR = re.compile(rf"\s*(?:(?:[,;|/&+\n\t]|\b{CONNECTOR}\b|(?<=\s)[•·*-](?=\s))\s*)+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]\n]*[)\]]")
_NUMBER = re.compile(r"[0-9.]*[0-9]\Z")
_YEAR = re.compile(r"[ :(-]*20[0-9]{2}\)?")
_LETTERS = ("CC", "A", "C", "PI", "P", "Clause ", "A.")
_SERIES = frozenset(_LETTERS[:5])
_MOST = 200
"""So many other cells of the column show how it is written."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One piece of a cell: ``before`` is the separator in front of it, ``written`` the piece with its title, ``rest`` words behind it."""

    before: str
    piece: str
    written: str
    rest: str
    ids: tuple[str, ...]


def rewrite_ids(
    text: str, add: Sequence[str], remove: Sequence[str] = (), *, like: Sequence[str] = (), framework: str = ""
) -> str:
    """``text`` with the ids of ``add`` in it and those of ``remove`` out of it; ids are canonical (``CC6.1``, ``Clause 6.1.2``).

    What stays is as it was written. New ids take the cell's separator and its way of writing ids; they go where the order wants them
    if the ids of the cell are in order, else to the end. ``like`` are other cells of the column, which show how it is written where the
    cell does not. ``framework`` is what the column is decided to hold (as ``ids.parse`` takes it), else what the ids are of. An id that is
    there is not added again, one in both ``add`` and ``remove`` stays, and words that are no ids are never dropped, except the
    title of an id that goes. ``parse`` reads exactly the ids meant from the result.

    ``rewrite_ids("CC 6.1; CC 6.3", ["CC6.2"]) == "CC 6.1; CC 6.2; CC 6.3"``
    """
    framework = framework or _framework([*add, *remove])
    before = {citation.id for citation in parse(text, framework) if citation.id}
    added = [name for name in dict.fromkeys(add) if name not in before]
    removed = {name for name in remove if name not in add} & before
    if not added and not removed:
        return text
    items = _split("" if says_nothing(text) else text, framework)
    models = items + [item for other in like[:_MOST] for item in _split(other, framework)]
    separator = _separator(items, models)
    meant = (before | set(added)) - removed
    plain = {name: name for name in meant}
    styled = plain | {name: _styled(name, models) for name in meant}
    kept = _without(items, removed, styled, separator)
    for way in (styled, plain):
        found = _joined(_with(kept, [(name, way[name]) for name in added], separator))
        if _says(found, framework) == meant:
            return found
    return _joined(_with(_canonical(kept, separator), [(name, name) for name in added], separator))


def _says(text: str, framework: str) -> set[str]:
    return {citation.id for citation in parse(text, framework) if citation.id}


def _framework(names: Iterable[str]) -> str:
    """The framework that all the ids are of, "" where they are of several."""
    every = set(names)
    if all(name in index(SOC2) for name in every):
        return SOC2
    if all(name in index(ISO2022) for name in every):
        return ISO2022
    if all(name in index(ISO2013) for name in every):
        return ISO2013
    return ISO_UNDECIDED if all(name in index(ISO2022) or name in index(ISO2013) for name in every) else ""


# --- a cell in pieces ------------------------------------------------------------------------------------------------------------


def _split(text: str, framework: str) -> list[_Item]:
    """The pieces of a cell; joined they are the text again."""
    items: list[_Item] = []
    end, before = 0, ""
    prose = False
    for citation in parse(text, framework):
        start = text.find(citation.text, end)
        if start < 0:
            if items and items[-1].piece == citation.text:  # one more id of a range or wildcard
                items[-1] = replace(items[-1], ids=(*items[-1].ids, citation.id))
            continue
        if items:
            items[-1], before = _parted(items[-1], text[end:start])
        else:
            before, prose = text[:start], not is_empty(text[:start])
        end = start + len(citation.text)
        titled = text.find(citation.title, end) if citation.title and not prose else -1
        written = text[start : titled + len(citation.title)] if titled >= 0 else citation.text
        end = start + len(written)
        items.append(_Item(before, citation.text, written, "", (citation.id,) if citation.id else ()))
    if not items:
        return [_Item("", text, text, "", ())] if text.strip() else []
    items[-1], after = _with_aside(items[-1], text[end:])
    items[-1] = replace(items[-1], rest=after)
    return items


def _parted(item: _Item, gap: str) -> tuple[_Item, str]:
    """What stands between two pieces: an aside in brackets is the first's, words are its rest, then comes the separator."""
    item, gap = _with_aside(item, gap)
    found = list(_SEPARATOR.finditer(gap))
    at = found[-1].start() if found else len(gap.rstrip())
    return replace(item, rest=gap[:at]), gap[at:]


def _with_aside(item: _Item, gap: str) -> tuple[_Item, str]:
    aside = _ASIDE.match(gap)
    if not aside:
        return item, gap
    return replace(item, written=item.written + aside[0]), gap[aside.end() :]


def _joined(items: Iterable[_Item]) -> str:
    text = "".join(f"{item.before}{item.written}{item.rest}" for item in items)
    return text if any(character.isalnum() for character in text) else ""


# --- out of it, into it ----------------------------------------------------------------------------------------------------------


def _without(items: Sequence[_Item], removed: set[str], styled: dict[str, str], separator: str) -> list[_Item]:
    """The pieces that stay. Of a range the ids that stay are written one by one; whoever comes first takes the cell's beginning."""
    kept: list[_Item] = []
    lead = items[0].before if items else ""
    for item in items:
        staying = [name for name in item.ids if name not in removed]
        before = item.before if kept else lead
        if len(staying) == len(item.ids):
            kept.append(replace(item, before=before))
        elif staying:
            names = [styled[name] for name in staying]
            kept += [_Item(separator, name, name, "", (name,)) for name in names]
            kept[-len(names)] = replace(kept[-len(names)], before=before)
            kept[-1] = replace(kept[-1], rest=item.rest)
        elif any(character.isalnum() for character in item.rest):
            if kept:
                kept[-1] = replace(kept[-1], rest=kept[-1].rest + item.rest)
            else:
                lead += item.rest.strip() + " "
    if not kept and any(character.isalnum() for character in lead):
        kept.append(_Item("", lead.strip(), lead.strip(), "", ()))
    return kept


def _with(items: Sequence[_Item], added: Iterable[tuple[str, str]], separator: str) -> list[_Item]:
    """The pieces with new ones (id, as written) where the order wants them, or at the end."""
    grown = list(items)
    keys = [_key(item.ids[0]) for item in grown if item.ids]
    ordered = keys == sorted(keys)
    for name, written in sorted(added, key=lambda pair: _key(pair[0])) if ordered else added:
        later = [at for at, item in enumerate(grown) if item.ids and _key(item.ids[0]) > _key(name)]
        at = later[0] if ordered and later else len(grown)
        new = _Item(separator, written, written, "", (name,))
        if at == 0:
            new = replace(new, before=grown[0].before if grown else "")
            grown[:1] = [replace(item, before=separator) for item in grown[:1]]
        grown.insert(at, new)
    return grown


def _canonical(items: Iterable[_Item], separator: str) -> list[_Item]:
    """The pieces with their ids in full, for a cell where some were short for what stood before them."""
    full: list[_Item] = []
    for item in items:
        for name in item.ids or (item.written,):
            full.append(_Item(separator if full else item.before, name, name, "", (name,) if item.ids else ()))
        full[-1] = replace(full[-1], rest=item.rest)
    return full


# --- how it is written -----------------------------------------------------------------------------------------------------------


def _separator(items: Sequence[_Item], models: Sequence[_Item]) -> str:
    """What stands between ids most often, in the cell, else in the column; a comma where nothing shows it, a new line below a sentence."""
    if items and any(letter.isalpha() for letter in items[-1].rest):
        return "\n"
    for group in (items, models):
        between = Counter(item.before for item in group[1:] if _SEPARATOR.fullmatch(item.before) and not item.before.isalpha())
        signs = {mark: number for mark, number in between.items() if not any(letter.isalpha() for letter in mark)}
        if signs:
            return max(signs, key=signs.__getitem__)
    return ", "


def _styled(name: str, models: Sequence[_Item]) -> str:
    """The id as most ids of its kind are written in the cell, else in the column."""
    ways = Counter(way for item in reversed(models) if len(item.ids) == 1 and (way := _like(name, item)))
    return max(ways, key=ways.__getitem__) if ways else name


def _like(name: str, item: _Item) -> str:
    """``name`` written as the id of ``item`` is, "" where that does not show how."""
    letters, number = _parts(name)
    own, digits = _parts(item.ids[0])
    at = item.piece.rfind(digits)
    same = letters == own
    if at < 0 or not (same or {letters, own} <= _SERIES):
        return ""
    front, back = item.piece[:at], item.piece[at + len(digits) :]
    if not same:
        place = front.upper().rfind(own)
        written = letters if front.isupper() or not front.islower() else letters.lower()
        front = front[:place] + written + front[place + len(own) :] if place >= 0 else front
    return f"{front}{number}{back if _YEAR.fullmatch(back) else ''}"


def _parts(name: str) -> tuple[str, str]:
    """``CC6.1`` → ``CC``, ``6.1``."""
    found = _NUMBER.search(name)
    number = found[0].lstrip(".") if found else ""
    return name[: len(name) - len(number)], number


def _key(name: str) -> tuple[int, tuple[int, ...]]:
    """The order of the catalogues: criteria, clauses, Annex A, each by number."""
    letters, number = _parts(name)
    rank = _LETTERS.index(letters) if letters in _LETTERS else len(_LETTERS)
    return rank, tuple(map(int, number.split("."))) if number else ()
