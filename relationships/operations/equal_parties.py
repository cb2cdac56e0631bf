"""Somebody new who may be known already: refused until somebody says that it is another, and then told of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import Fact, record_audit
from core.refusals import Conflict, Invalid
from relationships.enums import ContactPointKind
from relationships.models import Event, Party
from relationships.operations.contact_points import normalise, write_contact_points
from relationships.operations.inputs import Problems
from relationships.queries.equal_parties import LOOKUPS, Equal, equal_parties

POINTS = {"email": ContactPointKind.EMAIL, "phone": ContactPointKind.PHONE}


class KnownAlready(Conflict):
    """Somebody with the same name, address or number is known; `equals` are those that the actor may know of."""

    def __init__(self, equals: Sequence[Equal]) -> None:
        names = ", ".join(f"“{equal.party.name}”" for equal in equals)
        super().__init__(
            _("Known already: %(names)s. Say that it is somebody else to add it.") % {"names": names}
        )
        self.equals = list(equals)


@dataclass(frozen=True)
class Reach:
    """How somebody new is reached and registered, as it was typed."""

    email: str = ""
    phone: str = ""
    registration: str = ""


UNTOLD = Reach()


def clean_reach(reach: Reach, region: str) -> tuple[dict[str, str], str]:
    """Normal forms of the addresses by their names, and the registration number; raises Invalid under them."""
    problems = Problems()
    points: dict[str, str] = {}
    for name, kind in POINTS.items():
        value = problems.text(name, getattr(reach, name), most=320)
        try:
            points |= {name: normalise(kind, value, region)} if value else {}
        except Invalid as refusal:
            problems.add(name, str(refusal))
    registration = problems.text("registration", reach.registration, most=120)
    if registration and not any(sign.isalnum() for sign in registration):
        problems.add("registration", _("“%(value)s” is not a registration number.") % {"value": registration})
    problems.refuse()
    return points, registration


def heed_equals(*, actor: User, told: Mapping[str, str], country: str, is_another: bool) -> list[Equal]:
    """The parties that have one of the values; raises KnownAlready where nobody said that it is another."""
    equals = equal_parties(viewer=actor, told=told, country=country)
    if equals and not is_another:
        raise KnownAlready(equals)
    return equals


def write_reach(
    *, actor: User, party: Party, reach: Reach, points: Mapping[str, str], now: datetime
) -> list[Event]:
    """The addresses of a new party, `points` being their normal forms; gives the lines that tell of them."""
    typed = {
        str(kind): (getattr(reach, name), points[name]) for name, kind in POINTS.items() if name in points
    }
    return write_contact_points(actor=actor, party=party, points=typed, now=now)


def note_equals(*, actor: User, party: Party, equals: Sequence[Equal], now: datetime) -> None:
    """Has the security record say that `party` was added although equal ones were known, if there are any."""
    if not equals:
        return
    ids: list[Fact] = [equal.party.pk for equal in equals]
    record_audit(
        actor_id=actor.pk,
        verb="equal_party_added",
        now=now,
        subject_type="party",
        subject_id=party.pk,
        data={
            "equal_to": ids,
            "by": [key for key in LOOKUPS if any(key in equal.by for equal in equals)],
        },
    )
