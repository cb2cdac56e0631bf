"""Playbooks: started on a relationship, done step by step, closed with what they changed."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from accounts.queries.calendars import working_calendar
from analytics.business_time import working_day
from core.refusals import Conflict, Invalid, Missing
from relationships import kinds
from relationships.enums import FollowUpState, RunEffect, Verb
from relationships.models import FollowUp, PlaybookRun, PlaybookRunStep, Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.events import record_event, record_events
from relationships.operations.follow_ups import FollowUpDraft, cancel_follow_up, settle, write_follow_up
from relationships.operations.inputs import Problems, local_day
from relationships.operations.submissions import first_of, fulfil


@transaction.atomic
def start_playbook(
    *,
    actor: User,
    relationship: Relationship,
    playbook: str,
    now: datetime,
    assignee: User | None = None,
    aim: str = "",
    idempotency_key: str = "",
) -> PlaybookRun:
    """Plans the steps of one of the kind's playbooks as follow-ups on working days, for whoever is named.

    Without anybody named they are the owner's, or the actor's when the owner has left. A playbook runs once at
    a time on a relationship.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_FOLLOW_UPS)
    first = first_of(actor, idempotency_key, PlaybookRun, now)
    if first is not None:
        return first
    declared = _declared(held, playbook)
    problems = Problems()
    words = problems.text("aim", aim, most=300)
    problems.refuse()
    run = PlaybookRun.objects.create(
        relationship=held,
        playbook=declared.slug,
        label=str(declared.label),
        aim=words,
        started_at=now,
        started_by=actor,
    )
    _plan(run, held, declared, assignee or (held.owner if held.owner.is_active else actor), actor, now)
    _tell(run, held, Verb.PLAYBOOK_STARTED, actor, now, reason=words)
    fulfil(actor, idempotency_key, run)
    settle([held.pk], now=now)
    return run


@transaction.atomic
def skip_step(*, actor: User, step: PlaybookRunStep, reason: str, now: datetime) -> PlaybookRunStep:
    """Leaves a step out, with the reason; its follow-up is let go. Raises Missing, NotAllowed, Conflict, Invalid."""
    run, held = _hold(actor, step.run_id)
    found = run.steps.select_related("follow_up").select_for_update(of=("self",)).filter(pk=step.pk).first()
    if found is None:
        raise Missing(_("There is no such step."))
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    _skip(found, actor, now, words)
    data = {"step": found.follow_up.what}
    _tell(run, held, Verb.PLAYBOOK_STEP_SKIPPED, actor, now, reason=words, data=data)
    return found


@transaction.atomic
def close_playbook(*, actor: User, run: PlaybookRun, effect: str, note: str, now: datetime) -> PlaybookRun:
    """Ends a run and says what it changed; steps that are still open are skipped for that reason."""
    held_run, held = _hold(actor, run.pk)
    problems = Problems()
    problems.choice("effect", effect, RunEffect.values)
    words = problems.text("note", note, most=400, required=True)
    problems.refuse()
    for step in held_run.steps.select_related("follow_up__assignee").order_by("position"):
        if step.follow_up.state == FollowUpState.OPEN:
            _skip(step, actor, now, words)
    held_run.closed_at, held_run.closed_by = now, actor
    held_run.effect, held_run.effect_note = effect, words
    held_run.save(update_fields=["closed_at", "closed_by", "effect", "effect_note"])
    _tell(held_run, held, Verb.PLAYBOOK_CLOSED, actor, now, reason=words, data={"effect": effect})
    return held_run


def _declared(held: Relationship, slug: str) -> kinds.Playbook:
    """The playbook, when the kind has it and it is not running here."""
    declared = kinds.registry.get(held.kind)
    found = declared.playbook(slug)
    if found is None:
        known = ", ".join(playbook.slug for playbook in declared.playbooks)
        words = _("“%(value)s” is not known here. Possible: %(known)s.") % {"value": slug, "known": known}
        raise Invalid({"playbook": words})
    if held.playbook_runs.filter(playbook=slug, closed_at=None).exists():
        raise Conflict(_("“%(label)s” is running here already.") % {"label": found.label})
    return found


def _plan(
    run: PlaybookRun, held: Relationship, declared: kinds.Playbook, to: User, actor: User, now: datetime
) -> None:
    """The steps as follow-ups; the caller settles counts and next touch after."""
    today, told = local_day(now, held.business_unit), []
    for position, step in enumerate(declared.steps):
        due = _day_of(held.business_unit, today, step.offset_days)
        draft = FollowUpDraft(str(step.what), due, to, channel=step.channel)
        follow_up, line = write_follow_up(actor=actor, held=held, draft=draft, now=now)
        PlaybookRunStep.objects.create(run=run, position=position, follow_up=follow_up)
        told.append(line)
    record_events(told)


def _day_of(unit: BusinessUnit, today: date, offset: int) -> date:
    """So many working days after today; for none today itself, or the next working day."""
    calendar = working_calendar(unit, today.year, today.year + 2)
    return (
        working_day(calendar, today, offset)
        if offset
        else working_day(calendar, today - timedelta(days=1), 1)
    )


def _hold(actor: User, run_id: int) -> tuple[PlaybookRun, Relationship]:
    """The open run and its relationship, both locked."""
    seen = PlaybookRun.objects.visible_to(actor).filter(pk=run_id).first()
    if seen is None:
        raise Missing(_("There is no such playbook here."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_FOLLOW_UPS)
    run = PlaybookRun.objects.select_for_update().get(pk=run_id)
    if run.closed_at is not None:
        raise Conflict(_("“%(label)s” is closed already.") % {"label": run.label})
    return run, held


def _skip(step: PlaybookRunStep, actor: User, now: datetime, reason: str) -> FollowUp:
    cancelled = cancel_follow_up(actor=actor, follow_up=step.follow_up, now=now, reason=reason)
    step.follow_up = cancelled
    step.skipped_at, step.skipped_reason = now, reason
    step.save(update_fields=["skipped_at", "skipped_reason"])
    return cancelled


def _tell(
    run: PlaybookRun,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, str] | None = None,
) -> None:
    record_event(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        subject=run,
        reason=reason,
        data={"label": run.label, **(data or {})},
    )
