"""What dropped, on My day: the reasons add up, the cheapest repair is something to press, and nothing leaks."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from dashboards.queries.my_day import dropped_health, my_day
from dashboards.ui.my_day import REASONS, drop_of
from health.operations.scoring import score_history
from relationships.models import Relationship
from tests.factories import make_relationship, make_team, make_user
from tests.health.evidence import NOW, put

pytestmark = pytest.mark.django_db


def slipping(owner: User, name: str, **fields: object) -> Relationship:
    """A supplier that talked often and well, and has complained three times in the last fortnight."""
    relationship = make_relationship(
        "suppliers", name=name, owner=owner, now=NOW - timedelta(days=300), **fields
    )
    put(relationship, *range(33, 90, 6), sentiment=0.5, reply_minutes=60)
    put(relationship, *range(34, 90, 7), direction="out", reply_minutes=60)
    put(relationship, 3, 7, 11, problem_severity=4, sentiment=-0.9)
    return relationship


def panel(viewer: User, address: str = "/day/health/", **headers: str) -> str:
    client = Client()
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        html = client.get(address, **headers).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_what_dropped_is_counted_shown_and_accounted_for_to_the_tenth() -> None:
    viewer, other = make_user(), make_user()
    slipping(viewer, "Halden Freight")
    slipping(other, "Elsewhere Ltd")
    score_history(kind="suppliers", now=NOW, weeks=8)
    (mover,) = dropped_health(viewer=viewer, whose="mine", now=NOW)
    drop = drop_of(mover)
    assert mover.relationship.party_name == "Halden Freight"
    assert len(drop.reasons) in (REASONS, REASONS + 1)
    assert sum(line.points for line in drop.reasons) + drop.rest == mover.change
    assert my_day(viewer=viewer, whose="mine", now=NOW).totals.dropped == 1
    words = panel(viewer, HTTP_HX_REQUEST="true")
    assert "Halden Freight Supplier" in words
    assert "Cheapest repair" in words
    assert drop.reasons[0].words in words
    assert drop.repair is not None
    assert drop.repair.label in words
    assert "Elsewhere Ltd" not in words


def test_a_team_sees_what_dropped_among_its_own() -> None:
    team = make_team()
    viewer, mate = make_user(member_of=team), make_user(member_of=team)
    slipping(mate, "Mate's Freight", team=team)
    score_history(kind="suppliers", now=NOW, weeks=8)
    assert dropped_health(viewer=viewer, whose="mine", now=NOW) == []
    names = [mover.relationship.party_name for mover in dropped_health(viewer=viewer, whose="team", now=NOW)]
    assert names == ["Mate's Freight"]
    assert "Nothing dropped" in panel(viewer)
    blind = make_user("relationship_manager", kind="customers", member_of=team)
    assert dropped_health(viewer=blind, whose="team", now=NOW) == []
    assert my_day(viewer=blind, whose="team", now=NOW).totals.dropped == 0


def test_my_day_asks_for_the_panel_only_when_something_dropped() -> None:
    viewer = make_user()
    client = Client()
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        assert 'hx-get="/day/health/"' not in client.get("/").content.decode()
        slipping(viewer, "Halden Freight")
        score_history(kind="suppliers", now=NOW, weeks=8)
        assert 'hx-get="/day/health/"' in client.get("/").content.decode()
