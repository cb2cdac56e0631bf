"""Guests of a meeting: what they are sent by a real mail server, when it moves, and when it is called off."""

import email
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import policy
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django.fixtures import Settings

from accounts.models import User
from core.refusals import Invalid
from messaging.models import OutboxAttachment, OutboxMessage
from messaging.operations.outbox import send_due
from relationships.models import FollowUp, MeetingGuest, MeetingInvitation, Party, Purpose, Relationship
from relationships.operations.consents import record_consent
from relationships.operations.contact_points import add_contact_point
from relationships.operations.follow_ups import (
    cancel_follow_up,
    edit_follow_up,
    finish_follow_up,
    plan_follow_up,
    reopen_follow_up,
    snooze_follow_up,
)
from relationships.operations.meetings import InvitationDraft, tell_guests
from relationships.operations.replanning import give_follow_up
from relationships.queries.calendar import calendar_entries
from tests.doors import signed_in
from tests.factories import NOW, make_interaction, make_person, make_relationship, make_user
from tests.messaging.conftest import Post
from tests.messaging.conftest import post as post  # noqa: PLC0414  the fixture

pytestmark = pytest.mark.django_db
DAY = NOW.date() + timedelta(days=3)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def mail_server(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url


@pytest.fixture
def owner() -> User:
    return make_user("administrator", name="Olga Owner", email="olga@us.example", time_zone="Europe/Berlin")


@pytest.fixture
def firm(owner: User) -> Relationship:
    return make_relationship(name="Firm", owner=owner)


@pytest.fixture
def ann(firm: Relationship, owner: User) -> Party:
    return person(firm, owner, "Ann Guest", "ann@firm.example")


def person(firm: Relationship, owner: User, name: str, address: str) -> Party:
    made = make_person(name, works_for=firm.party)
    add_contact_point(actor=owner, party=made, kind="email", value=address, now=NOW)
    return made


def plan(firm: Relationship, owner: User, *people: Party, **given: Any) -> FollowUp:
    draft = InvitationDraft(people=people, **given.pop("draft", {}))
    fields = {"what": "Talk terms", "due_date": DAY, "due_time": time(14, 30), "channel": "meeting", **given}
    return plan_follow_up(actor=owner, relationship=firm, now=NOW, invitation=draft, **fields)


def arrived(post: Post, now: datetime = LATER) -> Iterator[tuple[str, str, Any]]:
    """(to whom, subject, the entry) of each mail that the server took, which is then forgotten."""
    send_due(now=now)
    taken, post.received = post.received, []
    for envelope in taken:
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=policy.default)
        [file] = mail.iter_attachments()  # type: ignore[attr-defined]  # a message of the modern policy
        assert file.get_filename() == "invitation.ics"
        calendar = Calendar.from_ical(file.get_payload(decode=True))
        assert file["Content-Type"].params["method"] == calendar["method"]
        [event] = calendar.walk("VEVENT")
        event["said"] = calendar["method"]
        event["reply_to"] = mail["Reply-To"]
        yield envelope.rcpt_tos[0], str(mail["Subject"]), event


def test_guests_from_outside_and_colleagues_are_asked_with_an_entry_for_their_calendars(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    ben = make_user("administrator", name="Ben", email="ben@us.example")
    draft = {"colleagues": [ben, owner], "title": "Terms 2027", "place": "Hall 3", "minutes": 90}
    planned = plan(firm, owner, ann, draft=draft)
    found = {to: (subject, event) for to, subject, event in arrived(post)}
    assert set(found) == {"ann@firm.example", "ben@us.example"}
    subject, event = found["ann@firm.example"]
    assert (subject, event["said"], event["reply_to"]) == (
        "Invitation: Terms 2027",
        "REQUEST",
        "olga@us.example",
    )
    assert (str(event["summary"]), str(event["location"]), event["sequence"]) == ("Terms 2027", "Hall 3", 0)
    begins = datetime.combine(DAY, time(13, 30), UTC)
    assert (event["dtstart"].dt, event["dtend"].dt) == (begins, begins + timedelta(minutes=90))
    assert (str(event["organizer"]), event["organizer"].params["CN"]) == (
        "mailto:olga@us.example",
        "Olga Owner",
    )
    assert [str(each) for each in event["attendee"]] == ["mailto:ann@firm.example", "mailto:ben@us.example"]
    assert str(event["uid"]) == MeetingInvitation.objects.get(follow_up=planned).uid
    body = OutboxMessage.objects.get(to=["ann@firm.example"]).body_text
    assert f"{begins:%d %B %Y}, 14:30 (Europe/Berlin)" in " ".join(body.split())
    assert "Talk terms" not in body
    assert "- Ben <ben@us.example>" in body


def test_a_meeting_that_moves_changes_hands_and_is_called_off_keeps_its_uid_and_counts_up(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    planned = plan(firm, owner, ann)
    [(_to, _subject, first)] = arrived(post)
    assert tell_guests(now=LATER) == 0
    edit_follow_up(
        actor=owner, follow_up=planned, now=LATER, what="Talk terms", due_date=DAY, due_time=time(16),
        assignee=owner, channel="meeting",
    )  # fmt: skip
    assert (tell_guests(now=LATER), tell_guests(now=LATER)) == (1, 0)
    [(_to, subject, moved)] = arrived(post)
    assert (subject, moved["sequence"], moved["uid"]) == ("Changed: Talk terms", 1, first["uid"])
    assert moved["dtstart"].dt.hour == 15
    ben = make_user("administrator", name="Ben", email="ben@us.example", time_zone="Europe/Berlin")
    give_follow_up(actor=owner, follow_up=planned, to=ben, reason="Away", now=LATER)
    tell_guests(now=LATER)
    given = {to: event for to, _subject, event in arrived(post)}
    assert set(given) == {"ann@firm.example", "ben@us.example"}
    assert {str(event["organizer"]) for event in given.values()} == {"mailto:olga@us.example"}
    snooze_follow_up(actor=owner, follow_up=planned, due_date=DAY + timedelta(days=1), now=LATER)
    tell_guests(now=LATER)
    assert {event["dtstart"].dt for _to, _subject, event in arrived(post)} == {DAY + timedelta(days=1)}
    cancel_follow_up(actor=owner, follow_up=planned, now=LATER)
    tell_guests(now=LATER)
    off = [
        (subject, event["said"], event["sequence"], event["status"]) for _to, subject, event in arrived(post)
    ]
    assert off == [("Called off: Talk terms", "CANCEL", 4, "CANCELLED")] * 2
    reopen_follow_up(actor=owner, follow_up=planned, now=LATER)
    assert (tell_guests(now=LATER), tell_guests(now=LATER)) == (1, 0)
    assert {(event["said"], event["sequence"]) for _to, _subject, event in arrived(post)} == {("REQUEST", 5)}


def test_of_what_is_over_or_done_nobody_hears(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    past, done = plan(firm, owner, ann), plan(firm, owner, ann)
    assert len(list(arrived(post))) == 2
    after = NOW + timedelta(days=9)
    cancel_follow_up(actor=owner, follow_up=past, now=after)
    finish_follow_up(actor=owner, follow_up=done, now=after)
    assert (tell_guests(now=after), tell_guests(now=after)) == (1, 0)
    assert list(arrived(post, after)) == []


def test_who_cannot_be_asked_is_named_beside_the_field(firm: Relationship, owner: User, ann: Party) -> None:
    mute = make_person("Mute", works_for=firm.party)
    service = Purpose.objects.get(slug="service")
    record_consent(actor=owner, party=ann, purpose=service, state="refused", door="phone", now=NOW)
    gone = make_user("administrator", name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False, deactivated_at=NOW)
    with pytest.raises(Invalid) as refusal:
        plan(
            firm, owner, ann, mute, channel="call", due_time=None,
            draft={"colleagues": [User.objects.get(pk=gone.pk)], "minutes": 0, "place": "a\nb"},
        )  # fmt: skip
    assert refusal.value.errors == {
        "channel": ["Guests are asked to a meeting, a visit or a video call."],
        "due_time": ["Guests need to know the hour."],
        "minutes": ["Between 1 and 1440 minutes."],
        "place": ["One line."],
        "colleagues": ["Gone no longer works here."],
        "people": ["Ann Guest does not want to be written to.", "Mute has no e-mail address."],
    }
    for people, words in (([], "Say who is to be invited."), ([ann] * 31, "At most 30 guests.")):
        with pytest.raises(Invalid) as refusal:
            plan(firm, owner, *people)
        assert words in refusal.value.errors["people"]
    assert (FollowUp.objects.count(), MeetingInvitation.objects.count()) == (0, 0)


def test_the_dialog_sends_one_invitation_however_often_the_form_is_sent(
    firm: Relationship, owner: User, ann: Party
) -> None:
    client, address = signed_in(owner), f"/customers/{firm.pk}/follow-ups/"
    assert "Ann Guest" in client.get(address).content.decode()
    form = {
        "what": "Meet", "due_date": "2030-05-06", "due_time": "10:00", "channel": "visit",
        "assignee": owner.pk, "invite": "on", "people": [ann.pk], "idempotency_key": "k",
    }  # fmt: skip
    for _time in range(2):
        assert client.post(address, form).status_code == 302
    assert FollowUp.objects.get().invitation.minutes == 60
    assert (OutboxMessage.objects.count(), OutboxAttachment.objects.get().name) == (1, "invitation.ics")
    without = {**form, "idempotency_key": "l", "invite": ""}
    assert client.post(address, without).status_code == 302
    assert MeetingGuest.objects.count() == 1
    OutboxMessage.objects.all().delete()
    assert OutboxAttachment.objects.count() == 0


def test_feeds_have_the_meetings_that_one_is_asked_to_and_those_that_were_held(
    firm: Relationship, owner: User, ann: Party
) -> None:
    ben = make_user("administrator", email="ben@us.example", time_zone="Asia/Tokyo")
    plan(firm, owner, ann, due_time=time(20, 0), draft={"colleagues": [ben], "minutes": 45})
    make_interaction(
        firm, actor=ben, channel="visit", subject="Seen the hall", happened_at=NOW, duration_minutes=20
    )
    entries = list(calendar_entries(viewer=ben, today=NOW.date()))
    asked, held = entries
    assert (asked.sort, asked.due_date, asked.lasts) == (
        "Meeting",
        DAY + timedelta(days=1),
        timedelta(minutes=45),
    )
    assert (held.sort, held.what, held.lasts) == ("Met", "Seen the hall", timedelta(minutes=20))
    assert [entry.due_date for entry in calendar_entries(viewer=owner, today=NOW.date())] == [DAY]
    far = list(calendar_entries(viewer=ben, today=date(2010, 1, 1)))
    assert far == []
