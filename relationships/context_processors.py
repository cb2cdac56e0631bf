"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from relationships.ui import build_shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """The navigation, the viewer and the workspace; empty for somebody who is not signed in.

    Made only when a template asks: fragments have no frame and do not pay for it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: build_shell(request.path, user, timezone.now()))}
