"""What health's notifications are about, in words for those who may know of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from health.enums import Rule
from health.models import Alert, Proposal, Review
from messaging.registry import Line, Said, Subject
from relationships.queries.notices import at, in_relationship, is_open, of_both


def _alert(said: Said) -> Line:
    place = f"/alerts/?whose=all&relationship={said.number}"
    return Line(str(Rule(said.title).label), place, said.name, is_open(said))


def _review(said: Said) -> Line:
    title = _("Review of %(name)s") % {"name": said.title}
    return Line(title, f"/reviews/{said.pk}/", is_open=is_open(said))


def _proposals_seen(user: User) -> "QuerySet[Any]":
    """As on their page: none for somebody who sees no money anywhere."""
    if not user.may(Permission.VIEW_MONEY):
        return Proposal.objects.none()
    return Proposal.objects.visible_to(user)


SUBJECTS = {
    "alert": Subject(
        Alert.objects.visible_to,
        _alert,
        in_relationship("rule", number="relationship_id", confidentiality=of_both("interaction__")),
    ),
    "review": Subject(Review.objects.visible_to, _review, in_relationship("relationship__party_name")),
    "proposal": Subject(_proposals_seen, at("/proposals/%d/"), in_relationship("title")),
}
