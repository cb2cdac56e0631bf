"""How the sender gets on with mail servers: addresses, passwords, encryption, servers that are away."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from messaging.checks import check_mail_server, check_sender
from messaging.models import OutboxMessage
from messaging.operations.outbox import RETRY_AFTER, enqueue_message, send_due
from messaging.operations.smtp import MailServer
from tests.homes import free_port
from tests.messaging.conftest import Post, authenticate

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def queue(number: int = 1) -> list[OutboxMessage]:
    return [
        enqueue_message(
            message=EmailMessage("Hello", "Words.", "us@relman.example", [f"ann{n}@firm.example"]),
            actor=None,
            now=NOW,
        )
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("smtp", "mail.example", 25)),
        ("smtps://u%40x:p%2Fw@mail.example", MailServer("smtps", "mail.example", 465, "u@x", "p/w")),
        (
            "smtp+starttls://u:p@mail.example:2525",
            MailServer("smtp+starttls", "mail.example", 2525, "u", "p"),
        ),
        ("smtp://u:p@localhost", MailServer("smtp", "localhost", 25, "u", "p")),
    ],
)
def test_an_address_names_the_server(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.example", "SMTP_URL starts with 'http'; it takes smtp, smtp+starttls, smtps."),
        ("smtp://", "SMTP_URL names no host."),
        ("smtp://mail.example:99999", "SMTP_URL cannot be read: Port out of range 0-65535."),
        (
            "smtp://u:geheim@mail.example",
            "SMTP_URL would send a password in the clear; use smtp+starttls:// or smtps://.",
        ),
    ],
)
def test_a_wrong_address_is_refused_with_words_and_without_the_password(
    url: str, words: str, settings: Settings
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        MailServer.from_url(url)
    assert str(refusal.value) == words
    settings.SMTP_URL = url
    assert [error.msg for error in checks.run_checks() if error.id == "messaging.E001"] == [words]


@pytest.mark.parametrize("url", ["", "smtps://u:p@mail.example"])
def test_a_right_address_or_none_is_no_error(url: str, settings: Settings) -> None:
    settings.SMTP_URL = url
    assert check_mail_server(None) == []


@pytest.mark.parametrize(
    ("sender", "url", "words"),
    [
        ("Relman <relman@localhost>", "", []),
        ("Relman <desk@firm.example>", "smtp://mail.example", []),
        ("Relman", "", ["DEFAULT_FROM_EMAIL is 'Relman'; it names no mailbox."]),
        (
            "Relman <relman@localhost>",
            "smtp://mail.example",
            ["Mail leaves from relman@localhost, which nobody elsewhere can answer; set DEFAULT_FROM_EMAIL."],
        ),
    ],
)
def test_the_sender_is_a_mailbox_that_can_be_answered(
    sender: str, url: str, words: list[str], settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.SMTP_URL = sender, url
    assert [error.msg for error in check_sender(None)] == words


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(MailServer.from_url("smtps://u:geheim@mail.example"))


@pytest.mark.django_db
def test_the_right_password_lets_us_send(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url.replace("//", "//relman:s3cret%2Fword@")
    queue()
    send_due(now=NOW)
    assert len(post.received) == 1


@pytest.mark.django_db
def test_a_wrong_password_postpones_and_ends_the_run(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url.replace("//", "//relman:wrong@")
    first, second = queue(2)
    assert send_due(now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.due_at, second.attempts) == ("queued", NOW + RETRY_AFTER[0], 0)
    assert "535" in first.last_error
    assert post.received == []


@pytest.mark.django_db
def test_a_server_that_is_away_postpones_and_ends_the_run(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    first, second = queue(2)
    assert send_due(now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.attempts) == ("queued", "queued", 0)
    assert first.last_error == "127.0.0.1:9: [Errno 111] Connection refused"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["421 4.3.2 Closing", "530 5.7.0 Authentication required"])
def test_a_server_that_will_not_have_us_says_nothing_of_the_message(
    answer: str, post: Post, settings: Settings
) -> None:
    settings.SMTP_URL = post.url
    post.to_sender = answer
    first, second = queue(2)
    assert send_due(now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.last_error, second.attempts) == ("queued", answer, 0)


@pytest.mark.django_db
def test_a_line_that_breaks_in_the_middle_postpones(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url
    post.to_recipient = {"ann0@firm.example": "421 4.3.2 Closing"}
    [row] = queue()
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.last_error, post.received) == ("queued", "421 4.3.2 Closing", [])


@pytest.mark.django_db
def test_a_server_that_hangs_up_on_the_message_postpones_it(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url
    post.hangs_up = True
    first, second = queue(2)
    assert send_due(now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.due_at, second.attempts) == ("queued", NOW + RETRY_AFTER[0], 0)
    assert first.last_error != ""


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1's name, trusted by this process."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    issued = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "server.pem"
    both.write_bytes(
        issued.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(both))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


@pytest.fixture
def sealed_post(certificate: ssl.SSLContext) -> Iterator[Post]:
    """A server that speaks TLS from the first byte."""
    handler = Post()
    port = free_port()
    controller = Controller(handler, hostname="localhost", port=port, ssl_context=certificate)
    controller.start()
    handler.url = f"smtps://localhost:{port}"
    yield handler
    controller.stop()


@pytest.fixture
def upgrading_post(certificate: ssl.SSLContext) -> Iterator[Post]:
    """A server that takes nothing before STARTTLS."""
    handler = Post()
    port = free_port()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        tls_context=certificate,
        require_starttls=True,
        authenticator=authenticate,
    )
    controller.start()
    handler.url = f"smtp+starttls://relman:s3cret%2Fword@localhost:{port}"
    yield handler
    controller.stop()


@pytest.mark.django_db
def test_a_server_with_tls_from_the_first_byte(sealed_post: Post, settings: Settings) -> None:
    settings.SMTP_URL = sealed_post.url
    queue()
    send_due(now=NOW)
    assert len(sealed_post.received) == 1


@pytest.mark.django_db
def test_a_server_that_is_upgraded_before_the_password(upgrading_post: Post, settings: Settings) -> None:
    settings.SMTP_URL = upgrading_post.url
    queue()
    send_due(now=NOW)
    assert len(upgrading_post.received) == 1


@pytest.mark.django_db
def test_a_server_without_starttls_gets_nothing(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url.replace("smtp://", "smtp+starttls://")
    [row] = queue()
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, post.received) == ("queued", [])
    assert "STARTTLS" in row.last_error


@pytest.mark.django_db
def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    sealed_post: Post, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    settings.SMTP_URL = sealed_post.url
    [row] = queue()
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, sealed_post.received) == ("queued", [])
    assert "certificate verify failed" in row.last_error
