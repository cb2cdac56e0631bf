"""Small words: what a leaver still has, what an answer looks like."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from accounts.queries.open_items import in_hand
from relationships.queries.quick_log_words import option_words
from tests.factories import make_commitment, make_follow_up, make_relationship, make_team, make_user


@pytest.mark.django_db
def test_what_somebody_has_in_hand_is_counted_and_named(workspace: Workspace) -> None:
    owner, team = make_user(), make_team()
    relationship = make_relationship(actor=owner, team=team)
    make_commitment(relationship, actor=owner)
    make_commitment(relationship, actor=owner)
    make_follow_up(relationship, actor=owner)
    assert [item.words for item in in_hand(of="user", owner_id=owner.pk)] == [
        "1 open relationship",
        "2 open promises",
        "1 open follow-up",
    ]
    assert [item.words for item in in_hand(of="team", owner_id=team.pk)] == ["1 open relationship"]
    unit = in_hand(of="business_unit", owner_id=workspace.business_unit.pk)
    assert [item.words for item in unit] == ["1 open relationship"]
    assert in_hand(of="user", owner_id=User.objects.get(is_system=True).pk) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 3, 18, 9, 5, tzinfo=UTC), "Wed 18 Mar 2026 09:05"),
        (date(2026, 3, 18), "Wed 18 Mar 2026"),
        (20, "20 min"),
        ("as text", "as text"),
    ],
)
def test_an_answer_is_shown_as_its_reader_says_it(value: object, words: str) -> None:
    assert option_words(value) == words  # type: ignore[arg-type]
