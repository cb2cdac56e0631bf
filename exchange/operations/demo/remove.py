"""Takes the sample workspace away again: every row that hangs on a sample party, and the sample's sign-ins."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import RoleGrant, TeamMembership, User
from accounts.operations.audit import record_audit
from core.append_only import unlock_append_only
from core.refusals import NotAllowed
from relationships.models import Party, Relationship

# Children first. Each statement names the rows by the two temporary tables of sample ids.
DELETES = (
    "DELETE FROM dashboards_healthcellpart",  # sums of everything: added up anew within the hour
    "DELETE FROM dashboards_healthcell",
    "DELETE FROM dashboards_briefdecision WHERE relationship_id IN (SELECT id FROM sample_relationship)"
    " OR brief_id IN (SELECT id FROM dashboards_brief WHERE is_sample)",
    "DELETE FROM dashboards_briefreading WHERE brief_id IN (SELECT id FROM dashboards_brief WHERE is_sample)",
    "DELETE FROM dashboards_brief WHERE is_sample",
    "DELETE FROM dashboards_reconciliation WHERE issue_id IN"
    " (SELECT id FROM dashboards_outsideissue WHERE is_sample)",
    "DELETE FROM dashboards_outsideissueevent WHERE issue_id IN"
    " (SELECT id FROM dashboards_outsideissue WHERE is_sample)",
    "DELETE FROM dashboards_outsideissue_parties WHERE party_id IN (SELECT id FROM sample_party)"
    " OR outsideissue_id IN (SELECT id FROM dashboards_outsideissue WHERE is_sample)",
    "DELETE FROM dashboards_outsideissue WHERE is_sample",
    "DELETE FROM exchange_heldrow WHERE source IN ('northwind', 'larkfield-ledger')",
    "DELETE FROM exchange_createdrows WHERE run_id IN (SELECT id FROM exchange_importrun"
    " WHERE source IN ('northwind', 'larkfield-ledger'))",
    "DELETE FROM exchange_changedrow WHERE run_id IN (SELECT id FROM exchange_importrun"
    " WHERE source IN ('northwind', 'larkfield-ledger'))",
    "DELETE FROM exchange_importrun WHERE source IN ('northwind', 'larkfield-ledger')",
    "DELETE FROM commerce_payment WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM commerce_orderline WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM commerce_order WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM commerce_product product WHERE source = 'northwind' AND NOT EXISTS"
    " (SELECT 1 FROM commerce_orderline line WHERE line.product_id = product.id)",
    "DELETE FROM relationships_playbookrunstep WHERE run_id IN (SELECT id FROM relationships_playbookrun"
    " WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_playbookrun WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_handovermail WHERE pack_id IN (SELECT id FROM relationships_handoverpack"
    " WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_handoverpack WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_handover handover WHERE NOT EXISTS"
    " (SELECT 1 FROM relationships_handoverpack pack WHERE pack.handover_id = handover.id)",
    "DELETE FROM health_alert WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM health_lookback WHERE proposal_id IN (SELECT id FROM health_proposal"
    " WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_question WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_clockpause WHERE clock_id IN (SELECT id FROM cases_caseclock WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship)))",
    "DELETE FROM cases_caseclock WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_mailedanswer WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_mailfiling WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship)) OR talk_id IN"
    " (SELECT id FROM relationships_interaction WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_casemessage WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_casestep WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_caseorigin WHERE case_id IN"
    " (SELECT id FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM cases_case WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_followup WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_renegotiation WHERE commitment_id IN (SELECT id FROM relationships_commitment"
    " WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_commitmentreminder WHERE commitment_id IN (SELECT id FROM"
    " relationships_commitment WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_commitment WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_interaction_people WHERE interaction_id IN (SELECT id FROM"
    " relationships_interaction WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_interaction WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_valueentry WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_documentversion WHERE document_id IN (SELECT id FROM relationships_document"
    " WHERE relationship_id IN (SELECT id FROM sample_relationship))",
    "DELETE FROM relationships_document WHERE relationship_id IN (SELECT id FROM sample_relationship)",
    "DELETE FROM relationships_event WHERE relationship_id IN (SELECT id FROM sample_relationship)"
    " OR (relationship_id IS NULL AND party_id IN (SELECT id FROM sample_party))",
)
TABLES = """
CREATE TEMPORARY TABLE sample_party ON COMMIT DROP AS
    SELECT id FROM relationships_party WHERE is_sample;
CREATE TEMPORARY TABLE sample_relationship ON COMMIT DROP AS
    SELECT id FROM relationships_relationship WHERE is_sample OR party_id IN (SELECT id FROM sample_party);
"""


@dataclass(frozen=True)
class Removed:
    """What went, and how many sign-ins could only be deactivated because kept rows name them."""

    relationships: int
    parties: int
    sign_ins: int
    deactivated: int


@transaction.atomic
def remove_sample(*, actor: User, now: datetime) -> Removed:
    """Removes the sample; what people added to sample parties goes with them, everything else stays.

    A sample contact that a kept interaction or promise names is kept and no longer counts as sample. The
    sign-in that asks for the removal is kept.
    """
    if not actor.is_system and not actor.may(Permission.MANAGE_WORKSPACE):
        raise NotAllowed(_("Only an administrator can remove the sample workspace."))
    unlock_append_only("remove_sample")
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for statement in DELETES:
            cursor.execute(statement)
        cursor.execute("SELECT id FROM sample_relationship")
        relationships = [row[0] for row in cursor.fetchall()]
    Relationship.objects.filter(pk__in=relationships).delete()
    parties = _remove_parties()
    sign_ins, deactivated = _remove_sign_ins(actor, now)
    counts = {"relationships": len(relationships), "parties": parties, "sign_ins": sign_ins}
    record_audit(actor_id=actor.pk, verb="sample_removed", now=now, data=counts)
    return Removed(len(relationships), parties, sign_ins, deactivated)


def _remove_parties() -> int:
    """Deletes sample parties; those that kept rows name become ordinary parties."""
    try:
        with transaction.atomic():
            return Party.objects.filter(is_sample=True).delete()[1].get(Party._meta.label, 0)
    except ProtectedError as held:
        named = (
            getattr(row, "party_id", None) or getattr(row, "person_id", None)
            for row in held.protected_objects
        )
        Party.objects.filter(pk__in=[pk for pk in named if pk]).update(is_sample=False)
        return _remove_parties()


def _remove_sign_ins(actor: User, now: datetime) -> tuple[int, int]:
    removed = deactivated = 0
    for user in User.objects.filter(is_sample=True).exclude(pk=actor.pk).order_by("id"):
        try:
            with transaction.atomic():
                user.teams_led.update(lead=None)
                TeamMembership.objects.filter(user=user).delete()
                RoleGrant.objects.filter(user=user).delete()
                user.delete()
            removed += 1
        except ProtectedError:
            _deactivate(user, actor, now)
            deactivated += 1
    return removed, deactivated


def _deactivate(user: User, actor: User, now: datetime) -> None:
    TeamMembership.objects.filter(user=user, ended_at=None).update(ended_at=now)
    RoleGrant.objects.filter(user=user, ended_at=None).update(ended_at=now, ended_by=actor)
    User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, deactivated_at=now, deactivated_by=actor
    )
