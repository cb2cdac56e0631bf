"""Nobody leaves with open work: what a person, team or unit has in hand is handed over first."""

from django.utils.translation import gettext as _

from accounts.queries.open_items import in_hand
from core.refusals import Conflict


def refuse_while_in_hand(*, of: str, owner_id: int, name: str) -> None:
    """Raises Conflict naming everything that the leaver still has; `missing` holds each in words."""
    items = [item.words for item in in_hand(of=of, owner_id=owner_id)]
    if items:
        raise Conflict(
            _("%(name)s still has %(items)s. Hand them over first.")
            % {"name": name, "items": ", ".join(items)},
            missing=items,
        )
