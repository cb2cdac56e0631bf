"""Whether there is anything to do at all: asked before what does it is loaded, which is much of the product."""

from datetime import datetime

from django.db.models import Q

from oversight.enums import ErasureState
from oversight.models import Erasure, SubjectExport


def exports_wait(now: datetime) -> bool:
    """Whether somebody's data is still to be put together, or to be taken away again."""
    is_over = Q(expires_at__lte=now) & ~Q(file="")
    return SubjectExport.objects.filter(Q(finished_at=None) | is_over).exists()


def erasures_wait() -> bool:
    """Whether two people want somebody erased."""
    return Erasure.objects.filter(state=ErasureState.CONFIRMED).exists()
