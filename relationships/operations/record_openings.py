"""Who opened a record that is for named people only: noted in the security record, once a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection, transaction

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from accounts.operations.audit import record_audit
from relationships.models import Relationship

VERB, RELATIONSHIP = "record_opened", "relationship"
A_DAY = timedelta(days=1)


def note_opening(*, actor: User, relationship: Relationship, now: datetime) -> None:
    """Notes that somebody opens a record, of which they were found to know: of a confidential or sealed one alone.

    Once for each person, record and day of that person. A word in the cache spares the database every further asking;
    it is set only once the entry is kept for good.
    """
    if relationship.confidentiality < Confidentiality.CONFIDENTIAL:
        return
    day = now.astimezone(ZoneInfo(actor.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    word = f"{VERB}:{actor.pk}:{relationship.pk}:{day:%Y-%m-%d}"
    if cache.get(word) is None:
        _note(actor, relationship, day, now, word)
        transaction.on_commit(lambda: cache.set(word, 1, A_DAY.total_seconds()))


@transaction.atomic
def _note(actor: User, relationship: Relationship, day: datetime, now: datetime, word: str) -> None:
    """Adds the entry, unless the day has one already; of two at once the later waits and finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [word])
    about = AuditEntry.objects.filter(subject_type=RELATIONSHIP, subject_id=relationship.pk, verb=VERB)
    if not about.filter(actor_id=actor.pk, at__gte=day).exists():
        record_audit(
            actor_id=actor.pk,
            verb=VERB,
            now=now,
            subject_type=RELATIONSHIP,
            subject_id=relationship.pk,
            data={"confidentiality": Confidentiality(relationship.confidentiality).name.lower()},
        )
