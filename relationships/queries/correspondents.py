"""Who writes to us: the party behind an address, for mail that comes in, and its words for whoever may know of it."""

from collections.abc import Iterable

from accounts.models import User
from messaging.registry import Correspondents, Line
from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, Party

PARTY = "party"


def party_behind(actor: User, address: str) -> str:
    """A reference to the party that has the e-mail address, if it is one alone of those that the actor may know of.

    The system itself knows of all. Nobody is guessed: neither by a name, nor by the part behind the @.
    """
    points = ContactPoint.objects.filter(kind=ContactPointKind.EMAIL, normalised=address.lower())
    parties = Party.objects.all() if actor.is_system else Party.objects.visible_to(actor)
    found = parties.filter(pk__in=points.values("party")).order_by("pk").values_list("pk", flat=True)[:2]
    return f"{PARTY}:{found[0]}" if len(found) == 1 else ""


def words_for(viewer: User, references: Iterable[str]) -> dict[str, Line]:
    """By reference the name and page of those parties that the viewer may know of."""
    numbers = [int(each.partition(":")[2]) for each in references if each.startswith(f"{PARTY}:")]
    if not numbers:
        return {}
    seen = Party.objects.visible_to(viewer).filter(pk__in=numbers).order_by("pk").only("name")
    return {
        f"{PARTY}:{party.pk}": Line(title=party.name, place=f"/parties/{party.pk}/", name=party.name)
        for party in seen
    }


CORRESPONDENTS = Correspondents(find=party_behind, lines=words_for)
