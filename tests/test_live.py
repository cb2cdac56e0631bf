"""The door of the live server: nothing is under way behind it, and whoever comes late is refused."""

from threading import Event, Thread
from typing import Any

import pytest

from tests.live import Door


def asked(door: Door) -> str:
    """The status with which a whole request is answered."""
    said: list[str] = []
    answer: Any = door(
        {"PATH_INFO": "/customers/"}, lambda status, _headers, _fault=None: said.append(status)
    )  # type: ignore[arg-type, misc]  # no writer is given back
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0]


def test_it_shuts_once_what_is_under_way_is_answered_and_refuses_the_rest() -> None:
    come, may_end = Event(), Event()
    said: list[str] = []

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        come.set()
        may_end.wait()
        start_response("200 OK", [])
        return [b"late"]

    door = Door(application)
    door.open()
    asking = Thread(target=lambda: said.append(asked(door)))
    asking.start()
    come.wait()
    with pytest.raises(TimeoutError, match=r"Still under way after 0\.01 s: /customers/"):
        door.shut(seconds=0.01)
    assert asked(door) == "503 Service Unavailable"
    may_end.set()
    door.shut()
    asking.join()
    assert said == ["200 OK"]
    door.open()
    assert asked(door) == "200 OK"


def test_a_request_that_fails_is_over_too() -> None:
    def application(_environ: Any, _start_response: Any) -> list[bytes]:
        raise LookupError

    door = Door(application)
    door.open()
    with pytest.raises(LookupError):
        asked(door)
    door.shut(seconds=1)
