"""The centre: who is told of what, once, as they chose; and what of it they are shown later."""

from datetime import time, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, Missing
from messaging.enums import Channel
from messaging.models import Notification, NotificationChoice
from messaging.operations.notifications import (
    Telling,
    choose_channels,
    mark_all_read,
    mark_read,
    mark_unread,
    tell,
)
from messaging.queries.notification_choices import channel_of, choice_of
from messaging.queries.notifications import centre, in_words, newest_id, unread_count
from messaging.registry import Line, Registry, Subject, Topic, registry
from relationships.models import Relationship
from tests.api import ApiClient
from tests.doors import signed_in
from tests.factories import NOW, make_user
from tests.messaging.conftest import make_firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_user("representative", name="Olga", email="olga@example.org")


def told_of(reader: User, *relationships: Relationship, topic: str = "assigned", **given: object) -> int:
    rows = [Telling(reader.pk, "relationship", each.pk, **given) for each in relationships]  # type: ignore[arg-type]
    return tell(topic=topic, tellings=rows, actor=None, now=NOW)


def unread(reader: User) -> list[str]:
    return [each.line.title for each in centre(reader, unread_only=True, topic="", cursor="")[1]]


def test_somebody_is_told_once_of_the_same_key(olga: User) -> None:
    acme = make_firm(owner=olga, name="Acme")
    told_of(olga, acme, key="a")
    told_of(olga, acme, key="a")
    assert unread(olga) == ["Acme"]
    told_of(olga, acme)
    told_of(olga, acme)
    assert unread(olga) == ["Acme"] * 3


def test_nobody_is_told_of_their_own_deed_nor_who_is_not_at_work(olga: User) -> None:
    acme = make_firm(owner=olga)
    gone = make_user(is_active=False, deactivated_at=NOW)
    program = make_user(is_service=True)
    tellings = [Telling(each.pk, "relationship", acme.pk) for each in (olga, gone, program)]
    assert tell(topic="assigned", tellings=tellings, actor=olga, now=NOW) == 0
    assert tell(topic="assigned", tellings=tellings[:1], actor=olga, now=NOW) == 0
    assert not Notification.objects.exists()


def test_more_than_five_of_a_moment_are_one_line_that_says_how_many(olga: User) -> None:
    many = [make_firm(owner=olga, name=f"Firm {number}") for number in range(7)]
    assert told_of(olga, *many[:5]) == 5
    assert told_of(olga, *many) == 1
    last = centre(olga, unread_only=True, topic="", cursor="")[1][0]
    assert (last.line.title, last.more, last.words) == ("Firm 0", "and 6 more", "A relationship is yours now")


def test_a_topic_or_a_thing_that_nobody_registered_is_refused(olga: User) -> None:
    with pytest.raises(LookupError):
        tell(topic="weather", tellings=[], actor=None, now=NOW)
    with pytest.raises(LookupError, match="nobody said how to tell of cloud"):
        tell(topic="assigned", tellings=[Telling(olga.pk, "cloud", 1)], actor=None, now=NOW)


def test_a_key_is_registered_once() -> None:
    own = Registry()
    topic = Topic("rain", "Rain", "bell")
    own.add_topics(topic, topic)
    with pytest.raises(ValueError, match="two topics are called 'rain'"):
        own.add_topics(Topic("rain", "Other", "bell"))
    subject = Subject(lambda user: Relationship.objects.none(), lambda said: Line("a", "/"), {})
    own.add_subject("cloud", subject)
    own.add_subject("cloud", subject)
    with pytest.raises(ValueError, match="two ways to tell of 'cloud'"):
        own.add_subject("cloud", Subject(subject.visible, lambda said: Line("b", "/"), {}))


def test_a_lost_right_takes_its_notifications_along_and_brings_them_back(olga: User) -> None:
    acme, beta = (make_firm(owner=olga, name=name) for name in ("Acme", "Beta"))
    told_of(olga, acme)
    told_of(olga, beta)
    Relationship.objects.filter(pk=beta.pk).update(owner=make_user())
    olga = User.objects.get(pk=olga.pk)
    assert (unread(olga), unread_count(olga)) == (["Acme"], 1)
    assert newest_id(olga) == Notification.objects.get(subject_id=acme.pk).pk
    hidden = Notification.objects.get(subject_id=beta.pk)
    assert in_words(olga, [hidden]) == []
    with pytest.raises(Missing):
        mark_read(actor=olga, notification_ids=[hidden.pk], now=NOW)
    client = signed_in(olga)
    assert client.post(f"/notifications/{hidden.pk}/").status_code == 404
    assert client.post(f"/notifications/{hidden.pk}/reading/").status_code == 404
    Relationship.objects.filter(pk=beta.pk).update(owner=olga)
    assert unread(olga) == ["Beta", "Acme"]


def test_reading_one_and_all_of_one_s_own(olga: User) -> None:
    told_of(olga, *(make_firm(owner=olga, name=name) for name in ("Acme", "Beta", "Gamma")))
    first, second, third = Notification.objects.order_by("pk")
    other = make_user()
    with pytest.raises(Missing):
        mark_unread(actor=other, notification_ids=[first.pk])
    assert mark_read(actor=olga, notification_ids=[first.pk], now=NOW) == 1
    assert mark_read(actor=olga, notification_ids=[first.pk], now=NOW) == 0
    assert mark_unread(actor=olga, notification_ids=[first.pk]) == 1
    assert mark_all_read(actor=olga, now=NOW, up_to=second.pk) == 2
    assert unread(olga) == ["Gamma"]
    assert mark_all_read(actor=other, now=NOW, up_to=third.pk) == 0


def test_the_page_shows_the_unread_and_leads_on(olga: User) -> None:
    many = [make_firm(owner=olga, name=f"Firm {number:02}") for number in range(32)]
    for number, each in enumerate(many):
        tell(
            topic="assigned" if number % 2 else "handover",
            tellings=[Telling(olga.pk, "relationship", each.pk)],
            actor=None,
            now=NOW + timedelta(minutes=number),
        )
    client = signed_in(olga)
    page = client.get("/notifications/").content.decode()
    assert (page.count("Mark read"), "Firm 31" in page, "Firm 01" in page) == (30, True, False)
    link = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    after = client.get(link).content.decode()
    assert (after.count("Mark read"), "Firm 01" in after, 'rel="prev"' in after) == (2, True, True)
    assert client.get("/notifications/?topic=handover").content.decode().count("Mark read") == 16
    assert client.get("/notifications/?topic=weather").content.decode().count("Mark read") == 30
    assert "99" not in client.get("/notifications/bell/").content.decode()
    assert "32" in client.get("/notifications/bell/").content.decode()


def test_opening_one_marks_it_read_and_goes_there(olga: User) -> None:
    acme = make_firm(owner=olga, name="Acme")
    told_of(olga, acme)
    row = Notification.objects.get()
    client = signed_in(olga)
    answer = client.post(f"/notifications/{row.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/customers/{acme.pk}/")
    assert client.get("/notifications/bell/").content.strip() == b""
    assert "Nothing unread" in client.get("/notifications/").content.decode()
    client.post(f"/notifications/{row.pk}/reading/", {"unread": "1"})
    assert unread_count(olga) == 1
    client.post(f"/notifications/{row.pk}/reading/")
    assert unread_count(olga) == 0
    client.post(f"/notifications/{row.pk}/reading/", {"unread": "1"})
    assert client.post("/notifications/reading/", {"newest": "x"}).status_code == 302
    assert unread_count(olga) == 1
    client.post("/notifications/reading/", {"newest": str(row.pk)})
    assert unread_count(olga) == 0
    assert "Mark unread" in client.get("/notifications/?show=all").content.decode()


def test_the_centre_says_what_would_be_there_and_what_does_not_fit(olga: User) -> None:
    client = signed_in(olga)
    assert "Nothing yet" in client.get("/notifications/?show=all").content.decode()
    assert "No such notifications" in client.get("/notifications/?topic=mention").content.decode()
    part = client.get("/notifications/", headers={"HX-Request": "true"}).content.decode()
    assert ("Nothing unread" in part, "<html" in part) == (True, False)


def test_each_topic_goes_its_usual_way_until_somebody_chooses(olga: User) -> None:
    acme = make_firm(owner=olga)
    choice = choice_of(olga)
    assert [channel_of(choice, topic) for topic in ("assigned", "handover", "alert")] == [
        Channel.CENTRE,
        Channel.MAIL,
        Channel.DIGEST,
    ]
    given = NotificationChoice(channels={"assigned": "none", "handover": "mail", "weather": "mail"})
    assert choose_channels(actor=olga, given=given, now=NOW).channels == {"assigned": "none"}
    assert (told_of(olga, acme), told_of(olga, acme, topic="handover")) == (0, 1)
    assert Notification.objects.get().mail_due_at == NOW


def test_a_mail_that_waits_follows_what_is_chosen_anew(olga: User) -> None:
    told_of(olga, make_firm(owner=olga), topic="alert")
    row = Notification.objects.get()
    assert row.mail_due_at == NOW.replace(hour=8) + timedelta(days=1)
    choose_channels(actor=olga, given=NotificationChoice(digest_at=time(17, 30)), now=NOW)
    row.refresh_from_db()
    assert row.mail_due_at == NOW.replace(hour=17, minute=30)
    choose_channels(actor=olga, given=NotificationChoice(channels={"alert": "centre"}), now=NOW)
    row.refresh_from_db()
    assert row.mail_due_at is None
    with pytest.raises(Invalid) as refused:
        choose_channels(actor=olga, given=NotificationChoice(quiet_from=None), now=NOW)
    assert list(refused.value.errors) == ["quiet_from"]


def test_the_page_of_channels_keeps_what_is_chosen(olga: User) -> None:
    client: Client = signed_in(olga)
    page = client.get("/settings/notifications/").content.decode()
    assert ("A relationship is yours now" in page, 'value="08:00"' in page) == (True, True)
    given = {f"topic_{topic.key}": str(topic.usual) for topic in registry.topics()}
    given |= {"digest_at": "18:15", "quiet_from": "", "quiet_until": "", "topic_assigned": "digest"}
    assert client.post("/settings/notifications/", given).status_code == 302
    kept = NotificationChoice.objects.get()
    assert (kept.channels, kept.digest_at, kept.quiet_from) == ({"assigned": "digest"}, time(18, 15), None)
    answer = client.post("/settings/notifications/", {**given, "quiet_from": "20:00"})
    assert (answer.status_code, "Say when they begin and when they end." in answer.content.decode()) == (
        422,
        True,
    )
    answer = client.post("/settings/notifications/", {**given, "quiet_until": "07:00"})
    assert answer.status_code == 422
    assert client.get("/settings/reminders/").headers["Location"] == "/settings/notifications/"


def test_the_api_tells_the_same_and_marks_as_read(olga: User) -> None:
    told_of(olga, make_firm(owner=olga, name="Acme"), topic="handover")
    told_of(olga, make_firm(owner=olga, name="Beta"))
    client = ApiClient(olga, ["notifications:write"])
    first, second = client.call("get", "notifications/").json()["results"]
    assert (first["title"], first["topic"], first["words"], first["read_at"]) == (
        "Beta",
        "assigned",
        "A relationship is yours now",
        None,
    )
    assert client.call("get", "notifications/unread/").json() == {"unread": 2, "newest": first["id"]}
    said = {"notifications": [first["id"]]}
    assert client.call("post", "notifications/readings/", said).status_code == 204
    unread_ones = client.call("get", "notifications/?unread=yes").json()["results"]
    assert [each["id"] for each in unread_ones] == [second["id"]]
    assert client.call("post", "notifications/readings/", {**said, "unread": True}).status_code == 204
    assert client.call("get", "notifications/?topic=handover").json()["results"][0]["title"] == "Acme"
    assert client.call("get", "notifications/unread/").json()["unread"] == 2
    assert (
        client.call("post", "notifications/readings/", {"notifications": [first["id"], 999]}).status_code
        == 404
    )
    assert ApiClient(olga, ["health:read"]).call("get", "notifications/").status_code == 403


def test_the_api_keeps_how_somebody_wants_to_be_told(olga: User) -> None:
    client, here = ApiClient(olga, ["notifications:write"]), "notifications/preferences/"
    read = client.call("get", here)
    told = read.json()
    assert (told["digest_at"], told["quiet_from"], told["channels"]["handover"]) == (
        "08:00:00",
        "20:00:00",
        "mail",
    )
    assert list(told["channels"]) == [topic["key"] for topic in told["topics"]]
    assert {topic["key"]: topic["usual"] for topic in told["topics"]} == told["channels"]
    said = {"channels": {"handover": "none"}, "digest_at": "18:15"}
    assert client.call("patch", here, said).status_code == 428
    changed = client.call("patch", here, said, If_Match=read.headers["ETag"])
    assert (changed.json()["channels"]["handover"], changed.json()["digest_at"]) == ("none", "18:15:00")
    kept = NotificationChoice.objects.get(user=olga)
    assert (kept.channels, kept.digest_at, kept.quiet_from) == ({"handover": "none"}, time(18, 15), time(20))
    assert client.call("patch", here, said, If_Match=read.headers["ETag"]).status_code == 412
    assert client.call("get", here).headers["ETag"] == changed.headers["ETag"]
    for body, field in (
        ({"quiet_from": None}, "quiet_from"),
        ({"quiet_until": None}, "quiet_until"),
        ({"channels": {"weather": "mail"}}, "channels.weather"),
        ({"channels": {"handover": "pigeon"}}, "channels.handover"),
        ({"digest_at": None}, "digest_at"),
    ):
        refused = client.call("patch", here, body, If_Match="*")
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    off = client.call("patch", here, {"quiet_from": None, "quiet_until": None}, If_Match="*").json()
    assert (off["quiet_from"], off["channels"]["handover"]) == (None, "none")
    assert told_of(olga, make_firm(owner=olga), topic="handover") == 0
    assert ApiClient(make_user()).call("get", here).json()["channels"]["handover"] == "mail"
    reader = ApiClient(olga, ["notifications:read"])
    assert reader.call("patch", here, said, If_Match="*").status_code == 403
