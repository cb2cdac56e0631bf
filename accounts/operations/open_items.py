"""Nobody leaves with open work: what a person, team or unit has in hand is handed over first."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries.open_items import in_hand
from core.refusals import Conflict


def refuse_while_in_hand(*, actor: User, of: str, owner_id: int, name: str) -> None:
    """Raises Conflict naming everything that the leaver still has; `missing` holds each in words.

    What is closed to the actor is neither named nor counted; it only forbids.
    """
    items = [item.words for item in in_hand(of=of, owner_id=owner_id, viewer=actor)]
    if items:
        raise Conflict(
            _("%(name)s still has %(items)s. Hand them over first.")
            % {"name": name, "items": ", ".join(items)},
            missing=items,
        )
    if in_hand(of=of, owner_id=owner_id):
        raise Conflict(
            _("%(name)s still has something in hand that only who may see it can hand over.") % {"name": name}
        )
