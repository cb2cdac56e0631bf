"""What we owe by when, as it holds now and as it held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.models import SlaPolicy


def targets_for(severity: int) -> tuple[SlaPolicy, dict[str, int]]:
    """The policy that holds, and its targets for a severity: minutes of business time by clock."""
    policy = SlaPolicy.objects.get(retired_at=None)
    targets = policy.targets.filter(severity=severity)
    return policy, dict(targets.values_list("clock", "minutes"))


@dataclass(frozen=True)
class PastTargets:
    """Every version of the policy, the first one first: since when it holds, its id, minutes by severity and clock."""

    versions: Sequence[tuple[datetime, int, dict[tuple[int, str], int]]]

    def of(self, at: datetime, severity: int, clock: str) -> tuple[int, int]:
        """(policy, minutes) of the version that held at a moment; before there was any, those of the first."""
        held = [version for version in self.versions if version[0] <= at] or [self.versions[0]]
        _since, policy_id, minutes = held[-1]
        return policy_id, minutes[severity, clock]


def past_targets() -> PastTargets:
    """What was owed by when, at any time."""
    versions = SlaPolicy.objects.order_by("version").prefetch_related("targets")
    return PastTargets([(policy.created_at, policy.pk, minutes_of(policy)) for policy in versions])


def minutes_of(policy: SlaPolicy) -> dict[tuple[int, str], int]:
    """The targets of a version, by severity and clock."""
    return {(target.severity, target.clock): target.minutes for target in policy.targets.all()}


def policies() -> list[SlaPolicy]:
    """Every version with its targets, the one that holds first."""
    rows = SlaPolicy.objects.select_related("created_by").prefetch_related("targets")
    return list(rows.order_by("-version"))
