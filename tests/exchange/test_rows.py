"""Rows good and bad: what is imported, what is held and why; nothing is dropped and everything adds up."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.models import Currency
from accounts.operations.workspace import Workspace
from commerce.models import Order, OrderLine
from core.refusals import Invalid, NotAllowed
from exchange.models import HeldRow
from exchange.operations.report import HeldLine
from relationships.models import Relationship
from relationships.operations.bulk import Opening, open_drafts, prepare_drafts
from tests.exchange.conftest import PURCHASES, Bring
from tests.factories import NOW, make_business_unit, make_user

pytestmark = pytest.mark.django_db

HEADER = "Order,Customer,Date,Amount\n"


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("1,,2026-01-05,10", "Customer", "", "no_customer"),
        ("1,A,,10", "Date", "", "missing_value"),
        ("1,A,soon,10", "Date", "soon", "not_a_date"),
        ("1,A,2026-02-30,10", "Date", "2026-02-30", "not_a_date"),
        ("1,A,2026-01-05 25:00,10", "Date", "2026-01-05 25:00", "not_a_date"),
        ("1,A,1899-12-31,10", "Date", "1899-12-31", "date_out_of_range"),
        ("1,A,2101-01-01,10", "Date", "2101-01-01", "date_out_of_range"),
        ("1,A,2026-12-31,10", "Date", "2026-12-31", "in_the_future"),
        ("1,A,2026-01-05,", "Amount", "", "missing_value"),
        ("1,A,2026-01-05,ten", "Amount", "ten", "not_a_number"),
        ('1,A,2026-01-05,"1.234,56"', "Amount", "1.234,56", "decimal_sign"),
        ('1,A,2026-01-05,"1,234"', "Amount", "1,234", "decimal_sign"),
        ("1,A,2026-01-05,1000000000000", "Amount", "1000000000000", "number_too_large"),
        (f"{'9' * 201},A,2026-01-05,10", "Order", "9" * 201, "too_long"),
        ("1,A,2026-01-05", "", "", "ragged_row"),
        ("1,A,2026-01-05,10,more", "", "", "ragged_row"),
        ('"1"x,A,2026-01-05,10', "", "", "bad_quoting"),
        (" , ,,", "", "", "empty_row"),
    ],
)  # fmt: skip
def test_a_bad_row_is_held_with_its_place_and_reason(
    bring: Bring, row: str, column: str, value: str, reason: str
) -> None:
    report = bring(f"{HEADER}0,Good,2026-01-05,5.00\n{row}\n")
    assert (report.rows, report.held, report.created["lines"]) == (2, 1, 1)
    assert report.held_by_reason == {reason: 1}
    assert report.held_rows == [HeldLine("file1.csv", 3, column, value, reason)]
    held = HeldRow.objects.get()
    assert (held.file, held.row, held.column, held.value, held.reason) == (
        "file1.csv", 3, column, value, reason,
    )  # fmt: skip


def test_a_held_row_is_kept_whole(bring: Bring) -> None:
    bring('Order,Note,Customer,Date,Amount,Note\n1,"a, b",,2026-01-05,10,x\n')
    assert HeldRow.objects.get().cells == {
        "Order": "1", "Note (column 2)": "a, b", "Customer": "", "Date": "2026-01-05", "Amount": "10",
        "Note (column 6)": "x",
    }  # fmt: skip


def test_ragged_and_misquoted_rows_are_kept_whole_too(bring: Bring) -> None:
    bring(f'{HEADER}1,A,2026-01-05,10,more\n"1"x,B,2026-01-05,10\n')
    assert [held.cells for held in HeldRow.objects.order_by("row")] == [
        {"Order": "1", "Customer": "A", "Date": "2026-01-05", "Amount": "10", "column 5": "more"},
        {"Order": "", "Customer": "", "Date": "", "Amount": "", "": '"1"x,B,2026-01-05,10'},
    ]


def test_money_held_and_imported_make_the_file(bring: Bring) -> None:
    report = bring(f"{HEADER}1,A,2026-01-05,10.10\n2,,2026-01-05,-3.05\n3,B,never,2\n4,C,2026-01-05,x\n")
    assert (report.amount, report.held_amount) == (Decimal("9.05"), Decimal("-1.05"))
    assert (report.rows, report.imported, report.held) == (4, 1, 3)


def test_a_held_row_comes_again_only_once_and_is_resolved_when_it_is_good(bring: Bring) -> None:
    text = f"{HEADER}1,A,05.01.2026,10\n1,A,05.01.2026,10\n"
    for _ in range(2):
        bring(text, date_format="%d/%m/%Y")
    assert HeldRow.objects.filter(resolved_at=None).count() == 2
    bring(text, date_format="%d.%m.%Y")
    assert (HeldRow.objects.count(), HeldRow.objects.filter(resolved_at=None).count()) == (2, 0)
    assert OrderLine.objects.count() == 2


def test_identical_rows_are_occurrences(bring: Bring) -> None:
    text = f"{HEADER}1,A,2026-01-05,10\n1,A,2026-01-05,10.00\n1,A,2026-01-05,11\n"
    report = bring(text)
    assert (report.repeated, report.created["lines"], report.created["orders"]) == (1, 3, 1)
    assert Order.objects.get().amount == Decimal("31.00")
    again = bring(text + "1,A,2026-01-05,10\n")
    assert (again.created["lines"], again.unchanged["lines"], again.repeated) == (1, 3, 2)


def test_a_line_reference_is_a_key_whose_values_may_change(bring: Bring) -> None:
    columns = {**PURCHASES["columns"], "line": "Line", "product_ref": "Product"}
    header = "Order,Line,Customer,Date,Product,Amount\n"
    bring(f"{header}1,1,A,2026-01-05,P,10\n1,2,A,2026-01-05,Q,20\n", columns=columns)
    report = bring(f"{header}1,1,A,2026-01-05,P,12\n1,2,B,2026-01-05,Q,20\n", columns=columns)
    assert (report.created["lines"], report.updated["lines"]) == (0, 2)
    totals = Order.objects.order_by("relationship__external_ref").values_list(
        "relationship__external_ref", "amount"
    )
    assert list(totals) == [("A", Decimal("12.00")), ("B", Decimal("20.00"))]


def test_an_order_whose_only_line_moves_to_another_customer_is_gone(bring: Bring) -> None:
    columns = {**PURCHASES["columns"], "line": "Line"}
    header = "Order,Line,Customer,Date,Amount\n"
    bring(f"{header}1,1,A,2026-01-05,10\n", columns=columns)
    bring(f"{header}1,1,B,2026-01-05,10\n", columns=columns)
    assert list(Order.objects.values_list("relationship__external_ref", flat=True)) == ["B"]


def test_amounts_are_rounded_half_up_to_the_currency(bring: Bring) -> None:
    Currency.objects.create(code="JPY", name="Yen", minor_units=0)
    text = "Order,Customer,Date,Quantity,Price\n1,A,2026-01-05,3,0.335\n2,A,2026-01-05,-1,2.5\n"
    columns = {
        "order_ref": "Order", "customer_ref": "Customer", "ordered_at": "Date", "quantity": "Quantity",
        "unit_price": "Price",
    }  # fmt: skip
    product = {"columns": columns, "product_of": ["quantity", "unit_price"]}
    bring(text, **product)
    bring(text, **product, source="yen", constants={"kind": "customers", "currency": "JPY"})
    amounts = OrderLine.objects.order_by("source", "id").values_list("source", "kind", "amount")
    assert list(amounts) == [
        ("shop", "sale", Decimal("1.01")),
        ("shop", "return", Decimal("-2.50")),
        ("yen", "sale", Decimal("1.00")),
        ("yen", "return", Decimal("-3.00")),
    ]


def test_digits_that_would_be_lost_are_held(bring: Bring) -> None:
    columns = {**PURCHASES["columns"], "quantity": "Quantity"}
    report = bring("Order,Customer,Date,Quantity,Amount\n1,A,2026-01-05,1.0005,1\n", columns=columns)
    assert report.held_by_reason == {"too_many_decimals": 1}


def test_a_decimal_comma_is_read_when_the_mapping_says_so(bring: Bring) -> None:
    text = 'Order;Customer;Date;Amount\n1;A;2026-01-05;"1.234,56"\n2;A;2026-01-05;-,5\n3;A;2026-01-05;12.50\n'
    report = bring(text, delimiter=";", decimal=",", thousands=".")
    assert (report.amount, report.held_by_reason) == (Decimal("1234.06"), {"decimal_sign": 1})


@pytest.mark.parametrize(
    ("text", "date_format", "moment"),
    [
        ("2026-01-05T09:30:00Z", "", datetime(2026, 1, 5, 9, 30, tzinfo=UTC)),
        ("2026-01-05 09:30+01:00", "", datetime(2026, 1, 5, 8, 30, tzinfo=UTC)),
        ("2025-07-05 09:30:15.250", "", datetime(2025, 7, 5, 8, 30, 15, 250_000, tzinfo=UTC)),
        ("2025-07-05", "", datetime(2025, 7, 4, 23, 0, tzinfo=UTC)),
        ("5/7/2025", "%d/%m/%Y", datetime(2025, 7, 4, 23, 0, tzinfo=UTC)),
        ("7/5/25 9:05 PM", "%m/%d/%y %I:%M %p", datetime(2025, 7, 5, 20, 5, tzinfo=UTC)),
        ("05-JAN-99", "%d-%b-%y", datetime(1999, 1, 5, tzinfo=UTC)),
        ("5 January 2026", "%d %B %Y", datetime(2026, 1, 5, tzinfo=UTC)),
        ("20260105", "%Y%m%d", datetime(2026, 1, 5, tzinfo=UTC)),
        ("2026-01-05 12:00:00 +0200", "%Y-%m-%d %H:%M:%S %z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("100%: 2026-01-05 00:00:00.5", "100%%: %Y-%m-%d %H:%M:%S.%f",
         datetime(2026, 1, 5, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_units_zone_unless_they_name_one(
    bring: Bring, text: str, date_format: str, moment: datetime
) -> None:
    assert bring(f"{HEADER}1,A,{text},10\n", date_format=date_format).held_by_reason == {}
    assert Order.objects.get().ordered_at == moment


def test_dates_are_those_of_the_business_unit_named(bring: Bring) -> None:
    make_business_unit("Tokyo", time_zone="Asia/Tokyo")
    constants = {"kind": "customers", "business_unit": "Tokyo"}
    bring(f"{HEADER}1,A,2026-01-05,10\n", constants=constants)
    assert Order.objects.get().ordered_at == datetime(2026, 1, 4, 15, tzinfo=UTC)
    assert Relationship.objects.get().business_unit.name == "Tokyo"


def test_an_order_known_in_another_currency_is_held(bring: Bring) -> None:
    bring(f"{HEADER}1,A,2026-01-05,10\n")
    report = bring(f"{HEADER}1,A,2026-01-06,10\n", constants={"kind": "customers", "currency": "USD"})
    assert report.held_by_reason == {"conflicting_row": 1}


def test_customers_out_of_the_importers_sight_are_not_touched(bring: Bring) -> None:
    bring(f"{HEADER}1,A,2026-01-05,10\n")
    Relationship.objects.update(confidentiality=3)
    actor = make_user("relationship_manager")
    report = bring(f"{HEADER}2,A,2026-01-05,10\n3,B,2026-01-05,10\n", actor=actor)
    assert report.held_by_reason == {"not_available": 1}
    assert Relationship.objects.get(external_ref="B").owner == actor
    assert Order.objects.count() == 2


def test_customers_belong_to_the_owner_that_the_mapping_names(bring: Bring) -> None:
    owner = make_user("representative", email="ann@example.org")
    constants = {"kind": "customers", "owner": "Ann@example.org"}
    bring(f"{HEADER}1,A,2026-01-05,10\n", constants=constants)
    assert Relationship.objects.get().owner == owner


def test_a_customers_first_name_in_the_file_names_the_party(bring: Bring) -> None:
    columns = {**PURCHASES["columns"], "customer_name": "Name"}
    bring("Order,Customer,Name,Date,Amount\n1,A,,2026-01-05,1\n2,A,Acme,2026-01-05,1\n", columns=columns)
    assert Relationship.objects.get().party_name == "Acme"


def test_a_party_with_another_role_is_recognised_by_its_reference(bring: Bring) -> None:
    bring(f"{HEADER}1,A,2026-01-05,10\n")
    report = bring(
        f"{HEADER}9,A,2026-01-05,10\n", constants={"kind": "suppliers", "currency": "GBP", "side": "we_buy"}
    )
    assert (report.created["suppliers"], report.created["parties"]) == (1, 0)
    kinds = Relationship.objects.order_by("kind").values_list("kind", "party__identifiers__value")
    assert list(kinds) == [("customers", "A"), ("suppliers", "A")]


def test_an_order_that_adds_up_to_more_than_can_be_kept_is_refused(bring: Bring) -> None:
    row = "1,A,2026-01-05,999999999999\n"
    with pytest.raises(Invalid, match=r"file1\.csv: The amounts add up to more than can be kept\."):
        bring(HEADER + row + row)
    assert not Relationship.objects.exists()


def test_returns_are_told_by_the_mappings_conditions(bring: Bring) -> None:
    conditions = [
        {"field": "order_ref", "starts_with": "C"},
        {"field": "country", "equals": "back"},
        {"field": "amount", "below": -5},
    ]
    columns = {**PURCHASES["columns"], "country": "Country"}
    bring(
        "Order,Customer,Date,Amount,Country\nC1,A,2026-01-05,1,\n2,A,2026-01-05,2,back\n3,A,2026-01-05,-6,\n"
        "4,A,2026-01-05,-4,\n",
        columns=columns,
        return_when=conditions,
    )
    kinds = OrderLine.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["return", "return", "return", "sale"]


def test_a_constant_fills_what_a_column_leaves_empty(bring: Bring) -> None:
    columns = {**PURCHASES["columns"], "country": "Country"}
    constants = {"kind": "customers", "country": "GB", "product_ref": "P"}
    bring(
        "Order,Customer,Date,Amount,Country\n1,A,2026-01-05,1,FR\n2,A,2026-01-05,2,\n",
        columns=columns,
        constants=constants,
    )
    assert list(Order.objects.order_by("ref").values_list("country", flat=True)) == ["FR", "GB"]
    assert set(OrderLine.objects.values_list("product__ref", flat=True)) == {"P"}


def test_importing_wants_the_right_to_change_parties_and_relationships(workspace: Workspace) -> None:
    opening = Opening("customers", "shop", workspace.business_unit, workspace.system_actor)
    for role in ("finance", "representative"):
        prepare_drafts()
        with pytest.raises(NotAllowed):
            open_drafts(actor=make_user(role), opening=opening, now=NOW)
    alone = Opening("", "shop", workspace.business_unit, workspace.system_actor)
    with pytest.raises(NotAllowed):
        open_drafts(actor=make_user("finance"), opening=alone, now=NOW)
