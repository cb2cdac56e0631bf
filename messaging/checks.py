"""What must hold of the mail settings before anything starts."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from messaging.operations.smtp import MailServer


def check_mail_server(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """`SMTP_URL` can be read and sends no password in the clear."""
    if not settings.SMTP_URL:
        return []
    try:
        MailServer.from_url(settings.SMTP_URL)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="messaging.E001")]
    return []
