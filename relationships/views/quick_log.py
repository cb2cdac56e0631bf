"""Logging from anywhere: one line with a live preview, or the phone's sheet; both are the same operation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from analytics.quicklog import name_key
from core.addresses import is_id
from core.http import Toast, done, is_htmx
from core.refusals import Invalid
from relationships.forms.composer import channel_options
from relationships.forms.promises import accepted_promises
from relationships.forms.quick_log import LONGEST_LINE, LineForm, SheetForm
from relationships.models import Interaction, Party, Relationship
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.quick_log import Beside, log_line
from relationships.queries.interactions import what_came_of
from relationships.queries.quick_log import ReadLog, read_line
from relationships.queries.quick_log_suggestions import suggested, their_names
from relationships.queries.relationship_list import today_of
from relationships.templatetags.vocabulary import record_url
from relationships.ui.found_promises import OfferedPromise, suggestions
from relationships.ui.quick_log import Preview, preview_of

ANSWER = "answer:"


@login_required
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The dialog (or page) to log with; POST writes the line down or asks what is not sure."""
    if request.method == "POST":
        return _log_sheet(request) if "body" in request.POST else _log_line(request)
    return _page(request, LineForm(initial={"line": request.GET.get("line", "")[:LONGEST_LINE]}), SheetForm())


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How the line reads so far; asked at every pause in typing, so it writes nothing."""
    shown = _preview(request, request.POST.get("line", "")[:LONGEST_LINE])
    context = {"preview": shown, "answers": _answers(request), "found": _found(request, shown.read)}
    return render(request, "relationships/_log_preview.html", context)


@login_required
@require_POST
def promises(request: HttpRequest) -> HttpResponse:
    """What the phone's sheet says that may be a promise; it writes nothing."""
    return render(request, "relationships/_promises_found.html", {"found": _sheet_found(request)})


def _log_line(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    form = LineForm(request.POST)
    line = (request.POST.get("use_line", "") or request.POST.get("line", ""))[:LONGEST_LINE]
    found, wrong = accepted_promises(request.POST)
    if wrong or not form.is_valid():
        return _asked(request, form, line, wrong)
    try:
        logged = log_line(
            actor=viewer,
            line=line,
            now=now,
            answers=_answers(request),
            relationship=_relationship(viewer, request),
            idempotency_key=form.cleaned_data["idempotency_key"],
            beside=Beside(commitments=found),
        )
    except Invalid as refusal:
        return _asked(request, form, line, [words for said in refusal.errors.values() for words in said])
    return _logged(request, logged)


def _asked(request: HttpRequest, form: LineForm, line: str, refused: Sequence[str]) -> HttpResponse:
    """422: what is still to be said, beside the line; what the preview cannot know is said above it."""
    shown = _preview(request, line)
    context = {"preview": shown, "answers": _answers(request), "asking": True}
    context |= {"found": _found(request, shown.read)}
    if shown.read.is_clear:
        context["refused"] = refused
    if is_htmx(request):
        return render(request, "relationships/_log_preview.html", context, status=422)
    return _page(request, form, SheetForm(), context, status=422)


def _log_sheet(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    form = SheetForm(request.POST)
    found, wrong = accepted_promises(request.POST)
    for words in wrong:
        form.add_error("body", words)
    if form.is_valid():
        line, answers, relationship = _sheet_line(viewer, form)
        beside = replace(_beside(viewer, form, now), commitments=found)
        try:
            return _logged(
                request,
                log_line(
                    actor=viewer,
                    line=line,
                    now=now,
                    answers={**answers, **_answers(request)},
                    relationship=relationship,
                    idempotency_key=form.cleaned_data["idempotency_key"],
                    beside=beside,
                ),
            )
        except Invalid as refusal:
            form.add_error("body", " ".join(words for said in refusal.errors.values() for words in said))
    return _page(request, LineForm(), form, {"sheet_found": _sheet_found(request)}, status=422)


def _sheet_line(viewer: User, form: SheetForm) -> tuple[str, dict[str, str], Relationship | None]:
    """The sheet as a line, with the answers to who is meant: the taps have said it."""
    relationship_id, _dash, person_id = (form.cleaned_data["party"] or "").partition("-")
    wanted = int(relationship_id or form.cleaned_data["relationship"])
    relationship = Relationship.objects.visible_to(viewer).filter(pk=wanted).first()
    person = Party.objects.filter(pk=int(person_id)).first() if person_id else None
    body = form.cleaned_data["body"]
    channel = form.cleaned_data["channel"]
    if person is None or relationship is None:
        return f"{channel}: {body}", {}, relationship
    name = person.name.replace('"', "")
    return f'{channel} "{name}": {body}', {f"person:{name_key(name)}": f"party:{person.pk}"}, relationship


def _beside(viewer: User, form: SheetForm, now: datetime) -> Beside:
    day = form.next_day(today_of(viewer, now))
    channel = form.cleaned_data["channel"]
    return Beside(
        outcome=form.cleaned_data["outcome"],
        tone=float(form.cleaned_data["felt"]) if form.cleaned_data["felt"] else None,
        follow_up=FollowUpDraft(_("Get in touch"), day, channel="" if channel == "note" else channel)
        if day
        else None,
    )


def _logged(request: HttpRequest, logged: Interaction) -> HttpResponse:
    """Tells every part of the page that shows the relationship; the toast leads to it."""
    relationship = logged.relationship
    promises, plans = what_came_of(logged)
    added = [
        ngettext("%(n)s commitment added", "%(n)s commitments added", promises) % {"n": promises},
        ngettext("%(n)s follow-up planned", "%(n)s follow-ups planned", plans) % {"n": plans},
    ]
    said = ", ".join(words for words, number in zip(added, (promises, plans), strict=True) if number)
    link = format_html('<a class="link" href="{}">{}</a>', record_url(relationship), relationship.party_name)
    text = format_html("{}{}{}", said, _(" for ") if said else "", link)
    toast = Toast(text, title=_("%(channel)s logged") % {"channel": logged.get_channel_display()})
    events = {"interaction:logged": {"relationship": relationship.pk, "interaction": logged.pk}}
    return done(request, to=record_url(relationship), toast=toast, events=events)


def _preview(request: HttpRequest, line: str) -> Preview:
    viewer, now = viewer_of(request), timezone.now()
    read = read_line(
        actor=viewer,
        line=line,
        now=now,
        relationship=_relationship(viewer, request),
        answers=_answers(request),
    )
    return preview_of(read, viewer=viewer, now=now)


def _found(request: HttpRequest, read: ReadLog) -> list[OfferedPromise]:
    """The promises that may be in the words of a line, for somebody who may put them in the ledger."""
    viewer = viewer_of(request)
    if not read.parsed.text or not viewer.may(Permission.MANAGE_COMMITMENTS):
        return []
    today = today_of(viewer, timezone.now())
    names = their_names(read, read.relationship)
    return suggestions(read.parsed.text, data=request.POST, today=today, their_names=names)


def _sheet_found(request: HttpRequest) -> list[OfferedPromise]:
    """The same for the text of the sheet, which names nobody."""
    viewer = viewer_of(request)
    if not viewer.may(Permission.MANAGE_COMMITMENTS):
        return []
    text = request.POST.get("body", "")[:LONGEST_LINE]
    return suggestions(text, data=request.POST, today=today_of(viewer, timezone.now()))


def _page(
    request: HttpRequest,
    form: LineForm,
    sheet: SheetForm,
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    relationship = _relationship(viewer, request)
    shown = _preview(request, form["line"].value() or "")
    context = {
        "form": form,
        "sheet": sheet,
        "relationship": relationship,
        "preview": shown,
        "found": _found(request, shown.read),
        "answers": {},
        "suggestions": suggested(viewer=viewer, now=now, relationship=relationship),
        "channels": channel_options(),
        **(more or {}),
    }
    part = "#dialog" if is_htmx(request) else ""
    return render(request, f"relationships/log_entry.html{part}", context, status=status)


def _relationship(viewer: User, request: HttpRequest) -> Relationship | None:
    """The relationship on whose record the line is typed, when the viewer may know of it."""
    asked = request.POST.get("relationship", "") or request.GET.get("relationship", "")
    if not is_id(asked):
        return None
    return Relationship.objects.visible_to(viewer).select_related("party").filter(pk=int(asked)).first()


def _answers(request: HttpRequest) -> dict[str, str]:
    """The answers given so far, by the question's key."""
    return {
        name.removeprefix(ANSWER): str(value)
        for name, value in request.POST.items()
        if name.startswith(ANSWER) and value
    }
