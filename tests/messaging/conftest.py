"""A real mail server on loopback that answers as a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from messaging.models import Notification
from relationships.models import Relationship
from tests.factories import make_relationship
from tests.homes import free_port

ACCEPTED = "250 OK"


@dataclass
class Post:
    """What the server received, and what it is to answer: by recipient, and to messages in turn."""

    received: list[Envelope] = field(default_factory=list)
    to_recipient: dict[str, str] = field(default_factory=dict)
    to_messages: list[str] = field(default_factory=list)
    to_sender: str = ACCEPTED
    hangs_up: bool = False
    before_taking: Callable[[], None] = lambda: None
    url: str = ""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_sender == ACCEPTED:
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to_recipient.get(address, ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up:
            server.transport.abort()
            return "421 Gone"
        thread = threading.Thread(target=self.before_taking)
        thread.start()
        thread.join()
        answer = self.to_messages.pop(0) if self.to_messages else ACCEPTED
        if answer == ACCEPTED:
            self.received.append(envelope)
        return answer


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"relman", b"s3cret/word")
    return AuthResult(success=known, handled=known)


@pytest.fixture
def post() -> Iterator[Post]:
    """A server that takes everything until it is told otherwise; `url` is where."""
    handler = Post()
    port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


def make_firm(**fields: Any) -> Relationship:
    """A relationship of whose being somebody's nobody was told."""
    made = make_relationship(**fields)
    Notification.objects.filter(subject_type="relationship", subject_id=made.pk).delete()
    return made
