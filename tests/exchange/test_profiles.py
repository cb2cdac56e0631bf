"""What a kind's profile knows, from files: typed, held by row with the reason; and a mapping ready for each kind."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from exchange.models import HeldRow
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import SHIPPED, load_mapping
from investors.models import Investor
from press.models import Outlet
from relationships.models import Party, Relationship
from suppliers.models import Supplier
from tests.exchange.conftest import ROOT, Bring
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SUPPLIER: dict[str, Any] = {
    "dataset": "parties",
    "columns": {
        "ref": "No", "name": "Name", "profile.criticality": "Vital", "profile.is_sole_source": "Only",
        "profile.payment_terms_days": "Days",
    },
    "constants": {"kind": "suppliers"},
}  # fmt: skip
INVESTOR: dict[str, Any] = {
    "dataset": "parties",
    "date_format": "%d/%m/%Y",
    "columns": {
        "ref": "No", "name": "Name", "profile.shares_held": "Shares", "profile.holding_date": "Day",
        "profile.votes_percent": "Votes", "profile.lei": "LEI",
    },
    "constants": {"kind": "investors"},
}  # fmt: skip
SUPPLIERS = "No,Name,Vital,Only,Days\n"
INVESTORS = "No,Name,Shares,Day,Votes,LEI\n"


def held() -> list[tuple[str, str]]:
    return list(HeldRow.objects.order_by("row").values_list("column", "reason"))


def test_numbers_and_yes_or_no_are_read_as_what_they_are(bring: Bring) -> None:
    rows = "1,Acme,5,Yes,30\n2,Bolt,,n,\n3,Cog,1,X,0\n"
    assert bring(SUPPLIERS + rows, **SUPPLIER).held == 0
    found = Supplier.objects.order_by("relationship__party_name")
    assert list(found.values_list("criticality", "is_sole_source", "payment_terms_days")) == [
        (5, True, 30), (2, False, None), (1, True, 0),
    ]  # fmt: skip


def test_days_shares_and_percentages_are_read_as_what_they_are(bring: Bring) -> None:
    bring(INVESTORS + "1,Fund,1202712000,31/12/2025,40.44,529900T8BM49AURSDO55\n", **INVESTOR)
    fund = Investor.objects.get()
    assert (fund.shares_held, fund.holding_date, fund.votes_percent, fund.lei) == (
        1_202_712_000, date(2025, 12, 31), Decimal("40.44"), "529900T8BM49AURSDO55",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1,Acme,6,no,30", "Vital", "does_not_fit"),
        ("1,Acme,0,no,30", "Vital", "does_not_fit"),
        ("1,Acme,high,no,30", "Vital", "not_a_number"),
        ("1,Acme,2.5,no,30", "Vital", "too_many_decimals"),
        ("1,Acme,2,maybe,30", "Only", "not_yes_or_no"),
        ("1,Acme,2,no,-1", "Days", "outside_bounds"),
        ("1,Acme,2,no,32768", "Days", "outside_bounds"),
    ],
)
def test_a_suppliers_wrong_value_is_held_by_row_column_and_reason(
    bring: Bring, row: str, column: str, reason: str
) -> None:
    report = bring(f"{SUPPLIERS}{row}\n2,Good,1,yes,1\n", **SUPPLIER)
    assert (report.held, held(), Supplier.objects.count()) == (1, [(column, reason)], 1)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1,Fund,5,,,", "Day", "does_not_fit"),
        ("1,Fund,,31/12/2025,,", "Day", "does_not_fit"),
        ("1,Fund,,,-1,", "Votes", "does_not_fit"),
        ("1,Fund,,,100.5,", "Votes", "outside_bounds"),
        ("1,Fund,,,1.005,", "Votes", "too_many_decimals"),
        ("1,Fund,5,31/02/2025,,", "Day", "not_a_date"),
        ("1,Fund,5,31/12/2101,,", "Day", "date_out_of_range"),
        ("1,Fund,,,,529900T8BM49AURSDO56", "LEI", "malformed_value"),
    ],
)
def test_an_investors_wrong_value_is_held_by_row_column_and_reason(
    bring: Bring, row: str, column: str, reason: str
) -> None:
    report = bring(f"{INVESTORS}{row}\n2,Good,,,,\n", **INVESTOR)
    assert (report.held, held(), Investor.objects.count()) == (1, [(column, reason)], 1)


def test_a_row_is_judged_with_what_the_profile_holds_already(bring: Bring) -> None:
    bring(INVESTORS + "1,Fund,5,31/12/2025,1,\n", **INVESTOR)
    assert bring(INVESTORS + "1,Fund,7,,2,\n", **INVESTOR).held == 0
    fund = Investor.objects.get()
    assert (fund.shares_held, fund.holding_date, fund.votes_percent) == (7, date(2025, 12, 31), 2)


def test_the_same_day_written_otherwise_is_the_same_row(bring: Bring) -> None:
    bring(INVESTORS + "1,Fund,5,31/12/2025,1,\n", **INVESTOR)
    again = bring(INVESTORS + "1,Fund,5,31/12/2025,1.00,\n", **INVESTOR)
    assert again.unchanged == {"parties": 1}


READY = {
    "investors": (
        "Reference,Name,Town,Country,Email,Phone,Website,Type,Style,Shares,As of,Votes %,Holder since,"
        "Register number,LEI\nR1,Fund,Leeds,GB,,,,Family office,Value,100,2025-12-31,1.5,2019-04-01,77,\n",
        {"type": "family", "style": "value", "shares_held": 100, "holder_since_date": date(2019, 4, 1)},
    ),
    "press": (
        "Reference,Name,Town,Country,Email,Phone,Website,Medium,Reach,Region,Language,Beat,Deadline,Verified\n"
        "P1,The Post,York,GB,,,,Radio,National,North,English,Food,Fridays,2026-01-05\n",
        {"medium": "radio", "reach": "national", "beat": "Food", "verified_date": date(2026, 1, 5)},
    ),
    "community": (
        "Reference,Name,Town,Country,Email,Phone,Website,Type,Area,People,Issue,Stance,Permits,Term ends\n"
        "C1,Eastmoor,York,GB,,,,Municipality,Eastmoor,12400,Lorries,With conditions,,2027-05-06\n",
        {"type": "municipality", "people_represented": 12_400, "stance": "conditional",
         "term_ends_date": date(2027, 5, 6)},
    ),
    "suppliers": (
        "Reference,Name,Town,Country,Email,Phone,Website,Category,Criticality,Sole source,"
        '"Payment terms, days",Capacity,Supplier number\nS1,Mill,York,GB,,,,logistics,4,yes,30,Lots,77\n',
        {"category": "logistics", "criticality": 4, "is_sole_source": True, "payment_terms_days": 30},
    ),
}  # fmt: skip
PROFILES = {"investors": "investor", "press": "outlet", "community": "body", "suppliers": "supplier"}


@pytest.mark.parametrize("kind", READY)
def test_each_kind_has_a_mapping_ready_that_fills_its_profile(bring: Bring, kind: str) -> None:
    content, wanted = READY[kind]
    keys = json.loads((SHIPPED / f"{kind}.json").read_text())
    report = bring(content, dataset="parties", **{key: keys[key] for key in keys if key != "dataset"})
    assert (report.held, report.created[kind]) == (0, 1)
    profile = getattr(Relationship.objects.get(kind=kind), PROFILES[kind])
    assert {name: getattr(profile, name) for name in wanted} == wanted


def bring_published(workspace: Workspace, mapping: str, path: Path) -> Any:
    return ingest(
        actor=workspace.system_actor,
        dataset="parties",
        files=[SourceFile(path.name, path)],
        mapping=load_mapping(mapping, "parties"),
        now=NOW,
        accept_equal=True,
    )


def test_published_newspapers_come_in_as_press(workspace: Workspace) -> None:
    report = bring_published(workspace, "usnpl-press", ROOT / "tests/data/usnpl/newspapers_magazines.tsv")
    assert (report.rows, report.created["press"] + report.held) == (45, 45)
    assert Outlet.objects.filter(medium="magazine").count() + report.held >= 10
    found = Party.objects.get(name="Alaska Dispatch News")
    assert (found.kind, found.country) == ("outlet", "US")
    outlet = Outlet.objects.get(relationship__party=found)
    assert (outlet.medium, outlet.region, outlet.language) == ("newspaper", "AK", "English")


def test_published_vendors_come_in_as_suppliers(workspace: Workspace) -> None:
    path = ROOT / "tests/data/adventureworks/Purchasing_Vendor.csv"
    report = bring_published(workspace, "adventureworks-suppliers", path)
    assert (report.rows, report.held, report.created["suppliers"]) == (104, 0, 104)
    supplier = Supplier.objects.get(relationship__party_name="Advanced Bicycles")
    assert (supplier.supplier_number, supplier.category, supplier.is_sole_source) == (
        "ADVANCED0001", "goods", False,
    )  # fmt: skip
