"""The addresses of the kernel's pages. A kind's list and records stand directly under its slug."""

from django.urls import path, register_converter

from relationships import kinds
from relationships.views import commitments, follow_ups, lists, quick_log, record


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


register_converter(KindConverter, "kind")

urlpatterns = [
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
    path("log/", quick_log.log, name="log"),
    path("log/preview/", quick_log.preview, name="log_preview"),
    path("relationships/options/", commitments.relationship_options, name="relationship_options"),
    path("follow-ups/<int:follow_up_id>/", follow_ups.follow_up_edit, name="follow_up_edit"),
    path(
        "follow-ups/<int:follow_up_id>/completion/", follow_ups.follow_up_complete, name="follow_up_complete"
    ),
    path("follow-ups/<int:follow_up_id>/reopening/", follow_ups.follow_up_reopen, name="follow_up_reopen"),
    path("follow-ups/<int:follow_up_id>/snoozes/", follow_ups.follow_up_snooze, name="follow_up_snooze"),
    path("follow-ups/<int:follow_up_id>/cancellation/", follow_ups.follow_up_cancel, name="follow_up_cancel"),
    path("<kind:kind>/<int:relationship_id>/follow-ups/", follow_ups.follow_up_new, name="follow_up_new"),
    path("<kind:kind>/", lists.relationship_list, name="relationship_list"),
    path("<kind:kind>/follow-ups/", lists.bulk_follow_up, name="bulk_follow_up"),
    path("<kind:kind>/assignments/", lists.bulk_assign, name="bulk_assign"),
    path("<kind:kind>/<int:relationship_id>/", record.relationship_detail, name="relationship_detail"),
    path("<kind:kind>/<int:relationship_id>/strip/", record.relationship_strip, name="relationship_strip"),
    path("<kind:kind>/<int:relationship_id>/pieces/", record.relationship_pieces, name="relationship_pieces"),
    path("<kind:kind>/<int:relationship_id>/<slug:tab>/", record.relationship_tab, name="relationship_tab"),
]
