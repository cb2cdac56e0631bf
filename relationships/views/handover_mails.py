"""Introductions on a handover: read through, changed where wanted, confirmed together."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from core.addresses import ids_in
from core.http import Toast, done
from core.refusals import Missing
from relationships.forms.handing_on import LetterForm
from relationships.forms.refusals import carry_out
from relationships.operations.handover_mails import edit_letter, send_letters
from relationships.queries.handover_mails import letters_of, own_handover
from relationships.queries.handovers import visible_pack
from relationships.queries.relationship_list import today_of
from relationships.views.dialogs import Dialog, ask


@login_required
@require_http_methods(["GET", "POST"])
def mail_list(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Every introduction as it would go; a POST sends what is ticked."""
    viewer, now = viewer_of(request), timezone.now()
    handover = own_handover(viewer, handover_id)
    here = f"/handovers/{handover.pk}/mails/"
    if request.method == "POST":
        ticked = ids_in(request.POST.getlist("pack"))
        number = send_letters(actor=viewer, handover=handover, pack_ids=ticked[:500], now=now)
        words = ngettext("%(n)s introduction is on its way.", "%(n)s introductions are on their way.", number)
        return done(request, to=here, toast=Toast(words % {"n": number}))
    letters = letters_of(viewer=viewer, handover=handover, as_of=today_of(viewer, now))
    context = {
        "handover": handover,
        "letters": letters,
        "ready": sum(letter.can_go for letter in letters),
        "sent": sum(letter.is_sent for letter in letters),
    }
    return render(request, "relationships/handover_mails.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mail_edit(request: HttpRequest, handover_id: int, pack_id: int) -> HttpResponse:
    """Changes one introduction before it goes."""
    viewer, now = viewer_of(request), timezone.now()
    visible_pack(viewer, handover_id, pack_id, now)
    handover = own_handover(viewer, handover_id)
    found = letters_of(viewer=viewer, handover=handover, as_of=today_of(viewer, now), pack_ids=[pack_id])
    if not found or found[0].is_sent:
        raise Missing(_("There is no introduction to change."))
    letter = found[0]
    form = LetterForm(request.POST or None, letter=letter)
    back = f"/handovers/{handover.pk}/mails/"
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "pack": letter.pack, "now": now, **form.cleaned_data}
        if carry_out(form, edit_letter, **given):
            return done(request, to=back, toast=Toast(_("Saved.")))
    title = _("To %(name)s") % {"name": letter.pack.relationship.party_name}
    action = f"/handovers/{handover.pk}/packs/{letter.pack.pk}/mail/"
    return ask(request, Dialog(title, action, "relationships/_plain_fields.html", _("Save"), back), form)
