"""Files of relationships: added, fetched, removed."""

from datetime import datetime
from typing import Any

from django.http import FileResponse
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Confidentiality
from core import keyset
from core.rest import fields
from relationships.api.interactions import seen_relationships
from relationships.api.relationships import Reason
from relationships.enums import TextProblem
from relationships.models import Document, DocumentVersion
from relationships.operations import document_versions, documents
from relationships.operations.trash import restore_document
from relationships.queries.content_scans import TOLD, scan_told
from relationships.queries.trash import trashed

BY_NUMBER = keyset.SortKey("number", int)
BY_REMOVAL = keyset.SortKey("removed_at", datetime.fromisoformat)
BY_UPLOAD = keyset.SortKey("uploaded_at", datetime.fromisoformat)
PLAIN_BYTES = "application/octet-stream"
SCANNED = "What is known of viruses in it; a content that is `held` or `infected` is given to nobody."


class DocumentOut(serializers.ModelSerializer[Document]):
    """A file about a relationship."""

    relationship = fields.Ref()
    confidentiality = fields.Word(Confidentiality)
    uploaded_at = fields.Moment()
    uploaded_by = fields.Ref()
    text_problem = serializers.ChoiceField(choices=["", *TextProblem.values])
    scan = serializers.ChoiceField(choices=TOLD, help_text=SCANNED)

    class Meta:
        model = Document
        fields = [
            "id", "relationship", "name", "content_type", "size_bytes", "sha256", "note", "confidentiality",
            "uploaded_at", "uploaded_by", "version", "text_state", "text_problem", "scan",
        ]  # fmt: skip


class DocumentIn(fields.Body):
    """A further file, with what there is to say of it."""

    file = serializers.FileField(allow_empty_file=True)
    note = fields.Text(most=300, required=False)
    confidentiality = fields.Word(Confidentiality, required=False)


class VersionOut(serializers.ModelSerializer[DocumentVersion]):
    """A content that a document has or had."""

    uploaded_at = fields.Moment()
    uploaded_by = fields.Ref()
    scan = serializers.ChoiceField(choices=TOLD, help_text=SCANNED)

    class Meta:
        model = DocumentVersion
        fields = [
            "id", "number", "name", "content_type", "size_bytes", "sha256", "reason", "uploaded_at", "uploaded_by",
            "scan",
        ]  # fmt: skip


class TrashOut(DocumentOut):
    """A document in the trash: who removed it, when and why, and when its content goes for good."""

    removed_at = fields.Moment()
    removed_by = fields.Ref()
    kept_until = fields.Moment()

    class Meta:
        model = Document
        fields = [*DocumentOut.Meta.fields, "removed_at", "removed_by", "removed_reason", "kept_until"]


class VersionIn(fields.Body):
    """The next content of a document, and why it changed."""

    file = serializers.FileField(allow_empty_file=True)
    reason = fields.Text(most=400, required=False)


def told(viewer: Any) -> Any:
    """Documents with everything that is told of them."""
    rows = Document.objects.visible_to(viewer).select_related("relationship", "uploaded_by")
    return rows.annotate(scan=scan_told())


class Documents(Endpoint):
    """`/relationships/{relationship_id}/documents/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(DocumentOut, asks=fields.Paged)
    def get(self, call: Call, relationship_id: int) -> Rows:
        """The files of a relationship, newest first."""
        relationship = one(seen_relationships(call.viewer), relationship_id)
        return Rows(
            told(call.viewer).filter(relationship=relationship), keyset.Order(BY_UPLOAD, descending=True)
        )


class Uploads(Endpoint):
    """`/relationships/{relationship_id}/documents/uploads/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"
    parser_classes = [MultiPartParser]

    @creates(DocumentOut, says=DocumentIn)
    def post(self, call: Call, relationship_id: int) -> Document:
        """Keep a file with a relationship."""
        relationship, said = one(seen_relationships(call.viewer), relationship_id), dict(call.said)
        file = said.pop("file")
        kept = documents.add_document(
            actor=call.viewer,
            relationship=relationship,
            name=file.name,
            content=file,
            now=call.now,
            **said,
        )
        return one(told(call.viewer), kept.pk)


class OneDocument(Endpoint):
    """`/documents/{document_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(DocumentOut)
    def get(self, call: Call, document_id: int) -> Document:
        """What is known of one file."""
        return one(told(call.viewer), document_id)


class Content(Endpoint):
    """`/documents/{document_id}/content/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(is_file=True)
    def get(self, call: Call, document_id: int) -> FileResponse:
        """The file itself, as plain bytes."""
        document = one(told(call.viewer), document_id)
        content = documents.open_document(actor=call.viewer, document=document, now=call.now)
        return FileResponse(content, as_attachment=True, filename=document.name, content_type=PLAIN_BYTES)


class Versions(Endpoint):
    """`/documents/{document_id}/versions/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(VersionOut, asks=fields.Paged)
    def get(self, call: Call, document_id: int) -> Rows:
        """Every content that a document has had, newest first."""
        rows = one(told(call.viewer), document_id).versions.select_related("uploaded_by")
        return Rows(rows.annotate(scan=scan_told()), keyset.Order(BY_NUMBER, descending=True))


class VersionUploads(Endpoint):
    """`/documents/{document_id}/versions/uploads/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"
    parser_classes = [MultiPartParser]

    @creates(DocumentOut, says=VersionIn)
    def post(self, call: Call, document_id: int) -> Document:
        """Give a document its next content and keep the earlier ones; what it is already changes nothing."""
        found, said = one(told(call.viewer), document_id), dict(call.said)
        file = said.pop("file")
        given = {"name": file.name, "content": file, "now": call.now, **said}
        kept = document_versions.add_version(actor=call.viewer, document=found, **given)
        return one(told(call.viewer), kept.pk)


class VersionContent(Endpoint):
    """`/documents/{document_id}/versions/{number}/content/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(is_file=True)
    def get(self, call: Call, document_id: int, number: int) -> FileResponse:
        """A document's file as it was in one version, as plain bytes."""
        document = one(told(call.viewer), document_id)
        version = documents.open_version(actor=call.viewer, document=document, number=number, now=call.now)
        return FileResponse(version.file, as_attachment=True, filename=version.name, content_type=PLAIN_BYTES)


class Removal(Endpoint):
    """`/documents/{document_id}/removal/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @acts(None, says=Reason)
    def post(self, call: Call, document_id: int) -> None:
        """Take a file out of everybody's reach, with the reason."""
        found = one(told(call.viewer), document_id)
        documents.remove_document(actor=call.viewer, document=found, now=call.now, **call.said)


class Trash(Endpoint):
    """`/trash/documents/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @reads(TrashOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Documents that were removed and can be put back, the latest first."""
        rows = trashed(call.viewer).annotate(scan=scan_told())
        return Rows(rows, keyset.Order(BY_REMOVAL, descending=True))


class Restoration(Endpoint):
    """`/documents/{document_id}/restoration/`"""

    area, tag = Area.RELATIONSHIPS, "Documents"

    @acts(DocumentOut, says=fields.Body)
    def post(self, call: Call, document_id: int) -> Document:
        """Put a document back from the trash."""
        found = one(trashed(call.viewer), document_id)
        restore_document(actor=call.viewer, document=found, now=call.now)
        return one(told(call.viewer), found.pk)
