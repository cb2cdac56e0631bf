"""Mail and cases: what waits for somebody to say whose it is, and the mails of a case as they came."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import holds_everywhere
from cases.forms import MatchForm
from cases.models import Case, MailFiling
from cases.operations import mail_by_hand
from cases.queries import mail_filing as queries
from cases.queries.around import people_of
from cases.views.pages import address_of, found_case
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from relationships.models import Relationship

LIST = "/cases/mail/"
MOST_CASES = 50


@login_required
@require_GET
def mail_list(request: HttpRequest) -> HttpResponse:
    """What nobody could file by itself, the oldest first."""
    viewer = viewer_of(request)
    page, mails = queries.waiting_page(viewer, request.GET.get("at", ""))
    context = {
        "mails": mails,
        "may_set": holds_everywhere(viewer, Permission.MANAGE_WORKSPACE),
        "next_url": f"{LIST}?at={page.next}" if page.next else "",
        "previous_url": f"{LIST}?at={page.previous}" if page.previous else "",
    }
    return render(request, "cases/mail_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mail_match(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail, and whose it is: first the relationship, then what it is there."""
    viewer, now = viewer_of(request), timezone.now()
    doubted = queries.doubted_mail(viewer, mail_id)
    relationship, form = _relationship(request, viewer), None
    if relationship is not None:
        people = [relationship.party, *people_of(relationship)]
        form = MatchForm(request.POST or None, people=people, cases=_cases(viewer, relationship))
        if request.method == "POST" and form.is_valid():
            given = {"filing": doubted.filing, "decision": form.decision(relationship)}
            filed = carry_out(form, mail_by_hand.match_mail, actor=viewer, now=now, **given)
            if filed is not None:
                to = address_of(filed.case) if filed.case else LIST
                return done(request, to=to, toast=Toast(str(filed.get_state_display())))
    context = {"doubted": doubted, "received": doubted.received, "mail": doubted.filing.mail}
    context |= {"form": form, "relationship": relationship}
    return render(request, "cases/mail_match.html", context, status=422 if form and form.errors else 200)


@login_required
@require_POST
def mail_settle(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Tries to file a mail once more, or says that it is not wanted."""
    viewer = viewer_of(request)
    filing = MailFiling.objects.visible_to(viewer).filter(pk=mail_id).first()
    if filing is None:
        raise Missing(_("There is no such mail."))
    if request.POST.get("again") == "1":
        mail_by_hand.file_again(actor=viewer, filing=filing)
        return done(request, to=LIST, toast=Toast(_("It is filed within seconds.")))
    mail_by_hand.drop_mail(actor=viewer, filing=filing, now=timezone.now())
    return done(request, to=LIST, toast=Toast(_("Kept, and nothing is done with it.")))


@login_required
@require_GET
def received_mails(request: HttpRequest, case_id: int) -> HttpResponse:
    """The mails of a case, oldest first."""
    viewer = viewer_of(request)
    case = found_case(viewer, case_id)
    return render(
        request, "cases/received_mails.html", {"case": case, "mails": queries.mails_of(viewer, case)}
    )


@login_required
@require_GET
def received_mail(request: HttpRequest, case_id: int, mail_id: int) -> HttpResponse:
    """A mail of a case as it came, for whoever may know of the case."""
    viewer = viewer_of(request)
    case = found_case(viewer, case_id)
    filed = queries.mail_of_case(viewer, case, mail_id)
    context = {"case": case, "filed": filed, "received": filed.received, "mail": filed.filing.mail}
    return render(request, "cases/received_mail.html", context)


def _relationship(request: HttpRequest, viewer: User) -> Relationship | None:
    asked = request.POST.get("relationship", "") or request.GET.get("relationship", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    rows = Relationship.objects.visible_to(viewer).select_related("party", "owner", "business_unit")
    return rows.filter(pk=int(asked)).first() if known else None


def _cases(viewer: User, relationship: Relationship) -> list[Case]:
    """The newest cases there, those that are open first."""
    seen = Case.objects.visible_to(viewer).filter(relationship=relationship)
    newest = seen.order_by("-opened_at", "-pk")[:MOST_CASES]
    return sorted(newest, key=lambda case: not case.is_open)
