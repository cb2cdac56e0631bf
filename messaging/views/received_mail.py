"""The mail that came in: what was taken in, what is held and why, and reading a held one again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.http import Toast, done
from messaging.enums import InboundOutcome
from messaging.operations.taking_in import DUPLICATE, retry_held
from messaging.queries.received_mail import mailboxes, one_received, received_page

HERE = "/received-mail/"


@login_required
@require_GET
def received_list(request: HttpRequest) -> HttpResponse:
    """Every mail that came, the newest first, perhaps only what is held."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_SENT_MAIL)
    outcome = request.GET.get("outcome", "")
    chosen = {"outcome": outcome, "q": request.GET.get("q", "").strip()[:120]}
    page, mails = received_page(viewer, outcome=outcome, q=chosen["q"], cursor=request.GET.get("at", ""))
    boxes = mailboxes()
    context = {
        "mails": mails,
        "q": chosen["q"],
        "outcome": outcome,
        "boxes": boxes,
        "held": sum(box.held for box in boxes),  # type: ignore[attr-defined]  # annotated by the query
        "tabs": _tabs(chosen),
        "next_url": _url(chosen, at=page.next) if page.next else "",
        "previous_url": _url(chosen, at=page.previous) if page.previous else "",
    }
    return render(request, "messaging/received_list.html", context)


@login_required
@require_GET
def received_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail as text: its words, what is to be known of it, its files and its head."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_SENT_MAIL)
    opened = one_received(viewer, mail_id)
    context = {"opened": opened, "received": opened.received, "mail": opened.received.mail}
    return render(request, "messaging/received_detail.html", context)


@login_required
@require_POST
def received_reading(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Reads a held mail again."""
    taken = retry_held(actor=viewer_of(request), message_id=mail_id, now=timezone.now())
    words = {
        InboundOutcome.IMPORTED.value: Toast(_("The mail was taken in.")),
        InboundOutcome.HELD.value: Toast(_("The mail is held as before."), tone="warn"),
        DUPLICATE: Toast(_("The same mail was there already.")),
    }
    return done(request, to=f"{HERE}{taken.message.pk}/", toast=words[taken.outcome])


def _tabs(chosen: dict[str, str]) -> list[dict[str, Any]]:
    words = {"": _("All"), **dict(InboundOutcome.choices)}
    return [
        {"label": label, "url": _url(chosen, outcome=key), "current": key == chosen["outcome"]}
        for key, label in words.items()
    ]


def _url(chosen: dict[str, str], **changed: str) -> str:
    kept = {name: value for name, value in {**chosen, **changed}.items() if value}
    return f"{HERE}?{urlencode(kept)}" if kept else HERE
