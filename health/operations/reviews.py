"""Reviews from due to closed: facts frozen once, a verdict by people, an exit by two, and a look back later."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import Conflict, Missing, NotAllowed
from core.transitions import Transition
from health.enums import ReviewState, ReviewVerdict
from health.models import Review
from health.operations.notices import ask_second_person, tell_approved, tell_due
from health.queries.review_facts import exit_rules, gather_facts, hash_of, propose
from health.transitions import REVIEW
from relationships.models import Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems

MOVED = "health.review_moved"
QUARTER = timedelta(days=91)
LOOK_BACK_AFTER = timedelta(days=182)
AT_A_TIME = 200

OPEN_DUE = """
INSERT INTO health_review (relationship_id, state, due_date, facts, facts_hash, proposed, discussion, verdict,
                           reason, plan, created_at)
SELECT r.id, 'due', %(today)s, '{}', '', '', '', '', '', '', %(now)s
FROM relationships_relationship r
JOIN relationships_relationshipstate st ON st.relationship_id = r.id
LEFT JOIN LATERAL (
    SELECT v.next_review_date FROM health_review v WHERE v.relationship_id = r.id ORDER BY v.id DESC LIMIT 1
) last ON TRUE
WHERE r.closed_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM health_review v WHERE v.relationship_id = r.id AND v.state <> 'closed')
  AND (last.next_review_date <= %(today)s
       OR (last.next_review_date IS NULL AND r.opened_at < %(quarter_ago)s
           AND (st.value_tier = 'A' OR st.health_status = 'at_risk')))
ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def open_due_reviews(*, now: datetime) -> int:
    """Makes a review due wherever its day has come, and first for tier A and what is at risk."""
    given = {"now": now, "today": now.astimezone(UTC).date(), "quarter_ago": now - QUARTER}
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DUE, given)
        opened = [review_id for (review_id,) in cursor.fetchall()]
    tell_due(opened, now=now)
    return len(opened)


@transaction.atomic
def begin_review(*, actor: User, relationship: Relationship, now: datetime) -> Review:
    """A review now, out of turn; the one that is open when there is one."""
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    found = Review.objects.filter(relationship=held).exclude(state=ReviewState.CLOSED).first()
    return found or Review.objects.create(
        relationship=held, due_date=now.astimezone(UTC).date(), created_at=now
    )


@transaction.atomic
def prepare_review(*, actor: User, review: Review, now: datetime) -> Review:
    """Freezes the facts as they are, with the verdict that the rules propose from them."""
    found, move = _resolve(actor, review, "prepare")
    found.facts = gather_facts(found.relationship, now=now)
    found.facts_hash = hash_of(found.facts)
    found.proposed = propose(found.facts)[0]
    found.prepared_at = now
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def discuss_review(*, actor: User, review: Review, discussion: str, now: datetime) -> Review:
    """What was said about it."""
    found, move = _resolve(actor, review, "discuss")
    problems = Problems()
    found.discussion = problems.text("discussion", discussion, most=4000, required=True)
    problems.refuse()
    found.discussed_at, found.discussed_by = now, actor
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def decide_review(
    *,
    actor: User,
    review: Review,
    verdict: str,
    reason: str,
    next_review_date: date,
    now: datetime,
    plan: str = "",
    notice_date: date | None = None,
    data_note: str = "",
) -> Review:
    """A person decides. Repair, grow and exit want a plan; an exit is refused unless the frozen facts allow it.

    An exit also says when it is told to them, and what is kept of their data.
    """
    found, move = _resolve(actor, review, "decide")
    problems = Problems()
    problems.choice("verdict", verdict, ReviewVerdict.values)
    found.reason = problems.text("reason", reason, most=400, required=True)
    found.plan = problems.text("plan", plan, most=4000, required=verdict != ReviewVerdict.KEEP)
    problems.day("next_review_date", next_review_date)
    if next_review_date <= now.astimezone(UTC).date():
        problems.add("next_review_date", _("The next review lies ahead."))
    leaves = verdict == ReviewVerdict.EXIT
    found.data_note = problems.text("data_note", data_note if leaves else "", most=400, required=leaves)
    found.notice_date = notice_date if leaves else None
    if leaves and notice_date is None:
        problems.add("notice_date", _("Say when they are told."))
    unmet = [rule.words for rule in exit_rules(found.facts) if not rule.is_met]
    if leaves and unmet:
        problems.add("verdict", _("An exit is not open: %(unmet)s.") % {"unmet": "; ".join(unmet)})
    problems.refuse()
    found.verdict, found.next_review_date = verdict, next_review_date
    found.decided_at, found.decided_by = now, actor
    if leaves:
        ask_second_person(found, actor=actor, besides=(), now=now)
    return _moved(found, move, actor=actor, now=now, reason=found.reason)


@transaction.atomic
def approve_exit(*, actor: User, review: Review, now: datetime) -> Review:
    """The second person agrees to an exit. Raises NotAllowed for whoever decided it."""
    found = _hold(actor, review)
    if found.verdict != ReviewVerdict.EXIT or found.state != ReviewState.DECIDED or found.approved_at:
        raise Conflict(_("There is no exit here that waits for a second person."))
    if found.decided_by_id == actor.pk:
        raise NotAllowed(_("Somebody else has to agree to an exit that you decided."))
    found.approved_at, found.approved_by = now, actor
    found.save()
    tell_approved(found, asked_by=found.decided_by_id, actor=actor, now=now)
    return found


@transaction.atomic
def run_review(*, actor: User, review: Review, now: datetime) -> Review:
    """Starts the plan. An exit starts only when two agree and nothing is promised any more."""
    found, move = _resolve(actor, review, "run")
    _refuse_open_promises(found)
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def close_review(*, actor: User, review: Review, now: datetime) -> Review:
    """Ends it; half a year after the decision its facts are looked at again."""
    found, move = _resolve(actor, review, "close")
    _refuse_open_promises(found)
    found.closed_at, found.closed_by = now, actor
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def compare_reviews(*, now: datetime, limit: int = AT_A_TIME) -> int:
    """Writes beside the frozen facts what they are two quarters later; returns for how many."""
    due = Review.objects.filter(
        state=ReviewState.CLOSED, compared_at=None, decided_at__lte=now - LOOK_BACK_AFTER
    ).select_related("relationship__state", "relationship__business_unit")
    found = list(due.order_by("decided_at", "pk").select_for_update(of=("self",), skip_locked=True)[:limit])
    for review in found:
        review.later, review.compared_at = gather_facts(review.relationship, now=now), now
    Review.objects.bulk_update(found, ["later", "compared_at"])
    return len(found)


def _refuse_open_promises(review: Review) -> None:
    open_now = review.relationship.state.open_commitments
    if review.verdict == ReviewVerdict.EXIT and open_now:
        raise Conflict(
            _("%(n)d promises are still open; keep, withdraw or hand them on first.") % {"n": open_now},
            missing=["open_commitments"],
        )


def _hold(actor: User, review: Review) -> Review:
    seen = Review.objects.visible_to(actor).filter(pk=review.pk).first()
    if seen is None:
        raise Missing(_("There is no such review."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_RELATIONSHIPS)
    found = Review.objects.get(pk=seen.pk)
    found.relationship = held
    return found


def _resolve(actor: User, review: Review, name: str) -> tuple[Review, Transition]:
    found = _hold(actor, review)
    return found, REVIEW.resolve(name, found)


def _moved(found: Review, move: Transition, *, actor: User, now: datetime, reason: str = "") -> Review:
    found.state = move.target
    found.save()
    record_event(
        relationship=found.relationship,
        party=found.relationship.party,
        verb=MOVED,
        actor=actor,
        now=now,
        subject=found,
        reason=reason,
        data={"state": found.state, "verdict": found.verdict},
    )
    return found
