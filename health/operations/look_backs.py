"""Half a year after a proposal was accepted: asking what came of it, and writing that beside the estimate."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid, Missing
from health.enums import ActualSource
from health.models import BenefitLine, LookBack, Proposal
from relationships.enums import FollowUpState
from relationships.models import Relationship
from relationships.operations.access import hold_relationship, require
from relationships.operations.events import record_event, record_events
from relationships.operations.follow_ups import FollowUpDraft, finish_follow_up, settle, write_follow_up
from relationships.operations.inputs import local_day
from relationships.permissions import may_in

COMPARED = "health.proposal_compared"
AT_A_TIME = 200
LARGEST = Decimal(10) ** 12


@transaction.atomic
def ask_what_came(*, now: datetime, limit: int = AT_A_TIME) -> int:
    """Asks the owner of every proposal whose day has come, by a follow-up; returns for how many it was their day.

    A relationship that is closed, or whose owner has left or may not plan there, gets no follow-up: the proposal
    waits for its actuals all the same. Run again it asks nobody twice.
    """
    due = LookBack.objects.filter(asked_at=None, due_date__lte=now.astimezone(UTC).date())
    found = list(due.order_by("due_date", "pk").select_for_update(skip_locked=True)[:limit])
    for look_back in found:
        look_back.asked_at = now
        _plan(look_back, now)
    LookBack.objects.bulk_update(found, ["asked_at", "follow_up"])
    return len(found)


@transaction.atomic
def note_actuals(
    *, actor: User, proposal: Proposal, actuals: Mapping[int, tuple[Decimal, str]], now: datetime
) -> LookBack:
    """Writes what lines came to, by their id, with how that is known; what was written before may be corrected.

    Raises Conflict before the day has come, Invalid for a line of another proposal or an amount out of bounds.
    Once every line has its actual the follow-up that asked for them is done.
    """
    look_back = _hold(actor, proposal, now)
    lines = {line.pk: line for line in look_back.proposal.lines.order_by("pk")}
    _refuse_bad(lines, actuals)
    for pk, (amount, source) in actuals.items():
        lines[pk].actual, lines[pk].actual_source = amount, source
    BenefitLine.objects.bulk_update([lines[pk] for pk in actuals], ["actual", "actual_source"])
    look_back.noted_at, look_back.noted_by = now, actor
    look_back.save(update_fields=["noted_at", "noted_by"])
    known = [line for line in lines.values() if line.actual is not None]
    inside = sum(line.is_inside for line in known)
    _tell(look_back.proposal, actor, now, inside=inside, known=len(known), lines=len(lines))
    asked = look_back.follow_up
    if len(known) == len(lines) and asked is not None and asked.state == FollowUpState.OPEN:
        finish_follow_up(actor=actor, follow_up=asked, now=now)
    return look_back


def _plan(look_back: LookBack, now: datetime) -> None:
    held = (
        Relationship.objects.filter(proposals=look_back.proposal_id)
        .select_related("party", "business_unit", "owner", "team")
        .select_for_update(of=("self",), no_key=True)
        .get()
    )
    able = held.owner.is_active and may_in(held.owner, Permission.MANAGE_FOLLOW_UPS, held)
    if held.closed_at is not None or not able:
        return
    title = Proposal.objects.values_list("title", flat=True).get(pk=look_back.proposal_id)
    what = _("Ask them, and look up, what “%(title)s” brought both sides") % {"title": title}
    draft = FollowUpDraft(what, local_day(now, held.business_unit), held.owner)
    look_back.follow_up, line = write_follow_up(actor=system_actor(), held=held, draft=draft, now=now)
    record_events([line])
    settle([held.pk], now=now)


def _hold(actor: User, proposal: Proposal, now: datetime) -> LookBack:
    seen = Proposal.objects.visible_to(actor).filter(pk=proposal.pk).first()
    if seen is None:
        raise Missing(_("There is no such proposal."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_COMMITMENTS)
    require(actor, Permission.VIEW_MONEY, held)
    found = LookBack.objects.select_related("proposal", "follow_up").filter(proposal=seen).first()
    if found is None:
        raise Conflict(_("Only what was accepted is compared with what came of it."))
    if local_day(now, held.business_unit) < found.due_date:
        raise Conflict(
            _("What came of it is asked on %(day)s, half a year after it was accepted.")
            % {"day": found.due_date.isoformat()}
        )
    found.proposal.relationship = held
    return found


def _refuse_bad(lines: Mapping[int, BenefitLine], actuals: Mapping[int, tuple[Decimal, str]]) -> None:
    problems: dict[str, str] = {}
    if not actuals:
        problems["actuals"] = _("Say of at least one line what it came to.")
    for pk, (amount, source) in actuals.items():
        if pk not in lines:
            problems[f"actual_{pk}"] = _("This proposal has no such line.")
        elif not -LARGEST < amount < LARGEST:
            problems[f"actual_{pk}"] = _("“%(what)s”: this amount is too large.") % {"what": lines[pk].what}
        elif source not in ActualSource.values:
            problems[f"source_{pk}"] = _("“%(what)s”: say how it is known.") % {"what": lines[pk].what}
    if problems:
        raise Invalid(problems)


def _tell(proposal: Proposal, actor: User, now: datetime, **counts: Any) -> None:
    record_event(
        relationship=proposal.relationship,
        party=proposal.relationship.party,
        verb=COMPARED,
        actor=actor,
        now=now,
        subject=proposal,
        data={"title": proposal.title, **counts},
    )
