"""The tables of cases, one module a concept."""

from cases.models.case import (
    Case,
    CaseClock,
    CaseMessage,
    CaseOrigin,
    CaseStep,
    CaseYear,
    ClockPause,
    Question,
    SlaPolicy,
    SlaTarget,
)
from cases.models.mail import MailDesk, MailedAnswer, MailFiling

__all__ = [
    "Case",
    "CaseClock",
    "CaseMessage",
    "CaseOrigin",
    "CaseStep",
    "CaseYear",
    "ClockPause",
    "MailDesk",
    "MailFiling",
    "MailedAnswer",
    "Question",
    "SlaPolicy",
    "SlaTarget",
]
