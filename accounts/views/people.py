"""Administration of people: who is here, who is invited, who leaves, and with which roles."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.forms.people import InvitationForm, PeopleFilterForm, PersonForm, RoleForm
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.operations.invitations import invite, resend_invitation, revoke_invitation
from accounts.operations.people import deactivate_user, edit_user, reactivate_user, remove_proofs
from accounts.operations.roles import end_grant, grant_role
from accounts.permissions import require
from accounts.queries.open_items import in_hand
from accounts.queries.people import (
    grant_of,
    invitation_of,
    people_page,
    person_of,
    waiting_invitations,
)
from accounts.queries.proofs import proofs_of
from core.forms import carry_out
from core.http import Toast, done

PEOPLE = "/administration/people/"


@login_required
@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    """The administration begins with the people."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    return redirect(PEOPLE)


@login_required
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    """Active or deactivated people, and the invitations that nobody has answered."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    filters = PeopleFilterForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    former = chosen.get("show") == "former"
    page = people_page(q=chosen.get("q", ""), former=former, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "q": chosen.get("q", ""),
        "former": former,
        "views": [
            {"label": _("Active"), "url": PEOPLE, "current": not former},
            {"label": _("Deactivated"), "url": f"{PEOPLE}?show=former", "current": former},
        ],
        "invitations": [] if former else waiting_invitations(),
        "now": timezone.now(),
    }
    return render(request, "accounts/person_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: name and address; beside it their roles, teams and what they have in hand."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    person = person_of(user_id)
    first = {"name": person.name, "email": person.email, "job_title": person.job_title}
    form = PersonForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        edited = carry_out(
            form, edit_user, actor=viewer, user=person, now=timezone.now(), **form.cleaned_data
        )
        if edited:
            return done(request, to=_page(person), toast=Toast(_("%s saved.") % edited.name))
    context = {
        "form": form,
        "person": person,
        "in_hand": in_hand(of="user", owner_id=person.pk, viewer=viewer_of(request)),
        "proofs": proofs_of(person),
    }
    return render(request, "accounts/person_edit.html", context, status=422 if form.errors else 200)


def _page(person: User) -> str:
    return f"{PEOPLE}{person.pk}/"


@login_required
@require_POST
def person_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Lets somebody go."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    person = deactivate_user(actor=viewer_of(request), user=person_of(user_id), now=timezone.now())
    words = _("%s can no longer sign in. What they wrote stays.") % person.name
    return done(request, to=_page(person), toast=Toast(words))


@login_required
@require_POST
def person_reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Takes somebody back."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    person = reactivate_user(actor=viewer_of(request), user=person_of(user_id), now=timezone.now())
    return done(request, to=_page(person), toast=Toast(_("%s can sign in again.") % person.name))


@login_required
@require_POST
def proofs_remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """Lets somebody in again who lost their phone or key."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    person = remove_proofs(actor=viewer, user=person_of(user_id), now=timezone.now())
    words = _("%s signs in with the password alone now, and was told by mail.") % person.name
    return done(request, to=_page(person), toast=Toast(words))


@login_required
@require_http_methods(["GET", "POST"])
def role_grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Gives somebody a role, everywhere or within a scope."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    person = person_of(user_id)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        grant = carry_out(
            form, grant_role, actor=viewer, user=person, now=timezone.now(), **form.cleaned_data
        )
        if grant:
            words = _("%(name)s is now %(role)s.")
            label = grant.role_definition.label
            return done(request, to=_page(person), toast=Toast(words % {"name": person.name, "role": label}))
    context = {"form": form, "person": person}
    return render(request, "accounts/role_grant.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def role_end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Takes a role away."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    grant = end_grant(actor=viewer, grant=grant_of(grant_id), now=timezone.now())
    words = _("%(name)s no longer has the role %(role)s.")
    label = grant.role_definition.label
    toast = Toast(words % {"name": grant.user.name, "role": label})
    return done(request, to=_page(grant.user), toast=toast)


@login_required
@require_http_methods(["GET", "POST"])
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invites somebody by mail."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    form = InvitationForm(request.POST or None, initial={"role": "relationship_manager"})
    if request.method == "POST" and form.is_valid():
        invitation = carry_out(form, invite, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if invitation:
            words = _("An invitation is on its way to %s.") % invitation.email
            return done(request, to=PEOPLE, toast=Toast(words))
    return render(
        request, "accounts/invitation_create.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def invitation_resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Sends an invitation again, with a new link."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    sent = resend_invitation(actor=viewer, invitation=invitation_of(invitation_id), now=timezone.now())
    words = _("A new link is on its way to %s; the old one no longer works.") % sent.email
    return done(request, to=PEOPLE, toast=Toast(words))


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Takes an invitation back."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    revoked = revoke_invitation(actor=viewer, invitation=invitation_of(invitation_id), now=timezone.now())
    words = _("The invitation of %s no longer works.") % revoked.name
    return done(request, to=PEOPLE, toast=Toast(words))
