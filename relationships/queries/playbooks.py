"""The playbooks of a relationship: those that run, what of them is done, and those that have run."""

from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Missing
from relationships.enums import StepState
from relationships.models import PlaybookRun, PlaybookRunStep, Relationship

MOST = 8


@dataclass(frozen=True)
class Run:
    """A run with its steps in order."""

    run: PlaybookRun
    steps: list[PlaybookRunStep]

    @property
    def done(self) -> int:
        """How many steps are behind us, done or skipped."""
        return sum(step.state != StepState.OPEN for step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether it still runs."""
        return self.run.closed_at is None


def runs_of(*, viewer: User, relationship: Relationship) -> list[Run]:
    """The runs on a relationship, open ones first, then the newest, in two queries."""
    rows = (
        PlaybookRun.objects.visible_to(viewer)
        .filter(relationship=relationship)
        .select_related("closed_by")
        .prefetch_related(Prefetch("steps", queryset=_steps()))
        .order_by(F("closed_at").desc(nulls_first=True), "-started_at", "-pk")[:MOST]
    )
    return [Run(run, list(run.steps.all())) for run in rows]


def visible_run(viewer: User, run_id: int) -> PlaybookRun:
    """The run; raises Missing when there is none that the viewer may know of."""
    found = PlaybookRun.objects.visible_to(viewer).select_related("relationship").filter(pk=run_id).first()
    if found is None:
        raise Missing(_("There is no such playbook here."))
    return found


def visible_step(viewer: User, step_id: int) -> PlaybookRunStep:
    """The step; raises Missing when there is none that the viewer may know of."""
    runs = PlaybookRun.objects.visible_to(viewer)
    found = _steps().select_related("run__relationship").filter(pk=step_id, run__in=runs).first()
    if found is None:
        raise Missing(_("There is no such step."))
    return found


def _steps() -> QuerySet[PlaybookRunStep]:
    return PlaybookRunStep.objects.select_related("follow_up__assignee").order_by("run_id", "position")
