"""The pages of automation with their rows, as `tests/pages.py` lists them."""

from collections.abc import Callable

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from automation.models import (
    AutomationRule,
    RuleRun,
    SentForm,
    WebForm,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from automation.operations.rules import create_rule
from automation.operations.signing import new_secret
from automation.operations.web_forms import Draft, create_form, switch_form
from automation.queries.rules import Act, Says
from relationships.models import Event
from tests.factories import NOW, make_interaction, make_relationship


def make_endpoint(owner: User, **given: object) -> WebhookEndpoint:
    """An endpoint that needs no lookup of its name."""
    told = {"url": "https://192.0.2.1/hook", "areas": ["relationships", "health", "trade"]}
    endpoint = WebhookEndpoint.objects.create(
        owner=owner, created_by=owner, created_at=NOW, listens_since=NOW, **told | given
    )
    new_secret(endpoint=endpoint, now=NOW)
    return endpoint


def make_deliveries(owner: User, rows: int) -> list[WebhookDelivery]:
    """As many deliveries of one endpoint, each with as many calls."""
    endpoint = make_endpoint(owner)
    made = []
    for _ in range(rows):
        relationship = make_relationship(owner=owner)
        make_interaction(relationship, actor=owner)
        event = Event.objects.filter(relationship=relationship).latest("pk")
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            event=event,
            thing=f"relationship:{relationship.pk}",
            created_at=NOW,
            due_at=NOW,
        )
        for _ in range(rows):
            WebhookAttempt.objects.create(delivery=delivery, at=NOW, took_ms=9, status=500, excerpt="no")
        made.append(delivery)
    return made


def _webhooks(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_endpoint(viewer)
    return "/settings/webhooks/"


def _webhook(viewer: User, rows: int) -> str:
    return f"/settings/webhooks/{make_deliveries(viewer, rows)[0].endpoint_id}/"


def _delivery(viewer: User, rows: int) -> str:
    return f"/settings/webhooks/deliveries/{make_deliveries(viewer, rows)[0].pk}/"


def _api_webhooks(viewer: User, rows: int) -> str:
    _webhooks(viewer, rows)
    return "/api/v1/webhooks/"


def _api_deliveries(viewer: User, rows: int) -> str:
    return f"/api/v1/webhooks/{make_deliveries(viewer, rows)[0].endpoint_id}/deliveries/"


def make_runs(author: User, rows: int, words: str = "Ask") -> AutomationRule:
    """A rule of somebody's that has acted on as many events."""
    ensure_workspace(now=NOW)
    says = Says("event", verbs=("interaction_logged",), acts=(Act("follow_up", {"what": words, "days": 1}),))
    rule = create_rule(actor=author, kind="customers", name="Ask them", says=says, now=NOW)
    for _ in range(rows):
        relationship = make_relationship(owner=author)
        make_interaction(relationship, actor=author)
        event = Event.objects.filter(relationship=relationship).latest("pk")
        RuleRun.objects.create(
            version=rule.versions.get(), event=event, relationship=relationship, occasion_at=NOW, state="done"
        )
    return rule


def _rules(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_runs(viewer, 0)
    return "/settings/rules/"


def _rule(part: str) -> Callable[[User, int], str]:
    return lambda viewer, rows: f"/settings/rules/{make_runs(viewer, rows).pk}/{part}"


def _api_rules(viewer: User, rows: int) -> str:
    _rules(viewer, rows)
    return "/api/v1/automation-rules/"


def _api_runs(viewer: User, rows: int) -> str:
    return f"/api/v1/automation-rules/{make_runs(viewer, rows).pk}/runs/"


def make_sent(author: User, rows: int, **given: object) -> WebForm:
    """An open form of somebody's by which that much came."""
    ensure_workspace(now=NOW)
    draft = Draft(
        name="Contact page",
        title="Write to us",
        thanks="Thanks.",
        asked={"name": "required", "email": "asked"},
        people=[author.pk],
        follow_up="Answer",
        follow_up_days=1,
    )
    made = create_form(actor=author, kind="customers", draft=draft, now=NOW)
    form = switch_form(actor=author, form=made, is_on=True, now=NOW)
    for number in range(rows):
        told = {"answers": {"name": f"Visitor {number}"}, "questions": [], "agreed": []}
        SentForm.objects.create(form=form, nonce=str(number), told=told, received_at=NOW, **given)
    return form


def _forms(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_sent(viewer, 0)
    return "/settings/forms/"


def _form(part: str) -> Callable[[User, int], str]:
    return lambda viewer, rows: f"/settings/forms/{make_sent(viewer, rows).pk}/{part}"


def _visitor(viewer: User, rows: int) -> str:
    return f"/forms/{make_sent(viewer, rows).public_id}/"


def _api_forms(viewer: User, rows: int) -> str:
    _forms(viewer, rows)
    return "/api/v1/web-forms/"


def _api_sent(viewer: User, rows: int) -> str:
    return f"/api/v1/web-forms/{make_sent(viewer, rows).pk}/sent/"


AUTOMATION_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_webhooks": _api_webhooks,
    "api_webhook_deliveries": _api_deliveries,
    "api_automation_rules": _api_rules,
    "api_rule_runs": _api_runs,
    "api_web_forms": _api_forms,
    "api_web_forms_sent": _api_sent,
    "rule": _rule(""),
    "rule_edit": _rule("change/"),
    "rule_trial": _rule("trial/"),
    "rules": _rules,
    "visitor_form": _visitor,
    "web_form": _form(""),
    "web_form_edit": _form("change/"),
    "web_forms": _forms,
    "webhook": _webhook,
    "webhook_delivery": _delivery,
    "webhooks": _webhooks,
}
