"""The addresses of the kernel's pages. A kind's list and records stand directly under its slug."""

from django.urls import path, register_converter

from relationships import kinds
from relationships.registry import registry
from relationships.views import (
    access,
    boards,
    bulk,
    calendar,
    calendar_feed,
    colleagues,
    columns,
    commitments,
    composer,
    conditions,
    consents,
    contact_points,
    custom_fields,
    documents,
    editing,
    exports,
    follow_ups,
    handing_on,
    handover_mails,
    handovers,
    interactions,
    invitations,
    links,
    list_calendar,
    lists,
    merges,
    network,
    parties,
    pins,
    places,
    playbooks,
    quick_log,
    record,
    relationships,
    saved_views,
    search,
    tags,
    trash,
)


class KindConverter:
    """The slug of a registered kind; anything else is no address of ours."""

    regex = "[a-z_]+"

    def to_python(self, value: str) -> str:
        """The slug itself; raises ValueError, which makes the address not match."""
        if value not in kinds.registry:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The slug as it stands in the address."""
        return value


class TabConverter(KindConverter):
    """A tab of the record: one of its own or one that an app registered; other pages go on below a record."""

    def to_python(self, value: str) -> str:
        """The tab's key; raises ValueError, which makes the address not match."""
        panel = registry.panels.get(value)
        if value not in record.OWN_TABS and (panel is None or panel.place != "tab"):
            raise ValueError(value)
        return value


register_converter(KindConverter, "kind")
register_converter(TabConverter, "tab")

urlpatterns = [
    path("search/options/", search.search_options, name="search_options"),  # first: with every letter typed
    path("search/", search.search, name="search"),
    path("commitments/", commitments.commitment_list, name="commitment_list"),
    path("commitments/new/", commitments.commitment_new, name="commitment_new"),
    path("commitments/<int:commitment_id>/", commitments.commitment_detail, name="commitment_detail"),
    path("commitments/<int:commitment_id>/edit/", commitments.commitment_edit, name="commitment_edit"),
    path(
        "commitments/<int:commitment_id>/transitions/<slug:name>/",
        commitments.commitment_move,
        name="commitment_move",
    ),
    path(
        "commitments/<int:commitment_id>/renegotiations/",
        commitments.commitment_renegotiate,
        name="commitment_renegotiate",
    ),
    path(
        "interactions/<int:interaction_id>/versions/",
        interactions.interaction_versions,
        name="interaction_versions",
    ),
    path(
        "interactions/<int:interaction_id>/corrections/",
        interactions.interaction_correct,
        name="interaction_correct",
    ),
    path(
        "interactions/<int:interaction_id>/problem-closing/", interactions.problem_close, name="problem_close"
    ),
    path("places/", places.places, name="places"),
    path("settings/calendar/", calendar_feed.settings_calendar, name="settings_calendar"),
    path("settings/calendar/<int:token_id>/ending/", calendar_feed.calendar_end, name="calendar_end"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feeds/<str:token>/relman.ics", calendar_feed.calendar_feed, name="calendar_feed"),
    path("log/", quick_log.log, name="log"),
    path("log/preview/", quick_log.preview, name="log_preview"),
    path("log/promises/", quick_log.promises, name="log_promises"),
    path("colleagues/options/", colleagues.whose_options, name="whose_options"),
    path("relationships/options/", commitments.relationship_options, name="relationship_options"),
    path("follow-ups/<int:follow_up_id>/", follow_ups.follow_up_edit, name="follow_up_edit"),
    path(
        "follow-ups/<int:follow_up_id>/completion/", follow_ups.follow_up_complete, name="follow_up_complete"
    ),
    path("follow-ups/<int:follow_up_id>/invitation/", invitations.invitation_edit, name="invitation_edit"),
    path(
        "follow-ups/<int:follow_up_id>/invitation/telling/",
        invitations.invitation_telling,
        name="invitation_telling",
    ),
    path("follow-ups/<int:follow_up_id>/reopening/", follow_ups.follow_up_reopen, name="follow_up_reopen"),
    path("follow-ups/<int:follow_up_id>/snoozes/", follow_ups.follow_up_snooze, name="follow_up_snooze"),
    path("follow-ups/<int:follow_up_id>/cancellation/", follow_ups.follow_up_cancel, name="follow_up_cancel"),
    path("<kind:kind>/<int:relationship_id>/follow-ups/", follow_ups.follow_up_new, name="follow_up_new"),
    path("<kind:kind>/", lists.relationship_list, name="relationship_list"),
    path("<kind:kind>/export.<slug:ending>", exports.relationship_export, name="relationship_export"),
    path("<kind:kind>/total/", lists.relationship_total, name="relationship_total"),
    path("<kind:kind>/views/", lists.relationship_views, name="relationship_views"),
    path("<kind:kind>/board/", boards.relationship_board, name="relationship_board"),
    path("<kind:kind>/board/lane/", boards.board_lane, name="board_lane"),
    path("<kind:kind>/calendar/", list_calendar.list_calendar, name="list_calendar"),
    path("<kind:kind>/columns/", columns.list_columns, name="list_columns"),
    path("<kind:kind>/conditions/", conditions.list_conditions, name="list_conditions"),
    path("<kind:kind>/views/new/", saved_views.view_new, name="view_new"),
    path("<kind:kind>/views/<int:view_id>/", saved_views.view_open, name="view_open"),
    path("<kind:kind>/views/<int:view_id>/changes/", saved_views.view_change, name="view_change"),
    path("<kind:kind>/views/<int:view_id>/naming/", saved_views.view_name, name="view_name"),
    path("<kind:kind>/views/<int:view_id>/removal/", saved_views.view_remove, name="view_remove"),
    path("<kind:kind>/views/<int:view_id>/restoring/", saved_views.view_restore, name="view_restore"),
    path("<kind:kind>/follow-ups/", bulk.bulk_follow_up, name="bulk_follow_up"),
    path("<kind:kind>/assignments/", bulk.bulk_assign, name="bulk_assign"),
    path("<kind:kind>/changes/", bulk.bulk_change, name="bulk_change"),
    path("<kind:kind>/taggings/", bulk.bulk_tag, name="bulk_tag"),
    path("bulk-changes/", bulk.bulk_change_list, name="bulk_change_list"),
    path("bulk-changes/<int:change_id>/undoing/", bulk.bulk_undo, name="bulk_undo"),
    path("parties/alike/", parties.party_alike, name="party_alike"),
    path("parties/options/", parties.party_options, name="party_options"),
    path("parties/<int:party_id>/", merges.leads_on(parties.party_detail), name="party_detail"),
    path("parties/<int:party_id>/network/", network.party_network, name="party_network"),
    path("parties/<int:party_id>/introductions/", network.party_introductions, name="party_introductions"),
    path("team/", handing_on.board, name="team_board"),
    path("follow-ups/<int:follow_up_id>/new-assignee/", handing_on.follow_up_give, name="follow_up_give"),
    path("commitments/<int:commitment_id>/new-owner/", handing_on.commitment_give, name="commitment_give"),
    path(
        "<kind:kind>/<int:relationship_id>/new-owner/", handing_on.relationship_give, name="relationship_give"
    ),
    path("handovers/", handovers.handover_list, name="handover_list"),
    path("handovers/new/", handovers.handover_new, name="handover_new"),
    path("handovers/<int:handover_id>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/<int:handover_id>/acceptance/", handovers.handover_accept, name="handover_accept"),
    path("handovers/<int:handover_id>/return/", handovers.handover_return, name="handover_return"),
    path("handovers/<int:handover_id>/mails/", handover_mails.mail_list, name="handover_mails"),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/mail/", handover_mails.mail_edit, name="pack_mail"),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/", handovers.handover_pack, name="handover_pack"),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/note/", handovers.pack_note, name="pack_note"),
    path("<kind:kind>/<int:relationship_id>/playbooks/", playbooks.playbook_start, name="playbook_start"),
    path("playbook-steps/<int:step_id>/skipping/", playbooks.step_skip, name="playbook_step_skip"),
    path("playbook-runs/<int:run_id>/closing/", playbooks.run_close, name="playbook_run_close"),
    path("administration/fields/", custom_fields.field_home, name="custom_fields"),
    path("administration/fields/<kind:kind>/", custom_fields.field_list, name="custom_field_list"),
    path("administration/fields/<kind:kind>/new/", custom_fields.field_new, name="custom_field_new"),
    path(
        "administration/fields/<kind:kind>/preview/", custom_fields.field_preview, name="custom_field_preview"
    ),
    path("administration/fields/<int:field_id>/", custom_fields.field_edit, name="custom_field"),
    path("administration/fields/<int:field_id>/moves/", custom_fields.field_move, name="custom_field_move"),
    path(
        "administration/fields/<int:field_id>/archiving/",
        custom_fields.field_archive,
        name="custom_field_archive",
    ),
    path(
        "administration/fields/<int:field_id>/restoring/",
        custom_fields.field_restore,
        name="custom_field_restore",
    ),
    path("administration/fields/<int:field_id>/choices/", custom_fields.choice_new, name="custom_choice_new"),
    path("administration/choices/<int:choice_id>/", custom_fields.choice_edit, name="custom_choice"),
    path(
        "administration/choices/<int:choice_id>/moves/", custom_fields.choice_move, name="custom_choice_move"
    ),
    path(
        "administration/choices/<int:choice_id>/retirement/",
        custom_fields.choice_retire,
        name="custom_choice_retire",
    ),
    path(
        "administration/choices/<int:choice_id>/return/",
        custom_fields.choice_return,
        name="custom_choice_return",
    ),
    path("administration/tags/", tags.tag_list, name="tags"),
    path("administration/tags/<int:tag_id>/", tags.tag_edit, name="tag"),
    path("administration/tags/<int:tag_id>/removal/", tags.tag_remove, name="tag_remove"),
    path("<kind:kind>/<int:relationship_id>/tags/", tags.relationship_tags, name="relationship_tags"),
    path("introductions/", network.introduction_choose, name="introduction_choose"),
    path("parties/<int:party_id>/merge/", merges.party_merge, name="party_merge"),
    path("merges/", merges.merge_list, name="merge_list"),
    path("merges/<int:merge_id>/undoing/", merges.merge_undo, name="merge_undo"),
    path("parties/<int:party_id>/edit/", parties.party_edit, name="party_edit"),
    path("parties/<int:party_id>/people/new/", parties.person_new, name="person_new"),
    path(
        "parties/<int:party_id>/relationships/new/", parties.relationship_choose, name="relationship_choose"
    ),
    path("parties/<int:party_id>/consents/", consents.consent_list, name="consent_list"),
    path("parties/<int:party_id>/consents/new/", consents.consent_new, name="consent_new"),
    path("administration/purposes/", consents.purpose_list, name="purposes"),
    path(
        "administration/purposes/<int:purpose_id>/wordings/new/",
        consents.purpose_reword,
        name="purpose_reword",
    ),
    path(
        "parties/<int:party_id>/contact-points/new/",
        contact_points.contact_point_new,
        name="contact_point_new",
    ),
    path(
        "parties/<int:party_id>/contact-points/<int:point_id>/",
        contact_points.contact_point_edit,
        name="contact_point_edit",
    ),
    path(
        "parties/<int:party_id>/contact-points/<int:point_id>/preference/",
        contact_points.contact_point_prefer,
        name="contact_point_prefer",
    ),
    path(
        "parties/<int:party_id>/contact-points/<int:point_id>/removal/",
        contact_points.contact_point_remove,
        name="contact_point_remove",
    ),
    path("parties/<int:party_id>/links/new/", links.link_new, name="link_new"),
    path("parties/<int:party_id>/links/<int:link_id>/", links.link_edit, name="link_edit"),
    path("<kind:kind>/<int:relationship_id>/access/", access.access_list, name="access_list"),
    path("<kind:kind>/<int:relationship_id>/access/new/", access.access_new, name="access_new"),
    path(
        "<kind:kind>/<int:relationship_id>/access/<int:access_id>/ending/",
        access.access_end,
        name="access_end",
    ),
    path("documents/<int:document_id>/", documents.document_detail, name="document_detail"),
    path("documents/<int:document_id>/preview/", documents.document_preview, name="document_preview"),
    path("documents/<int:document_id>/picture/", documents.document_picture, name="document_picture"),
    path("documents/<int:document_id>/versions/new/", documents.version_new, name="document_version_new"),
    path(
        "documents/<int:document_id>/versions/<int:number>/",
        documents.version_detail,
        name="document_version",
    ),
    path("trash/", trash.trash, name="trash"),
    path("documents/<int:document_id>/restoration/", trash.document_restore, name="document_restore"),
    path("documents/<int:document_id>/removal/", documents.document_remove, name="document_remove"),
    path("<kind:kind>/<int:relationship_id>/documents/new/", documents.document_new, name="document_new"),
    path("<kind:kind>/<int:relationship_id>/interactions/", composer.interaction_new, name="interaction_new"),
    path(
        "<kind:kind>/<int:relationship_id>/interactions/draft/",
        composer.interaction_draft,
        name="interaction_draft",
    ),
    path(
        "<kind:kind>/<int:relationship_id>/interactions/draft/discarding/",
        composer.interaction_draft_discard,
        name="interaction_draft_discard",
    ),
    path(
        "<kind:kind>/<int:relationship_id>/interactions/preview/",
        composer.interaction_preview,
        name="interaction_preview",
    ),
    path("<kind:kind>/<int:relationship_id>/fields/<slug:key>/", editing.field_edit, name="field_edit"),
    path("<kind:kind>/<int:relationship_id>/moves/<slug:key>/", boards.card_move, name="card_move"),
    path("<kind:kind>/<int:relationship_id>/pin/", pins.pin, name="pin"),
    path("<kind:kind>/<int:relationship_id>/pin/removal/", pins.unpin, name="unpin"),
    path("<kind:kind>/<int:relationship_id>/pin/moves/", pins.pin_move, name="pin_move"),
    path("<kind:kind>/new/", relationships.relationship_new, name="relationship_new"),
    path("<kind:kind>/<int:relationship_id>/edit/", editing.relationship_edit, name="relationship_edit"),
    path(
        "<kind:kind>/<int:relationship_id>/closing/",
        relationships.relationship_close,
        name="relationship_close",
    ),
    path(
        "<kind:kind>/<int:relationship_id>/reopening/",
        relationships.relationship_reopen,
        name="relationship_reopen",
    ),
    path(
        "<kind:kind>/<int:relationship_id>/",
        merges.leads_on(record.relationship_detail),
        name="relationship_detail",
    ),
    path("<kind:kind>/<int:relationship_id>/strip/", record.relationship_strip, name="relationship_strip"),
    path("<kind:kind>/<int:relationship_id>/panels/", record.relationship_panels, name="relationship_panels"),
    path("<kind:kind>/<int:relationship_id>/pieces/", record.relationship_pieces, name="relationship_pieces"),
    path(
        "<kind:kind>/<int:relationship_id>/<tab:tab>/",
        merges.leads_on(record.relationship_tab),
        name="relationship_tab",
    ),
]
