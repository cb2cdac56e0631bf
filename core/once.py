"""What one request asks for again and again, found once. Outside a request everything is found each time."""

from collections.abc import Callable, Hashable
from threading import local
from typing import Any, TypeVar

from django.core.signals import request_finished, request_started

T = TypeVar("T")
_here = local()


def once(key: Hashable, find: Callable[[], T]) -> T:
    """What `find` gave for the key when this request first asked."""
    held: dict[Hashable, Any] | None = getattr(_here, "held", None)
    if held is None:
        return find()
    if key not in held:
        held[key] = find()
    found: T = held[key]
    return found


def ask_again(key: Hashable) -> None:
    """Has this request find it anew: it changed."""
    held: dict[Hashable, Any] | None = getattr(_here, "held", None)
    if held is not None:
        held.pop(key, None)


def _begin(**_: Any) -> None:
    _here.held = {}


def _end(**_: Any) -> None:
    _here.held = None


request_started.connect(_begin, dispatch_uid="once")
request_finished.connect(_end, dispatch_uid="once")
