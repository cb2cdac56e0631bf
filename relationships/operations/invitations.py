"""The invitation to a planned meeting, changed afterwards: other guests, another title, place or length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict
from relationships.enums import Verb
from relationships.models import FollowUp, MeetingGuest, MeetingInvitation, Party, Relationship
from relationships.models.meeting import Telling
from relationships.operations.access import check_colleague, check_parties
from relationships.operations.follow_ups import follow_up_event, hold_follow_up
from relationships.operations.inputs import Problems
from relationships.operations.invitation_files import starts_at
from relationships.operations.meetings import (
    InvitationDraft,
    catch_up,
    check_addresses,
    check_count,
    check_meeting,
    check_words,
    invite_guests,
    tell,
)
from relationships.queries.invitations import Guests, guests_of, invitation_to
from relationships.queries.meetings import expected, new_guests, those_of, told_of
from relationships.queries.relationship_list import today_of


@dataclass(frozen=True)
class Change:
    """What a draft makes of an invitation: `asked` is who is named for the first time, `added` who of them is written
    to, `told` what everybody hears of it."""

    asked: InvitationDraft
    removed: list[MeetingGuest]
    kept: list[MeetingGuest]
    added: list[MeetingGuest]
    everyone: list[MeetingGuest]
    told: dict[Telling, list[MeetingGuest]]
    words: dict[str, tuple[str | int, str | int]]

    @property
    def is_one(self) -> bool:
        """Whether anything becomes different."""
        return bool(self.removed or self.added or self.words)


def foresee_change(*, actor: User, follow_up: FollowUp, draft: InvitationDraft) -> Change:
    """What `change_invitation` would do, whether or not it may; nothing is written, and four queries are run."""
    invitation = invitation_to(follow_up)
    return _change(invitation, guests_of(viewer=actor, invitation=invitation), draft)


@transaction.atomic
def change_invitation(
    *, actor: User, follow_up: FollowUp, draft: InvitationDraft, now: datetime, reason: str = ""
) -> Change:
    """Makes the guests and the words of an open meeting those of the draft, and tells everybody once.

    Who is added is invited, who is removed uninvited, and who stays told what holds now: also what was moved since
    they last heard. A guest whom the actor may not know of stays. Where nobody was asked yet this is the first
    invitation. The same draft again changes nothing and tells nobody.
    Raises Missing, NotAllowed, Conflict for what is done, called off or has begun, and Invalid.
    """
    found, held = hold_follow_up(actor, follow_up, "edit")
    list(MeetingInvitation.objects.filter(follow_up=found).select_for_update())  # tell_guests waits
    invitation = invitation_to(found)
    guests = guests_of(viewer=actor, invitation=invitation)
    change = _change(invitation, guests, draft)
    problems = Problems()
    words = problems.text("reason", reason, most=400)
    check_words(draft, problems)
    _check_asked(actor, held, found, change, now, problems)
    problems.refuse()
    if not change.is_one:
        return change
    _refuse_begun(found, now)
    if invitation.pk is None:
        invitation = invite_guests(actor=actor, follow_up=found, draft=draft, now=now)
    else:
        _write(invitation, change, actor, now)
    facts = _facts(guests, guests_of(viewer=actor, invitation=invitation), change)
    told = Verb.INVITATION_CHANGED
    follow_up_event(found, held, told, actor, now, reason=words, data=facts).save()
    return change


def _change(invitation: MeetingInvitation, guests: Guests, draft: InvitationDraft) -> Change:
    people = {person.pk for person in draft.people}
    colleagues = {each.pk for each in draft.colleagues}
    removed = [
        guest
        for guest in guests.seen
        if guest.party_id not in people and (guest.party_id or guest.colleague_id not in colleagues)
    ]
    kept = [guest for guest in guests.all if guest not in removed]
    known = {guest.party_id for guest in guests.seen}, {guest.colleague_id for guest in guests.seen}
    asked = replace(
        draft,
        people=[person for person in draft.people if person.pk not in known[0]],
        colleagues=[each for each in draft.colleagues if each.pk not in {invitation.organiser_id, *known[1]}],
    )
    added = new_guests(
        people=asked.people, colleagues=asked.colleagues, organiser=invitation.organiser,
        taken={guest.address.lower() for guest in kept},
    )  # fmt: skip
    words = _words(invitation, draft)
    organiser, taker = invitation.organiser_id, invitation.follow_up.assignee
    before = expected(guests.all, organiser_id=organiser, taker=invitation.assignee)
    after = expected([*kept, *added], organiser_id=organiser, taker=taker)
    told = told_of(before, after) if removed or added or (words and after) else {}
    if invitation.called_off_at is not None:  # they were told that it is off
        told.pop(Telling.UNINVITED, None)
    return Change(asked, removed, kept, added, after, told, words)


def _words(invitation: MeetingInvitation, draft: InvitationDraft) -> dict[str, tuple[str | int, str | int]]:
    """What guests read, as it was and as it is to be, where that differs; of no guests nothing does."""
    if invitation.pk is None:
        return {}
    now_so: dict[str, str | int] = {
        "title": draft.title.strip() or invitation.follow_up.what,
        "place": draft.place.strip(),
        "minutes": draft.minutes,
    }
    return {
        name: (getattr(invitation, name), value)
        for name, value in now_so.items()
        if getattr(invitation, name) != value
    }


def _check_asked(
    actor: User, held: Relationship, follow_up: FollowUp, change: Change, now: datetime, problems: Problems
) -> None:
    asked = change.asked
    if not (asked.people or asked.colleagues):
        return
    check_meeting(follow_up.channel, follow_up.due_time, problems)
    check_count(len(change.kept) + len(asked.people) + len(asked.colleagues), problems)
    check_parties(actor, "people", asked.people, problems, near=held)
    own = _own_of(actor, held, asked.people, now, problems)
    check_addresses(own, problems)
    for colleague in asked.colleagues:
        check_colleague("colleagues", colleague, [held], problems)


def _own_of(
    actor: User, held: Relationship, people: Sequence[Party], now: datetime, problems: Problems
) -> list[Party]:
    """Those who belong to the party; notes the others whom the actor may know of.

    Names of guests stand where everybody sees them who sees the relationship, so no others are asked.
    """
    asked = {person.pk for person in people}
    rows = those_of(held, as_of=today_of(actor, now)).filter(pk__in=asked)
    own = set(rows.values_list("pk", flat=True))
    strangers = Party.objects.visible_to(actor).filter(pk__in=asked - own)
    for person in strangers.order_by("name", "pk"):
        words = _("%(name)s does not belong to %(party)s.")
        problems.add("people", words % {"name": person.name, "party": held.party_name})
    return [person for person in people if person.pk in own]


def _refuse_begun(follow_up: FollowUp, now: datetime) -> None:
    """Of what has begun nobody is told any more."""
    begins = MeetingInvitation(
        due_date=follow_up.due_date, due_time=follow_up.due_time, assignee=follow_up.assignee
    )
    if starts_at(begins) < now:
        raise Conflict(_("This meeting has begun. Its guests stay as they are; put it off to ask others."))


def _write(invitation: MeetingInvitation, change: Change, actor: User, now: datetime) -> None:
    gone = [guest.pk for guest in change.removed]
    MeetingGuest.objects.filter(pk__in=gone).delete()
    for guest in change.added:
        guest.invitation = invitation
    MeetingGuest.objects.bulk_create(change.added)
    catch_up(invitation, invitation.follow_up)
    for name, (_before, value) in change.words.items():
        setattr(invitation, name, value)
    invitation.called_off_at = None
    invitation.sequence += 1
    invitation.save()
    tell(invitation, change.told, everyone=change.everyone, actor=actor, now=now)


def _facts(before: Guests, after: Guests, change: Change) -> dict[str, object]:
    """Before and after, of whom the actor may know."""
    were, are = ([guest.name for guest in each.seen] for each in (before, after))
    words = {name: list(pair) for name, pair in change.words.items()}
    return {
        "guests_before": were,
        "guests_after": are,
        "added": [guest.name for guest in change.added],
        "removed": [guest.name for guest in change.removed],
        "changed": words,
    }
