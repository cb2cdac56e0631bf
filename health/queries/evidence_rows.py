"""What the kernel's evidence rows are: talk, promises, people and channels, each as far as the viewer may know."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from health.registry import RowType, ShownRow
from relationships.enums import Channel
from relationships.models import Commitment, Interaction, Party, Relationship
from relationships.queries.interactions import told_interactions


def _talk_of(viewer: User, relationship: Relationship) -> Any:
    return told_interactions(viewer).filter(relationship=relationship)


def _show_talk(talk: Interaction, relationship: Relationship) -> ShownRow:
    told: list[dict[str, str]] = getattr(talk, "people_told", [])
    names = ", ".join([talk.actor.name, *(person["name"] for person in told)])
    way = _("%(channel)s, %(direction)s") % {
        "channel": talk.get_channel_display(), "direction": talk.get_direction_display()
    }  # fmt: skip
    title = talk.subject or talk.body[:80] or way
    detail = names if title == way else _("%(way)s: %(names)s") % {"way": way, "names": names}
    return ShownRow(title, detail, f"/interactions/{talk.pk}/versions/", talk.happened_at)


def _promises_of(viewer: User, relationship: Relationship) -> Any:
    return Commitment.objects.visible_to(viewer).filter(relationship=relationship)


def _show_promise(promise: Commitment, relationship: Relationship) -> ShownRow:
    detail = _("%(state)s, due first on the day shown") % {"state": promise.get_state_display()}
    return ShownRow(promise.what, detail, f"/commitments/{promise.pk}/", promise.original_due_date)


def _parties_of(viewer: User, relationship: Relationship) -> Any:
    return Party.objects.visible_to(viewer)


def _show_party(party: Party, relationship: Relationship) -> ShownRow:
    return ShownRow(party.name, href=f"/parties/{party.pk}/")


def _show_channel(name: str, relationship: Relationship) -> ShownRow:
    return ShownRow(str(Channel(name).label), _("The last time in this way"))


ROW_TYPES = (
    RowType("interaction", _show_talk, _talk_of),
    RowType("commitment", _show_promise, _promises_of),
    RowType("party", _show_party, _parties_of),
    RowType("channel", _show_channel),
)
