"""Whether there is anything to do at all: asked before what does it is loaded, which is much of the product."""

from django.db.models import Q

from exchange.models import ImportJob, ImportRun


def imports_wait() -> bool:
    """Whether somebody waits for an import to be carried out, or for one to be taken back."""
    unmade = Q(queued_at__isnull=False, finished_at=None)
    return (
        ImportJob.objects.filter(unmade).exists()
        or ImportRun.objects.filter(revert_wanted_at__isnull=False, reverted_at=None).exists()
    )
