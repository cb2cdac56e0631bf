"""Who is reminded of a promise, on which morning, by which mail; once, and nobody who may not know of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection

from accounts.enums import Confidentiality
from accounts.models import BusinessUnit, TeamMembership, User
from accounts.operations.workspace import Workspace, ensure_workspace
from messaging.models import Notification, NotificationChoice, OutboxMessage
from messaging.operations.notifications import choose_channels
from relationships.models import Commitment, CommitmentReminder, Relationship
from relationships.operations.commitments import CommitmentDraft, move_commitment, renegotiate
from relationships.operations.reminders import plan_reminders, remind_due
from relationships.queries.reminders import reminders_of
from relationships.tasks import remind_of_promises
from tests.factories import (
    NOW,
    make_business_unit,
    make_commitment,
    make_interaction,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 27)  # a Friday, nine days ahead; clocks change in London on the Sunday after it


def at(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def planned(promise: Commitment) -> dict[str, tuple[str, bool]]:
    """The moment of each reminder for the promise's date, and whether it lapsed."""
    rows = CommitmentReminder.objects.filter(commitment=promise, due_date=promise.current_due_date)
    return {row.stage: (f"{row.due_at:%m-%d %H:%M}", row.lapsed_at is not None) for row in rows}


def mails() -> list[tuple[list[str], str]]:
    return [(mail.to, mail.subject) for mail in OutboxMessage.objects.order_by("id")]


def run(day: date, hour: int = 7) -> int:
    """Plans and tells as the task does, at that moment."""
    while plan_reminders(now=at(day, hour)):
        pass
    return remind_due(now=at(day, hour))


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user(name="Olga Owner", email="olga@example.org")


@pytest.fixture
def promise(owner: User) -> Commitment:
    return make_commitment(make_relationship(owner=owner, name="Acme"), actor=owner, due_date=DUE)


def test_reminders_are_planned_for_working_mornings_around_the_date(promise: Commitment) -> None:
    assert plan_reminders(now=NOW) == promise.pk
    assert plan_reminders(now=NOW) == 0
    assert planned(promise) == {
        "ahead": ("03-24 07:00", False),
        "due": ("03-27 07:00", False),
        "late": ("03-30 06:00", False),  # summer time since the Sunday
        "manager": ("04-01 06:00", False),
    }


def test_planning_goes_on_where_it_stopped(owner: User) -> None:
    relationship = make_relationship(owner=owner)
    first, second = (make_commitment(relationship, actor=owner, due_date=DUE) for _ in range(2))
    assert plan_reminders(now=NOW, limit=1) == first.pk
    assert plan_reminders(now=NOW, limit=1, after=first.pk) == second.pk
    assert plan_reminders(now=NOW, limit=1, after=second.pk) == 0


def test_a_promise_for_a_saturday_is_due_on_the_friday(owner: User) -> None:
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=date(2026, 3, 28))
    plan_reminders(now=NOW)
    assert planned(promise)["due"] == ("03-27 07:00", False)
    assert planned(promise)["late"] == ("03-30 06:00", False)


def test_what_would_have_been_told_before_it_was_promised_lapses(owner: User) -> None:
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=NOW.date())
    plan_reminders(now=NOW)
    assert {stage: lapsed for stage, (_at, lapsed) in planned(promise).items()} == {
        "ahead": True,
        "due": True,
        "late": False,
        "manager": False,
    }


def test_the_working_days_are_those_of_the_unit_that_the_owner_works_in(owner: User) -> None:
    gulf = make_business_unit(time_zone="Asia/Dubai", country="AE")
    gulf.work_week = {str(day): [["09:00", "17:00"]] for day in (6, 0, 1, 2, 3)}
    gulf.save()
    TeamMembership.objects.create(user=owner, team=make_team(business_unit=gulf), started_at=NOW)
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=date(2026, 4, 24))
    plan_reminders(now=NOW)
    assert planned(promise)["due"] == ("04-23 06:00", False)  # Friday is free there
    assert planned(promise)["late"] == ("04-26 06:00", False)


def test_the_relationships_unit_counts_where_the_owner_works_in_it_too(owner: User) -> None:
    gulf = make_business_unit(work_week={"6": [["09:00", "17:00"]]})
    for unit in (gulf, BusinessUnit.objects.get(is_default=True)):
        TeamMembership.objects.create(user=owner, team=make_team(business_unit=unit), started_at=NOW)
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=DUE)
    plan_reminders(now=NOW)
    assert planned(promise)["due"] == ("03-27 07:00", False)


def test_mornings_are_those_of_whoever_is_reminded(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="America/New_York")
    team = make_team(lead=make_user(time_zone="Asia/Tokyo"))
    promise = make_commitment(make_relationship(owner=owner, team=team), actor=owner, due_date=DUE)
    plan_reminders(now=NOW)
    assert planned(promise)["due"] == ("03-27 11:00", False)
    assert planned(promise)["manager"] == ("03-31 22:00", False)


def test_the_owner_is_told_three_days_ahead_on_the_day_and_the_day_after_and_each_once(
    promise: Commitment,
) -> None:
    told = {}
    for days in range(20):
        day = NOW.date() + timedelta(days=days)
        for hour in (6, 7, 8):
            if number := run(day, hour):
                told[f"{day:%m-%d} {hour}"] = number
    assert told == {"03-24 7": 1, "03-27 7": 1, "03-30 6": 1}
    assert mails() == [(["olga@example.org"], "1 promise to look at")] * 3


def test_the_lead_of_the_team_hears_of_it_after_three_working_days(owner: User) -> None:
    lead = make_user(email="lead@example.org")
    team = make_team(lead=lead)
    promise = make_commitment(make_relationship(owner=owner, team=team), actor=owner, due_date=DUE)
    plan_reminders(now=NOW)
    assert run(date(2026, 3, 31)) == 1
    assert run(date(2026, 4, 1)) == 1
    assert [to for to, _subject in mails()] == [["olga@example.org"], ["lead@example.org"]]
    assert [row.commitment_id for row in reminders_of(viewer=lead)] == [promise.pk]
    assert "Olga Owner" in OutboxMessage.objects.latest("id").body_text
    assert "Three working days late in your team" in OutboxMessage.objects.latest("id").body_text


def test_a_lead_of_the_owners_own_team_stands_in_for_a_relationship_without_one(owner: User) -> None:
    lead = make_user(email="lead@example.org")
    for head in (None, owner, make_user(is_active=False, deactivated_at=NOW), lead):
        TeamMembership.objects.create(user=owner, team=make_team(lead=head), started_at=NOW)
    make_commitment(make_relationship(owner=owner), actor=owner, due_date=DUE)
    plan_reminders(now=NOW)
    run(date(2026, 4, 2))
    assert sorted(to for to, _subject in mails()) == [["lead@example.org"], ["olga@example.org"]]


def test_several_promises_of_a_morning_are_one_mail_the_latest_first(owner: User) -> None:
    relationship = make_relationship(owner=owner, name="Acme")
    ann = make_person("Ann Lee", works_for=relationship.party)
    for what, days in (("Send the quote", 0), ("Call the bank", -1), ("Visit", 5)):
        make_commitment(
            relationship,
            actor=owner,
            what=what,
            due_date=DUE + timedelta(days=days),
            person=ann if what == "Visit" else None,
            direction="theirs" if what == "Visit" else "ours",
        )
    plan_reminders(now=NOW)
    assert run(DUE) == 1
    (mail,) = OutboxMessage.objects.all()
    assert (mail.to, mail.subject) == (["olga@example.org"], "3 promises to look at")
    shown = [line for line in mail.body_text.splitlines() if line and not line.startswith("  http")]
    assert shown == [
        "Good morning Olga Owner,",
        "One working day late",
        "* Call the bank",
        "  We promised, Acme",
        "  Due Thursday 26 March 2026",
        "Due today",
        "* Send the quote",
        "  We promised, Acme",
        "  Due Friday 27 March 2026",
        "Due in three working days",
        "* Visit",
        "  They promised, Acme (Ann Lee)",
        "  Due Wednesday 1 April 2026",
        "My day shows them too: http://localhost:8000/",
        "No such mail any more? Switch it off here: http://localhost:8000/settings/notifications/",
    ]
    assert [line for line in mail.body_text.splitlines() if line.startswith("  http")] == [
        f"  http://localhost:8000/commitments/{promise.pk}/"
        for promise in Commitment.objects.order_by("current_due_date", "id")
    ]


def test_of_several_stages_that_came_due_meanwhile_only_the_last_is_told(promise: Commitment) -> None:
    plan_reminders(now=NOW)
    assert remind_due(now=at(date(2026, 3, 31))) == 1
    told = CommitmentReminder.objects.filter(told_at__isnull=False).values_list("stage", flat=True)
    assert list(told) == ["late"]
    assert CommitmentReminder.objects.exclude(lapsed_at=None).count() == 2
    assert len(mails()) == 1


def test_what_is_over_is_nobodys_reminder(promise: Commitment) -> None:
    plan_reminders(now=NOW)
    actor = User.objects.get(email="olga@example.org")
    move_commitment(actor=actor, commitment=promise, transition="deliver", now=NOW)
    assert run(date(2026, 4, 2)) == 0
    assert mails() == []


def test_a_new_date_plans_anew_and_the_old_one_lapses(promise: Commitment, owner: User) -> None:
    plan_reminders(now=NOW)
    moved = renegotiate(
        actor=owner, commitment=promise, to_date=date(2026, 4, 30), agreed_with="Ann", reason="Snow", now=NOW
    )
    assert run(date(2026, 4, 2)) == 0
    assert planned(moved)["ahead"] == ("04-27 06:00", False)
    assert run(date(2026, 4, 27)) == 1
    assert CommitmentReminder.objects.get(told_at__isnull=False).due_date == date(2026, 4, 30)


def test_whoever_switched_mail_off_finds_it_on_my_day_alone(promise: Commitment, owner: User) -> None:
    choose_channels(actor=owner, given=NotificationChoice(channels={"reminder": "centre"}), now=NOW)
    plan_reminders(now=NOW)
    assert run(DUE) == 1
    assert mails() == []
    assert [row.stage for row in reminders_of(viewer=owner)] == ["due"]
    assert Notification.objects.get(topic="reminder").facts == {"stage": "due"}


def test_a_reminder_within_quiet_hours_waits_for_their_end(promise: Commitment, owner: User) -> None:
    choose_channels(actor=owner, given=NotificationChoice(quiet_until=time(9)), now=NOW)
    plan_reminders(now=NOW)
    assert run(DUE) == 1
    assert OutboxMessage.objects.get().due_at == at(DUE, 9)


def test_nobody_who_may_not_know_of_it_is_reminded(promise: Commitment, owner: User) -> None:
    plan_reminders(now=NOW)
    Relationship.objects.update(owner=make_user("representative"))
    owner.grants.update(role="representative")
    assert run(DUE) == 0
    assert (mails(), reminders_of(viewer=owner)) == ([], [])
    assert set(
        CommitmentReminder.objects.filter(due_at__lte=at(DUE)).values_list("lapsed_at", flat=True)
    ) == {at(DUE)}


def test_nobody_who_has_left_is_reminded(promise: Commitment, owner: User) -> None:
    plan_reminders(now=NOW)
    User.objects.filter(pk=owner.pk).update(is_active=False, deactivated_at=NOW)
    assert run(DUE) == 0
    assert mails() == []


def test_what_is_for_few_people_only_is_not_put_in_words_in_a_mail(owner: User) -> None:
    sealed = make_relationship(owner=owner, name="Merger", confidentiality=Confidentiality.CONFIDENTIAL)
    make_commitment(sealed, actor=owner, what="Sign the deal", due_date=DUE)
    make_interaction(
        make_relationship(owner=owner, name="Acme"),
        actor=owner,
        confidentiality=Confidentiality.RESTRICTED,
        commitments=[CommitmentDraft("ours", "Dismiss the agent", DUE)],
    )
    plan_reminders(now=NOW)
    assert run(DUE) == 1
    body = OutboxMessage.objects.get().body_text
    assert [words for words in ("Merger", "Sign", "Acme", "Dismiss") if words in body] == []
    assert body.count("A promise that is for few people only") == 2
    assert len(reminders_of(viewer=owner)) == 2


def test_what_somebody_is_told_shrinks_with_what_they_may_know(promise: Commitment, owner: User) -> None:
    plan_reminders(now=NOW)
    run(DUE)
    assert len(reminders_of(viewer=owner)) == 1
    Relationship.objects.update(owner=make_user())
    owner.grants.update(role="representative")
    assert reminders_of(viewer=User.objects.get(pk=owner.pk)) == []


@pytest.mark.django_db(transaction=True)
def test_rows_that_another_worker_holds_are_left_to_it() -> None:
    ensure_workspace(now=NOW)
    owner = make_user("administrator")
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=DUE)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM relationships_commitment WHERE id = %s FOR UPDATE", [promise.pk])
            assert plan_reminders(now=NOW) == 0
            cursor.execute("ROLLBACK")
            assert plan_reminders(now=NOW) == promise.pk
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM relationships_commitmentreminder FOR UPDATE")
            assert remind_due(now=at(DUE)) == 0
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert remind_due(now=at(DUE)) == 1


def test_the_task_plans_and_tells(promise: Commitment) -> None:
    with time_machine.travel(NOW, tick=False):
        remind_of_promises()
    with time_machine.travel(at(DUE), tick=False):
        remind_of_promises()
        remind_of_promises()
    assert len(mails()) == 1
