"""What has been in the trash for long enough goes for good, but for what the law or a consent has us keep."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.operations.audit import record_audit
from accounts.queries.actors import system_actor
from oversight.models import LegalHold
from relationships.models import Consent, Document, SavedView
from relationships.operations.trash import purge
from relationships.queries.trash import KEPT

BATCH = 200


def purge_due(*, now: datetime) -> int:
    """Purges what was removed thirty days ago, a batch in a transaction; returns how many things went."""
    SavedView.objects.filter(removed_at__lte=now - KEPT).delete()
    done, more = 0, True
    while more:
        gone = _batch(now)
        done, more = done + gone, gone == BATCH
    return done


@transaction.atomic
def _batch(now: datetime) -> int:
    rows = list(_due(now).select_for_update(skip_locked=True, of=("self",))[:BATCH])
    purge(rows, now=now)
    actor = system_actor().pk
    for row in rows:
        facts = {"relationship": row.relationship_id}
        record_audit(
            actor_id=actor,
            verb="document_purged",
            now=now,
            subject_type="document",
            subject_id=row.pk,
            data=facts,
        )
    return len(rows)


def _due(now: datetime) -> "QuerySet[Document]":
    held = LegalHold.objects.filter(lifted_at=None)
    return (
        Document.objects.filter(removed_at__lte=now - KEPT, purged_at=None)
        .exclude(relationship__party__in=held.values("party"))
        .exclude(Exists(Consent.objects.filter(document=OuterRef("pk"))))
        .order_by("removed_at", "pk")
    )
