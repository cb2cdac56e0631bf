"""Where relationships stand: sums equal to the rows behind them, nothing of what one may not know."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.enums import Confidentiality
from accounts.models import Team, User
from accounts.operations.workspace import Workspace
from analytics.explain import shown
from dashboards.models import HealthCell, HealthCellPart
from dashboards.operations.cells import add_up, keep_sums
from dashboards.queries.standing import Standing, promise_rates, standing, to_decide
from dashboards.ui.standing import LINES, reasons, verdict
from health.models import RelationshipScore
from relationships import kinds
from relationships.models import Relationship
from relationships.queries.commitment_ledger import LedgerQuery, Rate, kept_rates
from tests.dashboards.portfolio import sealed, summed, talked
from tests.factories import NOW, make_commitment, make_interaction, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


def counted(found: Standing) -> dict[str, int]:
    return {each.kind.slug: each.now.relationships for each in found.kinds}


def test_the_mean_is_weighted_by_value_where_it_is_known(boss: User) -> None:
    rich, poor = talked("customers", boss, falling=True, value=900), talked("customers", boss, value=100)
    unvalued = talked("customers", boss)
    summed("customers")
    scores = {row.pk: row.score for row in RelationshipScore.objects.all()}
    weights = {rich.pk: 900, poor.pk: 100, unvalued.pk: 500}
    mean = sum(weights[pk] * score for pk, score in scores.items()) / 1500
    (customers,) = standing(viewer=boss, now=NOW).kinds
    assert customers.mean == shown(mean)
    assert customers.now.relationships == 3


def test_what_moved_it_adds_up_to_the_change(boss: User) -> None:
    for _ in range(2):
        talked("customers", boss, falling=True, value=50)
        talked("suppliers", boss, falling=True)
    talked("suppliers", boss)
    summed("customers", "suppliers")
    found = standing(viewer=boss, now=NOW)
    assert found.change is not None
    assert found.change < 0
    assert sum(line.points for line in found.lines) == found.change
    told = reasons(found, 12)
    assert len(told) <= LINES + 1
    assert sum(reason.points for reason in told) == found.change
    assert "carry the fall" in verdict(found)


def test_groups_of_every_cell_come_to_its_sums(boss: User) -> None:
    talked("customers", boss, value=10)
    talked("customers", boss, falling=True)
    summed("customers")
    for cell in HealthCell.objects.all():
        parts = HealthCellPart.objects.filter(cell=cell)
        assert sum(part.plain_sum for part in parts) == pytest.approx(cell.plain_sum)
        assert sum(part.weighted_sum for part in parts) == pytest.approx(cell.weighted_sum)


def test_rates_add_up_what_everybody_with_sight_may_know_and_what_was_promised_among_few(boss: User) -> None:
    late = {"due_date": NOW.date() - timedelta(days=2), "now": NOW - timedelta(days=9)}
    open_to_all, named = (make_relationship(owner=make_user()) for _ in range(2))
    sealed(named)
    make_commitment(open_to_all, **late)
    make_commitment(make_relationship("suppliers"), direction="theirs", **late)
    make_commitment(named, actor=named.owner, **late)
    few = make_interaction(open_to_all, actor=open_to_all.owner, confidentiality=Confidentiality.CONFIDENTIAL)
    make_commitment(open_to_all, actor=open_to_all.owner, made_in=few, **late)
    for _ in range(2):  # the second time in place of the first
        keep_sums(now=NOW)
    ours, theirs = (Rate(0, 0, 1), Rate(0, 0, 0)), (Rate(0, 0, 0), Rate(0, 0, 1))
    assert promise_rates(viewer=boss, now=NOW) == {"customers": ours, "suppliers": theirs}
    assert promise_rates(viewer=make_user(kind="suppliers"), now=NOW) == {"suppliers": theirs}
    assert promise_rates(viewer=named.owner, now=NOW)["customers"][0] == Rate(0, 0, 2)
    assert promise_rates(viewer=open_to_all.owner, now=NOW)["customers"][0] == Rate(0, 0, 2)
    for viewer in (boss, named.owner, open_to_all.owner):
        (counted, _theirs) = kept_rates(viewer=viewer, query=LedgerQuery(kind="customers"), now=NOW)
        assert promise_rates(viewer=viewer, now=NOW)["customers"][0] == counted


def test_no_score_says_so(boss: User) -> None:
    make_relationship(owner=boss)
    keep_sums(now=NOW)
    found = standing(viewer=boss, now=NOW)
    assert (found.mean, found.change, found.lines) == (None, None, [])
    assert found.kinds[0].now.unknown == 1
    assert verdict(found) == "Nothing has enough evidence for a score yet."


def test_an_unchanged_mean_is_said_plainly(boss: User) -> None:
    talked("customers", boss)
    summed("customers", weeks=1)
    found = standing(viewer=boss, now=NOW)
    assert found.since is not None
    assert verdict(found).startswith("Overall health is")
    assert standing(viewer=make_user(""), now=NOW).kinds == []


def test_closed_relationships_are_not_counted(boss: User) -> None:
    gone = talked("customers", boss)
    Relationship.objects.filter(pk=gone.pk).update(closed_at=NOW - timedelta(days=1), closed_by=boss)
    talked("customers", boss)
    summed("customers")
    assert counted(standing(viewer=boss, now=NOW)) == {"customers": 1}


def test_values_in_another_currency_without_a_rate_weigh_as_none(boss: User) -> None:
    kept = talked("customers", boss, value=100)
    other = talked("customers", boss, falling=True, value=100)
    other.state.value_amount, other.state.value_currency = Decimal(100), "JPY"
    other.state.save(update_fields=["value_amount", "value_currency"])
    summed("customers")
    scores = RelationshipScore.objects.in_bulk()
    (customers,) = standing(viewer=boss, now=NOW).kinds
    assert customers.now.sums.valued_count == 1
    assert customers.mean == shown((scores[kept.pk].score + scores[other.pk].score) / 2)


def everybody(team: Team) -> list[User]:
    """Somebody for each way in which sight is limited."""
    return [
        make_user("executive"),
        make_user("administrator"),
        make_user(kind="suppliers"),
        make_user(kind="customers"),
        make_user("representative", member_of=team),
        make_user("representative", team=team, member_of=team),
        make_user("hr"),
        make_user(""),
    ]


def test_figures_count_exactly_what_each_viewer_may_know_of(boss: User) -> None:
    team = make_team()
    people = everybody(team)
    for slug in kinds.registry.slugs:
        for number, owner in enumerate(people[:6]):
            row = make_relationship(slug, owner=owner, name=f"{slug} {number}")
            if number == 1:
                Relationship.objects.filter(pk=row.pk).update(team=team)
            Relationship.objects.filter(pk=row.pk).update(confidentiality=number % 4)
        sealed(make_relationship(slug, owner=boss))
    add_up(now=NOW)
    for viewer in User.objects.filter(pk__in=[person.pk for person in people]):
        rows = Relationship.objects.visible_to(viewer).values_list("kind", flat=True)
        expected = {slug: list(rows).count(slug) for slug in set(rows)}
        assert counted(standing(viewer=viewer, now=NOW)) == expected, viewer.current_grants()


def test_who_may_not_see_a_kind_sees_none_of_its_numbers(boss: User, client: Client) -> None:
    viewer = make_user(kind="suppliers")
    talked("suppliers", viewer, falling=True)
    summed("suppliers")
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        before = client.get("/dashboards/").content
        talked("customers", boss, falling=True, name="Zebra")
        sealed(talked("suppliers", boss, falling=True, name="Otter"))
        summed("customers", "suppliers")
        after = client.get("/dashboards/").content
    assert b"Suppliers" in after
    assert b"Zebra" not in after
    assert b"Otter" not in after
    assert b"/customers/" not in after
    assert _without_token(before) == _without_token(after)


def _without_token(body: bytes) -> bytes:
    return b"".join(line for line in body.splitlines() if b"X-CSRFToken" not in line)


def test_whom_to_decide_on_are_those_at_risk_the_most_valuable_first(boss: User) -> None:
    rows = [talked("customers", boss, value=value) for value in (10, 30, 20)]
    for row in rows[:2]:
        row.state.health_status, row.state.health = "at_risk", Decimal(40)
        row.state.save(update_fields=["health_status", "health"])
    assert [row.pk for row in to_decide(viewer=boss)] == [rows[1].pk, rows[0].pk]
    assert to_decide(viewer=make_user(kind="suppliers")) == []


def test_the_page_opens_every_figure_to_its_list(boss: User, client: Client) -> None:
    row = talked("customers", boss, falling=True, value=10)
    summed("customers")
    row.state.refresh_from_db()
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        page = client.get("/dashboards/?weeks=4")
        assert page.status_code == 200
        opened = [part["url"] for part in page.context["cards"][0].parts if part["count"]]
        assert opened == [f"/customers/?health={row.state.health_status}"]
        listed = client.get(opened[0])
    assert listed.context["page"].rows[0].relationship.pk == row.pk


def test_weeks_are_added_up_once_and_old_ones_go(boss: User) -> None:
    talked("customers", boss)
    summed("customers", weeks=2)
    old = HealthCell.objects.filter(week__isnull=False).order_by("week").first()
    HealthCell.objects.filter(pk=old.pk).update(week=NOW.date() - timedelta(weeks=60))
    made = keep_sums(now=NOW, weeks=1)
    assert made == 1
    assert not HealthCell.objects.filter(pk=old.pk).exists()
