"""The pages of what people are told and of their calendar: how to make a number of rows, and where it is."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from health.operations.sightings import raise_sightings
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)


def _notifications(page: str) -> Callable[[User, int], str]:
    """So many lines about everything that there are lines about, from somebody else."""

    def make(viewer: User, rows: int) -> str:
        boss = make_user("administrator")
        for _ in range(rows):
            relationship = make_relationship(owner=viewer, actor=boss)
            given = {"actor": boss, "body": f"@{viewer.name} look", "problem_severity": 4, "happened_at": NOW}
            make_interaction(relationship, **given)
            make_commitment(relationship, actor=boss, owner=viewer)
            make_follow_up(relationship, actor=boss, assignee=viewer)
        raise_sightings(now=NOW)
        return page

    return make


def _calendar(page: str) -> Callable[[User, int], str]:
    """So many follow-ups, promises of both sides and meetings held, on as many days."""

    def make(viewer: User, rows: int) -> str:
        for number in range(rows):
            relationship = make_relationship(owner=viewer, actor=viewer)
            day = NOW.date() + timedelta(days=number)
            make_follow_up(relationship, actor=viewer, due_date=day)
            make_commitment(relationship, actor=viewer, due_date=day)
            make_commitment(relationship, actor=viewer, due_date=day, direction="theirs")
            make_interaction(
                relationship, actor=viewer, channel="meeting", direction="mutual", happened_at=NOW
            )
        return page

    return make


MESSAGING_PAGES: dict[str, Callable[[User, int], str]] = {
    "calendar_month": _calendar("/calendar/"),
    "calendar_week": _calendar("/calendar/?view=week"),
    "calendar_agenda": _calendar("/calendar/?view=agenda"),
    "api_notifications": _notifications("/api/v1/notifications/"),
    "notifications": _notifications("/notifications/"),
    "notification_bell": _notifications("/notifications/bell/"),
}
