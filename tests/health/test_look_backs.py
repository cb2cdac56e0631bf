"""Half a year later: asked once, written beside the estimate, and how often our ranges held."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from health.models import LookBack, Proposal
from health.operations.look_backs import ask_what_came, note_actuals
from health.operations.proposals import Estimate, add_line, draft_proposal, send_proposal, settle_proposal
from health.queries.benefit import weigh_proposal
from health.queries.estimates import compare, compared_lines, estimates
from relationships.models import Event, FollowUp, Relationship
from relationships.operations.relationships import close_relationship
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=190)
BOOKS = "books"


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user(name="Rita")


@pytest.fixture
def theirs(owner: User) -> Relationship:
    return make_relationship(name="Halden", owner=owner)


def accepted(relationship: Relationship, outcome: str = "accept") -> Proposal:
    owner = relationship.owner
    made = draft_proposal(actor=owner, relationship=relationship, title="Two years", currency="GBP", now=NOW)
    lines = (
        ("to_us", "Margin", (50, 60, 70), False),
        ("to_us", "Visits", (5, 10, 15), True),
        ("to_them", "Discount", (40, 50, 60), False),
    )
    for side, what, (low, likely, high), is_cost in lines:
        estimate = Estimate(side, what, Decimal(low), Decimal(likely), Decimal(high), is_cost=is_cost)
        add_line(actor=owner, proposal=made, estimate=estimate)
    send_proposal(actor=owner, proposal=made, now=NOW)
    return settle_proposal(actor=owner, proposal=made, outcome=outcome, now=NOW)


def ids(proposal: Proposal) -> dict[str, int]:
    return {line.what: line.pk for line in proposal.lines.order_by("pk")}


def note(proposal: Proposal, **came: int) -> LookBack:
    known = ids(proposal)
    actuals = {known[what]: (Decimal(amount), BOOKS) for what, amount in came.items()}
    owner = proposal.relationship.owner
    return note_actuals(actor=owner, proposal=proposal, actuals=actuals, now=LATER)


def test_what_is_accepted_is_looked_back_at_after_six_months(theirs: Relationship) -> None:
    assert accepted(theirs).look_back.due_date == date(2026, NOW.month + 6, NOW.day)
    assert not LookBack.objects.filter(proposal=accepted(theirs, "decline")).exists()


def test_the_owner_is_asked_once_when_the_day_has_come(theirs: Relationship) -> None:
    made = accepted(theirs)
    assert ask_what_came(now=NOW + timedelta(days=100)) == 0
    assert [ask_what_came(now=LATER), ask_what_came(now=LATER)] == [1, 0]
    asked = FollowUp.objects.get()
    made.look_back.refresh_from_db()
    assert (asked.assignee, asked.due_date, made.look_back.follow_up) == (theirs.owner, LATER.date(), asked)
    assert asked.what == "Ask them, and look up, what “Two years” brought both sides"
    assert asked.created_by.is_system


def test_where_nobody_can_be_asked_it_waits_without_a_follow_up(theirs: Relationship) -> None:
    accepted(theirs)
    gone = make_relationship(owner=make_user())
    accepted(gone)
    User.objects.filter(pk=gone.owner_id).update(
        is_active=False, deactivated_at=NOW, deactivated_by=theirs.owner
    )
    close_relationship(actor=theirs.owner, relationship=theirs, now=NOW, reason="Moved away")
    assert ask_what_came(now=LATER) == 2
    assert FollowUp.objects.count() == 0
    viewer = make_user("administrator")
    assert len(estimates(viewer=viewer, today=LATER.date()).waiting) == 2


def test_an_actual_stands_beside_its_range_and_the_last_one_ends_the_asking(theirs: Relationship) -> None:
    made = accepted(theirs)
    ask_what_came(now=LATER)
    note(made, Margin=70, Visits=20)
    assert FollowUp.objects.get().done_at is None
    assert [side.actual for side in compare(weigh_proposal(made, today=LATER.date()))] == [50, None]
    back = note(made, Discount=-5)
    assert (back.noted_by, FollowUp.objects.get().done_at) == (theirs.owner, LATER)
    us, them = compare(weigh_proposal(made, today=LATER.date()))
    assert (us.actual, us.is_inside, us.is_above) == (50, True, False)
    assert (them.actual, them.is_inside, them.is_above) == (-5, False, False)
    told = Event.objects.filter(verb="health.proposal_compared").latest("pk").data
    assert told == {"title": "Two years", "inside": 1, "known": 3, "lines": 3}
    note(made, Discount=55)
    assert compare(weigh_proposal(made, today=LATER.date()))[1].is_inside


def test_a_proposal_without_lines_has_nothing_to_compare(theirs: Relationship) -> None:
    empty = draft_proposal(actor=theirs.owner, relationship=theirs, title="x", currency="GBP", now=NOW)
    assert compare(weigh_proposal(empty, today=NOW.date())) == []


def test_too_early_the_wrong_lines_and_wrong_people_are_refused(theirs: Relationship) -> None:
    made, declined = accepted(theirs), accepted(theirs, "decline")
    margin = ids(made)["Margin"]
    with pytest.raises(Conflict, match="is asked on"):
        note_actuals(actor=theirs.owner, proposal=made, actuals={margin: (Decimal(1), BOOKS)}, now=NOW)
    with pytest.raises(Conflict, match="Only what was accepted"):
        note(declined, Margin=1)
    wrong = {
        margin: (Decimal(10) ** 12, BOOKS),
        0: (Decimal(1), BOOKS),
        ids(made)["Visits"]: (Decimal(1), "x"),
    }
    with pytest.raises(Invalid) as refused:
        note_actuals(actor=theirs.owner, proposal=made, actuals=wrong, now=LATER)
    assert refused.value.errors == {
        f"actual_{margin}": ["“Margin”: this amount is too large."],
        "actual_0": ["This proposal has no such line."],
        f"source_{ids(made)['Visits']}": ["“Visits”: say how it is known."],
    }
    with pytest.raises(Invalid):
        note(made)
    with pytest.raises(Missing):
        note_actuals(actor=make_user(kind="suppliers"), proposal=made, actuals={}, now=LATER)
    with pytest.raises(NotAllowed):
        note_actuals(actor=make_user("hr"), proposal=made, actuals={}, now=LATER)


def test_how_our_ranges_held_is_counted_by_side_and_estimator(theirs: Relationship) -> None:
    note(accepted(theirs), Margin=70, Visits=20, Discount=10)
    other = make_relationship(owner=make_user(name="Sam"))
    note(accepted(other), Margin=49)
    found = estimates(viewer=make_user("administrator"), today=LATER.date())
    assert (found.every.inside, found.every.below, found.every.above) == (1, 2, 1)
    assert [(side.key, side.inside, side.below, side.above) for side in found.sides] == [
        ("to_them", 0, 1, 0),
        ("to_us", 1, 1, 1),
    ]
    assert [(who.label, who.compared) for who in found.estimators] == [("Rita", 3), ("Sam", 1)]
    assert found.every.coverage is not None
    assert found.every.coverage.share == 0.25
    assert [back.proposal.relationship for back in found.waiting] == [other]


def test_each_count_opens_to_as_many_lines(theirs: Relationship) -> None:
    note(accepted(theirs), Margin=70, Visits=20, Discount=10)
    viewer = make_user("administrator")
    counts = [
        len(compared_lines(viewer=viewer, by=by, side=side, fell=fell).rows)
        for by, side, fell in (
            (None, "", ""), (theirs.owner_id, "", ""), (0, "", ""), (None, "to_us", ""), (None, "x", "above"),
            (None, "", "inside"), (None, "", "below"),
        )
    ]  # fmt: skip
    assert counts == [3, 3, 0, 2, 1, 1, 1]


def test_estimates_of_what_one_may_not_see_are_not_counted(theirs: Relationship) -> None:
    note(accepted(theirs), Margin=70)
    for viewer in (make_user("hr"), make_user(kind="suppliers")):
        found = estimates(viewer=viewer, today=LATER.date())
        assert (found.every.compared, found.sides, found.estimators, found.waiting) == (0, [], [], [])
        assert compared_lines(viewer=viewer).rows == []


def test_the_pages_ask_and_show(theirs: Relationship) -> None:
    made, client = accepted(theirs), Client()
    client.force_login(theirs.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    here, lines = f"/proposals/{made.pk}/", ids(made)
    with time_machine.travel(NOW, tick=False):
        assert "Asked for half a year after" in client.get(here).content.decode()
    with time_machine.travel(LATER, tick=False):
        assert "Nothing is compared yet" in client.get("/proposals/estimates/").content.decode()
        assert "Write it down" in client.get(here).content.decode()
        asked = client.get(f"{here}look-back/")
        assert (asked.status_code, "Margin" in asked.content.decode()) == (200, True)
        assert client.post(f"{here}look-back/", {f"actual_{lines['Margin']}": "much"}).status_code == 422
        assert client.post(f"{here}look-back/", {f"source_{lines['Margin']}": BOOKS}).status_code == 422
        given = {f"source_{pk}": BOOKS for pk in lines.values()}
        given |= {f"actual_{lines['Margin']}": "65", f"actual_{lines['Visits']}": "30"}
        assert client.post(f"{here}look-back/", given).headers["Location"] == here
        assert "in range" in client.get(here).content.decode()
        assert "50 % of our ranges held" in client.get("/proposals/estimates/").content.decode()
        page = client.get("/proposals/estimates/lines/?fell=above&by=x&side=y").content.decode()
        assert ("Visits" in page, "Margin" in page) == (True, False)
    assert "wrote down what came of" in client.get(f"/customers/{theirs.pk}/timeline/").content.decode()
