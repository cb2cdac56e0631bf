"""Limits, losses and leavers: what seldom happens to webhooks, rules and web forms."""

import socket
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.workspace import ensure_workspace
from automation.models import EventReader, RuleRun, SentForm, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.operations.addresses import Unreachable, checked_url, target_of
from automation.operations.calling import Answer
from automation.operations.intake import keep_sent, take_in_waiting
from automation.operations.passing_on import pass_events_on
from automation.operations.rules import create_rule, switch_rule
from automation.operations.running import run_waiting
from automation.operations.sending import _record, send_due
from automation.operations.web_forms import create_form
from automation.operations.webhooks import create_endpoint, ping_endpoint, replay_since
from automation.queries.rules import Act, Says, next_hour
from core.refusals import Conflict, Invalid
from messaging.models import Notification
from relationships.models import Event, Relationship
from relationships.operations.contact_points import add_contact_point
from tests.automation.conftest import Receiver
from tests.automation.pages import make_deliveries, make_endpoint, make_sent
from tests.automation.test_web_forms import draft
from tests.factories import NOW, make_interaction, make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    ensure_workspace(now=NOW)
    return make_user("relationship_manager")


def set_off(author: User, *acts: Act) -> tuple[str, list[str]]:
    """A rule with these acts meets one talk; gives what became of it."""
    says = Says("event", verbs=("interaction_logged",), acts=acts)
    rule = create_rule(actor=author, kind="customers", name="Try", says=says, now=NOW)
    pass_events_on(now=NOW)
    switch_rule(actor=author, rule=rule, is_on=True, now=NOW)
    make_interaction(make_relationship(owner=author), actor=author, now=NOW, happened_at=NOW)
    pass_events_on(now=NOW)
    WebhookEndpoint.objects.filter(description="gone").update(removed_at=NOW)
    run_waiting(now=NOW)
    run = RuleRun.objects.latest("pk")
    return run.state, run.told


def test_what_is_so_already_is_not_changed_again(author: User) -> None:
    stage = make_relationship().stage
    assert set_off(author, Act("stage", {"value": stage}))[0] == "done"
    assert not Event.objects.filter(verb="stage_changed").exists()


def test_a_webhook_that_was_taken_away_is_a_refusal(author: User) -> None:
    endpoint = make_endpoint(author, description="gone")
    state, told = set_off(author, Act("webhook", {"value": endpoint.pk}))
    assert (state, told[-1]) == ("refused", "The webhook is off, or not the author's any more.")


def test_an_event_that_a_webhook_hears_of_anyway_is_told_once(author: User) -> None:
    endpoint = make_endpoint(author, verbs=["interaction_logged"])
    assert set_off(author, Act("webhook", {"value": endpoint.pk}))[0] == "done"
    assert WebhookDelivery.objects.filter(endpoint=endpoint).count() == 1


def test_there_is_a_most_of_everything(
    author: User, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    for name in (
        "rules.MOST_RULES",
        "web_forms.MOST_FORMS",
        "webhooks.MOST_ENDPOINTS",
        "webhooks.MOST_REPLAYED",
    ):
        monkeypatch.setattr(f"automation.operations.{name}", 0)
    says = Says("daily", acts=(Act("follow_up", {"what": "Ask", "days": 1}),))
    with pytest.raises(Conflict):
        create_rule(actor=author, kind="customers", name="x", says=says, now=NOW)
    with pytest.raises(Conflict):
        create_form(actor=author, kind="customers", draft=draft(author), now=NOW)
    with pytest.raises(Conflict):
        create_endpoint(actor=author, owner=author, url=receiver.url, now=NOW)
    (delivery,) = make_deliveries(author, 1)
    with pytest.raises(Invalid):
        replay_since(actor=author, endpoint=delivery.endpoint, since=NOW - timedelta(days=1), now=NOW)


def test_a_run_makes_so_many_calls_and_reads_so_many_rounds(
    author: User, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    endpoint = make_endpoint(author, url=receiver.url)
    for _ in range(2):
        ping_endpoint(actor=author, endpoint=endpoint, now=NOW)
    assert send_due(now=NOW, limit=1) == 1
    pass_events_on(now=NOW)
    for _ in range(3):
        make_relationship(owner=author)
    waiting = Event.objects.filter(pk__gt=EventReader.objects.get().settled_id).count()
    monkeypatch.setattr("automation.operations.passing_on.MOST_AT_ONCE", 1)
    monkeypatch.setattr("automation.operations.passing_on.MOST_ROUNDS", 1)
    monkeypatch.setattr("automation.operations.reading.MOST_AT_ONCE", 1)
    assert (waiting > 1, pass_events_on(now=NOW)) == (True, 1)


def test_a_call_whose_claim_was_lost_is_not_written_down(author: User) -> None:
    (delivery,) = make_deliveries(author, 1)
    before = WebhookAttempt.objects.count()
    _record(delivery, Answer(200, "", "", 1), NOW)
    assert (WebhookAttempt.objects.count(), delivery.state) == (before, "waiting")


def test_nobody_is_told_where_whoever_made_it_has_left(receiver: Receiver) -> None:
    ensure_workspace(now=NOW)
    maker = make_user("administrator")
    program = create_service_account(actor=maker, name="Till", now=NOW)
    endpoint, _secret = create_endpoint(actor=maker, owner=program, url=receiver.url, now=NOW)
    receiver.status = 410
    ping_endpoint(actor=maker, endpoint=endpoint, now=NOW)
    User.objects.filter(pk=maker.pk).update(is_active=False, deactivated_at=NOW)
    send_due(now=NOW)
    endpoint.refresh_from_db()
    assert (endpoint.end_reason, Notification.objects.count()) == ("gone", 0)


def test_a_name_that_leads_nowhere_is_taken_and_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_args: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    assert checked_url(" https://nowhere.example/x ") == "https://nowhere.example/x"
    with pytest.raises(Unreachable):
        target_of("https://nowhere.example/x")


def test_an_hour_that_no_week_has_is_a_mistake_of_ours(author: User) -> None:
    with pytest.raises(ValueError, match="weekday 9"):
        next_hour(Says("weekly", weekday=9), NOW)


def test_somebody_of_another_sort_with_the_same_address_is_not_taken_up(author: User) -> None:
    unit = make_party(kind="internal_unit")
    add_contact_point(actor=author, party=unit, kind="email", value="desk@x.example", now=NOW)
    form = make_sent(author, 0)
    answers = {"name": "", "organisation": "Desk Ltd", "email": "desk@x.example"}
    told = {"answers": answers, "questions": [], "agreed": []}
    keep_sent(form=form, nonce="n", told=told, suspicion="", now=NOW)
    take_in_waiting(now=NOW)
    sent = SentForm.objects.get()
    assert (sent.state, sent.reason) == ("opened", "")
    assert Relationship.objects.get().party.name == "Desk Ltd"
