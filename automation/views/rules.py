"""Rules in the settings: the editor, what a rule would have done, and what it did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from automation.enums import Does
from automation.forms.rules import RuleEditor
from automation.models import AutomationRule
from automation.operations.checking import require_making
from automation.operations.rules import create_rule, edit_rule, switch_rule
from automation.operations.running import dry_run
from automation.queries import rules as queries
from core.http import Toast, done
from core.refusals import Invalid
from relationships import kinds
from relationships.permissions import kinds_with

LIST = "/settings/rules/"
DAYS = (1, 7, 30)


@login_required
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """Rules by name, and the kinds for which one can be made."""
    viewer = viewer_of(request)
    made_for = kinds_with(viewer, Permission.MANAGE_RELATIONSHIPS)
    context = {"rules": list(queries.rules_of(viewer)), "kinds": made_for}
    return render(request, "automation/rule_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """The editor, empty."""
    viewer, kind = viewer_of(request), request.GET.get("kind", "")
    require_making(viewer, kind)
    editor = RuleEditor(viewer=viewer, kind=kind, data=request.POST or None)
    if request.method == "POST" and not editor.is_arranging and editor.is_valid():
        name, says = editor.head.cleaned_data["name"], editor.says()
        try:
            rule = create_rule(actor=viewer, kind=kind, name=name, says=says, now=timezone.now())
        except Invalid as refusal:
            editor.tell(refusal.errors)
        else:
            toast = Toast(_("Kept, and off. See what it would have done, then switch it on."))
            return done(request, to=f"{LIST}{rule.pk}/", toast=toast)
    return _editor(request, editor, None)


@login_required
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """The editor, with what the rule says."""
    viewer = viewer_of(request)
    rule = queries.rule_of(viewer, rule_id)
    says = queries.said(queries.version_in_force(rule).says)
    editor = RuleEditor(viewer=viewer, kind=rule.kind, data=request.POST or None, name=rule.name, says=says)
    if request.method == "POST" and not editor.is_arranging and editor.is_valid():
        name, version = editor.head.cleaned_data["name"], _number(request.POST.get("version", ""))
        told = {"version": version, "name": name, "says": editor.says(), "now": timezone.now()}
        try:
            edit_rule(actor=viewer, rule=rule, **told)
        except Invalid as refusal:
            editor.tell(refusal.errors)
        else:
            return done(request, to=f"{LIST}{rule.pk}/", toast=Toast(_("Saved as a new version.")))
    return _editor(request, editor, rule)


def _editor(request: HttpRequest, editor: RuleEditor, rule: AutomationRule | None) -> HttpResponse:
    is_wrong = editor.data is not None and not editor.is_arranging
    context = {"editor": editor, "rule": rule, "acts": Does.choices}
    return render(request, "automation/rule_edit.html", context, status=422 if is_wrong else 200)


@login_required
@require_GET
def rule_detail(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What a rule says, its versions, and what became of it."""
    viewer = viewer_of(request)
    rule = queries.rule_of(viewer, rule_id)
    page = queries.runs_page(viewer, rule, request.GET.get("at", ""))
    here = f"{LIST}{rule.pk}/"
    context = {
        "rule": rule,
        "page": page,
        "next_url": f"{here}?at={page.next}" if page.next else "",
        "previous_url": f"{here}?at={page.previous}" if page.previous else "",
        "versions": rule.versions.select_related("made_by").order_by("-number")[:20],
        "says": queries.said(queries.version_in_force(rule).says),
        "is_own": rule.author_id == viewer.pk,
        "days": DAYS,
        "kind": kinds.registry.get(rule.kind),
    }
    return render(request, "automation/rule_detail.html", context)


@login_required
@require_GET
def rule_trial(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What it would have done; its author alone may see that, with whose eyes it looks."""
    viewer = viewer_of(request)
    rule = _own(viewer, rule_id)
    days = _number(request.GET.get("days", "7"))
    days = days if days in DAYS else DAYS[1]
    says = queries.said(queries.version_in_force(rule).says)
    trials = dry_run(rule=rule, says=says, days=days, now=timezone.now())
    context = {"rule": rule, "trials": trials, "days": days, "choices": DAYS, "says": says}
    return render(request, "automation/rule_trial.html", context)


@login_required
@require_POST
def rule_switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """On or off."""
    viewer = viewer_of(request)
    rule = queries.rule_of(viewer, rule_id)
    is_on = request.POST.get("on") == "1"
    switch_rule(actor=viewer, rule=rule, is_on=is_on, now=timezone.now())
    words = _("It acts on what happens from now on.") if is_on else _("It does nothing any more.")
    return done(request, to=f"{LIST}{rule.pk}/", toast=Toast(words))


def _own(viewer: User, rule_id: int) -> AutomationRule:
    rule = queries.rule_of(viewer, rule_id)
    if rule.author_id != viewer.pk:
        return queries.rule_of(viewer, 0)
    rule.author = viewer
    return rule


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
