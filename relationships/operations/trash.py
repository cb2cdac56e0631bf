"""The trash: what was removed can be put back for some weeks; then its content goes for good."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Missing
from relationships.enums import Verb
from relationships.models import Document, DocumentVersion
from relationships.operations.access import hold_relationship, require
from relationships.operations.document_contents import let_go
from relationships.operations.documents import tell


@transaction.atomic
def restore_document(*, actor: User, document: Document, now: datetime) -> Document:
    """Puts a document back as it was, with all its versions.

    Whoever added or removed it may, and who manages the relationship. Raises Missing for what is not in the actor's
    trash, and Conflict when the same file was added again meanwhile.
    """
    seen = _in_trash(actor, document.pk)
    held = hold_relationship(actor, seen.relationship_id, Permission.LOG_INTERACTIONS)
    found = _in_trash(actor, document.pk)  # again: somebody else may have put it back meanwhile
    if actor.pk not in (found.uploaded_by_id, found.removed_by_id):
        require(actor, Permission.MANAGE_RELATIONSHIPS, held)
    same = held.documents.visible_to(actor).filter(sha256=found.sha256).first()
    if same is not None:
        raise Conflict(_("This very file is here again, as “%(name)s”.") % {"name": same.name})
    found.removed_at, found.removed_by, found.removed_reason = None, None, ""
    found.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    tell(found, held, Verb.DOCUMENT_RESTORED, actor, now)
    record_audit(
        actor_id=actor.pk,
        verb="document_restored",
        now=now,
        subject_type="document",
        subject_id=found.pk,
        data={"relationship": found.relationship_id},
    )
    return found


def purge(documents: Sequence[Document], *, now: datetime) -> None:
    """Takes away contents and words of removed documents, within the transaction of whoever decided it."""
    ids = [document.pk for document in documents]
    versions = DocumentVersion.objects.filter(document__in=ids)
    places = {str(document.file) for document in documents} | set(versions.values_list("file", flat=True))
    let_go(places - {""})
    emptied = {"file": "", "note": "", "full_text": "", "text_due_at": None, "purged_at": now}
    Document.objects.filter(pk__in=ids).update(**emptied)
    versions.update(file="", reason="")


def _in_trash(actor: User, document_id: int) -> Document:
    found = Document.objects.in_trash_of(actor).filter(pk=document_id).first()
    if found is None:
        raise Missing(_("There is no such document in the trash."))
    return found
