"""An import taken back: what it made goes, what it changed is as it was, and what somebody has used since stays."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Identifier, Literal

from accounts.models import BusinessUnit, User
from accounts.operations.audit import record_audit
from cases.operations.refs import give_back_numbers
from commerce.operations.nightly import refresh_purchases
from core.append_only import unlock_append_only
from core.refusals import Conflict, NotAllowed
from exchange.models import HeldRow, ImportRun
from exchange.operations.ingest import LOCK
from exchange.operations.put_back import put_back
from exchange.operations.retention import refuse_purged
from exchange.operations.staging import execute, run_statement
from exchange.operations.touched import keep_what_is_used
from exchange.permissions import may_import
from relationships.models import Party, Relationship
from relationships.operations.next_touch import refresh_next_touch
from relationships.operations.state import mark_stale, recompute_contact, recount

CHUNK = 1_000
NAMED = 200
"""As many things that are kept, or in conflict, are noted one by one."""

PREPARE = """
DROP TABLE IF EXISTS reverting, kept, affected;
CREATE TEMP TABLE reverting (table_name text, id bigint, PRIMARY KEY (table_name, id)) ON COMMIT DROP;
CREATE TEMP TABLE kept (table_name text, id bigint) ON COMMIT DROP;
CREATE TEMP TABLE affected (relationship_id bigint) ON COMMIT DROP;
INSERT INTO reverting SELECT table_name, generate_series(first, last) FROM exchange_createdrows WHERE run_id = %(run)s
ON CONFLICT DO NOTHING;
ANALYZE reverting
"""

FACTS = ("commerce_payment", "commerce_orderline", "commerce_order", "relationships_interaction")

AFFECTED = """
INSERT INTO affected
SELECT DISTINCT fact.relationship_id FROM {table} fact JOIN reverting ON reverting.id = fact.id
WHERE reverting.table_name = {name} AND NOT EXISTS (
    SELECT FROM reverting own WHERE own.table_name = 'relationships_relationship' AND own.id = fact.relationship_id)
"""

TALKS = """
DELETE FROM relationships_interaction_people WHERE interaction_id IN (
    SELECT id FROM reverting WHERE table_name = 'relationships_interaction');
DELETE FROM health_alert WHERE interaction_id IN (
    SELECT id FROM reverting WHERE table_name = 'relationships_interaction');
"""

EVENTS = """
DELETE FROM relationships_event WHERE subject_type = 'case' AND subject_id IN (
    SELECT id FROM reverting WHERE table_name = 'cases_case');
DELETE FROM relationships_event WHERE id IN (
    SELECT id FROM reverting WHERE table_name = 'relationships_event');
DELETE FROM relationships_event WHERE relationship_id IN (
    SELECT id FROM reverting WHERE table_name = 'relationships_relationship');
DELETE FROM relationships_event WHERE party_id IN (
    SELECT id FROM reverting WHERE table_name = 'relationships_party');
"""

EMPTIED = {
    "relationships_consent": " AND NOT EXISTS ("
    "SELECT FROM relationships_consentstanding standing WHERE standing.consent_id = own.id)",
    "commerce_order": " AND NOT EXISTS (SELECT FROM commerce_orderline line WHERE line.order_id = own.id)",
    "commerce_product": " AND NOT EXISTS (SELECT FROM commerce_orderline line WHERE line.product_id = own.id)",
}
"""Of what other rows hang on: only what none hangs on any more goes."""


@dataclass(frozen=True)
class Reverted:
    """What reverting did: rows gone by table, rows as they were, parties that stay, and rows changed since."""

    removed: dict[str, int] = field(default_factory=dict)
    put_back: int = 0
    kept: int = 0
    kept_parties: list[int] = field(default_factory=list)
    conflicts: int = 0
    conflicting: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return vars(self)


@transaction.atomic
def revert_import(*, actor: User, run: ImportRun, now: datetime) -> Reverted:
    """Takes an import back. What somebody has used or changed since stays as it is, and is named.

    Raises NotAllowed for who may not import such rows, Conflict when it is reverted already or a later import of
    the same source is under way, or its data are gone by a rule of retention.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    unit_id = run.business_unit_id or BusinessUnit.objects.get(is_default=True).pk
    if not may_import(actor, run.kind, unit_id):
        raise NotAllowed(_("Your role does not allow importing here."))
    if run.reverted_at is not None:
        raise Conflict(_("This import has been reverted already."))
    refuse_purged(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, run.source])
    unlock_append_only("revert_import")
    run_statement(PREPARE, run=run.pk)
    keep_what_is_used(run.pk)
    outcome = _take_back(run, now)
    ImportRun.objects.filter(pk=run.pk).update(reverted_at=now, reversal=outcome.as_json())
    HeldRow.objects.filter(run=run, resolved_at=None).update(resolved_at=now)
    record_audit(
        actor_id=actor.pk,
        verb="import_reverted",
        now=now,
        subject_type="importrun",
        subject_id=run.pk,
        data={
            "removed": sum(outcome.removed.values()),
            "put_back": outcome.put_back,
            "kept": outcome.kept,
            "conflicts": outcome.conflicts,
        },
    )
    return outcome


def _take_back(run: ImportRun, now: datetime) -> Reverted:
    """In the order in which rows hang on each other: facts, ways to reach somebody, what was changed, then the rest."""
    for table in FACTS:
        execute(SQL(AFFECTED).format(table=Identifier(table), name=Literal(table)))
    removed: dict[str, int] = {}

    def remove(*tables: str) -> None:
        for table in tables:
            removed[table] = _remove(table)

    remove("commerce_payment", "commerce_orderline", "relationships_contactpoint", "relationships_partylink")
    remove("relationships_partyidentifier", "relationships_customvalue", "exchange_importedrow")
    remove("relationships_consentstanding")
    remove("cases_clockpause", "cases_caseclock", "cases_casestep", "cases_caseorigin")
    changed = put_back(run, named=NAMED)
    remove("commerce_order", "commerce_product", "relationships_consent")
    run_statement(TALKS)
    run_statement(EVENTS)
    remove("cases_case")
    if removed["cases_case"]:
        give_back_numbers()
    remove("relationships_interaction")
    removed["relationships_relationship"] = _remove_relationships()
    removed["relationships_party"] = _remove_parties()
    _settle(now)
    kept, parties = _kept()
    return Reverted(
        removed={table: count for table, count in removed.items() if count},
        put_back=changed.put_back,
        kept=kept,
        kept_parties=parties,
        conflicts=changed.conflicts,
        conflicting=changed.conflicting,
    )


def _remove(table: str) -> int:
    return execute(
        SQL(
            "DELETE FROM {table} own USING reverting "
            "WHERE reverting.table_name = {name} AND own.id = reverting.id{emptied}"
        ).format(table=Identifier(table), name=Literal(table), emptied=SQL(EMPTIED.get(table, "")))
    )


def _remove_relationships() -> int:
    """With all that follows from them; a piece at a time, so that memory does not grow with the import."""
    count = 0
    for chunk in _chunks("relationships_relationship"):
        Relationship.objects.filter(pk__in=chunk).delete()
        count += len(chunk)
    return count


def _remove_parties() -> int:
    count = 0
    for chunk in _chunks("relationships_party"):
        Party.objects.filter(pk__in=chunk).delete()
        count += len(chunk)
    return count


def _chunks(table: str) -> list[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM reverting WHERE table_name = %s ORDER BY id", [table])
        ids = [row[0] for row in cursor.fetchall()]
    return [ids[place : place + CHUNK] for place in range(0, len(ids), CHUNK)]


def _settle(now: datetime) -> None:
    """What is known of relationships that stay is worked out anew from what is left of their facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT relationship_id FROM affected ORDER BY 1")
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return
    recompute_contact(ids)
    recount(ids)
    refresh_next_touch(ids, now=now)
    refresh_purchases(now=now, relationship_ids=ids)
    mark_stale(ids, now=now)


def _kept() -> tuple[int, list[int]]:
    """(how many parties stay that the import made, the first of them)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT id FROM kept WHERE table_name = 'relationships_party' ORDER BY 1")
        ids = [row[0] for row in cursor.fetchall()]
    return len(ids), ids[:NAMED]
