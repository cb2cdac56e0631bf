"""One mail read from its bytes. Whatever they are, there is an answer: what it says, or why it cannot be read.

Nothing is fetched, unpacked or started. How many parts there are and how deep they lie is counted in the bytes
before they are taken apart, so that no arrangement of them takes long.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32, compat32
from mimetypes import guess_extension

from core.file_names import clean_name, why_not_taken
from messaging.enums import HeldBecause, KeptBack, Mark
from messaging.operations.mail_files import ARMOUR, ENCRYPTED_TYPES, why_kept_back
from messaging.operations.mail_headers import (
    Head,
    addresses_of,
    as_written,
    ids_of,
    moment_of,
    own_id,
    storable,
    text_of,
    words_of,
)
from messaging.operations.mail_text import words_in

MESSAGE_LIMIT_BYTES = 36 * 1024 * 1024
"""A file of 25 MB in base64, and some words beside it."""
HEAD_LIMIT_BYTES = 1024 * 1024
MOST_MARKED_LINES = 20_000
MOST_CONTAINERS = 100
MOST_LOOKS = 50_000_000
"""Lines times containers: each line of a container is held against the end of each container around it."""
MOST_FILES = 500
MOST_SERVERS = 50
MOST_REPORTED = 200
LONGEST_TEXT = 200_000
MOST_HEADERS = 200
LONGEST_HEADER = 2_000

CONTAINER = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
ENDLESS = re.compile(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){4000}", re.IGNORECASE | re.MULTILINE)
"""A line about a part that says more than any does: its parameters would be taken apart again and again."""
KNOWN = frozenset(
    {
        *("from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "sender"),
        *(
            "content-type",
            "mime-version",
            "reply-to",
            "delivered-to",
            "in-reply-to",
            "references",
            "x-mailer",
        ),
        *("user-agent", "resent-from", "content-transfer-encoding"),
    }
)
"""Lines one of which stands in the head of every mail."""
IDENTITY = ("from", "to", "cc", "subject", "date", "message-id")
BULK = frozenset({"bulk", "list", "junk"})
AUTO_REPLIES = ("x-autoreply", "x-autorespond", "x-auto-reply")
"""What programs write that answer by themselves; a mail without a way back (RFC 5321, 4.5.5) is of such a one, too."""
SYNTHETIC = "relman.invalid"


class _AsWritten(Compat32):
    """Gives a line with the bytes beyond ASCII that stand in it as text; the library's own policy drops them."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The value of a line."""
        return as_written(value)


@dataclass(frozen=True)
class ReadFile:
    """A file of a mail; `kept_back` says why it is not given out, empty for one that may be."""

    name: str
    content_type: str
    size_bytes: int
    sha256: str
    kept_back: str


@dataclass(frozen=True)
class ReadMail:
    """What a mail says. Ids are without brackets, addresses in small letters, people (name, address)."""

    message_id: str
    content_hash: str
    sender: tuple[str, str]
    to: list[tuple[str, str]]
    cc: list[tuple[str, str]]
    subject: str
    sent_at: datetime | None
    references: list[str]
    text: str
    headers: list[tuple[str, str]]
    files: list[ReadFile]
    marks: set[str]
    reports: list[dict[str, str]]
    """Of a delivery report: recipient, action and status, as RFC 3464 has them."""
    goes_round: bool
    """Whether it passed the same place again, or more servers than any way leads over."""


@dataclass(frozen=True)
class Unread:
    """Why a mail was not read: a code of `HeldBecause`."""

    reason: str


def read_mail(raw: bytes) -> ReadMail | Unread:
    """What the mail says, or why it is not read."""
    if len(raw) > MESSAGE_LIMIT_BYTES:
        return Unread(HeldBecause.TOO_LARGE)
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # the parser ends a line at each of these
    reason = _why_not(lines)
    if reason:
        return Unread(reason)
    try:
        message = message_from_bytes(raw, policy=_AsWritten())
        head = Head((name, value) for name, value in message.raw_items())
        if not KNOWN & head.names:
            return Unread(HeldBecause.NOT_A_MESSAGE)
        return _read(message, head, lines)
    except Exception:
        return Unread(HeldBecause.UNREADABLE)


def _why_not(lines: bytes) -> str:
    """What already the bytes say against reading them."""
    if not lines.strip():
        return HeldBecause.EMPTY
    if len(lines.partition(b"\n\n")[0]) > HEAD_LIMIT_BYTES or ENDLESS.search(lines):
        return HeldBecause.LONG_HEAD
    if lines.count(b"\n--") > MOST_MARKED_LINES:
        return HeldBecause.TOO_MANY_PARTS
    containers = sum(1 for _found in CONTAINER.finditer(lines))
    if containers > MOST_CONTAINERS or containers * lines.count(b"\n") > MOST_LOOKS:
        return HeldBecause.TOO_DEEP
    return ""


def _goes_round(head: Head) -> bool:
    delivered = [words_of(value).lower() for value in head["delivered-to"]]
    return len(head["received"]) > MOST_SERVERS or len(delivered) > len(set(delivered))


def _read(message: "Message", head: Head, lines: bytes) -> ReadMail:
    digest = _content_hash(head, lines)
    message_id = own_id(head["message-id"])
    senders = addresses_of(head["from"]) or addresses_of(head["sender"])
    marks: set[str] = _marks_of(head)
    text = "\n\n".join(found for found in _texts(message, marks) if found)
    said = moment_of(head["date"][0]) if head["date"] else None
    parts = list(_own(message))
    holding = [part for part in parts if _holds(part)][:MOST_FILES]
    reports = _reports(parts)
    found = {
        Mark.NO_SENDER: not senders,
        Mark.NO_DATE: not said,
        Mark.NO_MESSAGE_ID: not message_id,
        Mark.DELIVERY_REPORT: bool(reports),
        Mark.CUT: len(text) > LONGEST_TEXT,
    }
    marks |= {mark for mark, holds in {**found, **_seen_in(message, parts, text)}.items() if holds}
    return ReadMail(
        message_id=message_id or f"{digest}@{SYNTHETIC}",
        content_hash=digest,
        sender=senders[0] if senders else ("", ""),
        to=addresses_of(head["to"]),
        cc=addresses_of(head["cc"]),
        subject=head.first("subject"),
        sent_at=said or _passed_at(head),
        references=_references(head, parts if reports else []),
        text=storable(text)[:LONGEST_TEXT],
        headers=_headers(message),
        files=[_file(part, number) for number, part in enumerate(holding, 1) if not _is_words(part)],
        marks=marks,
        reports=reports,
        goes_round=_goes_round(head),
    )


def _seen_in(message: "Message", parts: "list[Message]", text: str) -> dict[Mark, bool]:
    """What the parts of a mail say of it."""
    is_sealed = message.get_content_type() in {"multipart/encrypted", *ENCRYPTED_TYPES}
    return {
        Mark.DAMAGED: any(part.defects for part in parts),
        Mark.ENCRYPTED: is_sealed or ARMOUR.decode() in text[:2000],
        Mark.CALENDAR: any(part.get_content_type() == "text/calendar" for part in parts),
    }


def _content_hash(head: Head, lines: bytes) -> str:
    """Of what was written and to whom: the same whichever way the mail came and however its lines end."""
    told = [f"{name}:{' '.join(value.split())}" for name in IDENTITY for value in head[name]]
    body = lines.partition(b"\n\n")[2].strip()
    digest = hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape"))
    digest.update(b"\n\n" + body)
    return digest.hexdigest()


def _marks_of(head: Head) -> set[str]:
    """What the head says of how the mail was sent."""
    precedence = head.first("precedence").lower()
    written = head.first("auto-submitted").lower()
    marks: set[str] = set()
    is_answer = precedence == "auto_reply" or any(head[name] for name in AUTO_REPLIES)
    if (written and not written.startswith("no")) or is_answer or head.first("return-path") == "<>":
        marks.add(Mark.AUTO_REPLY)
    if precedence in BULK or head["list-id"] or head["list-unsubscribe"]:
        marks.add(Mark.BULK)
    return marks


def _passed_at(head: Head) -> datetime | None:
    """When the last server had it."""
    return moment_of(head["received"][0].rpartition(";")[2].strip()) if head["received"] else None


def _headers(message: "Message") -> list[tuple[str, str]]:
    lines = list(message.raw_items())[:MOST_HEADERS]
    return [(storable(name)[:100], words_of(str(value), LONGEST_HEADER)) for name, value in lines]


def _children(part: "Message") -> "list[Message]":
    inside = part.get_payload()
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def _own(part: "Message") -> "Iterator[Message]":
    """The part and those inside it, but nothing of a mail within the mail."""
    yield part
    if part.get_content_maintype() == "multipart":
        for child in _children(part):
            yield from _own(child)


def _holds(part: "Message") -> bool:
    """Whether a part holds something itself: it is no container, and not what a delivery report says to programs."""
    is_container = part.get_content_maintype() == "multipart" and part.is_multipart()
    return not is_container and part.get_content_type() != "message/delivery-status"


def _is_words(part: "Message") -> bool:
    """Whether a part is what is read, and no file. So is a mail that says that it has parts, and has none."""
    if part.get_content_maintype() == "multipart":
        return not part.is_multipart()
    if part.get_content_type() not in ("text/plain", "text/html"):
        return False
    return part.get_content_disposition() != "attachment" and not part.get_filename()


def _texts(part: "Message", marks: set[str]) -> list[str]:
    """The words of a part in their order; of several ways to say the same, the plain one."""
    if not part.is_multipart():
        return [_text(part, marks)] if _is_words(part) else []
    if part.get_content_maintype() != "multipart":
        return []
    told = [(child, _texts(child, marks)) for child in _children(part)]
    if part.get_content_subtype() != "alternative":
        return [text for _child, texts in told for text in texts]
    some = [(child, texts) for child, texts in told if any(text.strip() for text in texts)]
    plain = [texts for child, texts in some if child.get_content_type() == "text/plain"]
    return plain[0] if plain else some[-1][1] if some else []


def _text(part: "Message", marks: set[str]) -> str:
    text, is_known = text_of(_content(part), str(part.get_content_charset("") or ""))
    if not is_known:
        marks.add(Mark.UNKNOWN_CHARSET)
    if part.get_content_type() != "text/html":
        return text.replace("\r\n", "\n").strip()
    seen = words_in(text)
    marks |= {Mark.ACTIVE} if seen.is_active else set()
    marks |= {Mark.REMOTE} if seen.is_remote else set()
    return seen.words


def _content(part: "Message") -> bytes:
    """The bytes of a part as they were before they were packed; a mail within the mail as it stands."""
    if part.is_multipart():
        inside = _children(part)
        return b"\n".join(each.as_bytes(policy=compat32) for each in inside)
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _file(part: "Message", number: int) -> ReadFile:
    content, content_type = _content(part), part.get_content_type()[:200]
    given = clean_name(words_of(str(part.get_filename() or "")))
    ending = ".eml" if content_type == "message/rfc822" else guess_extension(content_type) or ""
    name = storable(given) or f"part-{number}{ending}"
    kept_back = why_kept_back(name, content_type, content) or _packed(part)
    return ReadFile(
        name, storable(content_type), len(content), hashlib.sha256(content).hexdigest(), kept_back
    )


def _packed(part: "Message") -> str:
    """Why a mail within the mail is kept back: a program goes with it."""
    names = [clean_name(words_of(str(each.get_filename() or ""))) for each in part.walk() if each is not part]
    return KeptBack.PACKED_PROGRAM if any(why_not_taken(name, b"") for name in names) else ""


def _references(head: Head, reported: "list[Message]") -> list[str]:
    """What the mail answers or is about, each once; `reported` are the parts of a delivery report."""
    return list(
        dict.fromkeys([*ids_of(head["references"]), *ids_of(head["in-reply-to"]), *_reported_ids(reported)])
    )


def _reported_ids(parts: "list[Message]") -> list[str]:
    """The Message-ID of the mail that a delivery report is about, from the copy of its head that comes with it."""
    found: list[str] = []
    for part in parts:
        heads = _children(part) if part.get_content_type() == "message/rfc822" else []
        if part.get_content_type() == "text/rfc822-headers":
            heads = [message_from_bytes(_content(part), policy=_AsWritten())]
        for head in heads:
            found += ids_of(Head(head.raw_items())["message-id"])[:1]
    return found


def _reports(parts: "list[Message]") -> list[dict[str, str]]:
    """What a delivery report says of each recipient."""
    found = []
    told = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    for block in [block for part in told for block in _children(part)][:MOST_REPORTED]:
        lines = Head(block.raw_items())
        whom = lines.first("final-recipient") or lines.first("original-recipient")
        if whom:
            recipient = whom.rpartition(";")[2].strip(" <>")[:320]
            action, status = lines.first("action")[:20].lower(), lines.first("status")[:20]
            found.append({"recipient": recipient, "action": action, "status": status})
    return found
