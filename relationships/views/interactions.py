"""What was written down: its versions, its correction, and the problem raised in it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import Missing
from relationships.forms.interactions import CorrectionForm, ProblemClosingForm
from relationships.forms.refusals import carry_out
from relationships.models import Interaction
from relationships.operations.interactions import close_problem, correct_interaction
from relationships.permissions import may_in
from relationships.queries.interactions import versions
from relationships.templatetags.vocabulary import record_url
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

CHANGED = {"interaction:logged": True}


@login_required
@require_safe
def interaction_versions(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """An entry as it is now and as it was, newest first."""
    viewer = viewer_of(request)
    interaction = _visible(viewer, interaction_id)
    told = versions(viewer, interaction)
    relationship = interaction.relationship
    may_log = may_in(viewer, Permission.LOG_INTERACTIONS, relationship)
    theirs = viewer.pk in (told[0].actor_id, told[0].recorded_by_id)
    may_correct = may_log and (theirs or may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship))
    return render(
        request,
        "relationships/interaction_versions.html",
        {
            "relationship": relationship,
            "newest": told[0],
            "versions": told,
            "may_correct": may_correct,
            "may_close": may_log and told[0].problem_severity and not told[0].problem_closed_at,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def interaction_correct(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Writes a new version; the old one stays readable."""
    viewer = viewer_of(request)
    interaction = _visible(viewer, interaction_id)
    form = CorrectionForm(request.POST or None, interaction=interaction)
    to = back_of(request, record_url(interaction.relationship))
    if request.method == "POST" and form.is_valid():
        given = {"reason": form.cleaned_data["reason"], **form.changes()}
        if carry_out(
            form, correct_interaction, actor=viewer, interaction=interaction, now=timezone.now(), **given
        ):
            return done(request, to=to, toast=Toast(_("Entry corrected.")), events=CHANGED)
    action, fields = f"/interactions/{interaction_id}/corrections/", "relationships/_correction_fields.html"
    return ask(request, Dialog(_("Correct the entry"), action, fields, _("Save correction"), to), form)


@login_required
@require_http_methods(["GET", "POST"])
def problem_close(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """The problem raised in an entry is solved."""
    viewer = viewer_of(request)
    interaction = _visible(viewer, interaction_id)
    form = ProblemClosingForm(request.POST or None)
    to = back_of(request, record_url(interaction.relationship))
    if request.method == "POST" and form.is_valid():
        given = {"interaction": interaction, **form.cleaned_data}
        if carry_out(form, close_problem, actor=viewer, now=timezone.now(), **given):
            return done(request, to=to, toast=Toast(_("Problem closed.")), events=CHANGED)
    action, fields = f"/interactions/{interaction_id}/problem-closing/", "relationships/_reason_fields.html"
    return ask(request, Dialog(_("Close the problem"), action, fields, _("Close problem"), to), form)


def _visible(viewer: User, interaction_id: int) -> Interaction:
    found = Interaction.objects.visible_to(viewer).filter(pk=interaction_id)
    interaction = found.select_related("relationship").first()
    if interaction is None:
        raise Missing(_("There is no such entry."))
    return interaction
