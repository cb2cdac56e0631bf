"""What a case holds against the health of its relationship."""

from django.db.models import Q, QuerySet

from cases.models import Case
from relationships.models import Commitment, Interaction


def open_problems(case: Case) -> "QuerySet[Interaction]":
    """The problems that were raised in what was said in the case, however often corrected, and are not solved."""
    said_in = Q(case_message__case=case) | Q(pk__in=_corrections(case))
    raised = Interaction.objects.current().filter(problem_severity__isnull=False, problem_closed_at=None)
    return raised.filter(said_in, relationship_id=case.relationship_id)


def _corrections(case: Case) -> set[int]:
    """Every later version of what was said in the case: a message names the first."""
    older = set(case.messages.filter(talk__superseded_at__isnull=False).values_list("talk_id", flat=True))
    found: set[int] = set()
    while older:
        older = set(Interaction.objects.filter(corrects__in=older).values_list("pk", flat=True))
        found |= older
    return found


def open_promises(case: Case) -> "QuerySet[Commitment]":
    """What we promised in the case and have not kept yet."""
    ours = Commitment.objects.open().exclude(direction="theirs")
    return ours.filter(made_in__case_message__case=case)
