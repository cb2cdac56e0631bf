"""The pages of what people are told: for each, how to make a number of rows and where the page is."""

from collections.abc import Callable

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


MESSAGING_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_notifications": _notifications("/api/v1/notifications/"),
    "notifications": _notifications("/notifications/"),
    "notification_bell": _notifications("/notifications/bell/"),
}
