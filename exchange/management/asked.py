"""What the commands of import and export are given: who acts, and files to write."""

from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

from accounts.models import User


def actor_called(email: str | None) -> User | None:
    """Whoever has the address, none where none is given; refuses one that nobody has."""
    if not email:
        return None
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(f"Nobody with the address {email} works here.")
    return found


def writable(path: str, mode: str = "w") -> IO[str]:
    """The file, open; refuses one that cannot be written."""
    try:
        return Path(path).open(mode, encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
