"""Guests of planned meetings: asked by mail with a calendar entry, and told when it moves or is called off.

Whatever moves a follow-up (a dialog, a drag, a handover, a closing) knows nothing of guests: a task compares what
they were last told with what stands, a minute later at most.
"""

import uuid
from collections.abc import Sequence
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
from relationships.models.meeting import MEETING_CHANNELS
from relationships.operations.access import check_colleague, check_parties
from relationships.operations.inputs import Problems
from relationships.operations.invitation_files import Asked, calendar_file, starts_at
from relationships.queries.consents import SERVICE, objectors
from relationships.queries.meetings import addresses_of

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
    if channel not in MEETING_CHANNELS:
        problems.add("channel", _("Guests are asked to a meeting, a visit or a video call."))
    if due_time is None:
        problems.add("due_time", _("Guests need to know the hour."))
    if not 1 <= draft.minutes <= LONGEST:
        problems.add("minutes", _("Between 1 and %(most)s minutes.") % {"most": LONGEST})
    for field, words, most in (("title", draft.title, 300), ("place", draft.place, 300)):
        if "\n" in problems.text(field, words, most=most):
            problems.add(field, _("One line."))
    if not draft.people and not draft.colleagues:
        problems.add("people", _("Say who is to be invited."))
    if len(draft.people) + len(draft.colleagues) > MOST_GUESTS:
        problems.add("people", _("At most %(most)s guests.") % {"most": MOST_GUESTS})
    check_parties(actor, "people", draft.people, problems, near=held)
    for colleague in draft.colleagues:
        check_colleague("colleagues", colleague, [held], problems)
    _check_addresses(draft.people, problems)


def _check_addresses(people: Sequence[Party], problems: Problems) -> None:
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
    addresses = addresses_of([person.pk for person in draft.people])
    guests = [
        MeetingGuest(invitation=invitation, party=person, name=person.name, address=addresses[person.pk])
        for person in draft.people
    ]
    guests += [
        MeetingGuest(invitation=invitation, colleague=each, name=each.name, address=each.email)
        for each in draft.colleagues
        if each.pk != organiser.pk
    ]
    once = {guest.address.lower(): guest for guest in reversed(guests)}
    MeetingGuest.objects.bulk_create(reversed(once.values()))
    _send(invitation, follow_up, actor=actor, now=now)
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
    found = rows.select_for_update(skip_locked=True, of=("self",)).select_related("organiser").first()
    if found is None:
        return False
    follow_up = FollowUp.objects.select_related("assignee").get(pk=found.follow_up_id)
    was_off, before = found.called_off_at is not None, starts_at(found)
    found.called_off_at = now if follow_up.cancelled_at else None
    found.due_date, found.due_time = follow_up.due_date, follow_up.due_time
    found.assignee = follow_up.assignee
    is_over = max(before, starts_at(found)) < now or (was_off and follow_up.cancelled_at is not None)
    found.sequence += 0 if is_over else 1
    found.save(update_fields=["called_off_at", "due_date", "due_time", "assignee", "sequence"])
    if not is_over:
        _send(found, follow_up, actor=follow_up.cancelled_by or found.created_by, now=now)
    return True


def _send(invitation: MeetingInvitation, follow_up: FollowUp, *, actor: User, now: datetime) -> None:
    """A mail to each guest, and to whoever holds the meeting when that is no longer who asked for it."""
    guests = list(invitation.guests.order_by("pk"))
    if invitation.assignee_id != invitation.organiser_id:
        taker = invitation.assignee
        guests = [guest for guest in guests if guest.colleague_id != taker.pk]
        guests.append(MeetingGuest(colleague=taker, name=taker.name, address=taker.email))
    asked = Asked(invitation, guests, is_off=invitation.called_off_at is not None, now=now)
    method = "CANCEL" if asked.is_off else "REQUEST"
    file, context = calendar_file(asked), {"asked": asked, "invitation": invitation, "guests": guests}
    subject, _line, body = render_to_string("emails/meeting.txt", context).strip().partition("\n")
    for guest in guests:
        message = EmailMessage(
            subject=subject.strip(), body=body.strip() + "\n", to=[guest.address],
            reply_to=[invitation.organiser.email],
        )  # fmt: skip
        message.attach("invitation.ics", file, f"text/calendar; method={method}; charset=utf-8")
        enqueue_message(
            message=message, actor=actor, now=now, subject_ref=f"follow-up:{follow_up.pk}",
            key=f"meeting:{invitation.uid}:{invitation.sequence}:{guest.address.lower()}"[:200],
        )  # fmt: skip
