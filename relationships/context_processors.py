"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from relationships.ui import build_shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """The navigation, the viewer and the workspace; empty for somebody who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"shell": build_shell(request.path, user, timezone.now())}
