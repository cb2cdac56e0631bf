"""Files about a relationship: added, read, removed."""

from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.file_names import clean_name, picture_type, type_by_name, why_not_taken
from core.refusals import Missing
from relationships.enums import TextState, Verb
from relationships.models import Document, DocumentVersion, Relationship
from relationships.operations.access import hold_relationship, require
from relationships.operations.content_scans import wait_for_scan
from relationships.operations.document_contents import Content, examine, kept
from relationships.operations.document_texts import wait_for_text
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems, local_day
from relationships.operations.submissions import first_of, fulfil
from relationships.queries.content_scans import scan_of

PREVIEWED = 8_000
"""Letters of a document that its page shows."""


@transaction.atomic
def add_document(
    *,
    actor: User,
    relationship: Relationship,
    name: str,
    content: "IO[Any]",
    now: datetime,
    note: str = "",
    confidentiality: int = Confidentiality.INTERNAL,
    idempotency_key: str = "",
) -> Document:
    """Keeps a file with a relationship; `content` is bytes that can be read twice, whatever `name` says.

    Internal means: for everybody who may know of the relationship. Above that a document is for whoever
    added it and the relationship's owner. Raises Invalid under `file` for what is empty, too large, a
    program, or here already; nothing is kept then.
    """
    held = hold_relationship(actor, relationship.pk, Permission.LOG_INTERACTIONS)
    if (first := first_of(actor, idempotency_key, Document, now)) is not None:
        return first
    found = examine(content, most=settings.DOCUMENT_MAX_BYTES)
    document = Document(
        relationship=held,
        name=clean_name(name),
        content_type=type_by_name(clean_name(name)),
        size_bytes=found.size_bytes,
        sha256=found.sha256,
        note=note.strip(),
        confidentiality=confidentiality,
        uploaded_at=now,
        uploaded_by=actor,
    )
    _check(document, found, actor, held)
    wait_for_text(document, now)
    with kept(content, found.sha256) as place:
        document.file.name = place
        document.save(force_insert=True)
        write_version(document, actor, now)
        fulfil(actor, idempotency_key, document)
        tell(document, held, Verb.DOCUMENT_ADDED, actor, now)
    return document


def _check(document: Document, found: Content, actor: User, held: Relationship) -> None:
    """Raises Invalid with all that is wrong."""
    problems = Problems()
    problems.text("note", document.note, most=300)
    problems.choice("confidentiality", document.confidentiality, Confidentiality.values)
    check_file(problems, document, found, actor, held)
    problems.refuse()


def check_file(
    problems: Problems, document: Document, found: Content, actor: User, held: Relationship
) -> None:
    """Adds what is wrong with a file that a document is to have: one reason, the plainest, after the name."""
    words = _why_refused(document, found, actor, held)
    if words:
        problems.add("file", f"{document.name}: {words}" if document.name else words)


def _why_refused(document: Document, found: Content, actor: User, held: Relationship) -> str:
    others = held.documents.visible_to(actor).exclude(pk=document.pk)
    same = others.filter(sha256=found.sha256).select_related("uploaded_by").first()
    if not found.size_bytes:
        return _("The file is empty.")
    if found.size_bytes > settings.DOCUMENT_MAX_BYTES:
        limit = filesizeformat(settings.DOCUMENT_MAX_BYTES)
        return _("The file is too large; at most %(limit)s are taken.") % {"limit": limit}
    if not document.name:
        return _("The file needs a name.")
    refused = why_not_taken(document.name, found.start)
    if refused or same is None:
        return refused
    return _("This very file is here already, as “%(name)s”, added by %(who)s on %(day)s.") % {
        "name": same.name,
        "who": same.uploaded_by.name,
        "day": local_day(same.uploaded_at, held.business_unit).isoformat(),
    }


def write_version(document: Document, actor: User, now: datetime, reason: str = "") -> DocumentVersion:
    """Keeps what the document is now under its number, and has the virus scanner look at it."""
    wait_for_scan(document.sha256, now)
    return DocumentVersion.objects.create(
        document=document,
        number=document.version,
        name=document.name,
        content_type=document.content_type,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
        file=document.file.name,
        reason=reason,
        uploaded_at=now,
        uploaded_by=actor,
    )


@transaction.atomic
def note_reading(*, actor: User, document: Document, now: datetime) -> None:
    """Puts in the security record who fetched a document that not everybody may know of.

    Raises Missing when the actor may not know of it.
    """
    found = visible_document(actor, document.pk)
    if max(found.confidentiality, found.relationship.confidentiality) > Confidentiality.INTERNAL:
        _audit("document_read", found, actor, now)


def open_document(*, actor: User, document: Document, now: datetime) -> "IO[bytes]":
    """The document's content, its reading noted.

    Raises Missing when the actor may not know of it, when it is gone, and while the virus scanner holds it.
    """
    note_reading(actor=actor, document=document, now=now)
    return _content_of(document)


def open_picture(*, actor: User, document: Document, now: datetime) -> "tuple[IO[bytes], str]":
    """The document's content and its media type, told by how it begins. Raises Missing for what is no picture."""
    content = open_document(actor=actor, document=document, now=now)
    kind = picture_type(content.read(16))
    if not kind:
        content.close()
        raise Missing(_("This is no picture that can be shown."))
    content.seek(0)
    return content, kind


def read_text(*, actor: User, document: Document, now: datetime) -> str:
    """What the document says, as far as it is kept for the search, its reading noted; empty where it was not read."""
    if document.text_state != TextState.READ or scan_of(document.sha256).is_held:
        return ""
    note_reading(actor=actor, document=document, now=now)
    told = Document.objects.filter(pk=document.pk).values_list("full_text", flat=True).first() or ""
    return told.removeprefix(document.note).strip()[:PREVIEWED]


def open_version(*, actor: User, document: Document, number: int, now: datetime) -> DocumentVersion:
    """A version of the document, its file open and its reading noted. Raises Missing as `open_document` does."""
    note_reading(actor=actor, document=document, now=now)
    found = DocumentVersion.objects.filter(document=document, number=number).first()
    if found is None:
        raise Missing(_("There is no such version of this document."))
    _content_of(found)
    return found


def _content_of(kept_as: Document | DocumentVersion) -> "IO[bytes]":
    scan = scan_of(kept_as.sha256)
    if scan.is_held:
        raise Missing(scan.words)
    try:
        content: IO[bytes] = kept_as.file.open("rb")
    except FileNotFoundError:
        words = _("The content of this document is not on this machine. Restore it from the backup.")
        raise Missing(words) from None
    return content


@transaction.atomic
def remove_document(*, actor: User, document: Document, now: datetime, reason: str) -> None:
    """Puts a document into the trash, out of everybody's reach, and says why; it can be put back for some weeks.

    Whoever added it may, and who manages the relationship.
    """
    seen = visible_document(actor, document.pk)
    held = hold_relationship(actor, seen.relationship_id, Permission.LOG_INTERACTIONS)
    found = visible_document(actor, document.pk)  # again: somebody else may have removed it meanwhile
    if found.uploaded_by_id != actor.pk:
        require(actor, Permission.MANAGE_RELATIONSHIPS, held)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    found.removed_at, found.removed_by, found.removed_reason = now, actor, words
    found.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    tell(found, held, Verb.DOCUMENT_REMOVED, actor, now, reason=words)
    _audit("document_removed", found, actor, now)


def visible_document(actor: User, document_id: int) -> Document:
    """One that the actor may know of. Raises Missing."""
    rows = Document.objects.visible_to(actor).select_related("relationship")
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise Missing(_("There is no such document."))
    return found


def tell(
    document: Document,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
    **more: int,
) -> None:
    """On the timeline, for those who may know of the document."""
    record_event(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        subject=document,
        reason=reason,
        data={"what": document.name, "size_bytes": document.size_bytes, **more},
        confidentiality=document.confidentiality,
    )


def _audit(verb: str, document: Document, actor: User, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="document",
        subject_id=document.pk,
        data={"relationship": document.relationship_id},
    )
