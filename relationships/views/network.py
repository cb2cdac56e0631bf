"""Who is around a party, as a picture with an equal table; and who of ours can introduce us to it."""

from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.addresses import is_id
from core.network import chosen, network
from relationships.models import Party
from relationships.queries.introductions import introductions
from relationships.queries.neighbourhood import Neighbourhood, link_types, neighbourhood
from relationships.queries.relationship_list import today_of
from relationships.queries.tie_words import tie_words
from relationships.tables import NEIGHBOUR_HEADS, TIE_HEADS
from relationships.views.backs import back_of
from relationships.views.parties import visible_party
from relationships.views.record import day_of


@login_required
@require_GET
def party_network(request: HttpRequest, party_id: int) -> HttpResponse:
    """Everybody within two links of a party on a day, all links or those of one type."""
    viewer = viewer_of(request)
    party = visible_party(viewer, party_id)
    today = today_of(viewer, timezone.now())
    as_of = day_of(request.GET.get("as_of", "")) or today
    types = link_types()
    asked = request.GET.get("type", "")
    slug = asked if asked in {entry.slug for entry in types} else ""
    found = neighbourhood(viewer=viewer, party=party, as_of=as_of, link_type=slug)
    kept = _kept(as_of, today, slug)
    context = {
        "party": party,
        "found": found,
        "shown": len(chosen(found.neighbours)),
        "picture": _picture(party, found, kept),
        "kept": kept,
        "types": [(entry.slug, tie_words(entry.forward)) for entry in types],
        "chosen_type": slug,
        "as_of": as_of,
        "neighbour_heads": NEIGHBOUR_HEADS,
        "tie_heads": TIE_HEADS,
        "may_edit_party": viewer.may(Permission.EDIT_PARTIES),
    }
    return render(request, "relationships/party_network.html", context)


@login_required
@require_GET
def party_introductions(request: HttpRequest, party_id: int) -> HttpResponse:
    """The ways by which somebody of ours can introduce us to a party."""
    viewer, now = viewer_of(request), timezone.now()
    party = visible_party(viewer, party_id)
    ways = introductions(viewer=viewer, party=party, as_of=today_of(viewer, now), now=now)
    context = {
        "party": party,
        "ways": ways,
        "back": back_of(request, f"/parties/{party.pk}/"),
        "viewer_id": viewer.pk,
    }
    return render(request, "relationships/party_introductions.html", context)


@login_required
@require_GET
def introduction_choose(request: HttpRequest) -> HttpResponse:
    """To whom: leads to the ways to the party that was picked."""
    asked = request.GET.get("party", "")
    if is_id(asked):
        party = visible_party(viewer_of(request), int(asked))
        return redirect(f"/parties/{party.pk}/introductions/")
    error = _("Pick one of the names that are offered.") if "party_q" in request.GET else ""
    return render(request, "relationships/introduction_choose.html", {"error": error})


def _kept(as_of: date, today: date, link_type: str) -> str:
    """What goes along in the address from party to party."""
    asked = {"as_of": as_of.isoformat() if as_of != today else "", "type": link_type}
    return urlencode({name: value for name, value in asked.items() if value})


def _picture(party: Party, found: Neighbourhood, kept: str) -> SafeString:
    query = f"?{kept}" if kept else ""
    return network(
        party, found.neighbours, found.ties, lambda node: f"/parties/{node.party_id}/network/{query}"
    )
