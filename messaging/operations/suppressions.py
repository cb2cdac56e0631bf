"""Addresses that get no mail from us, or none of some sort."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Invalid, Missing
from messaging.enums import MailPurpose, SuppressedBecause
from messaging.models import SuppressedAddress
from messaging.operations.addresses import compared_form, is_address

HOLDS_AGAINST = {
    SuppressedBecause.BOUNCED: frozenset(MailPurpose),
    SuppressedBecause.UNWANTED: frozenset(MailPurpose),
    SuppressedBecause.NO_NEWS: frozenset({MailPurpose.NEWS}),
}
"""Which mails a reason stops: who wants no news is still answered."""


def reasons_against(addresses: Iterable[str], purpose: str) -> dict[str, str]:
    """Of these addresses those that may not get a mail for this purpose, with the words of the first reason."""
    forms = {address: compared_form(address) for address in addresses}
    reasons = [reason for reason, purposes in HOLDS_AGAINST.items() if purpose in purposes]
    rows = SuppressedAddress.objects.filter(address__in=forms.values(), reason__in=reasons)
    known: dict[str, str] = {}
    for row in rows.order_by("since", "pk"):
        known.setdefault(row.address, row.get_reason_display())
    return {address: known[form] for address, form in forms.items() if form in known}


@transaction.atomic
def suppress(*, actor: User, address: str, reason: str, now: datetime, note: str = "") -> SuppressedAddress:
    """Has an address get no more mail, for a reason; once for each. Raises NotAllowed or Invalid.

    What is already queued to it is stopped when its time comes.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    wrong: dict[str, str] = {}
    if not is_address(address.strip()):
        wrong["address"] = _("“%(value)s” is not an e-mail address.") % {"value": address}
    if reason not in SuppressedBecause.values:
        wrong["reason"] = _("Choose one of: %(names)s.") % {"names": ", ".join(SuppressedBecause.values)}
    if len(note.strip()) > 400 or "\x00" in note:
        wrong["note"] = _("At most %(most)d characters fit.") % {"most": 400}
    if wrong:
        raise Invalid(wrong)
    return _add(compared_form(address.strip()), reason, note.strip(), actor, now)


def suppress_by_machine(address: str, reason: str, note: str, now: datetime) -> SuppressedAddress:
    """The same for what a mail server told: it has no maker."""
    return _add(compared_form(address), reason, note, None, now)


def _add(address: str, reason: str, note: str, actor: User | None, now: datetime) -> SuppressedAddress:
    given = {"note": note, "since": now, "added_by": actor}
    row, is_new = SuppressedAddress.objects.get_or_create(address=address, reason=reason, defaults=given)
    if is_new:
        _write_down("address_suppressed", row, actor, now)
    return row


@transaction.atomic
def lift_suppression(*, actor: User, suppression_id: int, now: datetime) -> None:
    """Lets mail go to an address again, as far as this reason goes. Raises NotAllowed or Missing."""
    require(actor, Permission.MANAGE_WORKSPACE)
    row = SuppressedAddress.objects.select_for_update().filter(pk=suppression_id).first()
    if row is None:
        raise Missing(_("There is no such address."))
    _write_down("suppression_lifted", row, actor, now)
    row.delete()


def _write_down(verb: str, row: SuppressedAddress, actor: User | None, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk if actor else None, verb=verb, now=now, subject_type="suppressedaddress",
        subject_id=row.pk, data={"reason": row.reason},
    )  # fmt: skip
