"""What the record shows of health walks from the kind's usual to the score, and says so when there is none."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.operations.scoring import score
from health.panels import waterfall, weeks
from health.queries.explanation import explain
from relationships.models import Relationship
from tests.factories import make_relationship, make_user
from tests.health.evidence import NOW, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    relationship = make_relationship("suppliers", name="Halden", owner=viewer, now=NOW - timedelta(days=400))
    put(relationship, *range(30, 90, 6), sentiment=0.2, reply_minutes=300)
    put(relationship, *range(33, 90, 8), direction="out", reply_minutes=2000)
    put(relationship, 12, problem_severity=4)
    return relationship


def test_the_bars_walk_from_the_usual_to_the_score(theirs: Relationship, viewer: User) -> None:
    quiet = make_relationship("suppliers", name="Quiet", owner=viewer, now=NOW - timedelta(days=400))
    put(quiet, *range(10, 60, 5), sentiment=0.6, reply_minutes=60)
    score(kind="suppliers", now=NOW)
    said = explain(viewer=viewer, relationship=theirs, now=NOW)
    assert said.reference is not None
    assert said.score is not None

    at = float(said.reference)
    for row in waterfall(said):
        if row["line"].contribution is None:
            continue
        step = float(row["line"].contribution)
        assert row["x"] == pytest.approx(min(at, at + step))
        assert row["down"] == (step < 0)
        at += step

    assert at == pytest.approx(float(said.score))
    assert len(waterfall(said)) == len(said.lines)


def test_the_weeks_end_with_this_monday(theirs: Relationship, viewer: User) -> None:
    score(kind="suppliers", now=NOW)
    said = explain(viewer=viewer, relationship=theirs, now=NOW)

    shown = weeks(said, NOW)

    assert shown[-1]["monday"].isoformat() == "2026-03-16"
    assert shown[-1]["score"] == said.score


def test_the_record_shows_the_strip_and_the_page_of_why(
    theirs: Relationship, viewer: User, client: Client
) -> None:
    score(kind="suppliers", now=NOW)
    client.force_login(viewer)
    said = explain(viewer=viewer, relationship=theirs, now=NOW)

    record = client.get(f"/suppliers/{theirs.pk}/").content.decode()
    why = client.get(f"/suppliers/{theirs.pk}/why/").content.decode()

    assert said.sentence.split(".")[0] in record
    assert all(str(line.label) in why for line in said.lines)
    assert f"{said.score:.1f}" in why


def test_without_evidence_there_is_no_number(viewer: User, client: Client) -> None:
    new = make_relationship("suppliers", name="New", owner=viewer, now=NOW)
    score(kind="suppliers", now=NOW)
    client.force_login(viewer)

    page = client.get(f"/suppliers/{new.pk}/why/").content.decode()

    assert "Not enough evidence (0" in page
    assert "Usual for the kind" not in page
