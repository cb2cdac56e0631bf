"""What we owe by when, changed: a new version holds from now on, for open cases too; an old one stays as it was."""

from collections.abc import Mapping
from datetime import datetime

from celery.exceptions import OperationalError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from cases.enums import CaseSeverity, ClockType
from cases.models import SlaPolicy, SlaTarget
from cases.queries.policies import minutes_of
from cases.tasks import recount_clocks
from core.refusals import Conflict, Invalid

MOST_MINUTES = 60 * 24 * 366
Targets = Mapping[tuple[int, str], int]
"""Minutes of business time by severity and clock."""
EVERY = [(severity, clock) for severity in reversed(CaseSeverity.values) for clock in ClockType.values]


@transaction.atomic
def change_policy(*, actor: User, version: int, targets: Targets, reason: str, now: datetime) -> SlaPolicy:
    """Lets other targets hold from now on; the same ones again change nothing.

    Open clocks are held to them too: what has passed of those stays. Raises NotAllowed, Conflict when they are not
    those of `version` any more, and Invalid for each target that is missing or is no time.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    held = SlaPolicy.objects.select_for_update().get(retired_at=None)
    if held.version != version:
        raise Conflict(_("Somebody else has changed what we owe meanwhile. Look at it again."))
    _check(targets, reason)
    if dict(targets) == minutes_of(held):
        return held
    held.retired_at = now
    held.save(update_fields=["retired_at"])
    new = SlaPolicy.objects.create(
        version=held.version + 1, created_at=now, created_by=actor, reason=reason.strip()
    )
    SlaTarget.objects.bulk_create(
        SlaTarget(policy=new, severity=severity, clock=clock, minutes=targets[severity, clock])
        for severity, clock in EVERY
    )
    record_audit(actor_id=actor.pk, verb="sla_policy_changed", now=now, data={"version": new.version})
    transaction.on_commit(_hold_open_clocks)
    return new


def target_name(severity: int, clock: str) -> str:
    """What a target is called where each has a place of its own."""
    return f"{clock}_{severity}"


def _check(targets: Targets, reason: str) -> None:
    wrong = {
        target_name(severity, clock): _("Give a time of at least a minute, of at most a year.")
        for severity, clock in EVERY
        if not 1 <= targets.get((severity, clock), 0) <= MOST_MINUTES
    }
    if not reason.strip():
        wrong["reason"] = _("Say why.")
    elif len(reason.strip()) > SlaPolicy.LONGEST_REASON:
        wrong["reason"] = _("At most %(most)d letters.") % {"most": SlaPolicy.LONGEST_REASON}
    if wrong:
        raise Invalid(wrong)


def _hold_open_clocks() -> None:
    """Asks a worker to count the open clocks anew. Without a broker the next night does."""
    try:
        recount_clocks.apply_async(retry=False)
    except OperationalError:
        return
