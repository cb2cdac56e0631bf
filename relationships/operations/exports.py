"""Taking a list out of the workspace."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import NotAllowed
from relationships.models import Relationship
from relationships.permissions import may_in, may_somewhere
from relationships.queries.relationship_list import ListQuery, every_row


@transaction.atomic
def export_list(*, actor: User, query: ListQuery, now: datetime) -> Iterator[Relationship]:
    """The rows of the list in its order, those alone in which the actor may export, read as they are asked for.

    That a list was taken out is in the security record before the first row is. Raises NotAllowed where the
    actor may export nothing of the kind.
    """
    if not may_somewhere(actor, Permission.EXPORT_DATA, query.kind):
        raise NotAllowed(_("Your role does not allow exporting."))
    facts = {"kind": query.kind, "format": "csv"}
    record_audit(actor_id=actor.pk, verb="list_exported", now=now, data=facts)
    rows = every_row(viewer=actor, query=query, now=now)
    return (row for row in rows if may_in(actor, Permission.EXPORT_DATA, row))
