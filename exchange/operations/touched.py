"""What of an import somebody has used since: it is kept when the import is reverted.

Works on the table `reverting` of (table_name, id), the rows that the import made: what must stay is taken out of it,
and stands in `kept` then. Whatever another person has hung on a row, and whatever a later import has changed of it,
keeps it; what the nightly work writes (scores, sums, facts) does not.
"""

from django.db import models
from psycopg2.sql import SQL, Identifier, Literal

from cases.models import Case
from exchange.operations.staging import execute, run_statement
from relationships.models import Interaction, Party, Relationship

DERIVED = frozenset(
    (
        "relationships_relationshipstate",
        "relationships_interaction_people",
        "health_scorewatch",
        "health_scoreoutcome",
        "health_relationshipscore",
        "health_scoresnapshot",
        "commerce_purchasefact",
        "dashboards_healthcell",
        "dashboards_promisecell",
        "exchange_contactcard",
        "exchange_duplicatecandidate",
    )
)
"""What follows from a relationship or a party by itself and goes with it."""

BY_PEOPLE = {
    "relationships_event": "child.actor_id IN (SELECT id FROM accounts_user WHERE NOT is_system)",
    "health_alert": "child.state <> 'open'",
    "health_review": "child.state <> 'due'",
}
"""Tables to which the system adds too: the condition under which a row is a person's."""

LATER = """
WITH changed AS (
    DELETE FROM reverting WHERE EXISTS (
        SELECT FROM exchange_changedrow later JOIN exchange_importrun run ON run.id = later.run_id
        WHERE later.run_id <> %(run)s AND run.reverted_at IS NULL
          AND later.table_name = reverting.table_name AND later.row_id = reverting.id)
    RETURNING table_name, id)
INSERT INTO kept SELECT table_name, id FROM changed
"""

CASES_MOVED = """
WITH moved AS (
    DELETE FROM reverting USING cases_case own
    WHERE reverting.table_name = 'cases_case' AND own.id = reverting.id AND own.version > 1
    RETURNING reverting.table_name, reverting.id)
INSERT INTO kept SELECT table_name, id FROM moved
"""
"""What somebody has said anew of a case, given to somebody or moved on has no row of its own."""

CASES_OWN = """
DELETE FROM reverting USING cases_caseorigin own, kept
WHERE reverting.table_name = 'cases_caseorigin' AND own.id = reverting.id
  AND kept.table_name = 'cases_case' AND kept.id = own.case_id;
DELETE FROM reverting USING cases_casestep own, kept
WHERE reverting.table_name = 'cases_casestep' AND own.id = reverting.id
  AND kept.table_name = 'cases_case' AND kept.id = own.case_id;
DELETE FROM reverting USING cases_clockpause own, cases_caseclock clock, kept
WHERE reverting.table_name = 'cases_clockpause' AND own.id = reverting.id AND clock.id = own.clock_id
  AND kept.table_name = 'cases_case' AND kept.id = clock.case_id;
DELETE FROM reverting USING cases_caseclock own, kept
WHERE reverting.table_name = 'cases_caseclock' AND own.id = reverting.id
  AND kept.table_name = 'cases_case' AND kept.id = own.case_id;
DELETE FROM reverting USING relationships_event own, kept
WHERE reverting.table_name = 'relationships_event' AND own.id = reverting.id AND own.subject_type = 'case'
  AND kept.table_name = 'cases_case' AND kept.id = own.subject_id;
"""

PEOPLE_MET = """
WITH met AS (
    DELETE FROM reverting WHERE table_name = 'relationships_party' AND EXISTS (
        SELECT FROM relationships_interaction_people child WHERE child.party_id = reverting.id
          AND NOT EXISTS (SELECT FROM reverting own WHERE own.table_name = 'relationships_interaction'
                          AND own.id = child.interaction_id))
    RETURNING table_name, id)
INSERT INTO kept SELECT table_name, id FROM met
"""

# What says who a kept party is stays with it, and so does what its timeline tells of its beginning.
OWN = """
DELETE FROM reverting USING relationships_partyidentifier own, kept
WHERE reverting.table_name = 'relationships_partyidentifier' AND own.id = reverting.id
  AND kept.table_name = 'relationships_party' AND kept.id = own.party_id;
DELETE FROM reverting USING relationships_contactpoint own, kept
WHERE reverting.table_name = 'relationships_contactpoint' AND own.id = reverting.id
  AND kept.table_name = 'relationships_party' AND kept.id = own.party_id;
DELETE FROM reverting USING relationships_partylink own, kept
WHERE reverting.table_name = 'relationships_partylink' AND own.id = reverting.id
  AND kept.table_name = 'relationships_party' AND kept.id IN (own.source_party_id, own.target_party_id);
DELETE FROM reverting USING relationships_customvalue own, kept
WHERE reverting.table_name = 'relationships_customvalue' AND own.id = reverting.id
  AND kept.table_name = 'relationships_relationship' AND kept.id = own.relationship_id;
DELETE FROM reverting USING relationships_event own, kept
WHERE reverting.table_name = 'relationships_event' AND own.id = reverting.id
  AND (kept.table_name, kept.id) IN (('relationships_party', own.party_id),
                                     ('relationships_relationship', own.relationship_id))
  AND NOT (own.subject_type = 'interaction' AND EXISTS (
      SELECT FROM reverting talk WHERE talk.table_name = 'relationships_interaction' AND talk.id = own.subject_id));
DELETE FROM reverting USING relationships_event own, kept
WHERE reverting.table_name = 'relationships_event' AND own.id = reverting.id AND own.subject_type = 'interaction'
  AND kept.table_name = 'relationships_interaction' AND kept.id = own.subject_id;
DELETE FROM reverting USING exchange_importedrow own, relationships_partyidentifier known, kept
WHERE reverting.table_name = 'exchange_importedrow' AND own.id = reverting.id
  AND known.scheme = own.source AND known.value = own.ref
  AND kept.table_name = 'relationships_party' AND kept.id = known.party_id;
"""


def keep_what_is_used(run_id: int) -> None:
    """Takes out of `reverting` what somebody has used since, and with it what it stands on."""
    run_statement(LATER, run=run_id)
    _keep(Interaction)
    run_statement(CASES_MOVED)
    _keep(Case)
    _keep(Relationship)
    run_statement(PEOPLE_MET)
    _keep(Party)
    run_statement(OWN)
    run_statement(CASES_OWN)


def _keep(model: type[models.Model]) -> None:
    """Keeps the rows on which another row hangs that is not of this import."""
    table = model._meta.db_table
    for child, column in _children(model):
        execute(
            SQL(
                "WITH used AS (DELETE FROM reverting WHERE table_name = {name} AND EXISTS ("
                "SELECT FROM {child} child WHERE child.{column} = reverting.id AND {by_people} AND NOT EXISTS ("
                "SELECT FROM reverting own WHERE own.table_name = {child_name} AND own.id = child.id)"
                ") RETURNING table_name, id) INSERT INTO kept SELECT table_name, id FROM used"
            ).format(
                name=Literal(table),
                child=Identifier(child),
                child_name=Literal(child),
                column=Identifier(column),
                by_people=SQL(BY_PEOPLE.get(child, "true")),
            )
        )


def _children(model: type[models.Model]) -> list[tuple[str, str]]:
    """(table, column) of everything that refers to a model and is not derived from it."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not isinstance(relation, models.OneToOneRel):
            child = relation.related_model._meta.db_table
            if child not in DERIVED:
                found.append((child, relation.field.column))
    return found
