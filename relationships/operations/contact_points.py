"""Ways to reach a party, kept as written and in one normal form, so that the same number is found however typed."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from django.db import transaction
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from accounts.models import BusinessUnit, User
from core.refusals import Conflict, Invalid, Missing
from relationships.enums import ContactPointKind, Verb
from relationships.models import ContactPoint, Event, Party
from relationships.operations.access import hold_party
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems


@transaction.atomic
def add_contact_point(
    *,
    actor: User,
    party: Party,
    kind: str,
    value: str,
    now: datetime,
    label: str = "",
    preferred: bool = False,
) -> ContactPoint:
    """Adds a way to reach a party; the first of its kind is the preferred one."""
    held = hold_party(actor, party.pk)
    written, normalised, words = _clean(held, kind, value, label)
    others = held.contact_points.filter(kind=kind)
    if others.filter(normalised=normalised).exists():
        raise Conflict(_("“%(value)s” is already there.") % {"value": written})
    first = preferred or not others.exists()
    if first:
        others.filter(is_preferred=True).update(is_preferred=False)
    point = ContactPoint.objects.create(
        party=held,
        kind=kind,
        value=written,
        normalised=normalised,
        label=words,
        is_preferred=first,
        created_at=now,
    )
    _tell(point, held, Verb.CONTACT_POINT_ADDED, actor, now)
    return point


def write_contact_points(
    *, actor: User, party: Party, points: Mapping[str, tuple[str, str]], now: datetime
) -> list[Event]:
    """The first ways to reach a new party: by kind the value as typed and its normal form.

    Gives the lines that tell of them, not yet written.
    """
    added = ContactPoint.objects.bulk_create(
        ContactPoint(
            party=party, kind=kind, value=value.strip(), normalised=normal, is_preferred=True, created_at=now
        )
        for kind, (value, normal) in points.items()
    )
    return [_line(point, party, Verb.CONTACT_POINT_ADDED, actor, now) for point in added]


@transaction.atomic
def edit_contact_point(
    *,
    actor: User,
    contact_point: ContactPoint,
    value: str,
    now: datetime,
    label: str = "",
    do_not_use: bool = False,
) -> ContactPoint:
    """Corrects a way to reach a party, or says that it must not be used."""
    held, found = _hold(actor, contact_point)
    written, normalised, words = _clean(held, found.kind, value, label)
    if held.contact_points.filter(kind=found.kind, normalised=normalised).exclude(pk=found.pk).exists():
        raise Conflict(_("“%(value)s” is already there.") % {"value": written})
    found.value, found.normalised, found.label = written, normalised, words
    found.do_not_use_since = (found.do_not_use_since or now) if do_not_use else None
    found.save(update_fields=["value", "normalised", "label", "do_not_use_since"])
    _tell(found, held, Verb.CONTACT_POINT_EDITED, actor, now)
    return found


@transaction.atomic
def remove_contact_point(*, actor: User, contact_point: ContactPoint, now: datetime) -> None:
    """Takes a way to reach a party away; that it was there stays on the timeline, the value does not."""
    held, found = _hold(actor, contact_point)
    _tell(found, held, Verb.CONTACT_POINT_REMOVED, actor, now)
    found.delete()


@transaction.atomic
def prefer_contact_point(*, actor: User, contact_point: ContactPoint, now: datetime) -> ContactPoint:
    """Makes it the first choice among those of its kind."""
    held, found = _hold(actor, contact_point)
    held.contact_points.filter(kind=found.kind, is_preferred=True).update(is_preferred=False)
    found.is_preferred = True
    found.save(update_fields=["is_preferred"])
    _tell(found, held, Verb.CONTACT_POINT_EDITED, actor, now)
    return found


def normalise(kind: str, value: str, region: str) -> str:
    """The form in which two spellings of one address are equal; raises Invalid under `value` with the reason.

    `region` is the country whose numbers are written without a country code.
    """
    if kind == ContactPointKind.EMAIL:
        return _email(value)
    if kind == ContactPointKind.PHONE:
        return _phone(value, region)
    if kind == ContactPointKind.URL:
        return _url(value)
    return " ".join(value.casefold().split())


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized.casefold()
    except EmailNotValidError as error:
        raise Invalid(
            {"value": _("“%(value)s” is not an e-mail address: %(why)s") % {"value": value, "why": error}}
        ) from None


def _phone(value: str, region: str) -> str:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        raise Invalid({"value": _("“%(value)s” is not a phone number.") % {"value": value}}) from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid(
            {
                "value": _(
                    "“%(value)s” is too short or too long for a number of %(region)s. "
                    "Write numbers of another country with + and its code."
                )
                % {
                    "value": value,
                    "region": phonenumbers.region_code_for_country_code(number.country_code or 0),
                }
            }
        )
    if not phonenumbers.is_valid_number(number):
        raise Invalid(
            {
                "value": _(
                    "No such number is in use: “%(value)s” read as %(read)s. "
                    "Write numbers of another country with + and its code."
                )
                % {
                    "value": value,
                    "read": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
                }
            }
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _url(value: str) -> str:
    parts = urlsplit(value if "//" in value else f"https://{value}")
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in value:
        raise Invalid({"value": _("“%(value)s” is not a web address.") % {"value": value}})
    return urlunsplit(("https", parts.netloc.casefold(), parts.path.rstrip("/"), parts.query, ""))


def _clean(party: Party, kind: str, value: str, label: str) -> tuple[str, str, str]:
    """Value as written, its normal form, and the label; raises Invalid."""
    problems = Problems()
    problems.choice("kind", kind, ContactPointKind.values)
    written = problems.text("value", value, most=320, required=True)
    words = problems.text("label", label, most=60)
    problems.refuse()
    return written, normalise(kind, written, _region(party)), words


def _region(party: Party) -> str:
    """Where the party's numbers are dialled without a code: its own country, else that of our own unit."""
    if party.country:
        return party.country
    unit = (
        BusinessUnit.objects.filter(pk__in=party.relationships.values("business_unit_id"))
        .order_by("id")
        .first()
        or BusinessUnit.objects.filter(is_default=True).first()
    )
    return unit.country if unit else "GB"


def _hold(actor: User, contact_point: ContactPoint) -> tuple[Party, ContactPoint]:
    held = hold_party(actor, contact_point.party_id)
    found = held.contact_points.filter(pk=contact_point.pk).first()
    if found is None:
        raise Missing(_("There is no such contact point."))
    return held, found


def _line(point: ContactPoint, party: Party, verb: Verb, actor: User, now: datetime) -> Event:
    data = {"kind": point.kind, "label": point.label}
    return event_of(relationship=None, party=party, verb=verb, actor=actor, now=now, data=data)


def _tell(point: ContactPoint, party: Party, verb: Verb, actor: User, now: datetime) -> None:
    record_events([_line(point, party, verb, actor, now)])
