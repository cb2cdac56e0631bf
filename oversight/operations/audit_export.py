"""Taking the record of what was done out of the workspace, which is itself written down."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from oversight.enums import Book, Format
from oversight.queries.audit import Question, entry_facts, event_facts


@transaction.atomic
def export_audit(*, actor: User, question: Question, form: Format, now: datetime) -> Iterator[dict[str, Any]]:
    """The entries that answer, read as they are asked for; that they were taken is written down before the first.

    Raises NotAllowed for who may not read the record.
    """
    require(actor, Permission.VIEW_AUDIT)
    facts = {"book": str(question.book), "format": form.value, "of": question.actor_id, "verb": question.verb}
    record_audit(actor_id=actor.pk, verb="audit_exported", now=now, data=facts)
    read = event_facts if question.book == Book.RELATIONSHIPS else entry_facts
    return read(actor, question)
