"""Clauses 4–10 of ISO/IEC 27001:2022 for somebody who comes from SOC 2: what to have ready, and what SOC 2 usually brings.

A report has requirements that a SOC 2 examination never looks at; these are the ones that teams underestimate. Every word is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Advice(NamedTuple):
    """``ready``: what an auditor will want to see. ``from_soc2``: how much of it a SOC 2 programme has already, and from which criteria."""

    ready: str
    from_soc2: str


ADVICE: Mapping[str, Advice] = {
    "Clause 4.1": Advice(
        "A context analysis of a page or two: external and internal issues, what each means for the ISMS, whether climate change is one of "
        "them and why (Amendment 1:2024), date and reviewer.",
        "Part. Risk assessment (CC3.1–CC3.4) looks at objectives and changes, but no list of issues is asked for.",
    ),
    "Clause 4.2": Advice(
        "A register of interested parties: who, what they require by law, contract or expectation, and which of it the ISMS answers where.",
        "Part. Commitments to customers (CC2.3) and the system description name some of the parties.",
    ),
    "Clause 4.3": Advice(
        "An approved scope statement: products, units, places, systems and people that are in, what is out and why, and the interfaces to "
        "others. Its wording goes onto the certificate.",
        "Part. The system description draws a boundary too; compare the two, they often differ.",
    ),
    "Clause 4.4": Advice(
        "A description of the ISMS: its processes, their owners, how they feed each other, and a calendar of what recurs.",
        "Nothing. SOC 2 examines controls, not a management system.",
    ),
    "Clause 5.1": Advice(
        "Minutes in which top management decides on security objectives, money and accepted risks. Executives will be interviewed.",
        "Much. Tone at the top, oversight and structure (CC1.1–CC1.3).",
    ),
    "Clause 5.2": Advice(
        "The information security policy, approved by top management, with its promises to meet requirements and to improve; proof that "
        "staff know it and that partners can get it.",
        "Much. Policies exist and are communicated (CC2.2, CC5.3); check that the two promises are in.",
    ),
    "Clause 5.3": Advice(
        "Who keeps the ISMS in line with the standard and who reports on it to top management, in writing; a RACI table or job descriptions.",
        "Much. Structure, authority and accountability (CC1.3, CC1.5).",
    ),
    "Clause 6.1.1": Advice(
        "Risks and opportunities of the ISMS itself, what is done about each, and how it is judged whether that worked.",
        "Part. Risks are identified (CC3.1–CC3.3); opportunities, and a check of effect, are ISO's own.",
    ),
    "Clause 6.1.2": Advice(
        "A written risk method (acceptance criteria, scales, how results stay comparable), and a risk assessment that visibly follows it, with "
        "an owner for each risk.",
        "Much. Risks are identified and analysed (CC3.1–CC3.4); a written method and risk owners are often missing.",
    ),
    "Clause 6.1.3": Advice(
        "A risk treatment plan approved by the risk owners, residual risks accepted by them, the comparison with Annex A, and the Statement "
        "of Applicability with 93 decisions.",
        "Part. Controls are chosen against risks (CC5.1, CC9.1); SOC 2 knows nothing like a Statement of Applicability.",
    ),
    "Clause 6.2": Advice(
        "A table of security objectives: measure, target, owner, date, means, how success is judged, and the latest reading.",
        "Part. Objectives are specified (CC3.1), seldom measured and planned one by one.",
    ),
    "Clause 6.3": Advice(
        "A record of changes to the ISMS (scope, organization, method, edition): purpose, consequences, means, who is responsible.",
        "Little. CC8.1 is about changes of systems, CC3.4 about noticing change.",
    ),
    "Clause 7.1": Advice(
        "Budget and headcount decisions for security, and where shortages were raised and answered.",
        "Part. Structure and able people (CC1.3, CC1.4).",
    ),
    "Clause 7.2": Advice(
        "For each role that matters: the competence it needs, proof that its holder has it, and what was done about gaps and whether it helped.",
        "Much. Competent people are hired, trained and kept (CC1.4); the check that training helped is often missing.",
    ),
    "Clause 7.3": Advice(
        "The awareness programme with completion rates. Auditors ask people in the corridor what the policy means for their work.",
        "Much. Responsibilities are communicated and trained (CC1.4, CC2.2).",
    ),
    "Clause 7.4": Advice(
        "A communication plan: on what, when, with whom and how the organization speaks about security, inside and outside.",
        "Much. Internal and external communication (CC2.2, CC2.3), mostly without a plan in one place.",
    ),
    "Clause 7.5.1": Advice(
        "A master list of documents and records: those that the standard names (see Mandatory documents) and your own, with owner and place.",
        "Part. Policies and procedures exist (CC5.3); a complete list is not asked for.",
    ),
    "Clause 7.5.2": Advice(
        "A rule or template for title, date, author and version, and the approval visible on every document.",
        "Part. Policies are approved and reviewed (CC5.3).",
    ),
    "Clause 7.5.3": Advice(
        "Who may read and change what, where current versions are, how long records are kept, what happens to withdrawn ones; external "
        "documents too.",
        "Part. Quality of information (CC2.1); keeping and disposing where Confidentiality is in scope (C1.1, C1.2).",
    ),
    "Clause 8.1": Advice(
        "Records that processes ran by their criteria: tickets, checklists, reviews of outsourced services; one planned and one unintended "
        "change that was looked at.",
        "Much. Nearly every tested control leaves such records; also change (CC8.1) and vendors (CC9.2).",
    ),
    "Clause 8.2": Advice(
        "The dated results of the latest risk assessment, and of one that a significant change caused.",
        "Much. Risks, fraud and changes are assessed (CC3.2–CC3.4).",
    ),
    "Clause 8.3": Advice(
        "Progress of the treatment plan with dates, proof of finished measures, and residual risks looked at again.",
        "Part. Controls against risks are put in place (CC5.1, CC9.1); progress of a plan is not asked for.",
    ),
    "Clause 9.1": Advice(
        "What is measured, how, when and by whom, who evaluates it; readings of several months, and what was concluded from them.",
        "Part. Controls and systems are monitored (CC4.1, CC7.1, CC7.2); a verdict on the ISMS as a whole is ISO's own.",
    ),
    "Clause 9.2.1": Advice(
        "Before stage 2: internal audits that together looked at every clause and every applicable Annex A control.",
        "Little. CC4.1 asks for evaluations; the SOC 2 examination itself is no internal audit.",
    ),
    "Clause 9.2.2": Advice(
        "The audit programme, proof that auditors are able and do not audit their own work, plans, reports, and who got them.",
        "Little. Evaluations under CC4.1 can feed it.",
    ),
    "Clause 9.3.1": Advice(
        "Before stage 2: at least one management review with top management in the room.",
        "Part. Oversight by board and management (CC1.2), of security in general.",
    ),
    "Clause 9.3.2": Advice(
        "An agenda with every input: earlier actions, changes in context and in what parties need, performance (nonconformities, measurements, "
        "audits, objectives), feedback, risks and treatment plan, chances to improve.",
        "Little. Reports under CC4.2 can feed it.",
    ),
    "Clause 9.3.3": Advice(
        "Minutes with decisions on improvements and changes, each with owner and date.",
        "Little. Board or committee minutes (CC1.2) may hold some.",
    ),
    "Clause 10.1": Advice(
        "A register of improvements: where each came from, what was decided, what became of it.",
        "Part. Deficiencies are followed up (CC4.2) and lessons are learned from incidents (CC7.5).",
    ),
    "Clause 10.2": Advice(
        "A log of nonconformities, at least those of the internal audit: correction, cause, action, and proof that it worked.",
        "Part. Deficiencies are reported and corrected (CC4.2); cause and effect are seldom written down.",
    ),
}
"""Every assessable clause → advice. The criteria named are those whose usual controls leave what the clause asks for."""

DOCUMENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "Scope of the ISMS": ("isms scop", "scope statem", "scope docum", "scope isms"),
    "Information security policy": ("information securit polic", "security polic"),
    "Risk assessment process: method, acceptance criteria and scales": (
        "risk meth", "risk assess proce", "risk manag proce", "risk manag polic", "risk assess polic",
    ),
    "Risk treatment process": ("risk treat proce", "risk manag proce", "risk manag polic"),
    "Statement of Applicability": ("statement applicab", "soa"),
    "Risk treatment plan": ("risk treat plan",),
    "Information security objectives": ("security objectiv", "isms objectiv", "security kpi", "security goal"),
    "Evidence of competence": ("competenc", "training record", "skill matri", "training plan"),
    "Whatever else the organization finds necessary for the ISMS to work, beside what the standard names": (
        "document list", "document regist", "document control", "master list", "isms manual",
    ),
    "Enough records to trust that processes ran as planned": ("isms calendar", "operating proced", "operational proced", "operations proced"),
    "Risk assessment results": ("risk regist", "risk assess report", "risk assess result", "risk analys"),
    "Risk treatment results": ("risk treat stat", "risk treat track", "risk treat report", "risk treat result", "risk accept"),
    "Monitoring and measurement results": ("security metric", "security kpi", "kpi dash", "metric report", "measurement", "security dashb"),
    "Audit programme and audit results": ("internal audit",),
    "Management review results": ("management review",),
    "Nonconformities, actions taken and results of corrective action": ("nonconform", "corrective act"),
}  # fmt: skip
"""A mandatory document → how titles of such documents begin their words, several ways: "risk meth" is a title with risk… and meth… in it."""
