"""Business units: described, made the default, closed when nothing hangs on them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.forms.workspace import HoursField
from accounts.models import AuditEntry, BusinessUnit, User
from accounts.operations.business_units import (
    close_business_unit,
    create_business_unit,
    edit_business_unit,
    make_default,
)
from accounts.operations.workspace import ensure_workspace
from accounts.queries.workspace import likely_unit
from core.refusals import Conflict, Invalid, NotAllowed
from tests.factories import make_relationship
from tests.factories.people import make_business_unit, make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
RETAIL = {"name": "Retail", "currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE"}
WEEK = {"0": [["13:30", "17:00"], ["09:00", "12:30"]], "1": [["22:00", "24:00"]], "6": []}


@pytest.fixture
def administrator() -> User:
    return make_user("administrator")


def test_a_unit_is_made_and_changed(administrator: User) -> None:
    unit = create_business_unit(actor=administrator, now=NOW, **RETAIL)
    assert (unit.name, unit.currency_id, unit.time_zone, unit.country) == tuple(RETAIL.values())
    assert unit.work_week == {str(day): [["09:00", "17:00"]] for day in range(5)}
    edited = edit_business_unit(
        actor=administrator, unit=unit, now=NOW, work_week=WEEK, **{**RETAIL, "country": "AT"}
    )
    assert edited.country == "AT"
    assert edited.work_week == {"0": [["09:00", "12:30"], ["13:30", "17:00"]], "1": [["22:00", "24:00"]]}
    kept = edit_business_unit(actor=administrator, unit=unit, now=NOW, **RETAIL)
    assert kept.work_week == edited.work_week
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == [
        "business_unit_created",
        "business_unit_edited",
        "business_unit_edited",
    ]


@pytest.mark.parametrize("wrong", [Decimal(0), Decimal(-1), Decimal(100_000)])
def test_an_hour_costs_something_or_is_not_known(administrator: User, wrong: Decimal) -> None:
    unit = create_business_unit(actor=administrator, now=NOW, hour_rate=Decimal("42.5"), **RETAIL)
    assert unit.hour_rate == Decimal("42.5")
    with pytest.raises(Invalid) as refusal:
        edit_business_unit(actor=administrator, unit=unit, now=NOW, hour_rate=wrong, **RETAIL)
    assert list(refusal.value.errors) == ["hour_rate"]
    assert edit_business_unit(actor=administrator, unit=unit, now=NOW, **RETAIL).hour_rate is None


def test_every_wrong_field_is_named(administrator: User) -> None:
    with pytest.raises(Invalid) as refusal:
        create_business_unit(
            actor=administrator, name="MAIN", currency="CHF", time_zone="Mars", country="XX", now=NOW
        )
    assert refusal.value.errors == {
        "name": ["There is a business unit called MAIN already."],
        "currency": ["“CHF” is not kept in this workspace."],
        "time_zone": ["“Mars” is not a time zone."],
        "country": ["“XX” is not a country."],
    }
    assert BusinessUnit.objects.count() == 1


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (
            {"0": [["17:00", "09:00"]]},
            "Working hours are from an earlier to a later time, such as 09:00–17:00.",
        ),
        (
            {"0": [["9:00", "17:00"]]},
            "Working hours are from an earlier to a later time, such as 09:00–17:00.",
        ),
        ({"0": [["09:00"]]}, "Working hours are from an earlier to a later time, such as 09:00–17:00."),
        (
            {"0": [["09:00", "25:00"]]},
            "Working hours are from an earlier to a later time, such as 09:00–17:00.",
        ),
        (
            {"7": [["09:00", "17:00"]]},
            "Working hours are from an earlier to a later time, such as 09:00–17:00.",
        ),
        ({"0": [["09:00", "13:00"], ["12:30", "17:00"]]}, "Working hours of a day overlap."),
        ({"0": [], "6": []}, "There is no working time in the week."),
        ({}, "There is no working time in the week."),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    week: dict[str, list[list[str]]], words: str, administrator: User
) -> None:
    with pytest.raises(Invalid) as refusal:
        create_business_unit(actor=administrator, now=NOW, work_week=week, **RETAIL)
    assert refusal.value.errors == {"work_week": [words]}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", []),
        ("09:00-17:00", [["09:00", "17:00"]]),
        ("9-12.30, 13:30 – 17", [["09:00", "12:30"], ["13:30", "17:00"]]),
        ("8 to 16", [["08:00", "16:00"]]),
    ],
)
def test_hours_are_written_as_people_write_them(written: str, meant: list[list[str]]) -> None:
    assert HoursField(required=False).clean(written) == meant


def test_one_unit_is_the_default(administrator: User) -> None:
    main = ensure_workspace(now=NOW).business_unit
    retail = make_business_unit("Retail")
    make_default(actor=administrator, unit=retail, now=NOW)
    make_default(actor=administrator, unit=retail, now=NOW)
    assert list(BusinessUnit.objects.filter(is_default=True)) == [retail]
    with pytest.raises(Conflict, match="Retail is the default unit"):
        close_business_unit(actor=administrator, unit=retail, now=NOW)
    assert close_business_unit(actor=administrator, unit=main, now=NOW).closed_at == NOW
    for change in (
        lambda: close_business_unit(actor=administrator, unit=main, now=NOW),
        lambda: make_default(actor=administrator, unit=main, now=NOW),
        lambda: edit_business_unit(actor=administrator, unit=main, now=NOW, **RETAIL),
    ):
        with pytest.raises(Conflict, match="The business unit Main is closed"):
            change()


def test_a_unit_on_which_something_hangs_stays_open(administrator: User) -> None:
    unit = make_business_unit("Retail")
    relationship = make_relationship(business_unit=unit)
    with pytest.raises(Conflict, match="Retail still has 1 open relationship"):
        close_business_unit(actor=administrator, unit=unit, now=NOW)
    assert relationship.business_unit == unit
    make_user("hr", business_unit=unit)
    with pytest.raises(Conflict, match="Roles are limited to Retail"):
        close_business_unit(actor=administrator, unit=unit, now=NOW)
    make_team("North", business_unit=unit)
    with pytest.raises(Conflict, match="Retail still has teams"):
        close_business_unit(actor=administrator, unit=unit, now=NOW)


def test_only_an_administrator_changes_units() -> None:
    manager, unit = make_user("executive"), make_business_unit()
    for change in (
        lambda: create_business_unit(actor=manager, now=NOW, **RETAIL),
        lambda: edit_business_unit(actor=manager, unit=unit, now=NOW, **RETAIL),
        lambda: make_default(actor=manager, unit=unit, now=NOW),
        lambda: close_business_unit(actor=manager, unit=unit, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only an administrator may change the workspace"):
            change()


def test_without_a_default_a_new_unit_starts_from_nothing() -> None:
    assert likely_unit().currency_id is None


def form_of(**changes: str) -> dict[str, str]:
    days = {f"day_{day}": "09:00-17:00" if day < 5 else "" for day in range(7)}
    return {**RETAIL, **days, **changes}


def test_the_pages_make_change_and_close_a_unit(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    new = client.get("/administration/business-units/new/").content.decode()
    assert 'value="09:00-17:00"' in new
    assert client.post("/administration/business-units/new/", form_of()).status_code == 302
    unit = BusinessUnit.objects.get(name="Retail")
    address = f"/administration/business-units/{unit.pk}/"
    assert "Retail" in client.get("/administration/business-units/").content.decode()
    assert client.post(address, form_of(day_5="10-14")).status_code == 302
    unit.refresh_from_db()
    assert unit.work_week["5"] == [["10:00", "14:00"]]
    assert 'value="10:00-14:00"' in client.get(address).content.decode()
    assert client.post(f"{address}default/").status_code == 302
    assert client.post(f"{address}closure/").status_code == 409
    main = BusinessUnit.objects.get(name="Main")
    assert client.post(f"/administration/business-units/{main.pk}/closure/").status_code == 302
    assert "Closed" in client.get("/administration/business-units/").content.decode()
    assert client.get("/administration/business-units/0/").status_code == 404


def test_wrong_values_stand_beside_their_fields(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    unit = make_business_unit("Retail")
    address = f"/administration/business-units/{unit.pk}/"
    page = client.post(address, form_of(day_1="morning")).content.decode()
    assert "“morning” is not a span of hours; write 09:00-17:00, and a comma before another." in page
    assert 'id="id_day_1_error"' in page
    answer = client.post(address, form_of(day_1="17-9"))
    assert (answer.status_code, "from an earlier to a later time" in answer.content.decode()) == (422, True)
    taken = client.post("/administration/business-units/new/", form_of(name="main"))
    assert (taken.status_code, 'id="id_name_error"' in taken.content.decode()) == (422, True)


def test_the_page_says_what_hangs_on_a_unit(client: Client, administrator: User) -> None:
    unit = make_business_unit("Retail")
    make_relationship(business_unit=unit)
    client.force_login(administrator)
    page = client.get(f"/administration/business-units/{unit.pk}/").content.decode()
    assert ("1 open relationship" in page, "/closure/" in page) == (True, False)
