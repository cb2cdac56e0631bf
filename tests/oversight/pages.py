"""The pages of oversight among those that list rows; see `tests/pages.py`."""

from collections.abc import Callable

from accounts.models import User
from accounts.operations import teams
from oversight.operations.erasures import request_erasure
from oversight.operations.retention import set_rule
from oversight.operations.subject_access import request_export
from relationships.models import Purpose
from relationships.operations.consents import record_consent, reword_purpose
from tests.factories import (
    NOW,
    make_business_unit,
    make_interaction,
    make_link,
    make_person,
    make_relationship,
    make_team,
    make_user,
)


def _audit(viewer: User, rows: int) -> str:
    for _ in range(rows):
        unit = make_business_unit()
        teams.create_team(actor=viewer, name=make_team().name + "b", business_unit=unit, now=NOW)
    return "/administration/audit/"


def _events(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_interaction(make_relationship(owner=viewer), actor=viewer)
    return "/administration/audit/?book=relationships&verb=interaction_logged"


def _sight(viewer: User, rows: int) -> str:
    person = make_user("representative", "customers")
    for number in range(rows):
        role = make_relationship(name=f"Walrus {number}", owner=viewer)
        make_person(f"Walrus Person {number}", works_for=role.party)
    return f"/administration/sight/?person={person.pk}&q=walrus"


def _sight_party(viewer: User, rows: int) -> str:
    person, ana = make_user("representative", "customers"), make_person()
    for _ in range(rows):
        make_link(make_relationship(owner=person).party, ana, "employs")
    return f"/administration/sight/{person.pk}/parties/{ana.pk}/"


def _rights(viewer: User, rows: int) -> str:
    person = make_user("hr")
    for _ in range(rows):
        make_user("representative", "customers", member_of=make_team())
    return f"/administration/rights/?person={person.pk}"


def _api_events(viewer: User, rows: int) -> str:
    _events(viewer, rows)
    return "/api/v1/audit/events/"


def _api_entries(viewer: User, rows: int) -> str:
    _audit(viewer, rows)
    return "/api/v1/audit/entries/"


def _consents(viewer: User, rows: int) -> str:
    ana = make_person()
    for slug in ("newsletter", "events", "research")[:rows]:
        purpose = Purpose.objects.get(slug=slug)
        record_consent(actor=viewer, party=ana, purpose=purpose, state="given", door="email", now=NOW)
    return f"/parties/{ana.pk}/consents/"


def _purposes(viewer: User, rows: int) -> str:
    for purpose in Purpose.objects.order_by("pk")[:rows]:
        reword_purpose(actor=viewer, purpose=purpose, text="May we?", now=NOW)
    return "/administration/purposes/"


def _privacy(viewer: User, rows: int) -> str:
    for _ in range(rows):
        ana = make_person()
        request_erasure(actor=viewer, party=ana, basis="asked", now=NOW)
        request_export(actor=viewer, party=ana, now=NOW)
    return "/administration/privacy/"


def _retention(viewer: User, rows: int) -> str:
    for data in ("talk", "documents", "people")[:rows]:
        set_rule(actor=viewer, data=data, kind="", days=90, now=NOW)
    return "/administration/retention/"


def _api_consents(viewer: User, rows: int) -> str:
    return "/api/v1" + _consents(viewer, rows)


OVERSIGHT_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_audit_entries": _api_entries,
    "api_audit_events": _api_events,
    "api_consents": _api_consents,
    "audit": _audit,
    "consent_list": _consents,
    "privacy": _privacy,
    "purposes": _purposes,
    "retention": _retention,
    "audit_events": _events,
    "rights": _rights,
    "sight": _sight,
    "sight_party": _sight_party,
}
