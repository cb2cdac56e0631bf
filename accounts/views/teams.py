"""Administration of teams and who is in them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.forms.people import MemberForm, NewTeamForm, TeamForm
from accounts.middleware import viewer_of
from accounts.models import Team
from accounts.operations.teams import add_member, close_team, create_team, edit_team, end_membership
from accounts.permissions import require
from accounts.queries.open_items import in_hand
from accounts.queries.workspace import members_of, membership_of, roles_within, team_of, teams
from core.forms import carry_out
from core.http import Toast, done

TEAMS = "/administration/teams/"


@login_required
@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    """Every team."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    return render(request, "accounts/team_list.html", {"teams": teams()})


@login_required
@require_http_methods(["GET", "POST"])
def team_create(request: HttpRequest) -> HttpResponse:
    """A new team; its members are added on its page."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = carry_out(form, create_team, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if team:
            return done(request, to=f"{TEAMS}{team.pk}/", toast=Toast(_("%s created.") % team.name))
    return render(request, "accounts/team_create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def team_edit(request: HttpRequest, team_id: int) -> HttpResponse:
    """A team's name and lead; beside it its members and the roles limited to it."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    team = team_of(team_id)
    form = TeamForm(request.POST or None, initial={"name": team.name, "lead": team.lead_id})
    if request.method == "POST" and form.is_valid():
        edited = carry_out(form, edit_team, actor=viewer, team=team, now=timezone.now(), **form.cleaned_data)
        if edited:
            return done(request, to=TEAMS, toast=Toast(_("%s saved.") % edited.name))
    return _page(request, team, form, MemberForm())


def _page(request: HttpRequest, team: Team, form: TeamForm, member_form: MemberForm) -> HttpResponse:
    context = {
        "team": team,
        "form": form,
        "member_form": member_form,
        "members": members_of(team.pk),
        "roles": roles_within(team.pk),
        "in_hand": in_hand(of="team", owner_id=team.pk, viewer=viewer_of(request)),
    }
    wrong = form.errors or member_form.errors
    return render(request, "accounts/team_edit.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def member_add(request: HttpRequest, team_id: int) -> HttpResponse:
    """Puts somebody in the team."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    team = team_of(team_id)
    form = MemberForm(request.POST)
    if form.is_valid():
        added = carry_out(form, add_member, actor=viewer, team=team, now=timezone.now(), **form.cleaned_data)
        if added:
            words = _("%(name)s is in %(team)s.") % {"name": added.user.name, "team": team.name}
            return done(request, to=f"{TEAMS}{team.pk}/", toast=Toast(words))
    return _page(request, team, TeamForm(initial={"name": team.name, "lead": team.lead_id}), form)


@login_required
@require_POST
def member_remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Takes somebody out of their team."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    membership = membership_of(membership_id)
    end_membership(actor=viewer, membership=membership, now=timezone.now())
    words = _("%(name)s is no longer in %(team)s.")
    toast = Toast(words % {"name": membership.user.name, "team": membership.team.name})
    return done(request, to=f"{TEAMS}{membership.team_id}/", toast=toast)


@login_required
@require_POST
def team_close(request: HttpRequest, team_id: int) -> HttpResponse:
    """Closes a team."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    team = close_team(actor=viewer, team=team_of(team_id), now=timezone.now())
    return done(request, to=TEAMS, toast=Toast(_("%s is closed.") % team.name))
