"""The cases that timeline events speak of."""

from collections.abc import Mapping

from accounts.models import User
from cases.models import Case


def load_cases(viewer: User, ids: set[int]) -> Mapping[int, Case]:
    """Those of which the viewer may know, by id."""
    return {case.pk: case for case in Case.objects.visible_to(viewer).filter(pk__in=ids)}
