"""Rules about the organization's own controls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.model import ControlStatus, Layout, Severity
from workbench.rules.context import (
    WORDS_ALIKE,
    Context,
    Control,
    allowed_age,
    as_date,
    blank,
    did_you_mean,
    folded,
    grouped,
    interval,
    nearest,
    shortened,
    skeleton,
)
from workbench.rules.rule import Hit, rule
from workbench.words import WORDS

RUNNING = frozenset({ControlStatus.IMPLEMENTED, ControlStatus.PARTIAL})
MOSTLY = 0.5
"""The share of rows from which on a column counts as one that the team fills."""


def _listed(context: Context) -> list[Control]:
    """The controls of control libraries; those that only pairs or grids speak of have no columns of their own."""
    libraries = context.of_layout(Layout.CONTROL_LIBRARY)
    return [control for control in context.controls if control.table in libraries]


def _hit(context: Context, control: Control, fields: str | tuple[str, ...], message: str, fix: str = "", topic: str = "") -> Hit:
    names = (fields,) if isinstance(fields, str) else fields
    return Hit(control.sheet, context.cell(control.table, control.row, *names), message, fix, topic)


@rule("CTL001", Severity.WARNING)
def missing_control_id(context: Context) -> Iterator[Hit]:
    """A control has no id.

    Mappings, evidence and suggestions refer to controls by id; this one can only be called by its row, which changes with the next
    sort.

    Fix: Give it an id that is stable and unique.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
                   | Badge reviews  | CC6.4

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4
    """
    for control in _listed(context):
        if not control.id and context.has(control.table, "id") and _is_control(context, control):
            yield _hit(context, control, "id", f"This control has no id: {shortened(control.name or control.description)}")


def _is_control(context: Context, control: Control) -> bool:
    """Whether a row without an id says more than the title of a section would."""
    return bool(control.name and control.description) or (control.table, control.row) in context.by_row


@rule("CTL002", Severity.ERROR)
def duplicate_control_id(context: Context) -> Iterator[Hit]:
    """Two different controls have the same id.

    Everything that refers to the id refers to both, so mappings and evidence of one are counted for the other. Rows that repeat one
    control, the same in name and description, are fine.

    Fix: Give one of the two a new id and correct what refers to it.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-001     | Badge reviews  | CC6.4

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-001     | Access reviews | CC6.3
    """
    for same in grouped((control for control in _listed(context) if control.id), lambda control: folded(control.id)).values():
        first = same[0]
        for control in same[1:]:
            if _differs(control.name, first.name) or _differs(control.description, first.description):
                where = context.cell(first.table, first.row, "id")
                other = shortened(first.name or first.description)
                words = f"{control.id} is also the id of '{other}' ({first.sheet}!{where})"
                yield _hit(context, control, "id", words, topic="same id")


def _differs(one: str, other: str) -> bool:
    return bool(one and other) and folded(one) != folded(other)


@rule("CTL003", Severity.WARNING)
def control_without_words(context: Context) -> Iterator[Hit]:
    """A control has neither a name nor a description.

    Nobody can judge what it does, and nothing can be suggested for it.

    Fix: Say in one sentence who does what, how often, and what record it leaves.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     |                | CC6.4

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4
    """
    for control in _listed(context):
        if control.id and not control.name and not control.description and context.has(control.table, "name", "description"):
            words = f"{control.id} has neither a name nor a description"
            yield _hit(context, control, ("name", "description"), words, topic="no words")


@rule("CTL004", Severity.ERROR)
def unknown_status(context: Context) -> Iterator[Hit]:
    """The status of a control is a word that the table of words does not have.

    Whether the control counts as implemented depends on it, so a figure may be wrong.

    Fix: Use Implemented, Partially implemented, Planned, Not implemented or Not applicable, or add your word to [words.status] in
    workbench.toml.

    Fails:
        Controls
        Control ID | Control name   | Status      | SOC 2 criteria
        AC-001     | Access reviews | Implementd  | CC6.2
        AC-002     | Badge reviews  | Implemented | CC6.4

    Passes:
        Controls
        Control ID | Control name   | Status  | SOC 2 criteria
        AC-001     | Access reviews | Done    | CC6.2
        AC-002     | Badge reviews  | Planned | CC6.4
    """
    known = [word for ours, written in WORDS["status"].items() for word in (ours, *written)]
    for control in _listed(context):
        if not control.status and not blank(control.status_written):
            near = nearest(control.status_written, known, WORDS_ALIKE)
            meant = context.read("status", near) if near else ""
            words = f"'{shortened(control.status_written)}' is no status that is known{did_you_mean([meant])}"
            yield _hit(context, control, "status", words, topic=folded(control.status_written))


@rule("CTL005", Severity.NOTE)
def control_without_requirement(context: Context) -> Iterator[Hit]:
    """A control serves no requirement of any framework.

    Either its mapping was forgotten, or the team does work that no report and no certificate asks for.

    Fix: Map it (see the suggestions), or note why it is kept.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Office plants  |

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4
    """
    libraries = {number for number in context.of_layout(Layout.CONTROL_LIBRARY) if context.requirement_columns(number)}
    mapped = {folded(name) for name in context.served} | {folded(mapping.source) for mapping in context.mappings}
    for control in _listed(context):
        named = control.id or control.name
        silent = (control.table, control.row) not in context.by_row and folded(control.control) not in mapped
        if control.table in libraries and named and silent and control.status != ControlStatus.NOT_APPLICABLE:
            words = f"{named} serves no requirement"
            first = context.requirement_columns(control.table)[0]
            yield _hit(context, control, first, words, topic="no requirement")


@rule("CTL006", Severity.WARNING)
def implemented_without_evidence(context: Context) -> Iterator[Hit]:
    """A control is said to be implemented, and no evidence is named.

    An auditor takes nothing on trust: what leaves no record has, for the audit, not happened. Only checked where the sheet has a
    column for evidence.

    Fix: Name the record that the control leaves, or correct the status.

    Fails:
        Controls
        Control ID | Control name   | Status      | SOC 2 criteria | Evidence
        AC-001     | Access reviews | Implemented | CC6.2          | Review minutes
        AC-002     | Badge reviews  | Implemented | CC6.4          |

    Passes:
        Controls
        Control ID | Control name   | Status      | SOC 2 criteria | Evidence
        AC-001     | Access reviews | Implemented | CC6.2          | Review minutes
        AC-002     | Badge reviews  | Planned     | CC6.4          |
    """
    registered = context.evidenced
    for control in _listed(context):
        proven = not blank(control.evidence) or folded(control.id) in registered
        if control.status == ControlStatus.IMPLEMENTED and context.has(control.table, "evidence") and not proven:
            words = f"{control.control} is implemented, but no evidence is named"
            yield _hit(context, control, "evidence", words, topic="no evidence")


@rule("CTL007", Severity.NOTE)
def missing_owner(context: Context) -> Iterator[Hit]:
    """A control has no owner, where most others have one.

    Work that nobody owns stops when somebody leaves.

    Fix: Name the role that answers for it.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
        AC-002     | Badge reviews  | CC6.4          | Facilities
        AC-003     | Key reviews    | CC6.1          |

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
        AC-002     | Badge reviews  | CC6.4          | Facilities
    """
    for control in _listed(context):
        if blank(control.owner) and context.filled(control.table, "owner") >= MOSTLY and (control.id or control.description):
            yield _hit(context, control, "owner", f"{control.control} has no owner")


@rule("CTL008", Severity.WARNING)
def same_control_twice(context: Context) -> Iterator[Hit]:
    """The same text stands under two ids.

    One control is counted, tested and evidenced twice, and one of the two will be forgotten at the next change.

    Fix: Keep one of them and give it the mappings of both.

    Fails:
        Controls
        Control ID | Description                                        | SOC 2 criteria
        AC-001     | Managers review the access of their teams quarterly | CC6.2
        AC-007     | Managers review the access of their teams quarterly | CC6.3

    Passes:
        Controls
        Control ID | Description                                         | SOC 2 criteria
        AC-001     | Managers review the access of their teams quarterly | CC6.2
        AC-007     | Facilities review who holds a badge every quarter   | CC6.4
    """
    told = [(folded(control.description), control) for control in _listed(context) if control.id and control.description]
    for text, same in grouped(told, lambda pair: pair[0]).items():
        first = same[0][1]
        for _, control in same[1:] if text.count(" ") >= 4 else ():
            if folded(control.id) != folded(first.id) and not _differs(control.name, first.name):
                where = context.cell(first.table, first.row, "description")
                words = f"{control.id} says the same as {first.id} ({first.sheet}!{where})"
                yield _hit(context, control, "description", words, topic=text)


@rule("CTL009", Severity.WARNING)
def inapplicable_but_mapped(context: Context) -> Iterator[Hit]:
    """A control is marked not applicable, and still serves requirements.

    It covers nothing, so the requirements it lists may be uncovered without anybody noticing.

    Fix: Correct the status, or take the requirements to the control that serves them now.

    Fails:
        Controls
        Control ID | Control name   | Status         | SOC 2 criteria
        AC-001     | Access reviews | Not applicable | CC6.2

    Passes:
        Controls
        Control ID | Control name   | Status         | SOC 2 criteria
        AC-001     | Access reviews | Implemented    | CC6.2
        AC-002     | Badge reviews  | Not applicable |
    """
    for control in _listed(context):
        serves = context.served.get(control.control, ())
        if control.status == ControlStatus.NOT_APPLICABLE and serves:
            targets = ", ".join(sorted({mapping.target for mapping in serves}))
            words = f"{control.control} is not applicable, but is mapped to {targets}"
            yield _hit(context, control, "status", words)


@rule("CTL010", Severity.NOTE)
def unknown_frequency(context: Context) -> Iterator[Hit]:
    """How often a control runs is said in words that are not understood.

    Whether a test or an artefact is too old cannot be judged without it.

    Fix: Say Continuous, Daily, Weekly, Monthly, Quarterly, Semi-annual, Annual or On event.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency
        AC-001     | Access reviews | CC6.2          | now and then

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency
        AC-001     | Access reviews | CC6.2          | every 3 months
    """
    for control in _listed(context):
        if not blank(control.frequency) and interval(control.frequency) is None:
            words = f"'{shortened(control.frequency)}' is no frequency that is known"
            yield _hit(context, control, "frequency", words, topic=folded(control.frequency))


@rule("CTL011", Severity.WARNING)
def tested_in_the_future(context: Context) -> Iterator[Hit]:
    """A control was last tested on a day that has not come yet.

    It is a typing error, or a planned date in the column of past ones; either way there is no test behind it.

    Fix: Correct the date.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Last tested
        AC-001     | Access reviews | CC6.2          | 2062-03-31

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Last tested
        AC-001     | Access reviews | CC6.2          | 2026-03-31
    """
    for control in _listed(context):
        tested = as_date(control.last_tested)
        if tested and tested > context.as_of:
            words = f"{control.control} was last tested on {tested}, which is after {context.as_of}"
            yield _hit(context, control, "last_tested", words)


@rule("CTL012", Severity.WARNING)
def odd_control_id(context: Context) -> Iterator[Hit]:
    """An id is written in another style than the rest.

    "ctl 5" among CTL-0001 is not found when somebody searches for CTL-0005, and evidence that cites the right id does not reach it.

    Fix: Write the id like the others.

    Fails:
        Controls
        Control ID | Control name    | SOC 2 criteria
        CTL-0001   | Access reviews  | CC6.2
        CTL-0002   | Badge reviews   | CC6.4
        CTL-0003   | Key reviews     | CC6.1
        CTL-0004   | Log reviews     | CC7.2
        ctl 5      | Backup restores | A1.3

    Passes:
        Controls
        Control ID | Control name    | SOC 2 criteria
        CTL-0001   | Access reviews  | CC6.2
        CTL-0002   | Badge reviews   | CC6.4
        CTL-0003   | Key reviews     | CC6.1
        CTL-0004   | Log reviews     | CC7.2
        HR-001     | Backup restores | A1.3
    """
    styled = [(_style(control.id), control) for control in _listed(context) if control.id]
    for series in grouped(styled, lambda pair: (pair[1].table, _series(pair[1].id))).values():
        styles = Counter(style for style, _ in series)
        usual, count = styles.most_common(1)[0]
        if len(styles) == 1 or count < 4 or count < 0.8 * len(series):
            continue
        known = {skeleton(control.id): control.id for style, control in series if style == usual}
        model = next(iter(known.values()))
        digits = _digits(known.values())
        for style, control in series:
            if style != usual:
                twin = known.get(skeleton(control.id), "")
                right = twin or _restyled(control.id, model, digits)
                also = f"; {twin} exists too" if twin else did_you_mean([right])
                words = f"{control.id} is written in another style than {model}{also}"
                yield _hit(context, control, "id", words, f"Write {right}." if right and not twin else "", topic="style")


def _digits(ids: Iterable[str]) -> int | None:
    """How many digits the one number of each id has: 0 where that differs, None where an id has no number or several."""
    numbers = [re.findall(r"\d+", name) for name in ids]
    if any(len(found) != 1 for found in numbers):
        return None
    widths = {len(found[0]) for found in numbers}
    return widths.pop() if len(widths) == 1 else 0


def _restyled(written: str, model: str, digits: int | None) -> str:
    """The id as the usual ones are written; "" where they are not letters and one number."""
    own = re.findall(r"\d+", written)
    if digits is None or len(own) != 1:
        return ""
    return re.sub(r"\d+", own[0].lstrip("0").zfill(digits) if digits else own[0], model)


def _series(written: str) -> str:
    """The letters of an id: CTL of "ctl 5" and of "CTL-0005"."""
    return re.sub(r"[\W\d_]+", "", written).casefold()


def _style(written: str) -> str:
    """How an id is written, whatever its number: upper or lower case, and what parts letters and digits."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", lambda word: "A" if word[0].isupper() else word[0], written.strip()))


@rule("CTL013", Severity.WARNING)
def overdue_test(context: Context) -> Iterator[Hit]:
    """The last test of a control is older than its frequency allows.

    A quarterly control that was last looked at a year ago has missed three occasions to fail. One interval and a month of grace are
    allowed; controls that run more often than quarterly are judged by the quarter.

    Fix: Test it and enter the date, or correct the frequency.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency | Last tested
        AC-001     | Access reviews | CC6.2          | Quarterly | 2025-01-31

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency | Last tested
        AC-001     | Access reviews | CC6.2          | Quarterly | 2026-10-31
    """
    for control in _listed(context):
        tested, age = as_date(control.last_tested), allowed_age(control.frequency)
        if control.status in {*RUNNING, ""} and tested and age and (context.as_of - tested).days > age:
            words = f"{control.control} ({control.frequency}) was last tested on {tested}"
            yield _hit(context, control, "last_tested", words, topic="overdue")
