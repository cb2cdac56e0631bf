"""What must hold of the mail settings before anything starts."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from messaging.operations.smtp import MailServer


def check_sender(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """`DEFAULT_FROM_EMAIL` names a mailbox, and one that others can answer once mail leaves."""
    box = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in box:
        return [
            Error(
                f"DEFAULT_FROM_EMAIL is {settings.DEFAULT_FROM_EMAIL!r}; it names no mailbox.",
                id="messaging.E002",
            )
        ]
    if settings.SMTP_URL and box.endswith("@localhost"):
        words = f"Mail leaves from {box}, which nobody elsewhere can answer; set DEFAULT_FROM_EMAIL."
        return [Warning(words, id="messaging.W001")]
    return []


def check_mail_server(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """`SMTP_URL` can be read and sends no password in the clear."""
    if not settings.SMTP_URL:
        return []
    try:
        MailServer.from_url(settings.SMTP_URL)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="messaging.E001")]
    return []
