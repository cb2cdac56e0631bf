"""Links between parties as pages show them."""

from collections.abc import Mapping

from accounts.models import User
from relationships.models import PartyLink


def load_links(viewer: User, ids: set[int]) -> Mapping[int, PartyLink]:
    """The links that timeline events speak of, by id; only those of which the viewer may know both ends."""
    found = PartyLink.objects.visible_to(viewer).filter(pk__in=ids)
    return {link.pk: link for link in found.select_related("source_party", "target_party", "type")}
