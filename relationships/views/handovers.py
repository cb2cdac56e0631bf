"""Handing over a book: what somebody has in hand, to whom it goes, and each receiver's pack and acceptance."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.addresses import id_in, ids_in
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from relationships.forms.handing_on import HandoverForm, PackNoteForm
from relationships.forms.refusals import carry_out
from relationships.operations import handovers as operations
from relationships.operations.absences import end_absence
from relationships.queries.approach import approach
from relationships.queries.handovers import (
    book_of,
    handovers_seen,
    packs_of,
    visible_handover,
    visible_pack,
    waiting_packs,
)
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask


@login_required
@require_GET
def handover_list(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer's acceptance, and the handovers that they may know of."""
    viewer = viewer_of(request)
    context = {
        "waiting": waiting_packs(viewer=viewer, now=timezone.now()),
        "handovers": handovers_seen(viewer),
        "may_assign": viewer.may(Permission.ASSIGN),
    }
    return render(request, "relationships/handover_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def handover_new(request: HttpRequest) -> HttpResponse:
    """Hands over everything that somebody has in hand."""
    viewer = viewer_of(request)
    leaver = _leaver(request, viewer)
    book = book_of(viewer=viewer, leaver=leaver)
    form = HandoverForm(request.POST or None, leaver=leaver, lines=book.lines)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("receiver", "reason", "returns_date")}
        handed = carry_out(
            form,
            operations.hand_over,
            actor=viewer,
            leaver=leaver,
            now=timezone.now(),
            shares=form.shares,
            **given,
        )
        if handed:
            return done(request, to=f"/handovers/{handed.handover.pk}/", toast=_handed_toast(handed))
    shares = [(line, form[f"share_{line.relationship.pk}"]) for line in book.lines]
    context = {"leaver": leaver, "book": book, "form": form, "shares": shares}
    return render(request, "relationships/handover_new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def handover_detail(request: HttpRequest, handover_id: int) -> HttpResponse:
    """One handover: each relationship, who takes it over, and whether they have accepted and talked since."""
    viewer = viewer_of(request)
    handover = visible_handover(viewer, handover_id)
    packs = packs_of(viewer=viewer, handover=handover, now=timezone.now())
    waiting = [pack for pack in packs if pack.pack.accepted_at is None]
    context = {
        "handover": handover,
        "packs": packs,
        "accepted": len(packs) - len(waiting),
        "is_theirs": viewer.pk in (handover.leaver_id, handover.handed_by_id),
        "mine": [pack for pack in waiting if pack.pack.receiver_id == viewer.pk],
    }
    return render(request, "relationships/handover_detail.html", context)


@login_required
@require_GET
def handover_pack(request: HttpRequest, handover_id: int, pack_id: int) -> HttpResponse:
    """What the receiver of one relationship must know."""
    viewer, now = viewer_of(request), timezone.now()
    found = visible_pack(viewer, handover_id, pack_id, now)
    handover = found.pack.handover
    context = {
        "found": found,
        "pack": found.pack,
        "handover": handover,
        "relationship": found.pack.relationship,
        "guide": approach(viewer=viewer, relationship=found.pack.relationship, now=now),
        "may_note": viewer.pk in (handover.leaver_id, handover.handed_by_id),
        "may_accept": viewer.pk == found.pack.receiver_id and found.pack.accepted_at is None,
    }
    return render(request, "relationships/handover_pack.html", context)


@login_required
@require_POST
def handover_accept(request: HttpRequest, handover_id: int) -> HttpResponse:
    """The viewer takes over what is ticked, or everything that waits for them in this handover."""
    viewer = viewer_of(request)
    handover = visible_handover(viewer, handover_id)
    ticked = ids_in(request.POST.getlist("pack"))
    packs = [found.pack for found in packs_of(viewer=viewer, handover=handover, now=timezone.now())]
    wanted = [pack for pack in packs if not ticked or pack.pk in ticked]
    number = operations.accept_packs(actor=viewer, packs=wanted, now=timezone.now())
    words = ngettext("%(n)s relationship taken over.", "%(n)s relationships taken over.", number)
    return done(request, to=f"/handovers/{handover_id}/", toast=Toast(words % {"n": number}))


@login_required
@require_POST
def handover_return(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Ends an absence before its day."""
    viewer = viewer_of(request)
    handover = visible_handover(viewer, handover_id)
    number = end_absence(actor=viewer, handover=handover, now=timezone.now())
    words = ngettext("%(n)s relationship came back.", "%(n)s relationships came back.", number)
    return done(request, to=f"/handovers/{handover_id}/", toast=Toast(words % {"n": number}))


@login_required
@require_http_methods(["GET", "POST"])
def pack_note(request: HttpRequest, handover_id: int, pack_id: int) -> HttpResponse:
    """What to know and what not to raise, from who had it."""
    viewer, now = viewer_of(request), timezone.now()
    found = visible_pack(viewer, handover_id, pack_id, now)
    form = PackNoteForm(request.POST or None, initial={"note": found.pack.note})
    back = back_of(request, found.url)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "pack": found.pack, "now": now, **form.cleaned_data}
        if carry_out(form, operations.note_for_receiver, **given):
            return done(request, to=back, toast=Toast(_("Saved.")))
    title = _("For %(name)s") % {"name": found.pack.receiver.name}
    fields = "relationships/_plain_fields.html"
    return ask(request, Dialog(title, f"{found.url}note/", fields, _("Save"), back), form)


def _leaver(request: HttpRequest, viewer: User) -> User:
    """Whose book: the viewer's own without anybody asked for; somebody else's wants the right to assign."""
    asked = request.POST.get("person") or request.GET.get("person") or str(viewer.pk)
    found = User.objects.filter(pk=id_in(asked) or 0, is_system=False).first()
    if found is None:
        raise Missing(_("There is no such person."))
    if found.pk != viewer.pk and not viewer.may(Permission.ASSIGN):
        raise NotAllowed(_("Your role does not allow handing over for others."))
    return found


def _handed_toast(handed: operations.HandedOver) -> Toast:
    words = ngettext(
        "%(n)s relationship handed over.", "%(n)s relationships handed over.", handed.relationships
    )
    left = ", ".join(item.words for item in handed.left)
    text = words % {"n": handed.relationships}
    if left:
        text += " " + _("Not yours to give, and still in their hands: %(left)s.") % {"left": left}
    return Toast(text, tone="warn" if left else "good")
