"""Addresses of the kernel in the API. `reads(...)` and its like tell what is done there."""

from django.urls import URLPattern, path

from core.uploads import takes_files
from relationships import kinds
from relationships.api import (
    bulk_changes,
    commitments,
    consents,
    custom,
    documents,
    exports,
    follow_ups,
    handing_on,
    handover_mails,
    handovers,
    interactions,
    invitations,
    merges,
    network,
    parties,
    pins,
    playbooks,
    relationships,
    saved_views,
    search,
    timeline,
)

IN_ONE = "relationships/<int:relationship_id>/"


def _kinds() -> list[URLPattern]:
    """A list and a record for each kind, as the register has them."""
    return [
        path(f"{kind.slug}/{place}", endpoint.as_view())
        for kind in kinds.registry
        for place, endpoint in relationships.kind_endpoints(kind).items()
    ]


urlpatterns: list[URLPattern] = [
    path("parties/", parties.Parties.as_view()),
    path("parties/<int:party_id>/", parties.OneParty.as_view()),
    path("purposes/", consents.Purposes.as_view()),
    path("parties/<int:party_id>/consents/", consents.Consents.as_view()),
    path("parties/<int:party_id>/leaves/", consents.Leaves.as_view()),
    path("parties/<int:party_id>/contact-points/", parties.PartyContactPoints.as_view()),
    path("contact-points/<int:point_id>/", parties.OneContactPoint.as_view()),
    path("contact-points/<int:point_id>/preference/", parties.ContactPointPreference.as_view()),
    path("merges/", merges.Merges.as_view()),
    path("merges/comparison/", merges.MergeComparison.as_view()),
    path("merges/<int:merge_id>/", merges.OneMerge.as_view()),
    path("merges/<int:merge_id>/undoing/", merges.MergeUndoing.as_view()),
    path("parties/<int:party_id>/network/", network.Network.as_view()),
    path("parties/<int:party_id>/introductions/", network.Introductions.as_view()),
    path("book/", handovers.BookEndpoint.as_view()),
    path("handovers/", handovers.Handovers.as_view()),
    path("handovers/<int:handover_id>/", handovers.OneHandover.as_view()),
    path("handovers/<int:handover_id>/acceptance/", handovers.HandoverAcceptance.as_view()),
    path("handovers/<int:handover_id>/mails/", handover_mails.HandoverMails.as_view()),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/mail/", handover_mails.OneHandoverMail.as_view()),
    path("handovers/<int:handover_id>/return/", handovers.HandoverReturn.as_view()),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/", handovers.OnePack.as_view()),
    path("handovers/<int:handover_id>/packs/<int:pack_id>/note/", handovers.PackNote.as_view()),
    path("teams/<int:team_id>/workload/", handing_on.TeamWorkload.as_view()),
    path("follow-ups/<int:follow_up_id>/new-assignee/", handing_on.FollowUpAssignee.as_view()),
    path("commitments/<int:commitment_id>/new-owner/", handing_on.CommitmentOwner.as_view()),
    path(f"{IN_ONE}new-owner/", handing_on.RelationshipOwner.as_view()),
    path("links/", parties.Links.as_view()),
    path("links/<int:link_id>/", parties.OneLink.as_view()),
    path("custom-fields/", custom.CustomFields.as_view()),
    path("tags/", custom.Tags.as_view()),
    *_kinds(),
    *(path(f"{kind.slug}/export/", exports.export_endpoint(kind).as_view()) for kind in kinds.registry),
    path("saved-views/", saved_views.SavedViews.as_view()),
    path("saved-views/<int:view_id>/", saved_views.OneSavedView.as_view()),
    path("saved-views/<int:view_id>/tab/", saved_views.ViewTab.as_view()),
    path("saved-views/<int:view_id>/moves/", saved_views.ViewMoves.as_view()),
    path("saved-views/<int:view_id>/start/", saved_views.ViewStart.as_view()),
    path("pins/", pins.Pins.as_view()),
    path(f"{IN_ONE}pin/", pins.OnePin.as_view()),
    path(f"{IN_ONE}pin/moves/", pins.PinMoves.as_view()),
    path("search/", search.Search.as_view()),
    path("bulk-changes/", bulk_changes.BulkChanges.as_view()),
    path("bulk-changes/<int:change_id>/undoing/", bulk_changes.BulkUndoing.as_view()),
    path("assignments/", relationships.BulkAssignments.as_view()),
    path("interactions/", interactions.Interactions.as_view()),
    path("interactions/<int:interaction_id>/", interactions.OneInteraction.as_view()),
    path("interactions/<int:interaction_id>/corrections/", interactions.Corrections.as_view()),
    path("interactions/<int:interaction_id>/problem-closing/", interactions.ProblemClosing.as_view()),
    path("commitments/", commitments.Commitments.as_view()),
    path("commitments/<int:commitment_id>/", commitments.OneCommitment.as_view()),
    path("commitments/<int:commitment_id>/transitions/", commitments.CommitmentMoves.as_view()),
    path("commitments/<int:commitment_id>/renegotiations/", commitments.CommitmentRenegotiations.as_view()),
    path("follow-ups/", follow_ups.FollowUps.as_view()),
    path("follow-ups/many/", follow_ups.BulkFollowUps.as_view()),
    path("follow-ups/<int:follow_up_id>/", follow_ups.OneFollowUp.as_view()),
    path("follow-ups/<int:follow_up_id>/invitation/", invitations.OneInvitation.as_view()),
    path("follow-ups/<int:follow_up_id>/completion/", follow_ups.Completion.as_view()),
    path("follow-ups/<int:follow_up_id>/snoozes/", follow_ups.Snoozes.as_view()),
    path("follow-ups/<int:follow_up_id>/cancellation/", follow_ups.FollowUpCancellation.as_view()),
    path("follow-ups/<int:follow_up_id>/reopening/", follow_ups.FollowUpReopening.as_view()),
    path(f"{IN_ONE}timeline/", timeline.Timeline.as_view()),
    path(f"{IN_ONE}documents/", documents.Documents.as_view()),
    path(f"{IN_ONE}documents/uploads/", takes_files("DOCUMENT_MAX_BYTES")(documents.Uploads.as_view())),
    path("documents/<int:document_id>/", documents.OneDocument.as_view()),
    path("documents/<int:document_id>/content/", documents.Content.as_view()),
    path("documents/<int:document_id>/versions/", documents.Versions.as_view()),
    path(
        "documents/<int:document_id>/versions/uploads/",
        takes_files("DOCUMENT_MAX_BYTES")(documents.VersionUploads.as_view()),
    ),
    path("documents/<int:document_id>/versions/<int:number>/content/", documents.VersionContent.as_view()),
    path("trash/documents/", documents.Trash.as_view()),
    path("documents/<int:document_id>/restoration/", documents.Restoration.as_view()),
    path("documents/<int:document_id>/removal/", documents.Removal.as_view()),
    path(f"{IN_ONE}playbook-runs/", playbooks.Runs.as_view()),
    path("playbook-runs/<int:run_id>/", playbooks.OneRun.as_view()),
    path("playbook-runs/<int:run_id>/closing/", playbooks.RunClosed.as_view()),
    path("playbook-runs/<int:run_id>/steps/<int:step_id>/skipping/", playbooks.StepSkipping.as_view()),
]
