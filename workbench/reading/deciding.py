"""What a table is: which layout, and which of its columns say so. Pure.

The four layouts differ in what identifies a row and what the other columns do with it: a control (library), a requirement that is mapped
(pair list) or judged (assessment); a grid is found before by its heading row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.model import Layout
from workbench.reading import headings
from workbench.reading.columns import Seen
from workbench.reading.heads import Head
from workbench.reading.shapes import Shape
from workbench.sheets import BY_NAME, Sheet, fold_heading

REGISTERS = ("Profile", "Evidence", "Policies", "Scope", "Requests", "Calendar", "Suggestions")
_KEYS = {
    "Profile": {"setting"},
    "Evidence": {
        "evidence",
        "evidence item",
        "evidence name",
        "evidence id",
        "evidence no",
        "evidence ref",
        "evidence #",
        "evidence number",
        "artefact id",
        "artifact id",
    },
    "Policies": {"policy", "policy name", "policy title", "policy id", "policy no", "policy number", "policy ref", "document id"},
    "Scope": {"system component", "component"},
    "Requests": {"request id", "request no", "request #", "request number", "pbc id", "pbc #", "pbc no", "pbc ref"},
    "Calendar": {"event"},
    "Suggestions": {"suggested requirement"},
}
"""Headings that name a register's key so plainly that the tab's name does not matter."""
_NAMES = frozenset({"evidence", "evidence item", "evidence name", "policy", "policy name", "policy title", "event", "component"})
"""Those of them that a control library has too; in a register they come first."""
_ASSESSING = re.compile(r"\b(soa|applicab\w*|gap|gaps|readiness|assess\w*|check ?list|audit|compliance|self)\b", re.IGNORECASE)
_PAIRING = re.compile(
    r"\b(mapp?(?:ing|ings|ed|s)?|cross ?walks?|xref|cross ?reference|matrix|to|vs|versus|transition|alignment|correlation|overlaps?|2)\b|→|↔|<->|->",
    re.IGNORECASE,
)
_JUDGING = re.compile(
    r"maturity|priority|remediat|\bgaps?\b|complian|\baction|\bdue\b|rating|in place|target date|answer|response|y ?/ ?n|yes ?/ ?no|score|current|"
    r"implement|finding|evidence",
    re.IGNORECASE,
)
_CONTROL_NAMES = frozenset(
    {"control", "control name", "control title", "control activity", "control description", "control statement", "internal control", "control objective",
     "activity", "our control", "controls"}
)  # fmt: skip
_OTHER_ROWS = {
    "risk": "risks", "action": "actions", "finding": "findings", "issue": "issues", "task": "tasks", "vendor": "vendors", "supplier": "suppliers",
    "asset": "assets", "incident": "incidents", "milestone": "milestones", "test": "tests", "ticket": "tickets", "exception": "exceptions",
    "evidence": "pieces of evidence", "artifact": "pieces of evidence", "artefact": "pieces of evidence", "training": "trainings",
}  # fmt: skip
_ID_HEADINGS = frozenset(
    {"control id", "control #", "control no", "control number", "control ref", "internal control id", "ctrl id"}
)
_LISTED = 3
"""What a key of several ids a cell takes from an assessment: one judges requirements one by one."""
SENTENCE = 25
"""Mean length above which texts are sentences rather than names."""
CATALOGUE = "it is a catalogue: it maps and judges nothing"
_RELATED = frozenset({"relationship", "strength"})


@dataclass(frozen=True, slots=True)
class View:
    """One candidate table: its columns and what is known around them."""

    tab: str
    title: str
    head: Head
    columns: list[Seen]

    @property
    def required(self) -> list[Seen]:
        """The columns of requirement ids, in sheet order; mere category names yield to criteria, ids inside titles to ids by themselves."""
        found = [one for one in self.columns if one.family]
        plain = {one.family for one in found if one.sense.role not in {"title", "text"}}
        found = [one for one in found if one.sense.role not in {"title", "text"} or one.family not in plain]
        criteria = [one for one in found if one.family == "soc2" and one.profile.share(Shape.SOC2) >= 0.5]
        return [one for one in found if one.family != "soc2" or not criteria or one in criteria or not one.profile.filled]

    @property
    def own(self) -> Seen | None:
        """The column of the organization's own control ids: the one whose heading says so most plainly, then the leftmost."""
        found = [one for one in self.columns if one.own and not one.serial]
        exact = [one for one in found if fold_heading(one.heading) in _ID_HEADINGS]
        return next(iter(exact), None) or max(found, key=lambda one: one.named("Controls").get("id", 0), default=None)

    @property
    def serial(self) -> Seen | None:
        """The column that numbers the rows."""
        return next((one for one in self.columns if one.serial), None)

    def surely(self, declaration: str, *fields: str, least: int = headings.CONTAINED) -> list[Seen]:
        """The columns whose heading names one of ``fields``."""
        return [
            one for one in self.columns if not one.family and any(one.named(declaration).get(name, 0) >= least for name in fields)
        ]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table was decided to be, and the columns that decided it."""

    layout: Layout
    declaration: str
    keys: tuple[tuple[Seen, str], ...] = ()
    """Columns with the fields they hold, in sheet order: ids of every kind."""
    note: str = ""


def decide(view: View, force: Layout | None) -> Plan | str:
    """The plan, or why there is none, in words."""
    if force is not None:
        return _forced(view, force)
    for attempt in (_register, _stated_pairs, _foreign, _by_key):
        plan = attempt(view)
        if plan:
            return plan
    return "none of its columns holds control or requirement ids"


def _forced(view: View, force: Layout) -> Plan | str:
    required, own = view.required, view.own or view.serial
    if force is Layout.REGISTER:
        return _register(view) or "it is set to register, but none of its columns identifies a row"
    if force is Layout.CONTROL_LIBRARY and (own or required or view.surely("Controls", "name", "description")):
        return _library(view, own)
    if force is Layout.ASSESSMENT and required:
        return _assessment(view, required[0])
    if force is Layout.PAIR_LIST:
        stated = _stated_pairs(view)
        ends = sorted([*required, *([own] if own else [])], key=lambda one: one.at)
        if stated or len(ends) > 1:
            return stated or _pairs(ends[0], ends[1:])
    return f"it is set to {force}, but its columns do not make one"


def _register(view: View) -> Plan | None:
    """A register, by its tab's name or by a heading that only its key has."""
    folded = fold_heading(view.tab)
    for name in REGISTERS:
        sheet = BY_NAME[name]
        known = [one for one in view.columns if max(one.named(name).values(), default=0) >= headings.CONTAINED]
        key = next((one for one in view.columns if fold_heading(one.heading) in _KEYS[name]), None)
        if key is not None and len(known) >= 2 and (name == "Suggestions" or _leads(view, key, sheet)):
            return Plan(Layout.REGISTER, name, _register_keys(view, sheet))
        if folded in {fold_heading(name), *map(fold_heading, sheet.aliases)} and len(known) >= 2:
            return Plan(Layout.REGISTER, name, _register_keys(view, sheet))
    return None


def _leads(view: View, key: Seen, sheet: Sheet) -> bool:
    """Whether no other id stands left of the key, and the sheet has more of a register's columns."""
    named = fold_heading(key.heading) in _NAMES
    if named and not _identifies(view, key):
        return False
    before = [one for one in view.columns if one.at < key.at and (named or one.family or one.own) and not one.serial]
    known = [one for one in view.columns if max(one.named(sheet.name).values(), default=0) >= headings.STRIPPED]
    return not before and (len(known) >= 3 or (len(known) == 2 and (named or sheet.name == "Profile")))


def _identifies(view: View, one: Seen) -> bool:
    """Whether a column says something in every row, and never the same twice."""
    rows = max(other.profile.filled for other in view.columns)
    return one.profile.filled == rows and (not rows or one.profile.distinct == 1)


def _register_keys(view: View, sheet: Sheet) -> tuple[tuple[Seen, str], ...]:
    wanted = {column.field for column in sheet.columns if column.kind == "requirements"}
    if not wanted:
        return ()
    if wanted == {"requirements"}:
        return tuple((one, "requirements") for one in view.required[:1])
    return tuple((one, "iso" if one.family == "iso" else "soc2") for one in view.required)


def _stated_pairs(view: View) -> Plan | None:
    """A pair list that calls its columns source and target, as STRM sheets and tools' exports do."""
    generic = {"control id", "control", "requirement", "mapping", "mapped control", "mapped controls"}

    def named(field: str) -> list[Seen]:
        ids = [one for one in view.columns if one.sense.role not in {"title", "text"} and not one.profile.prose]
        return [
            one
            for one in ids
            if one.named("Mapping").get(field, 0) > headings.STRIPPED + 1 and fold_heading(one.heading) not in generic
        ]

    sources, targets = named("source"), named("target")
    if sources and targets and sources[0].at != targets[0].at:
        return _pairs(sources[0], targets)
    if sources and not targets:
        targets = [one for one in view.required if one is not sources[0]]
        return _pairs(sources[0], targets) if targets and sources[0].family else None
    if targets:
        before = [one for one in view.columns if (one.family or one.own) and one not in targets and one.at < targets[0].at]
        if before and (before[0].family or view.surely("Mapping", *_RELATED) or len(view.columns) <= 4):
            return _pairs(before[0], targets)
    return None


def _foreign(view: View) -> str:
    """Why a sheet whose rows are something else than controls or requirements is ignored, "" when they are."""
    first = next((one for one in view.columns if one.heading and not one.serial), None)
    if first is None or first.family or first.own or not _identifies(view, first):
        return ""
    words = fold_heading(first.heading).split()
    ids = words[-1:] in [["id"], ["#"], ["no"], ["ref"], ["number"], ["reference"]]
    for noun, rows in _OTHER_ROWS.items():
        both = noun == "evidence" and {"soc2", "iso"} <= {one.family for one in view.required}
        if noun in words and not both and (ids or len(words) == 1 or words[0] == noun):
            return f"its rows are {rows}, not controls or requirements"
    return ""


def _by_key(view: View) -> Plan | str | None:
    """By what identifies a row: the organization's own id, or a requirement's."""
    required, own = view.required, view.own
    if not required:
        return _plain_library(view, own or view.serial)
    first = required[0]
    other = _other_key(view, required)
    if other is not None:
        return _pairs(other, required)
    if own and own.at < first.at:
        return _own_first(view, own, required)
    if own and _lists_controls(view, own, first):
        return _library(view, own)
    if _nameless_library(view, required):
        return _library(view, view.serial if view.serial and view.serial.at < first.at else None)
    return _requirement_first(view, required)


def _other_key(view: View, required: Sequence[Seen]) -> Seen | None:
    """The column of a third framework's ids that leads to one of ours: a crosswalk from there, unless the rows are judged."""
    first = required[0]
    named = [one for one in view.surely("Controls", "id", "name") if one.sense.framework != headings.OTHER and one.at < first.at]
    before = [one for one in view.columns if one.at < first.at and one.sense.framework == headings.OTHER]
    keys = [
        one
        for one in before
        if one.profile.distinct > 0.6 and one.profile.share(Shape.OWN) + one.profile.share(Shape.BARE) >= 0.6
    ]
    leads = bool(keys) and not any(one.at < keys[0].at for one in named)
    single = len({one.family for one in required}) == 1
    return (
        max(keys, key=lambda one: one.profile.distinct) if leads and single and _judged(view) <= max(1, _paired(view)) else None
    )


def _plain_library(view: View, own: Seen | None) -> Plan | str | None:
    """Controls without any requirement column: an id, a name and how they stand."""
    named = view.surely("Controls", "name", "description")
    stands = view.surely("Controls", "status", "owner", "evidence", "frequency", "policy", "last_tested")
    tab = fold_heading(view.tab) in {"controls", *map(fold_heading, BY_NAME["Controls"].aliases)}
    if own and named and (stands or tab):
        return _library(view, own)
    return "it lists ids and names, but says nothing of their state or of requirements" if own and named else None


def _own_first(view: View, own: Seen, required: list[Seen]) -> Plan:
    states = view.surely("Controls", "status", "owner", "description", "frequency", "evidence")
    related = view.surely("Mapping", *_RELATED, least=headings.STRIPPED)
    long = own.profile.filled >= 6 and own.profile.distinct < 0.7 and len(required) == 1
    if len(required) == 1 and ((related and not required[0].profile.share(Shape.LIST) > 0.3) or (long and not states)):
        return _pairs(own, required)
    if view.surely("Applicability", "applicable") and view.surely("Applicability", "exclusion") and not required[0].listed:
        return _assessment(view, required[0])
    return _library(view, own)


def _lists_controls(view: View, own: Seen, first: Seen) -> bool:
    """A criterion, then the control that meets it: rows are controls when the control has words of its own."""
    if view.surely("Applicability", "applicable", "exclusion", least=headings.STRIPPED):
        return False
    words = [one for one in view.surely("Controls", "name", "description") if one.sense.family not in {"soc2", "iso"}]
    words += [one for one in view.columns if one.at == own.at + 1 and one.text and one.profile.length > SENTENCE]
    beside = any(one.at == own.at + 1 for one in words)
    repeats = first.listed or first.profile.filled < own.profile.filled
    key = _identifies(view, own) or any(one.at > own.at for one in words)
    plain = fold_heading(own.heading) in _ID_HEADINGS
    return bool(words) and own.profile.distinct >= 0.5 and (plain or beside or (repeats and key))


def _nameless_library(view: View, required: list[Seen]) -> bool:
    """Controls without ids: named by a column that says so, their requirements in lists."""
    first = required[0]
    names = [
        one for one in view.surely("Controls", "name", "description", least=headings.STRIPPED)
        if one.at < first.at and one.sense.family not in {"soc2", "iso"} and (one.text or not one.profile.filled)
    ]  # fmt: skip
    named = [one for one in names if fold_heading(one.heading) in _CONTROL_NAMES]
    if not (named or (names and len(required) > 1)):
        return False
    listed = any(one.listed or one.profile.filled < names[0].profile.filled for one in required)
    applicable = view.surely("Applicability", "applicable", "exclusion")
    return not applicable and (listed or (len(required) > 1 and first.at > names[0].at + 1))


def _requirement_first(view: View, required: list[Seen]) -> Plan | str:
    required = _key_first(required)
    first = required[0]
    numbers = [one for one in view.columns if one.profile.filled and one.profile.share(Shape.WHOLE) >= 0.5]
    if first.profile.share(Shape.GROUP) >= 0.8 and len(numbers) >= 2:
        return "it counts by groups of requirements"
    judged, paired = _judged(view), _paired(view)
    crossing = [one for one in required[1:] if _differs(first, one)]
    if first.profile.share(Shape.LIST) > 0.3:
        judged -= _LISTED
    own = view.own if view.own and view.own.named("Controls").get("id", 0) >= headings.STRIPPED else None
    ends = crossing or ([own] if own and paired else [])
    if ends and paired >= judged:
        return _pairs(first, ends)
    if judged > 0:
        return _assessment(view, first)
    names = [one for one in view.columns if one.text and one.at < first.at and one.profile.distinct > 0.95]
    if first.listed and names and not crossing:
        return _library(view, None)
    if first.family == headings.MIXED and view.surely("Applicability", "status"):
        return _assessment(view, first)
    return CATALOGUE


def _key_first(required: list[Seen]) -> list[Seen]:
    """The columns with the one first that identifies a row: ids one by one and each once, before lists of them; else the leftmost."""
    keys = [one for one in required if not one.listed and one.profile.filled]
    key = keys[0] if keys and required[0].profile.share(Shape.LIST) > 0.1 else required[0]
    return [key, *(one for one in required if one is not key)]


def _differs(first: Seen, other: Seen) -> bool:
    """Whether two requirement columns cite different frameworks, or different editions of one."""
    if first.family != other.family:
        return True
    editions = {one.framework for one in (first, other)}
    if len(editions) == 2 and all(edition[-4:].isdigit() for edition in editions):
        return True
    deep = [one.profile.share(Shape.DEEP) >= 0.5 for one in (first, other)]
    return first.family == "iso" and deep[0] != deep[1]


def _judged(view: View) -> int:
    """How much speaks for an assessment: columns that judge a requirement, the tab's name and the title."""
    points = 3 * bool(view.surely("Applicability", "applicable"))
    points += 2 * len(view.surely("Applicability", "exclusion", "inclusion", "reasons")[:2])
    points += sum(bool(view.surely("Applicability", field)) for field in ("evidence", "policy", "risk", "owner", "review_date"))
    states = [one for one in view.surely("Applicability", "status") if not one.profile.prose]
    points += 2 * any(not one.profile.filled or one.speaks("status") >= max(0.4, one.speaks("relationship")) for one in states)
    points += sum(bool(_JUDGING.search(one.heading)) for one in view.columns if not one.family and one.sense.role != "title")
    reasons = {"lr", "co", "br", "bp", "br bp", "rra", "legal", "contractual"}
    points += 2 * (sum(fold_heading(one.heading) in reasons for one in view.columns) >= 2)
    points += any(fold_heading(one.heading) == "status" and bool(one.words) for one in view.columns)
    columns = bool(points)
    return points + 2 * bool(columns and _ASSESSING.search(_spaced(view.tab))) + bool(columns and _ASSESSING.search(view.title))


def _paired(view: View) -> int:
    """How much speaks for a pair list."""
    points = 4 * bool(view.surely("Mapping", "relationship", least=headings.STRIPPED)) + 3 * bool(
        view.surely("Mapping", "strength")
    )
    points += bool(view.surely("Mapping", "rationale", least=headings.STRIPPED))
    points += 2 * any(one.speaks("relationship") >= max(0.5, one.speaks("status")) for one in view.columns)
    return points + 2 * bool(_PAIRING.search(_spaced(view.tab))) + bool(_PAIRING.search(view.title))


def _spaced(tab: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tab.replace("_", " ").replace("-", " "))


def _library(view: View, own: Seen | None) -> Plan:
    keys: list[tuple[Seen, str]] = [(own, "id")] if own else []
    keys += [(one, "iso" if one.family == "iso" else "soc2") for one in view.required if one is not own]
    return Plan(Layout.CONTROL_LIBRARY, "Controls", tuple(sorted(keys, key=lambda key: key[0].at)))


def _pairs(source: Seen, targets: Iterable[Seen]) -> Plan:
    return Plan(Layout.PAIR_LIST, "Mapping", ((source, "source"), *((one, "target") for one in targets)))


def _assessment(view: View, first: Seen) -> Plan:
    others = [(one, "iso" if one.family == "iso" else "soc2") for one in view.required if one is not first]
    return Plan(Layout.ASSESSMENT, "Applicability", ((first, "id"), *others))
