"""Rules about what people decided of suggestions: decisions that cannot be followed, and those that wait to be."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model import Severity
from workbench.rules.context import Context
from workbench.rules.rule import Hit, rule


def _hits(context: Context, code: str) -> Iterator[Hit]:
    """What the reading of decisions has to say under one code, so that ``check`` and ``accept`` never disagree."""
    return (Hit(fault.sheet, fault.cell, fault.message) for fault in context.faults if fault.rule == code)


@rule("MAP029", Severity.ERROR)
def unknown_decision(context: Context) -> Iterator[Hit]:
    """A decision, or the relationship given with it, is a word that is not known.

    Nothing is accepted or rejected without a word that says so plainly: the row is left as it is until somebody corrects it.

    Fix: Write Accept, Reject or Defer, and a relationship of the drop-down or none; or add your word to [words.decision] in
    workbench.toml.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15                | perhaps

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15                | Defer
    """
    yield from _hits(context, "MAP029")


@rule("MAP030", Severity.ERROR)
def decision_without_requirement(context: Context) -> Iterator[Hit]:
    """A decision is about a requirement that cannot be read.

    A suggested requirement may be overwritten, with one id or several, but with nothing else: what "A.5.15 or A.5.17?" means only its
    author knows.

    Fix: Write the ids in full, such as CC6.1, A.5.15 or Clause 6.1.2, and what there is to say about them under Rationale.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15 or A.5.17?     | Accept

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15, A.5.17        | Accept
    """
    yield from _hits(context, "MAP030")


@rule("MAP031", Severity.ERROR)
def decision_about_no_control(context: Context) -> Iterator[Hit]:
    """A decision is about a control that the workbook does not have.

    It was deleted or got another id after it was suggested for, or the id has a typo: the decision would be lost.

    Fix: Correct the id in the column Control, or delete the row.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-010  | A.5.15                | Accept

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15                | Accept
    """
    yield from _hits(context, "MAP031")


@rule("MAP032", Severity.ERROR)
def contradictory_decisions(context: Context) -> Iterator[Hit]:
    """A pair is decided in two ways.

    It is accepted and rejected, related in two ways, accepted although a mapping says that it was rejected, or accepted with "no
    relationship". Neither is followed.

    Fix: Decide which one holds, and change or delete the other.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision | Decided by
        AC-001  | A.5.15                | Accept   | Kim
        AC-001  | A.5.15                | Reject   | Lee

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision | Decided by
        AC-001  | A.5.15                | Defer    | Kim
        AC-001  | A.5.15                | Reject   | Lee
    """
    yield from _hits(context, "MAP032")


@rule("MAP033", Severity.NOTE)
def decision_not_folded_in(context: Context) -> Iterator[Hit]:
    """A suggestion was accepted, and is no mapping yet.

    It counts in no figure until it stands in the control's own cell or in a mapping.

    Fix: Run `workbench accept` on the workbook.

    Fails:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15                | Accept

    Passes:
        Controls
        Control ID | Control name   | ISO 27001
        AC-001     | Access reviews | A.5.15, A.5.18

        Suggestions
        Control | Suggested requirement | Decision
        AC-001  | A.5.15                | Accept
    """
    for one in context.accepted:
        yield Hit(one.sheet, one.cell, f"{one.source} → {one.target} is accepted, but no mapping yet", topic="waiting")
