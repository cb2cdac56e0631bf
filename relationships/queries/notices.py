"""What the kernel's notifications are about, in words for those who may know of it."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Confidentiality
from messaging.registry import Line, Subject
from relationships.models import Commitment, Document, FollowUp, HandoverPack, Interaction, Relationship


def may_leave(relationship: Relationship, said_in: Interaction | None = None) -> bool:
    """Whether neither the relationship nor the talk is for few people only, so that a mail may name it."""
    classes = [relationship.confidentiality, said_in.confidentiality if said_in else 0]
    return max(classes) <= Confidentiality.INTERNAL


def record_of(relationship: Relationship) -> str:
    """The address of its record."""
    return f"/{relationship.kind}/{relationship.pk}/"


def _relationships(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {row.pk: Line(row.party_name, record_of(row), is_open=may_leave(row)) for row in rows}


def _promises(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.what,
            f"/commitments/{row.pk}/",
            row.relationship.party_name,
            may_leave(row.relationship, row.made_in),
        )
        for row in rows.select_related("relationship", "made_in")
    }


def _follow_ups(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.what,
            f"/follow-ups/{row.pk}/",
            row.relationship.party_name,
            may_leave(row.relationship, row.planned_in),
        )
        for row in rows.select_related("relationship", "planned_in")
    }


def _talks(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.subject or " ".join(row.body.split())[:120],
            record_of(row.relationship),
            row.relationship.party_name,
            may_leave(row.relationship, row),
        )
        for row in rows.select_related("relationship")
    }


def _packs(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.relationship.party_name,
            f"/handovers/{row.handover_id}/",
            is_open=may_leave(row.relationship),
        )
        for row in rows.select_related("relationship")
    }


def _documents(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.name,
            f"/documents/{row.pk}/preview/",
            row.relationship.party_name,
            may_leave(row.relationship) and row.confidentiality <= Confidentiality.INTERNAL,
        )
        for row in rows.select_related("relationship")
    }


SUBJECTS = {
    "document": Subject(Document.objects.visible_to, _documents),
    "relationship": Subject(Relationship.objects.visible_to, _relationships),
    "commitment": Subject(Commitment.objects.visible_to, _promises),
    "followup": Subject(FollowUp.objects.visible_to, _follow_ups),
    "interaction": Subject(Interaction.objects.visible_to, _talks),
    "handoverpack": Subject(HandoverPack.objects.visible_to, _packs),
}
