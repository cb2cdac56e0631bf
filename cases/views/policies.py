"""What we owe by when: as everybody reads it, and as it is changed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import holds_everywhere, require
from cases.enums import CaseSeverity, ClockType
from cases.forms import PolicyForm, hours_words
from cases.models import SlaPolicy
from cases.operations.policies import change_policy, target_name
from cases.queries.policies import minutes_of, policies
from core.forms import carry_out
from core.http import Toast, done

HERE = "/cases/targets/"
CLOCKS = [label for _value, label in ClockType.choices]


@login_required
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """The version that holds, and those before it."""
    held, *past = policies()
    context = {
        "held": _shown(held),
        "past": [_shown(policy) for policy in past],
        "clocks": CLOCKS,
        "may": holds_everywhere(viewer_of(request), Permission.MANAGE_WORKSPACE),
    }
    return render(request, "cases/targets.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def targets_edit(request: HttpRequest) -> HttpResponse:
    """Lets other targets hold."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = PolicyForm(request.POST or None, initial=_initial())
    if request.method == "POST" and form.is_valid():
        given = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
        changed = carry_out(
            form, change_policy, actor=viewer, targets=form.targets, now=timezone.now(), **given
        )
        if changed:
            return done(
                request, to=HERE, toast=Toast(_("What we owe holds as version %d.") % changed.version)
            )
    context = {"form": form, "clocks": CLOCKS}
    return render(request, "cases/targets_edit.html", context, status=422 if form.errors else 200)


def _initial() -> dict[str, Any]:
    held = policies()[0]
    times = {target_name(*each): minutes for each, minutes in minutes_of(held).items()}
    return {"version": held.version, **times}


def _shown(policy: SlaPolicy) -> dict[str, Any]:
    minutes = minutes_of(policy)
    rows = [
        (CaseSeverity(severity).label, [hours_words(minutes[severity, clock]) for clock in ClockType.values])
        for severity in reversed(CaseSeverity.values)
    ]
    return {"policy": policy, "rows": rows}
