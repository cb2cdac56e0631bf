"""How parties belong together: linked, changed, ended."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from core.http import Toast, done
from core.refusals import Missing
from relationships.forms.parties import LinkFactsForm, LinkForm
from relationships.forms.refusals import carry_out
from relationships.models import PartyLink
from relationships.operations import links as operations
from relationships.queries.tie_words import tie_words
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask
from relationships.views.parties import editable_party, visible_party


@login_required
@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """A link to another party, in either direction."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    form = LinkForm(request.POST or None)
    back = back_of(request, f"/parties/{party_id}/")
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        other = visible_party(viewer, facts.pop("other"))
        way, _colon, slug = facts.pop("type").partition(":")
        source, target = (party, other) if way == "out" else (other, party)
        given = {"actor": viewer, "source_party": source, "target_party": target, "type": slug}
        if carry_out(form, operations.link_parties, now=timezone.now(), **given, **facts):
            return done(request, to=back, toast=Toast(_("Link added.")))
    title = _("Link %(name)s") % {"name": party.name}
    fields = "relationships/_link_fields.html"
    dialog = Dialog(title, f"/parties/{party_id}/links/new/", fields, _("Link"), back, more={"party": party})
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def link_edit(request: HttpRequest, party_id: int, link_id: int) -> HttpResponse:
    """What is known of a link; the day until which it held ends it."""
    viewer = viewer_of(request)
    editable_party(viewer, party_id)
    mine = Q(source_party_id=party_id) | Q(target_party_id=party_id)
    found = PartyLink.objects.visible_to(viewer).filter(mine, pk=link_id)
    link = found.select_related("source_party", "target_party", "type").first()
    if link is None:
        raise Missing(_("There is no such link."))
    values = {name: getattr(link, name) for name in LinkFactsForm.base_fields}
    form = LinkFactsForm(request.POST or None, initial=values)
    back = back_of(request, f"/parties/{party_id}/")
    if request.method == "POST" and form.is_valid():
        facts = {"origin": link.origin, **form.cleaned_data}
        if carry_out(form, operations.edit_link, actor=viewer, link=link, now=timezone.now(), **facts):
            return done(request, to=back, toast=Toast(_("Link changed.")))
    title = f"{link.source_party.name} {tie_words(link.type.forward)} {link.target_party.name}"
    fields = "relationships/_link_fields.html"
    return ask(request, Dialog(title, f"/parties/{party_id}/links/{link_id}/", fields, _("Save"), back), form)
