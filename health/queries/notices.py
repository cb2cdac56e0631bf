"""What health's notifications are about, in words for those who may know of it."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from health.models import Alert, Proposal, Review
from messaging.registry import Line, Subject
from relationships.queries.notices import may_leave


def _alerts(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    found = rows.select_related("relationship", "interaction")
    return {
        row.pk: Line(
            row.get_rule_display(),
            f"/alerts/?whose=all&relationship={row.relationship_id}",
            row.relationship.party_name,
            may_leave(row.relationship, row.interaction),
        )
        for row in found
    }


def _reviews(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            _("Review of %(name)s") % {"name": row.relationship.party_name},
            f"/reviews/{row.pk}/",
            is_open=may_leave(row.relationship),
        )
        for row in rows.select_related("relationship")
    }


def _proposals(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Line]:
    return {
        row.pk: Line(
            row.title, f"/proposals/{row.pk}/", row.relationship.party_name, may_leave(row.relationship)
        )
        for row in rows.select_related("relationship")
    }


def _proposals_seen(user: User) -> "QuerySet[Any]":
    """As on their page: none for somebody who sees no money anywhere."""
    if not user.may(Permission.VIEW_MONEY):
        return Proposal.objects.none()
    return Proposal.objects.visible_to(user)


SUBJECTS = {
    "alert": Subject(Alert.objects.visible_to, _alerts),
    "review": Subject(Review.objects.visible_to, _reviews),
    "proposal": Subject(_proposals_seen, _proposals),
}
