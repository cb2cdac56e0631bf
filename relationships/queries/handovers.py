"""Books that change hands: what somebody has in hand, what was handed over, and what waits to be accepted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Missing
from relationships import kinds
from relationships.enums import OPEN_COMMITMENT_STATES
from relationships.models import Commitment, FollowUp, Handover, HandoverPack, Relationship
from relationships.registry import registry

MOST = 500
CHECK_DAYS = 30


@dataclass(frozen=True)
class BookLine:
    """A relationship in somebody's book with their open work in it."""

    relationship: Relationship
    kind: kinds.Kind
    promises: int
    follow_ups: int


@dataclass(frozen=True)
class Book:
    """What somebody has in hand, as far as the viewer may know; `elsewhere` lies in other people's relationships.

    `others` tells how much there is of each sort of work of upper apps.
    """

    lines: list[BookLine]
    promises_elsewhere: int
    follow_ups_elsewhere: int
    others: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.lines or self.promises_elsewhere or self.follow_ups_elsewhere or self.others)


@dataclass(frozen=True)
class Pack:
    """A pack of a handover with whether its receiver has talked with them since."""

    pack: HandoverPack
    kind: kinds.Kind
    talked_since: bool
    is_late: bool

    @property
    def url(self) -> str:
        """Its page."""
        return f"/handovers/{self.pack.handover_id}/packs/{self.pack.pk}/"


def book_of(*, viewer: User, leaver: User) -> Book:
    """What the leaver has in hand and the viewer may know of, in three queries and one for each upper app's work."""
    mine = Q(commitments__owner=leaver, commitments__state__in=OPEN_COMMITMENT_STATES)
    planned = Q(follow_ups__assignee=leaver, follow_ups__done_at=None, follow_ups__cancelled_at=None)
    rows = (
        Relationship.objects.visible_to(viewer)
        .open()
        .filter(owner=leaver)
        .annotate(
            promises=Count("commitments", filter=mine, distinct=True),
            plans=Count("follow_ups", filter=planned, distinct=True),
        )
        .order_by("kind", "party_name", "pk")[:MOST]
    )
    away = ~Q(relationship__owner=leaver)
    works = registry.passed_on.values()
    counted = [(work, work.rows().visible_to(viewer).filter(owner=leaver).count()) for work in works]
    return Book(
        lines=[BookLine(row, kinds.registry.get(row.kind), row.promises, row.plans) for row in rows],
        promises_elsewhere=Commitment.objects.visible_to(viewer).open().filter(away, owner=leaver).count(),
        follow_ups_elsewhere=FollowUp.objects.visible_to(viewer).open().filter(away, assignee=leaver).count(),
        others=[work.words(count) for work, count in counted if count],
    )


def visible_handover(viewer: User, handover_id: int) -> Handover:
    """The handover; raises Missing when there is none that the viewer may know of."""
    rows = Handover.objects.visible_to(viewer).select_related("leaver", "handed_by")
    found = rows.filter(pk=handover_id).first()
    if found is None:
        raise Missing(_("There is no such handover."))
    return found


def packs_of(*, viewer: User, handover: Handover, now: datetime) -> list[Pack]:
    """The packs of a handover that the viewer may know of: still to be accepted first."""
    rows = _packs(viewer).filter(handover=handover)
    ordered = rows.order_by(F("accepted_at").asc(nulls_first=True), "relationship__party_name", "pk")
    return [_pack(row, now) for row in ordered[:MOST]]


def waiting_packs(*, viewer: User, now: datetime) -> list[Pack]:
    """What the viewer has been given and not yet accepted, the oldest first."""
    rows = _packs(viewer).filter(receiver=viewer, accepted_at=None)
    return [_pack(row, now) for row in rows.order_by("handover__handed_at", "pk")[:MOST]]


def handovers_seen(viewer: User) -> QuerySet[Handover]:
    """The last fifty handovers that the viewer may know of, the newest first."""
    return counted_handovers(viewer).order_by("-handed_at", "-pk")[:50]


def counted_handovers(viewer: User) -> QuerySet[Handover]:
    """The handovers that the viewer may know of, with how much of each they may know."""
    seen = Q(packs__in=HandoverPack.objects.visible_to(viewer))
    return (
        Handover.objects.visible_to(viewer)
        .select_related("leaver", "handed_by")
        .annotate(
            total=Count("packs", filter=seen),
            accepted=Count("packs", filter=seen & Q(packs__accepted_at__isnull=False)),
        )
    )


def visible_pack(viewer: User, handover_id: int, pack_id: int, now: datetime) -> Pack:
    """One pack; raises Missing when there is none that the viewer may know of."""
    found = _packs(viewer).filter(handover_id=handover_id, pk=pack_id).first()
    if found is None:
        raise Missing(_("There is no such handover."))
    return _pack(found, now)


def _packs(viewer: User) -> QuerySet[HandoverPack]:
    return HandoverPack.objects.visible_to(viewer).select_related(
        "handover__leaver", "handover__handed_by", "receiver", "noted_by",
        "relationship__party", "relationship__state", "relationship__owner",
    )  # fmt: skip


def _pack(row: HandoverPack, now: datetime) -> Pack:
    last = row.relationship.state.last_interaction_at
    talked = last is not None and last >= row.handover.handed_at
    late = not talked and now - row.handover.handed_at > timedelta(days=CHECK_DAYS)
    return Pack(row, kinds.registry.get(row.relationship.kind), talked, late)
