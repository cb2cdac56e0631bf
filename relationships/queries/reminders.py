"""Of which promises somebody has been reminded, and still has to look at."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import User
from relationships.models import Commitment, CommitmentReminder
from relationships.queries.kept import VIEWER, KeptRows, anyone_like, kept
from relationships.querysets import rights_of


def with_reminded_at(promises: "QuerySet[Commitment]", viewer: User) -> "QuerySet[Commitment]":
    """The promises with `reminded_at`: when the viewer was last reminded of each, for the date it has now."""
    told = CommitmentReminder.objects.filter(
        commitment=OuterRef("pk"), due_date=OuterRef("current_due_date"), told_to=viewer
    )
    return promises.annotate(reminded_at=Subquery(told.order_by("-told_at").values("told_at")[:1]))


def reminders_of(*, viewer: User, limit: int = 100) -> list[CommitmentReminder]:
    """The last reminder told to the viewer of each promise that is still open on that date, the earliest due first.

    A promise that the viewer may no longer know of is not among them.
    """
    rows = kept(
        ("reminders", rights_of(viewer), limit), lambda: KeptRows(_reminders(anyone_like(viewer))[:limit])
    )
    found = rows.ask({VIEWER: viewer.pk})
    return sorted(found, key=lambda reminder: (reminder.due_date, reminder.commitment_id))


def _reminders(viewer: User) -> "QuerySet[CommitmentReminder]":
    promises = Commitment.objects.visible_to(viewer).open()
    told = CommitmentReminder.objects.filter(
        told_to=viewer, due_date=F("commitment__current_due_date"), commitment__in=promises
    )
    last = told.order_by("commitment_id", "-due_at", "-id").distinct("commitment_id")
    return last.select_related("commitment__relationship", "commitment__owner", "commitment__person")
