"""Who writes to us: the party behind an address, for mail that comes in, and its words for whoever may know of it."""

from collections.abc import Collection, Iterable

from accounts.models import User
from messaging.registry import Correspondents, Line
from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, MergeRecord, Party

PARTY = "party"


def party_behind(actor: User, address: str) -> str:
    """A reference to the party that has the e-mail address, if it is one alone of those that the actor may know of."""
    found = party_with(actor, address)
    return f"{PARTY}:{found.pk}" if found else ""


def party_with(actor: User, address: str) -> Party | None:
    """The party that has the e-mail address, if it is one alone of those that the actor may know of.

    The system itself knows of all. Nobody is guessed: neither by a name, nor by the part behind the @.
    """
    points = ContactPoint.objects.filter(kind=ContactPointKind.EMAIL, normalised=address.lower())
    parties = Party.objects.all() if actor.is_system else Party.objects.visible_to(actor)
    found = list(parties.filter(pk__in=points.values("party")).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def words_for(viewer: User, references: Iterable[str]) -> dict[str, Line]:
    """By reference the name and page of those parties that the viewer may know of.

    Of a party that went into another, those of the other.
    """
    numbers = {int(each.partition(":")[2]) for each in references if each.startswith(f"{PARTY}:")}
    seen = _seen(viewer, numbers)
    if gone := numbers - seen.keys():
        merges = MergeRecord.objects.standing().filter(former_id__in=gone)
        kept = dict(merges.order_by("pk").values_list("former_id", "kept_id"))
        others = _seen(viewer, kept.values())
        seen |= {former: others[now] for former, now in kept.items() if now in others}
    return {
        f"{PARTY}:{number}": Line(title=party.name, place=f"/parties/{party.pk}/", name=party.name)
        for number, party in seen.items()
    }


def _seen(viewer: User, numbers: Collection[int]) -> dict[int, Party]:
    if not numbers:
        return {}
    parties = Party.objects.visible_to(viewer).filter(pk__in=numbers).order_by("pk").only("name")
    return {party.pk: party for party in parties}


CORRESPONDENTS = Correspondents(find=party_behind, lines=words_for)
