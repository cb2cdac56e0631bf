"""A container's own health check."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import LazySettings

from relman import heartbeats, probe


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A web server that answers 200 for the host of production and 400 for any other, as Django does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers["Host"] == "relman.example" else 400)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PORT", str(server.server_port))
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    server.server_close()


def test_web_is_asked_for_a_host_that_it_serves(answering: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "relman.example,other.example")
    assert probe.main(["web"]) == ""
    monkeypatch.setenv("ALLOWED_HOSTS", "other.example")
    assert probe.main(["web"]) == f"{answering} answered 400."


def test_web_that_does_not_answer_is_unhealthy() -> None:
    assert probe.web("http://127.0.0.1:1/healthz").startswith("http://127.0.0.1:1/healthz does not answer:")


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_a_part_is_healthy_by_its_own_sign_of_life(part: heartbeats.Part) -> None:
    heartbeats.forget()
    assert probe.main([part]) == f"The {part} gave no sign of life for 60 seconds."
    heartbeats.stamp(part)
    assert probe.main([part]) == ""


def test_a_part_without_a_broker_is_unhealthy(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert probe.main(["worker"]).startswith("The broker does not answer:")


def test_an_unknown_part_is_told_the_usage() -> None:
    assert probe.main(["database"]) == "Usage: python -m relman.probe web|worker|beat"
