"""Files that go with a message: checked before they are kept, and put back into the mail as they were."""

import re
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage

from messaging.models import OutboxAttachment, OutboxMessage

ATTACHMENTS_LIMIT_BYTES = 1024 * 1024
"""For all files of one message together: what is larger is better kept as a document and linked to."""
MOST_ATTACHMENTS = 5
NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,200}")
CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*", re.ASCII)
"""A type with plain parameters, such as `text/calendar; method=REQUEST; charset=utf-8`."""


@dataclass(frozen=True)
class Attached:
    """A file as it was handed over."""

    name: str
    content_type: str
    content: bytes


def attached_to(message: EmailMessage) -> list[Attached]:
    """The files of a message, checked. Raises ValueError with the reason."""
    if len(message.attachments) > MOST_ATTACHMENTS:
        raise ValueError(f"a message has at most {MOST_ATTACHMENTS} attachments")
    found = [_attached(given) for given in message.attachments]
    if sum(len(each.content) for each in found) > ATTACHMENTS_LIMIT_BYTES:
        raise ValueError(f"the attachments of a message are at most {ATTACHMENTS_LIMIT_BYTES} bytes")
    return found


def _attached(given: object) -> Attached:
    if isinstance(given, MIMEBase) or not isinstance(given, tuple):
        raise ValueError("an attachment is a name, its content and a type")  # noqa: TRY004  as for all else here
    name, content, content_type = given
    if not NAME.fullmatch(str(name or "")):
        raise ValueError(f"{name!r} is not a file's name")
    if not CONTENT_TYPE.fullmatch(str(content_type)) or len(str(content_type)) > 200:
        raise ValueError(f"{content_type!r} is not the type of a file")
    return Attached(
        str(name), str(content_type), content.encode() if isinstance(content, str) else bytes(content)
    )


def keep(row: OutboxMessage, files: list[Attached]) -> None:
    """Writes the files of a message that was just written."""
    OutboxAttachment.objects.bulk_create(
        OutboxAttachment(
            message=row, position=position, name=each.name, content_type=each.content_type,
            content=each.content, size_bytes=len(each.content),
        )
        for position, each in enumerate(files, start=1)
    )  # fmt: skip


def parts_of(row: OutboxMessage) -> list[MIMEBase]:
    """The files of a message as parts of a mail, in their order."""
    return [_part(kept) for kept in row.attachments.order_by("position")]


def _part(kept: OutboxAttachment) -> MIMEBase:
    part = MIMEBase("application", "octet-stream")
    del part["Content-Type"]
    part["Content-Type"] = kept.content_type
    part.set_payload(bytes(kept.content))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=kept.name)
    return part
