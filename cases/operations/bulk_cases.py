"""Many cases at once out of a file, set-based: numbered, with their past and their clocks, and nobody is told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from cases.enums import ENDED, CaseRemark, Verb
from cases.operations.bulk_clocks import draft_clocks
from cases.operations.refs import take_numbers
from core.refusals import NotAllowed
from relationships.models import Relationship
from relationships.operations.inputs import local_day
from relationships.permissions import may_in

PREPARE = """
DROP TABLE IF EXISTS case_drafts, step_drafts, clock_drafts, pause_drafts;
CREATE TEMP TABLE case_drafts (
    ref text PRIMARY KEY,
    n bigint NOT NULL,
    is_numbered boolean NOT NULL,
    relationship_id bigint NOT NULL,
    type text NOT NULL,
    channel text NOT NULL,
    subject text NOT NULL,
    severity int NOT NULL,
    state text NOT NULL,
    state_said text NOT NULL,
    product text NOT NULL,
    subproduct text NOT NULL,
    theme text NOT NULL,
    subtheme text NOT NULL,
    place text NOT NULL,
    outcome text NOT NULL,
    raised_at timestamptz,
    passed_on_at timestamptz,
    acknowledged_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    counts text[] NOT NULL,
    said_in_time boolean,
    remarks text[] NOT NULL DEFAULT '{}',
    values_key text NOT NULL,
    case_id bigint,
    cycle int NOT NULL DEFAULT 1,
    is_new boolean NOT NULL DEFAULT false,
    is_free boolean NOT NULL DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE step_drafts (
    n bigint NOT NULL,
    ref text NOT NULL,
    at timestamptz NOT NULL,
    step text NOT NULL,
    by text NOT NULL,
    state text NOT NULL,
    has_time boolean NOT NULL,
    source_key text NOT NULL,
    occurrence int NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE clock_drafts (
    ref text, type text, cycle int, policy_id bigint, target_minutes int, started_at timestamptz, due_at timestamptz,
    elapsed_seconds int, next_mark_at timestamptz, marked_percent int, stopped_at timestamptz,
    cancelled_at timestamptz, breached_at timestamptz
) ON COMMIT DROP;
CREATE TEMP TABLE pause_drafts (
    ref text, type text, cycle int, started_at timestamptz, ended_at timestamptz, reason text
) ON COMMIT DROP;
"""

RECOGNISE = """
CREATE INDEX ON step_drafts (ref);
ANALYZE case_drafts;
ANALYZE step_drafts;
UPDATE case_drafts draft SET case_id = known.case_id FROM cases_caseorigin known
WHERE known.source = %(source)s AND known.ref = draft.ref;
CREATE INDEX ON case_drafts (case_id);
ANALYZE case_drafts;
DELETE FROM step_drafts step USING case_drafts draft, cases_casestep known
WHERE draft.ref = step.ref AND known.case_id = draft.case_id
  AND known.source_key = step.source_key AND known.occurrence = step.occurrence;
UPDATE case_drafts SET is_new = true WHERE case_id IS NULL;
SELECT FROM cases_case WHERE id IN (SELECT case_id FROM case_drafts) ORDER BY id FOR NO KEY UPDATE;
UPDATE case_drafts draft SET is_free = true, severity = known.severity FROM cases_case known
WHERE known.id = draft.case_id AND NOT draft.is_new AND known.version = 1
  AND EXISTS (SELECT FROM step_drafts step WHERE step.ref = draft.ref)
  AND NOT EXISTS (SELECT FROM cases_casemessage said WHERE said.case_id = known.id)
  AND NOT EXISTS (SELECT FROM cases_question asked WHERE asked.case_id = known.id);
"""
"""Planned for as it is: before it is known which cases are there, every id is none, and the planner believes it.

A case that somebody has had to do with here takes further steps of its log, and stays where people have put it."""

SETTLE = """
UPDATE case_drafts SET
    closed_at = GREATEST(raised_at, passed_on_at, acknowledged_at, answered_at),
    counts = array_remove(counts, 'closed_at'),
    remarks = array_append(remarks, %(not_told)s)
WHERE state = ANY (%(ended)s) AND closed_at IS NULL AND raised_at IS NOT NULL;
UPDATE case_drafts SET closed_at = NULL, remarks = array_append(remarks, %(of_open)s)
WHERE state <> ALL (%(ended)s) AND closed_at IS NOT NULL;
UPDATE case_drafts SET remarks = array_append(remarks, %(days)s)
WHERE raised_at IS NOT NULL AND NOT remarks && ARRAY[%(days)s] AND (
    NOT 'raised_at' = ANY (counts)
    OR acknowledged_at IS NOT NULL AND NOT 'acknowledged_at' = ANY (counts)
    OR answered_at IS NOT NULL AND NOT 'answered_at' = ANY (counts)
    OR closed_at IS NOT NULL AND NOT 'closed_at' = ANY (counts) AND NOT %(not_told)s = ANY (remarks));
"""

REACHED = """
SELECT DISTINCT COALESCE(known.relationship_id, draft.relationship_id) FROM case_drafts draft
LEFT JOIN cases_case known ON known.id = draft.case_id
WHERE draft.is_new OR EXISTS (SELECT FROM step_drafts step WHERE step.ref = draft.ref) ORDER BY 1
"""

OPEN = """
UPDATE case_drafts SET case_id = nextval(pg_get_serial_sequence('cases_case', 'id')) WHERE is_new;
ANALYZE case_drafts;

INSERT INTO cases_case (
    id, ref, type, channel, relationship_id, person_id, subject, severity, concerns_safety, remedy_sought, owner_id,
    team_id, state, cycle, confidentiality, cause_result, cause, outcome, ended_reason, duplicate_of_id, follows_id,
    next_due_at, version, opened_at, opened_by_id, closed_at, closed_by_id)
SELECT draft.case_id,
       %(prefix)s || lpad(number::text, GREATEST(6, length(number::text)), '0'),
       draft.type, draft.channel, draft.relationship_id, NULL, draft.subject, draft.severity, false, '',
       CASE WHEN owner.is_active THEN owner.id ELSE %(owner)s END, relationship.team_id, draft.state, draft.cycle, 1,
       '', '', draft.outcome, '', NULL, NULL, NULL, 1, draft.raised_at, %(actor)s, draft.closed_at,
       CASE WHEN draft.closed_at IS NOT NULL THEN %(actor)s END
FROM (SELECT *, %(first)s - 1 + row_number() OVER (ORDER BY raised_at, n) AS number
      FROM case_drafts WHERE is_new) draft
JOIN relationships_relationship relationship ON relationship.id = draft.relationship_id
JOIN accounts_user owner ON owner.id = relationship.owner_id
ORDER BY draft.number;

INSERT INTO cases_caseorigin (
    case_id, source, ref, is_numbered, state_said, said_in_time, product, subproduct, theme, subtheme, place,
    passed_on_at, acknowledged_at, answered_at, remarks, values_key)
SELECT case_id, %(source)s, ref, is_numbered, state_said, said_in_time, product, subproduct, theme, subtheme, place,
       passed_on_at, acknowledged_at, answered_at, remarks, values_key
FROM case_drafts WHERE is_new ORDER BY case_id;

INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT own.relationship_id, relationship.party_id, %(verb)s, 'case', own.id, %(actor)s, own.opened_at, %(now)s, '',
       jsonb_build_object('ref', own.ref, 'subject', own.subject, 'type', own.type, 'severity', own.severity,
                          'source', %(source)s), 1
FROM case_drafts draft JOIN cases_case own ON own.id = draft.case_id
JOIN relationships_relationship relationship ON relationship.id = own.relationship_id
WHERE draft.is_new ORDER BY own.opened_at, own.id;
"""

ADD_STEPS = """
INSERT INTO cases_casestep (case_id, at, step, by, state, has_time, source_key, occurrence)
SELECT draft.case_id, step.at, step.step, step.by, step.state, step.has_time, step.source_key, step.occurrence
FROM step_drafts step JOIN case_drafts draft USING (ref)
ORDER BY draft.case_id, step.at, step.n
"""

GO_ON = """
UPDATE cases_case own SET state = draft.state, cycle = draft.cycle, opened_at = draft.raised_at,
       closed_at = draft.closed_at, closed_by_id = CASE WHEN draft.closed_at IS NOT NULL THEN %(actor)s END
FROM case_drafts draft WHERE draft.is_free AND own.id = draft.case_id;

UPDATE cases_caseorigin origin SET
    acknowledged_at = draft.acknowledged_at, answered_at = draft.answered_at, remarks = draft.remarks
FROM case_drafts draft WHERE draft.is_free AND origin.case_id = draft.case_id;

DELETE FROM cases_clockpause pause USING cases_caseclock clock, case_drafts draft
WHERE draft.is_free AND clock.case_id = draft.case_id AND pause.clock_id = clock.id;

DELETE FROM cases_caseclock clock USING case_drafts draft WHERE draft.is_free AND clock.case_id = draft.case_id
"""

ADD_CLOCKS = """
ANALYZE clock_drafts;
ANALYZE pause_drafts;

INSERT INTO cases_caseclock (
    case_id, type, cycle, policy_id, target_minutes, started_at, due_at, elapsed_seconds, next_mark_at, marked_percent,
    stopped_at, cancelled_at, breached_at)
SELECT draft.case_id, clock.type, clock.cycle, clock.policy_id, clock.target_minutes, clock.started_at, clock.due_at,
       clock.elapsed_seconds, clock.next_mark_at, clock.marked_percent, clock.stopped_at, clock.cancelled_at,
       clock.breached_at
FROM clock_drafts clock JOIN case_drafts draft USING (ref) ORDER BY draft.case_id, clock.cycle, clock.type;

INSERT INTO cases_clockpause (clock_id, started_at, ended_at, reason)
SELECT clock.id, pause.started_at, pause.ended_at, pause.reason
FROM pause_drafts pause JOIN case_drafts draft USING (ref)
JOIN cases_caseclock clock ON clock.case_id = draft.case_id AND clock.type = pause.type AND clock.cycle = pause.cycle
ORDER BY clock.id, pause.started_at;

UPDATE cases_case own SET next_due_at = (
    SELECT min(due_at) FROM cases_caseclock clock
    WHERE clock.case_id = own.id AND clock.stopped_at IS NULL AND clock.cancelled_at IS NULL)
FROM case_drafts draft WHERE (draft.is_new OR draft.is_free) AND own.id = draft.case_id AND draft.closed_at IS NULL
"""

COUNT = """
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_free),
       count(*) FILTER (WHERE NOT is_new AND NOT is_free),
       (SELECT count(*) FROM step_drafts)
FROM case_drafts
"""

TOLD = """
WITH told AS (
    SELECT origin.product, origin.theme, own.closed_at, origin.said_in_time, clock.stopped_at, clock.breached_at
    FROM case_drafts draft JOIN cases_case own ON own.id = draft.case_id JOIN cases_caseorigin origin USING (case_id)
    LEFT JOIN cases_caseclock clock
           ON clock.case_id = own.id AND clock.type = 'resolution' AND clock.cycle = own.cycle)
SELECT CASE WHEN grouping(product) = 0 THEN 'product' WHEN grouping(theme) = 0 THEN 'theme' ELSE 'all' END AS what,
       COALESCE(product, theme, '') AS name, count(*) AS cases, count(*) FILTER (WHERE closed_at IS NULL),
       count(*) FILTER (WHERE said_in_time), count(*) FILTER (WHERE NOT said_in_time),
       count(*) FILTER (WHERE stopped_at IS NOT NULL AND breached_at IS NULL),
       count(*) FILTER (WHERE breached_at IS NOT NULL)
FROM told GROUP BY GROUPING SETS ((product), (theme), ())
UNION ALL
SELECT 'remark', remark, count(*), 0, 0, 0, 0, 0
FROM case_drafts draft JOIN cases_caseorigin origin USING (case_id), unnest(origin.remarks) remark GROUP BY 2
UNION ALL
SELECT 'clock', clock.type, count(*),
       count(*) FILTER (WHERE clock.stopped_at IS NOT NULL AND clock.breached_at IS NULL),
       count(*) FILTER (WHERE clock.breached_at IS NOT NULL),
       count(*) FILTER (WHERE COALESCE(clock.stopped_at, clock.cancelled_at, clock.breached_at) IS NULL), 0, 0
FROM case_drafts draft JOIN cases_caseclock clock USING (case_id) GROUP BY 2
ORDER BY 1, 3 DESC, 2
"""
MOST_NAMED = 200
"""As many products and themes are told one by one."""


@dataclass(frozen=True)
class Taken:
    """Drafts that became cases, cases that went on, and those that are as they were; how many steps are new."""

    created: int
    updated: int
    unchanged: int
    steps: int
    told: dict[str, Any] = field(default_factory=dict)


def prepare_case_drafts() -> None:
    """Makes the empty tables `case_drafts`, one row a case, and `step_drafts`, until the transaction ends.

    A case that has steps takes its state and moments from them. `counts` names the moments that are told to the
    minute. Whoever fills the tables answers for the values: they are checked before they come here.
    """
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)


@transaction.atomic
def take_in_cases(*, actor: User, source: str, owner: User, unit: BusinessUnit, now: datetime) -> Taken:
    """Opens the drafts that the source has not named before, each as it stood, and adds steps that are new.

    Nobody is told and nothing is due for what is past. Raises NotAllowed where the actor may not work on cases in one
    of the relationships, and Conflict for a unit that never works.
    """
    facts: dict[str, Any] = {
        "actor": actor.pk,
        "source": source,
        "owner": owner.pk,
        "now": now,
        "verb": Verb.OPENED.value,
        "ended": sorted(ENDED),
        "not_told": CaseRemark.CLOSING_NOT_TOLD.value,
        "of_open": CaseRemark.CLOSING_OF_OPEN.value,
        "days": CaseRemark.DAYS_ALONE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECOGNISE, facts)
        cursor.execute(SETTLE, facts)
        cursor.execute(REACHED)
        _require(actor, [row[0] for row in cursor.fetchall()])
        draft_clocks(now=now)
        cursor.execute(COUNT)
        created, updated, unchanged, steps = cursor.fetchone()
        year = local_day(now, unit).year
        if created:
            first = take_numbers(year, created)
            cursor.execute(OPEN, {**facts, "prefix": f"CAS-{year}-", "first": first})
        if steps:
            cursor.execute(ADD_STEPS)
        if updated:
            cursor.execute(GO_ON, facts)
        if created or updated:
            cursor.execute(ADD_CLOCKS)
        cursor.execute(TOLD)
        told = _told(cursor.fetchall())
    return Taken(created, updated, unchanged, steps, told)


def _require(actor: User, relationship_ids: list[int]) -> None:
    if actor.is_system:
        return
    for relationship in Relationship.objects.filter(pk__in=relationship_ids).iterator():
        if not may_in(actor, Permission.MANAGE_CASES, relationship):
            raise NotAllowed(_("Your role does not allow this here."))


def _told(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """What the file's cases are, in figures: said of them and by our clocks, as a whole, by product and by theme."""
    names = ("cases", "open", "said_in_time", "said_late", "clock_kept", "clock_broken")
    told: dict[str, Any] = {"clocks": {}, "remarks": {}, "by_product": {}, "by_theme": {}}
    for what, name, *counts in rows:
        if what == "all":
            told = {**dict(zip(names, counts, strict=True)), **told}
        elif what == "remark":
            told["remarks"][name] = counts[0]
        elif what == "clock":
            told["clocks"][name] = dict(zip(("clocks", "kept", "broken", "running"), counts[:4], strict=True))
        elif len(told[f"by_{what}"]) < MOST_NAMED:
            told[f"by_{what}"][name] = dict(zip(names, counts, strict=True))
    return told
