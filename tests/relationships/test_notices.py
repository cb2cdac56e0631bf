"""Whom the kernel's operations tell of what is theirs now, what broke and who named them; and never themselves."""

from datetime import timedelta

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from messaging.models import Notification
from messaging.queries.notifications import centre
from relationships.models import HandoverPack, Relationship
from relationships.operations.commitments import CommitmentDraft, edit_commitment
from relationships.operations.due_promises import miss_due
from relationships.operations.events import Cause, caused_by
from relationships.operations.follow_ups import edit_follow_up, plan_follow_ups
from relationships.operations.handovers import accept_packs, hand_over
from relationships.operations.relationships import assign_relationships
from relationships.operations.replanning import give_commitment, give_follow_up
from relationships.operations.transfers import transfer_commitments, transfer_follow_up
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("administrator", name="Bo Boss")


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Olga Owner")


@pytest.fixture
def acme(boss: User) -> Relationship:
    return make_relationship(owner=boss, actor=boss, name="Acme")


def told(reader: User) -> list[tuple[str, str, str, str]]:
    """What somebody finds in the centre: topic, words, name, place; the newest first."""
    lines = centre(reader, unread_only=False, topic="", cursor="")[1]
    return [(each.topic.key, each.line.title, each.line.name, each.line.place) for each in lines]


def test_who_gets_a_relationship_is_told_and_who_has_it_is_not(
    boss: User, olga: User, acme: Relationship
) -> None:
    given = {"actor": boss, "relationship_ids": [acme.pk], "owner": olga, "now": NOW, "reason": "Yours"}
    assign_relationships(**given)
    assign_relationships(**given)
    opened = make_relationship("suppliers", owner=olga, actor=boss, name="Beta")
    here = [f"/customers/{acme.pk}/", f"/suppliers/{opened.pk}/"]
    assert told(olga) == [("assigned", "Beta", "", here[1]), ("assigned", "Acme", "", here[0])]
    assert told(boss) == []


def test_who_is_to_do_something_is_told_by_whichever_door(boss: User, olga: User, acme: Relationship) -> None:
    plan = make_follow_up(acme, actor=boss, assignee=olga, what="Call")
    own = make_follow_up(acme, actor=boss, what="Own")
    edited = {"actor": boss, "what": "Own", "due_date": NOW.date(), "now": NOW}
    edit_follow_up(follow_up=own, assignee=olga, **edited)
    edit_follow_up(follow_up=own, assignee=olga, **edited)
    plan_follow_ups(
        actor=boss, relationship_ids=[acme.pk], what="Many", due_date=NOW.date(), assignee=olga, now=NOW
    )
    given = make_follow_up(acme, actor=boss, what="Given")
    give_follow_up(actor=boss, follow_up=given, to=olga, reason="Room", now=NOW)
    moved = make_follow_up(acme, actor=boss, what="Moved")
    heir = make_relationship("suppliers", owner=boss, actor=boss)
    transfer_follow_up(actor=boss, follow_up=moved, to=heir, reason="There", assignee=olga, now=NOW)
    assert [title for _topic, title, _name, _place in told(olga)] == ["Moved", "Given", "Many", "Own", "Call"]
    assert told(olga)[-1] == ("follow_up", "Call", "Acme", f"/follow-ups/{plan.pk}/")


def test_who_is_to_keep_a_promise_is_told_by_whichever_door(
    boss: User, olga: User, acme: Relationship
) -> None:
    promise = make_commitment(acme, actor=boss, owner=olga, what="Quote")
    own = make_commitment(acme, actor=boss, what="Own")
    edited = {"actor": boss, "commitment": own, "what": "Own", "owner": olga, "now": NOW}
    edit_commitment(**edited)
    edit_commitment(**edited)
    given = make_commitment(acme, actor=boss, what="Given")
    give_commitment(actor=boss, commitment=given, to=olga, reason="Room", now=NOW)
    moved = make_commitment(acme, actor=boss, what="Moved")
    heir = make_relationship("suppliers", owner=boss, actor=boss)
    here = {"actor": boss, "relationship": acme, "to": heir, "reason": "There", "now": NOW}
    transfer_commitments(**here, only=[moved], owner=olga)
    assert [title for _topic, title, _name, _place in told(olga)] == ["Moved", "Given", "Own", "Quote"]
    assert told(olga)[-1] == ("promise", "Quote", "Acme", f"/commitments/{promise.pk}/")


def test_whose_promise_s_day_went_by_is_told(boss: User, olga: User, acme: Relationship) -> None:
    make_commitment(acme, actor=boss, owner=olga, what="Quote", due_date=NOW.date())
    later = NOW + timedelta(days=1)
    assert [miss_due(now=later), miss_due(now=later)] == [1, 0]
    assert [topic for topic, *_rest in told(olga)] == ["promise_broken", "promise"]


def test_a_book_that_waits_and_its_acceptance_are_told(boss: User, olga: User) -> None:
    leaver = make_user("relationship_manager", name="Lea")
    for number in range(7):
        make_relationship(owner=leaver, actor=leaver, name=f"Firm {number}")
    handed = hand_over(actor=boss, leaver=leaver, receiver=olga, reason="Leaves", now=NOW).handover
    (line,) = centre(olga, unread_only=False, topic="", cursor="")[1]
    assert (line.topic.key, line.line.place, line.more) == (
        "handover",
        f"/handovers/{handed.pk}/",
        "and 6 more",
    )
    packs = list(HandoverPack.objects.filter(handover=handed).order_by("pk"))
    accept_packs(actor=olga, packs=packs[:1], now=NOW)
    accept_packs(actor=olga, packs=packs[:1], now=NOW)
    assert [(topic, title) for topic, title, *_rest in told(boss)] == [("handover_accepted", "Firm 0")]


def test_who_is_named_with_their_whole_name_is_told(boss: User, olga: User, acme: Relationship) -> None:
    make_user("relationship_manager", name="Olga Other")
    make_interaction(acme, actor=boss, body="Said yes. @olga owner, please look at clause 4, @Bo Boss too.")
    make_interaction(acme, actor=boss, body="Olga Owner was there; ask olga@example.org.")
    assert [(topic, name) for topic, _title, name, _place in told(olga)] == [("mention", "Acme")]
    assert told(olga)[0][1].startswith("Said yes.")
    assert Notification.objects.filter(topic="mention").count() == 1


def test_who_is_named_where_they_may_not_look_finds_nothing(
    boss: User, olga: User, acme: Relationship
) -> None:
    make_interaction(
        acme, actor=boss, body="@Olga Owner must not know", confidentiality=Confidentiality.RESTRICTED
    )
    assert Notification.objects.filter(user=olga).count() == 1
    assert told(olga) == []


def test_who_made_the_rule_is_told_of_what_it_gave_them(
    boss: User, acme: Relationship, workspace: Workspace
) -> None:
    with caused_by(Cause(1, "Deal out", (1,), workspace.system_actor)):
        make_interaction(
            acme,
            actor=boss,
            commitments=[CommitmentDraft("ours", "Quote", NOW.date())],
        )
    assert [topic for topic, *_rest in told(boss)] == ["promise"]
