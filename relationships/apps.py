from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging.enums import Channel
from messaging.registry import Topic
from relationships.enums import ReminderStage, Tells
from relationships.registry import Carried


class RelationshipsConfig(AppConfig):
    name = "relationships"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the words of the kernel's own events, and how to fetch what they speak of."""
        from django.core import checks

        from accounts.registry import registry as accounts_registry
        from relationships import kinds
        from relationships.checks import check_events_have_words, check_kinds, check_scanner
        from relationships.queries import reach
        from relationships.queries.interactions import load_interactions
        from relationships.queries.links import load_links
        from relationships.queries.merges import load_merges
        from relationships.queries.open_items import OPEN_ITEMS
        from relationships.registry import EventWords, Place, registry

        folder = "relationships/events"
        for verb, template, icon, group in KERNEL_EVENTS:
            registry.add_event_words(EventWords(verb, f"{folder}/_{template}.html", icon, group))
        checks.register(check_events_have_words)
        checks.register(check_kinds)
        checks.register(check_scanner)
        accounts_registry.set_kind_choices(kinds.choices)
        for subject_type, which in reach.CLOSED_TO.items():
            accounts_registry.set_closed_to(subject_type, which)
        accounts_registry.add_audit_words(AUDIT_WORDS)
        for items in OPEN_ITEMS:
            accounts_registry.add_open_items(items)
        self._add_panels()
        self._add_notices()
        registry.add_place(Place(_("Calendar"), "/calendar/", "calendar", position=10))
        registry.add_subject_loader("interaction", load_interactions)
        registry.add_subject_loader("partylink", load_links)
        registry.add_subject_loader("mergerecord", load_merges)
        registry.add_carried(*CARRIED)
        self._add_list_fields()
        self._add_list_formats()

    def _add_list_formats(self) -> None:
        """Has lists be taken out as tables."""
        from relationships.operations.exports import CSV, write_csv, write_workbook
        from relationships.registry import ListFormat, registry

        registry.add_list_format(ListFormat(CSV, "CSV", "text/csv; charset=utf-8", write_csv))
        registry.add_list_format(ListFormat("xlsx", "Excel", WORKBOOK, write_workbook))

    def _add_notices(self) -> None:
        """Says what people are told of, what that is about, and who is behind an address."""
        from messaging.registry import registry
        from relationships.queries.correspondents import CORRESPONDENTS
        from relationships.queries.notices import SUBJECTS

        registry.add_topics(*TOPICS)
        for subject_type, subject in SUBJECTS.items():
            registry.add_subject(subject_type, subject)
        registry.set_correspondents(CORRESPONDENTS)

    def _add_panels(self) -> None:
        """Adds the kernel's own parts of a record."""
        from relationships.panels import approach_context, playbooks_context
        from relationships.registry import Panel, registry

        folder = "relationships"
        registry.add_panel(
            Panel("playbooks", "aside", f"{folder}/_playbooks_panel.html", playbooks_context, position=8)
        )
        registry.add_panel(
            Panel("approach", "aside", f"{folder}/_approach_panel.html", approach_context, position=5)
        )

    def _add_list_fields(self) -> None:
        """Has lists know of the fields, the tags and the purposes of consent that a workspace adds."""
        from relationships.queries.consent_list_fields import OF_CONSENT
        from relationships.queries.custom_list_fields import OF_TAGS, OWN_FIELDS
        from relationships.queries.list_fields import add_provider

        for provider in (OWN_FIELDS, OF_TAGS, OF_CONSENT):
            add_provider(provider)


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TOPICS = (
    Topic(Tells.ASSIGNED, _("A relationship is yours now"), "user-round", Channel.CENTRE, 1),
    Topic(Tells.HANDOVER, _("A book was handed over to you"), "briefcase", Channel.MAIL, 2),
    Topic(Tells.HANDOVER_ACCEPTED, _("What you handed over was accepted"), "briefcase", Channel.CENTRE, 3),
    Topic(Tells.FOLLOW_UP, _("A follow-up is yours to do"), "calendar-clock", Channel.CENTRE, 4),
    Topic(Tells.PROMISE, _("A promise is yours to look after"), "handshake", Channel.CENTRE, 5),
    Topic(
        Tells.REMINDER,
        _("A promise is due"),
        "handshake",
        Channel.MAIL,
        6,
        stages=dict(ReminderStage.choices),
    ),
    Topic(Tells.PROMISE_BROKEN, _("The day of a promise went by"), "circle-alert", Channel.DIGEST, 7),
    Topic(Tells.MENTION, _("Somebody named you"), "message-square", Channel.MAIL, 8),
    Topic(Tells.INFECTED, _("A virus was found in a document"), "circle-alert", Channel.MAIL, 9),
)

AUDIT_WORDS = {
    "list_exported": _("List exported"),
    "confidentiality_changed": _("Who may know of a relationship changed"),
    "access_named": _("Named for what is confidential"),
    "access_ended": _("No longer named for what is confidential"),
    "purpose_created": _("Purpose of consent added"),
    "purpose_reworded": _("Words of a purpose changed"),
    "record_opened": _("Confidential record opened"),
    "document_read": _("Confidential document fetched"),
    "document_infected": _("Virus found in a document"),
    "document_removed": _("Document removed"),
    "document_restored": _("Document put back from the trash"),
    "book_handed_over": _("Everything in hand handed over"),
    "book_given_back": _("A book came back from who looked after it"),
    "equal_party_added": _("Added although an equal one is known"),
    "parties_merged": _("Two parties made one"),
    "merge_undone": _("Two merged parties parted again"),
    "custom_field_created": _("Field added to a kind"),
    "custom_field_edited": _("Field of a kind changed"),
    "custom_field_moved": _("Field of a kind put elsewhere"),
    "custom_field_archived": _("Field of a kind archived"),
    "custom_field_restored": _("Archived field taken back"),
    "custom_choices_changed": _("Choices of a field changed"),
    "tag_offered": _("Tag offered to everybody"),
    "tag_edited": _("Tag changed"),
    "tags_merged": _("Two tags made one"),
    "tag_removed": _("Tag removed everywhere"),
}

LATEST = {
    name: f"GREATEST(kept.{name}, gone.{name})"
    for name in ("last_interaction_at", "last_inbound_at", "last_outbound_at")
}
TOLD_ONCE = {
    "do_not_use_since": "LEAST(kept.do_not_use_since, gone.do_not_use_since)",
    "is_preferred": "kept.is_preferred AND gone.do_not_use_since IS NULL",
    "label": "COALESCE(NULLIF(kept.label, ''), gone.label)",
}
BOTH_DRAFTS = {"body": "kept.body || E'\\n\\n' || gone.body"}
STRICTER = ("given", "expired", "refused", "withdrawn")
NEWEST = {"superseded_at": None}
OPEN_ONES = {"removed_at": None}
CARRIED = (
    Carried("relationships.RelationshipState", "relationship", blend=LATEST),
    Carried("relationships.ConfidentialAccess", "relationship"),
    Carried("relationships.Interaction", "relationship", label=_("Talks"), counted=NEWEST),
    Carried("relationships.Commitment", "relationship", label=_("Promises")),
    Carried("relationships.FollowUp", "relationship", label=_("Follow-ups")),
    Carried("relationships.ValueEntry", "relationship", label=_("Entries of value")),
    Carried("relationships.Document", "relationship", label=_("Documents"), counted=OPEN_ONES),
    Carried("relationships.Event", "relationship"),
    Carried("relationships.HandoverPack", "relationship"),
    Carried("relationships.PlaybookRun", "relationship", label=_("Playbooks")),
    Carried("relationships.ComposerDraft", "relationship", blend=BOTH_DRAFTS),
    Carried("relationships.Pin", "relationship"),
    Carried("relationships.JoinedRelationship", "relationship"),
    Carried("relationships.CustomValue", "relationship"),
    Carried("relationships.Tagging", "relationship"),
    Carried("relationships.Relationship", "party"),
    Carried("relationships.PartyIdentifier", "party", once=("scheme", "value"), label=_("Numbers")),
    Carried(
        "relationships.ContactPoint",
        "party",
        blend=TOLD_ONCE,
        yields={"one_preferred_contact_point_per_kind": {"is_preferred": False}},
        label=_("Addresses and numbers"),
    ),
    Carried("relationships.Consent", "party"),
    Carried("relationships.ConsentStanding", "party", prefer=("state", STRICTER), label=_("Consents")),
    Carried("relationships.PartyLink", "source_party", label=_("Ties to others")),
    Carried("relationships.PartyLink", "target_party", label=_("Ties to others")),
    Carried("relationships.Interaction_people", "party"),
    Carried("relationships.Commitment", "person"),
    Carried("relationships.Renegotiation", "agreed_with_party"),
    Carried("relationships.FollowUp", "person"),
    Carried("relationships.HandoverMail", "person"),
    Carried("relationships.MeetingGuest", "party"),
    Carried("relationships.Event", "party"),
    Carried("relationships.MergeRecord", "kept"),
)

# verb, fragment, icon, the timeline filter it belongs to
KERNEL_EVENTS = (
    ("interaction_logged", "interaction", "message-square", "notes"),
    ("interaction_corrected", "interaction", "message-square", "notes"),
    ("problem_closed", "problem_closed", "circle-check", "changes"),
    ("consent_recorded", "consent_recorded", "shield-check", "changes"),
    ("commitment_made", "commitment_made", "handshake", "promises"),
    ("commitment_moved", "commitment_moved", "handshake", "promises"),
    ("commitment_renegotiated", "commitment_renegotiated", "calendar-clock", "promises"),
    ("commitment_edited", "commitment_edited", "pencil", "promises"),
    ("commitment_transferred", "commitment_transferred", "arrow-right", "promises"),
    ("follow_up_planned", "follow_up_planned", "calendar-plus", "follow_ups"),
    ("follow_up_done", "follow_up_done", "check", "follow_ups"),
    ("follow_up_cancelled", "follow_up_cancelled", "x", "follow_ups"),
    ("follow_up_transferred", "follow_up_transferred", "arrow-right", "follow_ups"),
    ("follow_up_reopened", "follow_up_reopened", "rotate-ccw", "follow_ups"),
    ("follow_up_snoozed", "follow_up_snoozed", "alarm-clock", "follow_ups"),
    ("follow_up_edited", "follow_up_edited", "pencil", "follow_ups"),
    ("invitation_changed", "invitation_changed", "users-round", "follow_ups"),
    ("party_created", "party_created", "user-plus", "changes"),
    ("party_edited", "party_edited", "pencil", "changes"),
    ("party_renamed", "party_renamed", "pencil", "changes"),
    ("contact_point_added", "contact_point_added", "id-card", "changes"),
    ("contact_point_edited", "contact_point_edited", "id-card", "changes"),
    ("contact_point_removed", "contact_point_removed", "id-card", "changes"),
    ("link_added", "link", "link", "changes"),
    ("link_edited", "link", "link", "changes"),
    ("link_ended", "link", "link", "changes"),
    ("relationship_opened", "relationship_opened", "flag", "changes"),
    ("relationship_edited", "relationship_edited", "pencil", "changes"),
    ("stage_changed", "stage_changed", "layers", "changes"),
    ("relationship_assigned", "relationship_assigned", "user-check", "changes"),
    ("relationship_closed", "relationship_closed", "archive", "changes"),
    ("relationship_reopened", "relationship_reopened", "rotate-ccw", "changes"),
    ("access_named", "access_named", "lock", "changes"),
    ("access_ended", "access_ended", "lock", "changes"),
    ("document_added", "document_added", "paperclip", "changes"),
    ("document_version_added", "document_version_added", "paperclip", "changes"),
    ("document_removed", "document_removed", "paperclip", "changes"),
    ("document_restored", "document_restored", "paperclip", "changes"),
    ("value_recorded", "value", "scale", "changes"),
    ("value_reversed", "value", "scale", "changes"),
    ("handed_over", "handed_over", "briefcase", "changes"),
    ("handover_accepted", "handover_accepted", "user-check", "changes"),
    ("handover_introduced", "handover_introduced", "send", "changes"),
    ("follow_up_moved", "follow_up_moved", "arrow-right", "follow_ups"),
    ("playbook_started", "playbook", "list-checks", "changes"),
    ("playbook_step_skipped", "playbook", "list-checks", "changes"),
    ("playbook_closed", "playbook", "list-checks", "changes"),
    ("parties_merged", "parties_merged", "git-merge", "changes"),
    ("merge_undone", "merge_undone", "undo-2", "changes"),
    ("custom_values_changed", "custom_values_changed", "pencil", "changes"),
    ("tags_changed", "tags_changed", "tag", "changes"),
)
