"""Currencies and rates: kept, retired, and never guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AuditEntry, Currency, ExchangeRate, User
from accounts.operations.currencies import add_currency, retire_currency, set_rate
from accounts.queries.workspace import currencies, latest_rates
from core.currencies import NAMES, WITHOUT_MINOR_UNIT
from core.refusals import Conflict, Invalid, NotAllowed
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def administrator() -> User:
    return make_user("administrator")


def rate(actor: User, **changes: object) -> ExchangeRate:
    fields = {"currency": "EUR", "into": "GBP", "rate_date": TODAY, "rate": Decimal("0.85")}
    return set_rate(actor=actor, now=NOW, **{**fields, **changes})


def test_a_currency_is_added_with_its_name_and_minor_units(administrator: User) -> None:
    assert (add_currency(actor=administrator, code="JPY", now=NOW).minor_units) == 0
    franc = add_currency(actor=administrator, code="CHF", now=NOW)
    assert (franc.name, franc.minor_units) == ("Swiss franc", 2)
    assert AuditEntry.objects.order_by("-id")[0].data == {"code": "CHF"}


def test_codes_are_of_three_letters_and_each_names_one_currency() -> None:
    assert [code for code in NAMES if len(code) != 3 or not code.isupper()] == []
    assert len(set(NAMES.values())) == len(NAMES)
    assert set(NAMES) >= WITHOUT_MINOR_UNIT
    assert sorted({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"} & set(NAMES)) == []


def test_what_is_no_currency_or_kept_already_is_refused(administrator: User) -> None:
    with pytest.raises(Invalid) as refusal:
        add_currency(actor=administrator, code="XAU", now=NOW)
    assert refusal.value.errors == {"code": ["“XAU” is not a currency that can be kept here."]}
    with pytest.raises(Conflict, match="Euro is kept already"):
        add_currency(actor=administrator, code="EUR", now=NOW)


def test_a_retired_currency_can_be_taken_up_again(administrator: User) -> None:
    euro = Currency.objects.get(code="EUR")
    assert retire_currency(actor=administrator, currency=euro, now=NOW).retired_at == NOW
    with pytest.raises(Conflict, match="Euro is retired already"):
        retire_currency(actor=administrator, currency=euro, now=NOW)
    assert [currency.code for currency in currencies()] == ["GBP", "USD"]
    assert add_currency(actor=administrator, code="EUR", now=NOW).retired_at is None


def test_a_currency_in_which_books_are_kept_stays(administrator: User) -> None:
    with pytest.raises(Conflict, match="Main keeps its books in GBP"):
        retire_currency(actor=administrator, currency=Currency.objects.get(code="GBP"), now=NOW)


def test_a_second_rate_of_a_day_corrects_the_first(administrator: User) -> None:
    first = rate(administrator)
    second = rate(administrator, rate=Decimal("0.86123456"))
    other = rate(administrator, rate_date=date(2026, 3, 17))
    assert (first.pk, second.rate, ExchangeRate.objects.count()) == (second.pk, Decimal("0.86123456"), 2)
    assert [row.pk for row in latest_rates()] == [first.pk, other.pk]
    assert [(entry.verb, entry.data["rate"]) for entry in AuditEntry.objects.order_by("id")] == [
        ("rate_set", "0.85"),
        ("rate_corrected", "0.86123456"),
        ("rate_set", "0.85"),
    ]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"currency": "CHF"}, {"currency": ["“CHF” is not kept in this workspace."]}),
        ({"into": "EUR"}, {"into": ["A rate joins two different currencies."]}),
        (
            {"rate_date": date(2026, 3, 19)},
            {"rate_date": ["A rate is known on a day from 1900 until today."]},
        ),
        (
            {"rate_date": date(1899, 12, 31)},
            {"rate_date": ["A rate is known on a day from 1900 until today."]},
        ),
        *(
            (
                {"rate": Decimal(wrong)},
                {"rate": ["A rate is above 0, below 10,000,000,000 and has at most 8 decimals."]},
            )
            for wrong in ("0", "-1", "NaN", "Infinity", "1E10", "0.000000001")
        ),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(
    changes: dict[str, object], errors: dict[str, list[str]], administrator: User
) -> None:
    with pytest.raises(Invalid) as refusal:
        rate(administrator, **changes)
    assert refusal.value.errors == errors
    assert ExchangeRate.objects.count() == 0


def test_only_an_administrator_changes_currencies() -> None:
    finance = make_user("finance")
    for change in (
        lambda: add_currency(actor=finance, code="CHF", now=NOW),
        lambda: retire_currency(actor=finance, currency=Currency.objects.get(code="EUR"), now=NOW),
        lambda: rate(finance),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_the_page_adds_retires_and_notes_rates(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    address = "/administration/currencies/"
    assert "No rates yet" in client.get(address).content.decode()
    assert client.post(f"{address}additions/", {"code": "CHF"}).headers["Location"] == address
    assert "Swiss franc" in client.get(address).content.decode()
    assert client.post(f"{address}additions/", {"code": ""}).status_code == 422
    assert client.post(f"{address}CHF/retirement/").status_code == 302
    assert client.post(f"{address}GBP/retirement/").status_code == 409
    assert client.post(f"{address}XXX/retirement/").status_code == 404
    form = {"currency": "EUR", "into": "GBP", "rate": "0.85", "rate_date": "2026-03-18"}
    assert client.post(f"{address}rates/", form).headers["Location"] == address
    assert "1 EUR = <b>0.85</b> GBP" in client.get(address).content.decode()
    wrong = client.post(f"{address}rates/", {**form, "into": "EUR"})
    assert (wrong.status_code, "joins two different currencies" in wrong.content.decode()) == (422, True)
    assert client.post(f"{address}rates/", {**form, "rate": "0,85"}).status_code == 422
