"""Proposals: weighing one line by line, and the way through the gate."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
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
from core.addresses import is_id
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from health.enums import ProposalState
from health.forms.benefit import LineForm, ProposalForm, ReasonForm
from health.models import BenefitLine, Proposal
from health.operations import proposals as operations
from health.queries.benefit import weigh_proposal
from health.queries.estimates import compare
from health.queries.proposals import proposal_page
from health.transitions import PROPOSAL
from health.views.benefit import benefit_url
from health.views.dialogs import Dialog, ask
from relationships.enums import ValueSide
from relationships.operations.access import require
from relationships.queries.record import visible_relationship
from relationships.queries.relationship_list import today_of

WITH_REASON = {"ask": operations.ask_approval, "approve": operations.approve_proposal}


@login_required
@require_GET
def proposal_list(request: HttpRequest) -> HttpResponse:
    """The proposals that the viewer may see, the newest first."""
    viewer, state = viewer_of(request), request.GET.get("state", "")
    chosen = state if state in ProposalState else ""
    page = proposal_page(viewer=viewer, state=chosen, cursor=request.GET.get("at", ""))
    tabs: list[dict[str, Any]] = [{"label": _("All"), "url": "/proposals/", "current": not chosen}]
    for each in ProposalState:
        tabs.append({"label": each.label, "url": f"/proposals/?state={each}", "current": each == chosen})
    return render(request, "health/proposal_list.html", {"page": page, "tabs": tabs, "state": chosen})


@login_required
@require_GET
def proposal_detail(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Both sides line by line, what it does to the balance, what would make it fair, and what if."""
    viewer, now = viewer_of(request), timezone.now()
    proposal = visible_proposal(viewer, proposal_id)
    what_if = _what_if(request)
    weighed = weigh_proposal(proposal, today=today_of(viewer, now), what_if=what_if)
    rows = [{"line": line, "likely": what_if.get(line.pk, line.likely)} for line in weighed.lines]
    context = {
        "proposal": proposal,
        "weighed": weighed,
        "sides": [
            (label, [row for row in rows if row["line"].side == side])
            for side, label in ((ValueSide.TO_US, _("We")), (ValueSide.TO_THEM, _("They")))
        ],
        "is_what_if": bool(what_if),
        "moves": [
            move for move in PROPOSAL.allowed(proposal.state) if _offered(move.name, weighed.gate, proposal)
        ],
        "is_draft": proposal.state == ProposalState.DRAFT,
        "compared": compare(weighed) if proposal.state == ProposalState.ACCEPTED else [],
        "is_due": proposal.state == ProposalState.ACCEPTED
        and proposal.look_back.due_date <= today_of(viewer, now),
        "with_reason": list(WITH_REASON),
    }
    return render(request, "health/proposal_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def proposal_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Begins a draft."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    require(viewer, Permission.VIEW_MONEY, relationship)
    form = ProposalForm(request.POST or None, initial={"currency": relationship.business_unit.currency_id})
    if request.method == "POST" and form.is_valid():
        given = {"relationship": relationship, "now": now, **form.cleaned_data}
        made = carry_out(form, operations.draft_proposal, actor=viewer, **given)
        if made is not None:
            return done(request, to=f"/proposals/{made.pk}/", toast=Toast(_("Draft begun.")))
    action, fields = f"/{kind}/{relationship.pk}/proposals/new/", "health/_proposal_fields.html"
    dialog = Dialog(_("New proposal"), action, fields, _("Begin"), benefit_url(relationship))
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def line_new(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One more line of a draft."""
    viewer = viewer_of(request)
    proposal = visible_proposal(viewer, proposal_id)
    form, here = LineForm(request.POST or None), f"/proposals/{proposal.pk}/"
    if request.method == "POST" and form.is_valid():
        estimate = operations.Estimate(**form.cleaned_data)
        if carry_out(form, operations.add_line, actor=viewer, proposal=proposal, estimate=estimate):
            return done(request, to=here, toast=Toast(_("Line added.")))
    fields = "health/_line_fields.html"
    return ask(request, Dialog(_("New line"), f"{here}lines/new/", fields, _("Add"), here), form)


@login_required
@require_POST
def line_change(request: HttpRequest, proposal_id: int, line_id: int, name: str) -> HttpResponse:
    """Confirms a line of somebody else's, or takes one out."""
    viewer, now = viewer_of(request), timezone.now()
    proposal = visible_proposal(viewer, proposal_id)
    line = BenefitLine.objects.select_related("proposal").filter(proposal=proposal, pk=line_id).first()
    if line is None or name not in ("confirmation", "removal"):
        raise Missing(_("There is no such line."))
    if name == "confirmation":
        operations.confirm_line(actor=viewer, line=line, now=now)
    else:
        operations.remove_line(actor=viewer, line=line)
    words = _("Confirmed.") if name == "confirmation" else _("Taken out.")
    return done(request, to=f"/proposals/{proposal.pk}/", toast=Toast(words))


@login_required
@require_http_methods(["GET", "POST"])
def proposal_move(request: HttpRequest, proposal_id: int, name: str) -> HttpResponse:
    """Takes a proposal through one move of its table; asking and approving want a reason."""
    viewer, now = viewer_of(request), timezone.now()
    proposal = visible_proposal(viewer, proposal_id)
    move = next((each for each in PROPOSAL.transitions if each.name == name), None)
    if move is None:
        raise Missing(_("There is no such move."))
    here, form = f"/proposals/{proposal.pk}/", ReasonForm(request.POST or None)
    toast = Toast(proposal.title, title=str(move.label))
    if name not in WITH_REASON:
        if request.method == "POST":
            _carry_out(viewer, proposal, name, now)
            return done(request, to=here, toast=toast)
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if request.method == "POST" and form.is_valid():
        given = {"proposal": proposal, "now": now, **form.cleaned_data}
        if carry_out(form, WITH_REASON[name], actor=viewer, **given):
            return done(request, to=here, toast=toast)
    PROPOSAL.resolve(name, proposal)
    label, fields = str(move.label), "relationships/_reason_fields.html"
    return ask(request, Dialog(label, f"{here}transitions/{name}/", fields, label, here), form)


def _carry_out(viewer: User, proposal: Proposal, name: str, now: datetime) -> None:
    if name == "send":
        operations.send_proposal(actor=viewer, proposal=proposal, now=now)
    elif name == "revise":
        operations.revise_proposal(actor=viewer, proposal=proposal, now=now)
    else:
        operations.settle_proposal(actor=viewer, proposal=proposal, outcome=name, now=now)


def _offered(name: str, gate: list[str], proposal: Proposal) -> bool:
    """A flagged draft cannot be sent, an unflagged one needs no approval."""
    if proposal.state != ProposalState.DRAFT:
        return True
    return name != ("send" if gate else "ask")


def visible_proposal(viewer: User, proposal_id: int) -> Proposal:
    """The proposal; raises Missing where the viewer may not know of it, NotAllowed where they see no money."""
    rows = Proposal.objects.visible_to(viewer).select_related(
        "relationship", "asked_by", "approved_by", "created_by", "look_back__noted_by"
    )
    found = rows.filter(pk=proposal_id).first()
    if found is None:
        raise Missing(_("There is no such proposal."))
    require(viewer, Permission.VIEW_MONEY, found.relationship)
    return found


def _what_if(request: HttpRequest) -> dict[int, Decimal]:
    """The likely amounts that the address asks to try, by line; what is no amount is left out."""
    found = {}
    for name, text in request.GET.items():
        number = name.removeprefix("line")
        if name != number and is_id(number):
            try:
                value = Decimal(str(text))
            except InvalidOperation:
                continue
            if value.is_finite() and 0 <= value < operations.LARGEST:
                found[int(number)] = value
    return found
