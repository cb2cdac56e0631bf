"""The composer: what is typed on a record is read, shown back, and written down with what was tapped beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.http import Toast, done, fragment, is_htmx
from core.refusals import Invalid
from relationships.enums import Channel
from relationships.forms.composer import LONGEST, ComposerForm, asked_channel
from relationships.forms.promises import accepted_promises
from relationships.models import Event, Interaction, Party, Relationship
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.drafts import discard_draft, save_draft
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.quick_log import Beside, log_line
from relationships.permissions import may_in
from relationships.queries.interactions import what_came_of
from relationships.queries.people import Tie, persons_of
from relationships.queries.quick_log import read_line
from relationships.queries.quick_log_suggestions import their_names
from relationships.queries.record import visible_relationship
from relationships.queries.relationship_list import today_of
from relationships.ui.found_promises import suggestions
from relationships.ui.quick_log import preview_of
from relationships.views.record import PAGE, composing, frame, opened, pieces, timeline_context

ANSWER = "answer:"
FIELDS = {
    "line": "body", "body": "body", "happened_at": "day", "duration_minutes": "minutes",
    "commitments.0.due_date": "promise_due", "commitments.0.what": "promise_what",
    "follow_up.due_date": "next_due", "follow_up.what": "next_what",
}  # fmt: skip


@login_required
@require_POST
def interaction_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Writes down what was composed; for htmx answers with a fresh composer and everything that moved."""
    now = timezone.now()
    meant = Relationship(pk=relationship_id, kind=kind)  # whoever logs looks it up, and holds it
    form = ComposerForm(request.POST, persons=_persons(request, meant, now))
    logged = _log(request, meant, now, form) if form.is_valid() else None
    if logged is None:
        here = opened(request, kind, relationship_id)
        context = composing(here, form=form) | frame(here, "overview") | _found(request, here.relationship)
        if is_htmx(request):
            return fragment(request, "relationships/_composer.html", context, status=422)
        context |= timeline_context(request, here)
        return render(request, PAGE, context, status=422)
    toast = _toast(logged)
    if not is_htmx(request):
        return done(request, to=f"/{kind}/{relationship_id}/", toast=toast)
    after = opened(request, kind, relationship_id)
    event = Event.objects.filter(subject_type="interaction", subject_id=logged.pk).order_by("pk").first()
    context = pieces(request, after, event.pk if event else None) | composing(after, logged.channel)
    context |= {"with_strip": True}
    return fragment(request, "relationships/_logged.html", context, toast=toast)


@login_required
@require_POST
def interaction_preview(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """How the first line reads so far; it writes nothing."""
    relationship = visible_relationship(viewer_of(request), kind, relationship_id)
    return render(request, "relationships/_composer_found.html", _found(request, relationship))


@login_required
@require_POST
def interaction_draft(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Keeps what was typed so far, for its writer alone; says when."""
    viewer = viewer_of(request)
    draft = save_draft(
        actor=viewer,
        relationship=visible_relationship(viewer, kind, relationship_id),
        body=request.POST.get("body", "").replace("\r\n", "\n")[:LONGEST],
        channel=asked_channel(request.POST.get("channel", "")) or Channel.CALL,
        now=timezone.now(),
        form_key=request.POST.get("idempotency_key", ""),
    )
    here = f"/{kind}/{relationship_id}/"
    return render(request, "relationships/_composer_draft.html", {"draft": draft, "here": here})


@login_required
@require_POST
def interaction_draft_discard(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Drops the viewer's draft; for htmx answers with an empty composer."""
    viewer = viewer_of(request)
    discard_draft(actor=viewer, relationship=visible_relationship(viewer, kind, relationship_id))
    here = opened(request, kind, relationship_id)
    if not is_htmx(request):
        return done(request, to=here.here, toast=Toast(_("Draft discarded.")))
    context = composing(here) | frame(here, "overview")
    return fragment(request, "relationships/_composer.html", context, toast=Toast(_("Draft discarded.")))


def _persons(request: HttpRequest, meant: Relationship, now: datetime) -> list[Tie]:
    """Whom the form may name; nobody is looked up when it names none."""
    if not request.POST.getlist("people"):
        return []
    viewer = viewer_of(request)
    held = visible_relationship(viewer, meant.kind, meant.pk)
    return persons_of(viewer=viewer, relationship=held, as_of=today_of(viewer, now))


def _log(request: HttpRequest, held: Relationship, now: datetime, form: ComposerForm) -> Interaction | None:
    """The entry; None when something is to be asked or wrong, whose words the form then shows."""
    first, more = form.lines()
    found, wrong = accepted_promises(request.POST)
    for words in wrong if first else [_("Write what happened.")]:
        form.add_error("body", words)
    if form.errors:
        return None
    try:
        return log_line(
            actor=viewer_of(request),
            line=first,
            now=now,
            answers=_answers(request),
            relationship=held,
            idempotency_key=form.cleaned_data["idempotency_key"],
            beside=_beside(form, more, found, now, viewer_of(request).time_zone),
        )
    except Invalid as refusal:
        for field, messages in refusal.errors.items():
            for words in messages:
                form.add_error(FIELDS.get(field, "body"), words)
    return None


def _beside(
    form: ComposerForm, more: str, found: Sequence[CommitmentDraft], now: datetime, time_zone: str
) -> Beside:
    told = form.cleaned_data
    people = list(Party.objects.filter(pk__in=told["people"]).order_by("name", "pk"))
    person = people[0] if len(people) == 1 else None
    promises = [replace(draft, person=person) for draft in found]
    if told["promise_what"]:
        side = told["promise_direction"] or "ours"
        promises.append(CommitmentDraft(side, told["promise_what"], told["promise_due"], person=person))
    follow_up = None
    if told["next_due"]:
        follow_up = FollowUpDraft(told["next_what"] or _("Get in touch"), told["next_due"], person=person)
    return Beside(
        tone=float(told["felt"]) if told["felt"] else None,
        follow_up=follow_up,
        channel=told["channel"],
        direction=told["direction"],
        happened_at=form.happened_at(now, time_zone),
        minutes=told["minutes"],
        severity=told["severity"],
        people=people,
        commitments=promises,
        more=more,
        is_composed=True,
    )


def _found(request: HttpRequest, relationship: Relationship) -> dict[str, Any]:
    """How the text reads, with the answers given so far, and the promises that may be in it."""
    viewer, now = viewer_of(request), timezone.now()
    first, _break, more = request.POST.get("body", "")[:LONGEST].strip().partition("\n")
    line = first[:2000]
    read = read_line(actor=viewer, line=line, now=now, relationship=relationship, answers=_answers(request))
    found = []
    if may_in(viewer, Permission.MANAGE_COMMITMENTS, relationship):
        found = suggestions(
            f"{read.parsed.text}\n{more}",
            data=request.POST,
            today=today_of(viewer, now),
            their_names=their_names(read, relationship),
        )
    preview = preview_of(read, viewer=viewer, now=now)
    return {"preview": preview, "answers": _answers(request), "typed": line, "found": found}


def _answers(request: HttpRequest) -> dict[str, str]:
    """The answers given so far, by the question's key."""
    return {
        name.removeprefix(ANSWER): str(value)
        for name, value in request.POST.items()
        if name.startswith(ANSWER) and value
    }


def _toast(logged: Interaction) -> Toast:
    promises, plans = what_came_of(logged)
    added = [
        ngettext("%(n)s commitment added", "%(n)s commitments added", promises) % {"n": promises},
        ngettext("%(n)s follow-up planned", "%(n)s follow-ups planned", plans) % {"n": plans},
    ]
    said = [words for words, number in zip(added, (promises, plans), strict=True) if number]
    title = _("%(channel)s logged") % {"channel": logged.get_channel_display()}
    return Toast(", ".join(said) or _("It is on the timeline."), title=title)
