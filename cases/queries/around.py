"""What stands around a case: who of theirs may have raised it, and which other cases there are beside it."""

from accounts.models import User
from cases.models import Case
from relationships.enums import PartyKind
from relationships.models import Party, Relationship

MOST = 200


def people_of(relationship: Relationship, *, also: Party | None = None) -> list[Party]:
    """The people who are known there, by name; `also` is one who is chosen already and may be there no longer."""
    contacts = Party.objects.contacts_of(relationship).filter(kind=PartyKind.PERSON)
    found = list(contacts.order_by("name", "pk")[:MOST])
    return found if also is None or also in found else [also, *found]


def others_of(viewer: User, case: Case) -> list[Case]:
    """The other cases of the relationship that the viewer may know of and that it may be a double of, newest first."""
    same = Case.objects.visible_to(viewer).filter(
        relationship_id=case.relationship_id, confidentiality=case.confidentiality, duplicate_of=None
    )
    return list(same.exclude(pk=case.pk).order_by("-opened_at", "-pk")[:MOST])
