"""Guests of a meeting: what they are sent by a real mail server, when it moves, when it is called off, and when others
are asked."""

import email
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import policy
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django.fixtures import Settings

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxAttachment, OutboxMessage
from messaging.operations.outbox import send_due
from relationships.models import (
    Event,
    FollowUp,
    MeetingGuest,
    MeetingInvitation,
    Party,
    Purpose,
    Relationship,
)
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
from relationships.operations.invitations import Change, change_invitation
from relationships.operations.meetings import InvitationDraft, tell_guests
from relationships.operations.replanning import give_follow_up
from relationships.queries.calendar import calendar_entries
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_follow_up, make_interaction, make_person, make_relationship, make_user
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


@pytest.fixture
def eve(firm: Relationship, owner: User) -> Party:
    return person(firm, owner, "Eve Guest", "eve@firm.example")


def change(owner: User, planned: FollowUp, *people: Party, **given: Any) -> Change:
    said: dict[str, Any] = {"title": "Talk terms", **given.pop("draft", {})}
    now, draft = given.pop("now", LATER), InvitationDraft(people=people, **said)
    return change_invitation(actor=owner, follow_up=planned, draft=draft, now=now, **given)


def told(post: Post) -> dict[str, tuple[str, str, int, list[str]]]:
    """By address: the first word of the subject, the method, the sequence, and who comes as the entry says."""
    found: dict[str, tuple[str, str, int, list[str]]] = {}
    for to, subject, event in arrived(post):
        assert to not in found, "told twice"
        people = event["attendee"] if isinstance(event["attendee"], list) else [event["attendee"]]
        come = [str(each).removeprefix("mailto:") for each in people]
        found[to] = (subject.partition(":")[0], event["said"], event["sequence"], come)
        assert ("status" in event) == (not subject.startswith("No longer"))
    return found


def test_who_is_added_is_invited_who_is_removed_uninvited_and_who_stays_told_the_new_list(
    post: Post, firm: Relationship, owner: User, ann: Party, eve: Party
) -> None:
    ben = make_user("administrator", name="Ben", email="ben@us.example")
    cara = make_user("administrator", name="Cara", email="cara@us.example")
    dan = person(firm, owner, "Dan Guest", "dan@firm.example")
    planned = plan(firm, owner, ann, dan, draft={"colleagues": [ben]})
    first = {event["uid"] for _to, _subject, event in arrived(post)}
    snooze_follow_up(
        actor=owner, follow_up=planned, due_date=DAY + timedelta(days=1), due_time=time(9), now=LATER
    )
    given: Any = {"draft": {"colleagues": [cara, owner]}, "reason": "Dan is away"}
    made = change(owner, planned, ann, eve, **given)
    assert {telling: [guest.name for guest in guests] for telling, guests in made.told.items()} == {
        "invited": ["Eve Guest", "Cara"],
        "uninvited": ["Dan Guest", "Ben"],
        "changed": ["Ann Guest"],
    }
    come = ["ann@firm.example", "eve@firm.example", "cara@us.example"]
    assert told(post) == {
        "ann@firm.example": ("Changed", "REQUEST", 1, come),
        "eve@firm.example": ("Invitation", "REQUEST", 1, come),
        "cara@us.example": ("Invitation", "REQUEST", 1, come),
        "dan@firm.example": ("No longer invited", "CANCEL", 1, ["dan@firm.example"]),
        "ben@us.example": ("No longer invited", "CANCEL", 1, ["ben@us.example"]),
    }
    body = OutboxMessage.objects.get(subject__startswith="No longer", to=["dan@firm.example"]).body_text
    assert ("eve@" in body, "takes this out of your calendar" in body) == (False, True)
    assert tell_guests(now=LATER) == 0, "that it was put off was told with it"
    desk = person(firm, owner, "Ann's desk", "Ann@firm.example")
    assert change(owner, planned, ann, eve, desk, **given).is_one is False, "her address is asked already"
    assert list(arrived(post)) == []
    invitation = MeetingInvitation.objects.get()
    assert (invitation.sequence, invitation.due_time, {invitation.uid}) == (1, time(9), first)
    line = Event.objects.get(verb="invitation_changed")
    assert (line.actor, line.happened_at, line.reason) == (owner, LATER, "Dan is away")
    assert line.data["guests_before"] == ["Ann Guest", "Dan Guest", "Ben"]
    assert line.data["guests_after"] == ["Ann Guest", "Eve Guest", "Cara"]
    shown = words_of(signed_in(owner).get(f"/customers/{firm.pk}/"))
    assert "Invited: Eve Guest, Cara" in shown
    assert "No longer invited: Dan Guest, Ben" in shown


def test_all_may_be_taken_off_and_asked_again_with_whoever_holds_the_meeting(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    ben = make_user("administrator", name="Ben", email="ben@us.example")
    planned = plan(firm, owner, ann)
    list(arrived(post))
    give_follow_up(actor=owner, follow_up=planned, to=ben, reason="Away", now=LATER)
    tell_guests(now=LATER)
    assert told(post)["ben@us.example"][:3] == ("Invitation", "REQUEST", 1)
    change(owner, planned)
    assert {to: said[:3] for to, said in told(post).items()} == {
        "ann@firm.example": ("No longer invited", "CANCEL", 2),
        "ben@us.example": ("No longer invited", "CANCEL", 2),
    }
    change(owner, planned, draft={"place": "Hall 4"})
    assert told(post) == {}
    change(owner, planned, ann, draft={"place": "Hall 4"})
    assert {to: said[:3] for to, said in told(post).items()} == {
        "ann@firm.example": ("Invitation", "REQUEST", 4),
        "ben@us.example": ("Invitation", "REQUEST", 4),
    }
    give_follow_up(actor=owner, follow_up=planned, to=owner, reason="Back", now=LATER)
    tell_guests(now=LATER)
    assert {to: said[1] for to, said in told(post).items()} == {
        "ann@firm.example": "REQUEST",
        "ben@us.example": "CANCEL",
    }
    change(owner, planned, ann, draft={"place": "Hall 5", "title": "", "minutes": 30})
    assert [said[:3] for said in told(post).values()] == [("Changed", "REQUEST", 6)]
    line = Event.objects.filter(verb="invitation_changed").latest("id")
    assert line.data["changed"] == {"place": ["Hall 4", "Hall 5"], "minutes": [60, 30]}
    assert "Where: Hall 4 became Hall 5" in words_of(signed_in(owner).get(f"/customers/{firm.pk}/"))


def test_a_meeting_that_nobody_was_asked_to_gets_its_first_invitation(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    planned = make_follow_up(firm, actor=owner, what="Talk", due_date=DAY, due_time=time(9), channel="visit")
    assert change(owner, planned, draft={"colleagues": [owner]}).is_one is False
    change(owner, planned, ann, draft={"title": "Terms"})
    assert told(post) == {"ann@firm.example": ("Invitation", "REQUEST", 0, ["ann@firm.example"])}
    assert planned.invitation.title == "Terms"
    assert Event.objects.get(verb="invitation_changed").data["guests_after"] == ["Ann Guest"]
    cancel_follow_up(actor=owner, follow_up=planned, now=LATER)
    tell_guests(now=LATER)
    reopen_follow_up(actor=owner, follow_up=planned, now=LATER)
    assert told(post)["ann@firm.example"][:2] == ("Called off", "CANCEL")
    change(owner, planned)
    assert (told(post), tell_guests(now=LATER)) == ({}, 0), "she knows that it is off"


def test_who_cannot_be_asked_afterwards_is_named_beside_the_field_and_nobody_is_told(
    post: Post, firm: Relationship, owner: User, ann: Party, eve: Party
) -> None:
    planned = plan(firm, owner, ann)
    list(arrived(post))
    mute = make_person("Mute", works_for=firm.party)
    other = make_relationship(name="Other firm", owner=owner)
    strange = person(other, owner, "Strange", "strange@other.example")
    secret = person(firm, make_user("administrator"), "Secret", "secret@firm.example")
    Party.objects.filter(pk=secret.pk).update(
        confidentiality=Confidentiality.SEALED, created_by=ann.created_by
    )
    service = Purpose.objects.get(slug="service")
    record_consent(actor=owner, party=eve, purpose=service, state="refused", door="phone", now=NOW)
    gone = make_user("administrator", name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False, deactivated_at=NOW)
    manager = make_user(name="Manager")
    draft = {"colleagues": [User.objects.get(pk=gone.pk)], "minutes": 0, "place": "a\nb"}
    with pytest.raises(Invalid) as refusal:
        change(manager, planned, ann, mute, strange, secret, eve, draft=draft, reason="x" * 401)
    assert refusal.value.errors == {
        "reason": ["This has 401 characters; at most 400 fit."],
        "minutes": ["Between 1 and 1440 minutes."],
        "place": ["One line."],
        "people": [
            "There is no such party.",
            "Strange does not belong to Firm.",
            "Mute has no e-mail address.",
            "Eve Guest does not want to be written to.",
        ],
        "colleagues": ["Gone no longer works here."],
    }
    with pytest.raises(Invalid) as refusal:
        change(owner, planned, ann, *[mute] * 30)
    assert "At most 30 guests." in refusal.value.errors["people"]
    edit: dict[str, Any] = {"actor": owner, "follow_up": planned, "what": "x", "assignee": owner}
    edit_follow_up(**edit, due_date=DAY, channel="call", now=NOW)
    with pytest.raises(Invalid) as refusal:
        change(owner, planned, ann, draft={"colleagues": [manager]})
    assert list(refusal.value.errors) == ["channel", "due_time"]
    assert (list(arrived(post)), MeetingGuest.objects.count()) == ([], 1)


def test_only_an_open_meeting_that_is_to_come_changes_and_only_by_whom_may_plan_it_anew(
    post: Post, firm: Relationship, owner: User, ann: Party
) -> None:
    planned = plan(firm, owner, ann)
    with pytest.raises(Missing):
        change(make_user("hr", "staff"), planned)
    with pytest.raises(NotAllowed):
        change(make_user("auditor"), planned)
    with pytest.raises(Conflict):
        change(owner, planned, now=NOW + timedelta(days=4))
    closings: list[Callable[..., FollowUp]] = [finish_follow_up, cancel_follow_up]
    for close in closings:
        close(actor=owner, follow_up=planned, now=LATER)
        with pytest.raises(Conflict):
            change(owner, planned)
        reopen_follow_up(actor=owner, follow_up=planned, now=LATER)
    assert MeetingGuest.objects.count() == 1


def test_a_guest_whom_one_may_not_know_of_stays_and_is_not_shown(
    post: Post, firm: Relationship, owner: User, ann: Party, eve: Party, at_now: None
) -> None:
    planned = plan(firm, owner, ann)
    list(arrived(post))
    Party.objects.filter(pk=ann.pk).update(confidentiality=Confidentiality.SEALED)
    manager = make_user(name="Manager")
    change(manager, planned, eve)
    assert {to: said[:2] for to, said in told(post).items()} == {
        "ann@firm.example": ("Changed", "REQUEST"),
        "eve@firm.example": ("Invitation", "REQUEST"),
    }
    assert Event.objects.get(verb="invitation_changed").data["guests_after"] == ["Eve Guest"]
    place = f"follow-ups/{planned.pk}/invitation/"
    shown = ApiClient(manager).call("get", place).json()["guests"]
    page = signed_in(manager).get(f"/{place}").content.decode()
    assert ([each["name"] for each in shown], "Ann Guest" in page) == (["Eve Guest"], False)


def test_the_dialog_says_who_will_be_told_before_it_tells_them(
    firm: Relationship, owner: User, ann: Party, eve: Party, at_now: None
) -> None:
    planned = plan(firm, owner, ann)
    client, address = signed_in(owner), f"/follow-ups/{planned.pk}/invitation/"
    assert f'href="{address}' in client.get(f"/customers/{firm.pk}/").content.decode()
    assert f'href="{address}' in client.get(f"/follow-ups/{planned.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert f'value="{ann.pk}" id="id_people_0" checked' in page.replace('class="" ', "")
    form = {"people": [eve.pk], "title": "Talk terms", "minutes": "60", "reason": "Ann is away"}
    htmx = {"HX-Request": "true"}
    for answer in (client.post(f"{address}telling/", form, headers=told_by) for told_by in (None, htmx)):
        foretold = words_of(answer)
        assert "Invited Eve Guest Told not to come Ann Guest" in foretold
    assert OutboxMessage.objects.count() == 1
    wrong = client.post(f"{address}telling/", form | {"minutes": "0"}, headers=htmx)
    assert "First put right what is wrong above" in words_of(wrong)
    assert client.post(address, form | {"reason": "x" * 401}).status_code == 422
    said = [words_of(client.post(address, form, headers=htmx)) for _time in range(2)]
    assert ("2 mails go out" in said[0], "nobody was told" in said[1]) == (True, True)
    assert OutboxMessage.objects.count() == 3
    call = make_follow_up(firm, actor=owner, channel="call")
    assert "/invitation/" not in client.get(f"/follow-ups/{call.pk}/").content.decode()


def test_a_program_reads_the_guests_and_changes_those_that_it_read(
    firm: Relationship, owner: User, ann: Party, eve: Party, at_now: None
) -> None:
    planned = make_follow_up(firm, actor=owner, due_date=DAY, due_time=time(9), channel="video")
    client, place = ApiClient(owner), f"follow-ups/{planned.pk}/invitation/"
    nobody = client.call("get", place)
    assert (nobody.json()["title"], nobody.json()["guests"]) == ("Call again", [])
    body = {"people": [ann.pk], "place": "Hall 3"}
    assert client.call("patch", place, body).status_code == 428
    made = client.call("patch", place, body, If_Match=nobody["ETag"])
    assert made.json()["guests"] == [
        {
            "person": {"id": ann.pk, "name": "Ann Guest"},
            "colleague": None,
            "name": "Ann Guest",
            "address": "ann@firm.example",
        }
    ]
    assert client.call("patch", place, body, If_Match=nobody["ETag"]).status_code == 412
    again = client.call("patch", place, body, If_Match=made["ETag"])
    assert (again["ETag"], OutboxMessage.objects.count()) == (made["ETag"], 1)
    wrong = client.call("patch", place, {"people": [ann.pk, 999_999]}, If_Match="*")
    assert (wrong.status_code, "people" in str(wrong.json()["errors"])) == (422, True)
    mute = make_person("Mute", works_for=firm.party)
    refused = client.call("patch", place, {"people": [ann.pk, mute.pk]}, If_Match="*")
    assert (refused.status_code, "Mute has no e-mail address." in str(refused.json())) == (422, True)
    swapped = client.call("patch", place, {"people": [eve.pk]}, If_Match=made["ETag"]).json()
    assert (swapped["sequence"], swapped["place"], OutboxMessage.objects.count()) == (1, "Hall 3", 3)
    finish_follow_up(actor=owner, follow_up=planned, now=NOW)
    assert client.call("patch", place, {"people": []}, If_Match="*").status_code == 409
