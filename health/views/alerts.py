"""The inbox of alerts, what is done with one, and how often each rule was right."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from core.addresses import id_in
from core.forms import carry_out
from core.http import Toast, done, is_htmx
from core.refusals import Missing
from health.enums import AlertState, Rule
from health.forms.alerts import MOVE_FORMS, RetireForm
from health.models import Alert
from health.operations import alerts as operations
from health.queries import alerts as queries
from health.transitions import ALERT
from health.views.dialogs import Dialog, ask, back_of

INBOX = "/alerts/"
RULES = "/administration/alerts/"
CHANGED = {"alert:changed": True, "record:changed": True}
STATUSES = ("unsettled", *AlertState.values, "")


@login_required
@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The alerts about what the viewer owns, their team's, or everything that they may know of."""
    viewer = viewer_of(request)
    query = _query(request, viewer)
    page, lines = queries.inbox(viewer=viewer, query=query, cursor=request.GET.get("at", ""))
    context = {
        "query": query,
        "lines": lines,
        "page": page,
        "next_url": _url(query, at=page.next) if page.next else "",
        "previous_url": _url(query, at=page.previous) if page.previous else "",
        "whose": _whose(query, viewer),
        "tabs": _tabs(query),
        "rules": [{"value": rule, "label": rule.label, "chosen": rule == query.rule} for rule in Rule],
        "may_move": viewer.may(Permission.MANAGE_FOLLOW_UPS),
        "moves": {state: [move.name for move in ALERT.allowed(state)] for state in AlertState.values},
        "here": _url(query),
    }
    part = "#results" if is_htmx(request) else ""
    return render(request, f"health/alert_list.html{part}", context)


@login_required
@require_http_methods(["GET", "POST"])
def alert_move(request: HttpRequest, alert_id: int, name: str) -> HttpResponse:
    """Takes an alert through one move of its table; a move that wants words asks for them first."""
    viewer, now = viewer_of(request), timezone.now()
    alert = Alert.objects.visible_to(viewer).select_related("relationship").filter(pk=alert_id).first()
    move = next((move for move in ALERT.transitions if move.name == name), None)
    if alert is None or move is None:
        raise Missing(_("There is no such alert."))
    form = MOVE_FORMS[name](request.POST if request.method == "POST" else None)
    given = {"actor": viewer, "alert": alert, "now": now}
    if request.method == "POST" and form.is_valid() and _carry_out(name, form, **given):
        toast = Toast(alert.relationship.party_name, title=str(move.label))
        return done(request, to=back_of(request, INBOX), toast=toast, events=CHANGED)
    if name == "acknowledge":
        return HttpResponseNotAllowed(["POST"])
    ALERT.resolve(name, alert)
    label, fields = str(move.label), f"health/_alert_{name}_fields.html"
    dialog = Dialog(label, f"/alerts/{alert.pk}/transitions/{name}/", fields, label, back_of(request, INBOX))
    return ask(request, dialog, form)


def _carry_out(name: str, form: Any, **given: Any) -> Alert | None:
    data = form.cleaned_data
    if name == "acknowledge":
        return operations.acknowledge_alert(**given)
    if name == "act":
        return carry_out(form, operations.act_on_alert, **given, **data)
    return carry_out(form, operations.judge_alert, was_right=name == "confirm", **given, **data)


@login_required
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule with how often it was right, and the advice to retire one that is mostly wrong."""
    viewer = viewer_of(request)
    require(viewer, Permission.CONFIGURE_HEALTH)
    rules = queries.precisions(viewer=viewer)
    return render(request, "health/alert_rules.html", {"rules": rules})


@login_required
@require_http_methods(["GET", "POST"])
def rule_retire(request: HttpRequest, rule: str) -> HttpResponse:
    """Switches a rule off, with a reason."""
    viewer = viewer_of(request)
    require(viewer, Permission.CONFIGURE_HEALTH)
    if rule not in Rule:
        raise Missing(_("There is no such rule."))
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"rule": rule, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.retire_rule, actor=viewer, **given):
            return done(request, to=RULES, toast=Toast(_("%s retired.") % Rule(rule).label))
    title = _("Retire “%(rule)s”") % {"rule": Rule(rule).label}
    action = f"{RULES}{rule}/retirement/"
    fields = "health/_alert_retire_fields.html"
    return ask(request, Dialog(title, action, fields, _("Retire"), RULES, danger=True), form)


@login_required
@require_POST
def rule_reinstate(request: HttpRequest, rule: str) -> HttpResponse:
    """Lets a retired rule raise alerts again."""
    viewer = viewer_of(request)
    operations.reinstate_rule(actor=viewer, rule=rule, now=timezone.now())
    return done(request, to=RULES, toast=Toast(_("%s is in force again.") % Rule(rule).label))


def _query(request: HttpRequest, viewer: User) -> queries.AlertQuery:
    given = request.GET
    whose = given.get("whose", "mine")
    status, rule = given.get("status", "unsettled"), given.get("rule", "")
    return queries.AlertQuery(
        whose=whose if whose in ("mine", "team", "all") else "mine",
        status=status if status in STATUSES else "unsettled",
        rule=rule if rule in Rule else "",
        relationship_id=id_in(given.get("relationship", "")),
    )


def _url(query: queries.AlertQuery, **changed: str) -> str:
    given = {"whose": query.whose, "status": query.status, "rule": query.rule, **changed}
    if query.relationship_id:
        given["relationship"] = str(query.relationship_id)
    defaults = {"whose": "mine", "status": "unsettled", "rule": "", "at": ""}
    kept = {name: value for name, value in given.items() if value != defaults.get(name)}
    return f"{INBOX}?{urlencode(kept)}" if kept else INBOX


def _whose(query: queries.AlertQuery, viewer: User) -> list[dict[str, str]]:
    words = {"mine": _("Mine"), "team": _("My team"), "all": _("Everybody's")}
    if not viewer.current_team_ids():
        del words["team"]
    return [{"value": key, "label": label, "url": _url(query, whose=key)} for key, label in words.items()]


def _tabs(query: queries.AlertQuery) -> list[dict[str, Any]]:
    words = {"unsettled": _("To settle"), "open": _("New"), "acknowledged": _("Seen"), "acted": _("Acted on"),
             "confirmed": _("Were right"), "false_alarm": _("False alarms"), "": _("All")}  # fmt: skip
    return [
        {"label": label, "url": _url(query, status=key), "current": key == query.status}
        for key, label in words.items()
    ]
