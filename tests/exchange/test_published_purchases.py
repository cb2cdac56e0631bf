"""The two published purchase histories, to the row, the customer and the penny, twice."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from commerce.models import Order, OrderLine, Product
from exchange.models import HeldRow, ImportRun
from relationships.models import Event, Party, Relationship, RelationshipState
from tests.exchange.conftest import Bring

pytestmark = pytest.mark.django_db


def test_the_cdnow_sample_brings_its_customers_once(bring_shipped: Bring, cdnow: Path) -> None:
    first = bring_shipped("cdnow", "purchases", [cdnow])
    assert (first.rows, first.held, first.repeated) == (6919, 0, 21)
    assert first.created == {
        "customers": 2357, "parties": 2357, "products": 0, "orders": 6919, "lines": 6919,
    }  # fmt: skip
    assert first.amount == Decimal("244091.94")
    assert OrderLine.objects.aggregate(Sum("amount")) == {"amount__sum": Decimal("244091.94")}
    again = bring_shipped("cdnow", "purchases", [cdnow])
    assert set(again.created.values()) == {0}
    assert again.unchanged == {"customers": 2357, "products": 0, "orders": 6919, "lines": 6919}


def test_online_retail_adds_up_in_rows_and_money(bring_shipped: Bring, online_retail: list[Path]) -> None:
    first = bring_shipped("online-retail", "purchases", online_retail)
    assert (first.rows, first.held, first.imported) == (42_481, 15_631, 26_850)
    assert first.held_by_reason == {"no_customer": 15_631}
    assert (first.amount, first.held_amount) == (Decimal("748957.02"), Decimal("194353.00"))
    assert (first.created["customers"], first.created["lines"], first.repeated) == (948, 26_850, 500)
    assert OrderLine.objects.aggregate(Sum("amount")) == {"amount__sum": Decimal("554604.02")}
    assert HeldRow.objects.aggregate(Sum("amount")) == {"amount__sum": Decimal("194353.00")}
    assert Order.objects.aggregate(Sum("amount")) == {"amount__sum": Decimal("554604.02")}
    assert Product.objects.get(ref="85123A").name == "WHITE HANGING HEART T-LIGHT HOLDER"
    assert OrderLine.objects.filter(kind="return").count() == OrderLine.objects.filter(quantity__lt=0).count()
    again = bring_shipped("online-retail", "purchases", online_retail)
    assert (set(again.created.values()), set(again.updated.values())) == ({0}, {0})
    assert (again.unchanged["lines"], again.held, HeldRow.objects.count()) == (26_850, 15_631, 15_631)
    assert ImportRun.objects.count() == 2


def test_new_customers_are_whole_relationships(bring_shipped: Bring, online_retail: list[Path]) -> None:
    bring_shipped("online-retail", "purchases", online_retail[:1])
    relationship = Relationship.objects.get(kind="customers", source="online-retail", external_ref="17850")
    assert (relationship.party_name, relationship.stage, relationship.party.kind) == (
        "Customer 17850",
        "active",
        "organisation",
    )
    assert relationship.customer is not None
    state = RelationshipState.objects.get(relationship=relationship)
    assert (state.next_touch_reason, state.stale_at is not None) == ("cadence", True)
    assert list(
        Event.objects.filter(party=relationship.party).order_by("id").values_list("verb", flat=True)
    ) == ["party_created", "relationship_opened"]
    assert list(relationship.party.identifiers.values_list("scheme", "value")) == [("online-retail", "17850")]


def test_the_command_writes_the_report(workspace: object, cdnow: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    said = io.StringIO()
    call_command(
        "ingest", "purchases", str(cdnow), "--mapping", "cdnow", "--report", str(target), stdout=said
    )
    report = json.loads(target.read_text())
    assert report["totals"] == {"amount": "244091.94", "held_amount": "0.00"}
    assert report["files"] == ["CDNOW_sample.txt"]
    assert report["columns_ignored"] == ["column 2"]
    assert (report["rows"], report["held"], report["held_by_reason"]) == (6919, 0, {})
    assert "6,919 rows: 6,919 imported, 0 held." in said.getvalue()


def test_a_dry_run_reports_the_same_and_changes_nothing(
    workspace: object, cdnow: Path, tmp_path: Path
) -> None:
    said = io.StringIO()
    call_command(
        "ingest", "purchases", str(cdnow), "--mapping", "cdnow", "--dry-run", "--report", "-", stdout=said
    )
    assert json.loads(said.getvalue())["created"]["customers"] == 2357
    assert (Party.objects.count(), Order.objects.count(), ImportRun.objects.count()) == (0, 0, 0)
