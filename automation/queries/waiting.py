"""Whether there is anything to do at all: asked before what does it is loaded, which is much of the product."""

from automation.enums import UNDERWAY, SentState
from automation.models import SentForm, WebhookDelivery


def deliveries_wait() -> bool:
    """Whether an endpoint is still to be called."""
    return WebhookDelivery.objects.filter(state__in=UNDERWAY).exists()


def forms_wait() -> bool:
    """Whether a visitor's form is still to be taken in."""
    return SentForm.objects.filter(state=SentState.WAITING).exists()
