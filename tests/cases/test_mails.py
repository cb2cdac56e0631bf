"""Answers by mail: they count when they leave, in the name and with the rights of who wrote them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import RoleGrant, User
from accounts.operations.workspace import Workspace
from cases.models import Case, MailedAnswer
from cases.operations.questions import move_question, note_question
from cases.queries.questions import unanswered_in
from core.refusals import Invalid
from messaging.models import Notification, OutboxMessage, OutgoingMail
from messaging.operations.outbox import send_due
from messaging.operations.outgoing_mail import UNDO_WINDOW, take_back
from relationships.models import Commitment, Event, Interaction
from relationships.operations.contact_points import add_contact_point
from tests.api import ApiClient
from tests.doors import words_of
from tests.factories import NOW, make_case, make_mail, make_person, make_relationship, make_user
from tests.messaging.conftest import Post

pytestmark = pytest.mark.django_db
GONE = NOW + UNDO_WINDOW


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user(name="Olive Owner")


@pytest.fixture
def case(owner: User) -> Case:
    return make_case(
        make_relationship(owner=owner), actor=owner, type="question", now=NOW - timedelta(hours=1)
    )


def open_clocks(case: Case) -> set[str]:
    return {clock.type for clock in case.clocks.all() if clock.is_open}


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="cases.mail").order_by("pk").values_list("verb", flat=True)
    )


def test_an_answer_counts_when_it_leaves(case: Case) -> None:
    mail = make_mail(case, promise="Send new ones", promise_due_date=NOW.date())
    assert (case.messages.count(), Commitment.objects.count()) == (1, 0)
    assert open_clocks(case) == {"acknowledge", "first_response", "resolution"}
    send_due(now=GONE)
    message = case.messages.get(sort="ours")
    assert (message.text, message.at, message.actor) == ("New ones come.", GONE, case.owner)
    assert (message.talk.channel, MailedAnswer.objects.get(mail=mail).message) == ("email", message)
    assert (open_clocks(case), Commitment.objects.get().made_in) == ({"resolution"}, message.talk)
    assert verbs() == ["cases.mail_written"]


def test_a_mail_settles_the_questions_that_were_ticked_and_still_wait_when_it_leaves(case: Case) -> None:
    given: dict[str, Any] = {"actor": case.owner, "now": NOW}
    when, why, where = [note_question(case=case, text=text, **given) for text in ("When?", "Why?", "Where?")]
    make_mail(case, answers=[when, why])
    move_question(question=why, transition="rule_out", reason="Nobody knows.", **given)
    with pytest.raises(Invalid, match="does not wait"):
        make_mail(case, answers=[why])
    assert [question.pk for question in unanswered_in(case)] == [when.pk, where.pk]
    send_due(now=GONE)
    for question in (when, why, where):
        question.refresh_from_db()
    assert [(each.state, each.answered_in) for each in (when, why, where)] == [
        ("answered", case.messages.get(sort="ours")),
        ("impossible", None),
        ("open", None),
    ]


def test_an_answer_that_is_taken_back_was_never_given(case: Case) -> None:
    mail = make_mail(case)
    take_back(actor=case.owner, mail_id=mail.pk, now=NOW)
    send_due(now=GONE)
    assert (case.messages.count(), Interaction.objects.filter(direction="out").count()) == (1, 0)
    assert "first_response" in open_clocks(case)
    assert verbs() == ["cases.mail_written", "cases.mail_taken_back"]


def test_who_may_answer_no_longer_when_it_leaves_sends_nothing(case: Case) -> None:
    writer = make_user(name="Wanda")
    mail = make_mail(case, actor=writer)
    RoleGrant.objects.filter(user=writer).delete()
    assert send_due(now=GONE) == 1
    mail.outbox.refresh_from_db()
    assert (mail.outbox.state, mail.outbox.deliveries.get().outcome) == ("stopped", "stopped")
    assert mail.outbox.deliveries.get().detail == "There is no such case."
    assert (case.messages.count(), verbs()[-1]) == (1, "cases.mail_failed")
    told = Notification.objects.filter(topic="case_mail_failed")
    assert sorted(told.values_list("user", flat=True)) == [case.owner_id, writer.pk]


def test_whoever_looks_after_a_case_hears_of_an_answer_that_nobody_got(
    case: Case, post: Post, settings: Settings
) -> None:
    settings.SMTP_URL = post.url
    post.to_recipient = {"ana@brightwater.example": "550 5.1.1 No such user"}
    make_mail(case)
    send_due(now=GONE)
    assert Notification.objects.filter(topic="case_mail_failed", user=case.owner).count() == 1


def test_an_answer_is_begun_on_the_page_of_the_case_shown_with_its_recipients_and_sent(
    client: Client, owner: User
) -> None:
    relationship = make_relationship(owner=owner)
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    given = {"actor": owner, "party": ana, "kind": "email", "now": NOW}
    for value in ("old@b.example", "ana@b.example"):
        point = add_contact_point(**given, value=value)
    ana.contact_points.filter(value="old@b.example").update(do_not_use_since=NOW, is_preferred=False)
    assert point.value == "ana@b.example"
    case = make_case(relationship, actor=owner, person=ana, body="When do new ones come? Who pays?")
    monday, pays = unanswered_in(case)
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        here, page = f"/cases/{case.pk}/mails/", f"/cases/{case.pk}/"
        assert f'formaction="{here}"' in client.get(page).content.decode()
        composed = {"sort": "ours", "body": "They come on Monday.", "promise": "x", "answers": [monday.pk]}
        begun = client.post(here, composed)
        shown = begun.content.decode()
        assert (begun.status_code, OutgoingMail.objects.count()) == (200, 0)
        assert ('value="ana@b.example"' in shown, "They come on Monday." in shown) == (True, True)
        assert (f"[{case.ref}]" in shown, shown.count(" checked")) == (True, 1)
        said = {"to": "ana@b.example; bo@b.example", "cc": "cy@b.example", "body": "Monday."}
        said["answers"] = str(monday.pk)
        wrong = client.post(here, said | {"cc": "nobody", "mail_key": "k"})
        assert (wrong.status_code, "is not an e-mail address" in words_of(wrong)) == (422, True)
        for _ in range(2):
            sent = client.post(here, said | {"mail_key": "k"})
            assert (sent.status_code, sent["Location"]) == (302, f"{page}#composer")
        mail = OutgoingMail.objects.get()
        held = words_of(client.get(page))
        assert [words in held for words in ("bo@b.example", "cy@b.example", "Take it back")] == [True] * 3
    send_due(now=GONE)
    with time_machine.travel(GONE, tick=False):
        shown = words_of(client.get(page))
        assert ("cy@b.example: Kept on the sent mail page" in shown, "Take it back" in shown) == (True, False)
        next_one = client.get(here).content.decode()
        assert 'value="ana@b.example, bo@b.example"' in next_one
        assert 'value="cy@b.example"' in next_one
    mail.refresh_from_db()
    assert (mail.left_at, unanswered_in(case)) == (GONE, [pays])
    client.force_login(make_user("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(here).status_code == 403


def test_an_answer_goes_by_mail_through_the_api(case: Case, settings: Settings) -> None:
    client, here = ApiClient(case.owner), f"cases/{case.pk}/"
    said: dict[str, Any] = {"body": "Monday.", "to": ["ana@b.example"], "cc": ["bo@b.example"]}
    with time_machine.travel(NOW, tick=False):
        made = client.call("post", f"{here}mails/", said, Idempotency_Key="a").json()
        again = client.call("post", f"{here}mails/", said, Idempotency_Key="a").json()
        assert (made, made["state"], made["left_at"]) == (again, "queued", None)
        assert [row["outcome"] for row in made["outcomes"]] == ["held_back"] * 2
        back = client.call("post", f"outgoing-mails/{made['id']}/withdrawals/", {}).json()
        assert (back["state"], [row["outcome"] for row in back["outcomes"]]) == (
            "stopped",
            ["taken_back"] * 2,
        )
        again = client.call("post", f"outgoing-mails/{made['id']}/withdrawals/", {})
        assert again.status_code == 409
        later = said | {"send_at": (NOW + timedelta(days=1)).isoformat()}
        second = client.call("post", f"{here}mails/", later).json()
    send_due(now=NOW + timedelta(hours=23))
    assert case.messages.count() == 1
    send_due(now=NOW + timedelta(days=1))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        heard = client.call("get", f"{here}messages/").json()["results"]
        assert [(row["sort"], row["mail"]) for row in heard] == [("theirs", None), ("ours", second["id"])]
        listed = client.call("get", f"outgoing-mails/?about=case&about_id={case.pk}").json()["results"]
        assert [row["id"] for row in listed] == [second["id"], made["id"]]
        assert client.call("get", "outgoing-mails/?about=case&about_id=1&q=monday").json()["results"] == []
    OutboxMessage.objects.all().delete()  # as an erasure does with what somebody is named in
    assert (MailedAnswer.objects.count(), case.messages.count()) == (0, 2)
