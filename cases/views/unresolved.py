"""All problems resolved, all questions answered: what is still missing for that, by age."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from accounts.models import User
from cases.filters import WHOSE, parse_queue
from cases.queries.unresolved import BANDS, Owed
from cases.queries.unresolved import unresolved as find_unresolved
from core.addresses import is_id


@login_required
@require_GET
def unresolved(request: HttpRequest) -> HttpResponse:
    """Open problems, unanswered questions and promises left from closed cases; the target of each is none."""
    viewer, now = viewer_of(request), timezone.now()
    owner = parse_queue(request.GET).owner
    found = find_unresolved(viewer=viewer, owner=owner, now=now)
    context = {
        "found": found,
        "parts": [
            _part("problems", _("Open problems"), "life-buoy", found.problems),
            _part("questions", _("Unanswered questions"), "message-square", found.questions),
            _part("promises", _("Promises left from closed cases"), "handshake", found.promises),
        ],
        "owner": owner,
        "person": _name(owner),
        "whose": [
            {"value": value, "label": words, "url": f"/cases/unresolved/?owner={value}"}
            for value, words in WHOSE.items()
        ],
    }
    return render(request, "cases/unresolved.html", context)


def _part(name: str, label: str, icon: str, owed: Owed) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "icon": icon,
        "owed": owed,
        "tone": "bad" if owed.total else "good",
        "ages": [(words, number) for words, number in zip(_bands(), owed.by_age, strict=True) if number],
    }


def _bands() -> list[str]:
    """What the ages are called."""
    days = [band.days for band in BANDS]
    upto = [ngettext("up to %(n)d day", "up to %(n)d days", day) % {"n": day} for day in days]
    return [*upto, _("older than %(n)d days") % {"n": days[-1]}]


def _name(owner: str) -> str:
    """Whose it is, where that is one person; whoever works here is known to all."""
    if not is_id(owner):
        return ""
    return User.objects.filter(pk=int(owner)).values_list("name", flat=True).first() or ""
