"""Which kinds somebody has anything to do with: by their roles, and as the person that a closed kind names."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from accounts.enums import Permission
from accounts.models import User
from relationships import kinds
from relationships.models import Document, HandoverPack, Interaction, Relationship
from relationships.querysets import personal_relationships

KNOWN = "_personal_kinds"


def kinds_reached(user: User) -> list[kinds.Kind]:
    """The kinds that the viewer may look into, in order."""
    return [kind for kind in kinds.registry if reaches(user, kind)]


def reaches(user: User, kind: kinds.Kind) -> bool:
    """Whether any of the viewer's grants reaches the kind, or it is closed and they are a person named in it."""
    by_role = any(
        grant.kind in ("", kind.slug) and kind.is_open_to(grant.role)
        for grant in user.current_grants()
        if Permission.VIEW_RELATIONSHIPS in grant.role_definition.permissions
    )
    return by_role or (kind.sight is not None and kind.slug in personal_kinds(user))


def personal_kinds(user: User) -> list[str]:
    """The closed kinds with an open relationship in which the viewer is named, read once per loaded user."""
    if not hasattr(user, KNOWN):
        remember_personal_kinds(user, list(_named(user)))
    found: list[str] = getattr(user, KNOWN)
    return found


def personal_kinds_beside(user: User) -> ArraySubquery:
    """The same as a column of another query, for pages that ask for something anyway."""
    return ArraySubquery(_named(user))


def remember_personal_kinds(user: User, found: list[str]) -> None:
    """Keeps what another query found, so that nobody asks again for this loaded user."""
    setattr(user, KNOWN, found)


def closed_relationships(viewer: User) -> "QuerySet[Relationship, int]":
    """The ids of relationships of a closed kind that are out of the viewer's sight."""
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    hidden = Relationship.objects.filter(kind__in=closed)
    return hidden.exclude(pk__in=Relationship.objects.visible_to(viewer)).values_list("pk", flat=True)


def closed_interactions(viewer: User) -> "QuerySet[Interaction, int]":
    """The same for interactions."""
    rows = Interaction.objects.filter(relationship_id__in=closed_relationships(viewer))
    return rows.values_list("pk", flat=True)


def closed_documents(viewer: User) -> "QuerySet[Document, int]":
    """The same for documents."""
    rows = Document.objects.filter(relationship_id__in=closed_relationships(viewer))
    return rows.values_list("pk", flat=True)


def closed_handovers(viewer: User) -> "QuerySet[HandoverPack, int]":
    """The handovers with which something of a closed kind out of the viewer's sight went."""
    packs = HandoverPack.objects.filter(relationship_id__in=closed_relationships(viewer))
    return packs.values_list("handover_id", flat=True)


def _named(user: User) -> "QuerySet[Relationship, Any]":
    rows = Relationship.objects.filter(personal_relationships(user)).open()
    return rows.order_by("kind").values_list("kind", flat=True).distinct()


CLOSED_TO = {
    "relationship": closed_relationships,
    "interaction": closed_interactions,
    "document": closed_documents,
    "handover": closed_handovers,
}
"""What the audit log asks, by the type of what an entry is about."""
