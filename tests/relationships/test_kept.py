"""Statements that are kept: each viewer gets their own answer, and the database plans once for a connection."""

import pytest
from django.db import connection, transaction

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Missing
from relationships.models import Commitment, Event, Interaction, Relationship
from relationships.queries import kept as keeping
from relationships.queries.interactions import load_interactions
from relationships.queries.kept import ROW, SLOTS, VIEWER, KeptRows, Statement, kept, stand_in
from relationships.queries.record import record, visible_relationship
from relationships.queries.timeline import timeline_page
from relationships.queries.together import KeptPieces, pieces
from relationships.querysets import rights_of
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


def promised(viewer: User, relationship: Relationship) -> list[str]:
    found = record(viewer=User.objects.get(pk=viewer.pk), relationship=relationship, now=NOW)
    return [promise.what for promise in found.promises]


def test_colleagues_with_the_same_rights_share_statements_and_not_what_they_see(workspace: Workspace) -> None:
    team = make_team()
    ruth, tom = make_user(member_of=team), make_user(member_of=team)
    hers = make_relationship(name="Hers", owner=ruth, confidentiality=Confidentiality.CONFIDENTIAL)
    his = make_relationship(name="His", owner=tom, confidentiality=Confidentiality.CONFIDENTIAL)
    ruth, tom = User.objects.get(pk=ruth.pk), User.objects.get(pk=tom.pk)
    assert rights_of(ruth) == rights_of(tom)
    assert visible_relationship(ruth, "customers", hers.pk) == hers
    assert visible_relationship(tom, "customers", his.pk) == his
    for viewer, other in ((ruth, his), (tom, hers)):
        with pytest.raises(Missing):
            visible_relationship(viewer, "customers", other.pk)


def test_what_was_said_in_confidence_is_told_to_its_owner_alone(workspace: Workspace) -> None:
    team = make_team()
    ruth, tom, amara = (make_user(member_of=team) for _ in range(3))
    relationship = make_relationship(owner=ruth)
    talk = make_interaction(relationship, actor=amara, confidentiality=Confidentiality.CONFIDENTIAL)
    make_commitment(relationship, actor=amara, owner=amara, what="Keep it quiet", made_in=talk)
    make_commitment(relationship, actor=amara, owner=amara, what="Send the quote")
    relationship = visible_relationship(User.objects.get(pk=tom.pk), "customers", relationship.pk)
    assert promised(tom, relationship) == ["Send the quote"]
    assert sorted(promised(ruth, relationship)) == ["Keep it quiet", "Send the quote"]
    assert sorted(promised(amara, relationship)) == ["Keep it quiet", "Send the quote"]
    assert promised(tom, relationship) == ["Send the quote"]


def test_a_role_that_ends_takes_its_sight_along(workspace: Workspace) -> None:
    relationship, viewer = make_relationship(), make_user()
    assert visible_relationship(User.objects.get(pk=viewer.pk), "customers", relationship.pk) == relationship
    viewer.grants.update(ended_at=NOW, ended_by=viewer)
    with pytest.raises(Missing):
        visible_relationship(User.objects.get(pk=viewer.pk), "customers", relationship.pk)


def test_rows_of_a_seen_relationship_are_those_that_are_visible(workspace: Workspace) -> None:
    owner, viewer = make_user(), make_user()
    relationship, other = make_relationship(owner=owner), make_relationship()
    secret = make_interaction(relationship, actor=owner, confidentiality=Confidentiality.CONFIDENTIAL)
    for place in (relationship, other):
        make_interaction(place)
        make_commitment(place, owner=owner)
        make_follow_up(place, assignee=owner)
        make_document(place)
    make_commitment(relationship, actor=owner, owner=owner, made_in=secret)
    make_follow_up(relationship, actor=owner, assignee=owner, planned_in=secret)
    make_document(relationship, actor=owner, confidentiality=Confidentiality.CONFIDENTIAL)
    for user in (owner, viewer):
        for rows in (
            relationship.interactions,
            relationship.commitments,
            relationship.follow_ups,
            relationship.documents,
        ):
            model = rows.model.objects
            seen = model.of_seen(relationship, user).order_by("pk")
            assert list(seen) == list(model.visible_to(user).filter(relationship=relationship).order_by("pk"))
        along = Event.objects.along(relationship, user).filter(relationship=relationship)
        visible = Event.objects.visible_to(user).filter(relationship=relationship)
        assert list(along.order_by("pk")) == list(visible.order_by("pk"))
        assert sum(part.count() for part in Event.objects.stretches(relationship, user)) == (
            Event.objects.along(relationship, user).count()
        )
    assert Interaction.objects.of_seen(relationship, viewer).count() == 1
    assert Commitment.objects.of_seen(relationship, owner).count() == 2


def test_own_relationships_are_those_visible_ones_that_somebody_owns(workspace: Workspace) -> None:
    viewer = make_user(kind="customers")
    make_relationship(name="Open", owner=viewer)
    make_relationship(name="Sealed", owner=viewer, confidentiality=Confidentiality.SEALED)
    make_relationship("suppliers", name="Out of reach", owner=viewer)
    make_relationship(name="Another's")
    own = Relationship.objects.own_of(viewer).order_by("party_name")
    assert [found.party_name for found in own] == ["Open", "Sealed"]
    assert list(own) == list(
        Relationship.objects.visible_to(viewer).filter(owner=viewer).order_by("party_name")
    )


def test_a_stand_in_without_a_value_is_refused(workspace: Workspace) -> None:
    statement = Statement("SELECT id FROM accounts_user WHERE id IN (%s, %s)", (VIEWER, ROW))
    with pytest.raises(KeyError):
        statement.call({VIEWER: 1})


def test_texts_are_given_to_a_statement_as_they_are_typed(workspace: Workspace) -> None:
    said, pattern = stand_in(0, "word"), f"%{stand_in(1, 'any')}%"
    statement = Statement("SELECT %s, %s LIKE %s, %s", (said, said, pattern, VIEWER))
    with connection.cursor() as cursor:
        for typed, part in (("it's 100% \\ 'so'", "00% \\ "), ("$1 %s", "$1"), ("x", "%")):
            texts = {said: typed, stand_in(1, "any"): part}
            cursor.execute(statement.call({VIEWER: 7}, (), texts))
            assert cursor.fetchall() == [(typed, part in typed, 7)]


def test_a_statement_is_planned_once_for_a_connection_and_outlives_what_is_undone(
    workspace: Workspace,
) -> None:
    person = make_user()
    rows = KeptRows(User.objects.filter(pk=VIEWER))
    with transaction.atomic():
        assert rows.ask({VIEWER: person.pk}) == [person]
        transaction.set_rollback(True)
    assert rows.statement.name in prepared()
    assert rows.ask({VIEWER: person.pk}) == [person]
    assert rows.ask({VIEWER: 0}) == []
    assert prepared().count(rows.statement.name) == 1


def test_a_statement_without_stand_ins_and_with_signs_of_its_own(workspace: Workspace) -> None:
    make_party("50% off")
    parts = KeptPieces(
        pieces(
            all=Relationship.objects.none().values("pk"),
            who=User.objects.filter(name__contains="%").values("pk"),
        )
    )
    assert parts.ask({}) == {"all": [], "who": []}
    beside = pieces(colleagues=User.objects.filter(pk=0).values("pk"))
    assert parts.ask({}, beside) == {"all": [], "who": [], "colleagues": []}


def test_what_stands_beside_is_found_with_the_same_values(workspace: Workspace) -> None:
    person = make_user(name="Ruth")
    parts = KeptPieces(pieces(who=User.objects.filter(pk=VIEWER).values("name")))
    beside = pieces(same=User.objects.filter(pk=person.pk).values("name"))
    assert parts.ask({VIEWER: person.pk}, beside) == {"who": [{"name": "Ruth"}], "same": [{"name": "Ruth"}]}


def test_what_is_kept_is_made_once_and_forgotten_when_there_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_kept", {})
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    made: list[str] = []
    for key in ("a", "a", "b", "c", "a"):
        kept(key, lambda key=key: made.append(key))  # type: ignore[misc]  # the default binds the key
    assert made == ["a", "b", "c", "a"]


@pytest.mark.parametrize("number", [1, len(SLOTS), len(SLOTS) + 1])
def test_interactions_are_found_however_many_are_asked_for(workspace: Workspace, number: int) -> None:
    relationship, viewer = make_relationship(), make_user()
    told = {make_interaction(relationship).pk for _ in range(number)}
    make_interaction(relationship)
    assert set(load_interactions(viewer, told)) == told


def test_the_newest_talks_tell_who_is_known_and_all_of_them_when_a_linked_person_spoke(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relationships.queries.people.RECENT_TALKS", 1)
    monkeypatch.setattr(keeping, "_kept", {})
    viewer, party = make_user(), make_party()
    relationship = make_relationship(party=party)
    linked, passing = make_person("Linked"), make_person("Passing")
    make_link(party, linked, "employs")
    first = make_interaction(relationship, people=[linked])
    make_interaction(relationship, happened_at=NOW, people=[passing])
    relationship = visible_relationship(viewer, "customers", relationship.pk)
    found = record(viewer=viewer, relationship=relationship, now=NOW).people
    assert [(tie.name, tie.last_talk_at) for tie in found.ties] == [
        ("Linked", first.happened_at),
        ("Passing", NOW),
    ]


def test_the_timeline_is_whole_for_its_owner_and_open_for_others(workspace: Workspace) -> None:
    owner, viewer = make_user(), make_user()
    relationship = make_relationship(owner=owner)
    make_interaction(relationship, actor=owner, confidentiality=Confidentiality.CONFIDENTIAL)
    lines = {
        user.pk: len(timeline_page(viewer=user, relationship=relationship).entries)
        for user in (owner, viewer)
    }
    assert lines[owner.pk] == lines[viewer.pk] + 1
