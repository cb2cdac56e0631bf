"""Payments from the ledgers of others: each once, with whom it was paid to, and every row accounted for."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.enums import Confidentiality
from commerce.models import Payment
from relationships.models import Relationship
from tests.exchange.conftest import Bring
from tests.factories import make_relationship, make_user

pytestmark = pytest.mark.django_db

HEADER = "Supplier,Date,Amount,Ref\n"
COLUMNS = {"supplier": "Supplier", "paid_date": "Date", "amount": "Amount", "reference": "Ref"}
KEYS: dict[str, Any] = {
    "dataset": "payments",
    "columns": COLUMNS,
    "clean": {"amount": "money"},
    "thousands": ",",
}
LEDGER = (
    "Spend over £25k,,,,,,\n"
    "Month: April 2011,,,,,,\n"
    ",,,,,,\n"
    "Dept.,Entity,Date,Category,Supplier,Transaction No,Payment Value (£)\n"
    'Defra,RPA,07/04/2011,ICT,ACME LIMITED,1001,"£156,554.92"\n'
    'Defra,RPA,08/04/2011,ICT,Acme Ltd.,1002,"(£1,000.00)"\n'
    "Defra,RPA,09/04/2011,ICT,Bolt & Sons,1003,£10.00\n"
    "Defra,RPA,09/04/2011,ICT,Bolt and Sons,1003,£10.00\n"
    "Defra,RPA,10/04/2011,Grants,REDACTED PERSONAL DATA,1004,£75.00\n"
    "Defra,RPA,11/04/2011,ICT,,1005,£1.00\n"
    "Defra,RPA,31/04/2011,ICT,Bolt & Sons,1006,£1.00\n"
    'Total,,,,,,"£155,650.92"\n'
)


@pytest.fixture
def ledger(workspace: object, tmp_path: Path) -> Path:
    path = tmp_path / "spend.csv"
    path.write_text(LEDGER, encoding="cp1252")
    return path


def ingest_by_command(path: Path) -> dict[str, Any]:
    target = path.with_suffix(".json")
    call_command("ingest", "payments", str(path), "--mapping", "auto", "--report", str(target))
    report: dict[str, Any] = json.loads(target.read_text())
    return report


def paid() -> list[tuple[str, str]]:
    rows = Payment.objects.order_by("paid_date", "id").values_list("relationship__party_name", "amount")
    return [(name, str(amount)) for name, amount in rows]


def test_a_ledger_of_unknown_layout_is_imported_by_the_command(ledger: Path) -> None:
    report = ingest_by_command(ledger)
    assert (report["rows"], report["imported"], report["held"], report["suppliers"]) == (8, 5, 3, 3)
    assert (report["header_row"], report["encoding"], report["delimiter"]) == (4, "cp1252", ",")
    assert report["held_by_reason"] == {"missing_value": 1, "not_a_date": 1, "total_line": 1}
    assert [(line["row"], line["column"], line["value"]) for line in report["held_rows"]] == [
        (10, "Supplier", ""), (11, "Date", "31/04/2011"), (12, "Payment Value (£)", "£155,650.92"),
    ]  # fmt: skip
    assert report["mapping"]["chosen"]["columns"]["amount"]["column"] == "Payment Value (£)"
    assert paid() == [
        ("ACME LIMITED", "156554.92"), ("ACME LIMITED", "-1000.00"), ("Bolt & Sons", "10.00"),
        ("Bolt & Sons", "10.00"), ("Names withheld (redacted personal data)", "75.00"),
    ]  # fmt: skip
    first = Payment.objects.order_by("paid_date").first()
    assert first is not None
    assert (first.ref, first.currency, first.expense_type, first.body, first.payee) == (
        "1001", "GBP", "ICT", "RPA", "ACME LIMITED",
    )  # fmt: skip
    assert Relationship.objects.filter(kind="suppliers", stage="approved").count() == 3


def test_the_same_file_again_changes_nothing_under_another_name_too(ledger: Path, tmp_path: Path) -> None:
    ingest_by_command(ledger)
    again = ingest_by_command(ledger.rename(tmp_path / "renamed.csv"))
    assert (again["created"], again["unchanged"], again["suppliers"]) == (
        {"suppliers": 0, "parties": 0, "payments": 0}, {"payments": 5}, 3,
    )  # fmt: skip
    assert Payment.objects.count() == 5


def test_equal_rows_are_lines_of_one_document_and_all_kept(bring: Bring) -> None:
    content = HEADER + "Acme,2020-01-05,10,7\n" * 2 + "Acme,2020-01-05,10,8\n"
    report = bring(content, **KEYS)
    assert (report.imported, report.repeated, report.amount) == (3, 1, Decimal("30.00"))
    assert bring(content, **KEYS).created["payments"] == 0


def test_a_supplier_that_is_known_is_found_and_keeps_its_name(bring: Bring) -> None:
    known = make_relationship("suppliers", name="Acme Limited")
    bring(HEADER + "ACME LTD,2020-01-05,10,1\nThe Acme,2020-01-06,20,2\n", **KEYS)
    assert paid() == [("Acme Limited", "10.00"), ("Acme Limited", "20.00")]
    assert {payment.relationship_id for payment in Payment.objects.all()} == {known.pk}


def test_a_name_that_may_be_several_suppliers_is_held(bring: Bring) -> None:
    make_relationship("suppliers", name="Acme Ltd")
    make_relationship("suppliers", name="Acme plc")
    report = bring(HEADER + "Acme,2020-01-05,10,1\nACME PLC,2020-01-05,20,2\n", **KEYS)
    assert (report.held_by_reason, report.held_rows[0].value) == ({"ambiguous_name": 1}, "Acme")
    assert paid() == [("Acme plc", "20.00")]


def test_a_payment_stays_where_it_was_given_to(bring: Bring) -> None:
    bring(HEADER + "Acme,2020-01-05,10,1\n", **KEYS)
    make_relationship("suppliers", name="Acme")
    report = bring(HEADER + "Acme,2020-01-05,10,1\nAcme,2020-01-09,1,2\n", **KEYS)
    assert (report.unchanged["payments"], report.held_by_reason) == (1, {"ambiguous_name": 1})


def test_a_supplier_out_of_sight_is_neither_paid_nor_told_of(bring: Bring) -> None:
    row = HEADER + "Acme Ltd,2020-01-05,10,1\n"
    bring(row, **KEYS)
    hidden = Relationship.objects.get(kind="suppliers")
    Relationship.objects.filter(pk=hidden.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    report = bring(row.replace("05", "06"), actor=make_user("administrator"), **KEYS)
    assert (report.held, report.created["suppliers"]) == (0, 1)
    assert Payment.objects.filter(relationship=hidden).count() == 1
    Relationship.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    again = bring(row.replace("05", "07"), actor=make_user("administrator"), **KEYS)
    assert (again.held, again.created["suppliers"], Relationship.objects.count()) == (0, 1, 3)


def test_a_source_that_names_its_payments_corrects_them(bring: Bring) -> None:
    header = "Supplier,Date,Amount,Ref,Id,Currency\n"
    keys = {**KEYS, "columns": {**COLUMNS, "external_id": "Id", "currency": "Currency"}}
    bring(f"{header}Acme,2020-01-05,10,1,p1,eur\n", **keys)
    report = bring(
        f"{header}Acme,2020-01-05,12,1,p1,eur\nAcme,2020-01-05,13,1,p1,eur\nAcme,2020-01-05,1,1,p2,xxx\n",
        **keys,
    )
    assert (report.updated, report.held_by_reason) == (
        {"payments": 1}, {"conflicting_row": 1, "not_a_choice": 1},
    )  # fmt: skip
    payment = Payment.objects.get()
    assert (payment.amount, payment.currency) == (Decimal("12.00"), "EUR")


def test_days_since_1899_are_dates(bring: Bring) -> None:
    bring(HEADER + "Acme,40800,10,1\n", **KEYS, date_format="serial")
    assert Payment.objects.get().paid_date.isoformat() == "2011-09-14"
