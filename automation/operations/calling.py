"""One HTTP call to the outside: to the address that was checked, within a time, reading so much and no more."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Timer

from django.utils.translation import gettext as _

from automation.operations.addresses import Target, Unreachable, target_of

SECONDS = 15
MOST_READ = 16 * 1024
EXCERPT = 1000


@dataclass(frozen=True)
class Answer:
    """What came of a call: a status and how the answer begins, or the problem why there is none."""

    status: int | None
    excerpt: str
    problem: str
    took_ms: int
    retry_after: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Checked(http.client.HTTPConnection):
    """A connection to the numeric address that was checked: the name is not looked up again."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self.target = target
        self.default_port = 443 if target.is_tls else 80

    def connect(self) -> None:
        """Connects, with TLS for the name."""
        self.sock = socket.create_connection((self.target.number, self.target.port), SECONDS)
        if self.target.is_tls:
            wrapped = _trust().wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()

    def cut(self) -> None:
        """Ends the call from another thread: whoever answers a byte a minute holds nobody up."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Posts `body`. A redirect is an answer like any other, and is not followed. Never raises for what they do."""
    began = time.monotonic()

    def answer(status: int | None, excerpt: str = "", problem: str = "", retry_after: str = "") -> Answer:
        took = round((time.monotonic() - began) * 1000)
        return Answer(status, excerpt, problem[:300], took, retry_after)

    try:
        connection = _Checked(target_of(url))
    except Unreachable as reason:
        return answer(None, problem=str(reason))
    watch = Timer(SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", connection.target.path, body, dict(headers))
        response = connection.getresponse()
        told = response.read(MOST_READ).decode("utf-8", "replace").replace("\0", "")
        return answer(response.status, told[:EXCERPT], retry_after=response.getheader("Retry-After", ""))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return answer(None, problem=_problem(error, time.monotonic() - began))
    finally:
        watch.cancel()
        connection.close()


def _problem(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError) or seconds >= SECONDS:
        return _("No answer within %(seconds)d seconds.") % {"seconds": SECONDS}
    if isinstance(error, ssl.SSLError):
        return _("The connection is not safe: %(reason)s.") % {"reason": error.reason or error}
    return _("The connection failed: %(reason)s.") % {"reason": error or type(error).__name__}
