"""Which column holds which declared field: ids by what was decided, titles by where they stand, the rest by their headings. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.model import Kind, MappingStatus
from workbench.reading import headings
from workbench.reading.columns import Seen
from workbench.reading.shapes import Shape
from workbench.sheets import BY_NAME, Column, fold_heading
from workbench.words import SPREAD, ending

Keys = Sequence[tuple[Seen, str]]
_TITLE_OF = {"source": "source_title", "target": "target_title", "id": "title", "soc2": "soc2_title", "iso": "iso_title"}
"""Fields for the title beside an id; soc2_title and iso_title are not declared and serve to check an id against its title."""

_UNCLEAR = frozenset({"yes", "no", "none", "y", "n", "n/a"})
"""Under the heading Gap these say the opposite of what they say under Status."""
_LONGEST_WORD, _SPEAKING = 25, 0.8


_CODES = 12
"""Characters that the codes of reasons take; what is longer justifies in words."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column (an index) under its frame name and declared field."""

    at: int
    name: str
    field: str
    heading: str
    framework: str = ""


def place_ids(keys: Keys) -> list[Placed]:
    """The id columns; a second one for a field is ``field#2``. Only requirement columns have a framework."""
    seen: Counter[str] = Counter()
    placed = []
    for one, field in keys:
        seen[field] += 1
        name = field if seen[field] == 1 else f"{field}#{seen[field]}"
        placed.append(Placed(one.at, name, field, one.heading, one.framework if one.family else _other(one, field)))
    return placed


def _other(one: Seen, field: str) -> str:
    """``OTHER`` for the end of a pair that is of a framework which is none of ours, "" for control ids."""
    return headings.OTHER if field in {"source", "target"} and one.sense.framework == headings.OTHER else ""


def titles(keys: Keys, others: Sequence[Seen], declaration: str) -> list[Placed]:
    """The title column of each id column, under ``…_title`` (``title`` in an assessment)."""
    placed: list[Placed] = []
    taken: set[int] = set()
    ids = place_ids(keys)
    edges = sorted(entry.at for entry in ids)
    for entry, (key, _) in zip(ids, keys, strict=True):
        if declaration not in {"Mapping", "Applicability"} and not key.family:
            continue
        stem, _, number = entry.name.partition("#")
        field = _TITLE_OF.get(stem, f"{stem}_title")
        rivals = [other for other, _ in keys if other is not key and other.sense.framework == key.sense.framework]
        free = [one for one in others if one.at not in taken and not any(_nearer(one, other, key) for other in rivals)]
        found = _title_beside(key, free, edges, declaration, field)
        if found is not None:
            taken.add(found.at)
            placed.append(Placed(found.at, f"{field}#{number}" if number else field, field, found.heading))
    return placed


def _title_beside(key: Seen, others: Sequence[Seen], edges: Sequence[int], declaration: str, field: str) -> Seen | None:
    """Named so, or of the key's framework, or nearest to the right, or to the left; titles before descriptions."""
    exact = [one for one in others if one.named(declaration).get(field, 0) >= headings.EXACT and declaration == "Mapping"]
    if exact:
        return exact[0]
    possible = [one for one in others if _may_be_title(one, key, declaration)]
    following = min((edge for edge in edges if edge > key.at), default=1 << 20)
    before = max((edge for edge in edges if edge < key.at), default=-1)
    own_words = {"title": 0, "text": 1}
    named = [one for one in possible if _same_words(one, key)]
    right = [one for one in possible if key.at < one.at < following and one.sense.family not in _foreign_to(key)]
    left = [one for one in possible if before < one.at < key.at and one.sense.family not in _foreign_to(key)]
    if declaration not in {"Mapping", "Applicability"} or field in {"soc2_title", "iso_title"}:
        right = [one for one in right if one.at == key.at + 1 and one.sense.family == key.family]
        left = []
    for zone in (named, right, left):
        if zone:
            return min(zone, key=lambda one: (own_words.get(one.sense.role, 2), one.profile.distinct < 0.3, abs(one.at - key.at)))
    return None


def _nearer(one: Seen, rival: Seen, key: Seen) -> bool:
    """Whether another column of ids stands between a title and the key that it might belong to."""
    return key.at < rival.at < one.at or one.at < rival.at < key.at


def _foreign_to(key: Seen) -> set[str]:
    return {"soc2", "iso", headings.MIXED, headings.OTHER} - {key.sense.family, key.family}


def _may_be_title(one: Seen, key: Seen, declaration: str) -> bool:
    """Text under a heading of titles, or under none at all; never a column that another field claims."""
    if one.profile.filled and not (one.text or one.family == key.family != ""):
        return False
    if one.sense.role in {"title", "text"}:
        return one.sense.role == "title" or bool(one.sense.framework) or abs(one.at - key.at) == 1
    if not one.heading:
        return one.at == key.at + 1
    ids = {"source", "target", "id", "soc2", "iso"}
    claimed = max((score for field, score in one.named(declaration).items() if field not in ids), default=0)
    named = one.sense.role == "reference" and set(fold_heading(one.heading).split()) - {"section", "clause", "article", "item"}
    called = fold_heading(one.heading).split()[-1:] in (["control"], ["requirement"], ["criterion"], ["criteria"])
    return bool(one.profile.filled and (named or called)) and claimed < headings.STRIPPED


def _same_words(one: Seen, key: Seen) -> bool:
    """Whether a heading names the key's framework (the edition too), or shares a word that is its own: ``FDE #`` and ``FDE Name``."""
    if one.sense.framework and one.sense.family == key.family:
        return one.sense.framework == key.sense.framework
    generic = headings.REFERENCE_WORDS | {"source", "target", "title", "name", "description"}
    return bool((set(fold_heading(one.heading).split()) & set(fold_heading(key.heading).split())) - generic)


def spread(columns: Sequence[Seen]) -> list[Placed]:
    """Columns of marks that hold one field of an assessment together, each headed by the word that its marks say.

    ``Reason for selection LR`` and ``CO``; ``Applicable Yes`` and ``No``; ``Implemented``, ``Partial`` and ``Not implemented``. Named field, field#2 …
    """
    marks = [one for one in columns if not one.family and (not one.profile.filled or one.profile.share(Shape.MARK) >= 0.5)]
    placed: list[Placed] = []
    for field in ("applicable", "reasons", "status"):
        taken = {entry.at for entry in placed}
        found = [one for one in marks if one.at not in taken and _says_one_of(one, field)]
        if len({ending(SPREAD[field], one.heading)[0] for one in found}) > 1:
            names = [field if number == 0 else f"{field}#{number + 1}" for number in range(len(found))]
            placed += [Placed(one.at, name, field, one.heading) for one, name in zip(found, names, strict=True)]
    return placed


def _says_one_of(one: Seen, field: str) -> bool:
    """Whether a heading ends with a word of the field, and begins with the field's name or nothing; yes and no alone say how it stands."""
    ours, before = ending(SPREAD[field], one.heading)
    if not ours or (field == "applicable" and not before and "applica" not in one.heading.casefold()):
        return False
    return field == "reasons" or not before or field in dict(headings.fields(before, "Applicability"))


def assign(columns: Sequence[Seen], declaration: str, fields: set[str]) -> list[Placed]:
    """One column for each of ``fields`` as far as the headings, or else the words below, name them: the surest first, then the leftmost."""
    declared = {column.field: column for column in BY_NAME[declaration].columns if column.field in fields}
    order = {field: at for at, field in enumerate(declared)}
    offers = [
        (_fit(one, declared[field], score), one, field)
        for one in columns
        for field, score in one.named(declaration).items()
        if field in declared
    ]
    placed: dict[str, Placed] = {}
    taken: set[int] = set()
    for score, one, field in sorted(offers, key=lambda offer: (-offer[0], offer[1].at, order[offer[2]])):
        if score >= headings.CONTAINED - 6 and field not in placed and one.at not in taken:
            placed[field] = Placed(one.at, field, field, one.heading)
            taken.add(one.at)
    return [*placed.values(), *_by_words(columns, declared, placed, taken)]


def _by_words(
    columns: Iterable[Seen], declared: Mapping[str, Column], placed: Mapping[str, Placed], taken: set[int]
) -> Iterable[Placed]:
    """Relationship and status under a heading that nobody could know, by their words alone; yes and no are words of too many things."""
    for field in ("relationship", "status"):
        for one in columns:
            words = {word.casefold() for word in one.words} - _UNCLEAR
            column = declared.get(field)
            gap = field == "status" and "gap" in fold_heading(one.heading).split()
            if (
                column
                and field not in placed
                and one.at not in taken
                and len(words) >= 2
                and not gap
                and _speaks_for(one, column)
            ):
                kind = "mapping status" if MappingStatus.ACCEPTED in column.choices else field
                if one.speaks(kind) >= _SPEAKING:
                    yield Placed(one.at, field, field, one.heading)
                    break


def _fit(one: Seen, column: Column, score: float) -> float:
    """How sure a heading is, less what its content says against it."""
    content = one.profile
    if not content.filled:
        return score
    coded = column.kind in {Kind.CHOICE, Kind.NUMBER}
    if (content.prose and (coded or column.kind is Kind.ID)) or (coded and not _speaks_for(one, column)):
        return 0
    if column.field in {"name", "title"}:
        return score - (60 if content.share(Shape.MARK, Shape.WHOLE) >= 0.5 else 6 if content.prose else 0)
    if column.field == "inclusion" and one.speaks("reason") >= _SPEAKING:
        return score - 6
    return score - (3 if column.field == "description" and not content.prose else 0)


def _speaks_for(one: Seen, column: Column) -> bool:
    """Whether the words of a column may be those of a choice: a status is no number, "None" under Gap is no status, and so on."""
    if column.field == "strength":
        return not one.words or bool(one.speaks("strength")) or not one.speaks("relationship")
    if column.field == "reasons":
        return one.profile.length <= _CODES or one.speaks("reason") >= _SPEAKING
    if column.field in {"status", "relationship"} and one.profile.share(Shape.WHOLE) >= 0.5:
        return False
    if column.field == "relationship":
        return one.speaks("relationship") >= max(one.speaks("strength"), one.speaks("status") / 2)
    return _speaks_of_status(one, column) if column.field == "status" else True


def _speaks_of_status(one: Seen, column: Column) -> bool:
    if MappingStatus.ACCEPTED in column.choices:
        return one.speaks("mapping status") >= one.speaks("status")
    texts = one.profile.filled >= 8 and not one.words and one.profile.distinct > 0.6
    if (texts or one.profile.length > _LONGEST_WORD) and one.speaks("status") < 0.5:
        return False
    gap = "gap" in fold_heading(one.heading).split()
    return not (gap and {word.casefold() for word in one.words} & _UNCLEAR)
