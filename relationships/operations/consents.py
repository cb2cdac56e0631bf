"""Consent: what a person said at whatever door is kept for ever, and the stricter of what holds wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from accounts.queries.actors import system_actor
from core.refusals import Conflict
from relationships.enums import ConsentChannel, ConsentDoor, ConsentState, LawfulBasis, Verb
from relationships.models import (
    Consent,
    ConsentStanding,
    Document,
    Interaction,
    Party,
    Purpose,
    PurposeWording,
)
from relationships.operations.access import hold_party
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems
from relationships.queries.consent_list_fields import forget_purposes

NOT_THE_PERSONS_OWN = (ConsentDoor.IMPORT,)
"""Doors at which somebody else speaks for the person: they cannot give back what the person took away."""
TAKEN_AWAY = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


@dataclass(frozen=True)
class Proof:
    """By what it can be shown that somebody said so."""

    evidence: str = ""
    wording: PurposeWording | None = None
    document: Document | None = None
    interaction: Interaction | None = None


@transaction.atomic
def record_consent(
    *,
    actor: User,
    party: Party,
    purpose: Purpose,
    state: str,
    door: str,
    now: datetime,
    channels: Sequence[str] = (),
    said_at: datetime | None = None,
    expires_at: datetime | None = None,
    proof: Proof | None = None,
) -> list[Consent]:
    """Keeps what a person said, for these channels or for every one, and lets it hold where it is decisive.

    What was said before something that holds is kept and changes nothing, and neither does an import that gives
    back what was withdrawn or refused: only the person can. Raises Invalid, Missing, NotAllowed.
    """
    held = hold_party(actor, party.pk)
    shown, said = proof or Proof(), said_at or now
    problems = Problems()
    _check_words(state, door, channels, problems)
    problems.past_moment("said_at", said, now)
    words = problems.text("evidence", shown.evidence, most=400)
    _check(held, purpose, shown, problems)
    _check_end(state, said, expires_at, problems)
    problems.refuse()
    made = [
        Consent(
            party=held, purpose=purpose, channel=channel, state=state, door=door, said_at=said, evidence=words,
            wording=shown.wording, document=shown.document, interaction=shown.interaction,
            expires_at=expires_at, recorded_at=now, recorded_by=actor,
        )
        for channel in (dict.fromkeys(channels) or [""])
    ]  # fmt: skip
    Consent.objects.bulk_create(made)
    for consent in made:
        _let_hold(consent)
    _record(made, channels, now)
    return made


@transaction.atomic
def expire_due(*, now: datetime, limit: int = 500) -> int:
    """What was given until a moment that is over lapses, and that is written down; returns how many did."""
    due = list(
        ConsentStanding.objects.filter(state=ConsentState.GIVEN, expires_at__lte=now)
        .select_related("purpose")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("expires_at", "id")[:limit]
    )
    actor = system_actor()
    for standing in due:
        lapsed = Consent.objects.create(
            party_id=standing.party_id, purpose=standing.purpose, channel=standing.channel,
            state=ConsentState.EXPIRED, door=ConsentDoor.LAPSED, said_at=standing.expires_at or now, recorded_at=now,
            recorded_by=actor,
        )  # fmt: skip
        standing.state, standing.consent, standing.said_at = lapsed.state, lapsed, lapsed.said_at
        standing.expires_at = None
        standing.save()
    return len(due)


@transaction.atomic
def create_purpose(
    *, actor: User, name: str, slug: str, basis: str, what: str, wording: str, now: datetime
) -> Purpose:
    """A further thing that people are asked about, with the words by which they are."""
    require(actor, Permission.MANAGE_WORKSPACE)
    problems = Problems()
    called = problems.text("name", name, most=80, required=True)
    problems.choice("basis", basis, LawfulBasis.values)
    told = problems.text("what", what, most=400)
    text = problems.text("wording", wording, most=4000, required=basis == LawfulBasis.CONSENT)
    problems.refuse()
    if Purpose.objects.filter(slug=slug).exists():
        raise Conflict(_("There is a purpose called “%(slug)s”.") % {"slug": slug}, missing=["slug"])
    purpose = Purpose.objects.create(slug=slug, name=called, basis=basis, what=told)
    if text:
        PurposeWording.objects.create(purpose=purpose, version=1, text=text, written_at=now, written_by=actor)
    forget_purposes()
    _tell(actor, "purpose_created", purpose, now)
    return purpose


@transaction.atomic
def reword_purpose(*, actor: User, purpose: Purpose, text: str, now: datetime) -> PurposeWording:
    """Other words for those who are asked from now on; what was agreed to before stays as it was."""
    require(actor, Permission.MANAGE_WORKSPACE)
    problems = Problems()
    words = problems.text("text", text, most=4000, required=True)
    problems.refuse()
    held = Purpose.objects.select_for_update().get(pk=purpose.pk)
    latest = held.wordings.order_by("-version").values_list("version", flat=True).first() or 0
    wording = PurposeWording.objects.create(
        purpose=held, version=latest + 1, text=words, written_at=now, written_by=actor
    )
    _tell(actor, "purpose_reworded", held, now)
    return wording


def _check(held: Party, purpose: Purpose, shown: Proof, problems: Problems) -> None:
    if not held.is_person:
        problems.add("party", _("Only a person consents; “%(name)s” is none.") % {"name": held.name})
    if purpose.retired_at is not None:
        problems.add("purpose", _("Nobody is asked for “%(name)s” any more.") % {"name": purpose.name})
    if shown.wording is not None and shown.wording.purpose_id != purpose.pk:
        problems.add("wording", _("These are the words of another purpose."))


def _check_words(state: str, door: str, channels: Sequence[str], problems: Problems) -> None:
    problems.choice("state", state, [each for each in ConsentState.values if each != ConsentState.EXPIRED])
    problems.choice("door", door, [each for each in ConsentDoor.values if each != ConsentDoor.LAPSED])
    for channel in channels:
        problems.choice("channels", channel, ConsentChannel.values)


def _check_end(state: str, said: datetime, expires_at: datetime | None, problems: Problems) -> None:
    if expires_at is not None and state != ConsentState.GIVEN:
        problems.add("expires_at", _("Only what is given can lapse."))
    elif expires_at is not None and expires_at <= said:
        problems.add("expires_at", _("It would have lapsed before it was said."))


def _let_hold(consent: Consent) -> None:
    """What was said becomes what holds, on each of its channels, unless something stricter or later does."""
    channels = [consent.channel] if consent.channel else ConsentChannel.values
    standing = {
        each.channel: each
        for each in ConsentStanding.objects.filter(
            party_id=consent.party_id, purpose_id=consent.purpose_id, channel__in=channels
        ).select_for_update()
    }
    for channel in channels:
        before = standing.get(channel)
        if before is not None and not _decides(consent, before):
            continue
        ConsentStanding.objects.update_or_create(
            party_id=consent.party_id,
            purpose_id=consent.purpose_id,
            channel=channel,
            defaults={
                "state": consent.state,
                "consent": consent,
                "said_at": consent.said_at,
                "expires_at": consent.expires_at,
            },
        )


def _record(made: list[Consent], channels: Sequence[str], now: datetime) -> None:
    """One line on the timeline for everything that was said at once."""
    first = made[0]
    data = {"purpose": first.purpose.name, "state": first.state, "channels": list(channels)}
    record_event(
        relationship=None, party=first.party, verb=Verb.CONSENT_RECORDED, actor=first.recorded_by, now=now,
        happened_at=first.said_at, subject=first, data=data,
    )  # fmt: skip


def _decides(consent: Consent, before: ConsentStanding) -> bool:
    if consent.door in NOT_THE_PERSONS_OWN and consent.state == ConsentState.GIVEN:
        return before.state not in TAKEN_AWAY and consent.said_at >= before.said_at
    if consent.said_at == before.said_at:
        order = ConsentState.values
        return order.index(consent.state) >= order.index(before.state)
    return consent.said_at > before.said_at


def _tell(actor: User, verb: str, purpose: Purpose, now: datetime) -> None:
    facts = {"slug": purpose.slug, "basis": purpose.basis}
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="purpose", subject_id=purpose.pk, data=facts
    )
