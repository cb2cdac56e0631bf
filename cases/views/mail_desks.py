"""What is done with the mail of each mailbox, for administrators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from cases.forms import DeskForm
from cases.operations import mail_by_hand
from cases.queries.mail_filing import MailboxDesk, desks
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing

LIST = "/cases/mailboxes/"


@login_required
@require_GET
def desk_list(request: HttpRequest) -> HttpResponse:
    """Every mailbox, and what is done with its mail."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return render(request, "cases/desk_list.html", {"desks": desks()})


@login_required
@require_http_methods(["GET", "POST"])
def desk_edit(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Says what is done with the mail of a mailbox."""
    viewer = viewer_of(request)
    found = _found(viewer, mailbox_id)
    form = DeskForm(request.POST or None, desk=found.desk)
    if request.method == "POST" and form.is_valid():
        given = {"mailbox": found.mailbox, "desk": form.desk}
        if carry_out(form, mail_by_hand.set_desk, actor=viewer, now=timezone.now(), **given):
            return done(request, to=LIST, toast=Toast(_("It holds for mail that comes from now on.")))
    context = {"form": form, "mailbox": found.mailbox, "desk": found.desk}
    return render(request, "cases/desk_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def desk_end(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """From now on mail is only kept."""
    viewer = viewer_of(request)
    found = _found(viewer, mailbox_id)
    mail_by_hand.end_desk(actor=viewer, mailbox=found.mailbox, now=timezone.now())
    return done(
        request, to=LIST, toast=Toast(_("From now on its mail is kept, and nothing is done with it."))
    )


def _found(viewer: User, mailbox_id: int) -> MailboxDesk:
    require(viewer, Permission.MANAGE_WORKSPACE)
    found = next((each for each in desks() if each.mailbox.pk == mailbox_id), None)
    if found is None:
        raise Missing(_("There is no such mailbox."))
    return found
