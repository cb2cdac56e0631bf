"""How the verbs of timelines read in a list, where their whole sentence has no place."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.enums import Verb as CaseVerb
from relationships.registry import registry

EVENT_WORDS: dict[str, str | Promise] = {
    "interaction_logged": _("Talk logged"),
    "interaction_corrected": _("Talk corrected"),
    "problem_closed": _("Problem closed"),
    "consent_recorded": _("Consent recorded"),
    "commitment_made": _("Promise made"),
    "commitment_moved": _("Promise moved on"),
    "commitment_renegotiated": _("Promise renegotiated"),
    "commitment_edited": _("Promise changed"),
    "commitment_transferred": _("Promise handed to somebody else"),
    "follow_up_planned": _("Follow-up planned"),
    "follow_up_done": _("Follow-up done"),
    "follow_up_cancelled": _("Follow-up cancelled"),
    "follow_up_transferred": _("Follow-up handed to somebody else"),
    "follow_up_reopened": _("Follow-up opened again"),
    "follow_up_snoozed": _("Follow-up put off"),
    "follow_up_edited": _("Follow-up changed"),
    "follow_up_moved": _("Follow-up moved"),
    "invitation_changed": _("Invitation changed"),
    "party_created": _("Party added"),
    "party_edited": _("Party changed"),
    "party_renamed": _("Party renamed"),
    "contact_point_added": _("Address or number added"),
    "contact_point_edited": _("Address or number changed"),
    "contact_point_removed": _("Address or number removed"),
    "link_added": _("Tie added"),
    "link_edited": _("Tie changed"),
    "link_ended": _("Tie ended"),
    "relationship_opened": _("Relationship opened"),
    "relationship_edited": _("Relationship changed"),
    "stage_changed": _("Stage changed"),
    "relationship_assigned": _("Owner changed"),
    "relationship_closed": _("Relationship closed"),
    "relationship_reopened": _("Relationship opened again"),
    "access_named": _("Named for what is confidential"),
    "access_ended": _("No longer named for what is confidential"),
    "document_added": _("Document added"),
    "document_version_added": _("New version of a document"),
    "document_removed": _("Document removed"),
    "document_restored": _("Document put back from the trash"),
    "value_recorded": _("Value recorded"),
    "value_reversed": _("Value reversed"),
    "handed_over": _("Handed over"),
    "handover_accepted": _("Handover accepted"),
    "handover_introduced": _("New contact introduced"),
    "playbook_started": _("Playbook started"),
    "playbook_step_skipped": _("Playbook step skipped"),
    "playbook_closed": _("Playbook closed"),
    "parties_merged": _("Two parties made one"),
    "merge_undone": _("Two merged parties parted again"),
    "health.status_changed": _("Health came into another band"),
    "health.fell": _("Health fell"),
    "health.rose": _("Health rose"),
    "health.override_set": _("Health judged by hand"),
    "health.override_ended": _("Judgement of health ended"),
    "health.review_moved": _("Review moved on"),
    "health.proposal_moved": _("Proposal moved on"),
    "health.proposal_compared": _("Proposal compared with what came"),
    "health.alert_moved": _("Alert moved on"),
    **{verb.value: verb.label for verb in CaseVerb},
}


def event_verbs() -> dict[str, str | Promise]:
    """Every verb of timelines with its words; one of which nobody said any reads as it is written."""
    return {
        verb: EVENT_WORDS.get(verb) or verb.replace("_", " ").capitalize() for verb in registry.event_words
    }
