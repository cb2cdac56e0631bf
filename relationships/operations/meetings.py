"""Guests of planned meetings: asked by mail with a calendar entry, and told when it moves or is called off.

Whatever moves a follow-up (a dialog, a drag, a handover, a closing) knows nothing of guests: a task compares what
they were last told with what stands, a minute later at most.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from messaging.operations.outbox import enqueue_message
from relationships.enums import ConsentChannel
from relationships.models import (
    FollowUp,
    MeetingGuest,
    MeetingInvitation,
    Party,
    Relationship,
)
from relationships.models.meeting import MEETING_CHANNELS, Telling
from relationships.operations.access import check_colleague, check_parties
from relationships.operations.inputs import Problems
from relationships.operations.invitation_files import Asked, calendar_file, starts_at
from relationships.queries.consents import SERVICE, objectors
from relationships.queries.meetings import addresses_of, expected, new_guests, told_of

MOST_GUESTS = 30
LONGEST = 24 * 60
BATCH = 200


@dataclass(frozen=True)
class InvitationDraft:
    """Whom to ask to a meeting that is about to be planned, and what they are to read.

    Without a title they read what is planned, without `minutes` it lasts an hour.
    """

    people: Sequence[Party] = ()
    colleagues: Sequence[User] = ()
    title: str = ""
    place: str = ""
    minutes: int = 60


def check_invitation(
    *,
    actor: User,
    held: Relationship,
    draft: InvitationDraft,
    channel: str,
    due_time: time | None,
    problems: Problems,
) -> None:
    """Notes what keeps the guests of a follow-up that is not yet written from being asked."""
    check_meeting(channel, due_time, problems)
    check_words(draft, problems)
    if not draft.people and not draft.colleagues:
        problems.add("people", _("Say who is to be invited."))
    check_count(len(draft.people) + len(draft.colleagues), problems)
    check_parties(actor, "people", draft.people, problems, near=held)
    for colleague in draft.colleagues:
        check_colleague("colleagues", colleague, [held], problems)
    check_addresses(draft.people, problems)


def check_meeting(channel: str, due_time: time | None, problems: Problems) -> None:
    """Notes when a follow-up is nothing that somebody could be asked to."""
    if channel not in MEETING_CHANNELS:
        problems.add("channel", _("Guests are asked to a meeting, a visit or a video call."))
    if due_time is None:
        problems.add("due_time", _("Guests need to know the hour."))


def check_words(draft: InvitationDraft, problems: Problems) -> None:
    """Notes what guests could not read."""
    if not 1 <= draft.minutes <= LONGEST:
        problems.add("minutes", _("Between 1 and %(most)s minutes.") % {"most": LONGEST})
    for field, words, most in (("title", draft.title, 300), ("place", draft.place, 300)):
        if "\n" in problems.text(field, words, most=most):
            problems.add(field, _("One line."))


def check_count(guests: int, problems: Problems) -> None:
    """Notes when there are too many to be asked one by one."""
    if guests > MOST_GUESTS:
        problems.add("people", _("At most %(most)s guests.") % {"most": MOST_GUESTS})


def check_addresses(people: Sequence[Party], problems: Problems) -> None:
    """Notes who cannot be written to, or does not want to be."""
    addresses = addresses_of([person.pk for person in people])
    objecting = objectors(
        people=[person.pk for person in people], purpose=SERVICE, channel=ConsentChannel.EMAIL
    )
    for person in people:
        if person.pk not in addresses:
            problems.add("people", _("%(name)s has no e-mail address.") % {"name": person.name})
        elif person.pk in objecting:
            problems.add("people", _("%(name)s does not want to be written to.") % {"name": person.name})


def invite_guests(
    *, actor: User, follow_up: FollowUp, draft: InvitationDraft, now: datetime
) -> MeetingInvitation:
    """Writes the checked guests of a follow-up that was just planned, and what they are sent."""
    organiser = follow_up.assignee
    invitation = MeetingInvitation.objects.create(
        follow_up=follow_up, uid=f"{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}",
        title=draft.title.strip() or follow_up.what, place=draft.place.strip(), minutes=draft.minutes,
        organiser=organiser, due_date=follow_up.due_date, due_time=follow_up.due_time, assignee=organiser,
        created_at=now, created_by=actor,
    )  # fmt: skip
    guests = new_guests(people=draft.people, colleagues=draft.colleagues, organiser=organiser)
    for guest in guests:
        guest.invitation = invitation
    MeetingGuest.objects.bulk_create(guests)
    tell(invitation, {Telling.INVITED: guests}, everyone=guests, actor=actor, now=now)
    return invitation


def tell_guests(*, now: datetime) -> int:
    """Tells guests whose meeting moved, changed hands or was called off since they last heard; returns of how many.

    Each in a transaction of its own. Of what is over nobody hears any more.
    """
    told = 0
    while told < BATCH and _tell_next(now):
        told += 1
    return told


@transaction.atomic(durable=True)
def _tell_next(now: datetime) -> bool:
    plan = Q(follow_up__cancelled_at=None)
    moved = (
        ~Q(due_date=F("follow_up__due_date"))
        | ~Q(assignee=F("follow_up__assignee"))
        | Q(due_time__isnull=True, follow_up__due_time__isnull=False)
        | Q(due_time__isnull=False, follow_up__due_time__isnull=True)
        | (Q(due_time__isnull=False) & ~Q(due_time=F("follow_up__due_time")))
        | Q(called_off_at__isnull=False)
    )
    stale = (plan & moved) | (~plan & Q(called_off_at=None))
    rows = MeetingInvitation.objects.filter(stale, follow_up__done_at=None).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    found = locked.select_related("organiser", "assignee").first()
    if found is None:
        return False
    follow_up = FollowUp.objects.select_related("assignee").get(pk=found.follow_up_id)
    was_off, due_before, knew = found.called_off_at is not None, starts_at(found), those_expected(found)
    found.called_off_at = now if follow_up.cancelled_at else None
    catch_up(found, follow_up)
    is_over = max(due_before, starts_at(found)) < now or (was_off and follow_up.cancelled_at is not None)
    found.sequence += 0 if is_over else 1
    found.save(update_fields=["called_off_at", "due_date", "due_time", "assignee", "sequence"])
    if not is_over:
        everyone = those_expected(found)
        told = {Telling.CALLED_OFF: knew} if found.called_off_at else told_of(knew, everyone)
        actor = follow_up.cancelled_by or found.created_by
        tell(found, told, everyone=everyone, actor=actor, now=now)
    return True


def catch_up(invitation: MeetingInvitation, follow_up: FollowUp) -> None:
    """Puts into the invitation what stands in the follow-up now; the caller saves it and tells."""
    invitation.due_date, invitation.due_time = follow_up.due_date, follow_up.due_time
    invitation.assignee = follow_up.assignee


def those_expected(invitation: MeetingInvitation) -> list[MeetingGuest]:
    """Whom the invitation as it stands is told to."""
    guests = list(invitation.guests.order_by("pk"))
    return expected(guests, organiser_id=invitation.organiser_id, taker=invitation.assignee)


def tell(
    invitation: MeetingInvitation,
    told: Mapping[Telling, Sequence[MeetingGuest]],
    *,
    everyone: Sequence[MeetingGuest],
    actor: User,
    now: datetime,
) -> None:
    """A mail to each of those `told`; who comes reads of `everyone`, who no longer does only of themselves."""
    for telling, guests in told.items():
        for guest in guests:
            listed = [guest] if telling == Telling.UNINVITED else everyone
            _write(guest, Asked(invitation, listed, telling, now), actor)


def _write(guest: MeetingGuest, asked: Asked, actor: User) -> None:
    invitation, context = asked.invitation, {"asked": asked, "invitation": asked.invitation}
    subject, _line, body = render_to_string("emails/meeting.txt", context).strip().partition("\n")
    message = EmailMessage(
        subject=subject.strip(), body=body.strip() + "\n", to=[guest.address],
        reply_to=[invitation.organiser.email],
    )  # fmt: skip
    kind = f"text/calendar; method={asked.method}; charset=utf-8"
    message.attach("invitation.ics", calendar_file(asked), kind)
    enqueue_message(
        message=message, actor=actor, now=asked.now, subject_ref=f"follow-up:{invitation.follow_up_id}",
        key=f"meeting:{invitation.uid}:{invitation.sequence}:{guest.address.lower()}"[:200],
    )  # fmt: skip
