"""Where the web application listens: bound before anything is started, so that a busy port costs nothing."""

import errno
import os
import socket
from dataclasses import dataclass

from relman.launcher.refusals import Refusal

LOOPBACK = ("127.0.0.1", "::1")
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  recognised here, chosen only by BIND
ABSENT = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True)
class Address:
    port: int
    hosts: tuple[str, ...]

    @classmethod
    def from_environment(cls) -> "Address":
        """`PORT` (8000) and `BIND` (both loopback addresses), `BIND` being addresses parted by commas."""
        words = os.environ.get("PORT") or "8000"
        if not (words.isdecimal() and 0 < int(words) < 65536):
            raise Refusal(f"PORT is {words!r}; it takes a number from 1 to 65535.")
        bind = [
            host.strip().strip("[]") for host in (os.environ.get("BIND") or "").split(",") if host.strip()
        ]
        if "0.0.0.0" in bind and "::" not in bind:  # noqa: S104  as above
            bind.append("::1")  # `localhost` may mean this one
        return cls(int(words), tuple(bind) or LOOPBACK)

    @property
    def url(self) -> str:
        """What a person opens."""
        return f"http://localhost:{self.port}"

    @property
    def probe(self) -> str:
        """Where the launcher itself asks whether all is ready."""
        host = "127.0.0.1" if {*LOOPBACK, *EVERYWHERE} & {*self.hosts} else self.hosts[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/readyz"

    def listen(self) -> list[socket.socket]:
        """Listening sockets, at least one. Raises `Refusal` where the port is taken or not allowed."""
        listening: list[socket.socket] = []
        for host in self.hosts:
            try:
                listening.append(self._listen_on(host))
            except OSError as error:
                if error.errno in ABSENT and host in LOOPBACK and (listening or host != self.hosts[-1]):
                    continue  # a machine without one of the two loopback addresses
                for opened in listening:
                    opened.close()
                raise Refusal(self._why(host, error)) from error
        return listening

    def _listen_on(self, host: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.socket(family)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.bind((host, self.port))
            opened.listen(512)
        except OSError:
            opened.close()
            raise
        return opened

    def _why(self, host: str, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} is in use by another program. "
                f"Choose another one: make run PORT={self.port + 1 if self.port < 65535 else 8000}"
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} needs root. Choose one from 1024 up: make run PORT=8000"
        return f"Relman cannot listen on {host} port {self.port}: {error.strerror}. Check BIND and PORT."
