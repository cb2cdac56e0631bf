"""Many parties and relationships at once, set-based: the same rows that opening them one by one would leave."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from core.refusals import NotAllowed
from relationships import kinds
from relationships.enums import Verb
from relationships.models import Relationship
from relationships.operations.access import require
from relationships.operations.next_touch import refresh_next_touch
from relationships.operations.relationships import profile_model

DRAFTS = "relationship_drafts"

PREPARE = """
DROP TABLE IF EXISTS relationship_drafts, contact_point_drafts, link_drafts;
CREATE TEMP TABLE contact_point_drafts (ref text, kind text, value text, normalised text) ON COMMIT DROP;
CREATE TEMP TABLE link_drafts (source_id bigint, target_id bigint, type text) ON COMMIT DROP;
CREATE TEMP TABLE relationship_drafts (
    ref text PRIMARY KEY,
    n bigint NOT NULL,
    party_kind text NOT NULL,
    name text NOT NULL,
    legal_name text NOT NULL DEFAULT '',
    job_title text NOT NULL DEFAULT '',
    sector text NOT NULL DEFAULT '',
    place text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT '',
    about text NOT NULL DEFAULT '',
    stage text NOT NULL DEFAULT '',
    objective text NOT NULL DEFAULT '',
    opened_at timestamptz,
    party_id bigint,
    relationship_id bigint,
    is_new_party boolean NOT NULL DEFAULT false,
    is_new_relationship boolean NOT NULL DEFAULT false,
    may_update boolean NOT NULL DEFAULT false
) ON COMMIT DROP
"""

RECOGNISE = """
ANALYZE relationship_drafts;

UPDATE relationship_drafts AS draft SET relationship_id = known.id, party_id = known.party_id
FROM relationships_relationship known
WHERE known.kind = %(kind)s AND known.source = %(source)s AND known.external_ref = draft.ref
  AND known.external_ref <> '';

UPDATE relationship_drafts AS draft SET party_id = known.party_id
FROM relationships_partyidentifier known
WHERE draft.party_id IS NULL AND known.scheme = %(source)s AND known.value = draft.ref;

UPDATE relationship_drafts AS draft SET relationship_id = known.id
FROM relationships_relationship known
WHERE draft.relationship_id IS NULL AND known.party_id = draft.party_id AND known.kind = %(kind)s
  AND known.business_unit_id = %(unit)s AND known.closed_at IS NULL;
"""
"""How few drafts there are the planner must know, or it reads everybody; that a reference is one, for its index."""

OPEN_PARTIES = """
UPDATE relationship_drafts
SET is_new_party = true, party_id = nextval(pg_get_serial_sequence('relationships_party', 'id'))
WHERE party_id IS NULL;

INSERT INTO relationships_party (
    id, kind, name, legal_name, job_title, sector, place, country, time_zone, locale, about, confidentiality,
    version, is_sample, created_at, created_by_id)
SELECT party_id, party_kind, name, legal_name, job_title, sector, place, country, '', '', about, 1,
       1, %(sample)s, %(now)s, %(actor)s
FROM relationship_drafts WHERE is_new_party ORDER BY party_id;

INSERT INTO relationships_partyidentifier (party_id, scheme, value)
SELECT party_id, %(source)s, ref FROM relationship_drafts WHERE is_new_party ORDER BY party_id;

INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT NULL, party_id, %(party_created)s, '', NULL, %(actor)s, %(now)s, %(now)s, '',
       jsonb_build_object('name', name), 1
FROM relationship_drafts WHERE is_new_party ORDER BY party_id;
"""

OPEN_RELATIONSHIPS = """
UPDATE relationship_drafts
SET is_new_relationship = true,
    relationship_id = nextval(pg_get_serial_sequence('relationships_relationship', 'id'))
WHERE relationship_id IS NULL;

INSERT INTO relationships_relationship (
    id, party_id, kind, business_unit_id, owner_id, team_id, stage, party_name, objective, sensitivity_note,
    cadence_days, revenue_type, confidentiality, source, external_ref, version, is_sample, opened_at, created_at,
    created_by_id, closed_at, closed_by_id, closed_reason)
SELECT draft.relationship_id, draft.party_id, %(kind)s, %(unit)s, %(owner)s, NULL,
       COALESCE(NULLIF(draft.stage, ''), %(stage)s), party.name, draft.objective, '',
       %(cadence)s, 'transactional', 1, %(source)s, draft.ref, 1, %(sample)s,
       COALESCE(draft.opened_at, %(now)s), %(now)s, %(actor)s, NULL, NULL, ''
FROM relationship_drafts draft JOIN relationships_party party ON party.id = draft.party_id
WHERE draft.is_new_relationship ORDER BY draft.relationship_id;

INSERT INTO relationships_relationshipstate (
    relationship_id, kind, owner_id, next_touch_reason, open_commitments, open_follow_ups, open_problems, health_status,
    health_weeks, value_tier, value_currency, stale_at)
SELECT relationship_id, %(kind)s, %(owner)s, '', 0, 0, 0, '', '{}', '', '', %(now)s
FROM relationship_drafts WHERE is_new_relationship ORDER BY relationship_id;

INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT relationship_id, party_id, %(opened)s, '', NULL, %(actor)s, COALESCE(opened_at, %(now)s), %(now)s, '',
       jsonb_build_object('kind', %(kind)s::text), 1
FROM relationship_drafts WHERE is_new_relationship ORDER BY relationship_id;
"""


COUNT = """
SELECT count(*) FILTER (WHERE is_new_party), count(*) FILTER (WHERE is_new_relationship),
       count(*) FILTER (WHERE NOT is_new_relationship)
FROM relationship_drafts
"""


@dataclass(frozen=True)
class Opening:
    """What one bulk opening has in common. `kind` "" opens parties alone; `stage` "" is the kind's first."""

    kind: str
    source: str
    business_unit: BusinessUnit
    owner: User
    stage: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Opened:
    """How many drafts became new parties and relationships; the other parties were known already."""

    parties: int
    relationships: int
    known: int


def prepare_drafts() -> None:
    """Makes the empty tables of drafts, until the transaction ends.

    `relationship_drafts` has one row per reference; `contact_point_drafts` ways to reach the parties of these,
    in their normal form; `link_drafts` pairs of party ids with the slug of a link type. Whoever fills them
    answers for the values: they are checked before they come here.
    """
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)


def recognise_drafts(opening: Opening) -> None:
    """Sets `party_id` and `relationship_id` of the drafts that are known.

    Known by the relationship's own reference, or by the party's identifier under the source's name; of a party
    that is known, the open relationship of the kind and unit is taken.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            RECOGNISE, {"kind": opening.kind, "source": opening.source, "unit": opening.business_unit.pk}
        )


@transaction.atomic
def open_drafts(*, actor: User, opening: Opening, now: datetime) -> Opened:
    """Makes what `recognise_drafts` did not find: party, identifier, relationship, profile, state and events.

    Raises NotAllowed when the actor may not open relationships of this kind and unit.
    """
    _require(actor, opening)
    facts = _facts(actor, opening, now)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_PARTIES, facts)
        if opening.kind:
            cursor.execute(OPEN_RELATIONSHIPS, facts)
            _open_profiles(opening.kind, now)
        cursor.execute(COUNT)
        return Opened(*cursor.fetchone())


def _open_profiles(kind: str, now: datetime) -> None:
    """The kind's own row of every new relationship, with its defaults; and its next touch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relationship_id FROM relationship_drafts WHERE is_new_relationship ORDER BY 1")
        new = [row[0] for row in cursor.fetchall()]
    profile = profile_model(kind)
    profile._default_manager.bulk_create(
        (profile(relationship_id=relationship_id) for relationship_id in new), batch_size=5_000
    )
    refresh_next_touch(new, now=now)


def _require(actor: User, opening: Opening) -> None:
    if actor.is_system:
        return
    if opening.kind:
        probe = Relationship(kind=opening.kind, business_unit=opening.business_unit, owner=opening.owner)
        require(actor, Permission.MANAGE_RELATIONSHIPS, probe)
    if not actor.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))


def _facts(actor: User, opening: Opening, now: datetime) -> dict[str, str | int | bool | datetime]:
    declared = kinds.registry.get(opening.kind) if opening.kind else None
    return {
        "actor": actor.pk,
        "kind": opening.kind,
        "source": opening.source,
        "unit": opening.business_unit.pk,
        "owner": opening.owner.pk,
        "now": now,
        "stage": opening.stage or (declared.first_stage if declared else ""),
        "cadence": declared.cadence_days if declared else 0,
        "sample": opening.sample,
        "party_created": Verb.PARTY_CREATED.value,
        "opened": Verb.RELATIONSHIP_OPENED.value,
    }
