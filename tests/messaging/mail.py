"""Mails as bytes: what a test brings in."""

import base64
from pathlib import Path

from accounts.models import User
from messaging.models import Mailbox
from messaging.operations.mail_reading import ReadMail, read_mail
from messaging.operations.mail_stores import StoredMail
from messaging.operations.taking_in import Taken, ensure_mailbox, take_in
from tests.factories import NOW

PUBLISHED = Path(__file__).parents[1] / "data" / "mail"


def mail_of(body: bytes = b"Hello", **head: str) -> bytes:
    """A mail of Ana with these lines in its head, `_` for `-`; a line that is "" is left out."""
    usual = {
        "From": "Ana Ruiz <ana@acme.example>",
        "To": "Sales <sales@firm.example>",
        "Subject": "Trays",
        "Date": "Wed, 18 Mar 2026 09:00:00 +0100",
        "Message-ID": "<one@acme.example>",
    }
    given = {name.replace("_", "-"): value for name, value in head.items()}
    lines = [f"{name}: {value}\r\n".encode() for name, value in (usual | given).items() if value]
    return b"".join(lines) + b"\r\n" + body


def parts(*of: bytes, kind: str = "mixed", mark: str = "b", **head: str) -> bytes:
    """A mail of several parts, each with its own head; `mark` stands between them."""
    between = f"--{mark}".encode()
    body = b"".join(between + b"\r\n" + part + b"\r\n" for part in of) + between + b"--\r\n"
    return mail_of(body, Content_Type=f'multipart/{kind}; boundary="{mark}"', MIME_Version="1.0", **head)


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """A part that is a file."""
    head = f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def read(raw: bytes) -> ReadMail:
    """The mail as it is read; it must be."""
    found = read_mail(raw)
    assert isinstance(found, ReadMail), found
    return found


def stored(raw: bytes, origin: str = "a.eml") -> StoredMail:
    """The mail as it lies in a file."""
    mail = StoredMail(origin)
    mail.add(raw)
    return mail


def box(actor: User, privacy: str = "", address: str = "sales@firm.example") -> Mailbox:
    """A mailbox of ours."""
    return ensure_mailbox(actor=actor, address=address, privacy=privacy, now=NOW)


def brought(actor: User, raw: bytes, mailbox: Mailbox | None = None) -> Taken:
    """What became of a mail that somebody brought."""
    return take_in(actor=actor, mailbox=mailbox or box(actor), mail=stored(raw), now=NOW)
