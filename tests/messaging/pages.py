"""The pages of what people are told and of their calendar: how to make a number of rows, and where it is."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from health.models import Alert
from health.operations.proposals import draft_proposal
from health.operations.reviews import begin_review
from health.operations.sightings import raise_sightings
from messaging.operations.notifications import Telling, tell
from messaging.registry import registry
from relationships.operations.contact_points import add_contact_point
from relationships.operations.handovers import hand_over
from tests.automation.pages import make_endpoint
from tests.factories import (
    NOW,
    make_case,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)
from tests.messaging.mail import brought, file, parts


def _things(viewer: User, boss: User) -> list[tuple[str, int]]:
    """One of each type that people are told of; they hear of some by themselves."""
    before = make_user("administrator")
    relationship = make_relationship(owner=before, actor=boss)
    handed = hand_over(actor=boss, leaver=before, receiver=viewer, reason="Leaves", now=NOW)
    pack = handed.handover.packs.get()
    on = {"actor": boss, "relationship": relationship, "now": NOW}
    given = {"actor": boss, "body": f"@{viewer.name} look", "problem_severity": 4, "happened_at": NOW}
    talk = make_interaction(relationship, **given)
    promise = make_commitment(relationship, actor=boss, owner=viewer)
    follow_up = make_follow_up(relationship, actor=boss, assignee=viewer)
    document = make_document(relationship, actor=boss)
    review = begin_review(**on)
    offer = draft_proposal(**on, title="Offer", currency="GBP")
    raise_sightings(now=NOW)
    alert = Alert.objects.filter(relationship=relationship).latest("pk")
    endpoint = make_endpoint(viewer)
    case = make_case(relationship, actor=boss)
    things = (relationship, talk, promise, follow_up, document, review, offer, pack, alert, endpoint, case)
    return [(str(thing._meta.model_name), thing.pk) for thing in things]


def _notifications(page: str) -> Callable[[User, int], str]:
    """So many lines about everything that there are lines about, from somebody else: the most that a page reads."""

    def make(viewer: User, rows: int) -> str:
        boss = make_user("administrator")
        for _ in range(rows):
            things = _things(viewer, boss)
            assert {subject_type for subject_type, _pk in things} == set(registry.subjects)
            told = [Telling(viewer.pk, subject_type, pk) for subject_type, pk in things]
            for number in range(0, len(told), 5):
                tell(topic="assigned", tellings=told[number : number + 5], actor=boss, now=NOW)
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


def _received(page: str) -> Callable[[User, int], str]:
    """So many mails of one thread with as many files each, from somebody whom the viewer may know of."""

    def make(viewer: User, rows: int) -> str:
        acme = make_relationship(owner=viewer, actor=viewer).party
        add_contact_point(actor=viewer, party=acme, kind="email", value="ana@acme.example", now=NOW)
        for number in range(rows):
            files = [file(f"{each}.pdf", b"%PDF") for each in range(rows)]
            last = brought(viewer, parts(*files, Message_ID=f"<{number}@x>", References="<0@x>")).message
            brought(viewer, b"no mail %d" % number)
        return page.format(last.pk)

    return make


MESSAGING_PAGES: dict[str, Callable[[User, int], str]] = {
    "calendar_month": _calendar("/calendar/"),
    "calendar_week": _calendar("/calendar/?view=week"),
    "calendar_agenda": _calendar("/calendar/?view=agenda"),
    "received_mail": _received("/received-mail/"),
    "received_message": _received("/received-mail/{}/"),
    "api_received_mail": _received("/api/v1/received-mail/"),
    "api_received_message": _received("/api/v1/received-mail/{}/"),
    "api_notifications": _notifications("/api/v1/notifications/"),
    "notifications": _notifications("/notifications/"),
    "notification_bell": _notifications("/notifications/bell/"),
}
