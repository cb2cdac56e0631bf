"""What may come of any relationship."""

from django.utils.translation import gettext_lazy as _

from health.registry import OutcomeSource

ENDED = OutcomeSource(
    key="ended",
    label=_("The relationship ended"),
    sql="""
        SELECT r.id AS relationship_id, (r.closed_at AT TIME ZONE 'UTC')::date AS happened_date
        FROM relationships_relationship r
        WHERE r.kind = %(kind)s AND r.closed_at <= %(as_of)s::timestamptz
    """,
)
