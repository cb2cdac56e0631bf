"""What we owe by when, as it holds now."""

from cases.models import SlaPolicy


def targets_for(severity: int) -> tuple[SlaPolicy, dict[str, int]]:
    """The policy that holds, and its targets for a severity: minutes of business time by clock."""
    policy = SlaPolicy.objects.get(retired_at=None)
    targets = policy.targets.filter(severity=severity)
    return policy, dict(targets.values_list("clock", "minutes"))
