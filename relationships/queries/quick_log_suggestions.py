"""Who the next entry is probably with: those of today's plans, then those talked to last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from relationships.enums import PartyKind
from relationships.models import FollowUp, Interaction, Party, Relationship
from relationships.queries.quick_log import ReadLog
from relationships.queries.relationship_list import today_of

OFFERED = 5
LOOKED_AT = 25
LAST_DAYS = 30
MOST_NAMES = 100


@dataclass(frozen=True)
class Suggestion:
    """Somebody of a relationship, or the relationship's own party when no person is known."""

    relationship_id: int
    person_id: int | None
    name: str
    party_name: str

    @property
    def value(self) -> str:
        """How a form says it: the two ids."""
        return f"{self.relationship_id}-{self.person_id or ''}"


def suggested(*, viewer: User, now: datetime, relationship: Relationship | None = None) -> list[Suggestion]:
    """At most five, in two queries; all of one relationship when the form belongs to it."""
    plans = (
        FollowUp.objects.due_by(today_of(viewer, now))
        .visible_to(viewer)
        .select_related("relationship", "person")
        .order_by("due_date", "due_time", "pk")
    )
    talks = Interaction.objects.visible_to(viewer).current().select_related("relationship")
    talks = talks.order_by("-happened_at", "-pk")
    if relationship is not None:
        plans, talks = plans.filter(relationship=relationship), talks.filter(relationship=relationship)
    else:
        plans = plans.filter(assignee=viewer)
        talks = talks.filter(actor=viewer, happened_at__gte=now - timedelta(days=LAST_DAYS))
    found = [
        _suggestion(plan.relationship, plan.person_id, plan.person.name if plan.person else "")
        for plan in plans[:OFFERED]
    ]
    for talk in talks.prefetch_related("people")[:LOOKED_AT]:
        found += [_suggestion(talk.relationship, person.pk, person.name) for person in talk.people.all()]
        found.append(_suggestion(talk.relationship, None, ""))
    if relationship is not None:
        found.append(_suggestion(relationship, None, ""))
    return list(dict.fromkeys(found))[:OFFERED]


def _suggestion(relationship: Relationship, person_id: int | None, name: str) -> Suggestion:
    party = relationship.party_name
    return Suggestion(relationship.pk, person_id, name or party, party)


def their_names(read: ReadLog, relationship: Relationship | None) -> list[str]:
    """The people of the other side: those whom the line names, and the contacts of whom it is about."""
    names = [person.name.text for person in read.people]
    if relationship is None:
        return names
    if relationship.party.kind == PartyKind.PERSON:
        names.append(relationship.party_name)
    contacts = Party.objects.contacts_of(relationship).filter(kind=PartyKind.PERSON)
    return names + list(contacts.order_by("name", "pk").values_list("name", flat=True)[:MOST_NAMES])
