"""Rules of retention: what is kept for how long, and what a rule would take now."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from oversight.forms.retention import RuleForm
from oversight.models import RetentionRule
from oversight.operations.retention import end_rule, set_rule
from oversight.queries.retention import due_seen, rules_in_force
from oversight.ui import due_line

HERE = "/administration/retention/"
MOST = 50


@login_required
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """The rules in force, and a new one."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = {"data": said["what"], "kind": said["kind"], "days": said["days"], "now": timezone.now()}
        rule = carry_out(form, set_rule, actor=viewer, **given)
        if rule:
            toast = Toast(_("From tomorrow on. Look at what it would take."))
            return done(request, to=f"{HERE}{rule.pk}/", toast=toast)
    context = {"rules": rules_in_force(), "form": form}
    return render(request, "oversight/retention.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def retention_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What a rule would take if it were carried out now."""
    viewer, now = viewer_of(request), timezone.now()
    rule = _rule(viewer, rule_id)
    due = due_seen(rule, viewer, now)
    lines = [due_line(rule.data, row) for row in due[:MOST]]
    context = {"rule": rule, "count": due.count(), "lines": lines}
    return render(request, "oversight/retention_rule.html", context)


@login_required
@require_POST
def retention_end(request: HttpRequest, rule_id: int) -> HttpResponse:
    """It is kept again."""
    viewer = viewer_of(request)
    end_rule(actor=viewer, rule=_rule(viewer, rule_id), now=timezone.now())
    return done(request, to=HERE, toast=Toast(_("Nothing more goes by this rule.")))


def _rule(viewer: User, rule_id: int) -> RetentionRule:
    require(viewer, Permission.MANAGE_WORKSPACE)
    rule = RetentionRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise Missing(_("There is no such rule."))
    return rule
