"""Introductions on a handover: changed where wanted, and sent once somebody has confirmed them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict, Missing
from messaging.operations.outbox import enqueue_message
from relationships.enums import ConsentChannel, Verb
from relationships.models import Handover, HandoverMail, HandoverPack
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems
from relationships.queries.consents import SERVICE, objectors
from relationships.queries.handover_mails import Letter, letters_of, own_handover


@transaction.atomic
def edit_letter(
    *, actor: User, pack: HandoverPack, address: str, subject: str, body: str, now: datetime
) -> HandoverMail:
    """Keeps an introduction as it was changed; `address` is one of those known there.

    Raises Missing, NotAllowed, Invalid, and Conflict once it went.
    """
    letter = _letters(actor, pack.handover, [pack.pk], now)
    if not letter:
        raise Missing(_("There is no such introduction."))
    if letter[0].is_sent:
        raise Conflict(_("This introduction went already."))
    known = {each.value: each for each in letter[0].addresses}
    problems = Problems()
    problems.choice("address", address, known)
    words = problems.text("subject", subject, most=200, required=True)
    if "\n" in words or "\r" in words:
        problems.add("subject", _("The subject is one line."))
    text = problems.text("body", body, most=4000, required=True)
    problems.refuse()
    given = {"address": address, "subject": words, "body": text + "\n", "person": known[address].person}
    return HandoverMail.objects.update_or_create(pack=pack, defaults=given | {"edited_at": now})[0]


@transaction.atomic
def send_letters(*, actor: User, handover: Handover, pack_ids: Sequence[int], now: datetime) -> int:
    """Puts these introductions into the outbox as they are, each once; returns how many.

    What has no address, went before or is out of the actor's sight is left out, and so is who objected to such
    letters. Raises NotAllowed.
    """
    going = _not_objected_to([letter for letter in _letters(actor, handover, pack_ids, now) if letter.can_go])
    events = []
    for letter in going:
        pack, address = letter.pack, letter.address
        assert address is not None  # noqa: S101 - it can go
        message = EmailMessage(
            subject=letter.subject, body=letter.body, to=[address.value], reply_to=[pack.receiver.email]
        )
        enqueue_message(
            message=message, actor=actor, now=now, key=f"handover-introduction:{pack.pk}",
            subject_ref=f"handover:{handover.pk}",
        )  # fmt: skip
        sent = {
            "address": address.value, "person": address.person, "subject": letter.subject,
            "body": letter.body, "sent_at": now, "sent_by": actor,
        }  # fmt: skip
        HandoverMail.objects.update_or_create(pack=pack, defaults=sent)
        events.append(
            event_of(
                relationship=pack.relationship, party=pack.relationship.party, actor=actor, now=now,
                verb=Verb.HANDOVER_INTRODUCED, data={"to": address.name, "new": pack.receiver.name},
            )
        )  # fmt: skip
    record_events(events)
    return len(going)


def _not_objected_to(letters: list[Letter]) -> list[Letter]:
    named = [letter.address.person.pk for letter in letters if letter.address and letter.address.person]
    objecting = objectors(people=named, purpose=SERVICE, channel=ConsentChannel.EMAIL) if named else set()
    return [
        letter
        for letter in letters
        if not (letter.address and letter.address.person and letter.address.person.pk in objecting)
    ]


def _letters(actor: User, handover: Handover, pack_ids: Sequence[int], now: datetime) -> list[Letter]:
    """The letters of these packs, which are locked, for who had the book or handed it over."""
    found = own_handover(actor, handover.pk)
    held = HandoverPack.objects.filter(handover=found, pk__in=pack_ids).select_for_update().order_by("id")
    ids = list(held.values_list("pk", flat=True))
    today = now.astimezone(ZoneInfo(actor.time_zone)).date()
    return letters_of(viewer=actor, handover=found, as_of=today, pack_ids=ids)
