"""Payments on the supplier's record and on a page of their own: every figure leads to its rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from relationships.models import Relationship
from suppliers.panels import payments_context
from tests.factories import NOW, make_payment, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(workspace: object) -> Relationship:
    """Two payments and a refund in 2025, one payment in euros in 2024."""
    relationship = make_relationship("suppliers", name="Acme")
    for day, amount, currency in (
        (date(2025, 3, 1), 100, "GBP"),
        (date(2025, 3, 2), 50, "GBP"),
        (date(2025, 4, 1), -30, "GBP"),
        (date(2024, 5, 1), 7, "EUR"),
    ):
        make_payment(relationship, day, amount, currency=currency)
    return relationship


def page(path: str, role: str = "administrator") -> Any:
    client = Client()
    client.force_login(make_user(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(path)


def amounts(response: Any) -> list[int]:
    return [int(payment.amount) for payment in response.context["page"].rows]


def test_the_record_shows_the_years_and_the_last_payments(paid: Relationship) -> None:
    context = payments_context(viewer=make_user("administrator"), relationship=paid, now=NOW)
    summary = context["payments"]
    assert [(year.year, year.currency, int(year.amount), year.payments) for year in summary.years] == [
        (2025, "GBP", 120, 3), (2024, "EUR", 7, 1),
    ]  # fmt: skip
    assert [int(payment.amount) for payment in summary.last_payments] == [-30, 50, 100, 7]
    drawn = render_to_string("suppliers/_payments_panel.html", context)
    assert f"/suppliers/{paid.pk}/payments/?year=2025" in drawn


def test_without_payments_or_the_right_to_see_money_there_is_no_panel(paid: Relationship) -> None:
    viewer = make_user("administrator")
    none = make_relationship("suppliers")
    assert payments_context(viewer=viewer, relationship=none, now=NOW)["payments"] is None
    assert payments_context(viewer=make_user("hr"), relationship=paid, now=NOW) == {"payments": None}


def test_payments_are_narrowed_to_a_year(paid: Relationship) -> None:
    path = f"/suppliers/{paid.pk}/payments/"
    assert amounts(page(path)) == [-30, 50, 100, 7]
    assert amounts(page(f"{path}?year=2024")) == [7]
    assert amounts(page(f"{path}?year=x")) == [-30, 50, 100, 7]
    assert "Nothing was paid in this year." in page(f"{path}?year=1999").content.decode()


def test_a_relationship_without_payments_says_so(workspace: object) -> None:
    relationship = make_relationship("suppliers")
    assert "No payments yet" in page(f"/suppliers/{relationship.pk}/payments/").content.decode()


def test_many_payments_are_paged_by_keyset(workspace: object) -> None:
    relationship = make_relationship("suppliers")
    made = [make_payment(relationship, date(2025, 6, 30) - timedelta(days=ago), ago) for ago in range(30)]
    first = page(f"/suppliers/{relationship.pk}/payments/?year=2025")
    second = page(first.context["next_url"])
    assert amounts(first) + amounts(second) == [int(payment.amount) for payment in made]
    assert amounts(page(second.context["previous_url"])) == amounts(first)


def test_payments_are_seen_by_whom_money_is_shown_to(paid: Relationship) -> None:
    assert page(f"/suppliers/{paid.pk}/payments/", "hr").status_code == 403
    assert page(f"/customers/{paid.pk}/payments/").status_code == 404


def test_a_payment_tells_all_that_the_ledger_says(paid: Relationship) -> None:
    payment = paid.payments.get(amount=7)
    assert payment.what_for == ["–"]
    payment.expense_type, payment.expense_area, payment.body, payment.payee = (
        "Rent",
        "Rent",
        "Town Hall",
        "ACME",
    )
    payment.save()
    assert (payment.what_for, str(payment)) == (["Rent", "Town Hall"], payment.ref)
    content = page(f"/suppliers/{paid.pk}/payments/?year=2024").content.decode()
    assert all(words in content for words in ("Rent", "Town Hall", "to “ACME”"))
