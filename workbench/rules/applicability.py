"""Rules about the Statement of Applicability (ISO/IEC 27001, 6.1.3 d): what applies, why, and whether it is done."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.frameworks import framework, index
from workbench.model import ISO2013, ISO2022, ControlStatus, Layout, Severity
from workbench.rules.context import (
    WORDS_ALIKE,
    Context,
    Entry,
    as_date,
    blank,
    did_you_mean,
    folded,
    grouped,
    listed,
    nearest,
    shortened,
)
from workbench.rules.rule import Hit, rule
from workbench.sheets import fold_heading
from workbench.words import WORDS

DECIDED = frozenset({"yes", "no"})
REASONS = ("LR", "CO", "BR", "RRA")
EMPTY_WORDS = frozenset(
    {
        "no", "not applicable", "not relevant", "not required", "not needed", "not necessary", "irrelevant", "excluded", "out of scope",
        "not in scope", "not used", "not selected", "does not apply", "doesn t apply", "no need", "see above", "same as above", "as above", "ditto",
        "not relevant for us", "not relevant to us", "not applicable for us", "not applicable to us", "not applicable to the organization",
        "this control is not applicable", "control not applicable", "control is not applicable",
    }
)  # fmt: skip
"""What says no more than "excluded" does, folded like a heading."""
COPIES = 8
"""So many controls of more than one theme do not have one and the same reason."""


def _hit(context: Context, entry: Entry, fields: str | tuple[str, ...], message: str, fix: str = "", topic: str = "") -> Hit:
    names = (fields,) if isinstance(fields, str) else fields
    return Hit(entry.sheet, context.cell(entry.table, entry.row, *names), message, fix, topic)


def _name(entry: Entry) -> str:
    return entry.id or shortened(entry.id_written)


def _decisions(context: Context) -> list[Entry]:
    """The rows of sheets that decide what applies; a gap sheet only judges."""
    return [entry for entry in context.entries if context.is_soa(entry.table)]


def _says_nothing(text: str) -> bool:
    return blank(text) or fold_heading(text) in EMPTY_WORDS or not any(letter.isalnum() for letter in text)


def _of_inclusion(context: Context, table: int) -> bool:
    """Whether the justification column is for inclusions only; "Justification" and "Justification for inclusion / exclusion" serve both."""
    column = context.column(table, "inclusion")
    heading = fold_heading(column.heading) if column else ""
    both = any(word in heading for word in ("exclu", "non ", "not ", " or "))
    return not both and any(word in heading for word in ("inclu", "select", "applicability"))


def _exclusion(context: Context, entry: Entry) -> tuple[str, str]:
    """The justification of an exclusion and the field that holds it."""
    if not entry.exclusion and entry.inclusion and not _of_inclusion(context, entry.table):
        return entry.inclusion, "inclusion"
    if not context.has(entry.table, "exclusion", "inclusion") and entry.how:
        return entry.how, "how"
    return entry.exclusion, "exclusion"


@rule("SOA001", Severity.ERROR)
def unjustified_exclusion(context: Context) -> Iterator[Hit]:
    """A control is excluded without a justification.

    6.1.3 d asks for one for every Annex A control that is left out. Its absence is a nonconformity that every auditor looks for.

    Fix: Say what makes the control unnecessary here, and which risk assessment says so.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion
        A.7.2 | No         |                       |
        A.8.1 | Yes        | RRA                   |

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion
        A.7.2 | No         |                       | We rent no premises; everybody works from home
        A.8.1 | Yes        | RRA                   |
    """
    for entry in _decisions(context):
        if entry.applicable == "no" and not _exclusion(context, entry)[0]:
            words = f"{_name(entry)} is excluded without a justification"
            yield _hit(context, entry, ("exclusion", "inclusion", "applicable"), words, topic="unjustified")


@rule("SOA002", Severity.WARNING)
def unjustified_inclusion(context: Context) -> Iterator[Hit]:
    """A control is included, and nothing says why.

    6.1.3 d asks for the justification of inclusions too: a law, a contract, a business requirement, or a risk. Only checked where the
    sheet has a column for it.

    Fix: Enter a reason (LR, CO, BR, RRA), or the risk or contract that asks for the control.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yes        |

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yes        | CO, RRA
    """
    for entry in _decisions(context):
        asked = context.has(entry.table, "reasons", "inclusion")
        if asked and entry.applicable == "yes" and not entry.reasons and _says_nothing(entry.inclusion):
            words = f"{_name(entry)} is included without a reason"
            yield _hit(context, entry, ("reasons", "inclusion"), words, topic="no reason")


@rule("SOA003", Severity.WARNING)
def implemented_control_without_evidence(context: Context) -> Iterator[Hit]:
    """The Statement of Applicability says that a control is implemented, and names no evidence.

    The auditor will ask for it first. Only checked where the sheet has a column for evidence.

    Fix: Name the record, or correct the status.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion | Implementation status | Evidence
        A.8.1 | Yes        | RRA                   | Implemented           | Device inventory
        A.8.2 | Yes        | RRA                   | Implemented           |

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion | Implementation status | Evidence
        A.8.1 | Yes        | RRA                   | Implemented           | Device inventory
        A.8.2 | Yes        | RRA                   | Planned               |
    """
    for entry in context.entries:
        done = entry.status == ControlStatus.IMPLEMENTED and entry.applicable != "no"
        if done and context.has(entry.table, "evidence") and blank(entry.evidence):
            yield _hit(
                context, entry, "evidence", f"{_name(entry)} is implemented, but no evidence is named", topic="no evidence"
            )


@rule("SOA004", Severity.ERROR)
def empty_justification(context: Context) -> Iterator[Hit]:
    """The justification of an exclusion says no more than that it is excluded.

    "N/A" and "not relevant" repeat the decision. A justification tells a stranger what about this organization makes the control
    unnecessary.

    Fix: Say what is not there to be protected, or who else does it.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion
        A.7.2 | No         |                       | N/A
        A.8.1 | Yes        | RRA                   |

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion
        A.7.2 | No         |                       | We rent no premises; everybody works from home
        A.8.1 | Yes        | RRA                   | N/A
    """
    for entry in _decisions(context):
        said, field = _exclusion(context, entry)
        if entry.applicable == "no" and said and _says_nothing(said):
            words = f"'{shortened(said)}' does not justify the exclusion of {_name(entry)}"
            yield _hit(context, entry, field, words)


@rule("SOA005", Severity.WARNING)
def undecided_controls(context: Context) -> Iterator[Hit]:
    """Not all 93 Annex A controls are decided.

    6.1.3 c compares the organization's controls with all of Annex A, so that none is forgotten. Until each is included or excluded the
    Statement of Applicability is a draft. Checked for sheets that hold most of Annex A.

    Fix: Add the missing rows and decide them.

    Fails:
        Applicability
        ID     | Applicable | Reasons for inclusion
        A.5.1  | Yes        | RRA
        …
        A.8.33 | Yes        | RRA

    Passes:
        Applicability
        ID     | Applicable | Reasons for inclusion
        A.5.1  | Yes        | RRA
        …
        A.8.34 | Yes        | RRA
    """
    entries = [entry for entry in _decisions(context) if context.has(entry.table, "applicable")]
    missing, table = _missing(entries)
    total = len(_annex_a())
    if table is not None and missing and len(missing) < total / 2:
        words = f"{total - len(missing)} of {total} Annex A controls are decided; missing: {listed(missing)}"
        yield Hit(context.tables[table].sheet, context.heading(table, "applicable"), words)


def _annex_a() -> list[str]:
    return [entry.id for entry in framework(ISO2022).requirements if entry.id.startswith("A.")]


def _missing(entries: list[Entry]) -> tuple[list[str], int | None]:
    """Annex A controls that no row decides, and the first table that decides any."""
    decided = {entry.id for entry in entries if entry.applicable in DECIDED}
    tables = [entry.table for entry in entries if entry.id in index(ISO2022)]
    return [name for name in _annex_a() if name not in decided], min(tables, default=None)


@rule("SOA006", Severity.ERROR)
def control_decided_twice(context: Context) -> Iterator[Hit]:
    """A control has two rows in the Statement of Applicability.

    If they differ, nobody knows which one holds; if they do not, they will after the next change.

    Fix: Delete one of them.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.1 | Yes        | CO

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yes        | CO
    """
    for same in grouped((entry for entry in _decisions(context) if entry.id), lambda entry: entry.id).values():
        first = same[0]
        for entry in same[1:]:
            differs = {first.applicable, entry.applicable} == {"yes", "no"}
            if entry.row != first.row and (entry.table == first.table or differs):
                where = f"{first.sheet}!{context.cell(first.table, first.row, 'id')}"
                how = ", differently" if differs else ""
                yield _hit(context, entry, "id", f"{entry.id} is already decided in {where}{how}", topic="twice")


@rule("SOA007", Severity.ERROR)
def unknown_applicability(context: Context) -> Iterator[Hit]:
    """Whether a control applies is said in a word that the table of words does not have.

    The control counts as undecided, whatever the word was meant to say.

    Fix: Write Yes or No, or add your word to [words.applicable] in workbench.toml.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yess       | CO

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | x          | CO
    """
    known = [word for ours, written in WORDS["applicable"].items() for word in (ours, *written) if len(word) > 1]
    for entry in context.entries:
        written = entry.applicable_written
        if not entry.applicable and not blank(written):
            near = nearest(written, known, WORDS_ALIKE)
            meant = context.read("applicable", near).capitalize() if near else ""
            words = f"'{shortened(written)}' does not say whether {_name(entry)} applies{did_you_mean([meant])}"
            yield _hit(context, entry, "applicable", words, topic=folded(written))


@rule("SOA008", Severity.WARNING)
def unknown_reason(context: Context) -> Iterator[Hit]:
    """A code for the reason of an inclusion is not known.

    The codes are LR (legal), CO (contractual), BR (business requirement) and RRA (risk assessment). Reasons in words are fine.

    Fix: Use one of the codes, or add yours to [words.reason] in workbench.toml.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yes        | RRX

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | Yes        | LR, customers ask for it
    """
    for entry in context.entries:
        for reason in entry.reasons:
            if reason not in REASONS and len(reason) <= 5 and reason.isupper() and not blank(reason):
                words = f"'{reason}' is no reason code that is known{did_you_mean([nearest(reason, REASONS)])}"
                yield _hit(context, entry, "reasons", words, topic=reason)


@rule("SOA009", Severity.WARNING)
def overdue_review(context: Context) -> Iterator[Hit]:
    """The date by which a control was to be reviewed or done has passed.

    An auditor reads an overdue date as a promise that was not kept. A column of last reviews is judged by the year.

    Fix: Review it and set the next date.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion | Next review
        A.8.1 | Yes        | RRA                   | 2026-01-31
        A.8.2 | Yes        | RRA                   | 2027-01-31

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion | Next review
        A.8.1 | Yes        | RRA                   | 2027-01-31
        A.8.2 | Yes        | RRA                   | 2027-01-31
    """
    for entry in context.entries:
        day, column = as_date(entry.review_date), context.column(entry.table, "review_date")
        if day is None or column is None or entry.applicable == "no":
            continue
        heading = fold_heading(column.heading)
        if "last" in heading or heading.startswith("reviewed"):
            late, words = (context.as_of - day).days > 366, f"{_name(entry)} was last reviewed on {day}, more than a year ago"
        else:
            waits = ("target" not in heading and "due" not in heading) or entry.status != ControlStatus.IMPLEMENTED
            late, words = day < context.as_of and waits, f"{_name(entry)}: the date in '{column.heading}', {day}, has passed"
        if late:
            yield _hit(context, entry, "review_date", words, topic="overdue")


@rule("SOA010", Severity.ERROR)
def approved_while_undecided(context: Context) -> Iterator[Hit]:
    """The Statement of Applicability is approved although controls are undecided.

    The approval covers a document that is not finished, and the certificate will name its version.

    Fix: Decide the open controls and have the new version approved, or take the approval date out.

    Fails:
        Profile
        Setting       | Value
        Approver      | CISO
        Approval date | 2026-09-30

        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | open       |

    Passes:
        Profile
        Setting       | Value
        Approver      | CISO
        Approval date |

        Applicability
        ID    | Applicable | Reasons for inclusion
        A.8.1 | Yes        | RRA
        A.8.2 | open       |
    """
    approved = context.project.profile.get("Approval date")
    entries = [entry for entry in _decisions(context) if context.has(entry.table, "applicable")]
    missing, table = _missing(entries)
    if approved and not blank(approved[0]) and table is not None and missing:
        yield Hit(
            approved[1],
            approved[2],
            f"Approved on {as_date(approved[0]) or approved[0]}, but {len(missing)} of {len(_annex_a())} controls are undecided: "
            f"{listed(missing, at_most=5)}",
        )


@rule("SOA011", Severity.ERROR)
def applicability_by_old_edition(context: Context) -> Iterator[Hit]:
    """The Statement of Applicability is by the 2013 edition.

    Certificates to that edition lost validity on 31 October 2025, and 11 controls of 2022 have no row in it at all.

    Fix: Start from a 2022 Statement of Applicability and carry over what the successors of the old controls say.

    Fails:
        Applicability
        ID      | Applicable | Reasons for inclusion
        A.9.1.1 | Yes        | RRA
        A.9.2.1 | Yes        | RRA
        A.9.2.2 | Yes        | RRA

    Passes:
        Applicability
        ID     | Applicable | Reasons for inclusion
        A.5.15 | Yes        | RRA
        A.5.16 | Yes        | RRA
        A.5.18 | Yes        | RRA
    """
    for (table, name), edition in context.project.editions.items():
        if edition.framework == ISO2013 and name == "id" and context.is_soa(table):
            words = "This Statement of Applicability is by ISO 27001:2013, whose certificates lost validity on 31 October 2025"
            yield Hit(context.tables[table].sheet, context.heading(table, "id"), words)


@rule("SOA012", Severity.WARNING)
def copied_justification(context: Context) -> Iterator[Hit]:
    """One justification stands at many controls of different themes.

    A sentence that fits everything explains nothing; auditors know copied justifications and ask for the risk behind one of them.

    Fix: Say for each control which risk, law, contract or fact it rests on.

    Fails:
        Applicability
        ID     | Applicable | Justification for inclusion
        A.5.1  | Yes        | Needed for the security of our organization
        A.5.2  | Yes        | Needed for the security of our organization
        A.5.3  | Yes        | Needed for the security of our organization
        A.5.4  | Yes        | Needed for the security of our organization
        A.6.1  | Yes        | Needed for the security of our organization
        A.6.2  | Yes        | Needed for the security of our organization
        A.6.3  | Yes        | Needed for the security of our organization
        A.6.4  | Yes        | Needed for the security of our organization

    Passes:
        Applicability
        ID     | Applicable | Justification for inclusion
        A.5.1  | Yes        | Risk R-12; asked for by every customer's questionnaire
        A.6.1  | Yes        | Staff handle customer data from the first day, risk R-31
    """
    for field in ("inclusion", "exclusion"):
        told = [(folded(getattr(entry, field)), entry) for entry in _decisions(context) if entry.id]
        for (_, text), same in grouped(told, lambda pair: (pair[1].table, pair[0])).items():
            themes = {entry.id.rsplit(".", 1)[0] for _, entry in same}
            if len(text) >= 15 and len(same) >= COPIES and len(themes) > 1 and not context.read("reason", text):
                first = same[0][1]
                words = f"'{shortened(getattr(first, field))}' justifies {len(same)} controls"
                yield _hit(context, first, field, words)


@rule("SOA013", Severity.ERROR)
def status_against_applicability(context: Context) -> Iterator[Hit]:
    """The status of a control contradicts whether it applies.

    An excluded control is not implemented, and one that applies is not "not applicable". One of the two cells is wrong.

    Fix: Correct the decision or the status.

    Fails:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion      | Implementation status
        A.7.2 | No         |                       | No premises; all staff at home   | Implemented
        A.8.1 | Yes        | RRA                   |                                  | Implemented

    Passes:
        Applicability
        ID    | Applicable | Reasons for inclusion | Justification for exclusion      | Implementation status
        A.7.2 | No         |                       | No premises; all staff at home   | Not applicable
        A.8.1 | Yes        | RRA                   |                                  | Implemented
    """
    for entry in context.entries:
        done = entry.status in {ControlStatus.IMPLEMENTED, ControlStatus.PARTIAL}
        if entry.applicable == "no" and done:
            words = f"{_name(entry)} is excluded, but its status is '{entry.status}'"
        elif entry.applicable == "yes" and entry.status == ControlStatus.NOT_APPLICABLE:
            words = f"{_name(entry)} is included, but its status is 'Not applicable'"
        else:
            continue
        yield _hit(context, entry, ("status", "applicable"), words)


@rule("SOA014", Severity.NOTE)
def included_without_control(context: Context) -> Iterator[Hit]:
    """A control of Annex A is included, and none of the organization's controls implements it.

    The Statement of Applicability promises something for which nobody in the control library is responsible.

    Fix: Map a control to it (see the suggestions), or plan one.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Applicability
        ID     | Applicable | Reasons for inclusion
        A.5.18 | Yes        | RRA
        A.5.7  | Yes        | RRA

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Applicability
        ID     | Applicable | Reasons for inclusion
        A.5.18 | Yes        | RRA
    """
    if not any(name in context.serving for name in _annex_a()) or not context.of_layout(Layout.CONTROL_LIBRARY):
        return
    for entry in _decisions(context):
        if entry.applicable == "yes" and entry.id and entry.id not in context.serving and blank(entry.controls):
            words = f"{entry.id} is included, but no control implements it"
            yield _hit(context, entry, ("controls", "applicable"), words, topic="no control")
