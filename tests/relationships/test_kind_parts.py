"""What each kind adds to the record, and what its profile refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from relationships.models import Relationship
from tests.factories import NOW, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db
TODAY = date.today()  # noqa: DTZ011 - the page counts from the day it is opened


def part(relationship: Relationship) -> str:
    client = Client()
    user = make_user("hr")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return " ".join(client.get(f"/{relationship.kind}/{relationship.pk}/panels/").content.decode().split())


@pytest.mark.parametrize(
    ("kind", "profile", "words"),
    [
        ("investors", {}, "No holding is written down"),
        ("investors", {"shares_held": 1840000, "holding_date": TODAY, "votes_percent": 9}, "1,840,000"),
        ("investors", {"shares_held": 5, "holding_date": TODAY - timedelta(days=100)}, "100 days old"),
        ("press", {}, "Nobody has verified the contacts yet"),
        ("press", {"verified_date": TODAY - timedelta(days=200), "beat": "Food"}, "verified 200 days ago"),
        ("press", {"verified_date": TODAY, "deadline": "Thursdays 16:00"}, "Thursdays 16:00"),
        ("community", {"issue": "Noise", "stance": "opposes"}, "Opposes"),
        ("community", {"term_ends_date": TODAY + timedelta(days=30)}, "ends in 30 days"),
        ("community", {"term_ends_date": TODAY - timedelta(days=2)}, "Their term has ended"),
        ("staff", {"hired_date": TODAY - timedelta(days=800)}, "(2 years)"),
        ("staff", {"contract_ends_date": TODAY + timedelta(days=20)}, "contract ends in 20 days"),
        ("staff", {"contract_ends_date": TODAY - timedelta(days=1)}, "The contract has ended"),
        ("staff", {"hired_date": TODAY + timedelta(days=9)}, "Here since"),
        ("suppliers", {"is_sole_source": True, "criticality": 5}, "look for a second one"),
        ("suppliers", {"capacity": "400 pallets"}, "400 pallets"),
    ],
)
def test_the_record_shows_what_the_kind_alone_has(
    workspace: Workspace, kind: str, profile: dict[str, Any], words: str
) -> None:
    assert words in part(make_relationship(kind, profile=profile))


def test_meetings_of_the_year_are_counted(workspace: Workspace) -> None:
    investor = make_relationship("investors")
    assert "Met 0 times in 12 months" in part(investor)
    make_interaction(investor, channel="meeting", happened_at=NOW - timedelta(hours=1))
    assert f"Met {'once' if (TODAY - NOW.date()).days < 365 else '0 times'} in 12 months" in part(investor)


@pytest.mark.parametrize(
    ("kind", "profile", "field"),
    [
        ("investors", {"shares_held": 5}, "holding_date"),
        ("investors", {"holding_date": TODAY}, "shares_held"),
        ("investors", {"votes_percent": -1}, "votes_percent"),
        ("investors", {"votes_percent": 101}, "votes_percent"),
        ("investors", {"lei": "5493001KJTIIGC8Y1R13"}, "lei"),
        ("press", {"medium": "pigeon"}, "medium"),
        ("community", {"stance": "shouts"}, "stance"),
        ("staff", {"contract_hours": 61}, "contract_hours"),
        ("staff", {"contract_hours": -1}, "contract_hours"),
        (
            "staff",
            {"hired_date": TODAY, "contract_ends_date": TODAY - timedelta(days=1)},
            "contract_ends_date",
        ),
    ],
)
def test_a_profile_refuses_what_cannot_be_and_names_the_field(
    workspace: Workspace, kind: str, profile: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_relationship(kind, profile=profile)
    assert list(refused.value.errors) == [field]
