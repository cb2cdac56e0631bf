"""Fills an empty workspace in one transaction, and scores it as every night does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from accounts.models import User
from benchmarks.scale.cast import hire
from benchmarks.scale.copying import bare
from benchmarks.scale.history import History
from benchmarks.scale.own_fields import write_own_fields
from benchmarks.scale.parties import Population, Progress
from benchmarks.scale.plan import Size
from benchmarks.scale.plans import Plans
from core.refusals import Conflict
from dashboards.operations.cells import keep_sums
from health.operations.nightly import score_every_kind
from relationships import kinds
from relationships.models import Interaction, Party, Relationship, RelationshipState

FILLED = (
    "relationships_party",
    "relationships_contactpoint",
    "relationships_partylink",
    "relationships_relationship",
    "relationships_relationshipstate",
    "relationships_interaction",
    "relationships_interaction_people",
    "relationships_event",
    "relationships_commitment",
    "relationships_followup",
    "relationships_customvalue",
)


SUMMED_WEEKS = 6
SCORED = (
    "health_relationshipscore",
    "health_scoresnapshot",
    "dashboards_healthcell",
    "dashboards_promisecell",
)


@dataclass(frozen=True)
class Filled:
    """What is there afterwards."""

    relationships: int
    interactions: int


def fill(size: Size, *, progress: Progress, step: Callable[[str], None]) -> Filled:
    """Makes everything of a size but its scores."""
    with transaction.atomic(), bare(FILLED):
        cast = hire(size.until, size.relationships)
        population = Population(size, cast)
        book = population.write(progress)
        History(size, cast, book, population.newcomers).write(progress)
        Plans(size, cast, book).write(progress)
        for kind in kinds.registry.slugs:
            write_own_fields(kind, size.until)
        step("checking keys")
    return Filled(Relationship.objects.count(), Interaction.objects.count())


def score_twice(size: Size, *, step: Callable[[str], None]) -> None:
    """Scores as every night does, as of five weeks ago and as of the end, to be compared; and adds up for pages."""
    for weeks in (5, 0):
        step(f"scoring as of {weeks} weeks before the end" if weeks else "scoring as of the end")
        score_every_kind(now=size.until - timedelta(weeks=weeks))
        tidy((RelationshipState._meta.db_table, *SCORED))
    step("adding up for the dashboard")
    keep_sums(now=size.until, weeks=SUMMED_WEEKS)


def tidy(tables: Sequence[str] = (*FILLED, *SCORED)) -> None:
    """What autovacuum would do within the hour: statistics, and the map of what every reader may see."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")


def refuse_what_is_real() -> None:
    """Raises Conflict for a workspace in which there is anybody already: made-up rows never stand beside real ones."""
    there = Party.objects.count()
    if there:
        raise Conflict(
            f"This workspace knows {there:,} parties already. Made-up ones go into an empty one only."
        )
    people = User.objects.filter(is_system=False).count()
    if people:
        raise Conflict(
            f"In this workspace {people} people have an account. Made-up rows go into an empty one only."
        )
