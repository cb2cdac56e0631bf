"""Who answered whom, and in how much working time, whatever the order in which it is written down."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.operations.workspace import Workspace
from accounts.queries.calendars import working_calendar
from relationships.models import Interaction, Relationship
from relationships.operations.interactions import correct_interaction
from relationships.operations.replies import pair_replies
from tests.factories import NOW, make_business_unit, make_interaction, make_relationship

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)  # winter time: London is UTC


def talk(
    relationship: Relationship, direction: str, hours: float, channel: str = "email", **fields: object
) -> Interaction:
    """A contact so many hours after Monday midnight."""
    return make_interaction(
        relationship,
        direction=direction,
        channel=channel,
        happened_at=MONDAY + timedelta(hours=hours),
        **fields,
    )


def pairs(relationship: Relationship) -> list[tuple[int | None, int | None]]:
    """For each contact in the order of time: the number of the one it answers, and the minutes."""
    rows = list(relationship.interactions.filter(superseded_at=None).order_by("happened_at", "id"))
    place = {row.pk: number for number, row in enumerate(rows)}
    return [(place.get(row.replies_to_id), row.reply_minutes) for row in rows]


def test_an_answer_is_measured_in_working_time(workspace: Workspace) -> None:
    relationship = make_relationship()
    talk(relationship, "in", 16)
    answer = talk(relationship, "out", 24 + 10.5, channel="call")
    assert (answer.reply_minutes, pairs(relationship)) == (150, [(None, None), (0, 150)])


def test_their_answers_are_measured_too_and_only_the_last_of_ours_is_answered(workspace: Workspace) -> None:
    relationship = make_relationship()
    talk(relationship, "out", 9)
    talk(relationship, "out", 10, channel="letter")
    talk(relationship, "in", 11, channel="message")
    talk(relationship, "in", 12)
    assert pairs(relationship) == [(None, None), (None, None), (1, 60), (None, None)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"channel": "meeting"}, {}),
        ({"channel": "call", "duration_minutes": 5}, {}),
        ({"direction": "mutual"}, {}),
        ({}, {"channel": "visit"}),
        ({}, {"direction": "mutual"}),
        ({}, {"hours": 24 * 91}),
    ],
)
def test_what_was_not_waiting_or_is_no_answer_makes_no_pair(
    workspace: Workspace, first: dict[str, object], second: dict[str, object]
) -> None:
    relationship = make_relationship()
    past = NOW - timedelta(days=200) - MONDAY
    hours = past.total_seconds() / 3600
    talk(relationship, **{"direction": "in", "hours": hours, **first})
    talk(relationship, **{"direction": "out", **second, "hours": hours + second.get("hours", 1)})
    assert pairs(relationship) == [(None, None), (None, None)]


def test_a_missed_call_is_answered_and_a_note_between_does_not_matter(workspace: Workspace) -> None:
    relationship = make_relationship()
    talk(relationship, "in", 9, channel="call")
    make_interaction(relationship, channel="note", direction="out", happened_at=MONDAY + timedelta(hours=10))
    talk(relationship, "out", 11, channel="call")
    assert pairs(relationship) == [(None, None), (None, None), (0, 120)]


def test_a_contact_logged_late_changes_the_pairs_around_it(workspace: Workspace) -> None:
    relationship = make_relationship()
    talk(relationship, "in", 9)
    talk(relationship, "out", 12)
    assert pairs(relationship) == [(None, None), (0, 180)]
    talk(relationship, "out", 10)
    assert pairs(relationship) == [(None, None), (0, 60), (None, None)]
    talk(relationship, "in", 11.5)
    assert pairs(relationship) == [(None, None), (0, 60), (1, 90), (2, 30)]


def test_a_correction_moves_the_pairs_with_it(workspace: Workspace) -> None:
    relationship = make_relationship()
    asked = talk(relationship, "in", 9)
    talk(relationship, "out", 12)
    later = correct_interaction(
        actor=asked.actor, interaction=asked, now=NOW, reason="Time", happened_at=MONDAY + timedelta(hours=11)
    )
    answer = relationship.interactions.get(direction="out")
    assert (answer.replies_to, answer.reply_minutes) == (later, 60)
    correct_interaction(actor=later.actor, interaction=later, now=NOW, reason="Way", direction="out")
    answer.refresh_from_db()
    assert (answer.replies_to, answer.reply_minutes) == (None, None)


def test_each_unit_counts_its_own_hours(workspace: Workspace) -> None:
    tokyo = make_business_unit(time_zone="Asia/Tokyo", country="JP")
    here, there = make_relationship(), make_relationship(business_unit=tokyo)
    for relationship in (here, there):
        talk(relationship, "in", 7.5)  # 16:30 in Tokyo, before opening in London
        talk(relationship, "out", 10)
    assert (pairs(here)[1], pairs(there)[1]) == ((0, 60), (0, 30))


def test_imported_rows_are_paired_all_at_once_and_a_second_run_changes_nothing(workspace: Workspace) -> None:
    relationships = [make_relationship(), make_relationship()]
    for relationship in relationships:
        for hour, direction in ((9, "in"), (10, "out"), (11, "in")):
            talk(relationship, direction, hour)
    Interaction.objects.update(replies_to=None, reply_minutes=None)
    ids = [relationship.pk for relationship in relationships]
    assert pair_replies(ids) == 4
    assert [pairs(relationship) for relationship in relationships] == [[(None, None), (0, 60), (1, 60)]] * 2
    assert pair_replies(ids) == 0


def test_public_holidays_do_not_count_and_an_unknown_country_has_none(workspace: Workspace) -> None:
    unit = workspace.business_unit
    good_friday = date(2026, 4, 3)
    assert working_calendar(unit, 2026, 2026).openings(good_friday) == []
    unit.country = "ZZ"
    assert len(working_calendar(unit, 2026, 2026).openings(good_friday)) == 1
    unit.work_week = {"4": [["08:00", "12:00"], ["13:00", "24:00"]]}
    assert len(working_calendar(unit, 2026, 2026).openings(good_friday)) == 2
