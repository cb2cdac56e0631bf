"""The live server's door: shut behind a test, so that nothing is under way when the tables are emptied."""

import time
from collections.abc import Iterable, Iterator
from threading import Condition
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Door:
    """The application, whose requests are counted from their arrival until the last word of the answer is sent.

    A page that a test leaves goes on asking: a part of it that comes later, a click whose answer nobody waited
    for. Its thread holds locks, which the emptying of the tables cannot have, and reads a database that the test
    has already been parted from. So the door is shut: what comes now is refused, and what is under way is waited
    for.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self._is_open = False
        self._under_way: list[str] = []
        self._changed = Condition()

    def open(self) -> None:
        with self._changed:
            self._is_open = True

    def shut(self, *, seconds: float = 60) -> None:
        """Returns once nothing is under way; TimeoutError names what still is after so many seconds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._is_open = False
            while self._under_way:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"Still under way after {seconds} s: {', '.join(self._under_way)}")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        with self._changed:
            if not self._is_open:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self._under_way.append(path)
        try:
            return Answer(self, path, self.application(environ, start_response))
        except BaseException:
            self.left(path)
            raise

    def left(self, path: str) -> None:
        with self._changed:
            self._under_way.remove(path)
            self._changed.notify_all()


class Answer:
    """What an application sends back; its end, which a server always tells by `close`, is told to the door."""

    def __init__(self, door: Door, path: str, parts: Any) -> None:
        self.door, self.path, self.parts = door, path, parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        try:
            if hasattr(self.parts, "close"):
                self.parts.close()
        finally:
            self.door.left(self.path)
