"""The ledger of promises, one promise, and everything that can be done to it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.addresses import is_id
from core.http import Toast, done, is_htmx, picker_words
from core.refusals import Conflict, Missing
from core.transitions import Transition
from relationships import tables
from relationships.filters import commitment_ledger as filters
from relationships.forms import commitments as forms
from relationships.forms.refusals import carry_out
from relationships.models import Commitment, Relationship
from relationships.operations import commitments as operations
from relationships.permissions import may_in
from relationships.queries import commitment_ledger as ledger
from relationships.queries.counts import figure_words
from relationships.queries.relationship_list import named, today_of
from relationships.transitions import COMMITMENT
from relationships.ui import nearby_days
from relationships.views.backs import back_of
from relationships.views.colleagues import names_of
from relationships.views.dialogs import Dialog, ask

CHANGED = {"commitment:changed": True}
BY_TIMER = "miss"
PRIMARY = ("agree", "confirm", "deliver")  # of the possible moves, the one to offer first
OFFERED = 8


@login_required
@require_GET
def commitment_list(request: HttpRequest) -> HttpResponse:
    """A page of the ledger with both sides' rate; for htmx only what the search field changes."""
    viewer, now = viewer_of(request), timezone.now()
    query = filters.parse_ledger(request.GET)
    page = ledger.ledger_page(viewer=viewer, query=query, now=now, cursor=request.GET.get("at", ""))
    today = today_of(viewer, now)
    context: dict[str, Any] = {
        "query": query,
        "page": page,
        "columns": tables.PROMISE_HEADS,
        "only_open": query == ledger.LedgerQuery(status="open"),
        "lines": [tables.promise_line(promise, today) for promise in page.rows],
        "next_url": filters.ledger_url(query, page.next) if page.next else "",
        "previous_url": filters.ledger_url(query, page.previous) if page.previous else "",
        "caption": filters.SORT_WORDS[query.sort],
        "may_promise": viewer.may(Permission.MANAGE_COMMITMENTS),
    }
    if is_htmx(request):
        return render(request, "relationships/commitment_list.html#results", context)
    context |= _around(viewer, query, now)
    return render(request, "relationships/commitment_list.html", context)


@login_required
@require_GET
def commitment_detail(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """One promise: its dates, its past, and the moves that its state allows."""
    viewer, now = viewer_of(request), timezone.now()
    promise = _visible(viewer, commitment_id)
    may = may_in(viewer, Permission.MANAGE_COMMITMENTS, promise.relationship)
    moves = [move for move in COMMITMENT.allowed(promise.state) if move.name != BY_TIMER]
    context = {
        "commitment": promise,
        "line": tables.promise_line(promise, today_of(viewer, now)),
        "history": ledger.history(promise),
        "moves": moves if may else [],
        "primary": next((name for name in PRIMARY if name in {move.name for move in moves}), ""),
        "with_words": forms.MOVE_FORMS,
        "may_redate": may and promise.is_open,
    }
    part = "#commitment" if is_htmx(request) else ""
    return render(request, f"relationships/commitment_detail.html{part}", context)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_new(request: HttpRequest) -> HttpResponse:
    """Puts a promise in the ledger, for the relationship in the address or the one that is picked."""
    viewer, now = viewer_of(request), timezone.now()
    asked = request.POST.get("relationship", "") or request.GET.get("relationship", "")
    relationship = _relationship(viewer, asked)
    form = forms.CommitmentForm(request.POST or None, initial={"owner": viewer})
    if request.method == "POST" and form.is_valid():
        if relationship is None:
            form.add_error(None, _("Say with whom: pick a relationship."))
        else:
            given = {"relationship": relationship, **form.cleaned_data}
            made = carry_out(form, operations.make_commitment, actor=viewer, now=now, **given)
            if made is not None:
                to = back_of(request, f"/commitments/{made.pk}/")
                return done(request, to=to, toast=Toast(_("Promise noted.")), events=CHANGED)
    dialog = _dialog(
        request, _("New commitment"), "/commitments/new/", _("Save commitment"), "commitment", now=now,
        relationship=relationship,
    )  # fmt: skip
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_edit(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """The wording, the owner and the weight; never the dates."""
    viewer, now = viewer_of(request), timezone.now()
    promise = _visible(viewer, commitment_id)
    values = {"what": promise.what, "owner": promise.owner_id, "materiality": promise.materiality}
    form = forms.CommitmentEditForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        given = {"commitment": promise, "person": promise.person, **form.cleaned_data}
        if carry_out(form, operations.edit_commitment, actor=viewer, now=now, **given):
            return done(request, to=_address(promise), toast=Toast(_("Promise changed.")), events=CHANGED)
    action = f"{_address(promise)}edit/"
    return ask(
        request, _dialog(request, _("Change promise"), action, _("Save"), "commitment_edit", now=now), form
    )


@login_required
@require_http_methods(["GET", "POST"])
def commitment_move(request: HttpRequest, commitment_id: int, name: str) -> HttpResponse:
    """Takes a promise through one move of its table; a move that wants words asks for them first."""
    viewer, now = viewer_of(request), timezone.now()
    promise = _visible(viewer, commitment_id)
    move = _move(name)
    form = forms.MOVE_FORMS.get(name, forms.MoveForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"commitment": promise, "transition": name, **form.cleaned_data}
        if carry_out(form, operations.move_commitment, actor=viewer, now=now, **given):
            toast = Toast(promise.what, title=str(move.label))
            return done(request, to=back_of(request, _address(promise)), toast=toast, events=CHANGED)
    if name not in forms.MOVE_FORMS and not form.errors:
        return HttpResponseNotAllowed(["POST"])
    if promise.state not in move.sources:
        COMMITMENT.resolve(name, promise)
    fields = f"commitment_{name}"
    action = f"{_address(promise)}transitions/{name}/"
    return ask(
        request,
        _dialog(request, str(move.label), action, str(move.label), fields, now=now, promise=promise),
        form,
    )


@login_required
@require_http_methods(["GET", "POST"])
def commitment_renegotiate(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """Moves the date, naming who on the other side agreed."""
    viewer, now = viewer_of(request), timezone.now()
    promise = _visible(viewer, commitment_id)
    form = forms.RenegotiateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"commitment": promise, **form.cleaned_data}
        if carry_out(form, operations.renegotiate, actor=viewer, now=now, **given):
            toast = Toast(promise.what, title=_("Date moved"))
            return done(request, to=_address(promise), toast=toast, events=CHANGED)
    if not promise.is_open:
        allowed = [move.name for move in COMMITMENT.allowed(promise.state)]
        raise Conflict(_("This promise is over; its date cannot move."), allowed=allowed)
    action = f"{_address(promise)}renegotiations/"
    words = _("Move the date")
    return ask(
        request,
        _dialog(request, words, action, words, "commitment_renegotiate", now=now, promise=promise),
        form,
    )


@login_required
@require_GET
def relationship_options(request: HttpRequest) -> HttpResponse:
    """What a picker of relationships offers for the words typed into it."""
    viewer = viewer_of(request)
    q = picker_words(request)
    rows = named(Relationship.objects.visible_to(viewer).open(), q).order_by("party_name", "pk")[:OFFERED]
    options = [
        {"value": row.pk, "label": row.party_name, "hint": tables.kind_words(row), "kind": "sq"}
        for row in rows
    ]
    return render(request, "ui/_options.html", {"options": options, "q": q, "list": "relationship-option"})


def _around(viewer: User, query: ledger.LedgerQuery, now: datetime) -> dict[str, Any]:
    """What stands around the rows: tabs with counts, both rates, chips and menus."""
    tabs = filters.tabs(query)
    numbers = ledger.counts(viewer=viewer, queries=[tab.query for tab in tabs], now=now)
    names = names_of([query.owner])
    relationship = _relationship(viewer, str(query.relationship_id or ""))
    return {
        "tabs": [
            {
                "label": tab.label,
                "icon": tab.icon,
                "url": filters.ledger_url(tab.query),
                "count": figure_words(number),
                "current": tab.slug == query.status,
            }
            for tab, number in zip(tabs, numbers, strict=True)
        ],
        "rates": filters.rate_cards(query, ledger.kept_rates(viewer=viewer, query=query, now=now)),
        "chips": filters.chips(query, names, relationship.party_name if relationship else ""),
        "choices": filters.choices(query, names),
        "sides": filters.side_choices(query),
        "hidden": [pair for pair in filters.to_params(query) if pair[0] != "q"],
    }


def _visible(viewer: User, commitment_id: int) -> Commitment:
    found = ledger.commitment_detail(viewer=viewer, commitment_id=commitment_id)
    if found is None:
        raise Missing(_("There is no such promise."))
    return found


def _relationship(viewer: User, asked: str) -> Relationship | None:
    if not is_id(asked):
        return None
    return Relationship.objects.visible_to(viewer).filter(pk=int(asked)).first()


def _move(name: str) -> Transition:
    """The move called so; the one that only time makes is not to be asked for."""
    for move in COMMITMENT.transitions:
        if move.name == name and name != BY_TIMER:
            return move
    raise Missing(_("There is no such move."))


def _address(promise: Commitment) -> str:
    return f"/commitments/{promise.pk}/"


def _dialog(
    request: HttpRequest,
    title: str,
    action: str,
    submit: str,
    fields: str,
    *,
    now: datetime,
    promise: Commitment | None = None,
    relationship: Relationship | None = None,
) -> Dialog:
    return Dialog(
        title=title,
        action=action,
        fields=f"relationships/_{fields}_fields.html",
        submit=submit,
        back=back_of(request, _address(promise) if promise else filters.LEDGER),
        danger=fields == "commitment_withdraw",
        more={
            "days": nearby_days(today_of(viewer_of(request), now)),
            "commitment": promise,
            "relationship": relationship,
        },
    )
