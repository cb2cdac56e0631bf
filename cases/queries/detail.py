"""One case with everything that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch

from accounts.enums import Confidentiality
from accounts.models import User
from analytics.business_time import BusinessCalendar
from cases.enums import ClockType
from cases.models import (
    Case,
    CaseClock,
    CaseMessage,
    CaseOrigin,
    CaseStep,
    ClockPause,
    MailFiling,
    Question,
)
from cases.queries.calendars import case_calendar
from cases.queries.mails import Mailed, mailed_in
from cases.queries.problems import open_promises
from cases.queries.questions import questions_of
from cases.queries.queue import ClockState, clock_state
from cases.queries.said import as_corrected
from relationships.models import Commitment, Event

PAST_SHOWN = 100
ORDER = {clock: number for number, clock in enumerate(ClockType.values)}


@dataclass(frozen=True)
class Counted:
    """A clock with the stretches in which it stood: all that its figure is counted from."""

    state: ClockState
    pauses: Sequence[ClockPause]


@dataclass(frozen=True)
class CaseDetail:
    """A case, what was said and asked in it, its mails, its clocks with the newest cycle first, its past."""

    case: Case
    messages: Sequence[CaseMessage]
    mailed: Sequence[Mailed]
    questions: Sequence[Question]
    clocks: Sequence[Counted]
    promises: Sequence[Commitment]
    past: Sequence[Event]
    before: Case | None
    double_of: Case | None
    origin: CaseOrigin | None
    steps: Sequence[CaseStep]

    @property
    def unanswered(self) -> list[Question]:
        """The questions that nobody has answered."""
        return [question for question in self.questions if question.settled_at is None]

    @property
    def said(self) -> list[tuple[CaseMessage, Mailed | None]]:
        """What was said, each with the mail by which it went, if it did."""
        mails = {mailed.said_in: mailed for mailed in self.mailed}
        return [(message, mails.get(message.pk)) for message in self.messages]

    @property
    def unsaid(self) -> list[Mailed]:
        """Mails that are no message: held back still, taken back, or stopped."""
        return [mailed for mailed in self.mailed if mailed.said_in is None]

    @property
    def current(self) -> list[ClockState]:
        """The clocks of this cycle, as chips."""
        return [each.state for each in self.clocks if each.state.clock.cycle == self.case.cycle]


def case_detail(*, viewer: User, case_id: int, now: datetime) -> CaseDetail | None:
    """The case; None when there is none that the viewer may know of."""
    rows = Case.objects.visible_to(viewer).select_related(
        "relationship__business_unit", "relationship__party", "person", "owner", "team", "opened_by", "closed_by",
        "follows", "duplicate_of", "origin",
    )  # fmt: skip
    has_mail = Exists(MailFiling.objects.filter(case=OuterRef("pk")))
    case = rows.annotate(has_mail=has_mail).filter(pk=case_id).first()
    if case is None:
        return None
    origin = getattr(case, "origin", None)
    past = Event.objects.visible_to(viewer).filter(subject_type="case", subject_id=case.pk)
    return CaseDetail(
        case=case,
        messages=as_corrected(viewer, case, messages_of(case)),
        questions=list(questions_of(case).order_by("asked_at", "id")),
        mailed=mailed_in(case),
        clocks=clocks_of(case, now),
        promises=list(open_promises(case).select_related("owner").order_by("current_due_date", "id")),
        past=list(past.select_related("actor").order_by("-recorded_at", "-id")[:PAST_SHOWN]),
        before=known_beside(viewer, case, case.follows),
        double_of=known_beside(viewer, case, case.duplicate_of),
        origin=origin,
        steps=list(case.steps.order_by("at", "id")[:PAST_SHOWN]) if origin else [],
    )


def messages_of(case: Case) -> list[CaseMessage]:
    """What was said in a case that the viewer may know of, oldest first."""
    rows = CaseMessage.objects.filter(case=case).select_related("talk", "actor", "filing")
    return list(rows.order_by("at", "id"))


def clocks_of(case: Case, now: datetime) -> list[Counted]:
    """Its clocks as they stand, the newest cycle first, within it in the order of their types."""
    pauses = Prefetch("pauses", ClockPause.objects.order_by("started_at", "id"))
    clocks = list(CaseClock.objects.filter(case=case).prefetch_related(pauses))
    since = min((clock.started_at for clock in clocks), default=now)
    calendar = case_calendar(case.relationship.business_unit, since, now)
    clocks.sort(key=lambda clock: (-clock.cycle, ORDER[clock.type], clock.pk))
    return [_counted(clock, calendar, now) for clock in clocks]


def _counted(clock: CaseClock, calendar: BusinessCalendar, now: datetime) -> Counted:
    return Counted(clock_state(clock, calendar, now), list(clock.pauses.all()))


def known_beside(viewer: User, case: Case, other: Case | None) -> Case | None:
    """Another case of the same relationship, unless it is for few people and the viewer is none of them."""
    if other is None or other.relationship_id != case.relationship_id:
        return None
    named = (other.owner_id, other.opened_by_id, case.relationship.owner_id)
    return other if other.confidentiality <= Confidentiality.INTERNAL or viewer.pk in named else None
