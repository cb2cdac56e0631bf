"""What `manage.py check --deploy` asks beyond Django's own questions."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


@register(Tags.security, deploy=True)
def addresses_are_public(**_: Any) -> list[CheckMessage]:
    """Links in mail start with `BASE_URL`; a request for another host is refused."""
    found: list[CheckMessage] = []
    address = urlsplit(settings.BASE_URL)
    if address.scheme != "https" or address.hostname in LOCAL:
        found.append(
            Warning(
                f"BASE_URL is {settings.BASE_URL!r}, so links in mail lead nowhere.",
                hint="Set it to the https:// address that people open.",
                id="relman.W001",
            )
        )
    if address.hostname not in LOCAL and not _allowed(address.hostname or ""):
        found.append(
            Warning(
                f"ALLOWED_HOSTS does not name {address.hostname!r}, the host of BASE_URL.",
                hint="Set it to the names that people open, parted by commas.",
                id="relman.W002",
            )
        )
    return found


def _allowed(host: str) -> bool:
    return any(
        host == name or (name.startswith(".") and host.endswith(name)) for name in settings.ALLOWED_HOSTS
    )
