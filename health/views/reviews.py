"""Reviews: what is due, the frozen facts of one, and its way to a verdict."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from health.enums import ReviewState, ReviewVerdict
from health.forms.reviews import DecideForm, DiscussForm
from health.models import Review
from health.operations import reviews as operations
from health.queries.exit_impact import exit_impact
from health.queries.reviews import review_page, told
from health.transitions import REVIEW
from health.views.dialogs import Dialog, ask
from relationships.operations.access import require
from relationships.permissions import may_in
from relationships.queries.record import visible_relationship
from relationships.queries.relationship_list import today_of

WITH_WORDS: dict[str, Any] = {
    "discuss": (DiscussForm, operations.discuss_review),
    "decide": (DecideForm, operations.decide_review),
}
AT_ONCE = {
    "prepare": operations.prepare_review,
    "run": operations.run_review,
    "close": operations.close_review,
}


@login_required
@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """The reviews of what the viewer owns, of their team, or of all that they may know of."""
    viewer, given = viewer_of(request), request.GET
    whose = given.get("whose", "mine") if given.get("whose") in ("team", "all") else "mine"
    status = given.get("status", "open")
    status = status if status in (*ReviewState.values, "") else "open"
    page = review_page(viewer=viewer, whose=whose, status=status, cursor=given.get("at", ""))
    words = {"open": _("Open"), **{str(each): each.label for each in ReviewState}, "": _("All")}
    sides = {"mine": _("Mine"), "team": _("My team"), "all": _("Everybody's")}
    if not viewer.current_team_ids():
        del sides["team"]
    context = {
        "page": page,
        "whose": whose,
        "status": status,
        "here": f"/reviews/?whose={whose}&status={status}",
        "tabs": [
            {"label": label, "url": f"/reviews/?whose={whose}&status={key}", "current": key == status}
            for key, label in words.items()
        ],
        "sides": [
            {"value": key, "label": label, "url": f"/reviews/?whose={key}&status={status}"}
            for key, label in sides.items()
        ],
    }
    return render(request, "health/review_list.html", context)


@login_required
@require_GET
def review_detail(request: HttpRequest, review_id: int) -> HttpResponse:
    """The frozen facts, what the rules propose from them, what was decided, and what came of it."""
    viewer = viewer_of(request)
    review = _visible(viewer, review_id)
    may = may_in(viewer, Permission.MANAGE_RELATIONSHIPS, review.relationship)
    waits = review.verdict == ReviewVerdict.EXIT and not review.approved_at
    leaving = review.verdict in ("", ReviewVerdict.EXIT) and bool(review.facts)
    today = today_of(viewer, timezone.now())
    context = {
        "review": review,
        "told": told(review, may_see_money=may_in(viewer, Permission.VIEW_MONEY, review.relationship)),
        "impact": exit_impact(viewer=viewer, relationship=review.relationship, as_of=today)
        if leaving
        else None,
        "moves": [
            move for move in REVIEW.allowed(review.state) if (may and not waits) or move.name in WITH_WORDS
        ],
        "with_words": list(WITH_WORDS),
        "waits_for_second": may and waits and review.state == ReviewState.DECIDED,
    }
    return render(request, "health/review_detail.html", context)


@login_required
@require_POST
def review_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Begins a review out of turn, or leads to the one that is open."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    review = operations.begin_review(actor=viewer, relationship=relationship, now=timezone.now())
    return done(request, to=f"/reviews/{review.pk}/")


@login_required
@require_http_methods(["GET", "POST"])
def review_move(request: HttpRequest, review_id: int, name: str) -> HttpResponse:
    """Takes a review through one move of its table, or lets the second person agree to an exit."""
    viewer, now = viewer_of(request), timezone.now()
    review = _visible(viewer, review_id)
    here = f"/reviews/{review.pk}/"
    if name not in WITH_WORDS:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        _carry_out(viewer, review, name, now)
        return done(request, to=here, toast=Toast(review.relationship.party_name, title=_("Review moved on")))
    require(viewer, Permission.MANAGE_RELATIONSHIPS, review.relationship)
    form_class, operation = WITH_WORDS[name]
    form = form_class(request.POST or None, initial={"verdict": review.proposed})
    if request.method == "POST" and form.is_valid():
        given = {"review": review, "now": now, **form.cleaned_data}
        if carry_out(form, operation, actor=viewer, **given):
            return done(request, to=here, toast=Toast(_("Written down.")))
    REVIEW.resolve(name, review)
    label = str(REVIEW.named(name).label)
    fields = f"health/_review_{name}_fields.html"
    return ask(request, Dialog(label, f"{here}transitions/{name}/", fields, label, here), form)


def _carry_out(viewer: User, review: Review, name: str, now: datetime) -> None:
    if name == "approve":
        operations.approve_exit(actor=viewer, review=review, now=now)
    elif name in AT_ONCE:
        AT_ONCE[name](actor=viewer, review=review, now=now)
    else:
        raise Missing(_("There is no such move."))


def _visible(viewer: User, review_id: int) -> Review:
    rows = Review.objects.visible_to(viewer).select_related(
        "relationship__party", "relationship__state", "discussed_by", "decided_by", "approved_by", "closed_by"
    )
    found = rows.filter(pk=review_id).first()
    if found is None:
        raise Missing(_("There is no such review."))
    return found
