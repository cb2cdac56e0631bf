"""A book changes hands whole: nothing is left over, each receiver sees what they get, and both sides sign."""

from datetime import timedelta

import pytest

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, Team, User
from accounts.operations.people import deactivate_user
from accounts.queries.open_items import in_hand
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Commitment, Event, FollowUp, HandoverPack, Relationship
from relationships.operations.handovers import (
    HandedOver,
    _assert_nothing_left,
    accept_packs,
    hand_over,
    note_for_receiver,
)
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def give(boss: User, leaver: User, heir: User, **fields: object) -> HandedOver:
    return hand_over(
        **{"actor": boss, "leaver": leaver, "receiver": heir, "reason": "She leaves", "now": NOW} | fields
    )


def book(leaver: User, size: int = 2) -> list[Relationship]:
    """So many relationships of the leaver's, each with a promise and a follow-up of theirs."""
    made = [make_relationship(owner=leaver) for _ in range(size)]
    for relationship in made:
        make_commitment(relationship, owner=leaver)
        make_follow_up(relationship, assignee=leaver)
    return made


def test_the_whole_book_goes_and_nothing_open_is_left_so_they_can_go(
    boss: User, leaver: User, heir: User
) -> None:
    relationships = book(leaver)
    elsewhere = make_relationship(owner=make_user(name="Other"))
    make_commitment(elsewhere, owner=leaver)
    make_follow_up(elsewhere, assignee=leaver)
    handed = give(boss, leaver, heir)
    assert (handed.relationships, handed.promises, handed.follow_ups, handed.left) == (2, 3, 3, [])
    assert in_hand(of="user", owner_id=leaver.pk) == []
    assert {each.owner for each in Relationship.objects.filter(pk__in=[r.pk for r in relationships])} == {
        heir
    }
    assert deactivate_user(actor=boss, user=leaver, now=NOW).is_active is False


def test_a_leaver_with_a_book_cannot_go_before(boss: User, leaver: User) -> None:
    book(leaver)
    with pytest.raises(Conflict, match="2 open relationships, 2 open promises, 2 open follow-ups"):
        deactivate_user(actor=boss, user=leaver, now=NOW)


def test_what_lies_in_other_peoples_relationships_goes_to_them(boss: User, leaver: User, heir: User) -> None:
    owner, gone = make_user(name="Owner"), make_user(name="Gone")
    stays, orphan = make_relationship(owner=owner), make_relationship(owner=gone)
    promise, plan = make_commitment(stays, owner=leaver), make_follow_up(orphan, assignee=leaver)
    User.objects.filter(pk=gone.pk).update(is_active=False, deactivated_at=NOW)
    give(boss, leaver, heir)
    assert Commitment.objects.get(pk=promise.pk).owner == owner
    assert FollowUp.objects.get(pk=plan.pk).assignee == heir


def test_it_can_be_shared_out_with_the_work_following_its_relationship(
    boss: User, leaver: User, heir: User
) -> None:
    first, second = book(leaver)
    helper = make_user(name="Helper")
    give(boss, leaver, heir, shares={second.pk: helper})
    owners = dict(Relationship.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "owner__name"))
    assert owners == {first.pk: "Heir", second.pk: "Helper"}
    assert second.commitments.get().owner == helper
    assert second.follow_ups.get().assignee == helper
    assert second.state.__class__.objects.get(pk=second.pk).next_touch_owner == helper
    assert {(p.relationship_id, p.receiver.name) for p in HandoverPack.objects.all()} == {
        (first.pk, "Heir"), (second.pk, "Helper"),
    }  # fmt: skip


def test_each_timeline_and_the_audit_log_tell_of_it(boss: User, leaver: User, heir: User) -> None:
    (relationship,) = book(leaver, 1)
    give(boss, leaver, heir)
    told = {event.verb: event for event in Event.objects.filter(relationship=relationship, recorded_at=NOW)}
    facts = {"from": "Lena Leaver", "to": "Heir"}
    assert (told["handed_over"].data, told["handed_over"].reason) == (facts, "She leaves")
    assert facts.items() <= told["commitment_transferred"].data.items()
    assert facts.items() <= told["follow_up_moved"].data.items()
    entry = AuditEntry.objects.get(verb="book_handed_over")
    assert (entry.subject_id, entry.data) == (leaver.pk, {"relationships": 1, "promises": 1, "follow_ups": 1})


def test_what_is_for_named_people_only_is_left_to_them_and_not_named(
    boss: User, leaver: User, heir: User
) -> None:
    sealed = make_relationship(
        owner=leaver, actor=leaver, name="Zebra", confidentiality=Confidentiality.SEALED
    )
    book(leaver, 1)
    handed = give(boss, leaver, heir)
    assert (handed.relationships, [item.words for item in handed.left]) == (1, ["1 open relationship"])
    again = give(leaver, leaver, heir)
    assert (again.relationships, again.left) == (1, [])
    assert Relationship.objects.get(pk=sealed.pk).owner == heir


def test_the_teams_that_they_led_go_along_when_the_actor_manages_people(
    boss: User, leaver: User, heir: User
) -> None:
    team = make_team("Key accounts", lead=leaver)
    closed = Team.objects.create(name="Old", business_unit=team.business_unit, lead=leaver, closed_at=NOW)
    book(leaver, 1)
    make_relationship(owner=leaver)
    manager = make_user()
    assert len(give(manager, leaver, heir).left) == 1
    make_relationship(owner=leaver)
    assert give(boss, leaver, heir).left == []
    assert dict(Team.objects.values_list("name", "lead__name")) == {
        "Key accounts": "Heir",
        "Old": "Lena Leaver",
    }
    assert closed.lead == leaver


def test_nothing_in_hand_is_said(boss: User, leaver: User, heir: User) -> None:
    with pytest.raises(Conflict, match="Lena Leaver has nothing in hand"):
        give(boss, leaver, heir)


@pytest.mark.parametrize("role", ["representative", "auditor", "finance"])
def test_it_wants_the_right_to_assign(role: str, leaver: User, heir: User) -> None:
    (relationship,) = book(leaver, 1)
    actor = make_user(role)
    if role == "representative":  # sees it through a promise of their own team only when they own it
        with pytest.raises(Conflict):
            give(actor, leaver, heir)
    else:
        with pytest.raises(NotAllowed):
            give(actor, leaver, heir)
    assert Relationship.objects.get(pk=relationship.pk).owner == leaver


def test_who_leaves_may_hand_over_their_own_without_that_right(heir: User) -> None:
    leaver = make_user("representative")
    make_relationship(owner=leaver)
    assert give(leaver, leaver, heir).relationships == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 401}, "reason")],
)
def test_a_reason_is_wanted(boss: User, leaver: User, heir: User, wrong: dict[str, str], field: str) -> None:
    book(leaver, 1)
    with pytest.raises(Invalid) as refused:
        give(boss, leaver, heir, **wrong)
    assert list(refused.value.errors) == [field]


def test_only_somebody_else_who_works_here_receives(boss: User, leaver: User, heir: User) -> None:
    (relationship,) = book(leaver, 1)
    with pytest.raises(Invalid, match="the one who hands over"):
        give(boss, leaver, leaver)
    User.objects.filter(pk=heir.pk).update(is_active=False, deactivated_at=NOW)
    heir.refresh_from_db()
    with pytest.raises(Invalid, match="somebody who works here"):
        give(boss, leaver, make_user(), shares={relationship.pk: heir})


def test_who_would_not_see_it_does_not_get_it_and_nothing_moves(boss: User, leaver: User) -> None:
    (relationship,) = book(leaver, 1)
    with pytest.raises(Invalid, match="cannot see 1 of these"):
        give(boss, leaver, make_user(kind="suppliers", name="Blind"))
    assert Relationship.objects.get(pk=relationship.pk).owner == leaver
    assert HandoverPack.objects.count() == 0


def test_only_what_is_in_the_book_can_be_shared_out(boss: User, leaver: User, heir: User) -> None:
    book(leaver, 1)
    other = make_relationship()
    with pytest.raises(Missing):
        give(boss, leaver, heir, shares={other.pk: heir})


def test_the_assertion_notices_what_is_left(boss: User, leaver: User) -> None:
    book(leaver, 1)
    with pytest.raises(Invalid, match="Nothing was handed over"):
        _assert_nothing_left(boss, leaver)


def test_the_receiver_accepts_and_the_timeline_says_so_once(boss: User, leaver: User, heir: User) -> None:
    book(leaver)
    packs = list(give(boss, leaver, heir).handover.packs.all())
    assert accept_packs(actor=boss, packs=packs, now=NOW) == 0
    assert accept_packs(actor=heir, packs=packs, now=NOW + timedelta(hours=1)) == 2
    assert accept_packs(actor=heir, packs=packs, now=NOW) == 0
    assert {pack.accepted_at for pack in HandoverPack.objects.all()} == {NOW + timedelta(hours=1)}
    assert Event.objects.filter(verb="handover_accepted", actor=heir).count() == 2


def test_the_leaver_writes_what_not_to_raise_and_nobody_else_does(
    boss: User, leaver: User, heir: User
) -> None:
    book(leaver, 1)
    pack = give(boss, leaver, heir).handover.packs.get()
    noted = note_for_receiver(actor=leaver, pack=pack, note=" Never mention the merger ", now=NOW)
    assert (noted.note, noted.noted_by) == ("Never mention the merger", leaver)
    assert note_for_receiver(actor=boss, pack=pack, note="", now=NOW).noted_by is None
    with pytest.raises(NotAllowed):
        note_for_receiver(actor=heir, pack=pack, note="x", now=NOW)
    with pytest.raises(Missing):
        note_for_receiver(actor=make_user(kind="suppliers"), pack=pack, note="x", now=NOW)
    with pytest.raises(Invalid):
        note_for_receiver(actor=leaver, pack=pack, note="x" * 401, now=NOW)
