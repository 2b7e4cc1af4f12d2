"""People's own vocabularies → the design's words, by a table that is shown in every findings workbook and can be added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.model import ControlStatus, Decision, MappingStatus, Relationship

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "relationship": {
        Relationship.EQUAL: ("equal to", "equals", "equivalent", "equivalent to", "identical", "same", "direct", "direct match", "exact", "exact match", "full", "full match", "fully", "fully covered", "complete", "1:1", "one to one", "=", "no gap", "vollständig", "complet", "complète", "total", "completo", "completa"),
        Relationship.SUBSET: ("subset", "subset-of", "is subset of", "part of", "covered by", "narrower", "⊂", "⊆"),
        Relationship.SUPERSET: ("superset", "superset-of", "is superset of", "covers", "includes", "broader", "⊃", "⊇"),
        Relationship.INTERSECTS: ("intersects", "intersect", "intersects-with", "intersection", "partial", "partially", "partial match", "partially covered", "partial gap", "indirect", "indirect match", "related", "related to", "complementary", "supports", "supporting", "secondary", "s", "◐", "◔", "overlap", "overlaps", "some", "moderate", "∩", "teilweise", "partiel", "partielle", "parcial", "indirekt", "indirecto"),
        Relationship.NONE: ("none", "no", "not related", "no relation", "no match", "unrelated", "gap", "full gap", "not covered", "no mapping", "no coverage", "○", "∅", "keine", "aucune", "ninguna"),
        Relationship.UNSPECIFIED: ("x", "✓", "✔", "☑", "●", "•", "■", "1", "y", "yes", "true", "primary", "p", "mapped", "unspecified"),
    },
    "strength": {
        "9": ("very strong", "very high"),
        "8": ("strong", "high", "h"),
        "5": ("medium", "moderate", "med", "m"),
        "2": ("weak", "low", "l", "w"),
    },
    "status": {
        ControlStatus.IMPLEMENTED: ("implemented", "yes", "y", "done", "complete", "completed", "in place", "operating", "operational", "operating effectively", "effective", "live", "full", "fully implemented", "fully", "compliant", "conforms", "conformant", "met", "pass", "passed", "closed", "covered", "active", "true", "✓", "✔", "100%", "no gap", "ja", "umgesetzt", "vollständig umgesetzt", "erfüllt", "wirksam", "managed", "measured", "quantitatively managed", "optimized", "optimised", "optimizing", "optimising", "implementado", "conforme", "mis en œuvre", "in place and operating"),
        ControlStatus.PARTIAL: ("partial", "partially", "partly", "partly implemented", "partially in place", "in progress", "wip", "ongoing", "partially compliant", "partial compliance", "partially met", "minor gap", "largely", "partial gap", "needs improvement", "teilweise", "teilweise umgesetzt", "teilweise erfüllt", "in umsetzung", "initial", "ad hoc", "limited", "repeatable", "developing", "defined", "parcial", "parcialmente implementado", "partiel", "partiellement"),
        ControlStatus.PLANNED: ("planned", "to do", "todo", "not started", "scheduled", "roadmap", "future", "open", "pending", "draft", "proposed", "geplant", "offen", "planificado", "planifié"),
        ControlStatus.NOT_IMPLEMENTED: ("not implemented", "no", "n", "none", "missing", "not in place", "gap", "non compliant", "non-compliant", "noncompliant", "not compliant", "not met", "fail", "failed", "major gap", "full gap", "not covered", "absent", "false", "✗", "0%", "nein", "nicht umgesetzt", "nicht erfüllt", "nonexistent", "non existent", "non-existent", "not existent", "no implementado", "non mis en œuvre"),
        ControlStatus.NOT_APPLICABLE: ("not applicable", "n/a", "na", "n.a.", "excluded", "out of scope", "not relevant", "nicht anwendbar", "entfällt", "no aplica", "no aplicable", "non applicable"),
    },
    "applicable": {
        "yes": ("yes", "y", "true", "1", "x", "✓", "✔", "applicable", "included", "in scope", "in", "selected", "ja", "oui", "si", "required", "anwendbar", "sí"),
        "no": ("no", "n", "false", "0", "not applicable", "n/a", "na", "excluded", "out of scope", "out", "not selected", "nein", "non", "✗", "not required", "nicht anwendbar", "no aplica", "non applicable"),
        "open": ("open", "tbd", "tbc", "to be decided", "to be determined", "?", "pending", "undecided"),
    },
    "mapping status": {
        MappingStatus.ACCEPTED: ("accepted", "accept", "approved", "confirmed", "final", "yes", "valid", "agreed", "done", "complete", "active", "reviewed"),
        MappingStatus.PROPOSED: ("proposed", "suggested", "draft", "open", "pending", "review", "in review", "to review", "tbd", "new"),
        MappingStatus.REJECTED: ("rejected", "reject", "declined", "no", "invalid", "wrong", "removed", "deprecated"),
    },
    "decision": {
        Decision.ACCEPT: ("accept", "accepted", "approve", "approved", "agree", "agreed", "confirm", "confirmed", "yes", "y", "ok", "okay", "annehmen", "angenommen", "akzeptiert", "ja", "accepter", "accepté", "oui", "aceptar", "aceptado", "sí"),
        Decision.REJECT: ("reject", "rejected", "decline", "declined", "disagree", "disagreed", "refuse", "refused", "no", "n", "ablehnen", "abgelehnt", "nein", "rejeter", "rejeté", "refusé", "non", "rechazar", "rechazado"),
        Decision.DEFER: ("defer", "deferred", "later", "postpone", "postponed", "open", "undecided", "to be decided", "tbd", "tbc", "?", "pending", "zurückgestellt", "zurückstellen", "offen", "später", "plus tard", "différé", "más tarde", "aplazado"),
    },
    "reason": {
        "LR": ("lr", "legal", "legal requirement", "regulatory", "law", "legal regulatory", "statutory"),
        "CO": ("co", "contractual", "contract", "contractual obligation", "customer"),
        "BR": ("br", "bp", "br/bp", "business", "business requirement", "best practice", "business requirements"),
        "RRA": ("rra", "ra", "risk", "risk assessment", "result of risk assessment", "results of risk assessment", "risk treatment"),
    },
}  # fmt: skip
"""Kind of word → our word → what people write for it, lower case. Our own word always counts too."""

BLANKS = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "n/a",
        "na",
        "n.a.",
        "none",
        "nil",
        "null",
        "tbd",
        "tbc",
        "?",
        "...",
        "x.x",
        "unknown",
        "? unknown",
    }
)
"""Texts that stand for "nothing here" in a column of ids."""


SPREAD: Mapping[str, str] = {"applicable": "applicable", "reasons": "reason", "status": "status"}
"""Fields of an assessment that may be spread over several columns of marks → the kind of word that heads them."""


def _fold(text: str) -> str:
    """As words are compared; the sign before one ("● Covered") is left out, a sign alone is the word."""
    plain = " ".join(text.replace("\u00a0", " ").replace("_", " ").split())
    return (plain.strip(" .●◐◔○–■▲") or plain).casefold()


def read_word(kind: str, text: str, own: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Our word for ``text``, or "" when the table has none. ``own`` (``Settings.words``) goes before the table."""
    folded = _fold(text)
    for written, ours in (own or {}).get(kind, {}).items():
        if _fold(written) == folded:
            return ours
    for ours, written_forms in WORDS[kind].items():
        if folded == ours.casefold() or folded in written_forms:
            return str(ours)
    return ""


def ending(kind: str, heading: str) -> tuple[str, str]:
    """What a column of marks stands for by the end of its heading, and what stands before: ("LR", "Reason for selection"); ("", heading) for none."""
    words = heading.split()
    for start in range(len(words)):
        ours = read_word(kind, " ".join(words[start:]))
        if ours:
            return ours, " ".join(words[:start])
    return "", heading


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` most likely meant, or "" when none is near. Case does not count."""
    from difflib import get_close_matches  # noqa: PLC0415  costs start-up time, and is needed only when something is wrong

    by_folded = {entry.casefold(): entry for entry in known}
    found = get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else ""
