"""A document that changes: each content that it had stays, with who brought the next one, when and why."""

from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from accounts.enums import Permission
from accounts.models import User
from core.file_names import clean_name, type_by_name
from relationships.enums import Verb
from relationships.models import Document
from relationships.operations.access import hold_relationship
from relationships.operations.document_contents import examine, kept
from relationships.operations.document_texts import TEXT_COLUMNS, wait_for_text
from relationships.operations.documents import check_file, tell, visible_document, write_version
from relationships.operations.inputs import Problems

CHANGED = ("name", "content_type", "version", "size_bytes", "sha256", "file")


@transaction.atomic
def add_version(
    *, actor: User, document: Document, name: str, content: "IO[Any]", now: datetime, reason: str = ""
) -> Document:
    """The document's next content; the earlier ones stay as they are. What it is already changes nothing.

    Whoever may add documents may. Raises Invalid under `file` for what `add_document` would refuse, and Missing.
    """
    seen = visible_document(actor, document.pk)
    held = hold_relationship(actor, seen.relationship_id, Permission.LOG_INTERACTIONS)
    found = visible_document(actor, document.pk)  # again: somebody else may have changed it meanwhile
    arrived = examine(content, most=settings.DOCUMENT_MAX_BYTES)
    if arrived.sha256 == found.sha256:
        return found
    found.name = clean_name(name)
    problems = Problems()
    words = problems.text("reason", reason, most=400)
    check_file(problems, found, arrived, actor, held)
    problems.refuse()
    found.content_type, found.version = type_by_name(found.name), found.version + 1
    found.size_bytes, found.sha256 = arrived.size_bytes, arrived.sha256
    wait_for_text(found, now)
    with kept(content, arrived.sha256) as place:
        found.file.name = place
        found.save(update_fields=[*CHANGED, *TEXT_COLUMNS])
        write_version(found, actor, now, words)
        tell(found, held, Verb.DOCUMENT_VERSION_ADDED, actor, now, reason=words, version=found.version)
    return found
