"""What a case holds against the health of its relationship."""

from django.db.models import Q, QuerySet

from cases.models import Case
from relationships.models import Commitment, Interaction


def open_problems(case: Case) -> "QuerySet[Interaction]":
    """The problems that were raised in what was said in the case, and are not solved."""
    said_in = Q(case_message__case=case) | Q(corrects__case_message__case=case)
    raised = Interaction.objects.current().filter(problem_severity__isnull=False, problem_closed_at=None)
    return raised.filter(said_in, relationship_id=case.relationship_id)


def open_promises(case: Case) -> "QuerySet[Commitment]":
    """What we promised in the case and have not kept yet."""
    ours = Commitment.objects.open().exclude(direction="theirs")
    return ours.filter(made_in__case_message__case=case)
