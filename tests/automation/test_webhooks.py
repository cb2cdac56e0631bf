"""Webhooks: signed as the standard says, once per id, in order for each thing, tried again, and never let in."""

import json
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from accounts.models import AuditEntry, RoleGrant, User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.workspace import ensure_workspace
from automation.enums import DeliveryState
from automation.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.operations.passing_on import forget_old, pass_events_on
from automation.operations.sending import RETRY_AFTER, send_due
from automation.operations.webhooks import (
    create_endpoint,
    edit_endpoint,
    ping_endpoint,
    remove_endpoint,
    replay_delivery,
    replay_since,
    rotate_secret,
    switch_endpoint,
)
from automation.queries.webhooks import body_now, calls_of, delivery_of, endpoints_of, log_of
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxMessage
from messaging.operations.notification_mails import mail_due
from relationships.models import Relationship
from relationships.operations.follow_ups import plan_follow_up
from tests.automation.conftest import Receiver
from tests.factories import NOW, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def viewer() -> User:
    ensure_workspace(now=NOW)
    return make_user("administrator")


def listen(viewer: User, receiver: Receiver, **given: Any) -> tuple[WebhookEndpoint, str]:
    pass_events_on(now=NOW)  # the reader begins
    return create_endpoint(
        actor=viewer, **({"owner": viewer, "url": receiver.url, "now": NOW - MINUTE} | given)
    )


def talk(viewer: User, *, at: Any = NOW, of: Relationship | None = None) -> Relationship:
    relationship = of or make_relationship(owner=viewer)
    make_interaction(relationship, actor=viewer, happened_at=at - MINUTE, now=at)
    return relationship


def arrived(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in receiver.calls]


def test_an_event_arrives_signed_as_the_public_library_expects(viewer: User, receiver: Receiver) -> None:
    endpoint, secret = listen(viewer, receiver, verbs=["interaction_logged"])
    relationship = talk(viewer)
    assert pass_events_on(now=NOW) > 0
    assert send_due(now=NOW) == 1
    (headers, body) = receiver.calls[0]
    with time_machine.travel(NOW, tick=False):
        told = Webhook(secret).verify(body, headers)
    delivery = WebhookDelivery.objects.get()
    assert told == json.loads(body)
    assert told["type"] == "interaction_logged"
    assert told["data"]["relationship"] == {"id": relationship.pk, "kind": "customers"}
    assert told["data"]["party"] == {"id": relationship.party_id, "name": relationship.party.name}
    assert told["data"]["subject"]["type"] == "interaction"
    assert headers["webhook-id"] == f"evt_{delivery.event_id}"
    assert headers["content-type"] == "application/json"
    assert delivery.state == DeliveryState.DELIVERED
    (call,) = calls_of(delivery)
    assert (call.status, call.excerpt, call.problem) == (200, "thanks", "")
    assert secret not in str(list(endpoint.secrets.values()))


def test_a_receiver_that_was_down_for_an_hour_gets_everything_once_and_in_order(
    viewer: User, receiver: Receiver
) -> None:
    listen(viewer, receiver, verbs=["interaction_logged", "follow_up_planned"])
    relationships = [make_relationship(owner=viewer) for _ in range(3)]
    receiver.status = 503
    clock = NOW
    while clock < NOW + timedelta(hours=1):
        for each in relationships:
            talk(viewer, at=clock, of=each)
            due = clock.date() + timedelta(days=5)
            plan_follow_up(actor=viewer, relationship=each, what="Ask", due_date=due, now=clock)
        pass_events_on(now=clock)
        send_due(now=clock)
        clock += timedelta(minutes=20)
    assert WebhookDelivery.objects.filter(state=DeliveryState.DELIVERED).count() == 0
    receiver.status, receiver.calls = 200, []
    while WebhookDelivery.objects.exclude(state=DeliveryState.DELIVERED).exists():
        assert clock < NOW + timedelta(hours=4)
        send_due(now=clock)
        clock += timedelta(minutes=5)
    ids = [headers["webhook-id"] for headers, _body in receiver.calls]
    assert sorted(ids) == sorted(
        {f"evt_{pk}" for pk in WebhookDelivery.objects.values_list("event", flat=True)}
    )
    assert len(ids) == 3 * 3 * 2
    by_thing = defaultdict(list)
    for told in arrived(receiver):
        by_thing[told["data"]["relationship"]["id"]].append(told["data"]["event"])
    assert all(events == sorted(events) for events in by_thing.values())
    assert len(by_thing) == 3


def test_a_thing_waits_for_its_own_line_and_for_no_other(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, verbs=["interaction_logged"])
    first = talk(viewer)
    talk(viewer, of=first)
    receiver.status = 500
    pass_events_on(now=NOW)
    assert send_due(now=NOW) == 1  # the second of the same waits behind the first
    receiver.status = 200
    other = talk(viewer)
    pass_events_on(now=NOW)
    assert send_due(now=NOW) == 1
    assert arrived(receiver)[-1]["data"]["relationship"]["id"] == other.pk


def test_waits_grow_as_the_standard_says_and_end(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    receiver.status = 500
    clock = NOW
    for wait in RETRY_AFTER:
        assert send_due(now=clock) == 1
        delivery = WebhookDelivery.objects.get()
        assert clock + wait <= delivery.due_at <= clock + wait * 1.2
        clock = delivery.due_at
        assert send_due(now=clock - timedelta(seconds=1)) == 0
    assert send_due(now=clock) == 1
    assert WebhookDelivery.objects.get().state == DeliveryState.FAILED
    assert WebhookAttempt.objects.count() == len(RETRY_AFTER) + 1


def test_a_receiver_may_ask_for_more_time(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
    send_due(now=NOW)
    assert WebhookDelivery.objects.get().due_at == NOW + timedelta(hours=1)


def test_one_that_cannot_be_reached_is_asked_once_a_run(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver, verbs=["interaction_logged"])
    for _ in range(3):
        talk(viewer)
    receiver.server.server_close()
    pass_events_on(now=NOW)
    assert send_due(now=NOW) == 1
    call = WebhookAttempt.objects.get()
    assert call.status is None
    assert call.problem.startswith("The connection failed")
    endpoint.refresh_from_db()
    assert endpoint.failing_since == NOW


def test_days_of_failure_switch_it_off_and_its_owner_is_told(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver, verbs=["interaction_logged"])
    receiver.status = 500
    for day in (0, 5):
        talk(viewer, at=NOW + timedelta(days=day))
        pass_events_on(now=NOW + timedelta(days=day))
        send_due(now=NOW + timedelta(days=day))
    endpoint.refresh_from_db()
    assert (endpoint.end_reason, endpoint.ended_at) == ("failing", NOW + timedelta(days=5))
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {DeliveryState.FAILED}
    mail_due(now=NOW + timedelta(days=5))
    letter = OutboxMessage.objects.get()
    assert letter.to == [viewer.email]
    assert f"/settings/webhooks/{endpoint.pk}/" in letter.body_text
    receiver.status, receiver.calls = 200, []
    later = NOW + timedelta(days=6)
    switch_endpoint(actor=viewer, endpoint=endpoint, is_on=True, now=later)
    assert replay_since(actor=viewer, endpoint=endpoint, since=NOW - MINUTE, now=later) == 2
    send_due(now=later)
    assert len(receiver.calls) == 2


def test_gone_for_good_is_believed_and_told_to_who_made_it_for_a_program(
    viewer: User, receiver: Receiver
) -> None:
    program = create_service_account(actor=viewer, name="Warehouse", now=NOW)
    RoleGrant.objects.create(user=program, role="api_client", granted_at=NOW, granted_by=viewer)
    endpoint, _secret = listen(viewer, receiver, owner=program, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    receiver.status = 410
    send_due(now=NOW)
    endpoint.refresh_from_db()
    assert endpoint.end_reason == "gone"
    mail_due(now=NOW)
    assert OutboxMessage.objects.get().to == [viewer.email]


def test_both_secrets_sign_for_a_day_after_a_rotation(viewer: User, receiver: Receiver) -> None:
    endpoint, old = listen(viewer, receiver)
    new = rotate_secret(actor=viewer, endpoint=endpoint, now=NOW)
    for hours, good in ((1, [old, new]), (25, [new])):
        at = NOW + timedelta(hours=hours)
        ping_endpoint(actor=viewer, endpoint=endpoint, now=at)
        send_due(now=at)
        headers, body = receiver.calls[-1]
        assert len(headers["webhook-signature"].split()) == len(good)
        with time_machine.travel(at, tick=False):
            for secret in good:
                assert Webhook(secret).verify(body, headers)["type"] == "ping"
    rotate_secret(actor=viewer, endpoint=endpoint, now=at)
    assert endpoint.secrets.count() == 2  # the first is forgotten


def test_a_trial_call_is_made_once(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver)
    receiver.status = 500
    ping_endpoint(actor=viewer, endpoint=endpoint, now=NOW)
    assert send_due(now=NOW) == 1
    assert WebhookDelivery.objects.get().state == DeliveryState.FAILED


def test_only_what_the_owner_may_see_is_told_and_logged(viewer: User, receiver: Receiver) -> None:
    owner = make_user("representative")
    endpoint, _secret = listen(owner, receiver, verbs=["interaction_logged"])
    own = make_relationship(owner=owner)
    talk(viewer)
    talk(viewer, of=own)
    pass_events_on(now=NOW)
    send_due(now=NOW)
    assert [told["data"]["relationship"]["id"] for told in arrived(receiver)] == [own.pk]
    hidden = WebhookDelivery.objects.get(state=DeliveryState.WITHHELD)
    assert [each.event.relationship_id for each in log_of(owner, endpoint)] == [own.pk]
    with pytest.raises(Missing):
        delivery_of(owner, hidden.pk)
    with pytest.raises(Missing):
        replay_delivery(actor=owner, delivery=hidden, now=NOW)
    RoleGrant.objects.filter(user=owner).update(ended_at=NOW, ended_by=viewer)
    later = User.objects.get(pk=owner.pk)
    assert list(log_of(later, endpoint)) == []


def test_what_is_not_theirs_any_more_when_it_is_sent_is_withheld(viewer: User, receiver: Receiver) -> None:
    owner = make_user("representative")
    listen(owner, receiver, verbs=["interaction_logged"])
    own = make_relationship(owner=owner)
    talk(viewer, of=own)
    pass_events_on(now=NOW)
    Relationship.objects.filter(pk=own.pk).update(owner=viewer)
    assert send_due(now=NOW) == 1
    assert receiver.calls == []
    assert body_now(WebhookDelivery.objects.get(), viewer) == ""


def test_areas_kinds_and_events_narrow_what_is_told(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, areas=["health"])
    listen(viewer, receiver, kinds=["suppliers"])
    talk(viewer)
    talk(viewer, of=make_relationship(kind="suppliers", owner=viewer))
    pass_events_on(now=NOW)
    told = WebhookDelivery.objects.values_list("event__relationship__kind", flat=True)
    assert set(told) == {"suppliers"}


def test_nothing_from_before_it_was_there_is_told_until_asked_for(viewer: User, receiver: Receiver) -> None:
    relationship = talk(viewer, at=NOW - timedelta(days=2))
    endpoint, _secret = listen(viewer, receiver, verbs=["interaction_logged"], now=NOW - timedelta(days=1))
    talk(viewer, of=relationship)
    pass_events_on(now=NOW)
    assert WebhookDelivery.objects.count() == 1
    send_due(now=NOW)
    assert replay_since(actor=viewer, endpoint=endpoint, since=NOW - timedelta(days=3), now=NOW) == 2
    send_due(now=NOW)
    assert len(receiver.calls) == 3
    with pytest.raises(Invalid):
        replay_since(actor=viewer, endpoint=endpoint, since=NOW - timedelta(days=31), now=NOW)


def test_one_delivery_is_sent_again_under_its_id(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    with pytest.raises(Conflict):
        replay_delivery(actor=viewer, delivery=WebhookDelivery.objects.get(), now=NOW)
    send_due(now=NOW)
    replay_delivery(actor=viewer, delivery=WebhookDelivery.objects.get(), now=NOW)
    send_due(now=NOW)
    ids = [headers["webhook-id"] for headers, _body in receiver.calls]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_switching_off_gives_up_what_waits(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    switch_endpoint(actor=viewer, endpoint=endpoint, is_on=False, now=NOW)
    assert send_due(now=NOW) == 0
    assert WebhookDelivery.objects.get().state == DeliveryState.FAILED
    with pytest.raises(Conflict):
        switch_endpoint(actor=viewer, endpoint=endpoint, is_on=False, now=NOW)
    with pytest.raises(Conflict):
        ping_endpoint(actor=viewer, endpoint=endpoint, now=NOW)


def test_a_claim_lost_in_a_crash_is_made_again(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver)
    delivery = ping_endpoint(actor=viewer, endpoint=endpoint, now=NOW)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state="sending", claimed_at=NOW)
    assert send_due(now=NOW + timedelta(minutes=9)) == 0
    assert send_due(now=NOW + timedelta(minutes=11)) == 1


def test_whoever_does_not_look_after_it_knows_nothing_of_it(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver)
    other = make_user("administrator")
    assert list(endpoints_of(other)) == []
    for change in (rotate_secret, ping_endpoint, remove_endpoint):
        with pytest.raises(Missing):
            change(actor=other, endpoint=endpoint, now=NOW)
    with pytest.raises(NotAllowed):
        listen(other, receiver, owner=viewer)
    program = create_service_account(actor=viewer, name="Warehouse", now=NOW)
    with pytest.raises(NotAllowed):
        listen(make_user("representative"), receiver, owner=program)


def test_what_is_wrong_is_named(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver)
    given = {"url": "ftp://a.example", "areas": [], "verbs": ["none"], "kinds": ["none"]}
    with pytest.raises(Invalid) as refusal:
        edit_endpoint(actor=viewer, endpoint=endpoint, now=NOW, description="x" * 201, **given)
    assert set(refusal.value.errors) == {"url", "description", "areas", "verbs", "kinds"}
    with pytest.raises(Invalid) as refusal:
        edit_endpoint(
            actor=viewer, endpoint=endpoint, now=NOW, description="", **given | {"url": receiver.url}
        )
    assert set(refusal.value.errors) == {"areas", "verbs", "kinds"}


def test_changes_and_removal_are_on_the_record(viewer: User, receiver: Receiver) -> None:
    endpoint, _secret = listen(viewer, receiver)
    told = {"url": receiver.url, "areas": ["health"], "verbs": [], "kinds": []}
    edited = edit_endpoint(actor=viewer, endpoint=endpoint, now=NOW, description="Ours", **told)
    assert (str(edited), edited.areas, edited.version) == ("Ours", ["health"], 2)
    remove_endpoint(actor=viewer, endpoint=endpoint, now=NOW)
    assert list(endpoints_of(viewer)) == []
    verbs = AuditEntry.objects.filter(subject_type="webhook_endpoint").values_list("verb", flat=True)
    assert set(verbs) == {"webhook_created", "webhook_changed", "webhook_removed"}


def test_the_log_goes_back_thirty_days(viewer: User, receiver: Receiver) -> None:
    listen(viewer, receiver, verbs=["interaction_logged"])
    talk(viewer)
    pass_events_on(now=NOW)
    send_due(now=NOW)
    assert forget_old(now=NOW + timedelta(days=29)) == 0
    assert forget_old(now=NOW + timedelta(days=31)) == 1
