"""How each side keeps its word: on the original day, late, or not at all, with the number it is drawn from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from accounts.operations.workspace import Workspace
from relationships.models import Commitment, Relationship
from relationships.operations.commitments import move_commitment, renegotiate
from relationships.operations.due_promises import miss_due
from relationships.queries.commitment_ledger import LedgerQuery, Rate, kept_rates, rated, rates_of
from tests.factories import NOW, make_commitment, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db

DUE = NOW.date() + timedelta(days=7)
IN_TIME = datetime(2026, 3, 25, 23, 30, tzinfo=UTC)
TOO_LATE = datetime(2026, 3, 26, 0, 30, tzinfo=UTC)
AFTER = NOW + timedelta(days=30)
NONE = Rate(0, 0, 0)


def promise(relationship: Relationship, **fields: object) -> Commitment:
    return make_commitment(relationship, due_date=DUE, **fields)


def deliver(commitment: Commitment, at: datetime) -> None:
    move_commitment(actor=commitment.owner, commitment=commitment, transition="deliver", now=at)


def test_only_the_original_day_makes_it_on_time(workspace: Workspace) -> None:
    relationship = make_relationship()
    deliver(promise(relationship), IN_TIME)
    deliver(promise(relationship), TOO_LATE)
    moved = promise(relationship)
    renegotiate(
        actor=moved.owner,
        commitment=moved,
        to_date=DUE + timedelta(days=9),
        agreed_with="Ana",
        reason="Snow",
        now=NOW,
    )
    deliver(moved, TOO_LATE)
    promise(relationship, direction="theirs")
    gone = promise(relationship)
    move_commitment(actor=gone.owner, commitment=gone, transition="withdraw", reason="x", now=NOW)
    miss_due(now=AFTER)
    ours, theirs = kept_rates(viewer=make_user(), query=LedgerQuery(), now=AFTER)
    assert (ours, ours.percent) == (Rate(on_time=1, late=2, broken=0), pytest.approx(100 / 3))
    assert (theirs, theirs.percent, theirs.total) == (Rate(0, 0, 1), 0, 1)


def test_what_both_promised_counts_for_both(workspace: Workspace) -> None:
    deliver(promise(make_relationship(), direction="mutual"), IN_TIME)
    assert kept_rates(viewer=make_user(), query=LedgerQuery(), now=AFTER) == (Rate(1, 0, 0), Rate(1, 0, 0))


def test_without_evidence_there_is_no_rate(workspace: Workspace) -> None:
    promise(make_relationship())
    ours, theirs = kept_rates(viewer=make_user(), query=LedgerQuery(), now=NOW)
    assert (ours, ours.percent, theirs.percent) == (NONE, None, None)


def test_rates_add_up_by_whatever_is_asked_for(workspace: Workspace) -> None:
    owner, team = make_user(), make_team()
    customer = make_relationship("customers", team=team)
    supplier = make_relationship("suppliers")
    deliver(promise(customer, actor=owner), IN_TIME)
    deliver(promise(supplier, direction="theirs", actor=owner), TOO_LATE)
    promise(supplier, direction="theirs")
    miss_due(now=AFTER)

    def rates(by: str) -> dict[int | str | None, tuple[Rate, Rate]]:
        rows = rated(Commitment.objects.all(), by={"group": F(by)}, today=AFTER.date())
        return {row["group"]: rates_of(row) for row in rows}

    kept, theirs = (Rate(1, 0, 0), NONE), (NONE, Rate(0, 1, 1))
    assert rates("relationship__party_id") == {customer.party_id: kept, supplier.party_id: theirs}
    assert rates("relationship__kind") == {"customers": kept, "suppliers": theirs}
    assert rates("relationship__team_id") == {team.pk: kept, None: theirs}
    assert rates("owner_id") == {
        owner.pk: (Rate(1, 0, 0), Rate(0, 1, 0)),
        customer.owner_id: (NONE, Rate(0, 0, 1)),
    }
