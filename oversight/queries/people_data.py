"""What would become of what is known of a person, and what was asked for so far."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case, CaseMessage, CaseOrigin, CaseStep, Question
from core.refusals import Missing
from oversight.models import Erasure, LegalHold, SubjectExport
from oversight.registry import ACCOUNTABILITY, BOOKS, STATISTICS, Table, our_models, table_of
from relationships.models import (
    Commitment,
    Document,
    DocumentVersion,
    Event,
    FollowUp,
    Interaction,
    Party,
    Relationship,
)

OF_THEIR_OWN_CLASS = (
    Case, CaseMessage, CaseOrigin, CaseStep, Question, Commitment, Document, DocumentVersion, Event, FollowUp,
    Interaction
)  # fmt: skip
"""Rows that may be for fewer people than the relationship they are in."""

KEPT_WORDS: dict[str, str | Promise] = {
    STATISTICS: _("stays without words, under a number, for sums of the past"),
    BOOKS: _("stays under a number: tax and commercial law have it kept for years"),
    ACCOUNTABILITY: _("stays without words, under a number, to show what was done and when"),
}


def rows_told(
    model: type[models.Model], table: Table, party_id: int, viewer: User, *, also: bool = True
) -> "QuerySet[Any]":
    """The rows of a table that are about a person, as far as the viewer may know of the relationships they are in.

    With `also` those too that are about others and that the person is told of.
    """
    condition = Q(pk__in=[])
    for path in (*table.about, *(table.told_also if also else ())):
        condition |= Q(**{path: party_id})
    rows: QuerySet[Any] = model._base_manager.filter(condition)
    places = {path.rpartition("__party")[0] for path in table.about if path.endswith("relationship__party")}
    if any(column.name == "relationship" for column in model._meta.concrete_fields):
        places.add("relationship")
    seen = Relationship.objects.visible_to(viewer)
    for place in sorted(places):
        rows = rows.filter(Q(**{place: None}) | Q(**{f"{place}__in": seen}))
    if model is Relationship:
        rows = rows.filter(pk__in=seen)
    if model in OF_THEIR_OWN_CLASS:
        rows = rows.filter(pk__in=model._default_manager.visible_to(viewer))
    return rows.distinct()


@dataclass(frozen=True)
class Fate:
    """What becomes of the rows of one table that are about a person."""

    what: str
    rows: int
    goes: bool
    kept: "str | Promise"


def fates(viewer: User, party: Party) -> list[Fate]:
    """By table, how many rows are about a person and what an erasure does with them. One query a table."""
    found = []
    for model in our_models():
        table = table_of(model)
        if not table.about or not table.is_told:
            continue
        rows = rows_told(model, table, party.pk, viewer, also=False).count()
        if rows:
            what = capfirst(str(model._meta.verbose_name))
            found.append(Fate(what, rows, table.goes, KEPT_WORDS.get(table.kept_for, "")))
    return sorted(found, key=lambda fate: (not fate.goes, fate.what))


def erasures(viewer: User) -> "QuerySet[Erasure]":
    """Erasures of people whom the viewer may know of, newest first."""
    rows = Erasure.objects.filter(party__in=Party.objects.visible_to(viewer))
    return rows.select_related("party", "requested_by", "confirmed_by").order_by("-pk")


def exports(viewer: User) -> "QuerySet[SubjectExport]":
    """The same of subject access."""
    rows = SubjectExport.objects.filter(party__in=Party.objects.visible_to(viewer))
    return rows.select_related("party", "requested_by").order_by("-pk")


def standing_hold(party: Party) -> LegalHold | None:
    """The legal hold that stands on a person."""
    return LegalHold.objects.filter(party=party, lifted_at=None).select_related("set_by").first()


def standing_hold_of(party: Party) -> LegalHold:
    """The same, where there is to be one; raises Missing."""
    found = standing_hold(party)
    if found is None:
        raise Missing(_now("There is nothing here, or nothing that is yours to see."))
    return found
