"""Weekly briefs: made once from what is kept, checked by their hash, read, and decided on."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.queries.actors import system_actor
from core.refusals import Invalid, NotAllowed
from dashboards.models import Brief, BriefDecision, BriefReading, HealthCell
from dashboards.operations.cells import add_up
from dashboards.queries.brief_facts import facts_of, hash_of
from relationships.models import FollowUp, Relationship
from relationships.operations.follow_ups import plan_follow_up
from relationships.permissions import may_in


def last_monday(now: datetime) -> date:
    """The Monday whose week is over, in UTC as all scheduled work."""
    day = now.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


@transaction.atomic
def make_brief(*, now: datetime, week: date | None = None, actor: User | None = None) -> Brief:
    """The brief of the week that ended on the Monday `week`, the last one unless told; made once, then the same.

    Raises Invalid for a day that is no Monday or lies ahead.
    """
    week = week or last_monday(now)
    if week.weekday() or week > now.astimezone(UTC).date():
        words = _("%(day)s is not a Monday that has come.") % {"day": week.isoformat()}
        raise Invalid({"week": words})
    found = Brief.objects.filter(week=week).first()
    if found is not None:
        return found
    if not HealthCell.objects.filter(week=week).exists():
        add_up(now=now, week=week)
    facts, actor = facts_of(week), actor or system_actor()
    made, is_new = Brief.objects.get_or_create(
        week=week, defaults={"facts": facts, "sha256": hash_of(facts), "made_at": now, "made_by": actor}
    )
    if is_new:
        _audit("brief_made", made, actor, now)
    return made


def is_reproducible(brief: Brief) -> bool:
    """Whether what is frozen still has its hash, and the same facts come out of what is kept today."""
    return hash_of(brief.facts) == brief.sha256 == hash_of(facts_of(brief.week))


def note_reading(*, brief: Brief, reader: User, now: datetime) -> None:
    """Remembers when somebody first opened a brief."""
    BriefReading.objects.bulk_create(
        [BriefReading(brief=brief, reader=reader, read_at=now)], ignore_conflicts=True
    )


@transaction.atomic
def decide(
    *,
    actor: User,
    brief: Brief,
    what: str,
    now: datetime,
    relationship_id: int | None = None,
    due_date: date | None = None,
) -> BriefDecision:
    """Records a decision; with a relationship and a day, its owner gets the follow-up.

    Raises Invalid for words that are missing or too long, for a relationship that the actor may not know of,
    and for a day without a relationship; NotAllowed without the right to manage the relationship.
    """
    words = what.strip()
    if not words or len(words) > 300 or "\x00" in words:
        raise Invalid({"what": _("Say what was decided, in at most 300 characters.")})
    relationship = _relationship(actor, relationship_id)
    if due_date is not None and relationship is None:
        raise Invalid({"due_date": _("A follow-up needs a relationship: choose one.")})
    follow_up: FollowUp | None = None
    if relationship is not None and due_date is not None:
        follow_up = plan_follow_up(
            actor=actor,
            relationship=relationship,
            what=words,
            due_date=due_date,
            now=now,
            assignee=relationship.owner,
        )
    decision = BriefDecision.objects.create(
        brief=brief,
        what=words,
        relationship=relationship,
        follow_up=follow_up,
        decided_at=now,
        decided_by=actor,
    )
    _audit("brief_decided", brief, actor, now)
    return decision


def _relationship(actor: User, relationship_id: int | None) -> Relationship | None:
    """The relationship decided on. Raises as `decide` says."""
    if relationship_id is None:
        if not actor.may(Permission.MANAGE_RELATIONSHIPS):
            raise NotAllowed(_("Deciding is for those who manage relationships."))
        return None
    seen = Relationship.objects.visible_to(actor).select_related("owner")
    found = seen.filter(pk=relationship_id).first()
    if found is None:
        raise Invalid({"relationship": _("There is no such relationship.")})
    if not may_in(actor, Permission.MANAGE_RELATIONSHIPS, found):
        raise NotAllowed(_("Deciding on this relationship is for those who manage it."))
    return found


def _audit(verb: str, brief: Brief, actor: User, now: datetime) -> None:
    record_audit(actor_id=actor.pk, verb=verb, now=now, subject_type="brief", subject_id=brief.pk)
