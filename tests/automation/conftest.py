"""Another system: a real HTTP server on loopback that keeps what it is sent and answers as it is told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pytest_django.fixtures import Settings


@dataclass
class Receiver:
    """`status` is what it answers; `calls` are headers (in lower case) and bodies, in order."""

    server: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    words: bytes = b"thanks"
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook?of=relman"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(kept.words)))
            self.end_headers()
            self.wfile.write(kept.words)

        def log_message(self, *_args: object) -> None:
            return

    kept.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=kept.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield kept
    kept.server.shutdown()
    kept.server.server_close()
