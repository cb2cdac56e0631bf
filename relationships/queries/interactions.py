"""Interactions as pages show them."""

from collections.abc import Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from relationships.models import Interaction, Party
from relationships.queries.kept import SLOTS, VIEWER, KeptRows, anyone_like, kept, slots
from relationships.querysets import rights_of

CAME_OF = """
SELECT (SELECT count(*) FROM relationships_commitment WHERE made_in_id = %(id)s),
       (SELECT count(*) FROM relationships_followup WHERE planned_in_id = %(id)s)
"""


def told_interactions(viewer: User) -> QuerySet[Interaction]:
    """Visible interactions, each with its `actor`, `people_told` (a list of `{"id", "name"}`, by name), and
    `party_told`, the name of the relationship's party.
    """
    people = Party.objects.filter(interactions=OuterRef("pk")).order_by("name", "id")
    return (
        Interaction.objects.visible_to(viewer)
        .select_related("actor")
        .annotate(
            people_told=ArraySubquery(people.values(person=JSONObject(id=F("id"), name=F("name")))),
            party_told=F("relationship__party_name"),
        )
    )


def load_interactions(viewer: User, ids: set[int]) -> Mapping[int, Interaction]:
    """The interactions that timeline events speak of, by id."""
    if len(ids) > len(SLOTS):
        found = list(told_interactions(viewer).filter(pk__in=ids))
    else:
        rows = kept(
            ("interactions", rights_of(viewer)),
            lambda: KeptRows(told_interactions(anyone_like(viewer)).filter(pk__in=SLOTS)),
        )
        found = rows.ask({VIEWER: viewer.pk, **slots(ids)})
    return {interaction.pk: interaction for interaction in found}


def what_came_of(interaction: Interaction) -> tuple[int, int]:
    """How many promises were made and how many follow-ups planned in it."""
    with connection.cursor() as cursor:
        cursor.execute(CAME_OF, {"id": interaction.pk})
        promises, plans = cursor.fetchone()
    return promises, plans


def versions(viewer: User, interaction: Interaction) -> list[Interaction]:
    """Every version of what `interaction` tells, newest first; what was written is never lost."""
    same = Interaction.objects.filter(relationship_id=interaction.relationship_id).exclude(
        corrects=None, superseded_at=None
    )
    before = dict(same.values_list("id", "corrects_id"))
    after = {corrected: version for version, corrected in before.items() if corrected}
    chain = [interaction.pk]
    while (older := before.get(chain[-1])) is not None:
        chain.append(older)
    while (newer := after.get(chain[0])) is not None:
        chain.insert(0, newer)
    told = told_interactions(viewer).select_related("recorded_by")
    return list(told.filter(pk__in=chain).order_by("-recorded_at", "-id"))
