"""Mutual benefit: what was noted, what a proposal would change, and the gate before it goes out."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.operations.currencies import add_currency
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from health.models import Proposal
from health.operations.proposals import (
    Estimate,
    add_line,
    approve_proposal,
    ask_approval,
    confirm_line,
    draft_proposal,
    remove_line,
    revise_proposal,
    send_proposal,
    settle_proposal,
)
from health.queries.benefit import balance_of, entries_of, weigh_proposal
from health.queries.proposals import proposal_page
from messaging.models import Notification
from messaging.queries.notifications import centre
from relationships.models import Event, Relationship, ValueEntry
from relationships.operations.value_entries import Worth, record_value, reverse_value
from tests.api import ApiClient
from tests.factories import NOW, make_interaction, make_relationship, make_user
from tests.health.evidence import note

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def theirs(owner: User) -> Relationship:
    return make_relationship(name="Halden", owner=owner)


def proposed(relationship: Relationship, us: int, them: int) -> Proposal:
    made = draft_proposal(
        actor=relationship.owner, relationship=relationship, title="Two years", currency="GBP", now=NOW
    )
    for side, amount in (("to_us", us), ("to_them", them)):
        line = Estimate(side, "Goods", *[Decimal(abs(amount))] * 3, is_cost=amount < 0)
        add_line(actor=relationship.owner, proposal=made, estimate=line)
    return made


def running(relationship: Relationship) -> Any:
    return balance_of(relationship, entries_of(relationship, today=TODAY))


@pytest.mark.parametrize(
    ("us", "them", "balance", "lopsided", "flagged"),
    [
        (60, 40, 0.8, 0.2, False),
        (90, 10, 0.2, 0.8, True),
        (-5, 50, 0.0, -1.0, True),
        (50, 50, 1.0, 0.0, False),
    ],
)
def test_a_relationship_has_the_published_balance(
    theirs: Relationship, us: int, them: int, balance: float, lopsided: float, flagged: bool
) -> None:
    note(theirs, "to_us", us)
    note(theirs, "to_them", them)
    found = running(theirs)
    assert found.assessment.balance == pytest.approx(balance)
    assert found.assessment.lopsidedness == pytest.approx(lopsided)
    assert found.is_flagged is flagged


def test_a_range_that_reaches_towards_balance_is_not_flagged(theirs: Relationship) -> None:
    note(theirs, "to_us", 90, worth=Worth(Decimal(90), "GBP", Decimal(10), Decimal(95)))
    note(theirs, "to_them", 10, worth=Worth(Decimal(10), "GBP", Decimal(5), Decimal(90)))
    found = running(theirs)
    assert (found.is_flagged, found.sentence) == (False, "Both sides gain in fair parts.")
    assert found == running(theirs)


def test_two_currencies_are_not_added(theirs: Relationship) -> None:
    add_currency(actor=make_user("administrator"), code="CHF", now=NOW)
    note(theirs, "to_us", 60)
    note(theirs, "to_them", 40, currency="CHF")
    found = running(theirs)
    assert (found.assessment, found.currency, found.is_flagged) == (None, "", False)
    assert "are not added without a rate" in found.sentence


def test_nothing_noted_says_so(theirs: Relationship) -> None:
    assert running(theirs).sentence.startswith("Nothing is noted yet")


def test_costs_and_gains_add_up_and_what_is_taken_back_is_gone(theirs: Relationship) -> None:
    cost = note(theirs, "to_us", -30, worth=Worth(Decimal(-30), "GBP", Decimal(-40), Decimal(-20)))
    note(theirs, "to_us", 80)
    assert running(theirs).found.us.mid == 50
    taken = reverse_value(actor=theirs.owner, entry=cost, reason="Counted twice", now=NOW)
    assert (taken.amount, taken.low, taken.high, taken.reverses) == (
        Decimal(30),
        Decimal(20),
        Decimal(40),
        cost,
    )
    assert running(theirs).found.us.mid == 80
    with pytest.raises(Conflict):
        reverse_value(actor=theirs.owner, entry=cost, reason="Again", now=NOW)
    with pytest.raises(Missing):
        reverse_value(actor=make_user(kind="suppliers"), entry=cost, reason="x", now=NOW)
    assert sorted(Event.objects.filter(verb__startswith="value").values_list("data__side", flat=True)) == [
        "to_us", "to_us", "to_us",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("worth", "fields", "field"),
    [
        (Worth(Decimal(5), "GBP", Decimal(1)), {}, "high"),
        (Worth(Decimal(5), "GBP", None, Decimal(9)), {}, "low"),
        (Worth(Decimal(5), "GBP", Decimal(6), Decimal(9)), {}, "low"),
        (Worth(Decimal(5), "XXX"), {}, "currency"),
        (Worth(Decimal(10) ** 12, "GBP"), {}, "amount"),
        (Worth(Decimal(5), "GBP", Decimal(1), Decimal(9)), {"basis": "ledger"}, "low"),
        (Worth(Decimal(5), "GBP"), {"side": "x"}, "side"),
    ],
)
def test_bad_values_are_refused(
    theirs: Relationship, worth: Worth, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        note(theirs, **({"side": "to_us", "amount": 0, "worth": worth} | fields))
    assert list(refused.value.errors) == [field]


def test_the_same_form_notes_once_and_books_name_no_estimator(theirs: Relationship) -> None:
    first = note(theirs, "to_us", 5, basis="ledger", idempotency_key="k")
    assert note(theirs, "to_us", 5, basis="ledger", idempotency_key="k") == first
    assert first.estimator is None


def test_who_sees_no_money_notes_none(theirs: Relationship) -> None:
    hr = make_user("hr")
    worth = Worth(Decimal(5), "GBP")
    with pytest.raises(NotAllowed):
        record_value(
            actor=hr,
            relationship=theirs,
            side="to_us",
            category="margin",
            worth=worth,
            value_date=TODAY,
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        draft_proposal(actor=hr, relationship=theirs, title="x", currency="GBP", now=NOW)


def test_a_fair_proposal_goes_out_and_joins_the_balance_when_accepted(theirs: Relationship) -> None:
    made = proposed(theirs, 60, 40)
    send_proposal(actor=theirs.owner, proposal=made, now=NOW)
    done = settle_proposal(actor=theirs.owner, proposal=made, outcome="accept", now=NOW)
    assert done.state == "accepted"
    assert (running(theirs).found.us.mid, running(theirs).found.them.mid) == (60, 40)
    states = (
        Event.objects.filter(verb="health.proposal_moved")
        .order_by("pk")
        .values_list("data__state", flat=True)
    )
    assert list(states) == ["sent", "accepted"]


def test_a_lopsided_proposal_needs_another_ones_reason(theirs: Relationship) -> None:
    owner, manager, made = theirs.owner, make_user(), proposed(theirs, 90, 10)
    with pytest.raises(Conflict) as refused:
        send_proposal(actor=owner, proposal=made, now=NOW)
    assert refused.value.missing == ["approval"]
    with pytest.raises(Invalid):
        ask_approval(actor=owner, proposal=made, reason=" ", now=NOW)
    ask_approval(actor=owner, proposal=made, reason="They asked for it", now=NOW)
    with pytest.raises(NotAllowed):
        approve_proposal(actor=owner, proposal=made, reason="Fine", now=NOW)
    finance = make_user("finance")
    with pytest.raises(NotAllowed):
        approve_proposal(actor=finance, proposal=made, reason="Fine", now=NOW)
    approve_proposal(actor=manager, proposal=made, reason="First year only", now=NOW)
    assert send_proposal(actor=owner, proposal=made, now=NOW).state == "sent"


def test_an_approval_is_of_the_lines_as_they_were(theirs: Relationship) -> None:
    owner, manager, made = theirs.owner, make_user(), proposed(theirs, 90, 10)
    ask_approval(actor=owner, proposal=made, reason="They asked", now=NOW)
    approve_proposal(actor=manager, proposal=made, reason="Fine", now=NOW)
    with pytest.raises(Conflict):
        add_line(actor=owner, proposal=made, estimate=Estimate("to_us", "More", *[Decimal(9)] * 3))
    revised = revise_proposal(actor=owner, proposal=made, now=NOW)
    assert (revised.state, revised.approved_by, revised.approved_hash) == ("draft", None, "")
    ask_approval(actor=owner, proposal=made, reason="They asked", now=NOW)
    approve_proposal(actor=manager, proposal=made, reason="Fine", now=NOW)
    made.lines.filter(side="to_us").update(likely=95, high=95)
    with pytest.raises(Conflict):
        send_proposal(actor=owner, proposal=made, now=NOW)


@pytest.mark.parametrize(
    ("us", "them", "words"),
    [
        (-10, 50, "our favour"),
        (-10, -10, "Both sides lose"),
        (-50, 20, "destroys value"),
        (50, -10, "They lose by it"),
    ],
)
def test_whoever_loses_closes_the_gate(theirs: Relationship, us: int, them: int, words: str) -> None:
    gate = " ".join(weigh_proposal(proposed(theirs, us, them), today=TODAY).gate)
    assert (words in gate) or ("their favour" in gate and words == "our favour")


def test_a_serious_open_problem_closes_the_gate(theirs: Relationship) -> None:
    made = proposed(theirs, 50, 50)
    assert weigh_proposal(made, today=TODAY).gate == []
    make_interaction(theirs, actor=theirs.owner, problem_severity=4)
    assert weigh_proposal(made, today=TODAY).gate == ["A serious problem of theirs is open."]


def test_what_it_does_to_the_relationship_is_said(theirs: Relationship) -> None:
    note(theirs, "to_us", 56)
    note(theirs, "to_them", 44)
    weighed = weigh_proposal(proposed(theirs, 90, 10), today=TODAY)
    assert weighed.change == (pytest.approx(0.12), pytest.approx(0.46))
    assert weighed.alone.levers is not None
    assert weighed.alone.levers.price == pytest.approx(20)


def test_what_if_changes_nothing_that_is_kept(theirs: Relationship) -> None:
    made = proposed(theirs, 90, 10)
    line = made.lines.get(side="to_us")
    tried = weigh_proposal(made, today=TODAY, what_if={line.pk: Decimal(20)})
    assert (tried.alone.found.us.mid, tried.alone.is_flagged) == (20, False)  # type: ignore[union-attr]
    line.refresh_from_db()
    assert line.likely == 90
    assert weigh_proposal(made, today=TODAY, what_if={line.pk: Decimal(-1)}).alone.found.us.mid == 90  # type: ignore[union-attr]


def test_an_empty_proposal_is_not_sent(theirs: Relationship) -> None:
    made = draft_proposal(actor=theirs.owner, relationship=theirs, title="x", currency="GBP", now=NOW)
    with pytest.raises(Conflict) as refused:
        send_proposal(actor=theirs.owner, proposal=made, now=NOW)
    assert refused.value.missing == ["lines"]
    assert weigh_proposal(made, today=TODAY).change == (None, None)


def test_bad_lines_and_drafts_are_refused(theirs: Relationship) -> None:
    with pytest.raises(Invalid) as refused:
        draft_proposal(actor=theirs.owner, relationship=theirs, title=" ", currency="XXX", now=NOW)
    assert sorted(refused.value.errors) == ["currency", "title"]
    made = proposed(theirs, 1, 1)
    with pytest.raises(Invalid) as wrong:
        add_line(
            actor=theirs.owner,
            proposal=made,
            estimate=Estimate("us", " ", Decimal(3), Decimal(2), Decimal(4), kind="x"),
        )
    assert sorted(wrong.value.errors) == ["kind", "likely", "side", "what"]
    with pytest.raises(Missing):
        send_proposal(actor=make_user(kind="suppliers"), proposal=made, now=NOW)


def test_a_guess_is_confirmed_by_somebody_else(theirs: Relationship) -> None:
    line = proposed(theirs, 1, 1).lines.get(side="to_them")
    with pytest.raises(NotAllowed):
        confirm_line(actor=theirs.owner, line=line, now=NOW)
    other = make_user()
    assert confirm_line(actor=other, line=line, now=NOW).confirmed_by == other
    assert confirm_line(actor=make_user(), line=line, now=NOW).confirmed_by == other
    remove_line(actor=theirs.owner, line=line)
    assert Proposal.objects.get().lines.count() == 1


def test_the_pages_take_a_proposal_to_the_gate_and_through(theirs: Relationship) -> None:
    client = Client()
    client.force_login(theirs.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    base = f"/customers/{theirs.pk}"
    assert client.get(f"{base}/value-entries/new/").status_code == 200
    worth = {
        "side": "to_us",
        "category": "margin",
        "amount": "60",
        "currency": "GBP",
        "value_date": "2026-03-01",
    }
    worth["basis"] = "estimate"
    assert client.post(f"{base}/value-entries/new/", worth | {"low": "70"}).status_code == 422
    assert client.post(f"{base}/value-entries/new/", worth).status_code == 302
    entry = ValueEntry.objects.get()
    assert client.post(f"/value-entries/{entry.pk}/reversal/", {"reason": "Wrong"}).status_code == 302
    assert client.get("/value-entries/99999/reversal/").status_code == 404
    assert client.get(f"{base}/proposals/new/").status_code == 200
    made = client.post(f"{base}/proposals/new/", {"title": "Two years", "currency": "GBP"})
    here = made.headers["Location"]
    for side, amount in (("to_us", "90"), ("to_them", "10")):
        line = {
            "side": side,
            "what": "Goods",
            "kind": "money",
            "low": amount,
            "likely": amount,
            "high": amount,
        }
        assert client.post(f"{here}lines/new/", line).status_code == 302
    page = client.get(here).content.decode()
    assert "Needs approval before it is sent" in page
    assert "our guess" in page
    ours = Proposal.objects.get().lines.get(side="to_us")
    assert (
        "Both sides gain in fair parts"
        in client.get(f"{here}?line{ours.pk}=15&linex=1&line9=z").content.decode()
    )
    assert client.post(f"{here}transitions/send/").status_code == 409
    assert client.get(f"{here}transitions/send/").status_code == 405
    assert client.get(f"{here}transitions/moon/").status_code == 404
    assert client.get(f"{here}transitions/ask/").status_code == 200
    assert client.post(f"{here}transitions/ask/", {"reason": "They asked"}).status_code == 302
    assert client.post(f"{here}transitions/revise/").status_code == 302
    assert client.post(f"{here}lines/{ours.pk}/confirmation/").status_code == 403
    assert client.post(f"{here}lines/{ours.pk}/moon/").status_code == 404
    assert client.post(f"{here}lines/{ours.pk}/removal/").status_code == 302
    assert client.post(f"{here}transitions/withdraw/").status_code == 302
    assert "Two years" in client.get("/proposals/?state=withdrawn").content.decode()
    assert "Two years" in client.get(f"{base}/benefit/").content.decode()


def test_who_sees_no_money_sees_no_benefit(theirs: Relationship) -> None:
    made = proposed(theirs, 60, 40)
    client = Client()
    client.force_login(make_user("hr"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Money is not shown to you here" in client.get(f"/customers/{theirs.pk}/benefit/").content.decode()
    assert client.get(f"/proposals/{made.pk}/").status_code == 403
    assert "Two years" not in client.get("/proposals/").content.decode()


def test_proposals_are_listed_where_one_sees_money_and_nowhere_else(theirs: Relationship) -> None:
    elsewhere = make_relationship("suppliers", name="Colne", owner=theirs.owner)
    seen, unseen = proposed(theirs, 60, 40), proposed(elsewhere, 60, 40)
    both = make_user("relationship_manager", "customers")
    RoleGrant.objects.create(user=both, role="hr", kind="suppliers", granted_at=NOW, granted_by=theirs.owner)
    assert set(Proposal.objects.visible_to(both)) == {seen, unseen}
    assert proposal_page(viewer=both).rows == [seen]
    assert [row["id"] for row in ApiClient(both).call("get", "proposals/").json()["results"]] == [seen.pk]
    for made in (seen, unseen):
        about = {"topic": "approval", "subject_type": "proposal", "subject_id": made.pk}
        Notification.objects.create(user=both, happened_at=NOW, key=str(made.pk), **about)
    lines = centre(both, unread_only=False, topic="", cursor="")[1]
    assert [each.line.place for each in lines] == [f"/proposals/{seen.pk}/"]
