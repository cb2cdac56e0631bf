"""Taking a list out of the workspace."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import NotAllowed
from core.sheets import as_csv
from relationships.permissions import may_somewhere
from relationships.queries.list_sheet import sheet
from relationships.queries.relationship_list import ListQuery, for_viewer


@transaction.atomic
def export_list(*, actor: User, query: ListQuery, now: datetime) -> Iterator[bytes]:
    """The list as CSV in its order, those rows alone in which the actor may export; it begins at once.

    That a list was taken out is in the security record before the first row is. Raises NotAllowed where the
    actor may export nothing of the kind.
    """
    if not may_somewhere(actor, Permission.EXPORT_DATA, query.kind):
        raise NotAllowed(_("Your role does not allow exporting."))
    facts = {"kind": query.kind, "format": "csv"}
    record_audit(actor_id=actor.pk, verb="list_exported", now=now, data=facts)
    return as_csv(*sheet(viewer=actor, query=for_viewer(actor, query), now=now))
