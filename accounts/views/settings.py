"""What somebody settles for themselves: profile, appearance, security, sessions."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.settings import AppearanceForm, ProfileForm
from accounts.middleware import viewer_of
from accounts.operations.preferences import choose_appearance, edit_profile
from accounts.operations.sessions import end_other_sessions, end_session
from accounts.queries.proofs import proofs_of
from accounts.queries.sessions import sessions_of
from core.forms import carry_out
from core.http import Toast, done


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, job title, time zone and language."""
    viewer = viewer_of(request)
    now = {name: getattr(viewer, name) for name in ("name", "job_title", "time_zone", "language")}
    form = ProfileForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        saved = carry_out(form, edit_profile, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if saved:
            return done(request, to="/settings/", toast=Toast(_("Profile saved.")))
    return render(
        request, "accounts/settings_profile.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Colours, and whether single keys act."""
    viewer = viewer_of(request)
    form = AppearanceForm(request.POST or None, initial={"theme": viewer.theme, "keys_on": viewer.keys_on})
    if request.method == "POST" and form.is_valid():
        saved = carry_out(form, choose_appearance, actor=viewer, **form.cleaned_data)
        if saved:
            return done(request, to="/settings/appearance/", toast=Toast(_("Appearance saved.")))
    return render(
        request, "accounts/settings_appearance.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """How the account is protected: password, authenticator app, passkeys, recovery codes."""
    return render(request, "accounts/settings_security.html", {"proofs": proofs_of(viewer_of(request))})


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in."""
    here = request.session.session_key or ""
    context = {"sessions": sessions_of(viewer_of(request), here=here, now=timezone.now())}
    return render(request, "accounts/settings_sessions.html", context)


@login_required
@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Signs one other browser out."""
    end_session(
        actor=viewer_of(request),
        session_id=session_id,
        here=request.session.session_key or "",
        now=timezone.now(),
    )
    return done(request, to="/settings/sessions/", toast=Toast(_("That browser has been signed out.")))


@login_required
@require_POST
def other_sessions_end(request: HttpRequest) -> HttpResponse:
    """Signs every other browser out."""
    end_other_sessions(actor=viewer_of(request), here=request.session.session_key or "", now=timezone.now())
    return done(request, to="/settings/sessions/", toast=Toast(_("Every other browser has been signed out.")))
