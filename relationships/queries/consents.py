"""Whether somebody may be written to for a purpose, and what they said."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from relationships.enums import ConsentChannel, ConsentState, LawfulBasis
from relationships.models import Consent, ConsentStanding, Document, Interaction, Party, Purpose

TAKEN_AWAY = (ConsentState.REFUSED, ConsentState.WITHDRAWN)
SERVICE = "service"
"""The purpose of what the contract itself asks for: notices, introductions of a new contact."""


@dataclass(frozen=True)
class Leave:
    """Whether somebody may be reached for a purpose on a channel; `state` is what holds, if anything is known."""

    allowed: bool
    basis: str
    state: str
    standing: ConsentStanding | None = None


@dataclass(frozen=True)
class PurposeRow:
    """A purpose, and what a person may be reached by for it."""

    purpose: Purpose
    leaves: list[tuple[ConsentChannel, Leave]]


def may_contact(*, person: Party, purpose: str, channel: str, at: datetime) -> Leave:
    """Whether a person may be reached for a purpose on a channel at a moment. One query beside the purpose.

    Where consent is the basis it must be given and not have lapsed; what is not known is no consent. For every
    other basis the person must not have objected. A purpose that does not exist lets nobody be reached.
    """
    found = Purpose.objects.filter(slug=purpose).first()
    if found is None:
        return Leave(allowed=False, basis="", state="")
    standing = ConsentStanding.objects.filter(party=person, purpose=found, channel=channel).first()
    return _leave(found, standing, at)


def objectors(*, people: list[int], purpose: str, channel: str) -> set[int]:
    """Those of the people who refused or withdrew a purpose on a channel. One query."""
    rows = ConsentStanding.objects.filter(
        party_id__in=people, purpose__slug=purpose, channel=channel, state__in=TAKEN_AWAY
    )
    return set(rows.values_list("party_id", flat=True))


def purpose_rows(*, person: Party, at: datetime) -> list[PurposeRow]:
    """Every purpose in use with what holds for a person on each channel. Two queries."""
    rows = ConsentStanding.objects.filter(party=person).select_related("consent")
    standing = {(row.purpose_id, row.channel): row for row in rows}
    return [
        PurposeRow(
            purpose,
            [
                (channel, _leave(purpose, standing.get((purpose.pk, channel.value)), at))
                for channel in ConsentChannel
            ],
        )
        for purpose in Purpose.objects.filter(retired_at=None).order_by("name", "id")
    ]


def history(*, viewer: User, person: Party) -> "QuerySet[Consent]":
    """Everything that a person said, newest first; papers and talk only as far as the viewer may know of them."""
    rows = Consent.objects.filter(party=person).select_related("purpose", "wording", "recorded_by")
    return rows.order_by("-said_at", "-pk")


def proofs_seen(viewer: User, rows: list[Consent]) -> tuple[set[int], set[int]]:
    """The documents and the talks among the proofs that the viewer may know of. Two queries at most."""
    papers = {row.document_id for row in rows if row.document_id}
    talks = {row.interaction_id for row in rows if row.interaction_id}
    seen_papers = Document.objects.visible_to(viewer).filter(pk__in=papers)
    seen_talks = Interaction.objects.visible_to(viewer).filter(pk__in=talks)
    return (
        {paper.pk for paper in seen_papers} if papers else set(),
        {talk.pk for talk in seen_talks} if talks else set(),
    )


def _leave(purpose: Purpose, standing: ConsentStanding | None, at: datetime) -> Leave:
    if standing is None:
        return Leave(purpose.basis != LawfulBasis.CONSENT and purpose.retired_at is None, purpose.basis, "")
    state = standing.state
    if state == ConsentState.GIVEN and standing.expires_at is not None and standing.expires_at <= at:
        state = ConsentState.EXPIRED
    wanted = purpose.basis == LawfulBasis.CONSENT
    allowed = state == ConsentState.GIVEN if wanted else state not in TAKEN_AWAY
    return Leave(allowed and purpose.retired_at is None, purpose.basis, state, standing)
