"""Letters about somebody's access: words from a template, sent through Django's mail, which is the outbox."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def send_letter(*, to: str, template: str, context: Mapping[str, object]) -> None:
    """Queues `emails/<template>.txt`, its first line the subject, in the caller's transaction."""
    whole = {"base_url": settings.BASE_URL, **context}
    subject, _, body = render_to_string(f"emails/{template}.txt", whole).strip().partition("\n")
    EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to]).send()
