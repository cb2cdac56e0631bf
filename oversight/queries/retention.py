"""What a rule of retention would take now; nothing of anybody on whom a legal hold stands."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from oversight.enums import KeptData
from oversight.models import LegalHold, RetentionRule
from relationships.enums import PartyKind
from relationships.models import Document, ErasedIdentity, Interaction, Party, Relationship
from relationships.registry import registry


def due_rows(rule: RetentionRule, now: datetime) -> "QuerySet[Any]":
    """The rows whose time is over, by number: talk with words, documents with a content, people, imports."""
    over = now - timedelta(days=rule.days)
    if rule.data == KeptData.PEOPLE:
        return _silent_people(over)
    held = LegalHold.objects.filter(lifted_at=None)
    if rule.data in registry.retained:
        return registry.retained[rule.data].due(over=over, kind=rule.kind, held=held)
    closed = Q(relationship__closed_at__lt=over) & ~Q(relationship__party__in=held.values("party"))
    if rule.kind:
        closed &= Q(relationship__kind=rule.kind)
    if rule.data == KeptData.TALK:
        kept = held.values("party")
        rows = Interaction.objects.filter(closed).exclude(subject="", body="", outcome="")
        return rows.exclude(people__in=kept).order_by("pk")
    return Document.objects.filter(closed).exclude(file="").order_by("pk")


def due_seen(rule: RetentionRule, viewer: User, now: datetime) -> "QuerySet[Any]":
    """The same, as far as the viewer may know of it."""
    rows = due_rows(rule, now)
    if rule.data in registry.retained:
        return rows.filter(pk__in=registry.retained[rule.data].seen(viewer).values("pk"))
    seen = rows.filter(pk__in=rows.model._default_manager.visible_to(viewer))
    return seen if rows.model is Party else seen.select_related("relationship")


def rules_in_force() -> "QuerySet[RetentionRule]":
    """The rules that hold, by what they are about."""
    return RetentionRule.objects.filter(ended_at=None).select_related("set_by").order_by("data", "kind", "pk")


def _silent_people(over: datetime) -> "QuerySet[Party]":
    """People without a relationship of their own, known for long, with whom nobody has talked since."""
    talks = Interaction.people.through.objects.filter(
        party_id=OuterRef("pk"), interaction__happened_at__gte=over
    )
    return (
        Party.objects.filter(kind=PartyKind.PERSON, created_at__lt=over)
        .exclude(Exists(Relationship.objects.filter(party=OuterRef("pk"))))
        .exclude(Exists(LegalHold.objects.filter(party=OuterRef("pk"), lifted_at=None)))
        .exclude(Exists(ErasedIdentity.objects.filter(party_number=OuterRef("pk"))))
        .exclude(Exists(talks))
        .order_by("pk")
    )
