"""Taking a list out of the workspace."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import NotAllowed
from relationships.permissions import may_somewhere


@transaction.atomic
def begin_export(*, actor: User, kind: str, now: datetime) -> None:
    """Puts into the security record that a list of a kind is taken out, before the first row is.

    Raises NotAllowed where the actor may export nothing of the kind; of which rows, `may_in` decides.
    """
    if not may_somewhere(actor, Permission.EXPORT_DATA, kind):
        raise NotAllowed(_("Your role does not allow exporting."))
    record_audit(actor_id=actor.pk, verb="list_exported", now=now, data={"kind": kind, "format": "csv"})
