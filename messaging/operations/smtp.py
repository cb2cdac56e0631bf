"""The way to a mail server: one session, and for each message what became of it at each recipient."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ServerUnavailable(Exception):
    """No message can be sent now: the server does not answer, or will not have us. Try again later."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `scheme`: smtp (in the clear), smtp+starttls, smtps."""

    scheme: str
    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """From `smtp://host:25`, `smtp+starttls://user:password@host:587`, `smtps://user:password@host:465`.

        Raises ImproperlyConfigured with words that never hold the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ImproperlyConfigured(f"SMTP_URL cannot be read: {error}.") from None
        if parts.scheme not in PORTS:
            raise ImproperlyConfigured(f"SMTP_URL starts with {parts.scheme!r}; it takes {', '.join(PORTS)}.")
        if not parts.hostname:
            raise ImproperlyConfigured("SMTP_URL names no host.")
        if parts.password and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
            raise ImproperlyConfigured(
                "SMTP_URL would send a password in the clear; use smtp+starttls:// or smtps://."
            )
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


@dataclass
class Handover:
    """What became of a message, by recipient: taken, refused for good, asked to wait, or not offered."""

    accepted: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    postponed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def rule(self, recipient: str, code: int, words: str) -> None:
        """Files a recipient under what a reply code means (RFC 5321 4.2.1: 4yz for now, 5yz for good)."""
        place = self.postponed if 400 <= code < 500 else self.refused
        place[recipient] = f"{code} {words}"


@contextmanager
def session(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A signed-in session; raises ServerUnavailable when there is none to be had."""
    client: smtplib.SMTP | None = None
    try:
        client = _connect(server)
        if server.username:
            client.login(server.username, server.password)
    except (OSError, smtplib.SMTPException) as error:
        if client is not None:
            client.close()
        raise ServerUnavailable(f"{server.host}:{server.port}: {_words(error)}") from error
    try:
        yield client
    finally:
        _leave(client)


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    if server.scheme == "smtp+starttls":
        try:
            client.starttls(context=context)
        except Exception:
            client.close()
            raise
    return client


def _leave(client: smtplib.SMTP) -> None:
    """Says goodbye; whoever has gone already is not missed."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def hand_over(client: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> Handover:
    """Offers one message to the server for `recipients`; raises ServerUnavailable when the line breaks.

    A server that closes (421) or wants us to sign in (530) has said nothing about the message itself.
    """
    handover = Handover()
    refused: Mapping[str, tuple[int, bytes | str]]
    try:
        refused = client.sendmail(sender, list(recipients), content)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        refused = dict.fromkeys(recipients, (error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnavailable(_words(error)) from error
    for recipient, (code, reply) in refused.items():
        if code in {421, 530}:
            raise ServerUnavailable(f"{code} {_reply(reply)}")
        handover.rule(recipient, code, _reply(reply))
    handover.accepted = dict.fromkeys((address for address in recipients if address not in refused), "")
    return handover


def _reply(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_reply(error.smtp_error)}"
    return str(error) or type(error).__name__
