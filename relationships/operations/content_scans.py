"""Contents of documents looked at for viruses before anybody gets them: each waits as a row with a due moment.

Whoever takes one puts its moment off first and holds nothing while the scanner reads; a worker that dies with it
leaves it to the next.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import RoleGrant
from accounts.operations.audit import record_audit
from core.clamd import Unreachable, virus_in
from messaging.operations.notifications import Telling, tell
from relationships.enums import Tells
from relationships.models import ContentScan, Document, DocumentVersion
from relationships.operations.document_contents import place_of

BATCH = 50
LEASE = timedelta(minutes=5)
RETRY_AFTER = tuple(timedelta(minutes=wait) for wait in (1, 2, 5, 15))
"""How long a content waits after each try that came to nothing; after the last, as long again each time."""

QUEUE_OLD = """
INSERT INTO relationships_contentscan (sha256, state, virus, problem, tries, due_at)
SELECT DISTINCT version.sha256, 'waiting', '', '', 0, %s::timestamptz FROM relationships_documentversion version
WHERE version.file <> '' AND NOT EXISTS (
    SELECT FROM relationships_contentscan scan WHERE scan.sha256 = version.sha256)
ON CONFLICT DO NOTHING
"""


def wait_for_scan(sha256: str, now: datetime) -> None:
    """Has a content that was just kept wait for the scanner, where there is one.

    What was found clean stays so; what was found infected is asked about again, so that whoever brought it hears.
    """
    if not settings.CLAMD:
        return
    waiting = ContentScan.State.WAITING
    row = ContentScan(sha256=sha256, state=waiting, due_at=now)
    ContentScan.objects.bulk_create([row], ignore_conflicts=True)
    known = ContentScan.objects.filter(sha256=sha256, state=ContentScan.State.INFECTED)
    known.update(state=waiting, virus="", tries=0, due_at=now)


@transaction.atomic
def queue_unscanned(*, now: datetime) -> int:
    """Has everything wait that was kept while there was no scanner; returns how many contents. None without one."""
    if not settings.CLAMD:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_OLD, [now])
        return int(cursor.rowcount)


def scan_due(*, now: datetime) -> int:
    """Has contents scanned that wait, a batch at most; returns how many. A scanner out of reach ends the run."""
    done = 0
    while settings.CLAMD and done < BATCH and (taken := _take(now)):
        if not _scan(taken, now):
            break
        done += 1
    return done


@transaction.atomic
def _take(now: datetime) -> ContentScan | None:
    due = ContentScan.objects.filter(due_at__lte=now).order_by("due_at", "sha256")
    found = due.select_for_update(skip_locked=True).first()
    if found is None:
        return None
    found.due_at, found.tries = now + LEASE, found.tries + 1
    found.save(update_fields=["due_at", "tries"])
    return found


def _scan(taken: ContentScan, now: datetime) -> bool:
    """Whether the scanner could say; the row then holds what it said."""
    try:
        with default_storage.open(place_of(taken.sha256)) as content:
            virus = virus_in(content, place=settings.CLAMD)
    except (Unreachable, FileNotFoundError) as error:
        wait = RETRY_AFTER[min(taken.tries, len(RETRY_AFTER)) - 1]
        _still(taken).update(due_at=now + wait, problem=str(error)[:300])
        return isinstance(error, FileNotFoundError)
    _settle(taken, virus[:200], now)
    return True


def _still(taken: ContentScan) -> "QuerySet[ContentScan]":
    """The row, unless its turn was lost to another worker meanwhile."""
    return ContentScan.objects.filter(sha256=taken.sha256, state=ContentScan.State.WAITING, tries=taken.tries)


@transaction.atomic
def _settle(taken: ContentScan, virus: str, now: datetime) -> None:
    state = ContentScan.State.INFECTED if virus else ContentScan.State.CLEAN
    changed = _still(taken).update(state=state, virus=virus, problem="", due_at=None, scanned_at=now)
    if changed and virus:
        _tell_infected(taken.sha256, now)


def _tell_infected(sha256: str, now: datetime) -> None:
    """Whoever brought it and the administrators hear of each document that has it, and the security record keeps it."""
    administrators = RoleGrant.objects.filter(role="administrator", ended_at=None, user__is_active=True)
    everywhere = set(administrators.values_list("user_id", flat=True))
    versions = DocumentVersion.objects.filter(sha256=sha256)
    documents = Document.objects.filter(pk__in=versions.values("document"), removed_at=None).order_by("pk")
    for document in documents:
        brought = versions.filter(document=document).values_list("uploaded_by", flat=True)
        tellings = [Telling(pk, "document", document.pk) for pk in sorted(everywhere | set(brought))]
        tell(topic=Tells.INFECTED, tellings=tellings, actor=None, now=now)
        facts = {"relationship": document.relationship_id}
        record_audit(
            actor_id=None, verb="document_infected", now=now, subject_type="document", subject_id=document.pk,
            data=facts,
        )  # fmt: skip
