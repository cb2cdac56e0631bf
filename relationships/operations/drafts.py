"""Drafts of the composer: kept while somebody writes, gone once it is logged, forgotten after a month."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.enums import Permission
from accounts.models import User
from relationships.enums import Channel
from relationships.models import ComposerDraft, Relationship, Submission
from relationships.operations.access import hold_relationship
from relationships.operations.inputs import Problems

KEPT = timedelta(days=30)
LONGEST = 20_000
DISCARD = "DELETE FROM relationships_composerdraft WHERE writer_id = %s AND relationship_id = %s"


@transaction.atomic
def save_draft(
    *, actor: User, relationship: Relationship, body: str, channel: str, now: datetime, form_key: str = ""
) -> ComposerDraft | None:
    """Keeps what the actor has written so far about a relationship; an empty text drops it. None where nothing is kept.

    `form_key` is the key of the composer's form: once that form has been logged, what comes late from it is
    not kept any more. Whoever logs holds the relationship, so the two never cross.
    """
    held = hold_relationship(actor, relationship.pk, Permission.LOG_INTERACTIONS)
    problems = Problems()
    problems.choice("channel", channel, Channel.values)
    if body.strip():
        problems.text("body", body, most=LONGEST)
    problems.refuse()
    if form_key and Submission.objects.filter(actor=actor, key=form_key[:100]).exists():
        return None
    if not body.strip():
        discard_draft(actor=actor, relationship=held)
        return None
    draft, _created = ComposerDraft.objects.update_or_create(
        writer=actor, relationship=held, defaults={"body": body, "channel": channel, "saved_at": now}
    )
    return draft


@transaction.atomic(savepoint=False)
def discard_draft(*, actor: User, relationship: Relationship) -> None:
    """Drops the actor's own draft about a relationship, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(DISCARD, [actor.pk, relationship.pk])


@transaction.atomic
def forget_old_drafts(*, now: datetime) -> int:
    """Drops drafts that nobody has touched for thirty days; returns how many."""
    deleted, _each = ComposerDraft.objects.filter(saved_at__lt=now - KEPT).delete()
    return deleted
